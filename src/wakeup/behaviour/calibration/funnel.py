"""From sends and answers to evidence: delivered, seen, clicked, harm, claims, delays, by channel and by incentive."""

import math
from collections.abc import Iterator, Mapping
from typing import Final

import numpy as np
from attrs import define, field, frozen
from numpy.typing import NDArray

from wakeup.behaviour.calibration.delays import Lag, fit_lag
from wakeup.behaviour.calibration.learnt import prior_of
from wakeup.behaviour.calibration.pooling import Binomial, Evidence, Normal
from wakeup.customers.past.contacts import Contacts, Joins, Offers, Sends
from wakeup.customers.population import NEVER
from wakeup.diagnostics import Count
from wakeup.terms.behaviour import Prior, parameters

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Index = NDArray[np.intp]

HOUR: Final = 3_600.0
DAY: Final = 86_400.0

FUNNEL: Final = (
    "reach", "delivered", "seen", "open_delay", "open_delay_spread", "clicked", "click_delay", "click_delay_spread",
    "opt_out", "complaint", "take_up", "take_delay", "take_delay_spread", "keeps_up", "attendance",
)  # fmt: skip
"""What sends and answers tell."""

LEAST: Final = 20
"""Trials below which a cell gives no evidence: nobody would call it data."""

LEAST_DELAYS: Final = 10
"""Delays below which a cell's delay is not fitted."""


@frozen
class Cell:
    """Evidence about a parameter in a cell (`channel:NAME` or `incentive:NAME`) of a kind, from a sample."""

    parameter: str
    scope: str
    kind: str
    evidence: Evidence
    sample: Count


@define
class Gathering:
    """Collects the cells, and the lags of channels that later steps need (channel code -> lag)."""

    cells: list[Cell] = field(factory=list)
    opening: dict[int, Lag] = field(factory=dict)

    def share(self, parameter: str, scope: str, kind: str, successes: float, trials: float, sample: Count) -> None:
        """Note a share, if it is one that is assumed to vary and there are enough trials."""
        prior = known_prior(parameter, kind)
        if prior is not None and trials >= LEAST:
            self.cells.append(Cell(parameter, scope, kind, Binomial(float(successes), trials), sample))

    def lag(self, parameter: str, scope: str, kind: str, lag: Lag, sample: Count) -> None:
        """Note the median and the spread of a delay."""
        for name, evidence in (
            (parameter, Normal(lag.mean, lag.mean_error)),
            (f"{parameter}_spread", Normal(math.log(lag.spread), lag.spread_error)),
        ):
            if known_prior(name, kind) is not None:
                self.cells.append(Cell(name, scope, kind, evidence, sample))


def known_prior(parameter: str, kind: str) -> Prior | None:
    """Return what is assumed of a kind, None where the parameter is not for it or it is a fact."""
    prior = prior_of(parameters()[parameter], f"kind:{kind}")
    return None if prior is None or prior.sd == 0.0 else prior


def assumed(parameter: str, kind: str) -> float:
    """Return the median that is assumed of a kind."""
    prior = prior_of(parameters()[parameter], f"kind:{kind}")
    assert prior is not None, (parameter, kind)
    return prior.median


def gather_channels(contacts: Contacts, into: Gathering) -> None:
    """Note what is known of every channel whose kind is known."""
    pressure = pressures(contacts.sends)
    harm = np.exp(assumed("harm_by_pressure", "") * pressure)
    for code, name in enumerate(contacts.channels):
        kind = contacts.kinds.get(name)
        if kind is not None:
            rows = np.flatnonzero(contacts.sends.channel == code)
            _Channel(contacts, code, f"channel:{name}", kind, rows).gather(into, harm[rows])
            if name in contacts.reached:
                reached, tried = contacts.reached[name]
                into.share("reach", f"channel:{name}", kind, reached, tried, Count(tried, "customer"))


@frozen(eq=False)
class _Channel:
    """The sends (`rows`) of one channel."""

    contacts: Contacts
    code: int
    scope: str
    kind: str
    rows: Index

    @property
    def _delivered(self) -> Count:
        return Count(len(self.rows), "delivered message")

    def _when(self, answer: str) -> NDArray[np.int64]:
        return self.contacts.sends.answers[answer][self.rows]

    def gather(self, into: Gathering, harm: Floats) -> None:
        """Note delivery, opening, clicks, harm and delays; what the log never records teaches nothing."""
        sent = self.contacts.sends.t[self.rows]
        arrived = self._arrived(into)
        opened = opened_at(self.contacts.sends)[self.rows]
        opens = opened != NEVER
        seen = np.full(len(self.rows), assumed("seen", self.kind)) * arrived
        if opens.any():
            seen = opens.astype(np.float64)
            within = self._opening(into, opened, opens, sent)
            trials = float((arrived * within).sum())
            into.share("seen", self.scope, self.kind, int(opens.sum()), trials, self._delivered)
        self._clicks(into, seen, opened, opens)
        for parameter, answer in (("opt_out", "opted_out"), ("complaint", "complained")):
            if answer in self.contacts.recorded:
                count = int((self._when(answer) != NEVER).sum())
                trials = float((arrived * harm).sum())
                into.share(parameter, self.scope, self.kind, count, trials, self._delivered)

    def _arrived(self, into: Gathering) -> Floats:
        """Return for each send whether it arrived; where the log does not tell, how likely that is."""
        arrived = self._when("delivered") != NEVER
        if not arrived.any():
            return np.full(len(self.rows), assumed("delivered", self.kind))
        # What was opened or clicked has arrived, whatever a receipt says.
        arrived |= opened_at(self.contacts.sends)[self.rows] != NEVER
        into.share("delivered", self.scope, self.kind, int(arrived.sum()), len(arrived), Count(len(arrived), "send"))
        return np.asarray(arrived, np.float64)

    def _opening(self, into: Gathering, opened: NDArray[np.int64], opens: Bools, sent: NDArray[np.int64]) -> Floats:
        """Note the delay of opening; return the share of openings that each send has had the time for."""
        room = (self.contacts.end - sent) / HOUR
        mean, spread = math.log(assumed("open_delay", self.kind)), assumed("open_delay_spread", self.kind)
        if int(opens.sum()) < LEAST_DELAYS:
            return Lag(mean, spread, 0, 1.0, 1.0).share_within(room)
        hours = np.maximum((opened[opens] - sent[opens]) / HOUR, 0.5 / HOUR)
        lag = fit_lag(hours, room[opens], mean, spread)
        into.opening[self.code] = lag
        into.lag("open_delay", self.scope, self.kind, lag, Count(lag.count, "opened message"))
        return lag.share_within(room)

    def _clicks(self, into: Gathering, seen: Floats, opened: NDArray[np.int64], opens: Bools) -> None:
        clicked = self._when("clicked")
        clicks = clicked != NEVER
        if "clicked" in self.contacts.recorded and clicks.any():
            sample = Count(int(seen.sum()), "opened message")
            into.share("clicked", self.scope, self.kind, int(clicks.sum()), float(seen.sum()), sample)
        delays = [
            (when[both] - opened[both]) / HOUR
            for when in (self._when("clicked"), self._when("opted_out"), self._when("complained"))
            if (both := opens & (when != NEVER) & (when > opened)).any()
        ]
        hours = np.concatenate(delays) if delays else np.empty(0)
        if len(hours) >= LEAST_DELAYS:
            mean, spread = math.log(assumed("click_delay", "")), assumed("click_delay_spread", "")
            room = np.full(len(hours), 1e9)
            lag = fit_lag(hours, room, mean, spread)
            into.lag("click_delay", self.scope, self.kind, lag, Count(lag.count, "answer"))


def opened_at(sends: Sends) -> NDArray[np.int64]:
    """Return when each send was seen, NEVER if not: who clicks without a mark of opening has opened then."""
    opened, clicked = sends.answers["opened"], sends.answers["clicked"]
    channels_that_mark = np.unique(sends.channel[opened != NEVER])
    marked = np.isin(sends.channel, channels_that_mark)
    return np.where((opened == NEVER) & marked, clicked, opened)


def gather_offers(contacts: Contacts, days: Mapping[str, int], into: Gathering) -> None:
    """Note claims, joins, completions; `days` of a challenge by its name."""
    opened = opened_at(contacts.sends)
    for code, name in enumerate(contacts.incentives):
        kind = contacts.incentive_kinds.get(name)
        if kind is None:
            continue
        scope = f"incentive:{name}"
        if known_prior("take_up", kind) is not None and contacts.recorded & {"claimed", "joined"}:
            _claims(contacts, contacts.offers, code, scope, kind, opened, into)
        for cell in _completions(contacts.joins, code, scope, kind, days.get(name, 0)):
            into.cells.append(cell)


def _claims(
    contacts: Contacts, offers: Offers, code: int, scope: str, kind: str, opened: NDArray[np.int64], into: Gathering
) -> None:
    seen = opened[offers.send]
    asked = (offers.incentive == code) & ~offers.had & (seen != NEVER)
    at, taken = seen[asked], offers.taken[asked]
    took = (taken != NEVER) & (taken >= at)
    room = (contacts.end - at) / HOUR
    mean, spread = math.log(assumed("take_delay", kind)), assumed("take_delay_spread", kind)
    lag = Lag(mean, spread, 0, 1.0, 1.0)
    if int(took.sum()) >= LEAST_DELAYS:
        hours = np.maximum((taken[took] - at[took]) / HOUR, 0.5 / HOUR)
        lag = fit_lag(hours, room[took], mean, spread)
        into.lag("take_delay", scope, kind, lag, Count(lag.count, "claim"))
    trials = float(lag.share_within(room).sum())
    into.share("take_up", scope, kind, int(took.sum()), trials, Count(int(asked.sum()), "shown offer"))


def _completions(joins: Joins, code: int, scope: str, kind: str, days: int) -> Iterator[Cell]:
    """Yield the evidence of attendance, or of a challenge kept up for one more day.

    Only joins before the last completion count: of later ones nobody knows yet what becomes of them.
    """
    mine = joins.incentive == code
    done = joins.completed[mine]
    if not (done != NEVER).any():
        return
    known = joins.t[mine] <= done.max() - days * DAY
    trials, completed = int(known.sum()), int((known & (done != NEVER)).sum())
    if trials < LEAST:
        return
    if kind == "event":
        yield Cell("attendance", scope, kind, Binomial(completed, trials), Count(trials, "join"))
    elif kind == "challenge" and days > 1:
        whole = (completed + 0.5) / (trials + 1.0)
        daily = whole ** (1.0 / (days - 1))
        ln_error = math.sqrt((1.0 - whole) / (whole * trials)) / (days - 1)
        told = Normal(math.log(daily / (1.0 - daily)), ln_error / (1.0 - daily))
        yield Cell("keeps_up", scope, kind, told, Count(trials, "join"))


def pressures(sends: Sends) -> Floats:
    """Return how many contacts each person still felt at each send: float64 (m,); half is gone after the half-life."""
    order = np.lexsort((sends.t, sends.person))
    person, t = sends.person[order], sends.t[order]
    first = np.ones(len(t), np.bool_)
    first[1:] = person[1:] != person[:-1]
    gap = np.diff(t, prepend=t[:1]).astype(np.float64)
    kept = np.where(first, 0.0, np.exp(-math.log(2.0) * gap / (assumed("fatigue_half_life", "") * DAY)))
    felt = np.zeros(len(t))
    begins = np.flatnonzero(first)
    place = np.arange(len(t)) - np.repeat(begins, np.diff(np.append(begins, len(t))))
    for number in range(1, int(place.max(initial=0)) + 1):
        rows = np.flatnonzero(place == number)
        felt[rows] = kept[rows] * (felt[rows - 1] + 1.0)
    back = np.empty(len(t))
    back[order] = felt
    return back
