"""A sink that keeps everything, and prints traces as plain tables."""

from collections.abc import Sequence

import numpy as np
from attrs import define, field

from wakeup.customers.population import Population
from wakeup.figures.events import Closing, EventBatch, Membership, Part, merged, named
from wakeup.plan.model import Plan
from wakeup.terms.lists import Reason, Row

Line = tuple[int, str, str, int, str, str, int, str, str, int, bool]
"""(t, person, row, step, message, incentive, occurrence, reason, arm, amount, subsidised)."""


@define
class Recorder:
    """Keeps people, membership, rows, twin orders and closing of one replication.

    people: index into the population of everybody who is simulated, ascending, the rows of `membership`. `who` in
    batches and twins is such an index, too.
    """

    parts: list[Part] = field(factory=list)
    people: list[int] = field(factory=list)
    membership: Membership | None = None
    closing: Closing | None = None
    batches: list[EventBatch] = field(factory=list)
    twin: list[tuple[int, int, int]] = field(factory=list)

    def begin(self) -> None:
        self.parts.clear()
        self.closing = None

    def add(self, part: Part) -> None:
        assert self.closing is None
        self.parts.append(part)

    def close(self, closing: Closing) -> None:
        assert self.closing is None
        whole = joined(self.parts)
        self.people, self.membership, self.closing = whole.people.tolist(), whole.membership, closing
        assert self.people == sorted(set(self.people))
        self.batches = [batch.placed(whole.people) for batch in whole.batches]
        who, t, amount = whole.twins
        self.twin = list(zip(whole.people[who].tolist(), t.tolist(), amount.tolist(), strict=True))

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


def joined(parts: Sequence[Part]) -> Part:
    """Put the people of some parts, at least one, into one."""
    if len(parts) == 1:
        return parts[0]
    people = np.concatenate([part.people for part in parts])
    order = np.argsort(people)
    place = np.empty(len(people), np.int32)
    place[order] = np.arange(len(people), dtype=np.int32)
    own = np.split(place, np.cumsum([len(part.people) for part in parts])[:-1])
    twins = zip(*((mine[part.twins[0]], *part.twins[1:]) for mine, part in zip(own, parts, strict=True)), strict=True)
    who, t, amount = (np.concatenate(column) for column in twins)
    return Part(
        people=people[order],
        key=np.concatenate([part.key for part in parts])[order],
        named=named(np.concatenate([part.ids for part in parts])[order]),
        membership=merged([part.membership for part in parts]).of(order),
        written=[batch.placed(mine) for mine, part in zip(own, parts, strict=True) for batch in part.batches],
        twins=(who, t, amount),
    )
