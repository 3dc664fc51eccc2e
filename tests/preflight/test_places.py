"""Codes, places, prizes and staff who serve sends against what people ask for, counted by hand."""

import pytest
from attrs import evolve
from tests.preflight.made import ASLEEP, CERTAIN, DAY, assumed, certain, facts, fields, found, people
from tests.sim.plans import ENTRY, coupon, journey, nudge, send, sms, wait, window

from wakeup.plan.model import Activity, Elapsed, Incentive, Plan, Staff, Variant
from wakeup.plan.predicates import HasTag

WEEK = Elapsed(7 * DAY)


def offering(incentive: Incentive) -> Plan:
    return certain(journey(send("nudge", incentive.name), wait(25)), incentives=(incentive,))


def test_every_grant_takes_a_code() -> None:
    off = evolve(coupon(500, 5_000, name="off"), codes=60)
    told = fields(offering(off), people(100), "WK3929")
    assert (told["codes"], told["granted"], told["enough"]) == ("60", "100", "100")
    assert "WK3929" not in found(offering(evolve(off, codes=100)), people(100))


def test_more_want_a_seat_than_there_are() -> None:
    tea = Activity("tea", "", "", 1, "", WEEK, places=30, at=ENTRY + 5 * DAY, kind="event")
    told = fields(offering(tea), people(100), "WK3926")
    assert (told["places"], told["joins"], told["enough"], told["key"]) == ("30", "100", "100", "seats")
    assert "WK3926" not in found(offering(evolve(tea, places=100)), people(100))


def test_more_would_win_than_there_are_prizes() -> None:
    draw = Activity("lucky", "", "", 1, "", WEEK, odds="1", wins=40, cost=100, kind="draw")
    told = fields(offering(draw), people(100), "WK3927")
    assert (told["prizes"], told["wins"], told["joins"]) == ("40", "100", "100")
    assert "WK3927" not in found(offering(evolve(draw, wins=100)), people(100))


def test_sends_that_the_staff_do_not_get_to() -> None:
    desk = Staff("callers", 1, 3_600, window(9, 18))
    plan = certain(
        journey(send("nudge", expires=DAY), wait(20)),
        channels=(evolve(sms(), staff="callers"),),
        messages=(nudge(),),
        staff=(desk,),
        assumptions=assumed(CERTAIN),
    )
    told = fields(plan, people(200), "WK3928")
    assert (told["name"], told["staff"], told["asked"]) == ("nudge", "callers", "200")
    assert int(str(told["left"])) > 150
    assert "WK3928" not in found(evolve(plan, staff=(evolve(desk, people=200),)), people(200))


def test_prizes_are_expected_costs() -> None:
    draw = Activity("lucky", "", "", 1, "", WEEK, odds="1", cost=100, line="gifts", kind="draw")
    look = facts(offering(draw), people(100)).rehearsal
    assert look is not None
    (paid,) = (each for each in look.payments() if each.name == "lucky")
    assert (paid.line, paid.amount) == ("gifts", 10_000)


def test_texts_are_paid_as_they_are_sent() -> None:
    dear = Variant(HasTag("fitness"), "a longer text", cost_micros=90_000)
    plan = certain(journey(send("nudge")), messages=(evolve(nudge(), cost_micros=50_000, variants=(dear,)),))
    population = people(100)
    look = facts(plan, population).rehearsal
    assert look is not None
    (sms_,) = (each for each in look.payments() if each.name == "sms")
    tagged = int(population.tags["fitness"].sum())
    assert sms_.amount == pytest.approx((tagged * 90_000 + (100 - tagged) * 50_000) / 10_000)


def test_coming_to_an_event_is_waking_up() -> None:
    tea = Activity("tea", "", "", 1, "", WEEK, at=ENTRY + 5 * DAY, kind="event")
    plan = evolve(offering(tea), assumptions=assumed(CERTAIN | ASLEEP | {"attendance": 1.0}), awake=("attend",))
    look = facts(plan, people(100)).rehearsal
    assert look is not None
    assert look.uplift == 1.0
    survey = Activity("how", "", "", 1, "", WEEK, kind="survey")
    nobody = facts(evolve(offering(survey), awake=("attend",)), people(100)).rehearsal
    assert nobody is not None
    assert nobody.uplift == 0.01  # nobody counts as one
