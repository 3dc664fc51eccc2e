"""The most that can be used and cost, worked out by hand."""

import numpy as np
import pytest
from attrs import evolve
from tests.preflight.made import DAY, certain, dormant, facts, people, simple
from tests.sim.plans import coupon, email, journey, letter, nudge, send, sms, wait

from wakeup.plan.model import (
    Activity,
    AmountOff,
    Arm,
    Band,
    Branch,
    Budget,
    Coupon,
    Elapsed,
    Exit,
    FixedCost,
    Gift,
    Grant,
    Jump,
    Line,
    PercentOff,
    Plan,
    Rung,
    Split,
    Tier,
    Variant,
)
from wakeup.plan.predicates import EVERYONE, Happened
from wakeup.preflight.worst import MOST_WAYS, ways

WEEK = Elapsed(7 * DAY)
KIT = Gift("kit", "", 1_800, WEEK, line="gifts", limit=1)
OFF = coupon(500, 5_000, name="off", line="promo", limit=1)


def plan_of(*program: object, **changes: object) -> Plan:
    return certain(journey(*program), **{"incentives": (KIT, OFF)} | changes)  # type: ignore[arg-type]


def ways_of(plan: Plan) -> tuple[tuple[int, ...], ...]:
    return ways(plan, plan.journeys[0])


def test_a_limit_holds_over_the_whole_way() -> None:
    plan = plan_of(send("nudge", "off"), wait(1), send("nudge", "off", "kit", step="s2"))
    assert ways_of(plan) == ((2, 1, 1),)
    twice = evolve(plan, incentives=(KIT, evolve(OFF, limit=None)))
    assert ways_of(twice) == ((2, 1, 2),)


def test_arms_are_ways_of_their_own() -> None:
    split = Split("s", "s", (Arm("a", "0", "0.5", 1), Arm("b", "0.5", "1", 3)))
    plan = plan_of(split, send("nudge", "kit"), Jump(4), send("nudge", "off"), wait(1))
    assert ways_of(plan) == ((1, 0, 1), (1, 1, 0))


def test_a_branch_that_sends_nothing_is_no_worst_case() -> None:
    plan = plan_of(Branch(Happened("click"), 3), send("nudge", "kit"), Exit(), wait(1))
    assert ways_of(plan) == ((1, 1, 0),)


def test_a_fallback_is_sent_instead() -> None:
    messages = (nudge(fallback="letter"), letter())
    plan = plan_of(send(), send(step="s2"), messages=messages, channels=(sms(), email()))
    assert ways_of(plan) == ((0, 2, 0, 0), (1, 1, 0, 0), (2, 0, 0, 0))


def test_a_reward_counts_with_what_is_sent() -> None:
    visits = Activity("visits", "", "check_in", 3, "off", WEEK)
    plan = plan_of(send("nudge", "visits"), send("nudge", "off", step="s2"))
    assert ways_of(evolve(plan, incentives=(OFF, visits))) == ((2, 1, 1),)
    assert ways_of(evolve(plan, incentives=(evolve(OFF, limit=None), visits))) == ((2, 2, 1),)


def test_too_many_ways_become_one_that_surpasses_all() -> None:
    messages = tuple(nudge(name=f"m{i}") for i in range(12))
    program = [
        step
        for i in range(6)
        for step in (Branch(Happened("click"), 4 * i + 3), send(f"m{2 * i}", step=f"a{i}"), Jump(4 * i + 4),
                     send(f"m{2 * i + 1}", step=f"b{i}"))
    ]  # fmt: skip
    assert MOST_WAYS <= 2**6
    assert len(ways_of(plan_of(*program, incentives=(), messages=messages))) == 64
    more = [*program, Branch(Happened("click"), 26), send("m0", step="c")]
    assert ways_of(plan_of(*more, incentives=(), messages=messages)) == ((2, *([1] * 11)),)


# --- money -----------------------------------------------------------------------------------------------------------


def test_the_sum_by_hand() -> None:
    budget = Budget(1_000, (Line("promo", 500), Line("gifts", 500)), "promo")
    plan = plan_of(
        send("nudge", "off", "kit"),
        send("nudge", step="s2"),
        messages=(nudge(cost_micros=50_000),),
        budget=budget,
        costs=(FixedCost("wages", 7_000, "gifts", 0),),
    )
    worst = facts(plan, people(200)).worst
    # 200 people: two messages of 5 cents and one coupon of 5.00; a gift of 18.00, and wages of 70.00
    assert dict(worst.lines) == {"promo": 200 * (2 * 5 + 500), "gifts": 200 * 1_800 + 7_000}
    assert worst.total == 200 * (2 * 5 + 500 + 1_800) + 7_000
    assert worst.uses.tolist() == [200, 200]


def test_stock_is_all_that_can_be_given() -> None:
    plan = plan_of(send("nudge", "off", "kit"), incentives=(evolve(KIT, stock=30), OFF))
    worst = facts(plan, people(200)).worst
    assert worst.lines["gifts"] == 30 * 1_800
    assert worst.total == 30 * 1_800 + 200 * 500
    assert worst.uses.tolist() == [200, 200]


def test_of_two_arms_the_dearer_one_counts() -> None:
    split = Split("s", "s", (Arm("a", "0", "0.5", 1), Arm("b", "0.5", "1", 3)))
    both = (evolve(KIT, line="promo"), OFF)
    plan = plan_of(split, send("nudge", "kit"), Jump(4), send("nudge", "off"), wait(1), incentives=both)
    assert facts(plan, people(50)).worst.lines["promo"] == 50 * 1_800


def test_a_coupon_is_worth_what_its_rung_says() -> None:
    tier = Tier("value", "average_order_value", "money", (Band("high", 50_000), Band("low", None, 50_000)))
    laddered = Coupon(
        "off",
        "",
        (Rung(AmountOff(900, 1_000), WEEK, "value", "high"), Rung(PercentOff("0.1", 10_000), WEEK, "value", "low")),
    )
    plan = plan_of(send("nudge", "off"), incentives=(laddered,), tiers=(tier,))
    worth = np.array([60_000, 20_005, 3_000], np.int64)
    population = evolve(dormant(3, 200), average_order_value=worth)
    # 9.00; a tenth of 200.05 half up; a tenth of the threshold
    assert facts(plan, population).worst.total == pytest.approx(900 + 2_001 + 1_000)


def test_the_first_rung_that_fits_holds() -> None:
    both = Coupon("off", "", (Rung(AmountOff(900, 1_000), WEEK), Rung(AmountOff(100, 1_000), WEEK)))
    assert facts(plan_of(send("nudge", "off"), incentives=(both,)), people(10)).worst.total == 10 * 900


def test_the_total_is_no_more_than_its_lines() -> None:
    # Stock bounds the gifts, arms bound the coupons; neither bound alone does both.
    split = Split("s", "s", (Arm("a", "0", "0.5", 2), Arm("b", "0.5", "1", 4)))
    other = evolve(OFF, name="other")
    plan = plan_of(
        send("nudge", "kit"), split, send("nudge", "off", step="a"), Jump(5), send("nudge", "other", step="b"),
        incentives=(evolve(KIT, stock=10), OFF, other),
    )  # fmt: skip
    worst = facts(plan, people(100)).worst
    assert worst.lines["gifts"] == 10 * 1_800
    assert worst.lines["promo"] == 100 * 500
    assert worst.total == 10 * 1_800 + 100 * 500


def test_who_never_enters_costs_nothing() -> None:
    plan = plan_of(send("nudge", "off"))
    late = evolve(plan, journeys=(evolve(plan.journeys[0], wave=evolve(plan.journeys[0].wave, per_day=1)),))
    assert facts(late, people(200)).worst.uses.tolist() == [0, 31]


def test_without_people_or_incentives_there_is_nothing() -> None:
    plan = certain(simple())
    assert facts(plan, people(5)).worst.total == 0
    assert facts(evolve(plan, holdout="1"), people(5)).worst.uses.tolist() == []


# --- prices for every order, codes, prizes, grants -------------------------------------------------------------------


def costs(plan: Plan) -> float:
    return facts(plan, people(10)).worst.total


def test_a_price_for_every_order_is_used_once_a_day_or_as_often_as_its_limit() -> None:
    vip = evolve(OFF, reusable=True, limit=None, kind="member_price")
    assert ways_of(plan_of(send("nudge", "off"), incentives=(vip,))) == ((1, 7),)
    assert ways_of(plan_of(send("nudge", "off"), incentives=(evolve(vip, limit=3),))) == ((1, 3),)


def test_a_grant_without_a_message_counts() -> None:
    plan = plan_of(send("nudge", "off"), wait(1), Grant("grant kit", ("kit",)))
    assert ways_of(plan) == ((1, 1, 1),)


def test_codes_bound_what_can_be_used() -> None:
    plan = plan_of(send("nudge", "off"), incentives=(OFF,), messages=(evolve(nudge(), cost_micros=0),))
    assert costs(plan) == 10 * 500
    assert costs(evolve(plan, incentives=(evolve(OFF, codes=3),))) == 3 * 500


def test_prizes_bound_what_a_draw_can_cost() -> None:
    draw = Activity("lucky", "", "", 1, "", WEEK, odds="0.02", cost=2_000, kind="draw")
    plan = plan_of(send("nudge", "lucky"), incentives=(draw,), messages=(evolve(nudge(), cost_micros=0),))
    assert costs(plan) == 10 * 2_000
    assert costs(evolve(plan, incentives=(evolve(draw, wins=4),))) == 4 * 2_000
    assert costs(evolve(plan, incentives=(evolve(draw, places=6),))) == 6 * 2_000


def test_everybody_may_get_the_dearest_text() -> None:
    dear = Variant(EVERYONE, "a longer text", cost_micros=90_000)
    plan = plan_of(send("nudge"), messages=(evolve(nudge(), cost_micros=50_000, variants=(dear,)),))
    assert costs(plan) == pytest.approx(10 * 9)
