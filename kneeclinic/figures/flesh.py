"""What a body is made of: round masses on each part, and the skin, shirt, shorts, socks and shoes that cover them."""

from functools import cache
from itertools import pairwise

from kneeclinic.figures.body import FOREARM, SHANK, SIDES, THIGH, UPPER_ARM, Body, outward
from kneeclinic.figures.extremities import bare_foot, hand_pieces, shoe, soles
from kneeclinic.figures.pieces import Mass, Member, Piece, Rim, Seam, limb, pair, piece


def _trunk() -> Member:
    hips = pair("pelvis", -0.016, 0.073, 0.005, 0.087)
    belly = pair("pelvis", 0.0, 0.068, 0.08, 0.079)
    waist = pair("waist", 0.001, 0.062, 0.05, 0.078)
    ribs = pair("chest", 0.003, 0.069, 0.01, 0.086)
    chest = pair("chest", 0.003, 0.082, 0.11, 0.094)
    shoulders = pair("chest", -0.004, 0.132, 0.198, 0.056)
    nape = pair("chest", -0.012, 0.045, 0.222, 0.048)
    rows = (belly, waist, ribs, chest)
    return Member(
        "trunk",
        None,
        (
            Piece("shorts", (*hips, *pair("pelvis", 0.0, 0.066, 0.075, 0.078))),
            Piece("shirt", belly, (Rim("pelvis", (-0.013, 0.0, 0.02), 0.098, 0.161), Rim("pelvis", (-0.014, 0.0, -0.03), 0.1, 0.164))),
            *(Piece("shirt", (*lower, *upper)) for lower, upper in pairwise(rows)),
            Piece("shirt", (*chest, *shoulders, *nape)),
        ),
    )


NECK = Member(
    "neck",
    None,
    (piece("skin", "neck", ((0.006, 0.0, 0.03), 0.0425), ((0.012, 0.0, 0.075), 0.045), rims=(Rim("neck", (0.002, 0.0, -0.002), 0.047, 0.05),)),),
)
COLLAR = Rim("chest", (-0.004, 0.0, 0.25), 0.056, 0.064)


def _head() -> Member:
    return Member(
        "head",
        None,
        (
            piece(
                "skin",
                "head",
                ((0.0, 0.0, 0.094), 0.087),
                ((0.03, 0.0, 0.085), 0.072),
                ((0.046, 0.0, 0.03), 0.05),
                ((0.066, 0.0, -0.012), 0.026),
                ((0.0, 0.045, 0.022), 0.024),
                ((0.0, -0.045, 0.022), 0.024),
            ),
            piece("skin", "head", ((0.094, 0.0, 0.078), 0.008), ((0.113, 0.0, 0.048), 0.009), ((0.095, 0.0, 0.04), 0.009)),
        ),
    )


def _limbs(side: str, shoes: bool, fist: bool) -> tuple[Member, ...]:
    out = outward(side)
    thigh, shank, foot, toes = (f"{part}_{side}" for part in ("thigh", "shank", "foot", "toes"))
    upper, forearm, hand = (f"{part}_{side}" for part in ("upper_arm", "forearm", "hand"))
    sock = (piece("sock", shank, ((0.0, 0.0, -SHANK), 0.0345), rims=(Rim(shank, (-0.001, 0.0, -SHANK + 0.062), 0.0365, 0.0365),)),) if shoes else ()
    return (
        Member(
            f"thigh_{side}",
            side,
            (
                limb(
                    "skin",
                    thigh,
                    ((0.008, 0.0, -0.2), 0.074),
                    ((0.009, 0.0, -0.27), 0.067),
                    ((0.007, 0.0, -0.33), 0.0585),
                    ((0.005, 0.0, -0.38), 0.053),
                    ((0.003, 0.0, -THIGH), 0.0515),
                ),
                piece(
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
                limb(
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
        Member(f"foot_{side}", side, (*soles(foot, toes), *shoe(foot, toes)) if shoes else bare_foot(foot, toes)),
        Member(
            f"upper_arm_{side}",
            side,
            (
                limb(
                    "skin",
                    upper,
                    ((0.0, 0.0, -0.06), 0.046),
                    ((0.004, 0.0, -0.15), 0.0445),
                    ((0.002, 0.0, -0.23), 0.038),
                    ((0.0, 0.0, -UPPER_ARM), 0.0355),
                ),
                piece("shirt", upper, ((0.0, 0.0, 0.0), 0.056), ((0.0, 0.0, -0.06), 0.054), rims=(Rim(upper, (0.0, 0.0, -0.145), 0.0545, 0.0545),)),
            ),
        ),
        Member(
            f"forearm_{side}",
            side,
            (
                *hand_pieces(hand, out, fist=fist),
                limb(
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
def out_of_hem(skin: Piece) -> Piece:
    """What of the skin of a thigh or an upper arm shows below the cloth; cloth itself is left as it is."""
    if skin.material != "skin":
        return skin
    part = skin.masses[0].part
    hem, thick = (0.256, 0.0685) if part.startswith("thigh") else (0.146, 0.0435)
    below = tuple(mass for mass in skin.masses if mass.centre[2] < -hem)
    return Piece(skin.material, below, (Rim(part, (0.008 if part.startswith("thigh") else 0.003, 0.0, -hem), thick, thick),))


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
