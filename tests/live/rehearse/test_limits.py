"""The judge of a rehearsal fails on what is planted: each limit, broken by hand, is seen, and no other."""

from collections.abc import Callable

import pytest
from attrs import evolve
from tests.sim.plans import DAY, ENTRY, HOUR, campaign, email, journey, letter, nudge, send, sms, window

from wakeup.channels.protocol import Offered
from wakeup.decide.caps import Contact
from wakeup.live.core.person import About, Person
from wakeup.live.rehearse.customers import Letter
from wakeup.live.rehearse.limits import LIMITS, Evidence, judged
from wakeup.live.rehearse.provider import Delivery
from wakeup.live.rows import Entry
from wakeup.plan.model import (
    Activity,
    AmountOff,
    Budget,
    Cadence,
    Cap,
    Coupon,
    Elapsed,
    Line,
    Quiet,
    Rolling,
    Rung,
)
from wakeup.terms.lists import Row

ANN, BEN = 11, 22
WEEK = Elapsed(7 * DAY)
PLAN = evolve(
    campaign(
        journey(send("nudge"), send("letter", step="l")),
        channels=(sms(rate=1, rate_seconds=60), email(quiet=Quiet(window(22, 8)))),
        messages=(nudge(cost_micros=50_000), letter()),
        incentives=(
            Coupon("off", "", (Rung("", "", AmountOff(100, 0), WEEK),), stock=1),
            Coupon("coded", "", (Rung("", "", AmountOff(100, 0), WEEK),), codes=1),
            Activity("tea", "", "", 1, "", WEEK, places=1, kind="event", at=ENTRY + 2 * DAY),
        ),
    ),
    cadence=Cadence(caps=(Cap(2, Rolling(DAY)),), gap=600, quiet=(Quiet(window(23, 7)),)),
    budget=Budget(25, (Line("sends", 20),), "sends"),
)


def sent(who: int, t: int, message: str = "nudge") -> Entry:
    return Entry(PLAN.name, who, t, Row.SENT, "wake", message, message, {"nudge": "sms", "letter": "email"}[message])


def row(who: int, t: int, kind: Row, incentive: str) -> Entry:
    return Entry(PLAN.name, who, t, kind, incentive=incentive)


def person(key: int) -> Person:
    return Person(PLAN.name, key, 0, "v", "wake", False, ENTRY, About(), "UTC")


FINE = Evidence(
    plan=PLAN,
    people={ANN: person(ANN), BEN: person(BEN)},
    past={},
    rows=(sent(ANN, ENTRY), sent(BEN, ENTRY + 60), sent(ANN, ENTRY + HOUR), row(ANN, ENTRY, Row.GRANTED, "off")),
    letters={"r1": Letter("r1", ANN, 0, (Offered("off", "C1", 0),), False)},
    log=(Delivery(ENTRY, "r1", True),),
    settled=("r1",),
    withdrawn=(),
)


def more(*rows: Entry) -> Callable[[Evidence], Evidence]:
    return lambda evidence: evolve(evidence, rows=(*evidence.rows, *rows))


PLANTED: dict[str, Callable[[Evidence], Evidence]] = {
    "once": lambda e: evolve(e, log=(*e.log, Delivery(ENTRY + 5, "r1", True))),
    "arrived": lambda e: evolve(e, settled=("r1", "r2")),
    "cap": lambda e: evolve(e, past={ANN: [Contact(ENTRY - HOUR, ("sms",))]}),
    "gap": more(sent(BEN, ENTRY + 120)),
    "quiet": more(sent(BEN, ENTRY + 12 * HOUR + 60, "letter")),
    "consent": lambda e: evolve(e, withdrawn=((ANN, "sms", ENTRY + 10),)),
    "rate": more(sent(BEN, ENTRY + HOUR + 30)),
    "budget": lambda e: evolve(e, plan=evolve(e.plan, budget=Budget(20, (Line("sends", 14),), "sends"))),
    "supplies": more(row(BEN, ENTRY, Row.GRANTED, "off")),
    "codes": lambda e: evolve(e, letters={**e.letters, "r3": Letter("r3", BEN, 0, (Offered("off", "C1", 0),), False)}),
}


def broken(evidence: Evidence) -> set[str]:
    return {each.name for each in judged(evidence) if each.broken}


def test_nothing_is_broken_where_nothing_is() -> None:
    assert broken(FINE) == set()
    assert all(each.looked for each in judged(FINE))


@pytest.mark.parametrize("name", PLANTED)
def test_what_is_planted_is_seen(name: str) -> None:
    assert broken(PLANTED[name](FINE)) == {name}


def test_every_limit_has_a_plant() -> None:
    assert set(PLANTED) == set(LIMITS)


@pytest.mark.parametrize(
    "rows",
    [
        (row(ANN, ENTRY, Row.GRANTED, "coded"), row(BEN, ENTRY, Row.GRANTED, "coded")),
        (row(ANN, ENTRY, Row.JOINED, "tea"), row(BEN, ENTRY, Row.JOINED, "tea")),
    ],
    ids=["codes", "places"],
)
def test_supplies_are_codes_and_places_too(rows: tuple[Entry, ...]) -> None:
    assert broken(more(*rows)(FINE)) == {"supplies"}


def test_stock_that_came_back_may_be_given_again() -> None:
    back = (row(ANN, ENTRY + DAY, Row.LAPSED, "off"), row(BEN, ENTRY + DAY, Row.GRANTED, "off"))
    assert broken(more(*back)(FINE)) == set()


def test_a_complaint_withdraws_every_channel() -> None:
    assert broken(evolve(FINE, withdrawn=((ANN, "", ENTRY + 10),))) == {"consent"}
    assert broken(evolve(FINE, withdrawn=((ANN, "email", ENTRY + 10),))) == set()
