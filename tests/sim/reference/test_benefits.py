"""Gifts, services, challenges, desks: what the worked examples leave out."""

from tests.sim.plans import DAY, END, ENTRY, HOUR, MINUTE, campaign, coupon, journey, send, wait, window
from tests.sim.reference.runs import ANN, BEN, simulate
from tests.sim.scripted import Life, Reply

from wakeup.plan.model import Activity, Budget, Elapsed, Gift, Line, Service, Staff, Wave

WEEK = Elapsed(7 * DAY)
KIT = Gift("kit", "", 1_800, WEEK)
ADVICE = Service("advice", "", 3_500, WEEK)
THREE_DAYS = Activity("three_days", "", "check_in", 3, "gift5", WEEK)


def takes(incentive: str, delay: int = HOUR) -> dict[tuple[str, int], Reply]:
    """Takes the incentive up, that long after the message."""
    return {("nudge", 0): Reply(taken={incentive: delay})}


def test_a_service_without_staff_is_done_at_the_claim() -> None:
    plan = campaign(journey(send("nudge", "advice"), wait(9)), incentives=(ADVICE,))
    run = simulate(plan, {"ann": Life(replies=takes("advice"), prompts={("advice", 0): MINUTE})}, ANN)
    assert run.of("ann")[4:] == [
        (ENTRY + HOUR, "claimed nudge advice"), (ENTRY + HOUR, "served nudge advice 3500"),
        (ENTRY + HOUR + MINUTE, "ordered 10000"), (ENTRY + HOUR + MINUTE, "exited"),
    ]  # fmt: skip


def test_a_claim_may_be_the_goal_and_the_gift_is_still_handed_over() -> None:
    plan = campaign(journey(send("nudge", "kit"), wait(9), goal="claim"), incentives=(KIT,))
    assert simulate(plan, {"ann": Life(replies=takes("kit"))}, ANN).rows("ann")[4:] == [
        "claimed nudge kit", "gifted nudge kit 1800", "exited",
    ]  # fmt: skip


def test_claims_end_with_the_run_but_the_grant_lapses_after_it() -> None:
    plan = campaign(journey(send("nudge", "kit"), wave=Wave(END - HOUR)), incentives=(KIT,))
    early = simulate(plan, {"ann": Life(replies=takes("kit", HOUR - 1))}, ANN)
    assert early.of("ann")[-1] == (END - 1, "gifted nudge kit 1800")
    late = simulate(plan, {"ann": Life(replies=takes("kit", HOUR))}, ANN)
    assert late.of("ann")[-1] == (END - HOUR + 7 * DAY, "lapsed kit")


def test_a_service_begun_before_the_end_prompts_after_it() -> None:
    desk = Staff("advisers", 1, 2 * HOUR, window(0, 24))
    advice = Service("advice", "", 3_500, WEEK, staff="advisers")
    plan = campaign(journey(send("nudge", "advice"), wave=Wave(END - 2 * HOUR)), incentives=(advice,), staff=(desk,))
    lives = {
        "ann": Life(replies=takes("advice", HOUR), prompts={("advice", 0): MINUTE}),
        "ben": Life(replies=takes("advice", HOUR + MINUTE)),
    }
    run = simulate(plan, lives, ANN, BEN)
    assert run.of("ann")[-1] == (END + HOUR + MINUTE, "ordered 10000")
    assert run.rows("ben")[-2:] == ["claimed nudge advice", "lapsed advice"]  # his turn came after the end


def test_two_advisers_serve_two_at_once_in_the_order_of_keys() -> None:
    desk = Staff("advisers", 1, 10 * MINUTE, window(0, 24))
    advice = Service("advice", "", 3_500, WEEK, staff="advisers")
    plan = campaign(journey(send("nudge", "advice")), incentives=(advice,), staff=(desk,))
    lives = {"ann": Life(replies=takes("advice")), "ben": Life(replies=takes("advice"))}
    run = simulate(plan, lives, BEN, ANN)
    assert (ENTRY + HOUR, "served nudge advice 3500") in run.of("ann")
    assert (ENTRY + HOUR + 10 * MINUTE, "served nudge advice 3500") in run.of("ben")


def test_a_reward_that_is_held_already_is_shown_again() -> None:
    # The coupon granted with the first message is still live when the challenge is done, two days after the join.
    program = (send("nudge", "three_days", "gift5"), wait(20))
    plan = campaign(journey(*program), incentives=(coupon(days=20), THREE_DAYS))
    life = Life(replies=takes("three_days"), completes=frozenset({"three_days"}), prompts={("gift5", 0): HOUR})
    assert simulate(plan, {"ann": life}, ANN).of("ann")[5:] == [
        (ENTRY + HOUR, "joined nudge three_days"),
        (ENTRY + HOUR + 2 * DAY, "completed nudge three_days"),
        (ENTRY + 2 * HOUR + 2 * DAY, "ordered 10000"),
        (ENTRY + 2 * HOUR + 2 * DAY, "redeemed gift5 500"),
        (ENTRY + 2 * HOUR + 2 * DAY, "exited"),
    ]


def test_a_gift_may_be_the_reward() -> None:
    challenge = Activity("three_days", "", "check_in", 1, "kit", WEEK)
    plan = campaign(journey(send("nudge", "three_days")), incentives=(KIT, challenge))
    life = Life(replies=takes("three_days"), completes=frozenset({"three_days"}), prompts={("kit", 0): HOUR})
    assert simulate(plan, {"ann": life}, ANN).of("ann")[5:] == [
        (ENTRY + HOUR, "joined nudge three_days"), (ENTRY + HOUR, "completed nudge three_days"),
        (ENTRY + HOUR, "granted nudge kit"), (ENTRY + HOUR, "gifted nudge kit 1800"),
        (ENTRY + 2 * HOUR, "ordered 10000"),
    ]  # fmt: skip


def test_a_challenge_is_done_before_the_end_or_not_at_all() -> None:
    plan = campaign(journey(send("nudge", "three_days"), wave=Wave(END - 3 * DAY)), incentives=(coupon(), THREE_DAYS))
    for delay, done in ((DAY - 1, True), (DAY, False)):
        life = Life(replies=takes("three_days", delay), completes=frozenset({"three_days"}))
        assert ("completed nudge three_days" in simulate(plan, {"ann": life}, ANN).rows("ann")) is done


def test_a_spent_line_refuses_the_reward() -> None:
    plan = campaign(
        journey(send("nudge", "three_days", "kit")),
        incentives=(coupon(line="promo"), THREE_DAYS, Gift("kit", "", 1_800, WEEK, line="promo")),
        budget=Budget(10_000, (Line("promo", 1_800),)),
    )
    replies = {("nudge", 0): Reply(taken={"three_days": HOUR, "kit": HOUR})}
    rows = simulate(plan, {"ann": Life(replies=replies, completes=frozenset({"three_days"}))}, ANN).rows("ann")
    assert "refused nudge gift5 budget" in rows


def test_an_unfinished_challenge_brings_nothing() -> None:
    plan = campaign(journey(send("nudge", "three_days")), incentives=(coupon(), THREE_DAYS))
    rows = simulate(plan, {"ann": Life(replies=takes("three_days"))}, ANN).rows("ann")
    assert rows[-1] == "joined nudge three_days"


def test_a_claim_that_waits_at_a_desk_is_not_made_twice() -> None:
    desk = Staff("advisers", 1, MINUTE, window(20, 21))
    advice = Service("advice", "", 3_500, WEEK, staff="advisers")
    program = (send("nudge", "advice"), send("letter", "advice", step="l"))
    plan = campaign(journey(*program), incentives=(advice,), staff=(desk,))
    replies = takes("advice") | {("letter", 0): Reply(taken={"advice": 2 * HOUR})}
    rows = simulate(plan, {"ann": Life(replies=replies)}, ANN).of("ann")
    assert [row for row in rows if "claimed" in row[1]] == [(ENTRY + HOUR, "claimed nudge advice")]
    assert rows[-1] == (ENTRY + 10 * HOUR, "served nudge advice 3500")
