"""What a body is made of: round masses and flat hems on each part, stretched over by pieces of one material, painted together as members."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from kneeclinic.figures.vectors import Vector

_BETWEEN = 3  # balls of a contour for each ball that is written down


@dataclass(frozen=True)
class Mass:
    """A ball on a part: where, how large (metres)."""

    part: str
    centre: Vector
    radius: float


@dataclass(frozen=True)
class Rim:
    """A flat ring square to the length of a part: the hem of cloth or the edge of a sole; half its depth and half its width."""

    part: str
    centre: Vector
    deep: float
    wide: float


@dataclass(frozen=True)
class Piece:
    """One skin in one material: stretched over all its masses and rims, or (`contour`) drawn round a row of balls as a limb has it."""

    material: str
    masses: tuple[Mass, ...]
    rims: tuple[Rim, ...] = ()
    contour: tuple[Mass, ...] = ()


@dataclass(frozen=True)
class Member:
    """What is painted together: pieces from the inside out, all of one limb segment or of the trunk."""

    name: str
    side: str | None
    pieces: tuple[Piece, ...]

    @property
    def masses(self) -> tuple[Mass, ...]:
        return tuple(mass for piece in self.pieces for mass in piece.masses)


@dataclass(frozen=True)
class Seam:
    """Where two members of one material meet: the outline between them is painted over, so that a knee is not a ball joint."""

    first: str
    second: str
    material: str
    masses: tuple[Mass, ...]
    on: Literal["every limb", "near limbs", "hanging thighs", "raised thighs"] = "every limb"


Ball = tuple[Vector, float]


def piece(material: str, part: str, *balls: Ball, rims: tuple[Rim, ...] = ()) -> Piece:
    return Piece(material, tuple(Mass(part, centre, radius) for centre, radius in balls), rims)


def limb(material: str, part: str, *balls: Ball) -> Piece:
    """A row of balls down a limb; the contour swells and tapers smoothly from one to the next."""
    masses = tuple(Mass(part, centre, radius) for centre, radius in balls)
    rows = [(*mass.centre, mass.radius) for mass in masses]
    dense: list[Mass] = []
    for i, (b, c) in enumerate(pairwise(rows)):
        a, d = rows[max(i - 1, 0)], rows[min(i + 2, len(rows) - 1)]
        for step in range(_BETWEEN):
            t = step / _BETWEEN
            x, y, z, r = (_spline(a[k], b[k], c[k], d[k], t) for k in range(4))
            dense.append(Mass(part, (x, y, z), r))
    return Piece(material, masses, (), (*dense, masses[-1]))


def _spline(a: float, b: float, c: float, d: float, t: float) -> float:
    return 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t * t + (3 * b - a - 3 * c + d) * t**3)


def pair(part: str, x: float, y: float, z: float, radius: float) -> tuple[Mass, Mass]:
    return (Mass(part, (x, -y, z), radius), Mass(part, (x, y, z), radius))
