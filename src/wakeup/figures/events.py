"""What the simulators hand to a sink: parts, each with all that happened to some people, and the closing."""

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

import numpy as np
from attrs import evolve, fields, frozen
from numpy.typing import NDArray

from wakeup.customers.population import Population

Orders = tuple[NDArray[np.int32], NDArray[np.int64], NDArray[np.int64]]
"""Orders in columns, each (m,): person, instant, value in minor units."""


@frozen(eq=False)
class EventBatch:
    """m rows of one kind, in any order; every array has shape (m,).

    row: kind of all rows (terms.lists.Row). who: int32 place of the person in `Part.people`. t: int64 seconds UTC.
    step: int16 index of the instruction in the journey's program, -1 when the row has none (the journey itself
    follows from the person). message, incentive: int16 index into Plan.messages / Plan.incentives, -1 none
    (the channel follows from the message). occurrence: int16, n-th row of this kind, message and incentive for this
    person, from 0. reason: uint8 (terms.lists.Reason). arm: int16 index of the arm for ASSIGNED, of the
    variant for SENT, else -1.
    amount: int64 minor units (see Row). subsidised: for REDEEMED rows, whether the order was organic (bool).
    """

    row: int
    who: NDArray[np.int32]
    t: NDArray[np.int64]
    step: NDArray[np.int16]
    message: NDArray[np.int16]
    incentive: NDArray[np.int16]
    occurrence: NDArray[np.int16]
    reason: NDArray[np.uint8]
    arm: NDArray[np.int16]
    amount: NDArray[np.int64]
    subsidised: NDArray[np.bool_]

    def __len__(self) -> int:
        """Number of rows."""
        return len(self.who)

    def column(self, name: str, kind: type[np.generic]) -> NDArray[Any]:
        """Return a column as numbers of a kind that has room for them."""
        column: NDArray[Any] = getattr(self, name)
        return column.astype(kind, copy=False)

    def placed(self, place: NDArray[np.int32]) -> "EventBatch":
        """Return the rows with person `who` named `place[who]`; the rows of people who have none (-1) are left out."""
        who = place.take(self.who)
        return evolve(self, who=who).chosen(np.flatnonzero(who >= 0))

    def chosen(self, places: NDArray[np.intp]) -> "EventBatch":
        """Return the rows at some places, which ascend."""
        if len(places) == len(self):
            return self
        return EventBatch(self.row, *(getattr(self, each.name).take(places) for each in fields(EventBatch)[1:]))


@frozen(eq=False)
class Membership:
    """Who is who in one replication; every array has shape (n,), a row for each person that it is about.

    journey: int16 index into Plan.journeys, -1 for people who are not simulated. held_out: bool. wave: int32.
    entry: int64 planned entry instant. bands: per tier (in the order of Plan.tiers) int8 index of the band, -1 none.
    eligible: how many the audience selected; no_journey: how many of them no journey took.
    orders, monetary: int32 / int64 minor units of the population at run start (organic life before it included).
    """

    journey: NDArray[np.int16]
    held_out: NDArray[np.bool_]
    wave: NDArray[np.int32]
    entry: NDArray[np.int64]
    bands: tuple[NDArray[np.int8], ...]
    eligible: int
    no_journey: int
    orders: NDArray[np.int32]
    monetary: NDArray[np.int64]

    def of(self, people: NDArray[np.integer]) -> "Membership":
        """Return the rows of some of the people, intp (m,); eligible and no_journey stay as they are."""
        return evolve(
            self,
            journey=self.journey.take(people),
            held_out=self.held_out.take(people),
            wave=self.wave.take(people),
            entry=self.entry.take(people),
            bands=tuple(band.take(people) for band in self.bands),
            orders=self.orders.take(people),
            monetary=self.monetary.take(people),
        )


Named = Sequence[tuple[NDArray[np.object_], NDArray[np.int32]]]
"""Ids of people, and the places there of those who are meant, one after the other."""


def named(ids: NDArray[np.object_]) -> Named:
    """Return that people have these ids, object (m,)."""
    return [(ids, np.arange(len(ids), dtype=np.int32))]


@frozen(eq=False)
class Part:
    """All that happened to m people in one replication, complete: no other part has a row of theirs. Each of them has a
    journey.

    people: int32 (m,) index into the population, ascending. key: uint64 (m,), ids: object (m,), as in
    `Population`; named: the ids of these people.
    membership: of these people, arrays (m,); eligible and no_journey count whom this part has looked at. twins: orders
    of the untouched twins; `who` is a place in `people`, as it is in `batches`. written: the rows as they were written,
    in any order and number; `who` is a place in `place`, int32, which has the place in `people`, or -1: then the row
    does not count (None: it is a place in `people`).
    """

    people: NDArray[np.int32]
    key: NDArray[np.uint64]
    named: Named
    membership: Membership
    written: Sequence[EventBatch]
    twins: Orders
    place: NDArray[np.int32] | None = None

    @property
    def batches(self) -> Sequence[EventBatch]:
        """The rows, in any order and number."""
        return self.written if self.place is None else [batch.placed(self.place) for batch in self.written]

    @property
    def ids(self) -> NDArray[np.object_]:
        """Ids of the people: gathered when they are asked for, since only rows of events need them."""
        return np.concatenate([ids[place] for ids, place in self.named])


def one_part(population: Population, membership: Membership, batches: Iterable[EventBatch], twins: Orders) -> Part:
    """Put everybody who has a journey into one part; arrays and `who` are those of the whole population."""
    index = np.flatnonzero(membership.journey >= 0)
    people = index.astype(np.int32)
    if len(people) == len(population):
        return Part(people, population.key, [(population.ids, people)], membership, list(batches), twins)
    place = np.full(len(population), -1, np.int32)
    place[index] = np.arange(len(people), dtype=np.int32)
    return Part(
        people=people,
        key=population.key.take(index),
        named=[(population.ids, people)],
        membership=membership.of(index),
        written=list(batches),
        twins=(place.take(twins[0]), *twins[1:]),
        place=place,
    )


def as_one(parts: Sequence[Part]) -> Part:
    """Put the people of some parts one after the other."""
    if len(parts) == 1:
        return parts[0]
    ends = np.cumsum([len(part.people) for part in parts])
    places = [np.arange(end - len(part.people), end, dtype=np.int32) for part, end in zip(parts, ends, strict=True)]
    twins = [(place[part.twins[0]], *part.twins[1:]) for part, place in zip(parts, places, strict=True)]
    who, t, amount = (np.concatenate(column) for column in zip(*twins, strict=True))
    return Part(
        people=np.concatenate([part.people for part in parts]),
        key=np.concatenate([part.key for part in parts]),
        named=[named for part in parts for named in part.named],
        membership=merged([part.membership for part in parts]),
        written=[batch for part, place in zip(parts, places, strict=True) for batch in _placed(part, place)],
        twins=(who, t, amount),
    )


def _placed(part: Part, place: NDArray[np.int32]) -> list[EventBatch]:
    """Return the rows of a part with the person at `k` in its people named `place[k]`."""
    if part.place is not None:
        place = np.append(place, np.int32(-1)).take(part.place)
    return [batch.placed(place) for batch in part.written]


def merged(members: Sequence[Membership]) -> Membership:
    """Put the people of some memberships one after the other."""
    return Membership(
        journey=np.concatenate([each.journey for each in members]),
        held_out=np.concatenate([each.held_out for each in members]),
        wave=np.concatenate([each.wave for each in members]),
        entry=np.concatenate([each.entry for each in members]),
        bands=tuple(np.concatenate(tier) for tier in zip(*(each.bands for each in members), strict=True)),
        eligible=sum(each.eligible for each in members),
        no_journey=sum(each.no_journey for each in members),
        orders=np.concatenate([each.orders for each in members]),
        monetary=np.concatenate([each.monetary for each in members]),
    )


@frozen
class Closing:
    """What the rows of a replication do not say.

    reserved: minor units still reserved per budget line at the end of the run, by line name. promoted: per split
    "journey/split" the winning arm or "". tripped: (guard, channel or "", instant).
    """

    reserved: tuple[tuple[str, int], ...]
    promoted: tuple[tuple[str, str], ...]
    tripped: tuple[tuple[str, str, int], ...]


class Sink(Protocol):
    """Takes what a replication produces: its beginning, its parts in any order, then the closing."""

    def begin(self) -> None:
        """Make ready for a replication; it may begin once more, and what was taken before is void then."""

    def add(self, part: Part) -> None:
        """Take a part; everybody who is simulated is in exactly one."""

    def close(self, closing: Closing) -> None:
        """Take what the rows do not say; nothing follows."""
