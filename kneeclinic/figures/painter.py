"""Paints a body from far to near: which member lies before which, in what tone, with what outline."""

from dataclasses import dataclass, replace

from kneeclinic.figures.body import Body
from kneeclinic.figures.camera import Camera, Disc, Point, hull, outline
from kneeclinic.figures.face import face
from kneeclinic.figures.flesh import COLLAR, members, out_of_hem, seams
from kneeclinic.figures.ink import (
    FAR_FILLS,
    FAR_OUTLINE_CM,
    FILLS,
    GHOST_EDGE,
    GHOST_FILL,
    INK,
    OUTLINE_CM,
    PALE_TONES,
    PAPER,
    TREATED_OUTLINE_CM,
    Shape,
    stroke_first,
)  # fmt: skip
from kneeclinic.figures.muscles import felt
from kneeclinic.figures.pieces import Member, Piece
from kneeclinic.figures.projection import line_in_sight, outline_of, rim_on_paper, seen
from kneeclinic.figures.vectors import Vector, angle_between, circle_in_space, dot, subtract, turn

_STRIPE_FROM, _STRIPE_TO = 0.2, 0.225  # metres down the thigh
_LIMB_AHEAD = 0.0095  # of the line between its joints: where the middle of a thigh is
_RAISED_FROM_DEG = 55
WORN_ON_LEGS = ("loop band", "cuff")
_OUT_OF_THE_HEM = 0.3
_ONTO_THE_SOLE, _INTO_THE_COLLAR = -0.06, -0.25  # how the camera must look to see a sole from below, a collar from above
_FAR_DEPTH = 0.06  # metres behind the middle of the body from which a limb is painted in the far tone


@dataclass(frozen=True)
class Layer:
    """Something with a place in depth: the balls that stand for it, and the shapes that paint it."""

    name: str
    discs: tuple[Disc, ...]
    shapes: tuple[Shape, ...]


def ghost(body: Body, camera: Camera, shoes: bool = True, fists: frozenset[str] = frozenset()) -> list[Shape]:
    """A body as one pale silhouette with a broken outline."""
    outlines = [outline_of(body, camera, piece) for member in members(shoes, fists) for piece in member.pieces]
    edges = [Shape("ghost", line, None, GHOST_EDGE, OUTLINE_CM * 1.5) for line in outlines]
    return edges + [Shape("ghost", line, GHOST_FILL) for line in outlines]


def pale(shapes: list[Shape]) -> list[Shape]:
    """A body and its things in pale tones, for a start pose that stands beside the end pose."""
    return [
        replace(
            shape,
            role="ghost",
            fill=PALE_TONES.get(shape.fill, GHOST_FILL) if shape.fill else None,
            stroke=(GHOST_EDGE if shape.stroke == INK else PALE_TONES.get(shape.stroke, GHOST_FILL)) if shape.stroke else None,
        )
        for shape in shapes
    ]


def solid(
    body: Body,
    camera: Camera,
    treated: str | None,
    shoes: bool = True,
    extra: tuple[Layer, ...] = (),
    fists: frozenset[str] = frozenset(),
    feels: tuple[str, ...] = (),
) -> list[Shape]:
    """A body with clothes and face, members and whatever else lies among them from far to near."""
    far = _far_limbs(body, camera)
    layers = [_painted(member, body, camera, treated, far) for member in members(shoes, fists)] + list(extra)
    hanging = _hanging_thighs(body)
    collar_shows = _seen_from_above(body, camera)
    order = _far_to_near(layers, hanging, collar_shows)
    patches = _patches(body, camera, order, far, hanging, treated)
    for muscle in feels:
        last, marks = felt(body, camera, muscle, hanging)
        patches.setdefault(last, []).extend(marks)
    if treated is not None:
        thigh = f"thigh_{treated}"
        patches.setdefault(thigh, []).append(_treated_mark(body, camera, thigh))
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


def _outline_width(name: str, treated: str | None, far: set[str]) -> float:
    part, _, side = name.rpartition("_")
    if treated is not None and side == treated and part in ("thigh", "shank", "foot"):
        return TREATED_OUTLINE_CM
    return FAR_OUTLINE_CM if name in far else OUTLINE_CM


def _painted(member: Member, body: Body, camera: Camera, treated: str | None, far: set[str]) -> Layer:
    tone, width = _tone(member.name, far), _outline_width(member.name, treated, far)
    role = f"body:{member.name}"
    shapes: list[Shape] = []
    outlines: list[tuple[Point, ...]] = []
    pieces = _in_order(member, body, camera)
    for index, piece in enumerate(pieces):
        outlines.append(outline_of(body, camera, piece))
        following = pieces[index + 1] if index + 1 < len(pieces) else None
        if following is None or following.material != piece.material:
            shapes += stroke_first(role, outlines, tone[piece.material], INK, width)
            outlines = []
    if member.name == "head":
        shapes += face(body, camera)
    elif member.name == "neck" and _seen_from_above(body, camera):
        collar = hull(rim_on_paper(body, camera, COLLAR))
        skin = tone["skin"]
        shapes = [Shape(role, collar, skin, INK, width * 0.9), *shapes, Shape(role, collar, skin)]
    elif member.name.startswith("shank") and member.name not in far:
        shapes += _kneecap(role, body, camera, member.name)
    return Layer(member.name, tuple(seen(body, camera, member.masses)), tuple(shapes))


def _in_order(member: Member, body: Body, camera: Camera) -> tuple[Piece, ...]:
    """The pieces of a member; the sole of a shoe last where the camera looks onto it, a limb over its hem where it comes towards the eye."""
    if member.name.startswith(("thigh", "upper_arm")):
        towards = -dot(turn(body.axes(member.name), (0.0, 0.0, 1.0)), camera.towards_eye)
        return tuple(out_of_hem(piece) for piece in member.pieces[::-1]) if towards > _OUT_OF_THE_HEM else member.pieces
    if not member.name.startswith("foot"):
        return member.pieces

    def shows_its_sole(piece: Piece) -> bool:
        up = turn(body.axes(piece.masses[0].part), (0.0, 0.0, 1.0))
        return piece.material == "sole" and dot(up, camera.towards_eye) < _ONTO_THE_SOLE

    return tuple(sorted(member.pieces, key=shows_its_sole))


def _seen_from_above(body: Body, camera: Camera) -> bool:
    return dot(turn(body.axes("chest"), (0.0, 0.0, 1.0)), camera.towards_eye) > _INTO_THE_COLLAR


_KNEECAP: tuple[Vector, ...] = (
    (0.036, -0.03, 0.012),
    (0.046, -0.022, -0.016),
    (0.05, -0.008, -0.03),
    (0.05, 0.008, -0.03),
    (0.046, 0.022, -0.016),
    (0.036, 0.03, 0.012),
)


def _kneecap(role: str, body: Body, camera: Camera, shank: str) -> list[Shape]:
    """The lower edge of the kneecap, where the camera sees it."""
    return line_in_sight(role, body, camera, shank, _KNEECAP, lambda p: (0.5, p[1] * 20, 0.0), OUTLINE_CM * 0.7)


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


def _patches(body: Body, camera: Camera, order: list[Layer], far: set[str], hanging: set[str], treated: str | None) -> dict[str, list[Shape]]:
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
        half_line = _outline_width(seam.first, treated, far) / 2
        shrunk = [Disc(d.x, d.y, d.depth, d.radius - half_line * 1.2) for d in seen(body, camera, seam.masses)]
        patches.setdefault(later, []).append(Shape(f"body:{later}", outline(shrunk), tone[seam.material]))
    return patches


def _far_to_near(layers: list[Layer], hanging: set[str], collar_shows: bool) -> list[Layer]:
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
            nearer = _always_nearer(first.name, layers[j].name, hanging, collar_shows) or _how_much_nearer(first.discs, layers[j].discs)
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
    return _neck_in_place(order, collar_shows)


def _neck_in_place(order: list[Layer], collar_shows: bool) -> list[Layer]:
    """Whatever a circle of layers made of it: the neck comes out of the collar or goes into it, and never lies over the face."""
    names = [layer.name for layer in order]
    first, last = ("trunk", "neck") if collar_shows else ("neck", "trunk")
    _put_after(order, names, last, first)
    _put_after(order, names, "head", "neck")
    return order


def _put_after(order: list[Layer], names: list[str], later: str, earlier: str) -> None:
    if names.index(later) < names.index(earlier):
        at = names.index(later)
        layer = order.pop(at)
        names.pop(at)
        at = names.index(earlier) + 1
        order.insert(at, layer)
        names.insert(at, later)


def _always_nearer(first: str, second: str, hanging: set[str], collar_shows: bool) -> float:
    """1 or -1 where what lies on top is known without looking: the shirt over a hanging thigh, a band over the legs it goes round."""
    for above, below, answer in ((first, second, 1.0), (second, first, -1.0)):
        if above == "trunk" and below in hanging:
            return answer
        if (above, below) in (("head", "neck"), ("neck", "trunk") if collar_shows else ("trunk", "neck")):
            return answer
        if collar_shows and (above, below) == ("head", "trunk"):
            return answer
        if above == "belt" and below == "trunk":
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
