"""The tables and pictures of docs/behaviour, from the parameters and from the behaviour itself.

A picture shows what `wakeup.behaviour` answers, at the medians and, as a band, in the middle 90 % of `DRAWS` draws of
the parameters that its page is about; all others stay at their medians. Nothing here repeats a formula.
"""

import sys
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
from attrs import evolve
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parent))

from pictures import Axis, Curve, Row, lines, ranges, ticks, told

from wakeup.behaviour import Contact, DefaultBehaviour, DefaultModel, Offer, State
from wakeup.behaviour.organic import Law, ln_orders
from wakeup.behaviour.parameters import Values, assume, basis_row
from wakeup.behaviour.traits import Traits, gather
from wakeup.customers import Population
from wakeup.plan.model import (
    Activity,
    Assumption,
    Attribution,
    Channel,
    Coupon,
    Elapsed,
    Gift,
    Message,
    PercentOff,
    Plan,
    Rung,
    Service,
)
from wakeup.plan.predicates import EVERYONE
from wakeup.terms.behaviour import Parameter, Prior, parameters
from wakeup.terms.lists import ChannelKind

HERE: Final = Path(__file__).resolve().parent
DRAWS: Final = 200
"""Draws that a band is made of."""

DAY: Final = 86_400
START: Final = 1_790_000_000
WEEK: Final = Elapsed(7 * DAY)
BASKET: Final = 10_000
KINDS: Final = tuple(ChannelKind)
EMAIL: Final = KINDS.index(ChannelKind.EMAIL)
SMS: Final = KINDS.index(ChannelKind.SMS)
COUPON: Final = 0

Floats = NDArray[np.float64]

PLAN: Final = Plan(
    name="page", title="", doc="", currency="CNY", minor_digits=2, zone="UTC", start=START, end=START + 60 * DAY,
    audience=EVERYONE, holdout="0", holdout_salt="", awake=("order",), margin="0.5", budget=None,
    attribution=Attribution("last_touch", 7 * DAY), journeys=(),
    channels=tuple(Channel(str(kind), kind) for kind in KINDS),
    messages=tuple(Message(str(kind), str(kind), "text") for kind in KINDS),
    incentives=(
        Coupon("coupon", "", (Rung(PercentOff("0.2"), WEEK),)),
        Coupon("flash_price", "", (Rung(PercentOff("0.2"), WEEK),), kind="flash_price"),
        Coupon("member_price", "", (Rung(PercentOff("0.2"), WEEK),), reusable=True, kind="member_price"),
        Gift("gift", "", 1_800, WEEK),
        Gift("content", "", 0, WEEK, kind="content"),
        Gift("membership", "", 1_200, WEEK, kind="membership"),
        Service("service", "", 3_500, WEEK, staff=""),
        Activity("challenge", "", "check_in", 3, "", WEEK),
        Activity("draw", "", "", 1, "", WEEK, odds="0.02", wins=500, cost=20_000, kind="draw"),
        Activity("survey", "", "", 1, "", WEEK, kind="survey"),
        Activity("event", "", "", 1, "", WEEK, places=80, at=START + 5 * DAY, cost=5_000, kind="event"),
        Activity("community", "", "", 1, "", WEEK, kind="community"),
    ),
)  # fmt: skip
"""A channel of each kind, a message on each, an incentive of each kind that a picture shows."""


# --- draws -----------------------------------------------------------------------------------------------------------


@cache
def plan(*about: str) -> Plan:
    """The plan in which only these parameters are not known for certain; people do not differ unless it is about it."""
    held = tuple(
        Assumption(own.name, prior.scope, prior.median, 0.0, own.link, "", "given")
        for own in parameters().values()
        if own.name not in about and own.scope != "tier"
        for prior in own.priors
    )
    alike = () if "response_spread" in about else (Assumption("response_spread", "", 0.0, 0.0, "log", "", "given"),)
    return evolve(PLAN, assumptions=(*held, *alike))


@cache
def traits(replication: int, *about: str) -> Traits:
    """The numbers of a replication."""
    own = plan(*about)
    return gather(own, Values(assume(own), 1, replication))


def drawn(label: str, of: Callable[[int], Floats]) -> Curve:
    """A curve at the medians, with the middle 90 % of its draws."""
    low, high = np.quantile([of(replication) for replication in range(1, DRAWS + 1)], (0.05, 0.95), axis=0)
    return Curve(label, of(0), low, high)


def people(days: Floats, orders: int = 2) -> Population:
    """People dormant for so many days, float64 (m,), alike in everything else."""
    count = len(days)
    last = START - (days * DAY).astype(np.int64)
    number = np.full(count, orders, np.int32)
    return Population(
        key=np.linspace(0, 2**63, count, endpoint=False).astype(np.uint64),
        ids=np.array([""] * count, object),
        as_of=START,
        first_order=last,
        last_order=last,
        last_interaction=last,
        orders=number,
        monetary=np.full(count, BASKET * orders, np.int64),
        average_order_value=np.full(count, BASKET, np.int64),
        gap=np.full(count, np.nan, np.float32),
        consents={},
        tags={},
        fields={},
    )


def bound(who: Population, *about: str) -> list[DefaultModel]:
    """The behaviour of some people, in each replication."""
    return [DefaultBehaviour().model(plan(*about), who, 1, number, None) for number in range(DRAWS + 1)]


def contact(who: Population, message: int = EMAIL, pressure: Floats | float = 0.0, *offers: Offer) -> Contact:
    """A message that everybody sees at the start."""
    count = len(who)
    nobody = np.zeros(count, np.bool_)
    state = State(
        who.last_order, who.orders, np.broadcast_to(pressure, count).astype(np.float64), nobody, nobody,
        np.zeros((count, 0), np.int8),
    )  # fmt: skip
    return Contact(np.arange(count, dtype=np.int32), np.full(count, START), message, None, offers, state)


def coupon(amount: Floats, threshold: Floats) -> Offer:
    """A coupon of so many minor units off a basket of at least so many."""
    off, least = amount.astype(np.int64), threshold.astype(np.int64)
    return Offer(COUPON, off, least, np.full(len(off), START + 7 * DAY), np.zeros(len(off), np.bool_))


def _returns(law: Law, days: Floats, orders: NDArray[np.int32], within: float) -> Floats:
    """The chance of an order within so many days without contact, of people asleep for `days`."""
    return np.asarray(1.0 / (1.0 + np.exp(-law.log_odds(np.maximum(days, 1.0), ln_orders(orders), within * DAY))))


# --- pictures --------------------------------------------------------------------------------------------------------

ASLEEP: Final = Axis("days since the last order", tuple((day, str(day)) for day in (0, 90, 180, 270, 365, 450, 540)))


def organic_return() -> str:
    """The chance of an order within 90 days without any contact."""
    about = ("organic_level", "organic_dormancy", "organic_orders", "organic_shape")
    days = np.linspace(5.0, 540.0, 60)

    def of(orders: int) -> Callable[[int], Floats]:
        count = np.full(len(days), orders, np.int32)
        return lambda r: _returns(traits(r, *about).general.law, days, count, 90.0)

    curves = [drawn(f"{n} order{'s' * (n > 1)} so far", of(n)) for n in (8, 3, 1)]
    return lines(
        "Who comes back by themselves",
        "The chance of an order within 90 days without contact falls with the days asleep and rises with past orders.",
        days, ASLEEP, up("ordered within 90 days, no contact", curves, "%"), curves,
    )  # fmt: skip


def advertising() -> str:
    """What a message alone does to who has seen it."""
    days = np.linspace(5.0, 540.0, 60)
    who = people(days)
    models = bound(who, "advertising")

    def ordered(message: int | None) -> Callable[[int], Floats]:
        def of(replication: int) -> Floats:
            law = traits(replication, "advertising").general.law
            alone = _returns(law, days, who.orders, 14.0)
            if message is None:
                return alone
            brought = models[replication].chance(contact(who, message))
            return np.asarray(1.0 - (1.0 - brought) * (1.0 - alone))

        return of

    curves = [
        drawn("has read an e-mail", ordered(EMAIL)),
        drawn("has read a text|message", ordered(SMS)),
        drawn("nothing sent", ordered(None)),
    ]
    return lines(
        "What a message alone does to who has seen it",
        "The chance of an order within 14 days, with nothing sent, after an e-mail read and after a text message read.",
        days, ASLEEP, up("ordered within 14 days", curves, "%"), curves,
    )  # fmt: skip


def offer() -> str:
    """What a coupon adds, by the threshold."""
    share = np.linspace(0.25, 3.0, 56)
    who = people(np.full(len(share), 120.0))
    models = bound(who, "offer_response", "threshold_aversion")

    def of(part: float) -> Callable[[int], Floats]:
        def ratio(replication: int) -> Floats:
            model = models[replication]
            shown = coupon(np.full(len(share), part * BASKET), share * BASKET)
            return np.asarray(model.chance(contact(who, EMAIL, 0.0, shown)) / model.chance(contact(who)))

        return ratio

    curves = [drawn(f"{part * 100:.0f} % off", of(part)) for part in (0.4, 0.2, 0.1)]
    across = Axis("threshold as a multiple of the usual basket", tuple((n / 2, f"{n / 2:g}") for n in range(7)))
    return lines(
        "What an offer adds to the message that shows it",
        "Orders brought by a message with a coupon of 10, 20 or 40 % of the usual basket over those brought without: "
        "steady up to the usual basket, then falling as the threshold exceeds it.",
        share, across, up("orders brought, against the message alone", curves, "x"), curves,
    )  # fmt: skip


def redemption() -> str:
    """When a coupon that is used is used."""
    about = ("redemption_decay", "redemption_early", "deadline_bump")
    even, edges = (np.arange(20_000) + 0.5) / 20_000, np.linspace(0.0, 1.0, 21)
    start, end = np.zeros(len(even), np.int64), np.full(len(even), 100 * DAY)

    def of(incentive: int) -> Callable[[int], Floats]:
        def shares(replication: int) -> Floats:
            own: Any = traits(replication, *about).incentives[incentive]
            used = own.timing.between(start, end, even.copy()) / (100 * DAY)
            return np.asarray(np.histogram(used, edges)[0] / len(even))

        return shares

    curves = [drawn("flash price", of(1)), drawn("coupon", of(0)), drawn("member price", of(2))]
    across = Axis("part of the validity gone", tuple((n / 5, told(n / 5, "%")) for n in range(6)))
    return lines(
        "When a coupon that is used is used",
        "Share of all uses in each twentieth of the validity: many at once, fewer in the middle, more before the end.",
        (edges[:-1] + edges[1:]) / 2, across, up("share of the uses, per twentieth", curves, "%"), curves,
    )  # fmt: skip


def fatigue() -> str:
    """What is left of a message's effect after others."""
    days = np.linspace(0.0, 60.0, 61)
    who = people(np.full(len(days), 120.0))
    sent, at = np.full(len(days), START), START + (days * DAY).astype(np.int64)
    models = bound(who, "fatigue", "fatigue_half_life")

    def of(before: int) -> Callable[[int], Floats]:
        def left(replication: int) -> Floats:
            model = models[replication]
            felt = model.press(np.full(len(days), float(before)), sent, at)
            return np.asarray(model.chance(contact(who, EMAIL, felt)) / model.chance(contact(who)))

        return left

    names = {1: "after 1 message", 3: "after 3", 6: "after 6 at once"}
    curves = [drawn(names[before], of(before)) for before in (1, 3, 6)]
    across = Axis("days since those messages", tuple((day, str(day)) for day in range(0, 61, 10)))
    return lines(
        "What is left of a message's effect when others came before",
        "Orders brought by a message against one that comes unannounced: less after many messages, recovering by half "
        "of the pressure in two weeks.",
        days, across, up("orders brought, against a first message", curves, "%"), curves,
    )  # fmt: skip


def response_level() -> str:
    """How differently people answer."""
    who = people(np.full(1_000, 120.0))
    share = (np.arange(1_000) + 0.5) / 1_000
    some = np.arange(4, 1_000, 9)
    models = bound(who, "response_spread")

    def of(replication: int) -> Floats:
        chance = np.sort(models[replication].chance(contact(who)))
        return np.asarray(chance[some] / chance.mean())

    curves = [drawn("an e-mail read", of)]
    across = Axis("people, the least responsive first", tuple((n / 4, told(n / 4, "%")) for n in range(5)))
    return lines(
        "How differently people answer the same message",
        "Chance that the message brings an order, over the mean of all people, from the least to the most responsive.",
        share[some], across, up("chance against the mean", curves, "x"), curves,
    )  # fmt: skip


def dormancy_lift() -> str:
    """How many times as many readers order, by the days asleep."""
    days = np.linspace(10.0, 540.0, 54)
    who = people(days)
    models = bound(who, "dormancy_lift")

    def of(message: int) -> Callable[[int], Floats]:
        def ratio(replication: int) -> Floats:
            alone = _returns(traits(replication, "dormancy_lift").general.law, days, who.orders, 14.0)
            brought = models[replication].chance(contact(who, message))
            return np.asarray((1.0 - (1.0 - brought) * (1.0 - alone)) / alone)

        return ratio

    curves = [drawn("readers of an e-mail", of(EMAIL)), drawn("readers of a text|message", of(SMS))]
    return lines(
        "The longer asleep, the more a message moves",
        "How many times as many readers order within 14 days as without the message, by days asleep, up to 13 months.",
        days, ASLEEP, up("times as many orders as without", curves, "x"), curves,
    )  # fmt: skip


def after_wake() -> str:
    """Who orders again after waking."""
    days = np.linspace(1.0, 365.0, 53)
    own = people(np.full(4_000, 120.0), orders=6)
    number, at = np.ones(len(own), np.int32), np.full(len(own), START)

    def of(gap: float) -> Callable[[int], Floats]:
        who = evolve(own, gap=np.full(len(own), gap, np.float32))
        models = bound(who, "lapse", "usual_gap", "gap_weight")

        def again(replication: int) -> Floats:
            following = np.sort(models[replication].next_order(np.arange(len(who), dtype=np.int32), at, number) - START)
            return np.asarray(np.searchsorted(following, days * DAY) / len(who))

        return again

    curves = [drawn("used to order|every 30 days", of(30.0)), drawn("gaps unknown", of(np.nan))]
    across = Axis(
        "days since the order that woke them", tuple((day, str(day)) for day in (0, 60, 120, 180, 240, 300, 365))
    )
    return lines(
        "Who orders again after waking",
        "Share of the woken who have ordered again, by days since; about four in ten never do.",
        days, across, up("have ordered again", curves, "%"), curves,
    )  # fmt: skip


def harm() -> str:
    """Opt-outs by pressure."""
    felt = np.linspace(0.0, 6.0, 25)
    who = people(np.full(len(felt), 120.0))
    about = ("opt_out", "harm_by_pressure")
    models = bound(who, *about)

    def of(kind: ChannelKind) -> Callable[[int], Floats]:
        def share(replication: int) -> Floats:
            own = traits(replication, *about).channels[KINDS.index(kind)]
            return np.asarray(own.seen * np.minimum(own.opt_out * models[replication].harm(felt), 1.0))

        return share

    names = {ChannelKind.PHONE: "call", ChannelKind.SMS: "text message", ChannelKind.EMAIL: "e-mail"}
    curves = [drawn(name, of(kind)) for kind, name in names.items()]
    across = Axis("recent contacts felt", tuple((n, str(n)) for n in range(7)))
    return lines(
        "Who leaves, the more often they are contacted",
        "Opt-outs per message that arrived, by recent contacts, for calls, text messages and e-mails.",
        felt, across, up("opt-outs per message that arrived", curves, "%"), curves,
    )  # fmt: skip


def reaching() -> str:
    """From a person in the data to a person who has seen the message."""
    found = [traits(replication, "reach", "delivered", "seen") for replication in range(DRAWS + 1)]
    shares = np.array([[own.reach * own.delivered * own.seen for own in each.channels] for each in found])
    rows = _rows([str(kind).replace("_", " ") for kind in KINDS], shares)
    return ranges(
        "How many people see a message, by channel",
        "Share of all people who can be reached, get the message and see it, where the data say nothing.",
        Axis("see the message, of all people", ticks(max(row.high for row in rows), "%")),
        rows,
    )


def opening() -> str:
    """When those open who open."""
    hours = np.logspace(-2, 3, 51)
    even = (np.arange(2_000) + 0.5) / 2_000

    def of(kind: ChannelKind) -> Callable[[int], Floats]:
        def share(replication: int) -> Floats:
            own = traits(replication, "open_delay", "open_delay_spread").channels[KINDS.index(kind)]
            seconds = np.sort(own.opening.after(np.zeros(len(even), np.int64), even.copy()))
            return np.asarray(np.searchsorted(seconds, hours * 3_600, side="right") / len(even))

        return share

    names = {ChannelKind.SMS: "text message", ChannelKind.EMAIL: "e-mail", ChannelKind.MINI_PROGRAM: "mini program"}
    curves = [drawn(name, of(kind)) for kind, name in names.items()]
    ends = ((0.01, "36 s"), (0.1, "6 min"), (1.0, "1 h"), (10.0, "10 h"), (100.0, "4 days"), (1000.0, "6 weeks"))
    return lines(
        "When those open who open",
        "Share of all openings by the time since the send, for text messages, e-mails and the mini program.",
        hours, Axis("since the send", ends, log=True), up("of those who open", curves, "%"), curves,
    )  # fmt: skip


def activities() -> str:
    """Who takes part to the end, of those who have seen it."""
    places = [place for place, each in enumerate(PLAN.incentives) if not isinstance(each, Coupon)]
    found = [traits(replication, "take_up", "keeps_up", "attendance") for replication in range(DRAWS + 1)]

    def done(each: Traits) -> list[float]:
        own: list[Any] = [each.incentives[place] for place in places]
        return [one.take_up * one.completion for one in own]

    rows = _rows([_NAMES.get(PLAN.incentives[place].name, PLAN.incentives[place].name) for place in places],
                 np.array([done(each) for each in found]))  # fmt: skip
    return ranges(
        "Who claims it, or joins and completes it",
        "Share of those who have seen it who claim a gift or service, or join and complete an activity.",
        Axis("of those who have seen it", ticks(max(row.high for row in rows), "%")),
        rows,
    )


_NAMES: Final = {"challenge": "challenge, 3 days", "event": "event, came", "draw": "draw, joined"}


def up(title: str, curves: Sequence[Curve], unit: str) -> Axis:
    """The axis that holds all bands."""
    return Axis(title, ticks(max(float(max(curve.high.max(), curve.y.max())) for curve in curves), unit))


def _rows(names: Sequence[str], shares: Floats) -> list[Row]:
    """Rows of a range chart from shares (1 + DRAWS, rows), the medians' first; greatest first."""
    low, high = np.quantile(shares[1:], (0.05, 0.95), axis=0)
    made = [Row(name, *map(float, each)) for name, *each in zip(names, shares[0], low, high, strict=True)]
    return sorted(made, key=lambda row: -row.value)


def season() -> str:
    """What is not known of the months."""
    months = [name for name in parameters() if name.startswith("season_")]

    def of(replication: int) -> Floats:
        return np.array(traits(replication, *months).general.season.months)

    curves = [drawn("by itself", of)]
    names = tuple((number + 1.0, name[7:10].capitalize()) for number, name in enumerate(months))
    return lines(
        "What is assumed of the months",
        "By itself every month is like the mean of the year; the band is what is not known of a shop's season.",
        np.arange(1.0, 13.0), Axis("month", names), up("odds of an order, against the year", curves, "x"), curves,
    )  # fmt: skip


PICTURES: Final[dict[str, Callable[[], str]]] = {
    "organic-return": organic_return,
    "season": season,
    "after-wake": after_wake,
    "reaching": reaching,
    "opening": opening,
    "advertising": advertising,
    "offer": offer,
    "redemption": redemption,
    "dormancy": dormancy_lift,
    "fatigue": fatigue,
    "response": response_level,
    "harm": harm,
    "activities": activities,
}
"""Name of the file -> what draws it."""


# --- tables ----------------------------------------------------------------------------------------------------------


def table(names: Sequence[str]) -> Iterator[str]:
    """Yield the rows that a page shows of some parameters: guesses of one parameter in one row."""
    yield "| parameter | what it is | median (middle 90 %) | evidence | source |"
    yield "|---|---|---|---|---|"
    for name in names:
        own = parameters()[name]
        found: dict[tuple[str, str], list[str]] = {}
        for prior in own.priors:
            found.setdefault((prior.grade, _source(prior)), []).append(_value(own, prior))
        for number, ((grade, source), values) in enumerate(found.items()):
            meaning = "" if number else own.meaning
            yield f"| `{name}` | {meaning} | {'; '.join(values)} | {grade} | {source} |"


def _source(prior: Prior) -> str:
    """Where it comes from; what is guessed in several ways is a guess."""
    return (
        prior.source.partition(":")[0] if prior.grade == "none" and prior.source.startswith("a guess") else prior.source
    )


def _value(own: Parameter, prior: Prior) -> str:
    row = basis_row(Assumption(own.name, prior.scope, prior.median, prior.sd, own.link, prior.source, prior.grade))
    scope = prior.scope.removeprefix("kind:").replace("_", " ")
    span = "" if row.low == row.high else f" ({_number(own, row.low)} to {_number(own, row.high)})"
    return f"{scope} {_number(own, row.median)}{span}".strip()


def _number(own: Parameter, value: float) -> str:
    if own.unit == "probability":
        return f"{value * 100:.3g} %"
    unit = {"multiplier": "×{}", "days": "{} d", "hours": "{} h"}.get(own.unit, "{}")
    return unit.format(f"{value:.3g}")


def contents() -> Iterator[tuple[Path, bytes]]:
    """Yield the pictures, each with what it must hold."""
    for name, draw in PICTURES.items():
        yield HERE / "pictures" / "behaviour" / f"{name}.svg", draw().encode()


if __name__ == "__main__":
    for path, data in contents():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
