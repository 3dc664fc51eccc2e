"""Everything that people touch each other through, as one value that a block can fork and give back."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

from attrs import define, evolve, field, frozen

from wakeup.plan.model import Coupon
from wakeup.sim.array.book import Book
from wakeup.sim.array.codes import FAR, I64, Index
from wakeup.sim.array.desk import Desk
from wakeup.sim.array.limits import UNLIMITED, Meter
from wakeup.sim.array.rate import Rate
from wakeup.sim.array.turns import Hours, Line

_Key = TypeVar("_Key", int, str)


@frozen(eq=False)
class Cost:
    """Debits: when, micros of each or of all, the figure of a guard that they belong to, the channel that caused them
    (-1: none)."""

    figure: str
    t: I64
    micros: I64 | int
    channel: int = -1

    def chosen(self, places: Index | slice) -> "Cost":
        """Return the debits at some places."""
        micros = self.micros if isinstance(self.micros, int) else self.micros[places]
        return evolve(self, t=self.t[places], micros=micros)


@define(eq=False)
class Shared:
    """Limits and what holds for everybody.

    stock, codes, places, wins: per incentive that has so many. lines: per declared line, spent + reserved in micros;
    reserved: the latter alone. total: spent in micros. paused_until: per channel (0: not paused). winners: per split of
    the book, -1 none. ordered: limits are asked in the order of positions. out_of_turn: first position that somebody
    came back to in a block (FAR: nobody).
    """

    stock: dict[int, Meter]
    codes: dict[int, Meter]
    places: dict[int, Meter]
    wins: dict[int, Meter]
    lines: dict[str, Meter]
    reserved: dict[str, int]
    total: Meter
    rates: list[Rate]
    desks: list[Desk]
    paused_until: list[int]
    winners: list[int]
    stopped: bool = False
    ordered: bool = True
    out_of_turn: int = FAR
    costs: list[Cost] = field(factory=list)

    @property
    def supplies(self) -> tuple[dict[int, Meter], ...]:
        """What a new grant takes one piece of, in the order in which it is asked (rules 17, 62)."""
        return self.stock, self.codes

    def fork(self, tried: "Shared | None" = None, here: int = 0) -> "Shared":
        """Return a copy on which a block from position `here` on may be played; `tried`: what an earlier try has come
        to."""
        fork = evolve(
            self,
            stock=_forked(self.stock),
            codes=_forked(self.codes),
            places=_forked(self.places),
            wins=_forked(self.wins),
            lines=_forked(self.lines),
            reserved=dict(self.reserved),
            total=self.total.fork(),
            rates=[each.fork() for each in self.rates],
            desks=[each.fork(tried.desks[i] if tried else None, here) for i, each in enumerate(self.desks)],
            paused_until=list(self.paused_until),
            winners=list(self.winners),
            out_of_turn=FAR,
            costs=[],
        )
        if tried is not None:
            for mine, others in zip(fork._limits(), tried._limits(), strict=True):
                mine.lesson = others.lesson
        return fork

    def spend(self, cost: Cost, line: str, where: Callable[[], I64]) -> None:
        """Debit costs (m,) to a line and the total; where: gives their positions."""
        if len(cost.t):
            places = where()
            for meter in self.paying(line):
                meter.change(places, cost.micros)
            self.costs.append(cost)

    def paying(self, line: str) -> Sequence[Meter]:
        """Return what a debit to a line ("": none) is taken from: the total, and the line if it is declared."""
        return [self.total, self.lines[line]] if line in self.lines else [self.total]

    def reserve(self, line: str, where: I64, micros: I64) -> None:
        """Reserve micros (m,) on a line, or give them back where they are negative."""
        if line in self.lines:
            self.lines[line].change(where, micros)
            self.reserved[line] += int(micros.sum())

    def first_wrong(self) -> int:
        """Return the position of the first answer that the true order contradicts, FAR if there is none."""
        limits = [each.first_wrong() for each in self._limits()]
        return min([self.out_of_turn, *limits, *(each.first_wrong() for each in self.desks)], default=FAR)

    def _limits(self) -> list[Meter | Rate]:
        counts = (self.stock, self.codes, self.places, self.wins)
        return [*(each for some in counts for each in some.values()), *self.lines.values(), self.total, *self.rates]


def forks(shared: Sequence[Shared], tried: Sequence[Shared] | None, here: int) -> list[Shared]:
    """Return copies for the block of each campaign; what campaigns have in common stays one thing."""
    found = [each.fork(None if tried is None else tried[number], here) for number, each in enumerate(shared)]
    if len(found) > 1:
        rates: dict[int, Rate] = {}
        desks: dict[int, Desk] = {}
        for each, fork in zip(shared, found, strict=True):
            fork.rates = [rates.setdefault(id(old), new) for old, new in zip(each.rates, fork.rates, strict=True)]
            fork.desks = [desks.setdefault(id(old), new) for old, new in zip(each.desks, fork.desks, strict=True)]
    return found


def _forked(meters: dict[_Key, Meter]) -> dict[_Key, Meter]:
    return {key: each.fork() for key, each in meters.items()}


def shared_at_start(book: Book, span: Callable[[int, I64, I64], I64]) -> Shared:
    """Return the limits of a plan before anything happened.

    Args:
        book: the plan.
        span: seconds that a desk takes for people's n-th services there.
    """
    plan, budget = book.plan, book.plan.budget
    lines = {} if budget is None else {each.name: Meter(each.limit * book.minor) for each in budget.lines}
    return Shared(
        stock={i: Meter(each.stock) for i, each in enumerate(plan.incentives) if each.stock is not None},
        codes={
            i: Meter(each.codes)
            for i, each in enumerate(plan.incentives)
            if isinstance(each, Coupon) and each.codes is not None
        },
        places={i: Meter(each.places) for i, each in book.activities.items() if each.places is not None},
        wins={i: Meter(each.wins) for i, each in book.activities.items() if each.wins is not None},
        lines=lines,
        reserved=dict.fromkeys(lines, 0),
        total=Meter(UNLIMITED if budget is None else budget.total * book.minor),
        rates=[Rate(plan.channels[channel].rate, plan.channels[channel].rate_seconds) for channel in book.rated],
        desks=[
            Desk(Hours(each.hours, plan.zone), plan.end, partial(span, index), Line([0] * each.people))
            for index, each in enumerate(plan.staff)
        ],
        paused_until=[0] * len(plan.channels),
        winners=[-1] * len(book.splits),
    )
