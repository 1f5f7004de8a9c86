"""A share of patients with the interval that its number of patients allows."""

from __future__ import annotations

import math
from dataclasses import dataclass

Z95 = 1.959964


@dataclass(frozen=True)
class Proportion:
    """`hits` of `n` with the 95 % Wilson interval; all None when n is 0."""

    hits: int
    n: int

    @property
    def share(self) -> float | None:
        return self.hits / self.n if self.n else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Wilson score interval; it never leaves 0 to 1 and is sound for small n."""
        if not self.n:
            return None
        p, z2 = self.hits / self.n, Z95 * Z95
        middle = (p + z2 / (2 * self.n)) / (1 + z2 / self.n)
        half = Z95 / (1 + z2 / self.n) * math.sqrt(p * (1 - p) / self.n + z2 / (4 * self.n * self.n))
        return max(0.0, min(p, middle - half)), min(1.0, max(p, middle + half))

    @property
    def sentence(self) -> str:
        if self.share is None or self.interval is None:
            return "no patient yet"
        low, high = self.interval
        return f"{self.hits} of {self.n} ({100 * self.share:.0f} %, 95 % interval {100 * low:.0f} to {100 * high:.0f} %)"
