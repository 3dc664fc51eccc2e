"""From contacts and who was held out to rows: advertising, offers, fatigue, the lift by dormancy."""

import math
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from attrs import define, field, frozen
from numpy.typing import NDArray

from wakeup.behaviour.backtest.randomised import randomised
from wakeup.behaviour.calibration.believed import Believed
from wakeup.behaviour.calibration.coming import REDEMPTION, Timing, shares_come
from wakeup.behaviour.calibration.effect import Acts, Fit, Study, Term, fit
from wakeup.behaviour.calibration.funnel import known_prior, pressures
from wakeup.behaviour.calibration.learnt import Kept, Learnt, fitted
from wakeup.behaviour.calibration.rates import linked, unlinked
from wakeup.behaviour.calibration.watching import Watch, watch
from wakeup.behaviour.organic import Law, days_dormant, ln_orders
from wakeup.customers.past.contacts import Contacts
from wakeup.customers.past.units import PER_PERSON, Units
from wakeup.customers.population import Field
from wakeup.diagnostics import Count, Diagnostic, Piece, Say, diagnostic
from wakeup.terms.behaviour import parameters

Floats = NDArray[np.float64]
Index = NDArray[np.int64]

DAY: Final = 86_400.0
COUPONS: Final = frozenset({"coupon", "flash_price", "member_price", "points"})

_CHANNEL_SD, _OFFER_SD, _GIFT_SD = 0.2, 0.3, 0.1
"""Between-cell sds: channels of one kind differ by a fifth in what they multiply the odds by, coupons by a third in how
they are responded to, gifts by a tenth in what they multiply the odds by."""

_TIER_SD = 0.3
"""Bands of a tier differ by a third in how they respond, before it is known."""

_LEVEL_SD, _LEAST_SD = 0.2, 1e-3
"""A campaign's own organic level is never taken as known more closely; nothing else as known exactly."""

_LAG_STEP: Final = 0.3

MOST: Final = 150_000
"""People compared at most: more would be no surer than what else is assumed, and take minutes."""

_TOLD: Final = 0.95
"""A number that is not at least this much narrower than assumed was not learnt."""

_UNKNOWN_WORTH: Final = 0.1
"""Share of contacts whose offer is of unknown worth from which effects cannot be told apart."""

INCREMENTAL: Final = (
    "advertising", "offer_response", "threshold_aversion", "perceived_value", "tier_response", "dormancy_lift",
    "fatigue",
)  # fmt: skip
"""What can only be learnt where some were left alone by lot."""


@frozen
class Effects:
    """Rows, what stays as assumed, and what there is to say."""

    learnt: tuple[Learnt, ...]
    kept: tuple[Kept, ...]
    told: tuple[Diagnostic, ...] = ()


@frozen
class Named:
    """Which row a term becomes."""

    parameter: str
    scope: str
    kind: str
    term: int


@define
class _Terms:
    """The terms so far, and which rows they become."""

    terms: list[Term] = field(factory=list)
    named: list[Named] = field(factory=list)

    def add(self, term: Term, parameter: str = "", scope: str = "", kind: str = "") -> int:
        self.terms.append(term)
        number = len(self.terms) - 1
        if parameter:
            self.named.append(Named(parameter, scope, kind, number))
        return number

    def aversion(self, kind: str, believed: Believed) -> int:
        """Return the aversion of a kind of coupons, which is added once."""
        name, scope = "threshold_aversion", f"kind:{kind}"
        above = [each.term for each in self.named if (each.parameter, each.scope) == (name, scope)]
        return above[0] if above else self.add(_term("aversion", believed, name, scope), name, scope, kind)

    def cell(self, parameter: str, scope: str, kind: str, acts: Acts, sd: float) -> int | None:
        """Add a cell, with its kind if that is not there yet; None where its kind has no such parameter."""
        prior = known_prior(parameter, kind)
        if prior is None:
            return None
        above = [each.term for each in self.named if (each.parameter, each.scope) == (parameter, f"kind:{kind}")]
        place = math.log(prior.median)
        parent = above[0] if above else self.add(Term("kind", place, prior.sd), parameter, f"kind:{kind}", kind)
        return self.add(Term(acts, place, sd, parent), parameter, scope, kind)


def learn_effects(
    contacts: Contacts, units: Units | None, believed: Believed, *, minor_digits: int, source: str
) -> Effects:
    """Return what a holdout tells; `source` has the field {sample}."""
    if units is None:
        why = Say("nobody was held out: who was contacted differs from who was not, so effects cannot be told from it")
        return Effects((), (Kept(INCREMENTAL, why),))
    unlike = _unlike(units)
    if unlike is not None:
        why = Say("who was held out was not drawn by lot")
        return Effects((), (Kept(INCREMENTAL, why),), (unlike,))
    units = thinned(units, MOST)
    worth = _worths(contacts, units, believed, minor_digits)
    if worth.unknown > _UNKNOWN_WORTH * len(units.unit):
        return Effects((), (Kept(INCREMENTAL, Say("nothing tells what the offers are worth: give --campaign")),))
    study, named = _study(contacts, units, believed, worth)
    return _rows(fit(study), study, named, contacts, units, believed, source)


_FEATURES: Final[Mapping[str, Piece]] = {
    "recency": Say("recency"),
    "frequency": Say("frequency"),
    "monetary": Say("monetary"),
}
"""What is compared between who was held out and who was contacted."""


def _unlike(units: Units) -> Diagnostic | None:
    """Say what differs between held out and contacted people, if a draw by lot would hardly give it."""
    features = {
        "recency": Field("number", np.log(days_dormant(units.origin, units.last_order))),
        "frequency": Field("number", ln_orders(units.orders)),
        "monetary": Field("number", np.log1p(units.basket)),
    }
    found = randomised(units.held_out.astype(np.int64), features)
    if found.random or not found.differences:
        return None
    most = found.differences[0]
    return diagnostic("WK6109", feature=_FEATURES[most.feature], deviations=f"{abs(most.deviations):.2f}")


def thinned(units: Units, most: int) -> Units:
    """Return every k-th of the people, in the order of their ids, so that at most `most` are left."""
    step = -(-len(units.origin) // most)
    if step == 1:
        return units
    people = np.arange(0, len(units.origin), step)
    mine = units.unit % step == 0
    every = {name: getattr(units, name)[people] for name in PER_PERSON}
    terms = {name: (each[0][people], each[1][people], each[2][people]) for name, each in units.terms.items()}
    bands = {name: each[people] for name, each in units.bands.items()}
    contacts = {name: getattr(units, name)[mine] for name in ("send", "value")}
    return Units(**every, **contacts, unit=units.unit[mine] // step, terms=terms, bands=bands)


@frozen(eq=False)
class _Worths:
    """Shown offers: contact, incentive code, worth as a share of the basket (coupons; others 1), by how much the
    threshold exceeds the basket, validity in hours.

    unknown: offers of coupons of which nothing tells the worth.
    """

    contact: Index
    incentive: Index
    worth: Floats
    excess: Floats
    valid: Floats
    unknown: int


def _worths(contacts: Contacts, units: Units, believed: Believed, minor_digits: int) -> _Worths:
    place = np.full(len(contacts.sends.t), -1)
    place[units.send] = np.arange(len(units.send))
    contact = place[contacts.offers.send]
    shown = contact >= 0
    contact, incentive = contact[shown], contacts.offers.incentive[shown]
    basket = np.where(units.basket > 0.0, units.basket, believed("usual_basket")[0] * 10.0**minor_digits)
    (worth, beyond, valid), unknown = np.zeros((3, len(contact))), 0
    for code, name in enumerate(contacts.incentives):
        kind = contacts.incentive_kinds.get(name, "")
        mine = np.flatnonzero(incentive == code)
        if kind not in COUPONS:
            worth[mine] = 1.0
            continue
        unit = units.unit[contact[mine]]
        amount, threshold, length = (
            (each[unit].astype(np.float64) for each in units.terms[name])
            if name in units.terms
            else (units.value[contact[mine]].astype(np.float64), np.zeros(len(mine)), np.zeros(len(mine)))
        )
        beyond[mine] = np.maximum(threshold / basket[unit] - 1.0, 0.0)
        worth[mine] = np.minimum(amount / np.maximum(basket[unit], threshold), 1.0)
        valid[mine] = length / 3_600.0
        unknown += int((amount <= 0.0).sum())
    return _Worths(contact, incentive, worth, beyond, valid, unknown)


def _study(contacts: Contacts, units: Units, believed: Believed, worth: _Worths) -> tuple[Study, list[Named]]:
    law = Law(*(believed(f"organic_{part}")[0] for part in ("level", "dormancy", "orders", "shape", "recent")))
    at, channel = contacts.sends.t[units.send], contacts.sends.channel[units.send]
    seen = watch(units, at, law)
    terms = _Terms()
    for _ in range(int(units.campaign.max()) + 1):
        terms.add(Term("level", 0.0, max(believed("organic_level")[1], _LEVEL_SD)))
    slopes = {
        terms.add(_term("organic", believed, "organic_dormancy")): seen.days,
        terms.add(_term("organic", believed, "organic_orders")): seen.experience,
    }
    terms.add(_term("shape", believed, "organic_shape"))
    terms.add(_term("lag", believed, "purchase_delay"))
    terms.add(_term("spread", believed, "response_spread"))
    terms.add(_term("fatigue", believed, "fatigue"), "fatigue")
    terms.add(_term("dormancy", believed, "dormancy_lift"), "dormancy_lift")
    bands = {
        terms.add(Term("tier", 0.0, _TIER_SD), "tier_response", f"tier:{name}"): mine[units.unit].astype(np.float64)
        for name, mine in units.bands.items()
        if mine.any()
    }
    acting, aversions, sees = _acting(contacts, channel, worth, believed, terms)
    (come_low, come_high), (lag_low, lag_high) = _coming(contacts, units, channel, worth, believed, seen)
    return Study(
        terms=tuple(terms.terms),
        campaign=units.campaign,
        slopes=slopes,
        base=np.full(len(units.origin), law.level),
        start=np.full(len(units.unit), law.level),
        window=believed("response_window")[0] * DAY,
        unit=units.unit,
        ordered=seen.ordered,
        low=seen.low,
        high=seen.high,
        come_low=come_low,
        come_high=come_high,
        lag_low=lag_low,
        lag_high=lag_high,
        seen=sees,
        pressure=pressures(contacts.sends)[units.send],
        ln_dormant=seen.ln_dormant,
        at=np.concatenate([each[0] for each in acting]),
        which=np.concatenate([np.full(len(each[0]), each[1]) for each in acting]),
        worth=np.concatenate([each[2] for each in acting]),
        excess=np.concatenate([each[3] for each in acting]),
        aversions=aversions,
        bands=bands,
    ), terms.named


def _term(acts: Acts, believed: Believed, parameter: str, *scopes: str) -> Term:
    median, sd = believed(parameter, *scopes)
    return Term(acts, linked(parameters()[parameter].link, median), max(sd, _LEAST_SD))


def _coming(
    contacts: Contacts, units: Units, channel: Index, worth: _Worths, believed: Believed, seen: Watch
) -> tuple[tuple[Floats, Floats], tuple[Floats, Floats]]:
    """Return the shares of orders that have come by either end, and their derivatives by the logarithm of the lag."""
    timings, which = _timings(contacts, channel, worth, believed)
    at_lag = [
        seen.come(units.unit, lambda seconds, lag=lag: shares_come(timings, which, seconds, lag))  # type: ignore[misc]
        for lag in (-_LAG_STEP, 0.0, _LAG_STEP)
    ]
    quicker, usual, slower = at_lag
    by_lag = tuple((late - soon) / (2.0 * _LAG_STEP) for soon, late in zip(quicker, slower, strict=True))
    return usual, (by_lag[0], by_lag[1])


def _timings(contacts: Contacts, channel: Index, worth: _Worths, believed: Believed) -> tuple[dict[int, Timing], Index]:
    """Return the timings in use, and which each contact has: by its channel and the validity of its coupon."""
    ends = np.zeros(len(channel))
    kind = np.full(len(channel), -1)
    for row in np.flatnonzero(worth.valid > 0.0):
        at = worth.contact[row]
        if ends[at] == 0.0 or worth.valid[row] < ends[at]:
            ends[at], kind[at] = worth.valid[row], worth.incentive[row]
    keys = np.stack([channel, kind, np.round(ends).astype(np.int64)], axis=1)
    different, which = np.unique(keys, axis=0, return_inverse=True)
    lag = math.log(believed("purchase_delay")[0]), believed("purchase_delay_spread")[0]
    timings = {}
    for number, (code, incentive, hours) in enumerate(different):
        scopes = _scopes("channel", contacts.channels, contacts.kinds, int(code))
        opening = math.log(believed("open_delay", *scopes)[0]), believed("open_delay_spread", *scopes)[0]
        coupon = (0.0, 0.0, 0.0)
        if incentive >= 0:
            offer = _scopes("incentive", contacts.incentives, contacts.incentive_kinds, int(incentive))
            decay, early, bump = (believed(part, *offer)[0] for part in REDEMPTION)
            coupon = (decay, early, bump)
        timings[number] = Timing(opening, lag, coupon, float(hours))
    return timings, np.asarray(which.reshape(-1), np.int64)


def _scopes(sort: str, names: Sequence[str], kinds: Mapping[str, str], code: int) -> tuple[str, ...]:
    name = names[code] if code >= 0 else ""
    return (f"{sort}:{name}", f"kind:{kinds.get(name, 'email')}")


Acting = list[tuple[Index, int, Floats, Floats]]
"""For each term that contacts add: the contacts, the term, what it is worth, by how much a threshold is beyond."""


def _acting(
    contacts: Contacts, channel: Index, worth: _Worths, believed: Believed, terms: _Terms
) -> tuple[Acting, dict[int, int], Floats]:
    """Add the terms of channels and offers; return which contacts add them, which aversion shrinks which offer, and who
    sees contacts."""
    acting: Acting = [(np.empty(0, np.int64), 0, np.empty(0), np.empty(0))]
    aversions: dict[int, int] = {}
    seen = np.zeros(len(channel))
    for code, name in enumerate(contacts.channels):
        kind, mine = contacts.kinds.get(name), np.flatnonzero(channel == code)
        if kind is None or not len(mine):
            continue
        scopes = (f"channel:{name}", f"kind:{kind}")
        seen[mine] = believed("delivered", *scopes)[0] * believed("seen", *scopes)[0]
        term = terms.cell("advertising", scopes[0], kind, "lift", _CHANNEL_SD)
        if term is not None:
            acting.append((mine, term, np.ones(len(mine)), np.zeros(len(mine))))
    for code, name in enumerate(contacts.incentives):
        kind, rows = contacts.incentive_kinds.get(name), np.flatnonzero(worth.incentive == code)
        if kind is None or not len(rows):
            continue
        scope, reduced = f"incentive:{name}", kind in COUPONS
        if reduced:
            term = terms.cell("offer_response", scope, kind, "offer", _OFFER_SD)
            if term is not None:
                aversions[term] = terms.aversion(kind, believed)
        else:
            term = terms.cell("perceived_value", scope, kind, "lift", _GIFT_SD)
        if term is not None:
            acting.append((worth.contact[rows], term, worth.worth[rows], worth.excess[rows]))
    return acting, aversions, seen


def _rows(
    found: Fit, study: Study, named: Sequence[Named], contacts: Contacts, units: Units, believed: Believed, source: str
) -> Effects:
    learnt, left = [], []
    for each in named:
        assumed = _assumed_sd(study.terms, each.term)
        place, sd = float(found.mode[each.term]), float(found.sds[each.term])
        if sd > _TOLD * assumed:
            left.append(each.parameter)
            continue
        if each.parameter == "advertising":
            sd = math.hypot(sd, _unsure_of_seeing(each, place, contacts, believed))
        count = _count(each, contacts, units)
        median = unlinked(parameters()[each.parameter].link, place)
        row = fitted(
            each.parameter, each.scope, median, sd, source.format(sample=f"{count:,} people contacted or held out")
        )
        learnt.append(Learnt(row, Count(count, "customer"), each.kind))
    told = {each.row.parameter for each in learnt}
    names = tuple(name for name in dict.fromkeys(left) if name not in told)
    kept = (Kept(names, Say("the comparison with who was held out does not tell it more closely")),) if names else ()
    return Effects(tuple(learnt), kept)


def _assumed_sd(terms: Sequence[Term], number: int) -> float:
    term = terms[number]
    return term.sd if term.parent is None else math.hypot(term.sd, _assumed_sd(terms, term.parent))


def _unsure_of_seeing(each: Named, ln_lift: float, contacts: Contacts, believed: Believed) -> float:
    """What not knowing the share that sees a message adds to the sd of what it does to them.

    Orders brought go with share x (e^lift - 1), so a share that is a tenth less takes a lift that is a little more.
    """
    scopes = (each.scope, f"kind:{each.kind}")
    seen, sd = believed("seen", *scopes)
    return sd * (1.0 - seen) * abs(1.0 - math.exp(-ln_lift))


def _count(each: Named, contacts: Contacts, units: Units) -> int:
    """How many people were in the comparison: all who were contacted in this way, and those held out."""
    sort, _, name = each.scope.partition(":")
    channel = contacts.sends.channel[units.send]
    if sort == "channel":
        touched = units.unit[channel == contacts.channels.index(name)]
    elif sort == "tier":
        return int(units.bands[name].sum())
    elif sort == "kind" and each.parameter == "advertising":
        mine = [code for code, one in enumerate(contacts.channels) if contacts.kinds.get(one) == each.kind]
        touched = units.unit[np.isin(channel, mine)]
    else:
        touched = units.unit
    return len(np.unique(touched)) + int(units.held_out.sum())
