"""Close-ups for what is too small to see on a whole body: an arch that rises, toes, a kneecap that glides."""

from kneeclinic.figures.camera import Point
from kneeclinic.figures.ink import Frame, Shape
from kneeclinic.knowledge.poses import Inset


def inset_for(inset: Inset, frame: Frame, obstacles: list[tuple[Point, ...]]) -> list[Shape]:
    return []
