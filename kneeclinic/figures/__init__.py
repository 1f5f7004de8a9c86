"""Drawings of exercises, taping and supports: one body in space, one list of flat shapes, two renderers (SVG and paper)."""

from collections.abc import Mapping

from kneeclinic.figures.scene import Scene, compose_scene
from kneeclinic.figures.supports import UnknownSupport, support_scene, tape_scene
from kneeclinic.knowledge.poses import ExercisePose

_SIDES = ("right", "left", "both")
_drawn: dict[tuple[str, str], tuple[ExercisePose, Scene]] = {}


class UnknownFigure(KeyError):
    """Nothing is drawn under this id; the message says what is known."""

    def __str__(self) -> str:
        return str(self.args[0])


def exercise_scene(exercise_id: str, poses: Mapping[str, ExercisePose], side: str = "right") -> Scene:
    """The drawing of an exercise for the side treated ("right", "left" or "both"). Raises UnknownFigure."""
    if exercise_id not in poses:
        raise UnknownFigure(f"no drawing is called {exercise_id!r}; ids are listed by `python -m kneeclinic figure --list`")
    if side not in _SIDES:
        raise UnknownFigure(f"side {str(side)!r} is not one of {', '.join(_SIDES)}")
    pose = poses[exercise_id]
    known = _drawn.get((exercise_id, str(side)))
    if known is not None and known[0] is pose:
        return known[1]
    scene = compose_scene(exercise_id, pose, str(side))
    _drawn[exercise_id, str(side)] = (pose, scene)
    return scene


__all__ = ["Scene", "UnknownFigure", "UnknownSupport", "exercise_scene", "support_scene", "tape_scene"]
