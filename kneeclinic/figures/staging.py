"""Sets the stage of an exercise: which thing goes behind the body, among its limbs, or in front."""

from collections.abc import Callable
from dataclasses import dataclass, field

from kneeclinic.figures import machines, props
from kneeclinic.figures.body import SIDES, Body
from kneeclinic.figures.camera import Camera, Disc, hull
from kneeclinic.figures.ink import BAND, FLOOR_EDGE, INK, OUTLINE_CM, PAPER, Shape
from kneeclinic.figures.painter import Layer, band_round
from kneeclinic.figures.pieces import Rim
from kneeclinic.figures.projection import rim_on_paper
from kneeclinic.figures.vectors import Vector, about_z, add, dot, scale, turn
from kneeclinic.knowledge.poses import ExercisePose, Prop


@dataclass
class Stage:
    """Shapes behind the body, layers among its limbs, shapes in front; filled while it is set, then only read."""

    back: list[Shape] = field(default_factory=list)
    among: list[Layer] = field(default_factory=list)
    front: list[Shape] = field(default_factory=list)


_ONE_FOR_BOTH = ("metronome", "hill", "water", "line")  # things that stand once where start and end are shown side by side


def stage_for(exercise: ExercisePose, body: Body, camera: Camera, *, copy: bool = False) -> Stage:
    """The things round one body; a `copy` is what stands beside the scene a second time."""
    stage = Stage()
    for prop in exercise.props:
        if not (copy and prop.kind in _ONE_FOR_BOTH):
            _PUT[prop.kind](prop, body, camera, stage)
    return stage


def floor_for(exercise: ExercisePose, bodies: tuple[Body, ...], camera: Camera, beside_it: float) -> list[Shape]:
    return props.floor(exercise.floor, camera, _extent(exercise, bodies, camera, beside_it))


def gripping(exercise: ExercisePose) -> frozenset[str]:
    """The sides whose hand is closed: round something, or loosely as a runner's."""
    if exercise.position in ("running", "walking"):
        return frozenset(SIDES)
    sides: set[str] = set()
    for prop in exercise.props:
        if prop.kind in ("dumbbells", "bike", "barbell"):
            sides.update(prop.on if prop.on and prop.kind == "dumbbells" else SIDES)
        if prop.kind == "strap":
            sides.update(point.rpartition("_")[2] for point in prop.on if point.startswith("palm"))
    return frozenset(sides)


def _extent(exercise: ExercisePose, bodies: tuple[Body, ...], camera: Camera, beside_it: float) -> tuple[float, float, float, float]:
    places = [body.point(name) for body in bodies for name in _EXTREMES]
    lying = exercise.floor == "mat"
    xs, ys = [p[0] for p in places], [p[1] for p in places]
    for prop in exercise.props:
        if prop.kind in ("wall", "box", "step", "bench", "chair", "board", "treadmill"):
            for shift in {0.0, beside_it}:
                dx, dy, _ = scale(camera.right, shift)
                xs += [prop.at[0] - prop.size[0] / 2 + dx, prop.at[0] + prop.size[0] / 2 + dx]
                ys += [prop.at[1] + dy] if shift else []
        if prop.kind == "line":
            half = props.turn(props.about_z(prop.turn), (prop.size[0] / 2, 0.0, 0.0))
            xs += [prop.at[0] - half[0], prop.at[0] + half[0]]
            ys += [prop.at[1] - half[1], prop.at[1] + half[1]]
    margin = 0.02 if lying else 0.12
    return (min(xs) - margin, max(xs) + margin, min(*ys, -0.15) - (0 if lying else 0.1), max(*ys, 0.15) + (0 if lying else 0.1))


_EXTREMES = ("head", "pelvis", *(f"{point}_{side}" for side in SIDES for point in ("toe", "heel", "knee", "palm", "elbow", "shoulder")))


def _put_block(tones: tuple[str, str]) -> Callable[[Prop, Body, Camera, Stage], None]:
    def put(prop: Prop, body: Body, camera: Camera, stage: Stage) -> None:
        shapes = props.block(camera, prop.at, prop.size, turned=prop.turn, tilted=prop.tilt, tones=tones)
        (stage.front if prop.layer == "front" else stage.back).extend(shapes)

    return put


def _put_board(prop: Prop, body: Body, camera: Camera, stage: Stage) -> None:
    """A wedge that falls forward from the height of `size` to almost nothing."""
    stage.back += props.wedge(camera, prop.at, prop.size)


def _put_bench(prop: Prop, body: Body, camera: Camera, stage: Stage) -> None:
    """A padded top on two legs; size is length, width, height."""
    x, y, z = prop.at
    long, wide, high = prop.size
    corners = [(x + sx * (long / 2 - 0.05), y + sy * (wide / 2 - 0.06), z) for sx in (-1, 1) for sy in (-1, 1)]
    for corner in sorted(corners, key=camera.depth):
        stage.back += props.block(camera, corner, (0.05, 0.05, high - 0.07))
    stage.back += props.block(camera, (x, y, z + high - 0.08), (long, wide, 0.08), tones=("#c9d3d8", "#aab8c0"))


def _put_wall(prop: Prop, body: Body, camera: Camera, stage: Stage) -> None:
    stage.back += props.wall(prop, camera)


def _put_chair(prop: Prop, body: Body, camera: Camera, stage: Stage) -> None:
    stage.back += props.chair(prop, camera)


def _put_ball(prop: Prop, body: Body, camera: Camera, stage: Stage) -> None:
    radius = prop.size[0] / 2
    place = add(_place(prop, body), (0.0, 0.0, 0.0))
    x, y = camera.on_paper(place)
    disc = Disc(x, y, camera.depth(place) * 100, radius * 100)
    shine = Disc(x - radius * 30, y + radius * 35, 0, radius * 22)
    shapes = (Shape("prop", tuple(disc.rim()), "#c7d64f", INK, OUTLINE_CM), Shape("prop", tuple(shine.rim()), PAPER))
    if prop.layer == "front":
        stage.front += shapes
    elif prop.layer == "back":
        stage.back += shapes
    else:
        stage.among.append(Layer("ball", (disc,), shapes))


def _place(prop: Prop, body: Body) -> Vector:
    return add(body.point(prop.on[0]), prop.at) if prop.on else prop.at


def _put_roller(prop: Prop, body: Body, camera: Camera, stage: Stage) -> None:
    """A roller or rolled towel: size is thickness, width; its axis runs across, or along x where it is turned by 90."""
    half = prop.size[1] / 2
    along = turn(about_z(prop.turn), (0.0, half, 0.0))
    place = _place(prop, body)
    tone = "#7f9aa8" if prop.kind == "roller" else "#8fc1c4"
    layer = props.cylinder(camera, add(place, scale(along, -1)), add(place, along), prop.size[0] / 2, tone, prop.kind)
    if prop.layer == "body":
        stage.among.append(layer)
    else:
        (stage.front if prop.layer == "front" else stage.back).extend(layer.shapes)


_THROUGH_THE_LOOP = 0.35
_LOOP_AT = {"thigh": (0.285, 0.325, 0.0735), "shank": (0.33, 0.385, 0.047), "foot": (0.0, 0.0, 0.0)}


def _put_loop_band(prop: Prop, body: Body, camera: Camera, stage: Stage) -> None:
    """A loop round both thighs (or, `on = ["shank"]`, both shanks)."""
    part = prop.on[0] if prop.on else "thigh"
    low, high, radius = _LOOP_AT[part]
    rims = [props.cuff(body, camera, f"{part}_{side}", low, high, radius) for side in SIDES]
    discs = tuple(props.cuff_disc(body, camera, f"{part}_{side}", (low + high) / 2, radius) for side in SIDES)
    shapes = [Shape("prop", hull(rims[0] + rims[1]), BAND, INK, OUTLINE_CM)]
    towards = min(abs(dot(turn(body.axes(f"{part}_{side}"), (0.0, 0.0, 1.0)), camera.towards_eye)) for side in SIDES)
    if towards > _THROUGH_THE_LOOP:  # one looks through it: a ring round both legs, not a sheet over them
        middle = (low + high) / 2
        ring = hull([p for side in SIDES for p in props.cuff(body, camera, f"{part}_{side}", middle, middle, radius)])
        wide = (high - low) * 50
        shapes = [Shape("prop", ring, None, INK, wide + 2 * OUTLINE_CM), Shape("prop", ring, None, BAND, wide)]
    stage.among.append(Layer("loop band", discs, tuple(shapes)))


def _put_cuff(prop: Prop, body: Body, camera: Camera, stage: Stage) -> None:
    """A cuff high on the treated thigh, or round the ankle."""
    part = prop.on[0] if prop.on else "thigh_right"
    low, high, radius = (0.09, 0.15, 0.09) if part.startswith("thigh") else (0.35, 0.385, 0.045)
    band = band_round(body, camera, part, (low, radius), (high, radius))
    disc = props.cuff_disc(body, camera, part, (low + high) / 2, radius)
    stage.among.append(Layer("cuff", (disc,), (Shape("prop", band, BAND, INK, OUTLINE_CM),)))


def _put_weight(prop: Prop, body: Body, camera: Camera, stage: Stage) -> None:
    """A sand weight strapped round the ankle."""
    part = prop.on[0] if prop.on else "shank_right"
    low, high, radius = 0.275, 0.375, 0.052
    shapes = [Shape("prop", band_round(body, camera, part, (low, radius), (high, radius)), "#6b7280", INK, OUTLINE_CM)]
    shapes += [Shape("prop", band_round(body, camera, part, (at, radius), (at + 0.012, radius)), "#d9dde2") for at in (0.3, 0.34)]
    stage.among.append(Layer("cuff", (props.cuff_disc(body, camera, part, (low + high) / 2, radius),), tuple(shapes)))


def _put_belt(prop: Prop, body: Body, camera: Camera, stage: Stage) -> None:
    """A float belt round the waist."""
    rims = [rim_on_paper(body, camera, Rim("pelvis", (0.0, 0.0, height), 0.1, 0.16)) for height in (0.075, 0.175)]
    disc = Disc(*camera.on_paper(body.on_part("pelvis", (0.0, 0.0, 0.12))), camera.depth(body.on_part("pelvis", (0.0, 0.0, 0.12))) * 100 + 2, 10.0)
    stage.among.append(Layer("belt", (disc,), (Shape("prop", hull(rims[0] + rims[1]), BAND, INK, OUTLINE_CM),)))


def _put_gauge(prop: Prop, body: Body, camera: Camera, stage: Stage) -> None:
    """A pressure gauge with its tube, `at` from the point it belongs to."""
    stage.front += props.gauge(camera.on_paper(body.point(prop.on[0])), camera.on_paper(_place(prop, body)))


def _put_strap(prop: Prop, body: Body, camera: Camera, stage: Stage) -> None:
    layer = props.strap_layer(camera, tuple(body.point(name) for name in prop.on) + ((prop.to,) if prop.to else ()))
    if prop.layer == "front":
        stage.front += layer.shapes
    elif prop.layer == "back":
        stage.back += layer.shapes
    else:
        stage.among.append(layer)


def _put_band(prop: Prop, body: Body, camera: Camera, stage: Stage) -> None:
    """A band from a limb to something that does not move: a post at `to`."""
    far_end = prop.to or prop.at
    stage.back += props.block(camera, (far_end[0], far_end[1], 0.0), (0.2, 0.2, 0.03))
    stage.back += props.block(camera, (far_end[0], far_end[1], 0.03), (0.05, 0.05, max(far_end[2] + 0.12, 0.55)))
    places = (body.point(prop.on[0]), far_end)
    discs = tuple(Disc(*camera.on_paper(p), camera.depth(p) * 100 + 2, 2.0) for p in places)
    loop = band_round(body, camera, f"shank_{prop.on[0].rpartition('_')[2]}", (0.345, 0.042), (0.375, 0.042)) if "ankle" in prop.on[0] else ()
    shapes = (*props.rod(camera, places, 0.022, BAND), *((Shape("prop", loop, BAND, INK, OUTLINE_CM),) if loop else ()))
    stage.among.append(Layer("band", discs, shapes))


def _put_dumbbells(prop: Prop, body: Body, camera: Camera, stage: Stage) -> None:
    for side in prop.on or SIDES:
        stage.among.append(props.dumbbell(body, camera, side, (1.0, 0.0, 0.0)))


def _put_barbell(prop: Prop, body: Body, camera: Camera, stage: Stage) -> None:
    """A bar across the body at a point, plates on both ends."""
    middle = _place(prop, body)
    stage.among += props.barbell(camera, middle)


def _put_machine(draw: Callable[[Prop, Body, Camera], tuple[list[Shape], list[Shape]]]) -> Callable[[Prop, Body, Camera, Stage], None]:
    def put(prop: Prop, body: Body, camera: Camera, stage: Stage) -> None:
        back, front = draw(prop, body, camera)
        stage.back += back
        stage.front += front

    return put


def _put_line(prop: Prop, body: Body, camera: Camera, stage: Stage) -> None:
    """A strip of tape on the floor: size is length along x and width along y."""
    x, y, _ = prop.at
    half_x, half_y = prop.size[0] / 2, prop.size[1] / 2
    spin = about_z(prop.turn)
    corners = [add((x, y, 0), turn(spin, (sx * half_x, sy * half_y, 0))) for sx, sy in ((-1, -1), (1, -1), (1, 1), (-1, 1))]
    stage.back.append(Shape("prop", tuple(camera.on_paper(c) for c in corners), "#8a9199", FLOOR_EDGE, 0.2))


def _put_metronome(prop: Prop, body: Body, camera: Camera, stage: Stage) -> None:
    stage.back += props.metronome(camera.on_paper(prop.at))


_WOODEN = _put_block(("#f0ece4", "#dcd6cb"))
_PUT: dict[str, Callable[[Prop, Body, Camera, Stage], None]] = {
    "wall": _put_wall,
    "box": _WOODEN,
    "step": _WOODEN,
    "board": _put_board,
    "pad": _put_block(("#dbe6ea", "#b8c9d0")),
    "bench": _put_bench,
    "chair": _put_chair,
    "loop_band": _put_loop_band,
    "band": _put_band,
    "strap": _put_strap,
    "cuff": _put_cuff,
    "weight": _put_weight,
    "belt": _put_belt,
    "gauge": _put_gauge,
    "ball": _put_ball,
    "roller": _put_roller,
    "towel": _put_roller,
    "dumbbells": _put_dumbbells,
    "barbell": _put_barbell,
    "bike": _put_machine(machines.bike),
    "treadmill": _put_machine(machines.treadmill),
    "leg_press": _put_machine(machines.leg_press),
    "leg_extension": _put_machine(machines.leg_extension),
    "water": _put_machine(machines.water),
    "hill": _put_machine(machines.hill),
    "line": _put_line,
    "metronome": _put_metronome,
}
