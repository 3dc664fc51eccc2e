"""When coupons are used: the two modes of redemption timing, learnt from the moments of use within the validity.

Some uses are of orders that would have come anyway, at any moment: how many is not known, so their share is a number of
its own, and not knowing it widens what is said of the others.
"""

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from wakeup.behaviour.calibration.believed import Believed
from wakeup.behaviour.calibration.coming import REDEMPTION
from wakeup.behaviour.calibration.learnt import Learnt, fitted
from wakeup.behaviour.calibration.rates import linked, unlinked
from wakeup.customers.past.contacts import Contacts
from wakeup.diagnostics import Count
from wakeup.terms.behaviour import parameters

Floats = NDArray[np.float64]

LEAST: Final = 60
"""Uses of a coupon below which its timing is not learnt."""

_BINS: Final = 200
_ANYWAY: Final = (-0.85, 0.8)
"""Log-odds of the share of uses by orders that would have come anyway, and its sd: 30 %, 10 to 62 %."""


def learn_redemption(contacts: Contacts, believed: Believed, source: str) -> list[Learnt]:
    """Return rows for kinds of coupons with enough uses; `source` has the field {sample}."""
    uses = contacts.redemptions
    moments = (uses.used - uses.seen) / (uses.end - uses.seen)
    kinds = np.array([contacts.incentive_kinds.get(contacts.incentives[code], "") for code in uses.incentive], object)
    rows = []
    for kind in sorted(set(kinds.tolist()) - {"", "points"}):
        mine = moments[(kinds == kind) & (uses.end <= contacts.known_until)]
        if len(mine) >= LEAST:
            rows += _rows(kind, mine, believed, source)
    return rows


def _rows(kind: str, moments: Floats, believed: Believed, source: str) -> list[Learnt]:
    assumed = [believed(name, f"kind:{kind}") for name in REDEMPTION]
    links = [parameters()[name].link for name in REDEMPTION]
    centre = np.array([*(linked(link, each[0]) for link, each in zip(links, assumed, strict=True)), _ANYWAY[0]])
    sd = np.array([*(each[1] for each in assumed), _ANYWAY[1]])
    counts = np.histogram(moments, _BINS, (0.0, 1.0))[0].astype(np.float64)
    place, sds = _mode(counts, centre, sd, links)
    found, sample = [], Count(len(moments), "used coupon")
    for number, name in enumerate(REDEMPTION):
        median = unlinked(links[number], float(place[number]))
        row = fitted(name, f"kind:{kind}", median, float(sds[number]), source.format(sample=sample))
        found.append(Learnt(row, sample, kind))
    return found


def _mode(counts: Floats, centre: Floats, sd: Floats, links: Sequence[str]) -> tuple[Floats, Floats]:
    """Return mode and sds (Laplace) of the four numbers, on their scales."""
    place = centre.copy()
    for _ in range(100):
        density, slopes = _derivatives(place, links)
        ratio = slopes / density
        gradient = ratio @ counts - (place - centre) / sd**2
        curve = (ratio * counts) @ ratio.T + np.diag(sd**-2.0)
        step = np.clip(np.linalg.solve(curve, gradient), -0.5, 0.5)
        place = place + step
        if float(np.abs(step).max()) < 1e-8:
            break
    # Expected information: of so many uses at the density of the mode.
    density, slopes = _derivatives(place, links)
    information = (slopes / density * counts.sum()) @ slopes.T / _BINS + np.diag(sd**-2.0)
    return place, np.sqrt(np.diag(np.linalg.inv(information)))


def _derivatives(place: Floats, links: Sequence[str]) -> tuple[Floats, Floats]:
    """Return the density in each bin, float64 (200,), and its derivatives by the four numbers, float64 (4, 200)."""
    size = 1e-5
    rows = [
        (_density(place + size * unit, links) - _density(place - size * unit, links)) / (2.0 * size)
        for unit in np.eye(len(place))
    ]
    return _density(place, links), np.array(rows)


def _density(place: Floats, links: Sequence[str]) -> Floats:
    decay, early, bump = (unlinked(link, float(at)) for link, at in zip(links, place, strict=False))
    x = (np.arange(_BINS) + 0.5) / _BINS
    brought = (early * np.exp(-x / decay) + 1.0 - early) * (1.0 + bump * (x >= 0.8))
    anyway = 1.0 / (1.0 + math.exp(-float(place[-1])))
    return np.asarray((1.0 - anyway) * brought / brought.mean() + anyway)
