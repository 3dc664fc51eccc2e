"""Expected and worst cost against the budget."""

import numpy as np
import pytest
from attrs import evolve
from tests.preflight.made import DAY, assumed, certain, facts, fields, found, people
from tests.sim.plans import ENTRY, campaign, coupon, email, journey, letter, nudge, send, sms, wait, window

from wakeup.behaviour import DefaultBehaviour
from wakeup.figures.tally import Tally
from wakeup.figures.totals import TREATED
from wakeup.plan.model import Budget, Elapsed, FixedCost, Gift, Line, Plan, Service, Staff, Wave
from wakeup.preflight.rehearsal import SEED
from wakeup.sim import array
from wakeup.sim.task import Task

WEEK = Elapsed(7 * DAY)
KIT = Gift("kit", "", 1_800, WEEK, line="gifts", limit=1)


def plan_of(promo: int, gifts: int, **changes: object) -> Plan:
    """Everybody is sent one message for 5 cents and takes one gift of 18.00."""
    base = {
        "messages": (nudge(cost_micros=50_000),),
        "incentives": (KIT,),
        "budget": Budget(promo + gifts, (Line("promo", promo), Line("gifts", gifts)), "promo"),
    }
    return certain(journey(send("nudge", "kit"), wait(3)), **base | changes)


def test_a_line_that_will_be_short() -> None:
    told = fields(plan_of(10_000, 100_000), people(100), "WK3930")
    assert (told["name"], told["asked"], told["limit"]) == ("gifts", "1,800 EUR", "1,000 EUR")
    assert (told["most"], told["amount"], told["enough"]) == ("kit", "1,800 EUR", "1_800 EUR")


def test_sends_are_paid_by_their_line() -> None:
    told = fields(plan_of(499, 180_000), people(100), "WK3930")
    assert (told["name"], told["asked"], told["most"]) == ("promo", "5 EUR", "sms")
    assert "WK3930" not in found(plan_of(500, 180_000), people(100))


def test_fixed_costs_count_once() -> None:
    plan = plan_of(500, 190_000, costs=(FixedCost("wages", 10_001, "gifts", 0),))
    told = fields(plan, people(100), "WK3930")
    assert (told["asked"], told["most"]) == ("1,900.01 EUR", "kit")


def test_a_total_without_lines() -> None:
    plan = plan_of(0, 0, budget=Budget(180_499, ()))
    told = fields(plan, people(100), "WK3931")
    assert (told["asked"], told["limit"], told["enough"]) == ("1,805 EUR", "1,804.99 EUR", "1_805 EUR")
    worst = fields(plan, people(100), "WK3932")
    assert (worst["worst"], worst["total"], worst["over"]) == ("1,805 EUR", "1,804.99 EUR", "–")


def test_what_has_no_line_counts_for_the_total() -> None:
    loose = evolve(KIT, line="")
    plan = plan_of(10_000, 10_000, incentives=(loose,))
    assert fields(plan, people(100), "WK3931")["asked"] == "1,805 EUR"


def test_the_worst_case_is_one_note() -> None:
    half = evolve(plan_of(1_000, 100_000), assumptions=assumed({"take_up": 0.1, "organic_level": -40.0}))
    told = found(half, people(100))
    assert "WK3930" not in told
    (note,) = told["WK3932"]
    assert str(note.said.fields["over"]) == "gifts 1,800 EUR > 1,000 EUR"
    assert str(note.said.fields["worst"]) == "1,805 EUR"


def test_without_a_budget_there_is_nothing_to_say() -> None:
    assert not found(plan_of(0, 0, budget=None), people(50)).keys() & {"WK3930", "WK3931", "WK3932"}


def test_nobody_enters_but_wages_are_paid() -> None:
    plan = plan_of(1, 1, holdout="1", costs=(FixedCost("wages", 300, "promo", 0),))
    told = fields(plan, people(20), "WK3930")
    assert (told["asked"], told["most"]) == ("3 EUR", "wages")


@pytest.mark.parametrize("staffed", [True, False])
def test_with_nothing_to_limit_it_the_rehearsal_is_the_run(staffed: bool) -> None:
    """Spending per line, waking up and its uplift are those of the figures, where all enter and nothing runs out."""
    desk = (Staff("desk", 3, 600, window(9, 18)),)
    advice = Service("advice", "", 3_500, WEEK, staff="desk" if staffed else "", line="staff")
    off = coupon(500, 3_000, name="off", line="promo", days=30)
    plan = campaign(
        journey(
            send("nudge", "off", "kit"), wait(5, "click"), send("letter", "advice", step="l"), wave=Wave(ENTRY, 100)
        ),
        channels=(sms(line="gifts"), email()),
        messages=(nudge(cost_micros=51_000), letter(cost_micros=2_000)),
        incentives=(off, KIT, advice),
        staff=desk if staffed else (),
        budget=Budget(10**9, tuple(Line(name, 10**8) for name in ("promo", "gifts", "staff")), "promo"),
        awake=("order", "click"),
        costs=(FixedCost("wages", 1_234, "staff", ENTRY),),
        holdout="0.1",
        assumptions=assumed({"advertising": 4.0, "take_up": 0.4}),
    )
    crowd = people(1_500)
    tally = Tally(plan)
    array.run(Task(plan, crowd, DefaultBehaviour(), SEED, 0), tally)
    totals = tally.totals()
    rehearsal = facts(plan, crowd).rehearsal
    assert rehearsal is not None
    people_treated = totals.total("people", side=TREATED)
    assert rehearsal.people == people_treated
    assert rehearsal.uplift == pytest.approx((totals.total("woken") - totals.total("twin_woken")) / people_treated)
    assert rehearsal.uplift > 0
    paid = {each.line: 0.0 for each in totals.spending}
    for each in rehearsal.payments():
        paid[each.line] += each.amount
    assert {line: round(amount) for line, amount in paid.items()} == {
        each.line: each.spent + each.tail for each in totals.spending
    }
    assert all(amount > 100 for amount in paid.values())
    assert np.isclose(rehearsal.holding(1).used, totals.total("gift_cost") / KIT.cost)
