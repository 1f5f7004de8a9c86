"""Climb and descent of a run from noisy heights: smoothed first, then only rises that last are counted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

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
    for start, end in _lasting_slopes(smooth):
        up += max(0.0, end - start)
        down += max(0.0, start - end)
    return round(up, 1), round(down, 1)


def _lasting_slopes(heights: Sequence[float]) -> Iterator[tuple[float, float]]:
    """From turning point to turning point; a turn counts once the way back is `LASTING_M` long."""
    turn = extreme = heights[0]
    for height in heights[1:]:
        rising = extreme >= turn if extreme != turn else height >= turn
        back = extreme - height if rising else height - extreme
        if back <= 0:
            extreme = height
        elif back >= LASTING_M:
            if abs(extreme - turn) >= LASTING_M:
                yield turn, extreme
                turn = extreme
            extreme = height
    if abs(extreme - turn) >= LASTING_M:
        yield turn, extreme


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
