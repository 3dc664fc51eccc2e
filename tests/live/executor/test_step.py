"""The executor's rounds: a campaign from the first second to the last, whatever the provider says."""

import copy
from typing import Any

import pytest
from attrs import evolve
from tests.live.executor.stage import Post, Stage, accepted, in_turn, people, says
from tests.sim.people import key_of
from tests.sim.plans import (
    DAY,
    END,
    ENTRY,
    HOUR,
    START,
    at,
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

from wakeup.channels.protocol import AnswerKind, Capabilities, Request, Verdict
from wakeup.diagnostics import WakeupError
from wakeup.live.begin import Approval, list_codes
from wakeup.live.executor.payload import packed
from wakeup.live.executor.round import Unsendable
from wakeup.live.executor.settings import Conduct, Settings
from wakeup.live.rows import SendState
from wakeup.live.store.protocol import Switch
from wakeup.plan.model import Budget, Cadence, Cap, Line, Quiet, Rolling

SMS_ONLY = {"channels": (sms(),), "messages": (nudge(),)}
LOOK_UP = Capabilities(look_up=True, grace=30)
KEY = Capabilities(key_window=3_600)


def calls(stage: Stage, channel: str = "sms") -> list[int]:
    """Instants of the calls of a channel, in seconds after the entry."""
    return [t - ENTRY for t, _ in stage.posts[channel].calls]


def test_a_send_from_decision_to_settlement() -> None:
    stage = Stage(campaign(journey(send(), wait(1), send("letter", step="t")))).start()
    stage.until(ENTRY)
    assert stage.rows_of() == ["ENTERED", "SENT"]
    (first,) = stage.sends
    assert (first.state, first.attempt, first.settled) == (SendState.SENT, 1, ENTRY)
    assert first.payload == b""
    assert first.provider_id == f"p{first.ref[:6]}"
    stage.until(END)
    assert stage.rows_of() == ["ENTERED", "SENT", "SENT", "EXITED"]
    assert [each.t for each in stage.trace] == [ENTRY, ENTRY, ENTRY + DAY, ENTRY + DAY]


def test_a_definite_refusal_gives_everything_back_and_tries_the_fallback() -> None:
    plan = campaign(
        journey(send("nudge", "gift5"), wait(1), send("nudge", step="t")),
        messages=(nudge(fallback="letter", cost_micros=500_000), letter()),
        incentives=(coupon(stock=1),),
        cadence=Cadence((Cap(1, Rolling(3 * HOUR)),)),
        budget=Budget(1_000, (Line("all", 1_000),), "all"),
    )
    stage = Stage(plan).start(sms={"script": says(Verdict.BAD_ADDRESS, code="550")}).until(ENTRY)
    assert stage.rows_of() == ["ENTERED", "REFUSED/UNREACHABLE", "SENT", "GRANTED"]
    first, second = sorted(stage.sends, key=lambda each: each.channel)
    assert (first.channel, first.state) == ("email", SendState.SENT)
    assert (second.channel, second.state, second.evidence) == ("sms", SendState.REFUSED, "bad_address:550")
    assert '"spent":{}' in stage.shared or '"all":0' in stage.shared


def test_an_address_that_is_not_there_is_a_refusal_and_nothing_leaves() -> None:
    stage = Stage(campaign(journey(send(), send("letter", step="t"))))

    def render(work: Any, person: Any, decided: Any) -> Request:
        raise Unsendable(Verdict.BAD_ADDRESS, "no_address")

    stage.start(render=render).until(ENTRY)
    assert stage.rows_of() == ["ENTERED", "REFUSED/UNREACHABLE", "REFUSED/UNREACHABLE", "EXITED"]
    assert calls(stage) == calls(stage, "email") == []
    assert {each.state for each in stage.sends} == {SendState.REFUSED}


def test_what_did_not_leave_is_tried_again_with_the_same_bytes() -> None:
    script = in_turn(says(Verdict.NOT_LEFT), says(Verdict.THROTTLED, retry_after=100), accepted)
    stage = Stage(campaign(journey(send("nudge", "gift5")), incentives=(coupon(),))).start(sms={"script": script})
    stage.until(ENTRY + HOUR)
    requests = [request for _, request in stage.posts["sms"].calls]
    assert [each.attempt for each in requests] == [1, 2, 3]
    assert len({packed(each) for each in requests}) == 1
    assert calls(stage)[2] - calls(stage)[1] >= 100
    assert stage.rows_of() == ["ENTERED", "SENT", "GRANTED", "EXITED"]
    assert stage.trace[1].t == ENTRY + calls(stage)[2]  # it counts at the claim that went out


def test_a_send_that_never_leaves_expires() -> None:
    plan = campaign(journey(send(expires=HOUR)), messages=(nudge(fallback="letter"), letter()))
    stage = Stage(plan, settings=Settings("test", threads=False, pause_after=1_000))
    stage.start(sms={"script": says(Verdict.NOT_LEFT)}).until(ENTRY + 2 * HOUR)
    assert stage.rows_of() == ["ENTERED", "REFUSED/EXPIRED", "SENT", "EXITED"]
    assert calls(stage)[-1] < HOUR


def test_a_later_attempt_respects_what_has_changed() -> None:
    quiet = Cadence(quiet=(Quiet(window(12, 14)),))
    script = in_turn(says(Verdict.THROTTLED, retry_after=3 * HOUR), accepted)
    stage = Stage(campaign(journey(send()), cadence=quiet)).start(sms={"script": script}).until(END)
    assert calls(stage) == [0, 4 * HOUR]
    busy = says(Verdict.THROTTLED, retry_after=3 * HOUR)
    gone = Stage(campaign(journey(send()))).start(sms={"script": busy}).until(ENTRY)
    gone.tell(AnswerKind.OPTED_OUT, ENTRY + 60, channel="sms")
    gone.until(END)
    assert calls(gone) == [0]
    assert gone.rows_of() == ["ENTERED", "OPTED_OUT", "REFUSED/SUPPRESSED", "EXITED"]
    assert gone.sends[0].state is SendState.REFUSED


def test_doubt_counts_as_sent_and_the_person_goes_on() -> None:
    plan = campaign(journey(send(), wait(1), send(step="t")), cadence=Cadence((Cap(1, Rolling(3 * DAY)),)))
    stage = Stage(plan).start(sms={"script": says(Verdict.DOUBT)}).until(END)
    assert stage.rows_of() == ["ENTERED", "SENT", "REFUSED/CAP", "EXITED"]
    (only,) = stage.sends
    assert (only.state, only.payload) == (SendState.UNKNOWN, b"")
    assert calls(stage) == [0]


@pytest.mark.parametrize("can", [KEY, LOOK_UP])
def test_a_doubt_is_resolved_by_what_the_provider_can_do(can: Capabilities) -> None:
    script = in_turn(says(Verdict.DOUBT), accepted)
    posts = {"script": script, "capabilities": can, "found": lambda _: False}
    stage = Stage(campaign(journey(send()))).start(sms=posts).until(ENTRY + HOUR)
    (only,) = stage.sends
    assert (only.state, only.attempt) == (SendState.SENT, 2)
    assert stage.rows_of() == ["ENTERED", "SENT", "EXITED"]
    assert (len(stage.posts["sms"].looked) == 1) is can.look_up
    assert calls(stage)[1] > (30 if can.look_up else 0)


def test_a_look_up_that_finds_it_sends_nothing() -> None:
    posts = {"script": says(Verdict.DOUBT), "capabilities": LOOK_UP, "found": lambda _: True}
    stage = Stage(campaign(journey(send()))).start(sms=posts).until(ENTRY + HOUR)
    assert stage.sends[0].state is SendState.SENT
    assert calls(stage) == [0]


def test_without_key_or_look_up_the_user_may_order_to_send_again() -> None:
    settings = Settings("test", threads=False, conduct={"sms": Conduct("resend")})
    script = in_turn(says(Verdict.DOUBT), says(Verdict.DOUBT), accepted)
    stage = Stage(campaign(journey(send())), settings=settings).start(sms={"script": script}).until(ENTRY + HOUR)
    assert (stage.sends[0].state, len(calls(stage))) == (SendState.SENT, 3)


def handed_over() -> Stage:
    """A run whose only message a person is to carry out."""
    posts = {"script": says(Verdict.HANDED_OVER), "capabilities": Capabilities(confirms=True)}
    return Stage(campaign(journey(send()))).start(sms=posts).until(ENTRY)


def test_what_nobody_confirms_is_unknown_a_week_after_its_expiry_and_its_words_are_gone() -> None:
    stage = handed_over()
    (task,) = stage.sends
    stage.until(task.deadline + 7 * DAY - 1)
    (task,) = stage.sends
    assert (task.state, bool(task.payload)) == (SendState.WAITING, True)
    stage.until(task.deadline + 7 * DAY)
    (task,) = stage.sends
    assert (task.state, task.payload, task.evidence) == (SendState.UNKNOWN, b"", "unconfirmed")
    assert stage.rows_of() == ["ENTERED", "SENT", "EXITED"]


def test_when_the_follow_up_is_over_nothing_waits_for_a_person() -> None:
    stage = handed_over()
    stage.until(stage.plan.end + stage.plan.follow_up)
    assert [(each.state, each.payload) for each in stage.sends] == [(SendState.UNKNOWN, b"")]


@pytest.mark.parametrize(
    ("kind", "state"), [(AnswerKind.SENT, SendState.SENT), (AnswerKind.NOT_SENT, SendState.REFUSED)]
)
def test_a_word_that_comes_too_late_counts_all_the_same(kind: AnswerKind, state: SendState) -> None:
    stage = handed_over()
    late = stage.sends[0].deadline + 8 * DAY
    stage.until(late)
    stage.tell(kind, late, ref=stage.sends[0].ref)
    stage.until(late + 1)
    assert stage.sends[0].state is state
    assert ("REFUSED/UNREACHABLE" in stage.rows_of()) == (state is SendState.REFUSED)


def test_an_executor_at_work_is_known_to_be_alive() -> None:
    stage = Stage(campaign(journey(send(), wait(1), send(step="t")))).start().until(END)
    (until,) = stage.store.tables["leases"].values()
    assert END < until <= END + 60


def test_a_receipt_resolves_a_doubt_at_any_time() -> None:
    stage = Stage(campaign(journey(send()))).start(sms={"script": says(Verdict.DOUBT)}).until(ENTRY + HOUR)
    (unknown,) = stage.sends
    stage.tell(AnswerKind.DELIVERED, ENTRY + 60, ref=unknown.ref)
    stage.until(ENTRY + 2 * HOUR)
    assert stage.sends[0].state is SendState.SENT
    assert stage.rows_of() == ["ENTERED", "SENT", "EXITED", "DELIVERED"]


def test_a_receipt_before_the_response_settles_the_send_and_the_response_changes_nothing() -> None:
    stage = Stage(campaign(journey(send(), wait(1), send(step="t"))))

    def quick(request: Request) -> Any:
        if stage.posts["sms"].calls[-1][0] == ENTRY:
            stage.tell(AnswerKind.DELIVERED, ENTRY, ref=request.ref)
        return says(Verdict.DOUBT)(request)

    stage.start(sms={"script": quick}).until(ENTRY)
    assert stage.sends[0].state is SendState.SENT
    assert stage.rows_of() == ["ENTERED", "SENT", "DELIVERED"]
    stage.until(END)
    assert stage.rows_of()[3:] == ["SENT", "EXITED"]


def test_an_opt_out_that_came_while_the_executor_was_down_is_known_before_the_next_claim() -> None:
    stage = Stage(campaign(journey(send(), wait(1), send(step="t")))).start().until(ENTRY)
    stage.tell(AnswerKind.OPTED_OUT, ENTRY + DAY + 5, channel="sms")
    stage.clock.wait(ENTRY + 2 * DAY, lambda _: False)
    stage.start().until(END)
    assert calls(stage) == [0]
    assert stage.rows_of() == ["ENTERED", "SENT", "OPTED_OUT", "REFUSED/SUPPRESSED", "EXITED"]
    with stage.store.read() as reader:
        assert reader.consents(key_of("c0")) == {"sms": False}


def test_a_provider_that_says_opted_out_is_believed_for_good() -> None:
    stage = Stage(campaign(journey(send(), wait(1), send(step="t")))).start(sms={"script": says(Verdict.OPTED_OUT)})
    stage.until(END)
    assert stage.rows_of() == ["ENTERED", "REFUSED/SUPPRESSED", "REFUSED/SUPPRESSED", "EXITED"]
    with stage.store.read() as reader:
        assert reader.consents(key_of("c0")) == {"sms": False}


def test_paused_nothing_is_sent_and_answers_are_taken() -> None:
    stage = Stage(campaign(journey(send(), wait(1), send(step="t"))), rows=people(3)).start().until(ENTRY)
    stage.order(Switch.PAUSED)
    stage.tell(AnswerKind.ORDERED, ENTRY + HOUR, amount=9_000)
    stage.until(ENTRY + 2 * DAY)
    assert calls(stage) == [0, 0, 0]
    assert stage.rows_of()[-2:] == ["ORDERED", "EXITED"]
    stage.order(Switch.RUNNING)
    stage.until(ENTRY + 2 * DAY + HOUR)
    assert len(calls(stage)) == 5


def test_stopped_everybody_leaves_also_who_is_held() -> None:
    plan = campaign(journey(send(), wait(0.5), send(step="t")), cadence=Cadence(quiet=(Quiet(window(18, 23)),)))
    stage = Stage(plan, rows=people(2)).start().until(ENTRY + DAY // 2)  # 22:00: held
    stage.order(Switch.STOPPED)
    stage.until(END)
    assert stage.rows_of() == ["ENTERED", "SENT", "DELAYED/QUIET", "REFUSED/ENDED", "ENDED"]
    assert calls(stage) == [0, 0]


def test_stopped_with_sends_that_wait_or_are_in_doubt_settles_them() -> None:
    stage = Stage(campaign(journey(send(), send("letter", step="t"))))
    stage.start(
        sms={"script": says(Verdict.DOUBT), "capabilities": LOOK_UP}, email={"script": says(Verdict.NOT_LEFT)}
    ).until(ENTRY)
    stage.order(Switch.STOPPED)
    stage.until(ENTRY + HOUR)
    assert {(each.channel, each.state) for each in stage.sends} == {
        ("sms", SendState.UNKNOWN),
        ("email", SendState.REFUSED),
    }
    assert stage.rows_of() == ["ENTERED", "SENT", "ENDED", "REFUSED/ENDED"]


def test_a_broken_channel_is_out_of_order_so_that_fallbacks_act() -> None:
    plan = campaign(journey(send()), messages=(nudge(fallback="letter"), letter()))
    stage = Stage(plan, rows=people(40), settings=Settings("test", batch=5, threads=False))
    stage.start(sms={"script": says(Verdict.POLICY)}).until(ENTRY)
    assert 1 <= len(calls(stage)) <= 5
    assert len(calls(stage, "email")) == 40
    assert sum(each.row.name == "SENT" for each in stage.trace) == 40


def test_a_channel_that_stays_broken_pauses_the_campaign() -> None:
    stage = Stage(campaign(journey(send()), **SMS_ONLY), rows=people(4), settings=Settings("test", threads=False))
    stage.start(sms={"script": says(Verdict.NOT_LEFT)})
    stage.until(ENTRY + 2 * DAY)
    with stage.store.read() as reader:
        assert reader.switch("spring") is Switch.PAUSED
        assert any("sms fails" in what for _, _, what in stage.store.tables["audit"].values())


def test_everybody_leaves_at_the_end_in_batches() -> None:
    settings = Settings("test", batch=3, threads=False)
    stage = Stage(campaign(journey(send(), wait(90))), rows=people(10), settings=settings).start().until(END + DAY)
    assert [each.row.name for each in stage.trace].count("ENDED") == 10
    assert {each.t for each in stage.trace if each.row.name == "ENDED"} == {END}


def test_rates_hold_when_the_executor_comes_late() -> None:
    plan = campaign(journey(send()), channels=(sms(rate=2, rate_seconds=60), email()))
    stage = Stage(plan, rows=people(12)).start().until(ENTRY)
    stage.clock.wait(ENTRY + 10 * HOUR, lambda _: False)
    stage.start().until(ENTRY + 11 * HOUR)
    windows = [t // 60 for t, _ in stage.posts["sms"].calls]
    assert len(windows) == 12
    assert max(windows.count(each) for each in windows) == 2


def test_codes_are_unique_and_a_list_that_is_used_up_says_so() -> None:
    plan = campaign(journey(send("nudge", "gift5")), incentives=(coupon(codes=9),))
    stage = Stage(plan, rows=people(3))
    list_codes(stage.store, "spring", {"gift5": ["A1", "A2"]}, Approval("test", ENTRY))
    stage.start().until(ENTRY)
    assert sorted(each.code for _, request in stage.posts["sms"].calls for each in request.offers) == ["A1", "A2"]
    assert [each.row.name for each in stage.trace].count("REFUSED") == 1
    own = Stage(campaign(journey(send("nudge", "gift5")), incentives=(coupon(),)), rows=people(3)).start().until(ENTRY)
    assert len({each.code for _, request in own.posts["sms"].calls for each in request.offers}) == 3


def test_a_message_whose_key_is_lost_is_refused() -> None:
    from wakeup.live.seal import fresh_keys

    stage = Stage(campaign(journey(send()))).start(sms={"script": says(Verdict.NOT_LEFT)}).until(ENTRY)
    stage.keys = fresh_keys()
    stage.start().until(ENTRY + HOUR)
    assert stage.rows_of() == ["ENTERED", "REFUSED/TEMPLATE", "EXITED"]


@pytest.mark.parametrize("can", [KEY, LOOK_UP])
def test_a_doubt_whose_key_is_lost_stays_unknown(can: Capabilities) -> None:
    from wakeup.live.seal import fresh_keys

    posts = {"script": says(Verdict.DOUBT), "capabilities": can}
    stage = Stage(campaign(journey(send()))).start(sms=posts).until(ENTRY)
    stage.keys = fresh_keys()
    stage.start().until(ENTRY + HOUR)
    assert [(each.state, each.evidence) for each in stage.sends] == [(SendState.UNKNOWN, "sealed with another key")]
    assert calls(stage) == [0]


def test_a_plan_with_a_channel_that_nobody_carries_is_not_begun() -> None:
    stage = Stage(campaign(journey(send())))
    del stage.posts["email"]
    with pytest.raises(WakeupError) as caught:
        stage.start()
    assert [each.code for each in caught.value.diagnostics] == ["WK7040"]


def test_a_send_of_an_older_backup_is_not_made_twice() -> None:
    stage = Stage(campaign(journey(send(), wait(1)))).start()
    stage.until(START)
    before = copy.copy(stage.store.tables["people"]["spring", key_of("c0"), 0])
    stage.until(ENTRY)
    with stage.store.work() as work:
        work.keep([before])
    stage.start()
    with pytest.raises(WakeupError) as caught:
        stage.until(ENTRY + HOUR)
    assert [each.code for each in caught.value.diagnostics] == ["WK7041"]
    assert calls(stage) == [0]


def test_a_campaign_that_is_not_there() -> None:
    stage = Stage(campaign(journey(send())))
    stage.plan = evolve(stage.plan, name="autumn")
    with pytest.raises(LookupError, match="autumn"):
        stage.start()


def test_who_was_erased_gets_nothing_and_stops_nobody() -> None:
    stage = Stage(campaign(journey(send())), rows=people(2)).start(sms={"script": says(Verdict.NOT_LEFT)}).until(ENTRY)
    with stage.store.work() as work:
        work.keep([evolve(work.person("spring", key_of("c0")), state="", status="done", due=None)])
    stage.start(sms={"script": accepted}).until(ENTRY + HOUR)
    assert sorted(each.state for each in stage.sends) == [SendState.SENT, SendState.UNKNOWN]


def test_the_horizon_ends_a_run() -> None:
    stage = Stage(campaign(journey(send()), follow_up=DAY)).start()
    stage.executor.run()
    assert stage.rows_of() == ["ENTERED", "SENT", "EXITED"]
    assert isinstance(stage.posts["sms"], Post)
    assert stage.clock.now() <= at(2, month=6)
    assert email().name in stage.posts
