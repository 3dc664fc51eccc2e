"""Promotion of the winning arm of a split: who counts, what is a success, when an arm is sure (SEMANTICS 26)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final

from wakeup.stats.posteriors import probability_best

OUTCOMES: Final[Mapping[str, Collection[str]]] = {
    "conversion": ("order",),
    "converted": ("order",),
    "orders": ("order",),
    "opened": ("open",),
    "clicked": ("click",),
    "claimed": ("claim",),
    "joined": ("join",),
    "completed": ("complete",),
    "attended": ("attend",),
}
"""The outcome that counts per figure; for every other (wake_rate, woken) those that the campaign calls awake."""


def succeeded(assigned: int, within: int, names: Collection[str], outcomes: Iterable[tuple[int, str]]) -> bool:
    """Return whether one of the outcomes (t, name) fell between the assignment and `within` seconds after it."""
    return any(name in names and assigned < t < assigned + within for t, name in outcomes)


def promoted(successes: Sequence[int], people: Sequence[int], sure: float) -> int | None:
    """Return the arm to promote, None if none is sure.

    Args:
        successes: per arm.
        people: per arm, those who were assigned long enough ago.
        sure: the probability of being the best that the winner must have.
    """
    chances = probability_best(successes, people).tolist()
    winner = max(range(len(chances)), key=chances.__getitem__)
    return winner if chances[winner] >= sure else None
