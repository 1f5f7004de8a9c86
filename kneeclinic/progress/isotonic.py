"""A rising staircase through scattered points: the closest one that never goes down."""

from __future__ import annotations

from collections.abc import Sequence


def rising_fit(values: Sequence[float], weights: Sequence[float]) -> list[float]:
    """Weighted least-squares fit that never falls, by pooling neighbours that violate the order; as many values as were given."""
    blocks: list[tuple[float, float, int]] = []
    for value, weight in zip(values, weights, strict=True):
        mean, size, count = value, weight, 1
        while blocks and blocks[-1][0] > mean:
            before, width, members = blocks.pop()
            mean, size, count = (before * width + mean * size) / (width + size), width + size, members + count
        blocks.append((mean, size, count))
    return [mean for mean, _, count in blocks for _ in range(count)]
