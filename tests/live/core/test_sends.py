"""From the decision to what became of it: what is taken, what is written, what is given back."""

import pytest
from attrs import evolve
from tests.live.core.driving import ann, crowd, drive
from tests.sim.people import key_of
from tests.sim.plans import (
    DAY,
    END,
    ENTRY,
    HOUR,
    MINUTE,
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
from wakeup.live.rows import SendState
from wakeup.plan.model import Budget, Cadence, Cap, Elapsed, Gift, Line, Quiet, Rolling, Staff, Variant, Wave
from wakeup.plan.predicates import EVERYONE, HasTag

PRICE = 40_000  # 4 cents
SMS = sms(cost_micros=PRICE, line="sending")
MONEY = Budget(100_000, (Line("sending", 10_000), Line("coupons", 50_000)))


def plan(*program, **changes):
    base = {
        "channels": (SMS, email()),
        "messages": (nudge(cost_micros=PRICE), letter()),
        "incentives": (coupon(line="coupons", stock=1, limit=1, reserve_face=True),),
        "budget": MONEY,
    }
    return campaign(journey(*(program or (send("nudge", "gift5"), wait(1)))), **base | changes)


def test_a_decision_takes_everything_at_once_and_writes_nothing() -> None:
    it = drive(plan(), at=ENTRY)
    ref = it.last()
    assert it.told() == ["entered"]
    assert it.person().status == "sending"
    assert it.person().due is None
    assert it.sends[ref].state is SendState.INFLIGHT
    assert (it.sends[ref].lease, it.sends[ref].first_attempt, it.sends[ref].attempt) == (ENTRY + 60, ENTRY, 1)
    assert it.sends[ref].deadline == ENTRY + 3 * DAY
    assert it.shared.ledger.spent["sending"] == PRICE
    assert it.shared.ledger.reserved["coupons"] == 500 * 10_000
    assert it.shared.shelf.open_grants["gift5"] == 1
    assert [each.t for each in it.person().contacts] == [ENTRY]
    assert [each.code for each in it.decided[ref].offers] == ["gift5-0"]
    assert not it.person().grants["gift5"].known


def test_accepted_writes_the_rows_of_the_claim_and_the_person_goes_on() -> None:
    it = drive(plan(), at=ENTRY)
    it.now += 7
    it.settle(it.last(), Verdict.ACCEPTED)
    assert [(each.row.name, each.t) for each in it.rows][1:] == [("SENT", ENTRY), ("GRANTED", ENTRY)]
    assert it.person().due == it.now
    it.second()
    assert it.person().due == it.now + DAY  # the wait begins when the journey goes on


def test_delivery_makes_the_grant_known() -> None:
    it = drive(plan(), at=ENTRY)
    it.settle(it.last(), Verdict.ACCEPTED)
    it.answer(AnswerKind.DELIVERED, ref=it.last())
    it.answer(AnswerKind.DELIVERED, ref=it.last())
    assert it.told()[-2:] == ["granted gift5", "delivered nudge"]
    assert it.person().grants["gift5"].known


def test_what_has_arrived_with_the_report_is_delivered_at_once() -> None:
    it = drive(plan(), at=ENTRY)
    it.settle(it.last(), Verdict.ACCEPTED, delivered=True)
    assert it.told()[-1] == "delivered nudge"


def test_where_nobody_tells_of_delivery_a_sent_message_counts_as_known() -> None:
    it = drive(plan())
    it.receipts = False
    it.to(ENTRY, settle=Verdict.ACCEPTED)
    assert it.person().grants["gift5"].known
    assert "delivered nudge" not in it.told()


REFUSALS = {
    Verdict.BAD_ADDRESS: "unreachable",
    Verdict.OPTED_OUT: "suppressed",
    Verdict.NO_GRANT: "no_grant",
    Verdict.BAD_CONTENT: "template",
    Verdict.POLICY: "outage",
}


@pytest.mark.parametrize("verdict", REFUSALS, ids=lambda each: each.value)
def test_a_refusal_for_good_gives_everything_back_but_the_code(verdict: Verdict) -> None:
    it = drive(plan(), at=ENTRY)
    it.settle(it.last(), verdict)
    it.second()
    assert it.told()[1:] == [f"refused nudge: {REFUSALS[verdict]}"]
    shared = it.shared
    assert shared.ledger.spent["sending"] == shared.ledger.in_all == 0
    assert shared.ledger.reserved["coupons"] == shared.shelf.open_grants["gift5"] == 0
    assert shared.shelf.granted["gift5"] == 1
    assert it.person().contacts == []
    assert it.person().grants == {}
    assert it.person().due == ENTRY + DAY  # the wait after the refused send


def test_a_permission_that_served_no_send_is_given_back() -> None:
    news = email(name="news", channel_kind="mini_subscribe")
    steps = journey(send("card"), send("card", step="two"))
    it = drive(
        campaign(steps, channels=(news,), messages=(letter(name="card", channel="news"),)),
        [ann(consents={"news": "yes"})],
        at=ENTRY,
    )
    assert it.person().permissions == {"news": 0}
    it.settle(it.last(), Verdict.BAD_CONTENT)
    assert it.person().permissions == {"news": 1}
    it.to(ENTRY, settle=Verdict.ACCEPTED)
    assert it.told()[1:] == ["refused card: template", "sent card", "exited"]


def test_an_opt_out_told_by_the_provider_suppresses_the_channel() -> None:
    it = drive(plan(send(), send(step="two")), at=ENTRY)
    it.settle(it.last(), Verdict.OPTED_OUT)
    it.second()
    assert it.told()[1:] == ["refused nudge: suppressed", "refused nudge: suppressed", "exited"]


@pytest.mark.parametrize("verdict", REFUSALS, ids=lambda each: each.value)
def test_else_is_tried_after_a_refusal_that_says_the_channel_does_not_reach(verdict: Verdict) -> None:
    it = drive(plan(messages=(nudge(fallback="letter"), letter())), at=ENTRY)
    first = it.last()
    it.settle(first, verdict)
    it.second()
    tried = verdict in (Verdict.BAD_ADDRESS, Verdict.NO_GRANT, Verdict.POLICY)
    assert [each.message for each in it.sends.values()] == (["nudge", "letter"] if tried else ["nudge"])
    if tried:
        assert it.person().sending == it.last() != first
        it.settle(it.last(), Verdict.ACCEPTED)
        assert it.told()[2:] == ["sent letter", "granted gift5"]
        assert it.codes == ["gift5-0", "gift5-1"]  # the code of the refused send stays used


def test_a_fallback_of_a_refused_send_may_be_held() -> None:
    quiet = email(quiet=Quiet(window(9, 12)))
    it = drive(plan(messages=(nudge(fallback="letter"), letter()), channels=(SMS, quiet)), at=ENTRY)
    it.settle(it.last(), Verdict.BAD_ADDRESS)
    assert it.told()[1:] == ["refused nudge: unreachable", "delayed letter: quiet"]
    assert it.person().due == ENTRY + 2 * HOUR
    it.to(ENTRY + 2 * HOUR)
    assert [each.message for each in it.sends.values()] == ["nudge", "letter"]
    assert it.told()[3:] == ["refused nudge: unreachable"]  # the first is decided again, and is known to be in vain


def test_an_address_that_a_provider_has_refused_is_not_tried_again() -> None:
    it = drive(plan(send(), wait(1), send(step="two")), at=ENTRY)
    it.settle(it.last(), Verdict.BAD_ADDRESS)
    it.to(ENTRY + DAY)
    assert it.told()[1:] == ["refused nudge: unreachable"] * 2 + ["exited"]
    assert len(it.sends) == 1


def test_a_doubt_counts_as_sent() -> None:
    it = drive(plan(), at=ENTRY)
    it.settle(it.last(), Verdict.DOUBT)
    assert it.told()[1:] == ["sent nudge", "granted gift5"]
    assert it.shared.ledger.spent["sending"] == PRICE
    assert it.person().due == ENTRY


def test_a_doubt_that_was_not_sent_gives_back_once() -> None:
    it = drive(plan(), at=ENTRY)
    it.settle(it.last(), Verdict.DOUBT)
    it.second()
    for _ in range(2):
        it.doubt_over(it.last(), sent=False)
    assert it.told()[-1] == "refused nudge: outage"
    assert it.told().count("refused nudge: outage") == 1
    assert it.shared.ledger.spent["sending"] == 0
    assert it.shared.tallies.before(END, "")["sent"] == 0
    assert it.person().contacts == []
    assert it.person().due == ENTRY + DAY  # the journey had gone on, and is not touched


def test_a_doubt_that_was_sent_changes_nothing() -> None:
    it = drive(plan(), at=ENTRY)
    it.settle(it.last(), Verdict.DOUBT)
    before = it.told()
    it.doubt_over(it.last(), sent=True)
    it.settle(it.last(), Verdict.ACCEPTED)
    assert it.told() == before


def test_a_used_grant_is_not_taken_back() -> None:
    it = drive(plan(), at=ENTRY)
    it.settle(it.last(), Verdict.DOUBT)
    it.answer(AnswerKind.ORDERED, amount=6_000, redeemed=(("gift5-0", 500),))
    it.doubt_over(it.last(), sent=False)
    assert it.shared.shelf.uses["gift5"] == 1
    assert it.shared.ledger.spent["coupons"] == 500 * 10_000


def test_a_grant_that_has_served_stays_though_its_message_was_never_sent() -> None:
    member = coupon(name="member", reusable=True, stock=1, kind="member_price")
    it = drive(plan(send("nudge", "member"), incentives=(member,)), at=ENTRY)
    it.settle(it.last(), Verdict.DOUBT)
    it.answer(AnswerKind.ORDERED, amount=6_000, redeemed=(("member-0", 500),))
    it.doubt_over(it.last(), sent=False)
    assert it.person().grants["member"].open
    assert it.shared.shelf.open_grants["member"] == 1


def test_a_message_handed_over_counts_as_sent_until_somebody_says_that_it_was_not() -> None:
    it = drive(plan(), at=ENTRY)
    it.settle(it.last(), Verdict.HANDED_OVER)
    assert it.told()[1:] == ["sent nudge", "granted gift5"]
    it.answer(AnswerKind.NOT_SENT, ref=it.last())
    it.answer(AnswerKind.NOT_SENT, ref=it.last())
    assert it.told()[3:] == ["refused nudge: unreachable"]
    assert it.shared.ledger.spent["sending"] == 0
    assert it.shared.shelf.open_grants["gift5"] == 0


def test_who_confirms_a_handed_over_message_changes_nothing() -> None:
    it = drive(plan(), at=ENTRY)
    it.settle(it.last(), Verdict.HANDED_OVER)
    before = it.told()
    it.answer(AnswerKind.SENT, ref=it.last())
    assert it.told() == before


def test_an_answer_that_comes_before_the_report_proves_that_it_was_sent() -> None:
    it = drive(plan(), at=ENTRY)
    it.answer(AnswerKind.OPENED, ref=it.last())
    assert it.told()[1:] == ["sent nudge", "granted gift5", "opened nudge"]
    assert it.person().status == "sending"
    it.settle(it.last(), Verdict.BAD_ADDRESS)  # contradicts it; the message stays sent
    assert it.told()[4:] == []
    assert it.shared.ledger.spent["sending"] == PRICE
    assert it.person().due == ENTRY


def test_a_goal_reached_while_the_send_is_under_way_leaves_only_the_row() -> None:
    it = drive(plan(), at=ENTRY)
    it.answer(AnswerKind.ORDERED, amount=6_000)
    assert it.person().status == "sending"
    it.settle(it.last(), Verdict.ACCEPTED)
    assert it.told()[1:] == ["ordered", "exited", "sent nudge", "granted gift5"]
    assert it.person().status == "done"
    assert it.person().due is None


def test_after_the_goal_a_refused_send_has_no_fallback() -> None:
    it = drive(plan(messages=(nudge(fallback="letter"), letter())), at=ENTRY)
    it.answer(AnswerKind.ORDERED, amount=6_000)
    it.settle(it.last(), Verdict.BAD_ADDRESS)
    assert it.told()[1:] == ["ordered", "exited", "refused nudge: unreachable"]
    assert len(it.sends) == 1


# --- a send that is claimed again ------------------------------------------------------------------------------------


def ready(program=(), **changes):
    it = drive(plan(*program, **changes), at=ENTRY)
    it.settle(it.last(), Verdict.NOT_LEFT)
    return it


def test_a_send_that_never_left_goes_out_later_and_counts_then() -> None:
    it = ready(cadence=Cadence(caps=(Cap(1, Rolling(DAY)),)))
    it.now += HOUR
    assert it.again(it.last())
    it.settle(it.last(), Verdict.ACCEPTED)
    assert [(each.row.name, each.t) for each in it.rows][1:] == [("SENT", ENTRY + HOUR), ("GRANTED", ENTRY + HOUR)]
    assert [each.t for each in it.person().contacts] == [ENTRY + HOUR]
    assert it.shared.ledger.spent["sending"] == PRICE


def test_a_ready_send_asks_again_and_is_refused() -> None:
    def opted_out(it) -> None:
        it.answer(AnswerKind.OPTED_OUT, channel="sms")

    def forbidden(it) -> None:
        it.consents = {key: {"sms": False} for key in it.people}

    def paused(it) -> None:
        with it.work() as world:
            world.shared.paused["sms"] = END

    def stopped(it) -> None:
        with it.work() as world:
            world.shared.stopped = True

    def late(it) -> None:
        it.now += 3 * DAY

    cases = {opted_out: "suppressed", forbidden: "no_consent", paused: "paused", stopped: "ended", late: "expired"}
    for change, reason in cases.items():
        it = ready()
        it.now += MINUTE
        change(it)
        assert not it.again(it.last())
        assert it.sends[it.last()].state is SendState.REFUSED
        assert it.told()[-1] == f"refused nudge: {reason}"
        assert it.shared.ledger.spent["sending"] == 0
        assert it.person().grants == {}
        assert it.person().due == it.now


def test_a_ready_send_of_somebody_who_has_left_is_not_sent() -> None:
    it = ready()
    it.answer(AnswerKind.ORDERED, amount=6_000)
    assert not it.again(it.last())
    assert it.told()[1:] == ["ordered", "exited", "refused nudge: exited"]
    assert it.person().status == "done"


def test_a_ready_send_waits_for_the_end_of_quiet_hours() -> None:
    it = ready(channels=(evolve(SMS, quiet=Quiet(window(20, 9))), email()))
    it.now = ENTRY + 11 * HOUR
    assert not it.again(it.last())
    assert it.sends[it.last()].state is SendState.READY
    assert it.sends[it.last()].not_before == ENTRY + 23 * HOUR
    assert it.person().status == "sending"
    it.now = ENTRY + 23 * HOUR
    assert it.again(it.last())


def test_a_ready_send_that_would_be_released_too_late_is_refused_at_once() -> None:
    it = ready((send("nudge", expires=2 * HOUR),), channels=(evolve(SMS, quiet=Quiet(window(11, 15))), email()))
    it.now = ENTRY + HOUR + MINUTE
    assert not it.again(it.last())
    assert it.told()[-2:] == ["entered", "refused nudge: expired"]


def test_a_ready_send_that_failed_takes_a_new_place_in_the_rate() -> None:
    it = drive(plan(send(), channels=(evolve(SMS, rate=1, rate_seconds=MINUTE), email())), crowd(2), at=ENTRY)
    (ref,) = it.sends
    it.settle(ref, Verdict.NOT_LEFT)
    assert not it.again(ref)  # this minute's place is spent, the next one's is kept for the other
    assert it.sends[ref].not_before == ENTRY + 2 * MINUTE
    it.now = ENTRY + 2 * MINUTE
    assert it.again(ref)


def test_a_send_that_was_never_claimed_still_has_its_place() -> None:
    it = drive(plan(send(), channels=(evolve(SMS, rate=1, rate_seconds=MINUTE), email())), crowd(2), at=ENTRY)
    (ref,) = it.sends
    it.sends[ref] = evolve(it.sends[ref], state=SendState.READY, attempt=0, first_attempt=0)
    it.now += 3
    assert it.again(ref)


# --- codes and wordings ----------------------------------------------------------------------------------------------


def test_when_the_shops_list_of_codes_is_used_up_the_send_is_refused() -> None:
    it = drive(plan(incentives=(coupon(codes=5, line="coupons"),), channels=(evolve(SMS, rate=9), email())))
    it.listed["gift5"] = 0
    it.to(ENTRY)
    assert it.told()[1:] == ["refused nudge: out_of_stock"]
    assert it.shared.ledger.spent["sending"] == 0
    assert it.shared.shelf.granted["gift5"] == 0


def test_a_list_that_runs_out_stops_the_next_one_too() -> None:
    it = drive(plan(incentives=(coupon(line="coupons"),)), crowd(3))
    it.listed["gift5"] = 2
    it.to(ENTRY, settle=Verdict.ACCEPTED)
    told = sorted(it.told(f"p{number}")[1] for number in range(3))
    assert told == ["refused nudge: out_of_stock", "sent nudge", "sent nudge"]


def test_the_wording_for_the_person_comes_with_the_decision() -> None:
    special = Variant(EVERYONE, "Dear friend", cost_micros=7, parts=1)
    it = drive(plan(messages=(nudge(variants=(special,)), letter())), at=ENTRY)
    decided = it.decided[it.last()]
    assert (decided.wording.text, decided.variant, decided.matched) == ("Dear friend", 0, True)
    assert it.shared.ledger.spent["sending"] == 7
    it.settle(it.last(), Verdict.ACCEPTED)
    assert next(each.arm for each in it.rows if each.row.name == "SENT") == "0"


def test_content_made_for_the_person_matches() -> None:
    pack = Gift("pack", "", 100, Elapsed(DAY), scene=EVERYONE, kind="content")
    it = drive(plan(send("nudge", "pack"), incentives=(pack,)), at=ENTRY)
    assert it.decided[it.last()].matched


# --- consent ---------------------------------------------------------------------------------------------------------


def test_without_a_word_of_consent_nothing_is_sent() -> None:
    it = drive(plan(), [ann(consents={})], at=ENTRY)
    assert it.told()[1:] == ["refused nudge: no_consent"]


def test_the_newest_word_goes_before_the_data() -> None:
    it = drive(plan(send(), send("letter", step="two")), [ann(consents={"sms": "yes", "email": "no"})])
    it.consents = {key: {"sms": False, "email": True} for key in it.people}
    it.to(ENTRY, settle=Verdict.ACCEPTED)
    assert it.told()[1:] == ["refused nudge: no_consent", "sent letter", "exited"]


def test_a_channel_that_is_out_is_waited_for() -> None:
    it = drive(plan())
    it.outages["sms"] = ENTRY + HOUR
    it.to(ENTRY)
    assert it.told()[1:] == ["delayed nudge: outage"]
    it.outages = {}
    it.to(ENTRY + HOUR, settle=Verdict.ACCEPTED)
    assert it.told()[2:] == ["sent nudge", "granted gift5"]


def test_an_executor_that_comes_too_late_sends_nothing_that_is_not_wanted_any_more() -> None:
    it = drive(plan(channels=(evolve(SMS, quiet=Quiet(window(9, 12))), email())), at=ENTRY)
    it.now = ENTRY + 4 * DAY + 3 * HOUR  # nobody looked at the release
    it.second()
    assert it.told()[1:] == ["delayed nudge: quiet", "refused nudge: expired"]
    assert it.sends == {}


def test_a_place_in_the_rate_is_kept_for_an_executor_that_is_a_little_late() -> None:
    it = drive(plan(send(), channels=(evolve(SMS, rate=1, rate_seconds=MINUTE), email())), crowd(2), at=ENTRY)
    it.now = ENTRY + MINUTE + 5
    it.second()
    assert len(it.sends) == 2


# --- staff -----------------------------------------------------------------------------------------------------------

CALLS = {"channels": (evolve(SMS, staff="desk"), email()), "staff": (Staff("desk", 1, 600, window(0, 24)),)}


def test_staff_serve_a_send_until_somebody_says_that_they_are_done() -> None:
    it = drive(plan(send(), **CALLS), crowd(2), at=ENTRY)
    (first,) = it.sends
    served, waiting = sorted(["p0", "p1"], key=lambda who: it.person(who).customer != it.sends[first].customer)
    assert it.told(waiting)[1:] == ["delayed nudge: capacity"]
    it.settle(first, Verdict.ACCEPTED)
    it.to(ENTRY + HOUR)
    assert len(it.sends) == 1
    it.answer(AnswerKind.HANDLED, served, staff="desk", ref=first)
    it.answer(AnswerKind.HANDLED, served, staff="desk", ref=first)  # told twice, nobody else is freed
    it.second()
    assert len(it.sends) == 2
    assert it.shared.desk("desk").free(it.plan.staff[0]) == 0


def test_staff_are_free_when_the_call_is_confirmed_or_was_not_made() -> None:
    for kind in (AnswerKind.SENT, AnswerKind.NOT_SENT):
        it = drive(plan(send(), **CALLS), crowd(2), at=ENTRY)
        (first,) = it.sends
        it.settle(first, Verdict.HANDED_OVER)
        served = next(who for who in ("p0", "p1") if it.person(who).customer == it.sends[first].customer)
        it.answer(kind, served, ref=first)
        it.to(ENTRY + 1)
        assert len(it.sends) == 2


def test_staff_who_never_report_are_free_after_a_long_time() -> None:
    it = drive(plan(send(), **CALLS), crowd(2), at=ENTRY)
    it.settle(next(iter(it.sends)), Verdict.ACCEPTED)
    it.to(ENTRY + 20 * 600 - 1)
    assert len(it.sends) == 1
    it.to(ENTRY + 20 * 600 + HOUR)
    assert [each.decided for each in it.sends.values()] == [ENTRY, ENTRY + 20 * 600]


def test_staff_of_a_refused_send_are_free_in_the_next_second() -> None:
    it = drive(plan(send(), **CALLS), crowd(2), at=ENTRY)
    it.settle(next(iter(it.sends)), Verdict.BAD_ADDRESS)
    it.second()
    assert len(it.sends) == 1
    it.to(ENTRY + 1)
    assert len(it.sends) == 2


def test_who_waits_in_vain_for_staff_is_refused() -> None:
    it = drive(plan(send(expires=HOUR), **CALLS), crowd(2), at=ENTRY)
    it.to(ENTRY + HOUR)
    assert sorted(it.told(f"p{number}")[-2:] for number in range(2))[1] == ["refused nudge: expired", "exited"]
    assert it.shared.desk("desk").line == []


def test_in_the_second_in_which_a_send_is_not_wanted_any_more_it_is_not_called() -> None:
    it = drive(plan(send(expires=HOUR), **CALLS), crowd(2), at=ENTRY)
    (first,) = it.sends
    it.settle(first, Verdict.ACCEPTED)
    it.now = ENTRY + HOUR
    served = next(who for who in ("p0", "p1") if it.person(who).customer == it.sends[first].customer)
    it.answer(AnswerKind.HANDLED, served, ref=first)
    it.second()
    assert len(it.sends) == 1


def test_staff_who_were_kept_for_nothing_are_free_for_the_line_first() -> None:
    """Who asks in the second in which a call is refused does not go before those who wait."""
    people = sorted(crowd(3, tags=frozenset({"early"})), key=lambda each: key_of(each.id))
    people[2] = evolve(people[2], tags=frozenset())
    early = journey(send(), name="early", match=HasTag("early"))
    late = journey(send(), wave=Wave(ENTRY + HOUR))
    it = drive(campaign(early, late, **CALLS), people, at=ENTRY)
    served, waiting, last = (each.id for each in people)
    it.settle(it.last(served), Verdict.ACCEPTED)
    it.now = ENTRY + HOUR
    it.answer(AnswerKind.HANDLED, served, ref=it.last(served))
    it.answer(AnswerKind.COMPLAINED, waiting)
    it.second()
    assert it.told(waiting)[-2:] == ["refused nudge: suppressed", "exited"]
    assert it.told(last) == ["entered", "delayed nudge: capacity"]
    it.to(ENTRY + HOUR + 1)
    assert it.person(last).sending


def test_places_of_the_present_window_are_remembered_and_older_ones_are_not() -> None:
    limited = (evolve(SMS, rate=2, rate_seconds=MINUTE), email())
    second = journey(send(), name="second", wave=Wave(ENTRY + 30), match=HasTag("late"))
    late = crowd(2, tags=frozenset({"late"}))
    it = drive(campaign(second, journey(send()), channels=limited), [ann(), *late])
    it.to(ENTRY + 30, settle=Verdict.ACCEPTED)
    assert sorted(it.told(each.id)[1] for each in late) == ["delayed nudge: rate", "sent nudge"]
    it.to(ENTRY + HOUR, settle=Verdict.ACCEPTED)
    assert it.shared.rates["sms"].taken == {}


def test_who_leaves_the_journey_leaves_the_line() -> None:
    it = drive(plan(send(), **CALLS), crowd(2), at=ENTRY)
    waiting = next(who for who in ("p0", "p1") if it.person(who).hold is not None)
    it.answer(AnswerKind.ORDERED, waiting, amount=1)
    assert it.told(waiting)[2:] == ["ordered", "refused nudge: exited", "exited"]
    assert it.shared.desk("desk").line == []
