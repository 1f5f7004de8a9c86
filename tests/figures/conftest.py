"""What several tests of the drawings share: the poses of the product, and the body of each."""

from functools import cache
from pathlib import Path

import pytest

from kneeclinic.figures.body import Body
from kneeclinic.figures.posture import settle
from kneeclinic.knowledge.poses import ExercisePose, load_poses

POSES_FOLDER = Path(__file__).resolve().parents[2] / "data" / "knowledge" / "poses"
POSES = load_poses(POSES_FOLDER)


@cache
def bodies_of(exercise_id: str) -> tuple[Body, Body]:
    return settle(POSES[exercise_id])


@pytest.fixture(scope="session")
def poses() -> dict[str, ExercisePose]:
    return POSES


def each_exercise(function):
    return pytest.mark.parametrize("exercise_id", sorted(POSES))(function)
