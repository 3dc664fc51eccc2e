"""Before the run: organic life up to its start, the audience, journeys, holdout and waves (rules 1-5, 41, 42)."""

import numpy as np
from attrs import evolve, frozen

from wakeup.behaviour.protocol import Model
from wakeup.customers.population import NEVER, Population
from wakeup.decide.calendar import wave_entry
from wakeup.draws import share
from wakeup.figures.events import Membership
from wakeup.plan.model import Plan
from wakeup.sim.array.codes import I16, I32, I64, Bools, Index
from wakeup.sim.array.localtime import Zone, Zones
from wakeup.sim.array.truth import Seen, bands_of, yes


@frozen(eq=False)
class Cast:
    """Who takes part, all columns in order of the population.

    people: the population as of the run's start. organic: int64 (n,) organic instant of the next order.
    number: int32 (n,) orders since the population's as_of. membership: as the sink takes it.
    """

    people: Population
    organic: I64
    number: I32
    membership: Membership
    zone: Zone

    @property
    def treated(self) -> Index:
        """Index of everybody who has a journey and is not held out."""
        return np.flatnonzero((self.membership.journey >= 0) & ~self.membership.held_out)

    @property
    def simulated(self) -> Index:
        """Index of everybody who has a journey."""
        return np.flatnonzero(self.membership.journey >= 0)


def average(monetary: I64, orders: I64 | I32) -> I64:
    """Return monetary / orders half up, int64 (m,); 0 without orders."""
    count = np.maximum(orders, 1).astype(np.int64)
    value: I64 = np.where(orders > 0, (2 * monetary + count) // (2 * count), 0)
    return value


def cast(plan: Plan, people: Population, model: Model) -> Cast:
    """Bring everybody to the start of the run and say who takes part in what."""
    people, organic, number = _to_start(plan.start, people, model)
    zone = Zone(plan.zone)
    seen = Seen(plan, people, np.full(len(people), plan.start, np.int64), zone, {}, {})
    sorted_into = bands_of(plan, seen)
    seen = evolve(seen, bands=sorted_into)
    eligible = yes(plan.audience, seen)
    journey = np.full(len(people), -1, np.int16)
    for index, each in enumerate(plan.journeys):
        journey[eligible & (journey < 0) & yes(each.match, seen)] = index
    held_out = (share(people.key, plan.holdout_salt) < float(plan.holdout)) & (journey >= 0)
    wave, entry = _waves(plan, people, journey, held_out)
    membership = Membership(
        journey=journey,
        held_out=held_out,
        wave=wave,
        entry=entry,
        bands=tuple(sorted_into[tier.name] for tier in plan.tiers),
        eligible=int(eligible.sum()),
        no_journey=int((eligible & (journey < 0)).sum()),
        orders=people.orders,
        monetary=people.monetary,
    )
    return Cast(people, organic, number, membership, zone)


def zones_of(plan: Plan, people: Population, who: Index) -> Zones:
    """Return the zones of `who` (m,); a person without one has the campaign's."""
    if people.zones is None:
        return Zones([Zone(plan.zone)], np.zeros(len(who), np.int16))
    codes = people.zones[who]
    used = np.unique(codes)
    names = [people.zone_names[code] if code >= 0 else plan.zone for code in used]
    return Zones([Zone(name) for name in names], np.searchsorted(used, codes).astype(np.int16))


def _to_start(start: int, people: Population, model: Model) -> tuple[Population, I64, I32]:
    """Let organic orders happen before the start: people, their next organic instant, orders since as_of."""
    organic = model.first_order(np.arange(len(people), dtype=np.int32))
    number = np.zeros(len(people), np.int32)
    first, last, interaction = people.first_order.copy(), people.last_order.copy(), people.last_interaction.copy()
    orders, monetary, usual = people.orders.copy(), people.monetary.copy(), people.average_order_value.copy()
    due = np.flatnonzero(organic < start)
    while len(due):
        who, at = due.astype(np.int32), organic[due]
        number[due] += 1
        monetary[due] += model.basket(who, number[due])
        orders[due] += 1
        usual[due] = average(monetary[due], orders[due])
        first[due] = np.where(first[due] == NEVER, at, first[due])
        last[due] = interaction[due] = at
        organic[due] = model.next_order(who, at, number[due])
        due = due[organic[due] < start]
    forward = evolve(
        people,
        first_order=first,
        last_order=last,
        last_interaction=interaction,
        orders=orders,
        monetary=monetary,
        average_order_value=usual,
    )
    return forward, organic, number


def _waves(plan: Plan, people: Population, journey: I16, held_out: Bools) -> tuple[I32, I64]:
    wave = np.full(len(people), -1, np.int32)
    entry = np.full(len(people), NEVER, np.int64)
    for index, each in enumerate(plan.journeys):
        mine = np.flatnonzero(journey == index)
        place = share(people.key[mine], each.salt)
        treated = ~held_out[mine]
        count = int(treated.sum())
        rank = (place * count).astype(np.int64)
        # Stable: equal hashes keep the order of the keys.
        rank[np.flatnonzero(treated)[np.argsort(place[treated], kind="stable")]] = np.arange(count)
        number = np.zeros_like(rank) if each.wave.per_day is None else rank // each.wave.per_day
        wave[mine] = number
        used = np.unique(number)
        entries = np.array([wave_entry(each.wave, int(one), plan.zone) for one in used], np.int64)
        entry[mine] = entries[np.searchsorted(used, number)]
    return wave, entry
