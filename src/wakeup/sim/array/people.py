"""Before the run: organic life up to its start, the audience, journeys, holdout and waves (rules 1-5, 41, 42).

People come in pieces. What a person is told by who else there is (RFM scores, the wave) is settled first, among all.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from wakeup.behaviour.arrival import Arrival, arrive
from wakeup.behaviour.protocol import Model
from wakeup.customers.attributes import SCORED, Edges, Values, edges_among, scored
from wakeup.customers.population import NEVER, Population
from wakeup.customers.slices import joined as together
from wakeup.customers.slices import taken
from wakeup.decide.calendar import wave_entry
from wakeup.draws import share
from wakeup.figures.events import Membership
from wakeup.plan.model import Journey, Plan
from wakeup.plan.predicates import Compare
from wakeup.plan.reading import leaves
from wakeup.sim.array.codes import F64, I16, I64, Bools, Index
from wakeup.sim.array.localtime import Zone, Zones
from wakeup.sim.array.truth import Seen, bands_of, yes

_CELLS: Final = 1_024
"""Cells in which places in [0, 1) are looked up."""


@frozen(eq=False)
class Roll:
    """Some people, and what part each has: journey int16 (n,), -1 none; held_out; bands int8 (n,) per tier; scores: RFM
    scores that the plan looks at, and for whom they are known, (n,) each.

    given: they as the data left them, which a behaviour is bound to. arrival: they at the start of the run; None where
    nobody can have ordered before it: then their first orders are asked for when they live.
    """

    given: Population
    arrival: Arrival | None
    scores: Mapping[str, tuple[Values, Bools]]
    bands: Mapping[str, NDArray[np.int8]]
    journey: I16
    held_out: Bools
    eligible: int
    no_journey: int

    @property
    def people(self) -> Population:
        """The people as of the run's start."""
        return self.given if self.arrival is None else self.arrival.people

    @property
    def treated(self) -> Index:
        """Index of everybody who has a journey and is not held out."""
        return np.flatnonzero((self.journey >= 0) & ~self.held_out)


@frozen(eq=False)
class Waves:
    """The waves of one journey: `entry` int64 (waves,) instants. Wave k >= 1 begins with the treated person whose
    (share, key) is first[k - 1], the pairs ascending; the key is 0 where nobody of a wave before shares the
    share. count: treated people."""

    count: int
    first_share: F64
    first_key: NDArray[np.uint64]
    entry: I64


@frozen(eq=False)
class Cast:
    """Who takes part, all columns in order of the people; `roll` has the rest."""

    roll: Roll
    arrival: Arrival
    membership: Membership
    zone: Zone

    @property
    def people(self) -> Population:
        """The people as of the run's start."""
        return self.arrival.people

    @property
    def treated(self) -> Index:
        """Index of everybody who has a journey and is not held out."""
        return np.flatnonzero((self.membership.journey >= 0) & ~self.membership.held_out)

    @property
    def simulated(self) -> Index:
        """Index of everybody who has a journey."""
        return np.flatnonzero(self.membership.journey >= 0)


def edges_of(plan: Plan, everybody: Iterable[Population]) -> dict[str, Edges]:
    """Return the edges of the RFM scores that the plan looks at, among all as of the run's start (rule 40)."""
    asked = {each.attribute for each in leaves(plan) if isinstance(each, Compare)} & SCORED.keys()
    if not asked:
        return {}
    found: dict[str, list[NDArray[Any]]] = {name: [] for name in asked}
    for people in everybody:
        known = people.orders > 0
        for name, columns in found.items():
            columns.append(getattr(people, SCORED[name])[known])
    return {name: edges_among(np.concatenate(columns)) for name, columns in found.items()}


def enrol(plan: Plan, given: Population, arrival: Arrival | None, edges: Mapping[str, Edges]) -> Roll:
    """Say who takes part in what; the arguments are those of `Roll`."""
    people, zone = given if arrival is None else arrival.people, Zone(plan.zone)
    scores = {name: _scored(people, name, each) for name, each in edges.items()}
    seen = Seen(plan, people, np.full(len(people), plan.start, np.int64), zone, {}, {}, scores)
    bands = bands_of(plan, seen)
    seen = evolve(seen, bands=bands)
    eligible = yes(plan.audience, seen)
    journey = np.full(len(people), -1, np.int16)
    for index, each in enumerate(plan.journeys):
        journey[np.flatnonzero(eligible & (journey < 0) & yes(each.match, seen))] = index
    held_out = (share(people.key, plan.holdout_salt) < float(plan.holdout)) & (journey >= 0)
    return Roll(
        given=given,
        arrival=arrival,
        scores=scores,
        bands=bands,
        journey=journey,
        held_out=held_out,
        eligible=int(eligible.sum()),
        no_journey=int((eligible & (journey < 0)).sum()),
    )


def waves_of(plan: Plan, rolls: Iterable[Roll]) -> tuple[Waves, ...]:
    """Return the waves of every journey, settled among all; who is looked at again has to be the same people, in
    ascending order of their keys (rule 4)."""
    places: list[list[F64]] = [[] for _ in plan.journeys]
    counts = [0 for _ in plan.journeys]
    for roll in rolls:
        for index, each in enumerate(plan.journeys):
            mine = np.flatnonzero((roll.journey == index) & ~roll.held_out)
            counts[index] += len(mine)
            if each.wave.per_day is not None:
                places[index].append(share(roll.given.key.take(mine), each.salt))
    return tuple(_waves(plan, index, counts[index], places[index], rolls) for index in range(len(plan.journeys)))


def cast(plan: Plan, people: Population, model: Model) -> Cast:
    """Bring everybody to the start of the run and say who takes part in what."""
    arrival = arrive(plan.start, people, model)
    roll = enrol(plan, people, arrival, edges_of(plan, [arrival.people]))
    return in_waves(plan, roll, arrival, waves_of(plan, [roll]))


def in_waves(plan: Plan, roll: Roll, arrival: Arrival, waves: Sequence[Waves]) -> Cast:
    """Sort some people into their waves."""
    people = arrival.people
    wave = np.full(len(people), -1, np.int32)
    entry = np.full(len(people), NEVER, np.int64)
    for index, (each, these) in enumerate(zip(plan.journeys, waves, strict=True)):
        mine = np.flatnonzero(roll.journey == index)
        number = _numbers(people.key.take(mine), roll.held_out.take(mine), each, these)
        wave[mine] = number
        entry[mine] = these.entry.take(number)
    membership = Membership(
        journey=roll.journey,
        held_out=roll.held_out,
        wave=wave,
        entry=entry,
        bands=tuple(roll.bands[tier.name] for tier in plan.tiers),
        eligible=roll.eligible,
        no_journey=roll.no_journey,
        orders=people.orders,
        monetary=people.monetary,
    )
    return Cast(roll, arrival, membership, Zone(plan.zone))


def some_of(roll: Roll, index: Index) -> Roll:
    """Return some of the people, with nobody counted as eligible (they are counted already)."""
    given, arrival = taken(roll.given, index), roll.arrival
    if arrival is not None:
        now = given if arrival.people is roll.given else taken(arrival.people, index)
        arrival = Arrival(now, given, arrival.organic[index], arrival.number[index])
    return Roll(
        given=given,
        arrival=arrival,
        scores={name: (values[index], known[index]) for name, (values, known) in roll.scores.items()},
        bands={name: band[index] for name, band in roll.bands.items()},
        journey=roll.journey[index],
        held_out=roll.held_out[index],
        eligible=0,
        no_journey=0,
    )


def joined(rolls: Sequence[Roll]) -> Roll:
    """Put people of one run together, who have been counted already."""
    if len(rolls) == 1:
        return rolls[0]
    given = together((each.given for each in rolls), sum(len(each.given) for each in rolls))
    return Roll(
        given=given,
        arrival=_joined_arrivals([each.arrival for each in rolls if each.arrival is not None], given),
        scores={
            name: (
                np.concatenate([each.scores[name][0] for each in rolls]),
                np.concatenate([each.scores[name][1] for each in rolls]),
            )
            for name in rolls[0].scores
        },
        bands={name: np.concatenate([each.bands[name] for each in rolls]) for name in rolls[0].bands},
        journey=np.concatenate([each.journey for each in rolls]),
        held_out=np.concatenate([each.held_out for each in rolls]),
        eligible=0,
        no_journey=0,
    )


def _joined_arrivals(arrivals: Sequence[Arrival], given: Population) -> Arrival | None:
    """Put the arrivals of all together; as of one instant either all have one or none."""
    if not arrivals:
        return None
    same = all(each.people is each.given for each in arrivals)
    return Arrival(
        given if same else together((each.people for each in arrivals), len(given)),
        given,
        np.concatenate([each.organic for each in arrivals]),
        np.concatenate([each.number for each in arrivals]),
    )


def zones_of(plan: Plan, people: Population, who: Index) -> Zones:
    """Return the zones of `who` (m,); a person without one has the campaign's."""
    if people.zones is None:
        return Zones([Zone(plan.zone)], np.zeros(len(who), np.int16))
    codes = people.zones[who]
    used = np.unique(codes)
    names = [people.zone_names[code] if code >= 0 else plan.zone for code in used]
    return Zones([Zone(name) for name in names], np.searchsorted(used, codes).astype(np.int16))


def _scored(people: Population, name: str, edges: Edges) -> tuple[Values, Bools]:
    known = people.orders > 0
    return scored(getattr(people, SCORED[name]), known, edges), known


def _waves(plan: Plan, index: int, count: int, places: list[F64], rolls: Iterable[Roll]) -> Waves:
    journey = plan.journeys[index]
    size = journey.wave.per_day
    first_share, first_key = np.zeros(0), np.zeros(0, np.uint64)
    if size is not None and count:
        ranked = np.concatenate(places)
        places.clear()
        firsts = np.arange(size, count, size)
        ranked.partition(np.concatenate((firsts - 1, firsts)))
        first_share, first_key = ranked[firsts], np.zeros(len(firsts), np.uint64)
        # Equal hashes keep the order of the keys.
        for each in np.flatnonzero(ranked[firsts - 1] == first_share).tolist():
            within = int(firsts[each]) - np.count_nonzero(ranked < first_share[each])
            first_key[each] = _keys_at(first_share[each], index, journey, rolls)[within]
    entry = [wave_entry(journey.wave, number, plan.zone) for number in range(len(first_share) + 1)]
    return Waves(count, first_share, first_key, np.array(entry, np.int64))


def _keys_at(place: float, index: int, journey: Journey, rolls: Iterable[Roll]) -> NDArray[np.uint64]:
    """Return the keys of the treated in a journey who have one hash. That two have the same hardly ever happens, so
    nobody's key is kept for it."""
    found = []
    for roll in rolls:
        key = roll.given.key.take(np.flatnonzero((roll.journey == index) & ~roll.held_out))
        found.append(key[share(key, journey.salt) == place])
    return np.concatenate(found)


def _numbers(key: NDArray[np.uint64], held_out: Bools, journey: Journey, waves: Waves) -> I64:
    """Return everybody's wave; held-out people have the one that their share would have."""
    if journey.wave.per_day is None or not waves.count:
        return np.zeros(len(key), np.int64)
    place = share(key, journey.salt)
    number = _at_most(waves.first_share, place)
    if waves.first_key.any():  # else no two have the hash with which a wave begins
        edges = np.concatenate(([np.nan], waves.first_share))
        for each in np.flatnonzero(edges.take(number) == place).tolist():
            first = number[each]
            while first and waves.first_share[first - 1] == place[each] and key[each] < waves.first_key[first - 1]:
                first -= 1
            number[each] = first
    held = np.flatnonzero(held_out)
    number[held] = (place.take(held) * waves.count).astype(np.int64) // journey.wave.per_day
    return number


def _at_most(edges: F64, place: F64) -> I64:
    """Count the edges (ascending) at or below each place, both in [0, 1), by way of the cell that a place lies in:
    many times faster than a search by halves."""
    bounds = np.arange(_CELLS + 1) / _CELLS  # a power of two: no place falls into another cell by rounding
    low, high = np.searchsorted(edges, bounds[:-1], side="right"), np.searchsorted(edges, bounds[1:], side="left")
    count = low.take((place * _CELLS).astype(np.int64))
    following = np.append(edges, np.inf)
    for _ in range(int((high - low).max())):
        count += following.take(count) <= place
    return count
