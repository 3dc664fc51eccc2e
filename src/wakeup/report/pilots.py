"""What a pilot would tell: for an assumption that no source supports, what to count and with how many people.

The sizes are those after which the pilot alone would give an interval half as wide as what is assumed now.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from statistics import median
from typing import Final

from attrs import frozen

from wakeup.diagnostics import Say
from wakeup.figures.result import Basis
from wakeup.report.speech import Speech
from wakeup.terms.behaviour import Learnt, Parameter, parameters

MOST: Final = 1_000_000
"""People of the largest pilot that anybody would run."""

_SDS: Final = 3.29
"""Standard deviations between the ends of the middle 90 % of a normal distribution (2 x 1.645)."""

_DORMANT: Final = 120.0
"""Days dormant for which lifts are told; a pilot's orders without contact are reckoned for them, after one order."""

_OFFER: Final = 0.2
"""Value of an offer as a share of the basket, for which a pilot of offers is reckoned."""

_SPREAD: Final = 2.0
"""Standard deviation of the logarithm of a delay, where the forecast has none: an e-mail's opening has 2.27."""

_WORDS: Final[Mapping[Learnt, Say]] = {
    "orders": Say("Your own order log tells it: wakeup calibrate."),
    "campaigns": Say("Past campaigns that left some people alone tell it: wakeup calibrate."),
    "addresses": Say("Pilot: try {n} addresses and count those that exist."),
    "sent": Say("Pilot: send {n} messages and count those that arrive."),
    "arrived": Say("Pilot: count it on {n} messages that arrive."),
    "seen": Say("Pilot: count it among {n} people who have seen the message."),
    "clicked": Say("Pilot: count it among {n} people who have clicked."),
    "joined": Say("Pilot: count it among {n} people who have joined."),
    "openings": Say("Pilot: note when {n} messages are opened."),
    "clicks": Say("Pilot: note when {n} people click."),
    "claims": Say("Pilot: note when {n} people claim it or join."),
    "purchases": Say("Pilot: note when {n} people order who hold no coupon."),
    "answers": Say("Pilot: {n} answers to the survey tell it."),
    "holdout": Say("Pilot: send to {n} people drawn by lot, leave {n} others alone, compare their orders."),
    "offer": Say("Pilot: show it to {n} readers drawn by lot, leave it out for {n} others, compare their orders."),
    "given": Say("Pilot: give it to {n} of those who ask, drawn by lot, not to {n} others, compare their orders."),
}
_TOO_MANY: Final = Say("No pilot tells it: it would take more than a million people.")


def pilot(row: Basis, basis: Sequence[Basis], s: Speech) -> str:
    """Return what would tell an assumption; "" if it does not vary or is none of the default behaviour's."""
    name, _, scope = row.assumption.partition(" ")
    own = parameters().get(name)
    if own is None or row.median is None or row.low is None or row.high is None or not row.low < row.high:
        return ""
    words = _WORDS[own.learnt]
    size = _SIZES.get(own.learnt)
    if size is None:
        return s.say(words.text)
    people = size(_Assumed(own, scope, row.median, row.low, row.high), basis)
    return s.say(_TOO_MANY.text) if people > MOST else s.say(words.text, n=f"{rounded(people):,}")


def rounded(people: float) -> int:
    """Return a number of people rounded up to two digits."""
    whole = max(1, math.ceil(people))
    step: int = 10 ** max(0, len(str(whole)) - 2)
    return -(-whole // step) * step


@frozen
class _Assumed:
    own: Parameter
    scope: str
    median: float
    low: float
    high: float

    @property
    def sd(self) -> float:
        """Standard deviation on the scale of the link, identity or log."""
        if self.own.link == "identity":
            return (self.high - self.low) / _SDS
        return math.log(self.high / self.low) / _SDS


def _counted(row: _Assumed, basis: Sequence[Basis]) -> float:
    """Trials after which a share at the median is known half as widely: standard error sqrt(p (1 - p) / n)."""
    del basis
    wanted = (row.high - row.low) / (2.0 * _SDS)
    return row.median * (1.0 - row.median) / wanted**2


def _timed(row: _Assumed, basis: Sequence[Basis]) -> float:
    """Times after which the median of a lognormal delay, or its spread, is known half as widely.

    Standard errors: spread / sqrt(n) of the logarithm of the median, 1 / sqrt(2 n) of the logarithm of the spread.
    """
    if row.own.unit == "spread":
        return 2.0 / row.sd**2
    spreads = [each.median for each in _rows(basis, f"{row.own.name}_spread") if each.median]
    return (2.0 * max(spreads, default=_SPREAD) / row.sd) ** 2


def _compared(row: _Assumed, basis: Sequence[Basis]) -> float:
    """People in each of two groups drawn by lot after which the lift is known half as widely.

    The shares who order are p0 alone and s = p0 + v (p1 - p0) with, v = share of the group who see what is tried. The
    lift is estimated by logit(p0 + (s - p0) / v) - logit(p0); its standard error is that of the delta method.
    """
    lift, slope = _lift(row)
    seen = _seen(row.scope, basis) if row.own.learnt == "holdout" else 1.0
    odds = _odds(basis)
    alone, reader = odds / (1.0 + odds), odds * math.exp(lift) / (1.0 + odds * math.exp(lift))
    shown = alone + seen * (reader - alone)
    by_alone = (1.0 - 1.0 / seen) / (reader * (1.0 - reader)) - 1.0 / (alone * (1.0 - alone))
    by_shown = 1.0 / (seen * reader * (1.0 - reader))
    variance = alone * (1.0 - alone) * by_alone**2 + shown * (1.0 - shown) * by_shown**2
    return variance / (slope * row.sd / 2.0) ** 2


def _lift(row: _Assumed) -> tuple[float, float]:
    """Log-odds that who sees it gains, and how fast they move with the logarithm of the parameter."""
    if row.own.unit == "multiplier" and row.own.scope != "tier":
        return math.log(row.median), 1.0
    share = _OFFER if row.own.name == "offer_response" else math.log(2.0)
    return row.median * share, row.median * share


def _odds(basis: Sequence[Basis]) -> float:
    """Odds of an order within the response window without contact, after 120 days and one order."""
    of = {name: _median(basis, name) for name in ("organic_level", "organic_dormancy", "organic_shape")}
    window = _median(basis, "response_window") / 90.0
    odds = math.exp(of["organic_level"] + of["organic_dormancy"] * math.log(_DORMANT))
    return odds * math.pow(window, of["organic_shape"])


def _seen(scope: str, basis: Sequence[Basis]) -> float:
    """Share of the messages sent on a channel that are seen; the middle one of all where the scope has none."""
    share = 1.0
    for name in ("delivered", "seen"):
        rows = _rows(basis, name)
        own = [each for each in rows if each.assumption == f"{name} {scope}"] or rows
        share *= median([each.median or 0.0 for each in own]) if own else 1.0
    return max(share, 1e-6)


def _median(basis: Sequence[Basis], name: str) -> float:
    found = _rows(basis, name)
    return found[0].median if found and found[0].median is not None else parameters()[name].priors[0].median


def _rows(basis: Sequence[Basis], name: str) -> list[Basis]:
    return [each for each in basis if each.assumption.partition(" ")[0] == name]


_SIZES: Final[Mapping[Learnt, Callable[[_Assumed, Sequence[Basis]], float]]] = {
    "addresses": _counted,
    "sent": _counted,
    "arrived": _counted,
    "seen": _counted,
    "clicked": _counted,
    "joined": _counted,
    "openings": _timed,
    "clicks": _timed,
    "claims": _timed,
    "purchases": _timed,
    "answers": _timed,
    "holdout": _compared,
    "offer": _compared,
    "given": _compared,
}
