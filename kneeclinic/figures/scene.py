"""A drawn exercise: start pose as a ghost, end pose, things, arrow or hold sign, frame and the words for who cannot see it."""

from dataclasses import dataclass, replace

from kneeclinic.figures.alt_text import describe
from kneeclinic.figures.body import POINTS, Body, shift
from kneeclinic.figures.camera import Camera, Point
from kneeclinic.figures.closeup import LOOKS_AT, inset_shapes
from kneeclinic.figures.ink import ACCENT, GHOST_EDGE, Frame, Shape, frame_round
from kneeclinic.figures.marks import (
    STOPWATCH_CM,
    arrow,
    beside,
    between_figures,
    free_corner,
    path_of,
    pelvis_lines,
    stop_bar,
    stopwatch,
    straight,
    stretched,
    verdict,
)
from kneeclinic.figures.painter import ghost, pale, solid
from kneeclinic.figures.posture import settle
from kneeclinic.figures.props import shadow
from kneeclinic.figures.staging import floor_for, gripping, stage_for
from kneeclinic.figures.vectors import scale
from kneeclinic.knowledge.poses import Arrow, ExercisePose

MARGIN_CM = 3.0
_MOVES_FROM_M = 0.015  # a body that moves less is drawn once
_LEAST_ARROW_CM = 24.0
_STRAIGHT_ARROW_CM = 20.0
_IN_THE_AIR_M = 0.1  # toes higher than this with nothing under them: a hop
_USUAL_CM, _LIGHTEST, _HEAVIEST = 165.0, 0.85, 1.4
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
    shoes, fists = not exercise.bare_feet, gripping(exercise)
    beside_it = -exercise.aside if exercise.travels else 0.0
    stage = stage_for(exercise, end, camera)
    shapes: list[Shape] = []
    if exercise.travels:
        first = stage_for(exercise, start, camera, copy=True)
        before = [*first.back, *solid(start, camera, None, shoes, tuple(first.among), fists), *first.front]
        shapes += [shape.moved(beside_it * 100, 0.0) for shape in pale(before)]
        start = start.moved(scale(camera.right, beside_it))
    shapes = floor_for(exercise, (start, end), camera, beside_it) + shapes + stage.back
    if exercise.end.support == "pin" and exercise.position == "standing" and end.point("toe_right")[2] > _IN_THE_AIR_M:
        shapes += shadow(camera, end.point("ball_right"), 0.16, 0.1)
    if exercise.ghost and not exercise.travels and any(shift(start, end, point) > _MOVES_FROM_M for point in _WATCHED):
        shapes += ghost(start, camera, shoes, fists)
    treated = None if side == "both" or exercise.both_legs else "right"
    body = solid(end, camera, treated, shoes, tuple(stage.among), fists, exercise.feels)
    shapes += body + stage.front
    weight = _weight(shapes)
    shapes = [replace(shape, width=shape.width * weight) for shape in shapes]
    shapes += _marks(exercise, start, end, camera, shapes, body, weight)
    words = describe(exercise, start, end, side)
    scene = Scene(name, tuple(shapes), frame_round(shapes, MARGIN_CM), words)
    return scene.mirrored(words) if side == "left" else scene


def _weight(shapes: list[Shape]) -> float:
    """How much heavier lines and marks are drawn because the scene is large, so that all scenes have the same line weight in the same box."""
    frame = frame_round(shapes, 0)
    return min(max(max(frame.width / 1.25, frame.height) / _USUAL_CM, _LIGHTEST), _HEAVIEST)


def _marks(exercise: ExercisePose, start: Body, end: Body, camera: Camera, drawn: list[Shape], body: list[Shape], weight: float) -> list[Shape]:
    """What is drawn beside the body: lines, arrows, tick and cross, stopwatch, close-up."""
    marks: list[Shape] = []
    obstacles = [shape.points for shape in body if shape.fill and shape.stroke and shape.role.startswith("body")]
    if exercise.pelvis_line:
        marks += pelvis_lines(start, end, camera, weight)
    for mark in exercise.arrows:
        path = between_figures(drawn, weight) if mark.kind == "next" else _path(mark, start, end, camera, obstacles, weight)
        marks += arrow(path, both_ways=mark.kind == "both ways", size=weight, ink=GHOST_EDGE if mark.kind == "next" else ACCENT)
        marks += stop_bar(path, weight) if mark.stop else []
    if exercise.wrong_right:
        for one, good in ((start, False), (end, True)):
            x, y = camera.on_paper(one.point("head"))
            marks += verdict(x - 24 * weight, y + 6, good, weight)
    if exercise.hold:
        everything = [shape.points for shape in drawn + marks if shape.fill and shape.role != "floor" and shape.closed]
        marks += stopwatch(*free_corner(frame_round(drawn + marks, 0), everything, STOPWATCH_CM * weight * 1.25), weight)
    if exercise.inset:
        points = LOOKS_AT[exercise.inset.shows]
        targets = [camera.on_paper(one.point(point)) for one, point in zip((start, end)[-len(points) :], points, strict=True)]
        all_of_it = drawn + marks
        marks += inset_shapes(
            exercise.inset.shows,
            frame_round(all_of_it, 0),
            targets,
            [shape.points for shape in all_of_it if shape.fill or shape.role == "arrow"],
            weight,
        )
    return marks


def _path(mark: Arrow, start: Body, end: Body, camera: Camera, obstacles: list[tuple[Point, ...]], weight: float) -> tuple[Point, ...]:
    if mark.kind in ("push", "to"):
        return _straight_beside(mark, end, camera, weight)
    path = stretched(path_of(start, end, camera, mark.point, mark.rise), _LEAST_ARROW_CM * weight)
    return beside(path, obstacles, mark.gap).points


def _straight_beside(mark: Arrow, body: Body, camera: Camera, weight: float) -> tuple[Point, ...]:
    """A straight arrow that leaves the point in its direction ("push") or comes to it ("to"), with a gap between."""
    px, py = camera.on_paper(body.point(mark.point))
    px += mark.aside * 100
    dx, dy = camera.on_paper(mark.push or (1.0, 0.0, 0.0))
    size = (dx * dx + dy * dy) ** 0.5 or 1.0
    ux, uy = dx / size, dy / size
    gap = (mark.gap if mark.gap is not None else 0.03) * 100
    long = mark.size * 100 if mark.size else _STRAIGHT_ARROW_CM * weight
    if mark.kind == "to":
        gap = -gap - long
    return straight((px + ux * gap, py + uy * gap), (ux, uy), long)
