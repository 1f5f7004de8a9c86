"""What a body is made of: round masses on each part, and the skin, hair, shirt, shorts and shoes that cover them."""

from dataclasses import dataclass
from functools import cache
from typing import Literal

from kneeclinic.figures.body import FOREARM, SHANK, SIDES, THIGH, UPPER_ARM, Body, outward
from kneeclinic.figures.vectors import Vector


@dataclass(frozen=True)
class Mass:
    """A ball on a part: where, how large (metres)."""

    part: str
    centre: Vector
    radius: float


@dataclass(frozen=True)
class Piece:
    """One skin of masses stretched over by one outline, in one material."""

    material: str
    masses: tuple[Mass, ...]


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


def _piece(material: str, part: str, *balls: tuple[Vector, float]) -> Piece:
    return Piece(material, tuple(Mass(part, centre, radius) for centre, radius in balls))


def _pair(x: float, y: float, z: float, radius: float) -> tuple[tuple[Vector, float], tuple[Vector, float]]:
    return (((x, -y, z), radius), ((x, y, z), radius))


def _trunk() -> Member:
    return Member(
        "trunk",
        None,
        (
            _piece("skin", "neck", ((0.0, 0.0, -0.02), 0.05), ((0.012, 0.0, 0.06), 0.046)),
            Piece(
                "shorts",
                (
                    *(Mass("pelvis", c, r) for c, r in (*_pair(-0.018, 0.072, -0.005, 0.088), *_pair(0.0, 0.07, 0.075, 0.078))),
                    *(Mass("waist", c, r) for c, r in _pair(0.0, 0.066, 0.01, 0.077)),
                ),
            ),
            Piece(
                "shirt",
                (
                    *(Mass("pelvis", c, r) for c, r in _pair(0.0, 0.068, 0.07, 0.081)),
                    *(Mass("waist", c, r) for c, r in _pair(0.0, 0.062, 0.05, 0.081)),
                    *(Mass("chest", c, r) for c, r in _pair(0.004, 0.07, 0.01, 0.088)),
                ),
            ),
            Piece(
                "shirt",
                (
                    *(Mass("chest", c, r) for c, r in _pair(0.004, 0.07, 0.01, 0.088)),
                    *(Mass("chest", c, r) for c, r in _pair(0.002, 0.083, 0.11, 0.093)),
                    *(Mass("chest", c, r) for c, r in _pair(-0.004, 0.132, 0.198, 0.058)),
                    Mass("chest", (-0.008, 0.0, 0.225), 0.054),
                ),
            ),
        ),
    )


def _head() -> Member:
    return Member(
        "head",
        None,
        (
            _piece("skin", "head", ((0.006, 0.0, 0.088), 0.088), ((0.03, 0.0, 0.07), 0.078), ((0.048, 0.0, 0.022), 0.042)),
            _piece("skin", "head", ((0.098, 0.0, 0.062), 0.011), ((0.112, 0.0, 0.05), 0.011)),
        ),
    )


def _limbs(side: str, shoes: bool) -> tuple[Member, ...]:
    out = outward(side)
    thigh, shank, foot, toes = (f"{part}_{side}" for part in ("thigh", "shank", "foot", "toes"))
    upper, forearm, hand = (f"{part}_{side}" for part in ("upper_arm", "forearm", "hand"))
    footwear = "shoe" if shoes else "skin"
    heel, ball, tip = (0.03, 0.028, 0.024) if shoes else (0.027, 0.022, 0.012)
    soled = 0.08
    foot_pieces = (
        _piece(
            footwear,
            foot,
            ((0.0, 0.0, 0.012), 0.045),
            ((-0.045, 0.0, heel - soled), heel),
            ((0.06, 0.0, -0.03), 0.04),
            ((0.12, 0.0, ball - soled), ball),
        ),
        _piece(footwear, toes, ((-0.005, 0.0, ball - 0.026), ball), ((0.078, 0.0, tip - 0.026), tip)),
    )
    return (
        Member(
            f"thigh_{side}",
            side,
            (
                _piece("skin", thigh, ((0.008, 0.0, -0.2), 0.074), ((0.006, 0.0, -0.3), 0.063), ((0.002, 0.0, -THIGH), 0.054)),
                _piece("shorts", thigh, ((-0.004, 0.0, -0.028), 0.085), ((0.008, 0.0, -0.14), 0.086), ((0.01, 0.0, -0.245), 0.077)),
            ),
        ),
        Member(
            f"shank_{side}",
            side,
            (
                _piece(
                    "skin", shank, ((0.0, 0.0, 0.0), 0.052), ((-0.008, 0.0, -0.11), 0.056), ((-0.006, 0.0, -0.2), 0.048), ((0.0, 0.0, -SHANK), 0.034)
                ),
            ),
        ),
        Member(f"foot_{side}", side, foot_pieces),
        Member(
            f"upper_arm_{side}",
            side,
            (
                _piece("skin", upper, ((0.0, 0.0, -0.08), 0.046), ((0.0, 0.0, -UPPER_ARM), 0.037)),
                _piece("shirt", upper, ((0.0, 0.0, 0.0), 0.056), ((0.0, 0.0, -0.14), 0.052)),
            ),
        ),
        Member(
            f"forearm_{side}",
            side,
            (
                _piece("skin", forearm, ((0.0, 0.0, 0.0), 0.037), ((0.0, 0.0, -0.07), 0.039), ((0.0, 0.0, -FOREARM), 0.026)),
                _piece("skin", hand, ((0.0, 0.0, 0.0), 0.027), ((0.0, 0.0, -0.07), 0.033), ((0.0, 0.0, -0.145), 0.019)),
                _piece("skin", hand, ((0.008, -0.02 * out, -0.03), 0.016), ((0.04, -0.03 * out, -0.085), 0.012)),
            ),
        ),
    )


@cache
def members(shoes: bool = True) -> tuple[Member, ...]:
    """Every member of a body, in no order."""
    return (_trunk(), _head(), *(limb for side in SIDES for limb in _limbs(side, shoes)))


@cache
def seams() -> tuple[Seam, ...]:
    """Knees and elbows; and hips and shoulders, which are left open on the far side."""
    made = []
    for side in SIDES:
        out = outward(side)
        thigh, shank, upper, forearm = (f"{part}_{side}" for part in ("thigh", "shank", "upper_arm", "forearm"))
        knee = (Mass(thigh, (0.003, 0.0, -0.36), 0.058), Mass(shank, (0.0, 0.0, 0.0), 0.052), Mass(shank, (-0.002, 0.0, -0.06), 0.0535))
        elbow = (Mass(upper, (0.0, 0.0, -0.235), 0.039), Mass(forearm, (0.0, 0.0, 0.0), 0.037), Mass(forearm, (0.0, 0.0, -0.045), 0.038))
        raised = (Mass(thigh, (0.0, 0.0, -0.05), 0.086), Mass("pelvis", (-0.014, 0.06 * out, 0.03), 0.07))
        hanging = (Mass(thigh, (0.004, 0.0, -0.105), 0.0855), Mass("pelvis", (-0.012, 0.05 * out, -0.062), 0.045))  # ends below the hem
        shoulder = (Mass(upper, (0.0, 0.0, -0.02), 0.054), Mass("chest", (-0.004, 0.12 * out, 0.17), 0.05))
        made += [
            Seam(thigh, shank, "skin", knee),
            Seam(upper, forearm, "skin", elbow),
            Seam(thigh, "trunk", "shorts", hanging, "hanging thighs"),
            Seam(thigh, "trunk", "shorts", raised, "raised thighs"),
            Seam(upper, "trunk", "shirt", shoulder, "near limbs"),
        ]
    return tuple(made)


def lowest_point(body: Body, of: tuple[str, ...] | None = None) -> float:
    """Height of the lowest spot of the body's surface, or of some members only."""
    frames = body.frames
    lowest = 1e9
    for member in members():
        if of is not None and member.name not in of:
            continue
        for mass in member.masses:
            origin, axes = frames[mass.part]
            height = origin[2] + axes[2][0] * mass.centre[0] + axes[2][1] * mass.centre[1] + axes[2][2] * mass.centre[2]
            lowest = min(lowest, height - mass.radius)
    return lowest
