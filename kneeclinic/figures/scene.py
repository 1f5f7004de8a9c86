"""A drawn exercise: start pose as a ghost, end pose, things, arrow or hold sign, frame and the words for who cannot see it."""

from dataclasses import dataclass

from kneeclinic.figures.alt_text import describe
from kneeclinic.figures.body import POINTS, Body, shift
from kneeclinic.figures.camera import Camera, Point
from kneeclinic.figures.closeup import LOOKS_AT, inset_shapes
from kneeclinic.figures.ink import Frame, Shape, frame_round
from kneeclinic.figures.marks import arrow, beside, free_corner, path_of, pelvis_lines, stopwatch, straight, stretched
from kneeclinic.figures.painter import ghost, pale, solid
from kneeclinic.figures.posture import settle
from kneeclinic.figures.staging import stage_for
from kneeclinic.knowledge.poses import Arrow, ExercisePose

MARGIN_CM = 3.0
_MOVES_FROM_M = 0.015  # a body that moves less is drawn once
_LEAST_ARROW_CM = 24.0
_STRAIGHT_ARROW_CM = 14.0
_ASIDE_M = 0.85  # start and end stand so far apart when they are shown side by side
_WATCHED = ("head", "pelvis", *(name for name in POINTS if name.partition("_")[0] in ("knee", "toe", "palm", "shoulder") and name.count("_") == 1))


@dataclass(frozen=True, eq=False)
class Scene:
    """Resolved shapes in painting order, in centimetres with y up, and the frame that holds them all.

    A scene is equal to itself only, so that what was made of it can be kept under it without comparing every point.
    """

    name: str
    shapes: tuple[Shape, ...]
    frame: Frame
    alt_text: str

    @property
    def aspect(self) -> float:
        """Width over height."""
        return self.frame.width / self.frame.height

    def mirrored(self, alt_text: str) -> "Scene":
        frame = Frame(-self.frame.right, self.frame.bottom, -self.frame.left, self.frame.top)
        return Scene(self.name, tuple(shape.mirrored() for shape in self.shapes), frame, alt_text)


def compose_scene(name: str, exercise: ExercisePose, side: str) -> Scene:
    """The scene of one exercise. Poses are written for the right side; left is the mirror image."""
    start, end = settle(exercise)
    camera = Camera(*exercise.camera)
    if exercise.travels:
        start = start.moved(tuple(-_ASIDE_M * part for part in camera.right))  # type: ignore[arg-type]
    stage = stage_for(exercise, start, end, camera)
    shapes = list(stage.back)
    moves = any(shift(start, end, point) > _MOVES_FROM_M for point in _WATCHED)
    if exercise.travels:
        shapes += pale(start, camera, not exercise.bare_feet)
    elif moves:
        shapes += ghost(start, camera, not exercise.bare_feet)
    treated = None if side == "both" or exercise.both_legs else "right"
    body = solid(end, camera, treated, not exercise.bare_feet, tuple(stage.among))
    shapes += body + stage.front
    obstacles = [shape.points for shape in body if shape.fill and shape.role.startswith("body")]
    if exercise.pelvis_line:
        shapes += pelvis_lines(start, end, camera)
    for mark in exercise.arrows:
        shapes += _arrow(mark, start, end, camera, obstacles)
    if exercise.hold:
        frame = frame_round(shapes, 0)
        everything = [shape.points for shape in shapes if shape.fill and shape.role != "floor" and shape.closed]
        shapes += stopwatch(*free_corner(frame, everything, 7.0))
    if exercise.inset:
        target = camera.on_paper(end.point(LOOKS_AT[exercise.inset.shows]))
        shapes += inset_shapes(exercise.inset.shows, frame_round(shapes, 0), target, [shape.points for shape in shapes if shape.fill])
    words = describe(exercise, start, end, side)
    scene = Scene(name, tuple(shapes), frame_round(shapes, MARGIN_CM), words)
    return scene.mirrored(words) if side == "left" else scene


def _arrow(mark: Arrow, start: Body, end: Body, camera: Camera, obstacles: list[tuple[Point, ...]]) -> list[Shape]:
    if mark.kind in ("push", "to"):
        return arrow(_straight_beside(mark, end, camera))
    path = stretched(path_of(start, end, camera, mark.point, mark.rise), _LEAST_ARROW_CM)
    track = beside(path, obstacles, mark.gap)
    return arrow(track.points, both_ways=mark.kind == "both ways")


def _straight_beside(mark: Arrow, body: Body, camera: Camera) -> tuple[Point, ...]:
    """A straight arrow that leaves the point in its direction ("push") or comes to it ("to"), with a gap between."""
    px, py = camera.on_paper(body.point(mark.point))
    px += mark.aside * 100
    dx, dy = camera.on_paper(mark.push or (1.0, 0.0, 0.0))
    size = (dx * dx + dy * dy) ** 0.5 or 1.0
    ux, uy = dx / size, dy / size
    gap = (mark.gap if mark.gap is not None else 0.03) * 100
    if mark.kind == "to":
        gap = -gap - _STRAIGHT_ARROW_CM
    return straight((px + ux * gap, py + uy * gap), (ux, uy), _STRAIGHT_ARROW_CM)
