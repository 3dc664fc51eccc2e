"""What people and systems tell: rows at the instant of the thing, effects from now on, nothing twice."""

import pytest
from attrs import evolve
from tests.live.core.driving import Drive, ann, crowd, drive
from tests.sim.plans import (
    DAY,
    END,
    ENTRY,
    HOUR,
    START,
    campaign,
    coupon,
    email,
    journey,
    letter,
    nudge,
    send,
    sms,
    wait,
    window,
)

from wakeup.channels.protocol import AnswerKind, Verdict
from wakeup.plan.model import Activity, Budget, Elapsed, Gift, Line, PercentOff, Rung, Service, Staff, Wait

MONEY = Budget(10_000_000, (Line("coupons", 5_000_000), Line("gifts", 5_000_000)))
MICROS = 10_000


def gift(**changes) -> Gift:
    return Gift(**{"name": "tea", "title": "", "cost": 300, "valid": Elapsed(5 * DAY), "line": "gifts"} | changes)


def activity(kind: str, **changes) -> Activity:
    base = {"name": "play", "title": "", "task": "", "days": 3, "reward": "", "valid": Elapsed(5 * DAY), "kind": kind}
    return Activity(**base | {"line": "gifts"} | changes)


def sent(*incentives, shown=None, program=(), people=(), **changes) -> Drive:
    """Ann has a message that shows the incentives, delivered, and waits 20 days for a claim."""
    names = shown or [each.name for each in incentives]
    steps = program or (send("nudge", *names), wait(20, "claim"), send("letter", step="thanks"))
    it = drive(campaign(journey(*steps), incentives=incentives, budget=MONEY, **changes), people)
    it.to(ENTRY)
    for ref in list(it.sends):
        it.settle(ref, Verdict.ACCEPTED, delivered=True)
    it.second()
    return it


# --- messages --------------------------------------------------------------------------------------------------------


def test_a_message_is_opened_and_clicked_once_each_however_often_it_is_told() -> None:
    it = sent(program=(send(), wait(5, "click")), shown=[])
    for _ in range(2):
        it.answer(AnswerKind.OPENED, ref=it.last())
        it.answer(AnswerKind.CLICKED, ref=it.last())
    assert it.told()[3:] == ["opened nudge", "clicked nudge"]
    it.second()
    assert it.told()[5:] == ["exited"]  # the wait for the click is over


def test_an_answer_to_an_older_message_ends_no_wait() -> None:
    it = drive(campaign(journey(send(), wait(1), send("letter", step="two"), wait(5, "open"))))
    it.to(ENTRY + DAY, settle=Verdict.ACCEPTED)
    older, last = it.sends
    it.answer(AnswerKind.OPENED, ref=older)
    assert it.person().due == ENTRY + 6 * DAY
    it.answer(AnswerKind.OPENED, ref=last)
    assert it.person().due == it.now


def test_who_is_due_stays_due_since_the_first_outcome() -> None:
    either = Wait(Elapsed(5 * DAY), ("open", "click"))
    it = drive(campaign(journey(send(), either)))
    it.to(ENTRY, settle=Verdict.ACCEPTED)
    it.answer(AnswerKind.OPENED, ref=it.last())
    it.now += 5
    it.answer(AnswerKind.CLICKED, ref=it.last())
    assert it.person().due == ENTRY


def test_a_new_message_starts_afresh() -> None:
    it = drive(campaign(journey(send(), wait(1, "open"), send("letter", step="two"), wait(5, "open"))))
    it.to(ENTRY, settle=Verdict.ACCEPTED)
    it.answer(AnswerKind.OPENED, ref=it.last())
    it.second(Verdict.ACCEPTED)
    assert it.told()[1:] == ["sent nudge", "opened nudge", "sent letter"]
    assert it.person().due == ENTRY + 5 * DAY


def test_an_unknown_outbox_key_moves_nothing() -> None:
    it = sent(program=(send(), wait(5)), shown=[])
    before = it.told()
    for kind in (AnswerKind.OPENED, AnswerKind.DELIVERED, AnswerKind.NOT_SENT, AnswerKind.FAILED, AnswerKind.REPLIED):
        it.answer(kind, ref="0" * 32)
        it.answer(kind)
    assert it.told() == before


def test_a_late_answer_has_its_own_instant_and_acts_from_now() -> None:
    it = sent(program=(send(), wait(5, "open"), wait(1)), shown=[])
    it.now = ENTRY + 2 * DAY
    it.answer(AnswerKind.OPENED, ref=it.last(), t=ENTRY + HOUR)
    assert it.rows[-1].t == ENTRY + HOUR
    assert it.person().due == ENTRY + 2 * DAY


def test_nothing_but_orders_counts_at_or_after_the_end() -> None:
    it = sent(gift(valid=Elapsed(90 * DAY)), coupon(days=90))
    it.to(END, settle=Verdict.ACCEPTED)
    before = it.told()
    for kind in (AnswerKind.OPENED, AnswerKind.CLICKED, AnswerKind.OPTED_OUT, AnswerKind.COMPLAINED):
        it.answer(kind, ref=it.last())
    it.answer(AnswerKind.CLAIMED, incentive="tea")
    it.answer(AnswerKind.DELIVERED, ref=it.last())
    assert it.told() == before
    it.answer(AnswerKind.ORDERED, amount=6_000, redeemed=(("gift5-1", 500),))
    assert it.told()[len(before) :] == ["ordered", "redeemed gift5"]


# --- suppression -----------------------------------------------------------------------------------------------------


def test_an_opt_out_suppresses_the_channel_of_its_message_from_now_on() -> None:
    it = sent(program=(send(), wait(1), send(step="two"), send("letter", step="three")), shown=[])
    it.answer(AnswerKind.OPTED_OUT, ref=it.last())
    it.answer(AnswerKind.OPTED_OUT, ref=it.last())
    it.to(ENTRY + DAY, settle=Verdict.ACCEPTED)
    assert it.told()[3:] == ["opted_out nudge", "refused nudge: suppressed", "sent letter", "exited"]


@pytest.mark.parametrize(("channel", "left"), [("sms", ["letter"]), ("email", ["nudge"]), ("", [])])
def test_an_opt_out_without_a_message_is_about_the_channel_it_names_or_all(channel: str, left: list[str]) -> None:
    it = drive(campaign(journey(send(), send("letter", step="two"))))
    it.answer(AnswerKind.OPTED_OUT, channel=channel)
    it.to(ENTRY, settle=Verdict.ACCEPTED)
    assert [each.message for each in it.sends.values()] == left
    assert it.told()[0] == "opted_out"


def test_told_twice_without_a_message_an_opt_out_has_one_row() -> None:
    it = drive(campaign(journey(send())))
    for kind in (AnswerKind.OPTED_OUT, AnswerKind.COMPLAINED):
        it.answer(kind, channel="sms")
        it.answer(kind, channel="sms")
    assert it.told() == ["opted_out", "complained"]


def test_a_complaint_suppresses_everything() -> None:
    it = sent(program=(send(), wait(1), send("letter", step="two")), shown=[])
    it.answer(AnswerKind.COMPLAINED, ref=it.last())
    it.to(ENTRY + DAY)
    assert it.told()[3:] == ["complained nudge", "refused letter: suppressed", "exited"]


def test_a_held_out_person_has_orders_and_no_other_rows_but_their_opt_out_is_kept() -> None:
    it = drive(campaign(journey(send()), holdout="1"))
    it.to(ENTRY)
    it.answer(AnswerKind.OPTED_OUT, channel="sms")
    it.answer(AnswerKind.ORDERED, amount=700)
    it.answer(AnswerKind.COMPLAINED)
    assert it.told() == ["ordered"]
    assert (it.person().opted_out, it.person().complained) == ({"sms"}, True)
    assert it.shared.tallies.before(END, "").get("orders", 0) == 0
    assert it.person().about.fields == {}  # what figures do not need is not kept


# --- claims ----------------------------------------------------------------------------------------------------------


def test_a_gift_is_handed_over_at_the_first_claim() -> None:
    it = sent(gift(stock=1, limit=2, bond=Elapsed(3 * DAY)))
    for _ in range(2):
        it.answer(AnswerKind.CLAIMED, ref=it.last(), incentive="tea")
    assert it.told()[4:] == ["claimed tea", "gifted tea"]
    assert it.shared.ledger.spent["gifts"] == 300 * MICROS
    assert (it.shared.shelf.open_grants["tea"], it.shared.shelf.uses["tea"]) == (0, 1)
    assert it.person().bonded(ENTRY + 3 * DAY - 1)
    assert not it.person().bonded(ENTRY + 3 * DAY)
    it.second()
    assert it.told()[6:] == []
    assert it.person().status == "sending"  # the wait for the claim is over


def test_a_claim_may_name_the_code_alone() -> None:
    it = sent(gift())
    it.answer(AnswerKind.CLAIMED, code="tea-0")
    assert it.told()[4:] == ["claimed tea", "gifted tea"]
    assert it.rows[-1].step == "s"


@pytest.mark.parametrize(
    "parts", [{"code": "tea-9"}, {"incentive": "nothing"}, {"incentive": "tea", "ref": "0" * 32}], ids=str
)
def test_a_claim_of_something_else_is_void(parts: dict[str, str]) -> None:
    it = sent(gift())
    it.answer(AnswerKind.CLAIMED, **parts)
    it.answer(AnswerKind.JOINED, incentive="tea")  # a gift is claimed, not joined
    assert it.told()[4:] == []


def test_an_answer_belongs_to_what_its_message_showed() -> None:
    steps = (send("nudge", "tea"), wait(2), send("letter", "tea", step="two"), wait(5))
    it = sent(gift(valid=Elapsed(DAY)), program=steps)
    it.to(ENTRY + 2 * DAY, settle=Verdict.ACCEPTED)
    older, newer = it.sends
    it.answer(AnswerKind.CLAIMED, ref=older, incentive="tea")
    assert it.told()[-1] == "granted tea"
    it.answer(AnswerKind.CLAIMED, ref=newer, incentive="tea")
    assert it.told()[-2:] == ["claimed tea", "gifted tea"]


def test_an_answer_to_a_message_that_was_refused_moves_nothing() -> None:
    it = drive(campaign(journey(send(), wait(5))), at=ENTRY)
    it.settle(it.last(), Verdict.BAD_CONTENT)
    for kind in (AnswerKind.OPENED, AnswerKind.DELIVERED, AnswerKind.CLICKED):
        it.answer(kind, ref=it.last())
    assert it.told()[1:] == ["refused nudge: template"]


def test_a_claim_after_the_end_of_the_grant_is_void() -> None:
    it = sent(gift())
    it.to(ENTRY + 5 * DAY)
    assert it.told()[4:] == ["lapsed tea"]
    it.answer(AnswerKind.CLAIMED, ref=it.last(), incentive="tea")
    assert it.told()[5:] == []


def test_a_claim_before_the_end_of_the_grant_that_is_told_later_is_honoured() -> None:
    it = sent(gift())
    it.to(ENTRY + 6 * DAY)
    it.answer(AnswerKind.CLAIMED, ref=it.last(), incentive="tea", t=ENTRY + DAY)
    assert it.told()[4:] == ["lapsed tea", "claimed tea", "gifted tea"]
    assert (it.shared.shelf.open_grants["tea"], it.shared.shelf.uses["tea"]) == (0, 1)


def test_staff_serve_claims_first_come_first_served_and_are_freed_once() -> None:
    service = Service("chat", "", 900, Elapsed(5 * DAY), staff="desk", line="gifts")
    staff = (Staff("desk", 1, 600, window(0, 24)),)
    it = sent(service, people=crowd(2), staff=staff, program=(send("nudge", "chat"), wait(20)))
    for who in ("p1", "p1", "p0"):
        it.answer(AnswerKind.CLAIMED, who, incentive="chat")
        it.now += 1
    it.second()
    assert it.told("p1")[4:] == ["claimed chat", "served chat"]
    assert it.told("p0")[4:] == ["claimed chat"]
    assert it.shared.ledger.spent["gifts"] == 900 * MICROS
    it.answer(AnswerKind.HANDLED, "p0", staff="desk")  # nobody serves them yet
    it.second()
    assert it.told("p0")[5:] == []
    it.answer(AnswerKind.HANDLED, "p1", staff="desk", incentive="chat")
    it.second()
    assert it.told("p0")[5:] == ["served chat"]


def test_a_service_is_not_begun_for_who_has_reached_the_goal() -> None:
    service = Service("chat", "", 900, Elapsed(5 * DAY), staff="desk")
    it = sent(service, staff=(Staff("desk", 1, 600, window(0, 24)),))
    it.answer(AnswerKind.CLAIMED, incentive="chat")
    it.answer(AnswerKind.ORDERED, amount=1_000)
    it.second()
    assert it.told()[4:] == ["claimed chat", "ordered", "exited"]
    assert it.shared.desk("desk").line == it.shared.desk("desk").serving == []


# --- activities ------------------------------------------------------------------------------------------------------


def test_a_challenge_is_joined_and_completed_and_brings_its_reward() -> None:
    it = sent(activity("challenge", reward="gift5", cost=50), coupon(line="coupons"), shown=["play"])
    it.answer(AnswerKind.JOINED, ref=it.last(), incentive="play")
    it.now += 2 * DAY
    it.answer(AnswerKind.COMPLETED, incentive="play")
    assert it.told()[4:] == ["joined play", "completed play", "granted gift5"]
    assert it.person().grants["gift5"].known
    assert it.shared.ledger.spent["gifts"] == 50 * MICROS
    assert [each.step for each in it.rows[-2:]] == ["s", "s"]


def test_a_completion_without_a_join_is_void() -> None:
    it = sent(activity("challenge"))
    it.answer(AnswerKind.COMPLETED, incentive="play")
    it.answer(AnswerKind.RATED, incentive="play", amount=400)
    it.answer(AnswerKind.COMPLETED, incentive="gift5")
    assert it.told()[4:] == []


def test_a_reward_that_is_a_gift_is_handed_over_and_a_refused_one_says_why() -> None:
    it = sent(activity("challenge", reward="tea"), gift(stock=1), shown=["play"], people=crowd(2))
    for who in ("p0", "p1"):
        it.answer(AnswerKind.JOINED, who, incentive="play")
        it.answer(AnswerKind.COMPLETED, who, incentive="play")
    assert it.told("p0")[5:] == ["completed play", "granted tea", "gifted tea"]
    assert it.told("p1")[5:] == ["completed play", "refused tea: out_of_stock"]


def test_places_and_wins_are_shared_by_everybody() -> None:
    it = sent(activity("draw", places=2, wins=1, odds="0.5"), people=crowd(3))
    for who in ("p0", "p1", "p2"):
        it.answer(AnswerKind.JOINED, who, incentive="play")
        it.answer(AnswerKind.COMPLETED, who, incentive="play")
    assert [it.told(f"p{number}")[4:] for number in range(3)] == [
        ["joined play", "completed play"], ["joined play"], ["refused play: out_of_stock"],
    ]  # fmt: skip


def test_a_survey_is_rated_and_an_event_attended() -> None:
    it = sent(activity("survey"), activity("event", name="show", at=ENTRY + 2 * DAY))
    it.answer(AnswerKind.JOINED, incentive="play")
    it.answer(AnswerKind.COMPLETED, incentive="play")
    it.answer(AnswerKind.RATED, incentive="play", amount=450)
    it.answer(AnswerKind.JOINED, incentive="show")
    it.answer(AnswerKind.COMPLETED, incentive="show")
    assert it.told()[5:] == ["joined play", "completed play", "rated play", "joined show", "completed show"]
    assert it.rows[-3].amount == 450
    tally = it.shared.tallies.before(END, "")
    assert (tally["completed"], tally["attended"]) == (2, 1)


# --- orders ----------------------------------------------------------------------------------------------------------


def test_an_order_redeems_what_it_names_and_ends_the_journey() -> None:
    it = sent(coupon(line="coupons"))
    it.answer(AnswerKind.ORDERED, amount=6_000, redeemed=(("gift5-0", 500),), organic=True)
    assert it.told()[4:] == ["ordered", "redeemed gift5", "exited"]
    redeemed = it.rows[-2]
    assert (redeemed.amount, redeemed.subsidised) == (500, True)
    assert it.shared.ledger.spent["coupons"] == 500 * MICROS
    assert (it.person().about.orders, it.person().about.monetary) == (2, 15_500)
    assert it.person().about.average_order_value == 7_750
    assert it.person().about.last_order == it.now


def test_a_code_is_good_once() -> None:
    it = sent(coupon())
    for _ in range(2):
        it.answer(AnswerKind.ORDERED, amount=6_000, redeemed=(("gift5-0", 500),))
    assert it.told()[4:] == ["ordered", "redeemed gift5", "exited", "ordered"]
    assert it.person().refused_codes == 1
    assert it.person().about.monetary == 10_000 + 5_500 + 6_000


def test_a_code_that_an_order_names_twice_is_used_once() -> None:
    it = sent(coupon(stock=1))
    it.answer(AnswerKind.ORDERED, amount=6_000, redeemed=(("gift5-0", 500), ("gift5-0", 500)))
    assert it.told()[4:] == ["ordered", "redeemed gift5", "exited"]
    assert (it.shared.shelf.uses["gift5"], it.person().refused_codes) == (1, 1)


def test_nobody_pays_less_than_nothing() -> None:
    it = sent(coupon())
    it.answer(AnswerKind.ORDERED, amount=300, redeemed=(("gift5-0", 500),))
    assert it.person().about.monetary == 10_000


def test_the_code_of_somebody_else_and_of_a_gift_are_refused() -> None:
    it = sent(coupon(), gift(), people=crowd(2))
    of_the_other = it.person("p1").grants["gift5"].code
    its_own_gift = it.person("p0").grants["tea"].code
    it.answer(AnswerKind.ORDERED, "p0", amount=6_000, redeemed=((of_the_other, 500), (its_own_gift, 5), ("", 7)))
    assert it.told("p0")[-2:] == ["ordered", "exited"]
    assert it.person("p0").refused_codes == 3


def test_an_order_of_before_the_lapse_that_is_told_later_redeems_all_the_same() -> None:
    it = sent(coupon(stock=1, reserve_face=True, line="coupons"))
    it.to(ENTRY + 8 * DAY)
    assert it.told()[-1] == "lapsed gift5"
    late = (("gift5-0", 500),)
    it.answer(AnswerKind.ORDERED, amount=6_000, redeemed=late, t=ENTRY + 7 * DAY)  # at its end: too late
    assert it.person().refused_codes == 1
    it.answer(AnswerKind.ORDERED, amount=6_000, redeemed=late, t=ENTRY + 7 * DAY - 1)
    assert it.told()[-1] == "redeemed gift5"
    shared = it.shared
    assert (shared.shelf.open_grants["gift5"], shared.shelf.uses["gift5"]) == (0, 1)
    assert shared.ledger.reserved["coupons"] == 0


def test_a_flash_price_is_refused_before_it_opens() -> None:
    it = sent(coupon(opens=ENTRY + DAY, closes=ENTRY + 2 * DAY, kind="flash_price"))
    it.answer(AnswerKind.ORDERED, amount=6_000, redeemed=(("gift5-0", 500),))
    assert it.person().refused_codes == 1


def test_a_member_price_is_good_for_every_order_up_to_its_limit() -> None:
    it = sent(coupon(reusable=True, limit=2, stock=1, kind="member_price"))
    for _ in range(3):
        it.answer(AnswerKind.ORDERED, amount=6_000, redeemed=(("gift5-0", 500),))
    assert it.told().count("redeemed gift5") == 2
    assert (it.shared.shelf.open_grants["gift5"], it.shared.shelf.uses["gift5"]) == (0, 1)
    it.to(ENTRY + 8 * DAY)
    assert "lapsed gift5" not in it.told()


def test_points_take_nothing_off_the_price() -> None:
    points = coupon(rebate=True, reusable=True, kind="points", line="gifts")
    it = sent(evolve(points, rungs=(Rung(PercentOff("0.1"), Elapsed(DAY)),)))
    it.answer(AnswerKind.ORDERED, amount=6_000, redeemed=(("gift5-0", 600),))
    assert it.person().about.monetary == 16_000
    assert it.shared.ledger.spent["gifts"] == 600 * MICROS


def test_a_late_order_does_not_bring_the_last_order_back() -> None:
    it = sent(coupon())
    it.now += 2 * DAY
    it.answer(AnswerKind.ORDERED, amount=100)
    it.answer(AnswerKind.ORDERED, amount=100, t=ENTRY + HOUR)
    assert it.person().about.last_order == ENTRY + 2 * DAY


def test_orders_before_the_start_and_after_the_horizon_have_no_row() -> None:
    it = sent(coupon())
    it.answer(AnswerKind.ORDERED, amount=100, t=START - 1)
    assert "ordered" not in it.told()
    assert it.person().about.orders == 2
    it.now = it.plan.end + it.plan.follow_up
    it.answer(AnswerKind.ORDERED, amount=100)
    assert it.person().about.orders == 2


def test_permissions_are_counted_per_channel() -> None:
    channels = (sms(), email(name="news", channel_kind="mini_subscribe"), email())
    steps = tuple(send("card", step=f"s{number}") for number in range(4))
    it = drive(
        campaign(journey(*steps), channels=channels, messages=(letter(name="card", channel="news"), nudge(), letter())),
        [ann(consents={"mini_subscribe": "yes"}, numbers={"news_permissions": 0.0})],
    )
    it.answer(AnswerKind.PERMITTED, channel="news")
    it.answer(AnswerKind.PERMITTED)
    it.answer(AnswerKind.PERMITTED, channel="sms")
    assert it.person().permissions == {"news": 2}
    it.to(ENTRY, settle=Verdict.ACCEPTED)
    assert it.told()[1:] == ["sent card", "sent card", "refused card: no_grant", "refused card: no_grant", "exited"]
