"""The sink that adds up one replication, part by part; no row is kept."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from wakeup.figures.adding import add_up
from wakeup.figures.events import Closing, Part, as_one
from wakeup.figures.sums import Sums, added, closed
from wakeup.figures.tables import Tables
from wakeup.figures.totals import Totals
from wakeup.plan.model import Plan, Scenario
from wakeup.terms.lists import Row

_QUARTER_HOUR: Final = 900
_NEVER: Final = int(np.iinfo(np.int64).max)
_ENOUGH: Final = 16_384
"""People from whom on it takes longer to add them up than to begin with it."""


class Tally:
    """Takes one replication of one plan under one scenario (a `wakeup.figures.events.Sink`); then ask for `totals`.

    Parts are added up as they come, in any order and of any size; small ones are kept until there are enough of them.
    Where a plan promotes a winner all are kept until the closing, which says who won: the people of an arm are those
    assigned before. Nobody may write to the arrays of a part until then.
    """

    def __init__(self, plan: Plan, scenario: Scenario | None = None) -> None:
        self._tables = Tables(plan, scenario)
        self.begin()

    def begin(self) -> None:
        """Make ready for a replication; what was taken before is void."""
        self._sums: Sums | None = None
        self._parts: list[Part] = []
        self._closing: Closing | None = None

    def add(self, part: Part) -> None:
        """Take a part.

        Raises:
            ValueError: somebody in the part has no journey.
        """
        if len(part.people) and part.membership.journey.min() < 0:
            raise ValueError("a part is of people who have a journey")
        self._parts.append(part)
        if not self._tables.plan.promotions and sum(len(each.people) for each in self._parts) >= _ENOUGH:
            self._add_up({})

    def sums(self) -> Sums:
        """Return what has been added up so far, for a tally elsewhere to `take`; there has been a part.

        Raises:
            ValueError: there has been none.
        """
        self._add_up({})
        if self._sums is None:
            raise ValueError("nothing has been added up")
        return self._sums

    def take(self, sums: Sums) -> None:
        """Take what another tally of the plan and scenario has added up of other people."""
        self._sums = sums if self._sums is None else added((self._sums, sums))

    def close(self, closing: Closing) -> None:
        """Take what the rows do not say; nothing follows."""
        self._closing = closing
        self._add_up(_promoted(self._tables, self._parts, closing) if self._tables.plan.promotions else {})

    def totals(self) -> Totals:
        """Return the sums.

        Raises:
            ValueError: the replication has no part, or has not been closed.
        """
        if self._sums is None or self._closing is None:
            raise ValueError("a replication that was not run to its end has no totals")
        return closed(self._tables, self._sums, self._closing)

    def _add_up(self, promoted: dict[tuple[int, int], int]) -> None:
        """Add up the parts that are kept."""
        if self._parts:
            self.take(add_up(self._tables, as_one(self._parts), promoted))
            self._parts = []


def _promoted(tables: Tables, parts: Sequence[Part], closing: Closing) -> dict[tuple[int, int], int]:
    """Return the instant from which a winner takes newly arriving people (SEMANTICS 26), by (journey, step)."""
    start, won = tables.plan.start, {split for split, arm in closing.promoted if arm}
    after = {f"{each.journey}/{each.split}": each.after for each in tables.plan.promotions}
    promoted = {}
    for number, journey, step, split in tables.splits():
        name = f"{journey.name}/{split.name}"
        first = _first_assigned(parts, number, step) if name in won else _NEVER
        if first != _NEVER:
            promoted[number, step] = start - (start - first - after[name]) // _QUARTER_HOUR * _QUARTER_HOUR
    return promoted


def _first_assigned(parts: Sequence[Part], journey: int, step: int) -> int:
    """Return the instant of the first assignment of a split, far away if there is none."""
    first = _NEVER
    for part in parts:
        for batch in part.batches:
            if batch.row == Row.ASSIGNED:
                mine = (part.membership.journey[batch.who] == journey) & (batch.step == step)
                first = min(first, int(batch.t[mine].min(initial=_NEVER)))
    return first
