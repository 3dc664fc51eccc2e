"""The default behaviour: organic life, and what a contact does to it (SEMANTICS 30-34, docs/semantics/behaviour.md)."""

import math
from collections.abc import Sequence
from functools import cached_property

import numpy as np
from attrs import frozen
from numpy.typing import ArrayLike, NDArray

from wakeup.behaviour.circumstances import circumstances, in_use, numbers
from wakeup.behaviour.organic import DAY, days_dormant, ln_orders, multiplier
from wakeup.behaviour.parameters import Basis, basis_row
from wakeup.behaviour.protocol import NEVER_AGAIN, Answers, Instants, Offer, State, Who
from wakeup.behaviour.timing import Delay, Floats, later
from wakeup.behaviour.traits import ChannelTraits, CouponTraits, Opinion, TakenTraits
from wakeup.customers.population import NEVER, Population
from wakeup.diagnostics import Say, WakeupError, diagnostic
from wakeup.draws import normal, uniform
from wakeup.plan.model import Activity, Plan, Scenario

Numbers = NDArray[np.int32]
Keys = NDArray[np.uint64]

_LN_REFERENCE = math.log(120.0)
"""Lifts are told for 120 dormant days."""

_LN_LONGEST = math.log(395.0)
"""Thirteen months: beyond them the trial on dormancy saw no further rise of the lift."""

_ROUNDING = 1e-9
"""By how much a chance may lie beyond 0 or 1."""


class DefaultBehaviour:
    """Makes default models; implements `wakeup.behaviour.protocol.Behaviour`."""

    def model(
        self, plan: Plan, population: Population, seed: int, replication: int, scenario: Scenario | None
    ) -> "DefaultModel":
        """Bind to a population; parameters are drawn per replication, medians at replication 0.

        Raises:
            WakeupError: an assumption of the plan is unknown, out of place or impossible (WK5201 to WK5203).
        """
        return DefaultModel(plan, population, seed, replication, scenario)


def basis(plan: Plan) -> tuple[Basis, ...]:
    """Return the same as reports show them, each with its middle 90 %.

    Raises:
        WakeupError: see `DefaultBehaviour.model`.
    """
    return tuple(basis_row(row) for row in in_use(plan))


def parameter_values(plan: Plan, seed: int, replication: int) -> Floats:
    """Return the values that a replication uses: float64 (len(basis(plan)),), in the order of `basis`."""
    return np.array(list(numbers(plan, seed, replication).values()), np.float64)


@frozen(eq=False)
class _Readers:
    """Those of the touched (`rows` of `count`) who see the message, sent to them at `sent`."""

    rows: NDArray[np.intp]
    count: int
    who: Who
    key: Keys
    occurrence: Numbers
    sent: Instants
    opened: Instants
    message: str
    traits: ChannelTraits

    def spread(self, instants: Instants) -> Instants:
        """Put what readers do into an array for all the touched."""
        return _among(self.count, self.rows, instants)


@frozen(eq=False)
class Contact:
    """What reaches some people, who all take note of it.

    who: int32 (m,), places in the population that the model is bound to; at: int64 (m,), when it was sent or done.
    message: index into Plan.messages, or None: then `incentive` (into Plan.incentives) was done, completed or received,
    which is all they are prompted by. offers: what they are shown; state: what the contact finds.
    """

    who: Who
    at: Instants
    message: int | None
    incentive: int | None
    offers: tuple[Offer, ...]
    state: State


class DefaultModel:
    """The default behaviour bound to a population, a replication's parameters and its draws; see protocol.Model."""

    def __init__(
        self, plan: Plan, population: Population, seed: int, replication: int, scenario: Scenario | None
    ) -> None:
        self._plan = plan
        self._population = population
        self._seed = seed
        self._replication = replication
        self._scenario = scenario
        known = circumstances(plan, seed, replication, scenario, population.as_of)
        self._traits, self._general = known.traits, known.traits.general
        self._clock, self._calendar, self._week = known.clock, known.calendar, known.week
        indices = {channel.name: i for i, channel in enumerate(plan.channels)}
        self._channel_of = tuple(indices[message.channel] for message in plan.messages)
        self.stretch = self._general.stretch

    # --- life without the campaign -----------------------------------------------------------------------------------

    def first_order(self, who: Who) -> Instants:
        """Organic time of the first order after the population's as_of (spell 0): int64 (m,)."""
        people = self._population
        days = days_dormant(people.as_of, people.last_order[who])
        log_odds = self._general.law.log_odds(days, ln_orders(people.orders[who]))
        waiting = self._general.law.waiting(log_odds, self._draw(self._key(who), "organic", 0))
        return later(people.as_of, self._clock.pace(people.as_of, waiting))

    def next_order(self, who: Who, at: Instants, number: Numbers) -> Instants:
        """Organic time of the order after order `number`, which happened at `at`: int64 (m,), NEVER_AGAIN if lapsed."""
        key = self._key(who)
        waiting = self._draw(key, "gap", number)
        np.negative(waiting, out=waiting)
        np.log1p(waiting, out=waiting)
        waiting *= self._negative_gaps[who]
        instants = later(at, self._clock.pace(at, waiting))
        instants[self._draw(key, "lapse", number) < self._general.lapse] = NEVER_AGAIN
        return instants

    def basket(self, who: Who, number: Numbers) -> NDArray[np.int64]:
        """Value before discount of order `number`: int64 (m,) minor units, >= 1."""
        spread = self._general.basket_spread
        worth = normal(self._draw(self._key(who), "basket", number))
        worth *= spread
        worth -= spread * spread / 2.0
        np.exp(worth, out=worth)
        worth *= self._baskets[who]
        worth += 0.5
        np.floor(worth, out=worth)
        return np.maximum(worth, 1.0, out=worth).astype(np.int64)

    def reach(self, channel: int, who: Who) -> NDArray[np.bool_]:
        """Whether the person can be reached on Plan.channels[channel] where the data do not say: bool (m,)."""
        drawn = self._draw(self._key(who), f"reach:{self._plan.channels[channel].name}", 0)
        return drawn < self._traits.channels[channel].reach

    # --- contacts ----------------------------------------------------------------------------------------------------

    def press(self, pressure: Floats, pressed_at: Instants, at: Instants) -> Floats:
        """Pressure at `at`, halved every `fatigue_half_life` since `pressed_at` (NEVER: 0): float64 (m,)."""
        since = (at - np.where(pressed_at == NEVER, at, pressed_at)).astype(np.float64)
        since *= -self._general.pressure_decay
        np.exp(since, out=since)
        since *= pressure
        since[pressed_at == NEVER] = 0.0
        return since

    def touch(
        self, who: Who, at: Instants, message: int, offers: Sequence[Offer], occurrence: Numbers, state: State
    ) -> Answers:
        """Answers to Plan.messages[message], sent at `at` for the `occurrence`-th time; see protocol.Model."""
        readers, delivered = self._readers(who, at, message, occurrence)
        found = _some_state(state, readers.rows)
        shown = [_some_offer(offer, readers.rows) for offer in offers]
        traits = readers.traits
        harm, surge = self.harm(found.pressure), self._surge(readers.sent)
        chance = self._brings(Contact(readers.who, readers.sent, message, None, tuple(shown), found))
        ordered = self._order(
            readers.key, readers.opened, f"ordered:{readers.message}", readers.occurrence, chance, shown
        )  # fmt: skip
        return Answers(
            delivered=delivered,
            opened=readers.spread(readers.opened),
            clicked=readers.spread(self._react(readers, "clicked", traits.clicked)),
            taken=tuple(readers.spread(self._take(readers, offer)) for offer in shown),
            opted_out=readers.spread(self._react(readers, "opted_out", _at_odds(traits.opt_out * harm, surge))),
            complained=readers.spread(self._react(readers, "complained", _at_odds(traits.complaint * harm, surge))),
            ordered=readers.spread(ordered),
        )

    def prompt(
        self, who: Who, at: Instants, incentive: int, offer: Offer | None, occurrence: Numbers, state: State
    ) -> Instants:
        """Induced order after a service or activity done (offer None) or a reward received at `at`: int64 (m,)."""
        offers = () if offer is None else (offer,)
        chance = self._brings(Contact(who, at, None, incentive, offers, state))
        purpose = f"prompted:{self._plan.incentives[incentive].name}"
        return self._order(self._key(who), at, purpose, occurrence, chance, offers)

    def remembers(self, who: Who, incentive: int, number: Numbers) -> NDArray[np.bool_]:
        """Whether an organic order `number` uses the coupon if it can: bool (m,)."""
        traits = self._traits.incentives[incentive]
        chance = traits.remembers if isinstance(traits, CouponTraits) else 0.0
        return self._draw(self._key(who), f"remembers:{self._plan.incentives[incentive].name}", number) < chance

    def completes(self, who: Who, incentive: int, occurrence: Numbers) -> NDArray[np.bool_]:
        """Whether a challenge is kept up to its last day (keeps_up^(days - 1)) or an event attended: bool (m,)."""
        name, traits = self._plan.incentives[incentive].name, self._traits.incentives[incentive]
        chance = traits.completion if isinstance(traits, TakenTraits) else 1.0
        return self._draw(self._key(who), f"completes:{name}", occurrence) < chance

    def wins(self, who: Who, incentive: int, occurrence: Numbers) -> NDArray[np.bool_]:
        """Whether the join of a draw wins, one uniform against the plan's odds: bool (m,)."""
        draw = self._plan.incentives[incentive]
        odds = float(draw.odds) if isinstance(draw, Activity) and draw.odds else 0.0
        return self._draw(self._key(who), f"wins:{draw.name}", occurrence) < odds

    def score(self, who: Who, incentive: int, occurrence: Numbers) -> NDArray[np.int64]:
        """Score given in a survey, hundredths: int64 (m,), 100 to 500 in whole points.

        A normal number of mean `satisfaction` and spread `satisfaction_spread`, rounded to the nearest point and held
        between 1 and 5; `satisfaction_by_response` is its correlation with the person's hidden response level.
        """
        traits = self._traits.incentives[incentive]
        name = self._plan.incentives[incentive].name
        heard = traits.opinion if isinstance(traits, TakenTraits) and traits.opinion else Opinion(3.0, 0.0, 0.0)
        z = normal(self._draw(self._key(who), f"score:{name}", occurrence))
        z *= math.sqrt(1.0 - heard.by_response**2)
        z += heard.by_response * self._standings[who]
        z *= heard.spread
        z += heard.mean + 0.5
        np.floor(z, out=z)
        np.clip(z, 1.0, 5.0, out=z)
        return np.asarray(z.astype(np.int64) * 100)

    def subscribes(self, who: Who, message: int, occurrence: Numbers) -> NDArray[np.bool_]:
        """Whether a click on the message permits one more send of a subscribe message: bool (m,)."""
        name = self._plan.messages[message].name
        chance = self._traits.channels[self._channel_of[message]].subscribes
        return self._draw(self._key(who), f"subscribes:{name}", occurrence) < chance

    def handling(self, who: Who, staff: int, occurrence: Numbers) -> NDArray[np.int64]:
        """Seconds that Plan.staff[staff] take for the `occurrence`-th service, exponential: int64 (m,), >= 1."""
        desk = self._plan.staff[staff]
        seconds = self._draw(self._key(who), f"handling:{desk.name}", occurrence)
        np.negative(seconds, out=seconds)
        np.log1p(seconds, out=seconds)
        seconds *= -float(desk.handles)
        return later(0, seconds)

    # --- how a contact works -----------------------------------------------------------------------------------------

    def chance(self, contact: Contact) -> Floats:
        """Probability that a contact brings an order that would not have come: float64 (m,), 0..1.

        A model of your own may say it instead (docs/embedding.md): a pure function of the contact, person by person.
        """
        return self._induced_share(contact.who, contact.at, self._lift(contact), contact.state)

    def _brings(self, contact: Contact) -> Floats:
        """`chance`, looked over where it is not the default's.

        Raises:
            WakeupError: it gave anything but one number from 0 to 1 per person (WK5204).
        """
        given = self.chance(contact)
        return given if type(self).chance is DefaultModel.chance else _chances(given, len(contact.who))

    def harm(self, pressure: Floats) -> Floats:
        """What the pressure felt multiplies opt-outs and complaints by: float64 (m,)."""
        return np.asarray(np.exp(self._general.harm_by_pressure * pressure))

    def _surge(self, at: Instants) -> Floats | None:
        """What a scenario multiplies the odds of opt-outs and complaints by: float64 (m,), None without one."""
        scenario = self._scenario
        if scenario is None or scenario.complaints == "1":
            return None
        return multiplier(at, scenario.start, scenario.end, float(scenario.complaints))

    def _lift(self, contact: Contact) -> Floats:
        """Log-odds that a contact adds after 120 dormant days, by itself and by what it shows: float64 (m,)."""
        if contact.message is not None:
            own = self._traits.channels[self._channel_of[contact.message]].ln_advertising
        else:
            done = None if contact.incentive is None else self._traits.incentives[contact.incentive]
            own = done.ln_done if isinstance(done, TakenTraits) and not contact.offers else 0.0
        lift = np.full(len(contact.who), own)
        for offer in contact.offers:
            lift += self._value(contact.who, offer)
        return lift

    def _value(self, who: Who, offer: Offer) -> Floats:
        """Log-odds that showing an offer adds after 120 dormant days: float64 (m,).

        A coupon's value is its discount as a share of what must be paid to use it; a threshold above the usual basket
        puts off besides.
        """
        traits = self._traits.incentives[offer.incentive]
        if isinstance(traits, TakenTraits):
            return np.full(len(who), traits.ln_value)
        basket = self._baskets[who]
        threshold = offer.threshold.astype(np.float64)
        worth = offer.amount / np.maximum(basket, threshold)
        np.minimum(worth, 1.0, out=worth)
        threshold /= basket
        threshold -= 1.0
        np.maximum(threshold, 0.0, out=threshold)
        threshold *= -traits.aversion
        worth *= np.exp(threshold, out=threshold)
        worth *= traits.response
        return worth

    def _induced_share(self, who: Who, at: Instants, lift: Floats, state: State) -> Floats:
        """Probability that the contact brings an order that would not have come: 1 - (1 - p1) / (1 - p0), float64 (m,).

        p0 has the organic odds within the response window, measured in organic time at that date, p1 the same odds
        times the lifts; changes `lift`.
        """
        general, scenario = self._general, self._scenario
        days = days_dormant(at, state.last_order)
        window = self._calendar.elapsed(at, general.window)
        log_odds = general.law.log_odds(days, ln_orders(state.orders), window)
        lift += general.ln_bond * state.bonded
        lift += general.ln_scene_match * state.matched
        np.log(days, out=days)
        np.minimum(days, _LN_LONGEST, out=days)
        days -= _LN_REFERENCE
        days *= general.dormancy_lift
        days -= general.fatigue * state.pressure
        lift *= np.exp(days, out=days)
        lift *= self._levels[who]
        for tier, responses in self._traits.tiers:
            lift *= responses[state.bands[:, tier]]
        np.minimum(log_odds, 50.0, out=log_odds)  # beyond these bounds an order is certain, and products overflow
        np.minimum(lift, 500.0, out=lift)
        before = np.exp(log_odds, out=log_odds)
        np.exp(lift, out=lift)
        if scenario is not None:
            before *= multiplier(at, scenario.start, scenario.end, float(scenario.organic))
            lift *= multiplier(at, scenario.start, scenario.end, float(scenario.response))
        # (o1 - o0) / (1 + o1), the same as 1 - (1 - p1) / (1 - p0) in odds
        after = before * lift
        share = after - before
        after += 1.0
        share /= after
        return np.maximum(share, 0.0, out=share)

    def _readers(
        self, who: Who, at: Instants, message: int, occurrence: Numbers
    ) -> tuple["_Readers", NDArray[np.bool_]]:
        """Who sees the message, and to whom it is delivered (bool, (m,))."""
        name, key = self._plan.messages[message].name, self._key(who)
        traits = self._traits.channels[self._channel_of[message]]
        delivered = self._draw(key, f"delivered:{name}", occurrence) < traits.delivered
        sees = self._draw(key, f"opened:{name}", occurrence) < traits.seen
        sees &= delivered
        rows = np.flatnonzero(sees)
        key, times, sent = key[rows], occurrence[rows], at[rows]
        opened = traits.opening.after(sent, self._draw(key, f"open_delay:{name}", times))
        return _Readers(rows, len(who), who[rows], key, times, sent, opened, name, traits), delivered

    def _order(
        self, key: Keys, start: Instants, purpose: str, occurrence: Numbers, chance: Floats, offers: Sequence[Offer]
    ) -> Instants:
        """Instant of an induced order: by the timing of the coupon that ends first, else after a purchase lag."""
        rows = np.flatnonzero(self._draw(key, purpose, occurrence) < chance)
        moment = start[rows]
        u = self._draw(key[rows], f"delay:{purpose}", occurrence[rows])
        instants = self._general.purchase.after(moment, u, self._week)
        nearest = np.full(len(rows), NEVER_AGAIN)
        for offer in offers:
            traits = self._traits.incentives[offer.incentive]
            if isinstance(traits, CouponTraits):
                end = offer.end[rows]
                sooner = np.flatnonzero((end > moment) & (end < nearest))
                opened = np.maximum(moment[sooner], traits.opens)
                instants[sooner] = traits.timing.between(opened, end[sooner], u[sooner], self._week)
                nearest[sooner] = end[sooner]
        return _among(len(key), rows, instants)

    def _take(self, readers: "_Readers", offer: Offer) -> Instants:
        """Instant of a claim or join, NEVER_AGAIN for coupons: int64, one per reader."""
        traits = self._traits.incentives[offer.incentive]
        if not isinstance(traits, TakenTraits):
            return np.full(len(readers.who), NEVER_AGAIN)
        name = f"{readers.message}:{self._plan.incentives[offer.incentive].name}"
        return self._maybe(readers, f"taken:{name}", traits.take_up, traits.delay)

    def _react(self, readers: "_Readers", what: str, chance: float | Floats) -> Instants:
        """Instant of a click, an opt-out or a complaint: int64, one per reader."""
        return self._maybe(readers, f"{what}:{readers.message}", chance, readers.traits.reaction)

    def _maybe(self, readers: "_Readers", purpose: str, chance: float | Floats, delay: Delay) -> Instants:
        rows = np.flatnonzero(self._draw(readers.key, purpose, readers.occurrence) < chance)
        u = self._draw(readers.key[rows], f"delay:{purpose}", readers.occurrence[rows])
        return _among(len(readers.key), rows, delay.after(readers.opened[rows], u))

    # --- what never changes for a person -----------------------------------------------------------------------------

    def _draw(self, key: Keys, purpose: str, occurrence: int | Numbers) -> Floats:
        return uniform(self._seed, self._replication, key, purpose, occurrence)

    def _key(self, who: Who) -> Keys:
        return self._population.key[who]

    @cached_property
    def _standings(self) -> Floats:
        """Where everybody stands among all by their hidden response, standard normal: float64 (n,)."""
        return normal(uniform(self._seed, self._replication, self._population.key, "response"))

    @cached_property
    def _levels(self) -> Floats:
        """Hidden response level of everybody, lognormal with mean 1: float64 (n,)."""
        spread = self._general.response_spread
        level = self._standings * spread
        level -= spread * spread / 2.0
        return np.exp(level, out=level)

    @cached_property
    def _baskets(self) -> Floats:
        """Mean basket of everybody in minor units: own average order value, else the usual basket: float64 (n,)."""
        own = self._population.average_order_value.astype(np.float64)
        own[own <= 0.0] = self._general.usual_basket
        return own

    @cached_property
    def _negative_gaps(self) -> Floats:
        """Minus the mean seconds between everybody's orders: own gaps, and `gap_weight` usual ones: float64 (n,)."""
        usual, weight = self._general.usual_gap, self._general.gap_weight
        gaps = np.maximum(self._population.orders - 1, 0).astype(np.float64)
        own = self._population.gap.astype(np.float64)
        gaps[np.isnan(own)] = 0.0
        own[np.isnan(own)] = 0.0
        mean = gaps * own * DAY
        mean += weight * usual
        mean /= gaps + weight
        return np.negative(mean, out=mean)


def _at_odds(chance: Floats, factor: Floats | None) -> Floats:
    """Return chances with their odds multiplied: float64 (m,), 0..1; as they are without a factor."""
    if factor is None:
        return chance
    chance = np.minimum(chance, 1.0)
    above = chance * factor
    return np.asarray(above / (1.0 - chance + above))


def _chances(given: ArrayLike, count: int) -> Floats:
    """Return what a chance of somebody's own gave for so many people: float64 (count,)."""
    chances = np.asarray(given, np.float64)
    if chances.shape != (count,):
        problem = Say("it gave {found} numbers", found=" × ".join(map(str, chances.shape)) or 1)
        raise WakeupError([diagnostic("WK5204", problem=problem)])
    if wrong := count - int(((chances >= -_ROUNDING) & (chances <= 1.0 + _ROUNDING)).sum()):  # no number is neither
        raise WakeupError([diagnostic("WK5204", problem=Say("{found} of {count} are not", found=wrong, count=count))])
    return chances


def _some_state(state: State, rows: NDArray[np.intp]) -> State:
    return State(
        state.last_order[rows],
        state.orders[rows],
        state.pressure[rows],
        state.bonded[rows],
        state.matched[rows],
        state.bands[rows],
    )


def _some_offer(offer: Offer, rows: NDArray[np.intp]) -> Offer:
    return Offer(offer.incentive, offer.amount[rows], offer.threshold[rows], offer.end[rows], offer.live[rows])


def _among(count: int, rows: NDArray[np.intp], instants: Instants) -> Instants:
    """Put the instants of some rows into an array for all, where the others never do it."""
    whole = np.full(count, NEVER_AGAIN)
    whole[rows] = instants
    return whole
