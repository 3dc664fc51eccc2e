"""A sink that keeps everything, and prints traces as plain tables."""

import numpy as np
from attrs import define, field
from numpy.typing import NDArray

from wakeup.customers.population import Population
from wakeup.figures.events import Closing, EventBatch, Membership
from wakeup.plan.model import Plan
from wakeup.terms.lists import Reason, Row

Line = tuple[int, str, str, int, str, str, int, str, str, int, bool]
"""(t, person, row, step, message, incentive, occurrence, reason, arm, amount, subsidised)."""


@define
class Recorder:
    """Keeps membership, rows, twin orders and closing of one replication."""

    membership: Membership | None = None
    closing: Closing | None = None
    batches: list[EventBatch] = field(factory=list)
    twin: list[tuple[int, int, int]] = field(factory=list)

    def begin(self, membership: Membership) -> None:
        self.membership = membership

    def add(self, batch: EventBatch) -> None:
        assert self.membership is not None
        assert self.closing is None
        self.batches.append(batch)

    def add_twin(self, who: NDArray[np.int32], t: NDArray[np.int64], amount: NDArray[np.int64]) -> None:
        self.twin += [(int(w), int(at), int(a)) for w, at, a in zip(who, t, amount, strict=True)]

    def close(self, closing: Closing) -> None:
        assert self.closing is None
        self.closing = closing

    def lines(self, plan: Plan, people: Population) -> list[Line]:
        """Every row in words, in the order of the trace: t, customer key, row, step, message, incentive, occurrence."""
        rows = sorted(
            (int(t), int(who), batch.row, int(step), int(message), int(incentive), int(occurrence), *map(int, rest))
            for batch in self.batches
            for t, who, step, message, incentive, occurrence, *rest in zip(
                batch.t, batch.who, batch.step, batch.message, batch.incentive, batch.occurrence,
                batch.reason, batch.arm, batch.amount, batch.subsidised, strict=True,
            )
        )  # fmt: skip
        return [self._line(plan, people, row) for row in rows]

    def of(self, plan: Plan, people: Population, person: str) -> list[tuple[int, str]]:
        """(t, row) of one person, rows in words such as "sent nudge" or "refused nudge cap"."""
        return [(line[0], words(line)) for line in self.lines(plan, people) if line[1] == person]

    def twin_orders(self, people: Population) -> list[tuple[int, str, int]]:
        """(t, person, value) of the twins' orders."""
        return sorted((t, str(people.ids[who]), amount) for who, t, amount in self.twin)

    def _line(self, plan: Plan, people: Population, row: tuple[int, ...]) -> Line:
        t, who, kind, step, message, incentive, occurrence, reason, arm, amount, subsidised = row
        return (
            t, str(people.ids[who]), Row(kind).name.lower(), step,
            plan.messages[message].name if message >= 0 else "",
            plan.incentives[incentive].name if incentive >= 0 else "",
            occurrence, Reason(reason).name.lower() if reason else "", str(arm) if arm >= 0 else "",
            amount, bool(subsidised),
        )  # fmt: skip


def words(line: Line) -> str:
    """A row in a few words: kind, message, incentive, reason, arm, amount, as far as it has them."""
    _, _, kind, _, message, incentive, _, reason, arm, amount, subsidised = line
    parts = [kind, message, incentive, reason, arm and f"arm {arm}", str(amount) if amount else ""]
    return " ".join(part for part in [*parts, "subsidised" if subsidised else ""] if part)
