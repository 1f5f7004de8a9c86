"""What a body is made of: round masses on each part, and the skin, shirt, shorts, socks and shoes that cover them."""

from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Literal

from kneeclinic.figures.body import FOREARM, SHANK, SIDES, THIGH, UPPER_ARM, Body, outward
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


def _piece(material: str, part: str, *balls: Ball, rims: tuple[Rim, ...] = ()) -> Piece:
    return Piece(material, tuple(Mass(part, centre, radius) for centre, radius in balls), rims)


def _limb(material: str, part: str, *balls: Ball) -> Piece:
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


def _pair(part: str, x: float, y: float, z: float, radius: float) -> tuple[Mass, Mass]:
    return (Mass(part, (x, -y, z), radius), Mass(part, (x, y, z), radius))


def _trunk() -> Member:
    hips = _pair("pelvis", -0.016, 0.073, 0.005, 0.087)
    belly = _pair("pelvis", 0.0, 0.068, 0.08, 0.079)
    waist = _pair("waist", 0.001, 0.062, 0.05, 0.078)
    ribs = _pair("chest", 0.003, 0.069, 0.01, 0.086)
    chest = _pair("chest", 0.003, 0.082, 0.11, 0.094)
    shoulders = _pair("chest", -0.004, 0.132, 0.198, 0.056)
    nape = _pair("chest", -0.012, 0.045, 0.222, 0.048)
    rows = (belly, waist, ribs, chest)
    return Member(
        "trunk",
        None,
        (
            Piece("shorts", (*hips, *_pair("pelvis", 0.0, 0.066, 0.075, 0.078))),
            Piece("shirt", belly, (Rim("pelvis", (-0.013, 0.0, 0.02), 0.098, 0.161), Rim("pelvis", (-0.014, 0.0, -0.03), 0.1, 0.164))),
            *(Piece("shirt", (*lower, *upper)) for lower, upper in pairwise(rows)),
            Piece("shirt", (*chest, *shoulders, *nape)),
        ),
    )


NECK = Member(
    "neck",
    None,
    (_piece("skin", "neck", ((0.006, 0.0, 0.03), 0.0425), ((0.012, 0.0, 0.075), 0.045), rims=(Rim("neck", (0.002, 0.0, -0.002), 0.047, 0.05),)),),
)
COLLAR = Rim("chest", (-0.004, 0.0, 0.25), 0.056, 0.064)


def _head() -> Member:
    return Member(
        "head",
        None,
        (
            _piece(
                "skin",
                "head",
                ((0.0, 0.0, 0.094), 0.087),
                ((0.03, 0.0, 0.085), 0.072),
                ((0.046, 0.0, 0.03), 0.05),
                ((0.066, 0.0, -0.012), 0.026),
                ((0.0, 0.045, 0.022), 0.024),
                ((0.0, -0.045, 0.022), 0.024),
            ),
            _piece("skin", "head", ((0.094, 0.0, 0.078), 0.008), ((0.113, 0.0, 0.048), 0.009), ((0.095, 0.0, 0.04), 0.009)),
        ),
    )


SOLE_Z, TREAD_Z = -0.058, -0.08


def _shoe(foot: str, toes: str) -> tuple[Piece, ...]:
    """Upper and toe cap over a pale sole; the toes bend away from the rest."""
    return (
        _piece(
            "shoe",
            foot,
            ((-0.012, 0.0, 0.004), 0.043),
            ((0.03, 0.0, -0.012), 0.041),
            ((-0.036, 0.0, -0.036), 0.034),
            ((0.085, 0.0, -0.034), 0.036),
            rims=(Rim(foot, (-0.034, 0.0, SOLE_Z), 0.039, 0.036), Rim(foot, (0.105, 0.0, SOLE_Z), 0.03, 0.044)),
        ),
        _piece(
            "shoe",
            toes,
            ((-0.012, 0.0, 0.004), 0.03),
            ((0.05, 0.0, -0.002), 0.02),
            rims=(Rim(toes, (-0.014, 0.0, SOLE_Z + 0.054), 0.03, 0.044), Rim(toes, (0.052, 0.0, SOLE_Z + 0.054), 0.046, 0.036)),
        ),
    )


def _soles(foot: str, toes: str) -> tuple[Piece, ...]:
    """The pale soles of a shoe, under the foot and under the toes."""
    up = SOLE_Z - TREAD_Z
    slabs = (
        (foot, ((-0.034, 0.042, 0.038), (0.105, 0.03, 0.046)), TREAD_Z),
        (toes, ((-0.014, 0.03, 0.046), (0.052, 0.05, 0.038)), TREAD_Z + 0.054),
    )
    return tuple(
        Piece(
            "sole",
            tuple(Mass(part, (x, 0.0, low + up / 2), up / 2) for x, _, _ in ends),
            tuple(Rim(part, (x, 0.0, low + rise), deep, wide) for x, deep, wide in ends for rise in (0.0, up + 0.006)),
        )
        for part, ends, low in slabs
    )


def _bare_foot(foot: str, toes: str) -> tuple[Piece, ...]:
    return (
        _piece(
            "skin",
            foot,
            ((0.0, 0.0, 0.008), 0.039),
            ((-0.04, 0.0, -0.05), 0.03),
            ((0.055, 0.0, -0.03), 0.033),
            ((0.12, 0.014, -0.058), 0.022),
            ((0.12, -0.014, -0.058), 0.022),
        ),
        _piece(
            "skin",
            toes,
            ((-0.005, 0.016, -0.004), 0.022),
            ((-0.005, -0.016, -0.004), 0.022),
            ((0.06, 0.014, -0.014), 0.012),
            ((0.06, -0.014, -0.014), 0.012),
        ),
    )


def _hand(hand: str, out: float, *, fist: bool) -> tuple[Piece, ...]:
    """A flat hand, its width forwards and back, thumb in front; or a fist."""
    if fist:
        return (
            _piece(
                "skin", hand, ((0.0, 0.0, -0.01), 0.024), ((-0.018, 0.0, -0.075), 0.026), ((0.024, 0.0, -0.07), 0.026), ((0.0, 0.0, -0.095), 0.024)
            ),
            _piece("skin", hand, ((0.02, -0.02 * out, -0.035), 0.013), ((0.012, -0.026 * out, -0.075), 0.012)),
        )
    fingers = ((0.019, 0.029, -0.15), (0.003, 0.007, -0.162), (-0.015, -0.016, -0.15))  # index, middle, the two others together
    return (
        _piece("skin", hand, ((0.02, -0.004 * out, -0.03), 0.014), ((0.05, -0.008 * out, -0.066), 0.011), ((0.057, -0.01 * out, -0.086), 0.0095)),
        *(_piece("skin", hand, ((root, 0.0, -0.08), 0.011), ((tip, 0.0, end), 0.0092 if root > -0.01 else 0.0115)) for root, tip, end in fingers),
        _piece("skin", hand, ((0.0, 0.0, 0.0), 0.0225), ((-0.018, 0.0, -0.075), 0.018), ((0.02, 0.0, -0.072), 0.018)),
    )


def _limbs(side: str, shoes: bool, fist: bool) -> tuple[Member, ...]:
    out = outward(side)
    thigh, shank, foot, toes = (f"{part}_{side}" for part in ("thigh", "shank", "foot", "toes"))
    upper, forearm, hand = (f"{part}_{side}" for part in ("upper_arm", "forearm", "hand"))
    sock = (_piece("sock", shank, ((0.0, 0.0, -SHANK), 0.0345), rims=(Rim(shank, (-0.001, 0.0, -SHANK + 0.062), 0.0365, 0.0365),)),) if shoes else ()
    return (
        Member(
            f"thigh_{side}",
            side,
            (
                _limb(
                    "skin",
                    thigh,
                    ((0.008, 0.0, -0.2), 0.074),
                    ((0.009, 0.0, -0.27), 0.067),
                    ((0.007, 0.0, -0.33), 0.0585),
                    ((0.005, 0.0, -0.38), 0.053),
                    ((0.003, 0.0, -THIGH), 0.0515),
                ),
                _piece(
                    "shorts",
                    thigh,
                    ((-0.006, 0.0, -0.026), 0.085),
                    ((0.006, 0.0, -0.14), 0.085),
                    rims=(Rim(thigh, (0.009, 0.0, -0.255), 0.0795, 0.0795),),
                ),
            ),
        ),
        Member(
            f"shank_{side}",
            side,
            (
                _limb(
                    "skin",
                    shank,
                    ((0.001, 0.0, 0.0), 0.051),
                    ((-0.003, 0.0, -0.05), 0.0485),
                    ((-0.013, 0.0, -0.105), 0.0545),
                    ((-0.014, 0.0, -0.155), 0.053),
                    ((-0.009, 0.0, -0.225), 0.0445),
                    ((-0.003, 0.0, -0.29), 0.0365),
                    ((0.0, 0.0, -0.35), 0.0325),
                    ((0.0, 0.0, -SHANK), 0.0325),
                ),
                *sock,
            ),
        ),
        Member(f"foot_{side}", side, (*_soles(foot, toes), *_shoe(foot, toes)) if shoes else _bare_foot(foot, toes)),
        Member(
            f"upper_arm_{side}",
            side,
            (
                _limb(
                    "skin",
                    upper,
                    ((0.0, 0.0, -0.06), 0.046),
                    ((0.004, 0.0, -0.15), 0.0445),
                    ((0.002, 0.0, -0.23), 0.038),
                    ((0.0, 0.0, -UPPER_ARM), 0.0355),
                ),
                _piece("shirt", upper, ((0.0, 0.0, 0.0), 0.056), ((0.0, 0.0, -0.06), 0.054), rims=(Rim(upper, (0.0, 0.0, -0.145), 0.0545, 0.0545),)),
            ),
        ),
        Member(
            f"forearm_{side}",
            side,
            (
                *_hand(hand, out, fist=fist),
                _limb(
                    "skin",
                    forearm,
                    ((0.0, 0.0, 0.0), 0.0355),
                    ((0.002, 0.0, -0.055), 0.0395),
                    ((0.001, 0.0, -0.12), 0.0345),
                    ((0.0, 0.0, -FOREARM), 0.0235),
                ),
            ),
        ),
    )


@cache
def out_of_hem(piece: Piece) -> Piece:
    """What of the skin of a thigh or an upper arm shows below the cloth; cloth itself is left as it is."""
    if piece.material != "skin":
        return piece
    part = piece.masses[0].part
    hem, thick = (0.256, 0.0685) if part.startswith("thigh") else (0.146, 0.0435)
    below = tuple(mass for mass in piece.masses if mass.centre[2] < -hem)
    return Piece(piece.material, below, (Rim(part, (0.008 if part.startswith("thigh") else 0.003, 0.0, -hem), thick, thick),))


@cache
def members(shoes: bool = True, fists: frozenset[str] = frozenset()) -> tuple[Member, ...]:
    """Every member of a body, in no order."""
    return (_trunk(), NECK, _head(), *(limb for side in SIDES for limb in _limbs(side, shoes, side in fists)))


@cache
def seams() -> tuple[Seam, ...]:
    """Knees and elbows; and hips and shoulders, which are left open on the far side."""
    made = []
    for side in SIDES:
        out = outward(side)
        thigh, shank, upper, forearm = (f"{part}_{side}" for part in ("thigh", "shank", "upper_arm", "forearm"))
        knee = (Mass(thigh, (0.005, 0.0, -0.37), 0.0535), Mass(shank, (0.001, 0.0, 0.0), 0.051), Mass(shank, (-0.002, 0.0, -0.045), 0.0485))
        elbow = (Mass(upper, (0.001, 0.0, -0.24), 0.0372), Mass(forearm, (0.0, 0.0, 0.0), 0.0355), Mass(forearm, (0.001, 0.0, -0.03), 0.038))
        raised = (Mass(thigh, (0.0, 0.0, -0.05), 0.085), Mass("pelvis", (-0.016, 0.064 * out, 0.004), 0.066))
        hanging = (Mass(thigh, (0.003, 0.0, -0.112), 0.0785), Mass("pelvis", (-0.012, 0.05 * out, -0.078), 0.035))  # ends below the hem
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
