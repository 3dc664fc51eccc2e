"""Everybody who takes part in a run, chunk by chunk, and the chunks of those who live again.

People in memory are sorted into their parts once. People on disk are read again for every look at them, so that no more
than a chunk is held.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeVar

import numpy as np
from attrs import field, frozen

from wakeup.behaviour.arrival import Arrival, arrive
from wakeup.behaviour.protocol import Model
from wakeup.customers.attributes import Edges
from wakeup.customers.population import Population
from wakeup.customers.shards import Shards
from wakeup.customers.slices import pieces
from wakeup.sim.array.codes import I32, I64, MOST_PEOPLE, Index
from wakeup.sim.array.people import (
    Cast,
    Roll,
    Waves,
    edges_of,
    enrol,
    in_waves,
    joined,
    some_of,
    waves_of,
)
from wakeup.sim.task import Task

_Each = TypeVar("_Each")


@frozen(eq=False)
class Crowd:
    """The people of a task. chunks: the first index and the people of each; before: how many treated come before each,
    and how many there are, int64 (chunks + 1,). edges, waves: what is settled among all of them."""

    task: Task
    chunks: Iterable[tuple[int, Roll]]
    before: I64
    edges: Mapping[str, Edges] = field(factory=dict)
    waves: tuple[Waves, ...] = ()

    def all(self) -> Iterator[tuple[int, Cast, Model, Index]]:
        """Return every chunk: the index of its first person, the people and their behaviour, the numbers of its
        treated."""
        for (first, roll), before, after in zip(self.chunks, self.before[:-1], self.before[1:], strict=True):
            yield first, *self._cast(roll), np.arange(before, after)

    def some(self, numbers: I64, size: int) -> Iterator[tuple[I32, Cast, Model, Index]]:
        """Return the treated with some numbers, ascending, in chunks: index of each, the people and their behaviour,
        their numbers."""
        found: list[tuple[I32, Roll, Index]] = []
        cuts = np.searchsorted(numbers, self.before)
        # Chunks of about the same size: a small one costs nearly as much as a full one.
        left, chunks = len(numbers), max(1, round(len(numbers) / size))
        for (first, roll), before, low, high in zip(self.chunks, self.before, cuts[:-1], cuts[1:], strict=False):
            if low < high:
                mine = numbers[low:high]
                index = roll.treated[mine - before]
                found.append(((first + index).astype(np.int32), some_of(roll, index), mine))
            here = sum(len(each[2]) for each in found)
            if here and here * chunks >= left:
                who, rolls, theirs = zip(*found, strict=True)
                yield np.concatenate(who), *self._cast(joined(rolls)), np.concatenate(theirs)
                found, left, chunks = [], left - here, max(1, chunks - 1)

    @property
    def treated(self) -> int:
        """How many there are who are treated."""
        return int(self.before[-1])

    @property
    def entering(self) -> int:
        """Seconds from the first wave of all to the last."""
        entries = [each.entry for each in self.waves if each.count]
        return max(int(each[-1]) for each in entries) - min(int(each[0]) for each in entries) if entries else 0

    @property
    def alone(self) -> bool:
        """Whether one chunk has everybody."""
        return len(self.before) == 2

    def _cast(self, roll: Roll) -> tuple[Cast, Model]:
        plan, model = self.task.plan, _model(self.task, roll.given)
        arrival = roll.arrival or arrive(plan.start, roll.given, model)
        return in_waves(plan, roll, arrival, self.waves), model


def crowd_of(task: Task, size: int, *, held: bool = True) -> Crowd:
    """Say who of everybody takes part in what; chunks of `size` people.

    held: the parts of people in memory are kept, for they are looked at.

    Raises:
        ValueError: more treated people than positions can number (2^27).
    """
    plan, people = task.plan, task.population
    on_disk = isinstance(people, Shards) or not held
    arrivals = _looked_at(
        on_disk, lambda: ((first, each, arrival_of(task, each)) for first, each in _cut(people, size))
    )
    edges = edges_of(plan, (given if arrival is None else arrival.people for _, given, arrival in arrivals))
    treated: dict[int, int] = {}  # told by the first look at them

    def enrolled() -> Iterator[tuple[int, Roll]]:
        for first, given, arrival in arrivals:
            roll = enrol(plan, given, arrival, edges)
            treated[first] = int(np.count_nonzero((roll.journey >= 0) & ~roll.held_out))
            yield first, roll

    rolls = _looked_at(on_disk, enrolled)
    waves = waves_of(plan, _Again(lambda: (roll for _, roll in rolls)))
    before = np.cumsum([0, *treated.values()])
    if before[-1] >= MOST_PEOPLE:
        raise ValueError(f"{before[-1]} people are more than one run can number ({MOST_PEOPLE})")
    return Crowd(task, rolls, before, edges, waves)


def arrival_of(task: Task, people: Population) -> Arrival | None:
    """Bring some people to the start of the run; None where nobody can have ordered before it."""
    return arrive(task.plan.start, people, _model(task, people)) if people.as_of < task.plan.start else None


@frozen(eq=False)
class _Again(Iterable[_Each]):
    """Things that are made anew each time they are looked at."""

    make: Callable[[], Iterator[_Each]]

    def __iter__(self) -> Iterator[_Each]:
        return self.make()


def _looked_at(on_disk: bool, make: Callable[[], Iterator[_Each]]) -> Iterable[_Each]:
    return _Again(make) if on_disk else tuple(make())


def _cut(people: Population | Shards, size: int) -> Iterator[tuple[int, Population]]:
    return people.pieces(size) if isinstance(people, Shards) else pieces(people, size)


def _model(task: Task, people: Population) -> Model:
    return task.behaviour.model(task.plan, people, task.seed, task.replication, task.scenario)
