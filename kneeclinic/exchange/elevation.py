"""Climb and descent of a run from noisy heights: smoothed first, then only rises that last are counted."""

from __future__ import annotations

from collections.abc import Sequence

WINDOW = 7
"""Samples in the running mean; about a quarter of a minute on a watch that writes every two seconds."""
LASTING_M = 3.0
"""A rise or fall counts once it passes three metres: the noise of a barometer is one to two, of satellites more (product default)."""


def climb_and_descent(heights_m: Sequence[float | None]) -> tuple[float | None, float | None]:
    """Metres up and metres down; (None, None) with fewer than two heights."""
    known = [float(one) for one in heights_m if one is not None]
    if len(known) < 2:
        return None, None
    smooth = _running_mean(known)
    up = down = 0.0
    anchor = smooth[0]
    for height in smooth[1:]:
        if height - anchor >= LASTING_M:
            up += height - anchor
            anchor = height
        elif anchor - height >= LASTING_M:
            down += anchor - height
            anchor = height
    return round(up, 1), round(down, 1)


def _running_mean(values: Sequence[float]) -> list[float]:
    half = min(WINDOW, len(values)) // 2
    sums = [0.0]
    for value in values:
        sums.append(sums[-1] + value)
    means = []
    for index in range(len(values)):
        low, high = max(0, index - half), min(len(values), index + half + 1)
        means.append((sums[high] - sums[low]) / (high - low))
    return means
