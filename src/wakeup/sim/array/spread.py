"""One replication in several places: some of the people live here, others elsewhere, and what they come to is added up.

Whoever leads the run settles what people are told by who else there is, cuts the people into pieces, and has each piece
live wherever there is room, alone as in `free.py`. What a piece came to is a handful of sums of whole numbers, so that
no order of adding and no place shows. Where nobody had to wait and no limit and no guard would have acted, they stand.
"""

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np
from attrs import evolve, frozen

from wakeup.customers.attributes import Edges
from wakeup.customers.population import Population
from wakeup.customers.shards import Shards
from wakeup.customers.slices import sliced
from wakeup.figures.sums import Sums
from wakeup.figures.tally import Tally
from wakeup.figures.totals import Totals
from wakeup.sim.array.book import Book
from wakeup.sim.array.codes import I64
from wakeup.sim.array.crowd import Crowd, arrival_of, crowd_of
from wakeup.sim.array.free import Elsewhere, closing, lived, never_free
from wakeup.sim.array.people import Waves, enrol
from wakeup.sim.array.slack import Slack
from wakeup.sim.task import Played, Task

PIECE: Final = 65_536
"""How many people live in one place at a time."""

_PROBE: Final = 16_384
"""How many live to see whether anybody waits for a rate."""

_BETWEEN: Final = "\n"


@frozen(eq=False)
class Settled:
    """What is settled among all people before any lives: the edges of RFM scores, the waves of each journey, how many
    are treated."""

    edges: Mapping[str, Edges]
    waves: tuple[Waves, ...]
    treated: int


@frozen(eq=False)
class Piece:
    """Some people of a replication, to live anywhere.

    first, last: their rows. begin, end: the numbers of their treated. people: they themselves; None: they are on disk,
    and whoever lives them reads them.
    """

    settled: Settled
    first: int
    last: int
    begin: int
    end: int
    people: Population | None

    def __reduce__(self) -> tuple[Callable[..., "Piece"], tuple[object, ...]]:
        """Send ids as one text where they allow it: one by one they take half as long as living does."""
        here = (self.settled, self.first, self.last, self.begin, self.end)
        if self.people is None:
            return Piece, (*here, None)
        ids = self.people.ids.tolist()
        text = _BETWEEN.join(ids)
        sent = text if text.count(_BETWEEN) == len(ids) - 1 else ids
        return _unpacked, (here, evolve(self.people, ids=self.people.ids[:0]), sent)


def _unpacked(here: tuple[Settled, int, int, int, int], people: Population, sent: str | list[str]) -> Piece:
    ids = sent.split(_BETWEEN) if isinstance(sent, str) else sent
    return Piece(*here, evolve(people, ids=np.array(ids, np.object_)))


@frozen(eq=False)
class Lived:
    """What the people of a piece came to: sums, and what they asked of what is shared.

    meters: in the order of `Pool.meters`. reserved: micros per line at the end of the run. windows: of each rated
    channel, those in which they have places, and how many (None: somebody waits for one). happened: as in `Guards`.
    """

    sums: Sums
    meters: tuple[Slack, ...]
    reserved: Mapping[str, int]
    windows: tuple[tuple[I64, I64] | None, ...]
    happened: Mapping[str, I64]


def can_spread(task: Task) -> bool:
    """Say whether the people of a task may stand side by side without one order among them, as far as can be told.

    Where a channel has a rate a few of them live for it, as if they were all there are: waves are as large then.
    """
    book = Book(task.plan, task.scenario)
    if never_free(book) or task.plan.staff:
        return False
    if not book.rated:
        return True
    people, last = task.population, min(_PROBE, len(task.population))
    few = evolve(task, population=people.read(0, last) if isinstance(people, Shards) else sliced(people, 0, last))
    crowd = crowd_of(few, _PROBE)
    _, pool, _ = lived(few, book, crowd, crowd.treated)
    return all(each.windows() is not None for each in pool.places_of)


class Spread:
    """One replication that lives in pieces; `pieces` are all of them."""

    def __init__(self, task: Task, size: int) -> None:
        self._task, self._book = task, Book(task.plan, task.scenario)
        crowd = crowd_of(task, size, held=False)
        settled, people = Settled(crowd.edges, crowd.waves, crowd.treated), task.population
        firsts = range(0, len(people), size)
        self.pieces = [
            Piece(settled, first, min(first + size, len(people)), int(begin), int(end), None)
            for first, begin, end in zip(firsts, crowd.before[:-1], crowd.before[1:], strict=True)
        ]
        self._everybody = Elsewhere(task, self._book, crowd.treated)
        self._tally = Tally(task.plan, task.scenario)
        self._waits = False

    def piece(self, number: int) -> Piece:
        """Return a piece, with its people unless they are on disk."""
        each, people = self.pieces[number], self._task.population
        return each if isinstance(people, Shards) else evolve(each, people=sliced(people, each.first, each.last))

    def take(self, found: Lived) -> bool:
        """Add what a piece came to; return whether there is any use in the next."""
        pool = self._everybody.pool
        self._tally.take(found.sums)
        for mine, theirs in zip(pool.meters, found.meters, strict=True):
            mine.add(theirs)
        for line, micros in found.reserved.items():
            pool.reserved[line] += micros
        self._everybody.guards.add_sums(found.happened)
        for places, windows in zip(pool.places_of, found.windows, strict=True):
            self._waits |= windows is None or not places.add(*windows)
        return not self._waits and not self._everybody.acts()

    def played(self) -> Played | None:
        """Return how everybody has lived, once they have; None: somebody has to wait for a place, which is not found
        out here."""
        played = self._everybody.bound()
        return None if played.ordered_from is None and self._waits else played

    def totals(self) -> Totals:
        """Return the sums of a replication that stands."""
        self._tally.close(closing(self._book, self._everybody.pool))
        return self._tally.totals()


def live(task: Task, piece: Piece) -> Lived:
    """Let the people of a piece live; `task` has them, and nobody else."""
    plan, people = task.plan, task.people
    roll = enrol(plan, people, arrival_of(task, people), piece.settled.edges)
    crowd = Crowd(task, ((0, roll),), np.array([piece.begin, piece.end], np.int64), waves=piece.settled.waves)
    part, pool, guards = lived(task, Book(plan, task.scenario), crowd, piece.settled.treated)
    tally = Tally(plan, task.scenario)
    tally.add(part)
    return Lived(
        sums=tally.sums(),
        meters=tuple(pool.meters),
        reserved=pool.reserved,
        windows=tuple(each.windows() for each in pool.places_of),
        happened=guards.happened,
    )
