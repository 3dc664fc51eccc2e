"""A block: some people, taken out of the columns to be played up to a position, with a fork of what is shared."""

from collections.abc import Sequence
from functools import cached_property, partial
from typing import Any

import numpy as np
from attrs import define, field, frozen

from wakeup.behaviour.protocol import Model
from wakeup.customers.attributes import Values
from wakeup.customers.population import Population
from wakeup.figures.events import Orders
from wakeup.plan.model import Plan
from wakeup.sim.array.book import Book
from wakeup.sim.array.codes import FAR, I8, I16, I32, I64, U8, Bools, Index, Phase, State, positions
from wakeup.sim.array.columns import Columns, Layout
from wakeup.sim.array.coupons import Rungs
from wakeup.sim.array.localtime import Zone, Zones
from wakeup.sim.array.rows import RowLog, Rows
from wakeup.sim.array.shared import Cost, Shared
from wakeup.sim.array.truth import band_index
from wakeup.terms.lists import Reason, Row


@frozen(eq=False)
class Stage:
    """What never changes in a run. people: the population at the run's start; coupons: the rungs of each coupon.

    Per treated person (n,): who int32 index into the population, journey int16, bands int8 per tier; rungs
    (incentives, n) int16 index of a coupon's rung, -1 none (0 for other incentives); scores: RFM scores that the plan
    looks at, settled among everybody, and for whom they are known; standing (channels, n) uint8
    Reason of a send that consent or reach forbids; blank (wordings, n) bool, whether a field of the text is missing;
    touched_before: how many touches a send can find at most; rings: of the book, for so many;
    number: intp, ascending, people's numbers among all the treated; None: these are all of them. life: the model that
    tells orders where campaigns share a clock.
    """

    plan: Plan
    book: Book
    layout: Layout
    model: Model
    people: Population
    who: I32
    journey: I16
    zone: Zone
    zones: Zones
    bands: dict[str, I8]
    scores: dict[str, tuple[Values, Bools]]
    coupons: dict[int, Rungs]
    rungs: I16
    standing: U8
    blank: Bools
    touched_before: int
    rings: dict[str, tuple[int, int]]
    number: Index | None = None
    life: Model | None = None

    @property
    def living(self) -> Model:
        """What tells orders and baskets: the campaign's own model, or that of all on one clock."""
        return self.life or self.model

    @cached_property
    def lacks(self) -> tuple[bool, ...]:
        """Whether a field that a text of the message needs is blank for anybody, per message."""
        lacking: list[bool] = np.any(self.blank, axis=1).tolist()
        firsts = self.book.first_wording
        return tuple(
            lacking[number] or any(lacking[first : first + len(each.variants)])
            for number, (each, first) in enumerate(zip(self.plan.messages, firsts, strict=True))
        )

    @cached_property
    def barred(self) -> tuple[bool, ...]:
        """Whether consent or reach forbids anybody a send, per channel."""
        return tuple(np.any(self.standing, axis=1).tolist())

    @cached_property
    def unfit(self) -> tuple[bool, ...]:
        """Whether anybody has no rung of the incentive, per incentive."""
        return tuple(np.any(self.rungs < 0, axis=1).tolist())

    @cached_property
    def banded(self) -> I8:
        """The band of each person in each tier of the plan, -1 for none: int8 (n, tiers)."""
        found = np.empty((len(self.who), len(self.plan.tiers)), np.int8)
        for place, tier in enumerate(self.plan.tiers):
            found[:, place] = self.bands[tier.name]
        return found

    @property
    def horizon(self) -> int:
        """First instant at which nothing happens any more."""
        return self.plan.end + self.plan.follow_up

    def band_of(self, tier: str, band: str) -> int:
        """Return the index of a band."""
        return band_index(self.plan, tier, band)


@define(eq=False)
class Block:
    """People being played. `index` (m,) their numbers among the treated; rows of arrays here are places in it.

    whole: everybody of the stage, in order: `index` counts from 0. Where people live alone (`free.py`): stuck, bool
    (m,): what they asked for is not known yet, and till then they live no further; in_line: those of them who have come
    to wait for staff, since when, at which desk.
    Where campaigns share a clock there is a block of the same people for each: beside, all of them in order; apart, how
    far what people do in the journey, and at a desk, lies behind what those of the first campaign do. made: orders,
    whoever sees them.
    """

    stage: Stage
    index: Index
    columns: Columns
    shared: Shared
    log: RowLog = field(factory=RowLog)
    whole: bool = False
    stuck: Bools = field(factory=lambda: np.zeros(0, np.bool_))
    in_line: list[tuple[Index, I64, int]] = field(factory=list)
    beside: Sequence["Block"] = ()
    apart: int = 0
    made: list[Orders] = field(factory=list)

    @property
    def campaigns(self) -> Sequence["Block"]:
        """The blocks of all campaigns on the clock."""
        return self.beside or (self,)

    def places(self, rows: Index) -> Index:
        """Return people's places in the arrays of the stage."""
        return rows if self.whole else self.index.take(rows)

    def numbers(self, rows: Index) -> Index:
        """Return people's numbers among all the treated."""
        number = self.stage.number
        return self.places(rows) if number is None else number.take(self.places(rows))

    def who(self, rows: Index) -> I32:
        """Return the population's index of people."""
        return self.stage.who.take(self.places(rows))

    def callers(self, rows: Index) -> I64:
        """Return the numbers by which people are known where campaigns stand in one line: at desks, and when due."""
        numbers = self.numbers(rows)
        return numbers + self.apart if self.apart else numbers

    def at(self, rows: Index, t: I64, phase: int) -> I64:
        """Return positions of events of people at `t`."""
        return positions(t, phase, self.callers(rows) if phase == Phase.DUE else self.numbers(rows))

    def spend(
        self, figure: str, line: str, rows: Index, t: I64, micros: I64 | int, phase: Phase, channel: int = -1
    ) -> None:  # fmt: skip
        """Debit what each of some people costs at `t` to a line and the total, if anything in the plan looks at it.

        figure, channel: of a guard, and which channel caused it (-1: none).
        """
        if self.stage.book.counts_costs:
            self.shared.spend(Cost(figure, t, micros, channel), line, partial(self.at, rows, t, phase))

    def write(self, row: Row, rows: Index, t: I64, **columns: Any) -> None:
        """Write down rows of the trace for people at `t`."""
        if len(rows):
            self.note(row, self.who(rows), t, **columns)

    def note(self, row: Row, who: I32, t: I64, **columns: Any) -> None:
        """Write down rows of the trace for people by their index in the population."""
        self.log.add(Rows(row, who, t, **columns))

    def leave(self, rows: Index, t: I64, row: Row) -> None:
        """End the journey of people (who are in one) with a row EXITED or ENDED."""
        c, lines = self.columns, self.stage.book.program
        those = (c.state.take(rows) == State.HELD).nonzero()[0]
        if len(those):
            held, when = rows.take(those), t.take(those)
            reason = Reason.EXITED if row is Row.EXITED else Reason.ENDED
            steps = np.array([line.step for line in lines], np.int16)[c.pc[held]]
            self.write(Row.REFUSED, held, when, step=steps, message=c.held[held], reason=int(reason))
        self.write(row, rows, t)
        c.state[rows] = State.OVER
        c.when[self.stage.layout.due][rows] = FAR
        if self.stage.book.serving_desks:
            c.lined[:, rows] = -1
