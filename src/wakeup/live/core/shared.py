"""What the people of a campaign share: budget lines, stock, places in rates, desks, pauses, tallies; and its form."""

import json
from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

from attrs import define, field

from wakeup.decide.ledger import Account
from wakeup.decide.money import per_minor
from wakeup.live.core.line import Desk
from wakeup.plan.model import Budget, Channel, Plan

CAMPAIGN: Final = ""
"""Scope of what all channels did together."""


@define
class Ledger:
    """Budget lines and the total, in micros. Without a budget there are no limits, but costs are still noted.

    spent, reserved: per line. in_all: everything spent.
    """

    spent: Counter[str] = field(factory=Counter)
    reserved: Counter[str] = field(factory=Counter)
    in_all: int = 0
    limits: Mapping[str, int] = field(factory=dict)
    limit: int | None = None
    unit: int = 1

    def under(self, budget: Budget | None, minor_digits: int) -> None:
        """Follow the limits of a plan."""
        self.unit = per_minor(minor_digits)
        self.limits = {} if budget is None else {line.name: line.limit * self.unit for line in budget.lines}
        self.limit = None if budget is None else budget.total * self.unit

    def line(self, name: str) -> Account | None:
        """Return the line, None if the budget declares none of that name."""
        if name not in self.limits:
            return None
        return Account(self.limits[name], self.spent[name], self.reserved[name])

    def total(self) -> Account | None:
        """Return the total, None without a budget."""
        return None if self.limit is None else Account(self.limit, self.in_all)


@define
class Shelf:
    """Per incentive, over everybody: grants that are open, uses, grants ever made, joins, draws won.

    uses: of a reusable coupon, grants that were used and are closed.
    """

    open_grants: Counter[str] = field(factory=Counter)
    uses: Counter[str] = field(factory=Counter)
    granted: Counter[str] = field(factory=Counter)
    joined: Counter[str] = field(factory=Counter)
    won: Counter[str] = field(factory=Counter)


@define
class Rate:
    """Places of a channel: at most `rate` sends in each window of `rate_seconds`; windows before `first` are over or
    full. taken: places per window."""

    first: int = 0
    taken: dict[int, int] = field(factory=dict)

    def place(self, t: int, channel: Channel) -> int:
        """Return the first second at or after `t` in a window that has room."""
        if not channel.rate:
            return t
        window = max(t // channel.rate_seconds, self.first)
        while self.taken.get(window, 0) >= channel.rate:
            window += 1
        return max(t, window * channel.rate_seconds)

    def take(self, t: int, channel: Channel) -> None:
        """Spend a place in the window of `t`, which is the first with room."""
        if not channel.rate:
            return
        window = t // channel.rate_seconds
        self.taken[window] = self.taken.get(window, 0) + 1
        if self.taken[window] >= channel.rate:
            self.first = window + 1

    def forget(self, t: int, channel: Channel | None) -> None:
        """Forget windows that nobody can ask for any more at `t`."""
        if channel is None or not channel.rate:
            self.taken = {}
            return
        over = max(self.first, t // channel.rate_seconds)
        if self.taken and min(self.taken) < over:
            self.taken = {window: count for window, count in self.taken.items() if window >= over}


@define
class Tallies:
    """Figures that guards watch: per channel and of the campaign ("") counts and micros, of the seconds before the
    newest (`past`) and of the newest, `at`, apart (`fresh`). since: the instant of the first count that no guard has
    judged, None without one."""

    past: dict[str, Counter[str]] = field(factory=dict)
    fresh: dict[str, Counter[str]] = field(factory=dict)
    at: int = 0
    since: int | None = None

    def add(self, t: int, figure: str, amount: int, channel: str) -> None:
        """Count something of the instant `t` for the campaign, and for the channel if it is of one."""
        if t > self.at:
            self.close()
            self.at = t
        if self.since is None:
            self.since = t
        into = self.fresh if t == self.at else self.past
        for scope in (CAMPAIGN, channel) if channel else (CAMPAIGN,):
            if scope not in into:
                into[scope] = Counter()
            into[scope][figure] += amount

    def before(self, t: int, channel: str) -> Mapping[str, int]:
        """Return the figures of the seconds strictly before `t`."""
        if self.at < t:
            self.close()
        return self.past.get(channel, {})

    def judged(self, t: int) -> None:
        """Note that guards have judged what happened strictly before `t`."""
        self.since = self.at if self.fresh and self.at >= t else None

    def close(self) -> None:
        """Let what is fresh be past."""
        for scope, figures in self.fresh.items():
            into = self.past.setdefault(scope, Counter())
            for figure, amount in figures.items():
                into[figure] += amount
        self.fresh = {}


@define(eq=False)
class Shared:
    """What a campaign's people share.

    paused: end of the pause per channel. stopped: a guard or somebody stopped the run. closing: the instant at which
    everybody who is inside has to leave (end or stop), until the executor has seen to it. winners: arm per
    "journey/split". promoted: what was judged, "" where no arm was sure. assigned: the first assignment per split.
    tripped: (guard, channel or "", instant). booked: fixed costs. ended: the end was reached. reserved: minor units per
    line at the end. judged_at: the last quarter hour that was judged. eligible, no_journey: counted at the enrolment.
    listed: incentives whose codes come from the shop's list; the codes of all others are made.
    """

    ledger: Ledger = field(factory=Ledger)
    shelf: Shelf = field(factory=Shelf)
    rates: dict[str, Rate] = field(factory=dict)
    desks: dict[str, Desk] = field(factory=dict)
    tallies: Tallies = field(factory=Tallies)
    paused: dict[str, int] = field(factory=dict)
    stopped: bool = False
    closing: int | None = None
    winners: dict[str, str] = field(factory=dict)
    promoted: dict[str, str] = field(factory=dict)
    assigned: dict[str, int] = field(factory=dict)
    tripped: list[tuple[str, str, int]] = field(factory=list)
    booked: list[str] = field(factory=list)
    ended: bool = False
    reserved: list[tuple[str, int]] = field(factory=list)
    judged_at: int = 0
    eligible: int = 0
    no_journey: int = 0
    listed: list[str] = field(factory=list)

    def spend(self, t: int, figure: str, micros: int, line: str, channel: str = "") -> None:
        """Take a cost from its line and the total; it may overdraw both. Negative gives back."""
        self.ledger.spent[line] += micros
        self.ledger.in_all += micros
        self.tallies.add(t, figure, micros, channel)
        self.tallies.add(t, "spent", micros, channel)

    def rate(self, channel: str) -> Rate:
        """Return the places of a channel."""
        return self.rates.setdefault(channel, Rate())

    def desk(self, staff: str) -> Desk:
        """Return the desk of the staff."""
        return self.desks.setdefault(staff, Desk())


# --- the durable form ------------------------------------------------------------------------------------------------


def read(text: str, plan: Plan) -> Shared:
    """Read the shared state back, under the limits of the newest plan; "" is the state before the start."""
    shared = Shared(tallies=Tallies(since=plan.start), judged_at=plan.start) if not text else _read(json.loads(text))
    shared.ledger.under(plan.budget, plan.minor_digits)
    return shared


_encode: Final = json.JSONEncoder(
    ensure_ascii=False, separators=(",", ":"), allow_nan=False, check_circular=False
).encode

_PLAIN: Final = ("paused", "stopped", "closing", "winners", "promoted", "assigned", "tripped", "booked", "ended",
                 "reserved", "judged_at", "eligible", "no_journey", "listed")  # fmt: skip
_SHELF: Final = ("open_grants", "uses", "granted", "joined", "won")


def to_json(shared: Shared) -> str:
    """Return the shared state as JSON; equal states give equal texts."""
    ledger, tallies = shared.ledger, shared.tallies
    return _encode(
        {
            **{name: getattr(shared, name) for name in _PLAIN},
            "ledger": [ledger.spent, ledger.reserved, ledger.in_all],
            "shelf": [getattr(shared.shelf, name) for name in _SHELF],
            "rates": {name: [rate.first, list(rate.taken.items())] for name, rate in shared.rates.items()},
            "desks": {name: _desk(desk) for name, desk in shared.desks.items()},
            "tallies": [tallies.past, tallies.fresh, tallies.at, tallies.since],
        }
    )


def _desk(desk: Desk) -> list[Any]:
    return [desk.line, desk.serving, desk.freeing, desk.kept]


def _read(state: dict[str, Any]) -> Shared:
    shared = Shared(**{name: state[name] for name in _PLAIN if name in state})  # an older store lacks the newest
    shared.tripped = [(each[0], each[1], each[2]) for each in state["tripped"]]
    shared.reserved = [(each[0], each[1]) for each in state["reserved"]]
    spent, reserved, in_all = state["ledger"]
    shared.ledger = Ledger(Counter(spent), Counter(reserved), in_all)
    shared.shelf = Shelf(*(Counter(each) for each in state["shelf"]))
    shared.rates = {name: Rate(first, dict(taken)) for name, (first, taken) in state["rates"].items()}
    shared.desks = {name: _read_desk(*each) for name, each in state["desks"].items()}
    past, fresh, at, since = state["tallies"]
    shared.tallies = Tallies(_counters(past), _counters(fresh), at, since)
    return shared


def _counters(tables: dict[str, dict[str, int]]) -> dict[str, Counter[str]]:
    return {scope: Counter(figures) for scope, figures in tables.items()}


def _read_desk(line: list[str], serving: list[list[Any]], freeing: list[int], kept: int) -> Desk:
    return Desk(line, [(each[0], each[1], each[2]) for each in serving], freeing, kept)
