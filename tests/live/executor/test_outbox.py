"""The protocol of sends: every report in every state, doubts and what resolves them, leases, pauses."""

from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from wakeup.channels.protocol import REFUSED, Found, Report, Verdict
from wakeup.live.executor import outbox
from wakeup.live.executor.settings import Rules
from wakeup.live.rows import Outgoing, SendState

NOW = 1_000_000
REF = "00" * 16
KEY = Rules(600, False, 0, 15, 5, "unknown")
LOOK_UP = Rules(0, True, 60, 15, 5, "unknown")
NONE = Rules(0, False, 0, 15, 5, "unknown")
RESEND = Rules(0, False, 0, 15, 5, "resend")


def ready(**changes: Any) -> Outgoing:
    plain = Outgoing(REF, "spring", 7, 0, "wake", "s", 0, "nudge", "sms", -1, NOW, NOW + 86_400, payload=b"sealed")
    return evolve(plain, **changes)


def inflight(rules: Rules = NONE, **changes: Any) -> Outgoing:
    return evolve(outbox.claimed(ready(), NOW, 3, rules), **changes)


def in_doubt(rules: Rules, now: int = NOW) -> Outgoing:
    return outbox.reported(inflight(rules), Report(REF, Verdict.DOUBT), now, rules)


def say(send: Outgoing, verdict: Verdict, rules: Rules = NONE, now: int = NOW + 1, **more: Any) -> Outgoing:
    return outbox.reported(send, Report(REF, verdict, **more), now, rules)


def test_a_claim_has_a_lease_that_covers_waiting_and_the_call() -> None:
    claim = inflight()
    assert (claim.state, claim.attempt, claim.first_attempt, claim.epoch) == (SendState.INFLIGHT, 1, NOW, 3)
    assert claim.lease == claim.not_before == NOW + 35
    later = outbox.claimed(outbox.unclaimed(claim, NOW + 50), NOW + 50, 4, NONE)
    assert (later.attempt, later.first_attempt, later.epoch) == (2, NOW, 4)


AFTER = {
    Verdict.ACCEPTED: SendState.SENT,
    Verdict.HANDED_OVER: SendState.WAITING,
    Verdict.NOT_LEFT: SendState.READY,
    Verdict.THROTTLED: SendState.READY,
    Verdict.DOUBT: SendState.DOUBT,
} | dict.fromkeys(REFUSED, SendState.REFUSED)


@pytest.mark.parametrize("verdict", Verdict)
def test_what_a_first_report_makes_of_a_send(verdict: Verdict) -> None:
    after = say(inflight(), verdict, provider_id="p1")
    assert after.state is AFTER[verdict]
    over = after.state in {SendState.SENT, SendState.REFUSED}
    assert (after.payload == b"") is over  # what waits for somebody must be readable for them
    assert after.settled == (NOW + 1 if over or after.state is SendState.WAITING else 0)
    assert after.provider_id == "p1"


@pytest.mark.parametrize("rules", [KEY, LOOK_UP, NONE, RESEND])
@pytest.mark.parametrize("verdict", sorted(REFUSED))
def test_a_refusal_of_a_repeat_is_believed_only_where_it_rules_out_the_first_attempt(
    rules: Rules, verdict: Verdict
) -> None:
    repeated = outbox.claimed(in_doubt(rules), NOW + 9, 3, rules)
    assert repeated.state is SendState.DOUBT
    after = say(repeated, verdict, rules)
    if rules is KEY and verdict in {Verdict.BAD_ADDRESS, Verdict.BAD_CONTENT}:
        assert after.state is SendState.REFUSED
    elif rules is KEY and verdict is Verdict.POLICY:
        assert after.state is SendState.DOUBT
    else:
        assert after.state is SendState.UNKNOWN


@pytest.mark.parametrize("verdict", sorted(REFUSED))
def test_after_a_look_up_found_nothing_a_refusal_is_certain(verdict: Verdict) -> None:
    absent = outbox.found(in_doubt(LOOK_UP), Found(REF, False), NOW + 90, LOOK_UP)
    after = say(outbox.claimed(absent, NOW + 91, 3, LOOK_UP), verdict, LOOK_UP)
    assert after.state is SendState.REFUSED


def test_what_a_look_up_said_holds_until_the_next_attempt_only() -> None:
    absent = outbox.found(in_doubt(LOOK_UP), Found(REF, False), NOW + 90, LOOK_UP)
    assert outbox.resolve(absent, NOW + 90, LOOK_UP) == "resend"
    again = outbox.claimed(absent, NOW + 91, 3, LOOK_UP)
    died = outbox.lost(again, again.lease, LOOK_UP)
    assert outbox.resolve(died, again.lease + 1, LOOK_UP) == "wait"
    assert outbox.resolve(died, again.lease + 62, LOOK_UP) == "look_up"
    never_left = say(again, Verdict.NOT_LEFT, LOOK_UP)
    assert outbox.resolve(never_left, NOW + 200, LOOK_UP) == "resend"


def test_a_key_is_used_while_it_surely_holds() -> None:
    doubt = in_doubt(KEY)
    assert outbox.resolve(doubt, NOW + 579, KEY) == "resend"
    assert outbox.resolve(doubt, NOW + 580, KEY) == "give_up"
    assert outbox.resolve(doubt, NOW + 10, KEY, repeat=False) == "give_up"
    assert outbox.resolve(evolve(doubt, deadline=NOW + 10), NOW + 10, KEY) == "give_up"
    told = [outbox.too_late(evolve(doubt, deadline=NOW + 1_000), NOW + at, KEY) for at in (579, 580, 1_000)]
    assert told == ["", outbox.FORGOTTEN, "expired"]
    assert outbox.too_late(doubt, NOW + 10**6, NONE) == ""


def test_a_look_up_waits_for_the_grace() -> None:
    doubt = in_doubt(LOOK_UP)
    assert doubt.not_before >= NOW + 61
    assert outbox.resolve(doubt, NOW + 60, LOOK_UP) == "wait"
    assert outbox.resolve(doubt, NOW + 61, LOOK_UP) == "look_up"
    # Nobody may have been there to look for days: it is looked up once in any case.
    assert outbox.resolve(doubt, NOW + 61 + outbox.LOOKS_FOR, LOOK_UP) == "look_up"
    blind = outbox.found(doubt, Found(REF, None), NOW + 70, LOOK_UP)
    assert outbox.resolve(blind, NOW + 60 + outbox.LOOKS_FOR, LOOK_UP) == "look_up"
    assert outbox.resolve(blind, NOW + 61 + outbox.LOOKS_FOR, LOOK_UP) == "give_up"
    lost = outbox.lost(inflight(LOOK_UP), NOW + 35, LOOK_UP)
    assert lost.not_before >= NOW + 35 + 61


def test_a_look_up_that_finds_it_settles_it_and_one_that_cannot_tell_is_repeated() -> None:
    doubt = in_doubt(LOOK_UP)
    assert outbox.found(doubt, Found(REF, True, "p9"), NOW + 70, LOOK_UP).state is SendState.SENT
    blind = outbox.found(doubt, Found(REF, None), NOW + 70, LOOK_UP)
    assert blind.state is SendState.DOUBT
    assert NOW + 70 < blind.not_before < NOW + 120
    assert outbox.resolve(blind, blind.not_before, LOOK_UP) == "look_up"


def test_a_task_that_is_found_waits_for_the_person_who_confirms_it() -> None:
    found = outbox.found(in_doubt(LOOK_UP), Found(REF, True, "p9"), NOW + 70, evolve(LOOK_UP, confirms=True))
    assert (found.state, found.provider_id, found.settled) == (SendState.WAITING, "p9", NOW + 70)


def test_what_was_surely_not_sent_and_may_not_be_sent_again_is_refused() -> None:
    absent = outbox.found(in_doubt(LOOK_UP), Found(REF, False), NOW + 90, LOOK_UP)
    assert outbox.resolve(absent, NOW + 90, LOOK_UP, repeat=False) == "refuse"
    assert outbox.resolve(evolve(absent, deadline=NOW), NOW + 90, LOOK_UP) == "refuse"


def test_without_key_or_look_up_nothing_is_repeated_unless_ordered() -> None:
    assert outbox.resolve(in_doubt(NONE), NOW + 1, NONE) == "give_up"
    assert outbox.resolve(in_doubt(RESEND), NOW + 1, RESEND) == "resend"
    often = evolve(in_doubt(RESEND), attempt=outbox.MOST_REPEATS)
    assert outbox.resolve(often, NOW + 1, RESEND) == "give_up"


@given(waited=st.integers(0, 100_000), ref=st.text("0123456789abcdef", min_size=32, max_size=32))
def test_pauses_grow_with_time_up_to_a_limit(waited: int, ref: str) -> None:
    send = evolve(inflight(), ref=ref, deadline=NOW + 10**6)
    after = outbox.reported(send, Report(ref, Verdict.NOT_LEFT), NOW + waited, NONE)
    least = min(max(waited // 4, 1), outbox.LONGEST_PAUSE)
    assert least <= after.not_before - NOW - waited <= 3 * least // 2 + 1


def test_a_provider_that_says_when_is_heard_and_the_deadline_is_not_passed() -> None:
    assert say(inflight(), Verdict.THROTTLED, retry_after=300).not_before >= NOW + 301
    late = say(inflight(deadline=NOW + 20), Verdict.THROTTLED, retry_after=300)
    assert late.not_before == NOW + 20


@pytest.mark.parametrize("code", sorted(outbox.HELD_BACK))
def test_what_the_executor_held_back_itself_is_ready_at_once(code: str) -> None:
    assert say(inflight(), Verdict.NOT_LEFT, code=code).not_before == NOW + 1


@pytest.mark.parametrize(
    ("code", "kept"),
    [("isv.OUT_OF_SERVICE", True), ("45009", True), ("13800138000", False), ("a@b.example", False), ("x" * 61, False)],
)
def test_evidence_holds_no_personal_data(code: str, kept: bool) -> None:
    assert outbox.evidence(Verdict.POLICY, code) == (f"policy:{code}" if kept else "policy")
