"""Guards: figures per quarter hour, and the first quarter hour at which one is in breach (rules 37, 56)."""

import operator
from collections.abc import Callable, Iterable, Mapping
from typing import Final

import numpy as np
from attrs import define, field

from wakeup.plan.model import Guard, Plan
from wakeup.sim.array.book import Book
from wakeup.sim.array.codes import F64, FAR, I64, QUARTER_HOUR, Bools, Phase, position, second_of
from wakeup.sim.array.rows import Rows
from wakeup.sim.array.shared import Cost, Shared
from wakeup.sim.array.sums import sums_by
from wakeup.terms.lists import Row

COUNTS: Final[Mapping[Row, str]] = {
    Row.SENT: "sent", Row.DELIVERED: "delivered", Row.OPENED: "opened", Row.CLICKED: "clicked",
    Row.CLAIMED: "claimed", Row.JOINED: "joined", Row.COMPLETED: "completed", Row.ORDERED: "orders",
    Row.REDEEMED: "redemptions", Row.GRANTED: "grants", Row.OPTED_OUT: "opted_out", Row.COMPLAINED: "complained",
}  # fmt: skip
"""The figure that a row counts for; a completion of an event counts for `attended` too."""

_RATIOS: Final = {
    "complaint_rate": ("complained", "delivered"),
    "opt_out_rate": ("opted_out", "delivered"),
    "redemption_rate": ("redemptions", "grants"),
}
_MONEY: Final = ("spent", "send_cost", "gift_cost", "staff_cost", "discount_cost", "fixed_cost")
_OPERATORS: Final[Mapping[str, Callable[[F64, float], Bools]]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip


@define(eq=False)
class Guards:
    """Watches the guards of a plan.

    Scope 0 is the campaign, scope 1 + c channel c. happened: per figure (scopes, quarter hours) int64, counts or micros
    in each quarter hour of the run; answers that are known ahead already stand in theirs. before: per figure (scopes,),
    sums before quarter hour number `judged`, the next to be judged. done: (guard, scope) that have acted.
    """

    book: Book
    happened: dict[str, I64] = field(factory=dict)
    before: dict[str, I64] = field(factory=dict)
    judged: int = 1
    done: set[tuple[int, int]] = field(factory=set)
    tripped: list[tuple[str, str, int]] = field(factory=list)

    def __attrs_post_init__(self) -> None:
        plan = self.book.plan
        quarters = -(-(plan.end - plan.start) // QUARTER_HOUR) + 1
        scopes = 1 + len(plan.channels)
        for name in _figures(plan):
            self.happened[name] = np.zeros((scopes, quarters), np.int64)
            self.before[name] = np.zeros(scopes, np.int64)

    def first_breach(self, rows: Iterable[Rows], costs: Iterable[Cost], limit: int) -> int:
        """Return the position of the first breach before `limit`, were a block's rows and costs to stand; else FAR."""
        last = self._quarters_before(limit)
        if last <= self.judged:
            return FAR
        span = slice(self.judged - 1, last - 1)
        tables = {name: table[:, span].copy() for name, table in self.happened.items()}
        self._count(tables, rows, costs, self.judged - 1)
        sums = {name: self.before[name][:, None] + table.cumsum(axis=1) for name, table in tables.items()}
        hits = [
            breach.argmax()
            for guard, scope in self._open()
            if (breach := self._breach(self.book.plan.guards[guard], scope, sums)).any()
        ]
        return self._position(self.judged + int(min(hits))) if hits else FAR

    def add(self, rows: Iterable[Rows], costs: Iterable[Cost]) -> None:
        """Add what happened to some people, at any time of the run."""
        self._count(self.happened, rows, costs, 0)

    def add_sums(self, happened: Mapping[str, I64]) -> None:
        """Add what `happened` to other people, who have lived elsewhere."""
        for name, table in self.happened.items():
            table += happened[name]

    def take(self, rows: Iterable[Rows], costs: Iterable[Cost], limit: int) -> None:
        """Take what a block that stands has brought, and that nothing trips before `limit`."""
        self._count(self.happened, rows, costs, 0)
        last = self._quarters_before(limit)
        for name, table in self.happened.items():
            self.before[name] = self.before[name] + table[:, self.judged - 1 : max(last, self.judged) - 1].sum(axis=1)
        self.judged = max(last, self.judged)

    def judge(self, place: int, shared: Shared) -> bool:
        """Judge the quarter hour at a position and let guards act; return whether one stops the campaign."""
        plan = self.book.plan
        if not self.happened or place != self._position(self.judged) or second_of(place) >= plan.end:
            return False
        here = self.judged - 1
        sums = {name: (self.before[name] + table[:, here])[:, None] for name, table in self.happened.items()}
        stops = False
        for guard, scope in self._open():
            each = plan.guards[guard]
            if not self._breach(each, scope, sums).any():
                continue
            self.done.add((guard, scope))
            t = second_of(place)
            self.tripped.append((each.name, plan.channels[scope - 1].name if scope else "", t))
            if each.action == "pause_channel":
                until = t + each.lasts if each.lasts else plan.end
                shared.paused_until[scope - 1] = max(until, shared.paused_until[scope - 1])
            else:
                stops |= not shared.stopped
                shared.stopped = True
        self.before = {name: column[:, 0] for name, column in sums.items()}
        self.judged += 1
        return stops

    def _open(self) -> list[tuple[int, int]]:
        """Return every guard and scope that has not acted, in order."""
        scopes = range(1, 1 + len(self.book.plan.channels))
        return [
            (guard, scope)
            for guard, each in enumerate(self.book.plan.guards)
            for scope in (scopes if each.action == "pause_channel" else (0,))
            if (guard, scope) not in self.done
        ]

    def _position(self, quarter: int) -> int:
        return position(self.book.plan.start + quarter * QUARTER_HOUR, Phase.GUARDS)

    def _quarters_before(self, limit: int) -> int:
        """Return the number of the first quarter hour that is judged at `limit` or later, or not at all."""
        t, start = second_of(limit), self.book.plan.start
        first = max((t - start) // QUARTER_HOUR, 0)
        first += self._position(first) < limit
        return min(first, -(-(self.book.plan.end - start) // QUARTER_HOUR))

    def _breach(self, guard: Guard, scope: int, sums: dict[str, I64]) -> Bools:
        """Return at which quarter hours (q,) the guard's condition holds."""
        figure, known = self._figure(guard, scope, sums)
        breach: Bools = known & _OPERATORS[guard.op](figure, float(guard.value))
        if guard.after_figure:
            breach &= sums[guard.after_figure][scope] >= guard.after
        return breach

    def _figure(self, guard: Guard, scope: int, sums: dict[str, I64]) -> tuple[F64, Bools]:
        if guard.figure in _RATIOS:
            above, below = (sums[name][scope] for name in _RATIOS[guard.figure])
        elif guard.unit == "budget_share":
            budget = self.book.plan.budget
            above = sums[guard.figure][scope]
            below = np.full(above.shape, 0 if budget is None else budget.total * self.book.minor, np.int64)
        else:
            above = sums[guard.figure][scope]
            below = np.full(above.shape, self.book.minor if guard.figure in _MONEY else 1, np.int64)
        return above / np.maximum(below, 1), below > 0

    def _count(self, tables: dict[str, I64], rows: Iterable[Rows], costs: Iterable[Cost], first: int) -> None:
        """Add rows and costs to tables (scopes, quarter hours from number `first`)."""
        if not tables:
            return
        for each in rows:
            name = COUNTS.get(each.row, "")
            if name in tables:
                self._count_rows(tables[name], each, first)
            if each.row == Row.COMPLETED and "attended" in tables:
                of_events = np.isin(np.broadcast_to(each.incentive, each.t.shape), self._events())
                self._count_rows(tables["attended"], each.chosen(np.flatnonzero(of_events)), first)
        for cost in costs:
            for name in {cost.figure, "spent"} & tables.keys():
                self._add(tables[name], cost.channel, cost.t, cost.micros, first)

    def _count_rows(self, table: I64, rows: Rows, first: int) -> None:
        """Add one for each row."""
        channel_of = np.array([*self.book.channel_of, -1])  # message -1 has no channel
        if isinstance(rows.message, int):
            self._add(table, int(channel_of[rows.message]), rows.t, 1, first)
            return
        channel = channel_of[rows.message]
        for each in np.unique(channel).tolist():
            self._add(table, each, rows.t[channel == each], 1, first)

    def _events(self) -> list[int]:
        return [incentive for incentive, each in self.book.activities.items() if each.kind == "event"]

    def _add(self, table: I64, channel: int, t: I64, amount: I64 | int, first: int) -> None:
        """Add amounts (m,), or one for each, at instants (m,) to the rows of the campaign and of a channel (-1: none)
        in a table from quarter hour `first` on."""
        least, sums = sums_by((t - self.book.plan.start) // QUARTER_HOUR - first, amount)
        begin, end = max(least, 0), min(least + len(sums), table.shape[1])
        if begin < end:
            for scope in {0, 1 + channel}:
                table[scope, begin:end] += sums[begin - least : end - least]


def _figures(plan: Plan) -> set[str]:
    """Return the counts and sums that the plan's guards look at."""
    wanted: set[str] = set()
    for guard in plan.guards:
        wanted.update(_RATIOS.get(guard.figure, (guard.figure,)))
        if guard.after_figure:
            wanted.add(guard.after_figure)
    return wanted
