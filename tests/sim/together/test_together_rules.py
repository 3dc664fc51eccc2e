"""Two campaigns on one clock, by hand: what people carry from one to the other, and what the campaigns share."""

import pytest
from attrs import evolve
from tests.sim.plans import DAY, ENTRY, HOUR, START, at, coupon, email, nudge, send, sms, wait, window
from tests.sim.reference.runs import ANN, BEN, DAN
from tests.sim.scripted import Life, Reply
from tests.sim.together.runs import ENGINES, first, second, together

from wakeup.plan.incentives import Gift
from wakeup.plan.model import (
    Budget,
    Cadence,
    Cap,
    Channel,
    Guard,
    Line,
    Origin,
    Plan,
    Rolling,
    Scenario,
    Staff,
    Wave,
)
from wakeup.plan.predicates import Compare, HasTag
from wakeup.plan.times import Elapsed

pytestmark = pytest.mark.parametrize("engine", ENGINES)

ONE_A_WEEK = Cadence(caps=(Cap(1, Rolling(7 * DAY)),))


def later(plan: Plan, t: int) -> Plan:
    """The plan, whose people enter at `t`."""
    return evolve(plan, journeys=tuple(evolve(each, wave=Wave(t)) for each in plan.journeys))


# --- what a person carries -------------------------------------------------------------------------------------------


def test_a_send_of_one_counts_in_the_caps_of_the_other(engine: str) -> None:
    plans = first(send()), later(second(send("call"), wait(8), send("card"), cadence=ONE_A_WEEK), ENTRY + DAY)
    both = together(engine, plans, {}, ANN)
    assert both.rows(0, "ann") == ["entered", "sent nudge", "delivered nudge", "exited"]
    assert both.rows(1, "ann")[:2] == ["entered", "refused call cap"]
    assert both.of(1, "ann")[2] == (ENTRY + 9 * DAY, "sent card")


def test_a_cap_of_one_channel_counts_the_same_channel_of_the_other_and_no_other(engine: str) -> None:
    by_sms = Cadence(caps=(Cap(1, Rolling(7 * DAY), channel="sms"),))
    plans = first(send()), later(second(send("call"), send("card"), cadence=by_sms), ENTRY + DAY)
    assert together(engine, plans, {}, ANN).rows(1, "ann")[1:3] == ["refused call cap", "sent card"]
    plans = first(send("letter")), plans[1]
    assert together(engine, plans, {}, ANN).rows(1, "ann")[1] == "sent call"


def test_the_gap_runs_from_the_last_send_of_any_campaign(engine: str) -> None:
    plans = first(send()), later(second(send("call"), cadence=Cadence(gap=DAY)), ENTRY + HOUR)
    assert together(engine, plans, {}, ANN).sent(1) == [(ENTRY + DAY, "ann")]


def test_in_one_second_everybody_of_the_first_is_due_before_anybody_of_the_second(engine: str) -> None:
    # One message an hour for both: Ann of the second campaign has the lower key, and waits for Ben of the first.
    slow = (sms(rate=1, rate_seconds=HOUR), email())
    hers, his = HasTag("hers"), HasTag("his")
    plans = first(send(), channels=slow, audience=his), second(send("call"), channels=slow, audience=hers)
    both = together(engine, plans, {}, evolve(ANN, tags=frozenset({"hers"})), evolve(BEN, tags=frozenset({"his"})), DAN)
    assert both.sent(0) == [(ENTRY, "ben")]
    assert both.sent(1) == [(ENTRY + HOUR, "ann")]


def test_an_opt_out_holds_for_the_same_channel_of_the_other(engine: str) -> None:
    lives = {"ann": Life(replies={("nudge", 0): Reply(opened=60, opted_out=120)})}
    plans = first(send()), later(second(send("call"), send("card")), ENTRY + 120)
    assert together(engine, plans, lives, ANN).rows(1, "ann")[1:3] == ["refused call suppressed", "sent card"]


def test_a_complaint_holds_for_all_channels_of_all(engine: str) -> None:
    lives = {"ann": Life(replies={("nudge", 0): Reply(opened=60, complained=120)})}
    plans = first(send()), later(second(send("call"), send("card")), ENTRY + 120)
    rows = together(engine, plans, lives, ANN).rows(1, "ann")
    assert rows[1:3] == ["refused call suppressed", "refused card suppressed"]


def test_an_order_is_one_order_and_ends_the_journeys_of_both(engine: str) -> None:
    lives = {"ann": Life(replies={("nudge", 0): Reply(opened=60, ordered=3_600)}, baskets=(8_000,))}
    plans = first(send(), wait(9), send("letter")), second(wait(5), send("call"))
    both = together(engine, plans, lives, ANN)
    assert both.of(0, "ann")[-2:] == [(ENTRY + HOUR, "ordered 8000"), (ENTRY + HOUR, "exited")]
    assert both.of(1, "ann")[-2:] == [(ENTRY + HOUR, "ordered 8000"), (ENTRY + HOUR, "exited")]
    assert both.sent(1) == []
    assert [each.twin_orders(both.people) for each in both.recorders] == [[], []]


def test_an_order_uses_the_best_coupon_of_all_campaigns(engine: str) -> None:
    lives = {"ann": Life(replies={("call", 0): Reply(opened=60, ordered=HOUR)}, baskets=(8_000,))}
    small, great = coupon(500, name="small"), coupon(900, name="great")
    plans = first(send("nudge", "great"), incentives=(great,)), second(send("call", "small"), incentives=(small,))
    both = together(engine, plans, lives, ANN)
    assert "redeemed great 900" in both.rows(0, "ann")
    assert not any(row.startswith("redeemed") for row in both.rows(1, "ann"))
    # Of two that are worth as much, that of the first campaign.
    plans = (
        first(send("nudge", "small"), incentives=(small,)),
        second(send("call", "other"), incentives=(coupon(500, name="other"),)),
    )
    assert "redeemed small 500" in together(engine, plans, lives, ANN).rows(0, "ann")


def test_an_organic_order_looks_at_the_coupons_that_it_remembers(engine: str) -> None:
    lives = {"ann": Life(first=ENTRY + DAY, baskets=(8_000,), remembers=frozenset({"small"}))}
    plans = (
        first(send("nudge", "great"), incentives=(coupon(900, name="great"),)),
        second(send("call", "small"), incentives=(coupon(500, name="small"),)),
    )
    both = together(engine, plans, lives, ANN)
    assert "redeemed small 500 subsidised" in both.rows(1, "ann")
    assert not any(row.startswith("redeemed") for row in both.rows(0, "ann"))


def test_points_of_both_are_earned_by_one_order(engine: str) -> None:
    lives = {"ann": Life(first=ENTRY + DAY, baskets=(8_000,))}
    plans = (
        first(send("nudge", "p"), incentives=(coupon(100, 0, name="p", rebate=True, reusable=True),)),
        second(send("call", "q"), incentives=(coupon(200, 0, name="q", rebate=True, reusable=True),)),
    )
    both = together(engine, plans, lives, ANN)
    assert "redeemed p 100 subsidised" in both.rows(0, "ann")
    assert "redeemed q 200 subsidised" in both.rows(1, "ann")


def test_a_bond_of_one_holds_in_the_other(engine: str) -> None:
    club = Gift("club", "", 0, Elapsed(30 * DAY), bond=Elapsed(30 * DAY), kind="membership")
    lives = {
        "ann": Life(
            replies={("nudge", 0): Reply(opened=60, taken={"club": 60}), ("call", 0): Reply(opened=60, ordered=60)},
            needs_bond=frozenset({"call"}),
        )
    }
    plans = first(send("nudge", "club"), incentives=(club,)), later(second(send("call")), ENTRY + DAY)
    assert "ordered 10000" in together(engine, plans, lives, ANN).rows(1, "ann")
    plans = first(send("nudge")), plans[1]
    assert "ordered 10000" not in together(engine, plans, lives, ANN).rows(1, "ann")


def test_permissions_are_the_person_s(engine: str) -> None:
    mini = (Channel("sms", "mini_subscribe"), email())
    plans = first(send(), channels=mini), later(second(send("call"), channels=mini), ENTRY + DAY)
    assert together(engine, plans, {}, ANN).rows(1, "ann")[1] == "refused call no_grant"
    lives = {"ann": Life(replies={("nudge", 0): Reply(opened=60, clicked=90)}, subscribes=frozenset({("nudge", 0)}))}
    assert together(engine, plans, lives, ANN).rows(1, "ann")[1] == "sent call"


def test_past_touches_count_for_the_channels_of_either_campaign(engine: str) -> None:
    touched = evolve(ANN, touches=((ENTRY - DAY, "email"),))
    by_mail = Cadence(caps=(Cap(1, Rolling(7 * DAY), channel="mail"),))
    mail = Channel("mail", "email")
    plans = (
        first(send("nudge"), cadence=ONE_A_WEEK),
        second(send("card"), cadence=by_mail, channels=(sms(), mail), messages=(nudge(name="card", channel="mail"),)),
    )
    both = together(engine, plans, {}, touched)
    assert both.rows(0, "ann")[1] == "refused nudge cap"
    assert both.rows(1, "ann")[1] == "refused card cap"


# --- what the campaigns share, and what not --------------------------------------------------------------------------


def test_staff_of_one_name_serve_both_in_one_line(engine: str) -> None:
    staff = (Staff("advisers", 1, 600, window(0, 24)),)
    lives = {name: Life(handling={("advisers", 0): HOUR}) for name in ("ann", "ben")}
    hers, his = HasTag("hers"), HasTag("his")
    calls = (sms(staff="advisers"), email())
    plans = (
        first(send(), channels=calls, staff=staff, audience=his),
        second(send("call"), channels=calls, staff=staff, audience=hers),
    )
    people = evolve(ANN, tags=frozenset({"hers"})), evolve(BEN, tags=frozenset({"his"}))
    both = together(engine, plans, lives, *people)
    assert both.sent(0) == [(ENTRY, "ben")]
    assert both.sent(1) == [(ENTRY + HOUR, "ann")]
    more = evolve(plans[1], staff=(evolve(staff[0], people=2),))  # not the same staff: they do not help each other
    assert together(engine, (plans[0], more), lives, *people).sent(1) == [(ENTRY, "ann")]


def test_a_rate_is_shared_by_who_takes_the_channel_from_one_file(engine: str) -> None:
    slow = (sms(rate=1, rate_seconds=HOUR), email())
    plans = first(send(), channels=slow), second(send("call"), channels=slow)
    one, other = Origin("channel:sms", "lib.wake", 3, 1), Origin("channel:sms", "own.wake", 3, 1)
    same = [evolve(plan, origins=(one,)) for plan in plans]
    assert together(engine, same, {}, ANN).sent(1) == [(ENTRY + HOUR, "ann")]
    apart = [same[0], evolve(plans[1], origins=(other,))]
    assert together(engine, apart, {}, ANN).sent(1) == [(ENTRY, "ann")]


def test_a_channel_is_the_same_under_another_alias(engine: str) -> None:
    cap = Cadence(caps=(Cap(1, Rolling(7 * DAY), channel="b.sms"),))
    plans = (
        first(
            send(),
            channels=(sms(name="a.sms", rate=1, rate_seconds=HOUR), email()),
            messages=(nudge(channel="a.sms"),),
            origins=(Origin("channel:a.sms", "lib.wake", 3, 1),),
        ),
        later(
            second(
                send("call"),
                channels=(sms(name="b.sms", rate=1, rate_seconds=HOUR), email()),
                messages=(nudge(name="call", channel="b.sms"),),
                origins=(Origin("channel:b.sms", "lib.wake", 3, 1),),
                cadence=cap,
            ),
            ENTRY + 10,
        ),
    )
    assert together(engine, plans, {}, ANN).rows(1, "ann")[1] == "refused call cap"
    free = evolve(plans[1], cadence=Cadence())
    assert together(engine, (plans[0], free), {}, ANN).sent(1) == [(ENTRY + HOUR, "ann")]
    lives = {"ann": Life(replies={("nudge", 0): Reply(opened=2, opted_out=5)})}
    assert together(engine, (plans[0], free), lives, ANN).rows(1, "ann")[1] == "refused call suppressed"


def test_each_has_its_own_budget_stock_and_guards(engine: str) -> None:
    poor = Budget(total=1, lines=(Line("sends", 1),), send_line="sends")
    dear = (nudge(cost_micros=50_000),)
    stop = Guard("enough", "sent", ">=", "1", "count", "stop")
    scarce = coupon(stock=1, name="gift5")
    plans = (
        first(send("nudge", "gift5"), budget=poor, messages=dear, guards=(stop,), incentives=(scarce,)),
        later(second(send("call", "gift5"), incentives=(scarce,)), ENTRY + HOUR),
    )
    both = together(engine, plans, {}, ANN, BEN)
    assert both.sent(0) == []
    assert both.rows(0, "ann")[1] == "refused nudge budget"
    assert both.sent(1) == [(ENTRY + HOUR, "ann")]
    assert both.rows(1, "ben")[1] == "refused call out_of_stock"


def test_an_outage_is_everybody_s(engine: str) -> None:
    down = Scenario("down", START, ENTRY + DAY, down=("sms",))
    plans = first(send()), second(send("call"))
    both = together(engine, plans, {}, ANN, scenarios=(down, down))
    assert both.sent(0) == both.sent(1) == [(ENTRY + DAY, "ann")]


# --- time, who takes part, twins -------------------------------------------------------------------------------------


def test_a_later_campaign_is_judged_at_its_own_start_on_what_the_other_did(engine: str) -> None:
    lives = {
        "ann": Life(replies={("nudge", 0): Reply(opened=60, ordered=DAY)}),
        "ben": Life(first=at(8)),
    }
    asleep = Compare("days_since_order", ">=", 30 * DAY, "seconds")
    start = at(10)
    plans = first(send()), later(second(send("call"), start=start, audience=asleep), start + HOUR)
    both = together(engine, plans, lives, ANN, BEN, DAN)
    # Ann bought because of the first campaign, Ben by himself: neither is asleep any more.
    assert both.sent(1) == [(start + HOUR, "dan")]
    assert both.recorders[1].membership is not None
    assert both.recorders[1].membership.eligible == 1
    assert both.recorders[0].membership is not None
    assert both.recorders[0].membership.eligible == 3


def test_who_is_in_no_campaign_yet_lives_on_until_the_next_one_opens(engine: str) -> None:
    asleep = Compare("days_since_order", ">=", 30 * DAY, "seconds")
    start = at(10)
    plans = (
        first(send(), audience=HasTag("his")),
        later(second(send("call"), start=start, audience=asleep), start + HOUR),
    )
    both = together(engine, plans, {"ben": Life(first=at(8))}, BEN, DAN)
    assert both.sent(0) == []
    assert both.sent(1) == [(start + HOUR, "dan")]
    assert both.recorders[1].membership is not None
    assert both.recorders[1].membership.eligible == 1


def test_rows_of_a_campaign_lie_between_its_start_and_its_horizon(engine: str) -> None:
    lives = {"ann": Life(first=at(5), later=tuple([10 * DAY] * 20))}
    short = first(send(), end=at(20), follow_up=DAY)
    long = later(second(send("call"), start=at(10)), at(10, 9))
    both = together(engine, (short, long), lives, ANN)
    orders = [[t for t, row in both.of(number, "ann") if row.startswith("ordered")] for number in (0, 1)]
    assert orders[0] == [at(5), at(15)]
    assert orders[1][:3] == [at(15), at(25), at(25) + 10 * DAY]
    assert [t for t, _, _ in both.recorders[0].twin_orders(both.people)] == orders[0]
    assert [t for t, _, _ in both.recorders[1].twin_orders(both.people)] == orders[1]


def test_who_is_held_out_of_one_may_be_treated_by_the_other(engine: str) -> None:
    lives = {"ann": Life(first=at(25), replies={("call", 0): Reply(opened=60, ordered=HOUR)})}
    plans = first(send(), holdout="1"), second(send("call"))
    both = together(engine, plans, lives, ANN)
    # Control of the first campaign only: what the second brings about shows in it, but not in the twin.
    assert both.of(0, "ann") == [(ENTRY + HOUR, "ordered 10000")]
    assert both.recorders[0].twin_orders(both.people) == [(at(25), "ann", 10_000)]
    assert both.recorders[1].twin_orders(both.people) == [(at(25), "ann", 10_000)]


def test_who_is_held_out_of_both_lives_as_the_twin(engine: str) -> None:
    lives = {"ann": Life(first=at(5), later=(6 * DAY, 7 * DAY))}
    plans = first(send(), holdout="1"), later(second(send("call"), holdout="1", start=at(8)), at(9))
    both = together(engine, plans, lives, ANN)
    assert both.of(0, "ann") == [(at(5), "ordered 10000"), (at(11), "ordered 10000"), (at(18), "ordered 10000")]
    assert both.of(1, "ann") == both.of(0, "ann")[1:]


def test_a_campaign_is_over_for_grants_at_its_own_horizon(engine: str) -> None:
    lives = {"ann": Life(first=at(25), baskets=(8_000,), remembers=frozenset({"gift5"}))}
    plans = first(send("nudge", "gift5"), incentives=(coupon(days=60),), end=at(10), follow_up=DAY), second(wait(1))
    both = together(engine, plans, lives, ANN)
    assert not any(row.startswith(("redeemed", "lapsed", "ordered")) for row in both.rows(0, "ann"))
    assert both.of(1, "ann")[-1] == (at(25), "ordered 8000")


def test_not_entered_asks_of_the_state_that_the_other_left(engine: str) -> None:
    lives = {"ann": Life(replies={("nudge", 0): Reply(opened=60, ordered=HOUR)})}
    asleep = Compare("days_since_order", ">=", 30 * DAY, "seconds")
    plans = first(send()), later(second(send("call"), audience=asleep), ENTRY + DAY)
    assert together(engine, plans, lives, ANN).rows(1, "ann") == ["ordered 10000", "not_entered not_entered"]


def test_the_end_of_one_is_not_the_end_of_the_other(engine: str) -> None:
    plans = first(wait(20), send(), end=at(10)), second(wait(20), send("call"))
    both = together(engine, plans, {}, ANN)
    assert both.of(0, "ann")[-1] == (at(10), "ended")
    assert both.sent(1) == [(ENTRY + 20 * DAY, "ann")]
