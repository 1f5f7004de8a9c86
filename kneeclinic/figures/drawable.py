"""Draws every pose once, so that a pose file is known to be good before anybody opens its page."""

from __future__ import annotations

from collections.abc import Mapping

from kneeclinic.figures.scene import compose_scene
from kneeclinic.knowledge.faults import Fault, KnowledgeFaults
from kneeclinic.knowledge.poses import ExercisePose


def check_drawable(poses: Mapping[str, ExercisePose]) -> None:
    """Raises KnowledgeFaults with every pose that no figure can be made of, such as one that names an unknown point of the body."""
    faults = []
    for exercise_id, pose in poses.items():
        try:
            compose_scene(exercise_id, pose, "right")
        except (ArithmeticError, LookupError, ValueError) as error:
            faults.append(Fault("poses", exercise_id, "", f"cannot be drawn: {error.args[0] if error.args else error}"))
    if faults:
        raise KnowledgeFaults(faults)
