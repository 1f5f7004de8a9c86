"""Hands, bare feet and shoes of a drawn body."""

from kneeclinic.figures.pieces import Mass, Piece, Rim, piece

SOLE_Z, TREAD_Z = -0.058, -0.08


def shoe(foot: str, toes: str) -> tuple[Piece, ...]:
    """Upper and toe cap over a pale sole; the toes bend away from the rest."""
    return (
        piece(
            "shoe",
            foot,
            ((-0.012, 0.0, 0.004), 0.043),
            ((0.03, 0.0, -0.012), 0.041),
            ((-0.036, 0.0, -0.036), 0.034),
            ((0.085, 0.0, -0.034), 0.036),
            rims=(Rim(foot, (-0.034, 0.0, SOLE_Z), 0.039, 0.036), Rim(foot, (0.105, 0.0, SOLE_Z), 0.03, 0.044)),
        ),
        piece(
            "shoe",
            toes,
            ((-0.012, 0.0, 0.004), 0.03),
            ((0.05, 0.0, -0.002), 0.02),
            rims=(Rim(toes, (-0.014, 0.0, SOLE_Z + 0.054), 0.03, 0.044), Rim(toes, (0.052, 0.0, SOLE_Z + 0.054), 0.046, 0.036)),
        ),
    )


def soles(foot: str, toes: str) -> tuple[Piece, ...]:
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


def bare_foot(foot: str, toes: str) -> tuple[Piece, ...]:
    return (
        piece(
            "skin",
            foot,
            ((0.0, 0.0, 0.008), 0.039),
            ((-0.04, 0.0, -0.05), 0.03),
            ((0.055, 0.0, -0.03), 0.033),
            ((0.12, 0.014, -0.058), 0.022),
            ((0.12, -0.014, -0.058), 0.022),
        ),
        piece(
            "skin",
            toes,
            ((-0.005, 0.016, -0.004), 0.022),
            ((-0.005, -0.016, -0.004), 0.022),
            ((0.06, 0.014, -0.014), 0.012),
            ((0.06, -0.014, -0.014), 0.012),
        ),
    )


def hand_pieces(hand: str, out: float, *, fist: bool) -> tuple[Piece, ...]:
    """A flat hand, its width forwards and back, thumb in front; or a fist."""
    if fist:
        return (
            piece(
                "skin", hand, ((0.0, 0.0, -0.01), 0.024), ((-0.018, 0.0, -0.075), 0.026), ((0.024, 0.0, -0.07), 0.026), ((0.0, 0.0, -0.095), 0.024)
            ),
            piece("skin", hand, ((0.02, -0.02 * out, -0.035), 0.013), ((0.012, -0.026 * out, -0.075), 0.012)),
        )
    fingers = ((0.019, 0.029, -0.15), (0.003, 0.007, -0.162), (-0.015, -0.016, -0.15))  # index, middle, the two others together
    return (
        piece("skin", hand, ((0.02, -0.004 * out, -0.03), 0.014), ((0.05, -0.008 * out, -0.066), 0.011), ((0.057, -0.01 * out, -0.086), 0.0095)),
        *(piece("skin", hand, ((root, 0.0, -0.08), 0.011), ((tip, 0.0, end), 0.0092 if root > -0.01 else 0.0115)) for root, tip, end in fingers),
        piece("skin", hand, ((0.0, 0.0, 0.0), 0.0225), ((-0.018, 0.0, -0.075), 0.018), ((0.02, 0.0, -0.072), 0.018)),
    )
