"""Everybody lives alone: the whole run of some people, then of the next, as if nothing shared ever said no.

What they ask of limits is added up, and so is what guards look at. Where no limit and no guard would have acted, the
answers were right and the result stands (docs/semantics/array.md).
"""

from collections.abc import Iterator, Mapping
from functools import cached_property, partial
from typing import Final

import numpy as np
from attrs import evolve

from wakeup.behaviour.protocol import Model
from wakeup.figures.events import Closing, Part, Sink, one_part
from wakeup.sim.array import ending
from wakeup.sim.array.apart import apart
from wakeup.sim.array.block import Block
from wakeup.sim.array.book import Book
from wakeup.sim.array.codes import DAY, FAR, I16, I32, I64, Index, Phase, State, position, second_of
from wakeup.sim.array.columns import layout_alone, starting_columns
from wakeup.sim.array.crowd import Crowd, crowd_of
from wakeup.sim.array.events import happen
from wakeup.sim.array.guards import Guards
from wakeup.sim.array.localtime import Zone
from wakeup.sim.array.people import Cast
from wakeup.sim.array.rows import RowLog, Rows
from wakeup.sim.array.sending import hold_for_place
from wakeup.sim.array.shared import Cost
from wakeup.sim.array.slack import Pool, again, pool_at_start
from wakeup.sim.array.stage import permissions, set_stage
from wakeup.sim.array.trouble import cut, cuts
from wakeup.sim.array.twins import live_untouched
from wakeup.sim.task import Played, Task

_ROUNDS: Final = 400
"""How often people may go on or live again, because more is known, before the order is left to the calendar."""
_ATTEMPTS: Final = 4
"""How often everybody may live, because somebody was told what is not so."""


def run(task: Task, sink: Sink, *, chunk: int) -> Played:
    """Live one replication, and hand over a part per chunk of people; the closing only if the result stands.

    Args:
        task: the plan, the people, the behaviour, seed and replication, the scenario.
        sink: takes what happened.
        chunk: how many people live side by side; no chunk changes a row.

    Returns:
        whether it stands (`ordered_from` None), else from when on and because of what it does not.
    """
    book = Book(task.plan, task.scenario)
    reason = never_free(book)
    if reason:
        return Played(task.plan.start, reason)
    crowd = crowd_of(task, chunk)
    pool, rounds = pool_at_start(book, crowd.treated, eager=True, entering=crowd.entering), 0
    for _ in range(_ATTEMPTS):
        lives = _Lives(task, book, crowd, pool)
        sink.begin()
        for part in lives.parts(chunk):
            sink.add(part)
            del part  # it is not kept while the next people live
        played = lives.bound()
        rounds += lives.rounds
        if played.ordered_from is None:
            sink.close(closing(book, pool))
        if played.ordered_from is None or not lives.misled:
            break
        pool, rounds = again(book, crowd.treated, pool), rounds + 1
    return evolve(played, rounds=rounds)


def closing(book: Book, pool: Pool) -> Closing:
    """Return the closing of a replication that stands."""
    return Closing(tuple((line, micros // book.minor) for line, micros in pool.reserved.items()), (), ())


def never_free(book: Book) -> str:
    """Return what in a plan needs the order of events among people by its nature, "" if nothing does."""
    if book.staffed:
        return "staff"
    return "promotion" if book.plan.promotions else ""


class _Lives:
    """Everybody's lives in one replication, and what they come to together."""

    def __init__(self, task: Task, book: Book, crowd: Crowd, pool: Pool) -> None:
        self._task, self._book, self._crowd, self._pool = task, book, crowd, pool
        self._layout, self._guards = layout_alone(book), Guards(book)
        self._tangled = False
        self._together = False  # all live side by side, and who waits goes on from there
        self.misled = False
        self.rounds = 0

    def parts(self, chunk: int) -> Iterator[Part]:
        """Let everybody live, chunk by chunk; then again those who waited for what is known now."""
        self._book_costs()
        treated = self._crowd.treated
        self._together = self._crowd.alone
        for first, players, model, number in self._crowd.all():
            for places in self._pool.places_of:
                places.share = (int(number[-1]) + 1) / treated if len(number) else places.share
            yield _behind(first, self._lived(players, model, number))  # nothing here keeps it while the next live
            if self._acts() or self._wrong():
                return
        for places in self._pool.places_of:
            places.look_ahead()
        for _ in range(_ROUNDS):
            numbers = self._learned()
            if not len(numbers):
                return
            self._forget(numbers)
            for who, players, model, number in self._crowd.some(numbers, chunk):
                yield _named(who, self._lived(players, model, number))
            if self._acts():
                return
        self._tangled = True

    def _acts(self) -> bool:
        """Say whether a limit may act: the more people have lived, the sooner it does, so it stays so."""
        return min(self._pool.binds(self._task.plan))[0] < FAR

    def _wrong(self) -> bool:
        """Say whether an answer was wrong: then it is of no use to go on."""
        wrong = [*(each.wrong for each in self._pool.places_of), *(each.unlike for each in self._pool.queues)]
        return min(wrong, default=FAR) < FAR

    def bound(self) -> Played:
        """Return the first instant at which something shared may have acted, and what."""
        plan, book, pool = self._task.plan, self._book, self._pool
        breach = self._guards.first_breach((), (), position(plan.end, Phase.FREED))
        rated = [plan.channels[channel].name for channel in book.rated]
        acts = [(breach if breach == FAR else second_of(breach), "guard"), *pool.binds(plan)]
        acts += [(each.unlike, f"staff {one.name}") for one, each in zip(plan.staff, pool.queues, strict=True)]
        acts += [(plan.start, "waiting")] if self._tangled else []
        told = [(each.first_wrong(), f"rate of {name}") for name, each in zip(rated, pool.places_of, strict=True)]
        told += [(each.first_wrong(), f"staff {one.name}") for one, each in zip(plan.staff, pool.queues, strict=True)]
        acted, misled = min(acts), min(told, default=(FAR, ""))
        self.misled = acted[0] == FAR
        first, because = min(acted[0], misled[0]), (misled if self.misled else acted)[1]
        return Played() if first == FAR else Played(first, because)

    def _forget(self, numbers: I64) -> None:
        """Forget what people wait for, or have asked if they live again: they ask again, and then it is known."""
        people = np.zeros(self._crowd.treated, np.bool_)
        people[numbers] = True
        for each in self._pool.orders:
            each.forget(people)

    def _learned(self) -> I64:
        """Find out more about what people wait for; return the numbers, ascending, of those who may live again.

        Nobody does once an answer was wrong.
        """
        if self._wrong():
            return np.zeros(0, np.int64)
        places = self._pool.places_of
        first = {number: t for number, each in enumerate(places) if (t := each.first_waiting()) < FAR}
        if first:
            found = [places[number].learn(until) for number, until in self._foreseeable(first).items()]
        else:
            found = [each.learn() for each in self._pool.queues]
        people = np.zeros(self._crowd.treated, np.bool_)
        people[np.concatenate([np.zeros(0, np.int64), *found])] = True
        numbers = np.flatnonzero(people)
        self.rounds += len(numbers) > 0
        return numbers

    def _foreseeable(self, first: Mapping[int, int]) -> dict[int, int]:
        """Return up to when the order of rates can be told: before anybody who waits now can come to ask there again.

        Whoever is sent something asks again at the earliest on the next day, and not before the plan has them ask; who
        is delayed may ask the rate of a fallback at once. Where that is wrong, it costs time and no row; after that
        (`late`) a day at once is told.

        Args:
            first: since when people wait, per number of a rate.

        Returns:
            the instant up to which it can, per number of a rate: of those of which more can be told.
        """
        zone, last = Zone(self._task.plan.zone), self._task.plan.end + 1
        days = zone.day(np.array([*first.values()])) + 1
        midnight: dict[int, int] = dict(zip(first, zone.instant(days * DAY).tolist(), strict=True))
        late = any(places.late for places in self._pool.places_of)

        def comes(asked: int, rate: int) -> int:
            """Return when those who wait for one rate can come to ask another."""
            if asked in self._book.asked_before[rate]:
                return first[asked]
            return max(midnight[asked], 0 if late else min(first[asked] + self._apart[asked][rate], last))

        found = {rate: min(comes(asked, rate) for asked in first) for rate in first}
        earliest = min(first, key=first.__getitem__)
        return {rate: t for rate, t in found.items() if t > first[rate]} or {earliest: midnight[earliest]}

    @cached_property
    def _apart(self) -> list[list[int]]:
        return apart(self._book)

    def _lived(self, players: Cast, model: Model, number: Index) -> Part:
        """Let some people live from the start of the run to the horizon; number: of the treated among all treated."""
        stage = set_stage(self._layout, players, model, number)
        self._meet(number)
        columns = starting_columns(self._layout, players, permissions(stage), stage.who)
        count = len(stage.who)
        stuck = np.zeros(count, np.bool_)
        block = Block(stage, np.arange(count), columns, self._pool, whole=True, stuck=stuck)
        self._live_on(block, number)
        if self._together:
            self._go_on(block, number)
        ending.finish(block)
        live(block, stage.horizon)
        ending.lapse_the_rest(block)
        waiting = np.flatnonzero(stuck)
        self._pool.settle(np.sort(block.numbers(waiting)))
        if len(waiting):
            players = _without(stage.who[waiting], players)
        self._guards.add(_those_of(players, block.log), self._pool.costs)
        self._pool.costs.clear()
        twins = live_untouched(players, model, stage.horizon, block.log, self._task.scenario)
        return one_part(players.people, players.membership, block.log.batches(), twins)

    def _meet(self, number: Index) -> None:
        for each in self._pool.orders:
            each.meet(number)

    def _go_on(self, block: Block, number: Index) -> None:
        """Let those who wait go on, when it is known, from where they asked; till nobody waits."""
        for places in self._pool.places_of:
            places.look_ahead()
        for _ in range(_ROUNDS):
            self._pool.add_up(np.zeros(0, np.int64))
            numbers = np.zeros(0, np.int64) if self._acts() else self._learned()
            if not len(numbers):
                return
            self._forget(numbers)
            self._meet(number)
            self._live_on(block, number, _rows_of(numbers, number))

    def _live_on(self, block: Block, number: Index, rows: Index | None = None) -> None:
        """Let people (none: all) live up to the end of the run, or to where they wait."""
        end = self._task.plan.end
        if rows is not None:
            block.stuck[rows] = False
        live(block, end, rows)
        while len(rows := self._seated(block, number)):
            live(block, end, rows)
        for people, t, desk in block.in_line:
            _foresee(block, people, t, desk)
        block.in_line.clear()

    def _seated(self, block: Block, number: Index) -> Index:
        """Give places to those who wait for one, where that can be told already; return who lives on."""
        onward = np.zeros(len(number), np.bool_)
        for rated, places in enumerate(self._pool.places_of):
            people, start = places.seat(number)
            rows = _rows_of(people, number)
            onward[rows] = True
            held = np.flatnonzero(start < FAR)
            hold_for_place(block, rows[held], start[held], rated)
        block.stuck[onward] = False
        return np.flatnonzero(onward)

    def _book_costs(self) -> None:
        """Book the fixed costs before the horizon (rule 43), and what a scenario takes of the budget (rule 82)."""
        plan = self._task.plan
        for each in plan.costs:
            t = max(each.on, plan.start)
            if t < plan.end + plan.follow_up:
                cost = Cost("fixed_cost", np.array([t]), np.array([each.amount * self._book.minor]))
                self._pool.spend(cost, each.line, partial(np.array, [position(t, Phase.FREED)]))
        for t, micros in cuts(self._book, plan.end + plan.follow_up):
            cut(self._pool, t, micros)
        self._pool.settle(np.zeros(0, np.int64))
        self._guards.add((), self._pool.costs)
        self._pool.costs.clear()


class Elsewhere:
    """Everybody's lives in one replication, lived chunk by chunk wherever there was room (`spread.py`).

    pool, guards: what all who have been added have asked of what is shared, and what guards look at.
    """

    def __init__(self, task: Task, book: Book, treated: int) -> None:
        self.pool = pool_at_start(book, treated)
        self._lives = _Lives(task, book, Crowd(task, (), np.zeros(1, np.int64)), self.pool)
        self._lives._book_costs()
        self.guards = self._lives._guards

    def acts(self) -> bool:
        """Say whether a limit may act."""
        return self._lives._acts()

    def bound(self) -> Played:
        """Return the first instant at which a limit or a guard may have acted, and which."""
        return self._lives.bound()


def lived(task: Task, book: Book, crowd: Crowd, treated: int) -> tuple[Part, Pool, Guards]:
    """Let the people of a crowd of one chunk live, as if nobody else were there; return what they have come to, and
    asked of what is shared. treated: how many there are everywhere."""
    pool = pool_at_start(book, treated)
    lives = _Lives(task, book, crowd, pool)
    _, players, model, number = next(crowd.all())
    return lives._lived(players, model, number), pool, lives._guards


def _behind(first: int, part: Part) -> Part:
    """Return a part of people who lie one after the other in the population, from index `first` on."""
    return evolve(part, people=part.people + np.int32(first))


def _named(who: I32, part: Part) -> Part:
    """Return a part of people who have these indices in the population, int32 (n,)."""
    return evolve(part, people=who[part.people])


def _without(who: I32, players: Cast) -> Cast:
    """Leave some people out of what a chunk has come to: who is left has a journey, they have none."""
    journey = players.membership.journey.copy()
    journey[who] = -1
    return evolve(players, membership=evolve(players.membership, journey=journey))


def _those_of(players: Cast, log: RowLog) -> Iterator[Rows]:
    """Return the rows of people who have a journey."""
    stays = players.membership.journey >= 0
    return (each.chosen(stays.take(each.who).nonzero()[0]) for each in log.rows)


def _foresee(block: Block, rows: Index, t: I64, desk: int) -> None:
    """Let people who stand in a desk's line since `t` live on aside, as if nobody ever served them: it shows when they
    leave the line."""
    assert isinstance(block.shared, Pool)
    end = block.stage.plan.end
    moved = (block.columns.when[:-1].take(rows, axis=1).min(axis=0) < end).nonzero()[0]  # the others stay in line
    rows, c = rows[moved], block.columns.take(rows[moved])
    c.state[:], c.lined[0], c.asked_at[0], c.when[block.stage.layout.due] = State.HELD, desk, t[moved], FAR
    live(Block(block.stage, rows, c, block.shared.aside(), stuck=np.zeros(len(rows), np.bool_)), end)


def _rows_of(people: I64, number: Index) -> Index:
    """Return the places of people, by number, among numbers that ascend."""
    without_gaps = len(number) and int(number[-1]) - int(number[0]) + 1 == len(number)
    return people - number[0] if without_gaps else np.searchsorted(number, people)


def live(block: Block, until: int, rows: Index | None = None) -> None:
    """Let people live up to an instant, each for themselves; rows: some of them (none: all)."""
    active = np.arange(len(block.index)) if rows is None else rows
    while True:
        coming, column, t = _next(block, active, until)
        if not len(coming):
            break
        happen(block, coming, column, t)
        if 2 * len(coming) < len(active):  # to look at everybody takes less time than to gather many
            active = coming
        if block.stuck.any():
            active = active[~block.stuck[active]]


def _next(block: Block, rows: Index, until: int) -> tuple[Index, I16, I64]:
    """Return the column and instant of people's next event, for those of them who have one before `until`.

    Mostly they are due, which is the last column.
    """
    when = block.columns.when
    if len(rows) < when.shape[1]:
        when = when.take(rows, axis=1)
    others, due = when[:-1].min(axis=0), when[-1]
    t = np.minimum(others, due)
    column = np.full(len(t), len(when) - 1, np.int16)
    earlier = ((others <= due) & (others < until)).nonzero()[0]
    column[earlier] = _first_with(when[:-1], earlier, t.take(earlier))
    coming = (t < until).nonzero()[0]
    if len(coming) == len(rows):
        return rows, column, t
    return rows.take(coming), column.take(coming), t.take(coming)


def _first_with(when: I64, people: Index, t: I64) -> I16:
    """Return the first of some columns in which some people's instants `t` stand: column by column, since NumPy finds
    the least of each person's few numbers one by one."""
    found = np.full(len(people), len(when) - 1, np.int16)
    for number in range(len(when) - 2, -1, -1):
        np.putmask(found, when[number].take(people) == t, number)
    return found
