"""The incremental effect of past contacts, learnt from who was held out, by the model's own formula.

Everybody in a campaign waits for an order: by themselves as the organic law says (with a level of their own for each
campaign, shared by both arms), and after each contact, with the chance that it is seen, as the formula of a contact
says (docs/semantics/behaviour.md). Who saw a message is not looked at: people who open differ from those who do not,
even without a message. Only who was sent one is, and that was drawn by lot. The likelihood of the stretch of days in
which the first order came, or of none, is penalised by what is assumed; the mode and the curvature there (Laplace) give
the intervals. What is assumed and not known exactly (organic slopes, the lag of orders, the spread of the hidden
response) is among the terms, so that not knowing it widens the intervals of the others.
"""

import math
from collections.abc import Mapping
from typing import Final, Literal

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Index = NDArray[np.int64]

_NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(5)
_WEIGHTS = _WEIGHTS / _WEIGHTS.sum()

_QUARTER: Final = 90.0 * 86_400.0

Acts = Literal[
    "level", "organic", "shape", "lift", "offer", "fatigue", "dormancy", "lag", "spread", "aversion", "tier", "kind"
]


@frozen
class Term:
    """One number to learn, on the scale on which it scatters: N(centre, sd), or N(that of the term `parent`, sd).

    acts: "level" (shift of the organic log-odds of a campaign), "organic" (slope of those log-odds), "shape" (logarithm
    of the exponent of time), "lift" (log-odds added), "offer" (logarithm of the log-odds per unit of an offer's worth),
    "fatigue" (its logarithm), "dormancy" (slope), "lag" (logarithm of the median lag of orders), "spread" (logarithm of
    the spread of the hidden response), "aversion" (logarithm of how an excess of a threshold over the basket shrinks an
    offer), "tier" (logarithm of what people of a band multiply lifts by), "kind" (acts through its children alone).
    """

    acts: Acts
    centre: float
    sd: float
    parent: int | None = None


@frozen(eq=False)
class Study:
    """What the likelihood needs; u people, c contacts, p terms.

    terms: p, those of levels first, in the order of the campaigns. campaign: int64 (u,), which level. slopes: for each
    "organic" term its columns, float64 (u,) at the origin and (c,) at the contacts. base: float64 (u,), the other
    organic log-odds of an order within 90 days at the origin; start: float64 (c,), at the contacts. window: seconds of
    the response window. unit: int64 (c,), ascending. ordered: bool (u,). low, high: float64 (u,), seconds from the
    origin between which the first order fell; without one both are the time watched. come_low, come_high: float64 (c,):
    the chance that an order which the contact brings has come by then; lag_low, lag_high: its derivative by the "lag".
    seen: float64 (c,), the chance that the contact is seen. pressure, ln_dormant: float64 (c,). at, which, worth: which
    terms a contact adds, each with what it is worth (1 for a lift) and by how much its threshold exceeds the basket, as
    a share. aversions: "offer" term -> the "aversion" that shrinks it. bands: "tier" term -> 1 at contacts with people
    of the band, else 0, float64 (c,).
    """

    terms: tuple[Term, ...]
    campaign: Index
    slopes: Mapping[int, tuple[Floats, Floats]]
    base: Floats
    start: Floats
    window: float
    unit: Index
    ordered: NDArray[np.bool_]
    low: Floats
    high: Floats
    come_low: Floats
    come_high: Floats
    lag_low: Floats
    lag_high: Floats
    seen: Floats
    pressure: Floats
    ln_dormant: Floats
    at: Index
    which: Index
    worth: Floats
    excess: Floats
    aversions: Mapping[int, int]
    bands: Mapping[int, Floats]

    def one(self, acts: Acts) -> int:
        """Return the only term that acts so."""
        (number,) = (number for number, term in enumerate(self.terms) if term.acts == acts)
        return number


@frozen(eq=False)
class Fit:
    """The mode and the covariance of the terms, float64 (p,) and (p, p)."""

    mode: Floats
    covariance: Floats

    @property
    def sds(self) -> Floats:
        """Standard deviations, float64 (p,)."""
        return np.asarray(np.sqrt(np.diag(self.covariance)), np.float64)


def fit(study: Study) -> Fit:
    """Maximise the penalised likelihood by Newton's steps with the curvature of the scores; then Laplace."""
    centre = np.array([term.centre for term in study.terms])
    precision = _precision(study.terms)
    place = centre.copy()
    value, scores = likelihood(study, place)
    damping = 1e-3
    for _ in range(60):
        slope = scores.sum(axis=0) - precision @ (place - centre)
        curve = scores.T @ scores + precision
        step = np.linalg.solve(curve + damping * np.diag(np.diag(curve)), slope)
        step *= min(1.0, 1.0 / max(float(np.abs(step).max()), 1e-300))
        trial = place + step
        told, told_scores = likelihood(study, trial)
        told -= 0.5 * float((trial - centre) @ precision @ (trial - centre))
        if told < value - 1e-9:
            damping = max(damping, 1e-3) * 8.0
            if damping > 1e9:
                break
            continue
        damping /= 4.0
        place, value, scores = trial, told, told_scores
        if float(np.abs(step).max()) < 1e-4:
            break
    covariance = np.linalg.inv(_curvature(study, place) + precision)
    return Fit(place, np.asarray(covariance, np.float64))


def _precision(terms: tuple[Term, ...]) -> Floats:
    matrix = np.zeros((len(terms), len(terms)))
    for number, term in enumerate(terms):
        weight = term.sd**-2
        matrix[number, number] += weight
        if term.parent is not None:
            matrix[term.parent, term.parent] += weight
            matrix[number, term.parent] -= weight
            matrix[term.parent, number] -= weight
    return matrix


def _curvature(study: Study, place: Floats) -> Floats:
    """Minus the second derivatives of the log-likelihood, positive semi-definite."""
    size = 1e-3
    rows = []
    for unit in np.eye(len(place)):
        ahead = likelihood(study, place + size * unit)[1].sum(axis=0)
        behind = likelihood(study, place - size * unit)[1].sum(axis=0)
        rows.append((behind - ahead) / (2.0 * size))
    matrix = np.array(rows)
    values, vectors = np.linalg.eigh((matrix + matrix.T) / 2.0)
    return np.asarray((vectors * np.maximum(values, 0.0)) @ vectors.T)


@frozen(eq=False)
class _Waiting:
    """What the terms make of the study: log-odds, exponent of time, lifts for the mean level, shares that have come."""

    base: Floats
    start: Floats
    shape: float
    lift: Floats
    spread: float
    come: tuple[Floats, Floats]


@frozen(eq=False)
class _Slopes:
    """Derivatives of the chance of what everybody did: by the organic log-odds at the origin and, times the logarithm
    of the time, by the exponent (u,); by the log-odds at a contact, by its lift, by the lag of its order (c,)."""

    base: Floats
    time: Floats
    start: Floats
    lift: Floats
    lag: Floats


def likelihood(study: Study, place: Floats) -> tuple[float, Floats]:
    """Return the log-likelihood and the scores of every person: float64 (u, p)."""
    waiting, by_lift = _waiting(study, place)
    people = len(study.base)
    chance, scores = np.zeros(people), np.zeros((people, len(study.terms)))
    before = np.exp(np.minimum(waiting.start, 50.0))
    spread = study.one("spread")
    for z, weight in zip(_NODES, _WEIGHTS, strict=True):
        level = math.exp(waiting.spread * z - waiting.spread**2 / 2.0)
        lift = np.minimum(waiting.lift * level, 500.0)
        part, slopes = _one_level(study, waiting, before, lift)
        chance += weight * part
        _add_organic(study, place, waiting, slopes, weight, scores)
        for term, slope in by_lift.items():
            scores[:, term] += weight * _by_person(study, slopes.lift * slope * level)
        turn = waiting.spread * z - waiting.spread**2
        scores[:, spread] += weight * _by_person(study, slopes.lift * lift * turn)
        scores[:, study.one("lag")] += weight * _by_person(study, slopes.lag)
    chance = np.maximum(chance, 1e-300)
    return float(np.log(chance).sum()), scores / chance[:, None]


def _by_person(study: Study, contacts: Floats) -> Floats:
    return np.asarray(np.bincount(study.unit, contacts, minlength=len(study.base)), np.float64)


def _add_organic(
    study: Study, place: Floats, waiting: _Waiting, slopes: _Slopes, weight: float, scores: Floats
) -> None:
    people = np.arange(len(study.base))
    scores[people, study.campaign] += weight * (slopes.base + _by_person(study, slopes.start))
    for term, (there, then) in study.slopes.items():
        scores[:, term] += weight * (slopes.base * there + _by_person(study, slopes.start * then))
    ln_window = math.log(study.window / _QUARTER)
    whole = slopes.time + _by_person(study, slopes.start) * ln_window
    scores[:, study.one("shape")] += weight * waiting.shape * whole


def _waiting(study: Study, place: Floats) -> tuple[_Waiting, dict[int, Floats]]:
    """Return what the terms make of the study, and the derivatives of the lifts by each term that has any."""
    level = place[study.campaign]
    base, start = study.base + level, study.start + level[study.unit]
    for term, (there, then) in study.slopes.items():
        base = base + place[term] * there
        start = start + place[term] * then
    shape = math.exp(place[study.one("shape")])
    lift, by_lift = _lifts(study, place)
    lag = place[study.one("lag")] - study.terms[study.one("lag")].centre
    come = tuple(
        np.clip(share + lag * slope, 0.0, 1.0)
        for share, slope in ((study.come_low, study.lag_low), (study.come_high, study.lag_high))
    )
    start = start + shape * math.log(study.window / _QUARTER)
    spread = math.exp(place[study.one("spread")])
    return _Waiting(base, start, shape, lift, spread, (come[0], come[1])), by_lift


def _one_level(study: Study, waiting: _Waiting, before: Floats, lift: Floats) -> tuple[Floats, _Slopes]:
    """Return the chance of what everybody did if their hidden response is the same, and its derivatives."""
    after = before * np.exp(lift)
    induced = (after - before) / (1.0 + after)
    by_lift = after * (1.0 + before) / (1.0 + after) ** 2
    by_start = (after - before) / (1.0 + after) ** 2
    stay, low = _stay(study, waiting, study.low, waiting.come[0], study.lag_low, (induced, by_lift, by_start))
    left, high = _stay(study, waiting, study.high, waiting.come[1], study.lag_high, (induced, by_lift, by_start))
    person, contact = study.ordered, study.ordered[study.unit]
    return np.where(person, stay - left, stay), _Slopes(
        base=np.where(person, low.base - high.base, low.base),
        time=np.where(person, low.time - high.time, low.time),
        start=np.where(contact, low.start - high.start, low.start),
        lift=np.where(contact, low.lift - high.lift, low.lift),
        lag=np.where(contact, low.lag - high.lag, low.lag),
    )


def _stay(
    study: Study,
    waiting: _Waiting,
    seconds: Floats,
    come: Floats,
    by_lag: Floats,
    brought: tuple[Floats, Floats, Floats],
) -> tuple[Floats, _Slopes]:
    """Return the chance of no order within `seconds`, and its derivatives."""
    induced, by_lift, by_start = brought
    ln_time = np.log(np.maximum(seconds, 1.0) / _QUARTER)
    odds = np.exp(np.minimum(waiting.base + waiting.shape * ln_time, 50.0))
    taken = study.seen * come
    rest = np.maximum(1.0 - taken * induced, 1e-9)
    stay = np.exp(_by_person(study, np.log(rest))) / (1.0 + odds)
    base = -stay * odds / (1.0 + odds)
    each = -stay[study.unit] / rest
    return stay, _Slopes(
        base=base,
        time=base * ln_time,
        start=each * taken * by_start,
        lift=each * taken * by_lift,
        lag=each * study.seen * by_lag * induced,
    )


def _lifts(study: Study, place: Floats) -> tuple[Floats, dict[int, Floats]]:
    """Return the log-odds that each contact adds for somebody of the mean level, and their derivatives by terms."""
    contacts = len(study.unit)
    fatigue, dormancy = study.one("fatigue"), study.one("dormancy")
    fading = math.exp(place[fatigue])
    ln_factor = place[dormancy] * study.ln_dormant - fading * study.pressure
    for band, inside in study.bands.items():
        ln_factor += place[band] * inside
    factor = np.exp(ln_factor)
    whole = np.zeros(contacts)
    by_term: dict[int, Floats] = {}
    for number, term in enumerate(study.terms):
        if term.acts not in ("lift", "offer"):
            continue
        mine = study.which == number
        at, amount = study.at[mine], study.worth[mine]
        if term.acts == "lift":
            whole += place[number] * np.bincount(at, amount, minlength=contacts)
            by_term[number] = np.bincount(at, amount, minlength=contacts) * factor
            continue
        aversion = math.exp(place[study.aversions[number]])
        value = math.exp(place[number]) * amount * np.exp(-aversion * study.excess[mine])
        whole += np.bincount(at, value, minlength=contacts)
        by_term[number] = np.bincount(at, value, minlength=contacts) * factor
        shrunk = -aversion * np.bincount(at, value * study.excess[mine], minlength=contacts) * factor
        by_term[study.aversions[number]] = by_term.get(study.aversions[number], np.zeros(contacts)) + shrunk
    lift = whole * factor
    by_term[fatigue] = -fading * study.pressure * lift
    by_term[dormancy] = study.ln_dormant * lift
    by_term |= {band: inside * lift for band, inside in study.bands.items()}
    return lift, by_term
