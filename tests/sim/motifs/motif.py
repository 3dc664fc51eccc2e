"""A motif: small plans made to meet one thing hard, drawn at random around it."""

from collections.abc import Callable
from random import Random

from attrs import frozen
from tests.sim.trials import Trial

MINUTE, HOUR, DAY = 60, 3_600, 86_400


@frozen
class Motif:
    """make: draws one trial. meets: names of `encounters` that its trials together meet often enough (test_motifs.py).

    trials: at most so many; as soon as everything is met often enough no more are drawn.
    """

    name: str
    make: Callable[[Random], Trial]
    meets: frozenset[str]
    trials: int = 12

    def drawn(self, number: int) -> Trial:
        """Return trial `number`, always the same."""
        return self.make(Random(f"{self.name} {number}"))
