"""What the replications of a run have cost so far, played freely and in one order: the next is begun by that.

No way of playing changes a row, so that seconds may decide; the result's `timing` says what they decided.
"""

from threading import Lock
from typing import Final

from attrs import define, field

from wakeup.sim.task import Played

_LABOURED: Final = 2
"""Where people went on or lived again more often than that, an order may be cheaper: it is tried once."""


@define(eq=False)
class Experience:
    """Of the replications of one plan in one process; threads may share it.

    tries, stood, free_s: how often everybody was played freely, how often that stood, the seconds of processor time of
    all tries. orders, order_s: the same of playing in order. because: what acted last. rounds: of the last try.
    """

    _tries: int = 0
    _stood: int = 0
    _free_s: float = 0.0
    _orders: int = 0
    _order_s: float = 0.0
    _because: str = ""
    _rounds: int = 0
    _lock: Lock = field(factory=Lock, repr=False)

    def advice(self, start: int, *, few: bool) -> Played | None:
        """Return what to take for known, None if people are to be played freely first.

        Playing freely pays if it costs less than what it saves: an order, as often as it stands. How often that is, is
        estimated with half a try of each kind (Krichevsky and Trofimov 1981).

        Args:
            start: of the run (seconds UTC).
            few: all people fit in memory at once for certain, so that an order may be tried to see what it costs.
        """
        with self._lock:
            if self._orders:
                stands = (self._stood + 0.5) / (self._tries + 1.0)
                freely = not self._tries or self._free_s / self._tries <= stands * self._order_s / self._orders
            else:
                freely = not few or self._rounds <= _LABOURED
            return None if freely else Played(start, self._because or "waiting")

    def tried(self, played: Played, seconds: float) -> None:
        """Take note of a try to play everybody freely."""
        with self._lock:
            self._tries += 1
            self._stood += played.ordered_from is None
            self._free_s += seconds
            self._because, self._rounds = played.because or self._because, played.rounds

    def ordered(self, seconds: float) -> None:
        """Take note of a replication in one order."""
        with self._lock:
            self._orders += 1
            self._order_s += seconds
