"""Paints a body from far to near: which member lies before which, in what tone, with what outline."""

from dataclasses import dataclass, replace

from kneeclinic.figures.body import Body
from kneeclinic.figures.camera import Camera, Disc, Point, hull, outline
from kneeclinic.figures.flesh import Mass, Member, members, seams
from kneeclinic.figures.ink import (
    FAR_FILLS,
    FAR_OUTLINE_CM,
    FILLS,
    GHOST_EDGE,
    GHOST_FILL,
    HAIR,
    INK,
    OUTLINE_CM,
    PALE_TONES,
    PAPER,
    TREATED_OUTLINE_CM,
    Shape,
    stroke_first,
)  # fmt: skip
from kneeclinic.figures.vectors import Vector, angle_between, circle_in_space, dot, subtract, turn, unit

_STRIPE_FROM, _STRIPE_TO = 0.2, 0.225  # metres down the thigh
_LIMB_AHEAD = 0.0095  # of the line between its joints: where the middle of a thigh is
_RAISED_FROM_DEG = 55
WORN_ON_LEGS = ("loop band", "cuff")
_FAR_DEPTH = 0.06  # metres behind the middle of the body from which a limb is painted in the far tone


@dataclass(frozen=True)
class Layer:
    """Something with a place in depth: the balls that stand for it, and the shapes that paint it."""

    name: str
    discs: tuple[Disc, ...]
    shapes: tuple[Shape, ...]


def seen(body: Body, camera: Camera, masses: tuple[Mass, ...]) -> list[Disc]:
    """The balls of a body as the camera sees them."""
    frames, (rx, ry, rz), (ux, uy, uz), (ex, ey, ez) = body.frames, camera.right, camera.up, camera.towards_eye
    discs = []
    for mass in masses:
        (ox, oy, oz), axes = frames[mass.part]
        x, y, z = turn(axes, mass.centre)
        x, y, z = x + ox, y + oy, z + oz
        discs.append(Disc((rx * x + ry * y + rz * z) * 100, (ux * x + uy * y + uz * z) * 100, (ex * x + ey * y + ez * z) * 100, mass.radius * 100))
    return discs


def ghost(body: Body, camera: Camera, shoes: bool = True) -> list[Shape]:
    """A body as one pale silhouette with a broken outline."""
    outlines = [outline(seen(body, camera, piece.masses)) for member in members(shoes) for piece in member.pieces]
    edges = [Shape("ghost", line, None, GHOST_EDGE, OUTLINE_CM * 1.5) for line in outlines]
    return edges + [Shape("ghost", line, GHOST_FILL) for line in outlines]


def pale(body: Body, camera: Camera, shoes: bool = True) -> list[Shape]:
    """A body in pale tones with all its members, for a start pose that stands beside the end pose."""
    tones = PALE_TONES
    return [
        replace(shape, role="ghost", fill=tones.get(shape.fill, GHOST_FILL) if shape.fill else None, stroke=GHOST_EDGE if shape.stroke else None)
        for shape in solid(body, camera, None, shoes)
    ]


def solid(body: Body, camera: Camera, treated: str | None, shoes: bool = True, extra: tuple[Layer, ...] = ()) -> list[Shape]:
    """A body with clothes and face, members and whatever else lies among them from far to near."""
    far = _far_limbs(body, camera)
    layers = [_painted(member, body, camera, treated, far) for member in members(shoes)] + list(extra)
    hanging = _hanging_thighs(body)
    order = _far_to_near(layers, hanging)
    patches = _patches(body, camera, order, far, hanging)
    if treated is not None:
        thigh = f"thigh_{treated}"
        last = [layer.name for layer in order if layer.name == thigh or (layer.name == "trunk" and thigh in hanging)][-1]
        patches.setdefault(last, []).append(_treated_mark(body, camera, thigh))
    shapes: list[Shape] = []
    for layer in order:
        shapes += layer.shapes
        shapes += patches.get(layer.name, [])
    return shapes


def _far_limbs(body: Body, camera: Camera) -> set[str]:
    middle = camera.depth(body.point("pelvis"))
    sides = {side: camera.depth(body.point(f"hip_{side}")) - middle for side in ("right", "left")}
    legs = {f"{part}_{side}" for side, depth in sides.items() if depth < -_FAR_DEPTH for part in ("thigh", "shank", "foot")}
    chest = camera.depth(body.on_part("chest", (0.0, 0.0, 0.2)))
    arms = {side for side in sides if camera.depth(body.point(f"shoulder_{side}")) - chest < -_FAR_DEPTH}
    return legs | {f"{part}_{side}" for side in arms for part in ("upper_arm", "forearm")}


def _hanging_thighs(body: Body) -> set[str]:
    """Thighs that run on from the trunk: there the shirt hangs over the shorts; a raised thigh lies over the shirt."""
    downwards = turn(body.axes("pelvis"), (0.0, 0.0, -1.0))
    thighs = {f"thigh_{side}" for side in ("right", "left")}
    return {thigh for thigh in thighs if angle_between(turn(body.axes(thigh), (0.0, 0.0, -1.0)), downwards) < _RAISED_FROM_DEG}


def _tone(name: str, far: set[str]) -> dict[str, str]:
    return FAR_FILLS if name in far else FILLS


def _outline_width(member: Member, treated: str | None, far: set[str]) -> float:
    if member.side == treated and member.name.partition("_")[0] in ("thigh", "shank", "foot"):
        return TREATED_OUTLINE_CM
    return FAR_OUTLINE_CM if member.name in far else OUTLINE_CM


def _painted(member: Member, body: Body, camera: Camera, treated: str | None, far: set[str]) -> Layer:
    tone, width = _tone(member.name, far), _outline_width(member, treated, far)
    shapes: list[Shape] = []
    discs: list[Disc] = []
    outlines: list[tuple[Point, ...]] = []
    for index, piece in enumerate(member.pieces):
        piece_discs = seen(body, camera, piece.masses)
        discs += piece_discs
        outlines.append(outline(piece_discs))
        following = member.pieces[index + 1] if index + 1 < len(member.pieces) else None
        if following is None or following.material != piece.material:
            shapes += stroke_first(f"body:{member.name}", outlines, tone[piece.material], INK, width)
            outlines = []
    if member.name == "head":
        shapes += _face(body, camera)
    return Layer(member.name, tuple(discs), tuple(shapes))


def _treated_mark(body: Body, camera: Camera, thigh: str) -> Shape:
    """A pale stripe round the hem of the treated thigh's shorts, so that the side shows on a photocopy too."""
    return Shape(f"body:{thigh}", band_round(body, camera, thigh, (_STRIPE_FROM, 0.0805), (_STRIPE_TO, 0.0785)), PAPER, INK, OUTLINE_CM * 0.7)


def band_round(body: Body, camera: Camera, part: str, first: tuple[float, float], second: tuple[float, float]) -> tuple[Point, ...]:
    """The side that shows of a band round a limb, between two rings given by their distance down the limb and their radius."""
    axis = turn(body.axes(part), (0.0, 0.0, 1.0))
    edges = []
    for down, radius in (first, second):
        middle = body.on_part(part, (_LIMB_AHEAD, 0.0, -down))
        ring = circle_in_space(middle, axis, radius, 48)
        shows = [dot(subtract(place, middle), camera.towards_eye) >= 0 for place in ring]
        begin = next(i for i in range(48) if shows[i] and not shows[i - 1])
        edges.append([camera.on_paper(ring[(begin + i) % 48]) for i in range(sum(shows))])
    return (*edges[0], *reversed(edges[1]))


def _face(body: Body, camera: Camera) -> list[Shape]:
    axes = body.axes("head")
    shapes = []
    hairline = _hair(body, camera)
    if len(hairline) > 2:
        shapes.append(Shape("body:head", hairline, HAIR, INK, OUTLINE_CM * 0.8))
    for out in (-1.0, 1.0):
        ear = Mass("head", (-0.004, 0.084 * out, 0.062), 0.019)
        if dot(turn(axes, (0.0, out, 0.0)), camera.towards_eye) > 0.25:
            shapes.append(
                Shape(
                    "body:head",
                    outline(seen(body, camera, (ear, Mass("head", (0.0, 0.082 * out, 0.05), 0.013)))),
                    FILLS["skin"],
                    INK,
                    OUTLINE_CM * 0.7,
                )
            )
        gaze = turn(axes, unit((0.8, 0.55 * out, 0.05)))
        if dot(gaze, camera.towards_eye) > 0.28:
            eye = seen(body, camera, (Mass("head", (0.088, 0.036 * out, 0.078), 0.0085), Mass("head", (0.088, 0.036 * out, 0.072), 0.0085)))
            shapes.append(Shape("body:head", outline(eye), INK))
    return shapes


def _hair(body: Body, camera: Camera) -> tuple[Point, ...]:
    """The cap of hair: the part of the skull behind and above a slanted hair line that the camera sees."""
    axes = body.axes("head")
    crown = turn(axes, unit((-0.62, 0.0, 0.78)))
    eye = camera.towards_eye
    middle = Mass("head", (0.003, 0.0, 0.09), 0.092)
    centre = seen(body, camera, (middle,))[0]
    limit = -0.05
    rim: list[Point] = []
    for direction in _hair_directions(crown, eye, limit):
        if dot(direction, crown) >= limit - 1e-6 and dot(direction, eye) >= -1e-6:
            rim.append((centre.x + dot(direction, camera.right) * centre.radius, centre.y + dot(direction, camera.up) * centre.radius))
    return hull(rim)


def _hair_directions(crown: Vector, eye: Vector, limit: float) -> list[Vector]:
    """Directions round the silhouette of the skull and round the hair line."""
    silhouette = circle_in_space((0.0, 0.0, 0.0), eye, 1.0, 48)
    hairline = circle_in_space((crown[0] * limit, crown[1] * limit, crown[2] * limit), crown, (1 - limit * limit) ** 0.5, 48)
    return silhouette + hairline


def _patches(body: Body, camera: Camera, order: list[Layer], far: set[str], hanging: set[str]) -> dict[str, list[Shape]]:
    """Fills that hide the outline between two members of one material, each under the name of the later of the two."""
    rank = {layer.name: i for i, layer in enumerate(order)}
    patches: dict[str, list[Shape]] = {}
    for seam in seams():
        wanted = {
            "every limb": True,
            "near limbs": seam.first not in far,
            "hanging thighs": seam.first not in far and seam.first in hanging,
            "raised thighs": seam.first not in far and seam.first not in hanging,
        }
        if not wanted[seam.on]:
            continue
        later = max(seam.first, seam.second, key=rank.__getitem__)
        tone = _tone(seam.first, far)
        shrunk = [Disc(d.x, d.y, d.depth, d.radius - OUTLINE_CM / 2) for d in seen(body, camera, seam.masses)]
        patches.setdefault(later, []).append(Shape(f"body:{later}", outline(shrunk), tone[seam.material]))
    return patches


def _far_to_near(layers: list[Layer], hanging: set[str]) -> list[Layer]:
    """Layers such that one that covers another comes after it; where that is a circle, a hanging thigh or else the deepest first.

    What is known to lie on top comes after what it lies on.
    """
    covers: dict[int, set[int]] = {i: set() for i in range(len(layers))}
    boxes = [
        (
            min(d.x - d.radius for d in la.discs),
            max(d.x + d.radius for d in la.discs),
            min(d.y - d.radius for d in la.discs),
            max(d.y + d.radius for d in la.discs),
        )
        for la in layers
    ]
    for i, first in enumerate(layers):
        for j in range(i + 1, len(layers)):
            a, b = boxes[i], boxes[j]
            if a[0] > b[1] or b[0] > a[1] or a[2] > b[3] or b[2] > a[3]:
                continue
            nearer = _always_nearer(first.name, layers[j].name, hanging) or _how_much_nearer(first.discs, layers[j].discs)
            if nearer > 0:
                covers[i].add(j)
            elif nearer < 0:
                covers[j].add(i)
    depth = [sum(d.depth for d in layer.discs) / len(layer.discs) for layer in layers]
    left, order = set(range(len(layers))), []
    while left:
        free = [i for i in left if not covers[i] & left]
        free = free or [i for i in left if layers[i].name in hanging] or list(left)
        chosen = min(free, key=depth.__getitem__)
        left.discard(chosen)
        order.append(layers[chosen])
    return order


def _always_nearer(first: str, second: str, hanging: set[str]) -> float:
    """1 or -1 where what lies on top is known without looking: the shirt over a hanging thigh, a band over the legs it goes round."""
    for above, below, answer in ((first, second, 1.0), (second, first, -1.0)):
        if above == "trunk" and below in hanging:
            return answer
        if above in WORN_ON_LEGS and below.startswith(("thigh", "shank")):
            return answer
    return 0.0


def _how_much_nearer(first: tuple[Disc, ...], second: tuple[Disc, ...]) -> float:
    """How far the first lies before the second where their balls overlap on paper; 0 where they do not."""
    total = 0.0
    for a in first:
        for b in second:
            reach = a.radius + b.radius
            apart = (a.x - b.x) ** 2 + (a.y - b.y) ** 2
            if apart < reach * reach:
                total += (a.depth + a.radius * 0.3 - b.depth - b.radius * 0.3) * (1 - (apart**0.5) / reach)
    return total
