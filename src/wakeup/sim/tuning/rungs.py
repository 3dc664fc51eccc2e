"""Successive halving: many variants are looked at briefly, the better third of them for longer, and so on.

Jamieson & Talwalkar 2016 (AISTATS 51), with thirds. As all variants meet the same draws, few replications tell much.
"""

from collections.abc import Sequence
from typing import Final

from attrs import frozen

FACTOR: Final = 3
LEAST: Final = 2
"""Replications below which nothing is judged."""


@frozen
class Rung:
    """So many variants are played for so many replications, those of the rung before counted in."""

    variants: int
    replications: int


def rungs(variants: int, replications: int) -> tuple[Rung, ...]:
    """Return the rungs, from all `variants` to those that are played for all `replications`."""
    levels = 0
    while variants > FACTOR ** (levels + 1) and -(-replications // FACTOR ** (levels + 1)) >= LEAST:
        levels += 1
    return tuple(
        Rung(-(-variants // FACTOR**level), -(-replications // FACTOR ** (levels - level)))
        for level in range(levels + 1)
    )


def efficient(points: Sequence[tuple[float, float]]) -> tuple[int, ...]:
    """Return which points no other beats in both numbers, by falling first number."""
    order = sorted(range(len(points)), key=lambda n: (-points[n][0], -points[n][1]))
    best, found = float("-inf"), []
    for n in order:
        if points[n][1] > best:
            best = points[n][1]
            found.append(n)
    return tuple(found)
