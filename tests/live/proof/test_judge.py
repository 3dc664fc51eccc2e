"""The judge is judged: it sees duplicates, losses, caps, gaps, quiet hours, rates, codes, money, withdrawn words."""

from typing import Any

import pytest
from attrs import evolve
from tests.live.proof.judge import Promise, judge
from tests.live.proof.truth import Effect, Truth, Word
from tests.sim.plans import DAY, HOUR, at, campaign, journey, letter, nudge, send, sms, window

from wakeup.live.keys import ref_of
from wakeup.live.rows import Outgoing, SendState
from wakeup.plan.model import Budget, Cadence, Calendar, Cap, Line, Quiet, Rolling

CADENCE = Cadence((Cap(2, Rolling(2 * DAY)), Cap(1, Calendar("day"))), 6 * HOUR, (Quiet(window(21, 9)),))
PLAN = campaign(
    journey(send()),
    channels=(sms(rate=2, rate_seconds=60, line="sms"),),
    messages=(nudge(cost_micros=100_000), evolve(letter(), channel="sms")),
    cadence=CADENCE,
    budget=Budget(100, (Line("sms", 30),)),
)


def effect(customer: int = 1, nth: int = 0, t: int = at(2, 12), **more: Any) -> Effect:
    """What the provider logged of a send."""
    plain = Effect(ref_of("spring", customer, 0, "wake", "s", nth), customer, "sms", "nudge", t, t, after=5)
    return evolve(plain, **more)


def sent(effect: Effect, **more: Any) -> Outgoing:
    """The row of the outbox that belongs to it."""
    row = Outgoing(
        effect.ref, "spring", effect.customer, 0, "wake", "s", 0, effect.message, effect.channel, -1, effect.called,
        effect.called + DAY, SendState.SENT,
    )  # fmt: skip
    return evolve(row, **more)


def said(
    effects: list[Effect], sends: list[Outgoing], promise: Promise = "once", words: list[Word] | None = None
) -> str:
    """What the judge finds, in one text."""
    return str(judge(PLAN, Truth(effects, words or []), sends, promise))


ONE, OTHER = effect(1), effect(2)
LATER = effect(1, 1, ONE.called + 3 * DAY)

GOOD: list[tuple[list[Effect], list[Outgoing], Promise]] = [
    ([ONE, OTHER, LATER], [sent(ONE), sent(OTHER), sent(LATER)], "once"),
    ([ONE], [sent(ONE), sent(OTHER, state=SendState.REFUSED)], "once"),
    ([ONE], [sent(ONE), sent(OTHER, state=SendState.UNKNOWN)], "at most once"),
    ([ONE], [sent(ONE, state=SendState.UNKNOWN)], "at most once"),
    ([ONE], [sent(ONE), sent(OTHER, state=SendState.UNKNOWN, evidence="cap")], "once"),
    ([ONE, evolve(ONE, called=ONE.called + 5)], [sent(ONE)], "at least once"),
]


@pytest.mark.parametrize("place", range(len(GOOD)))
def test_what_is_right_is_not_blamed(place: int) -> None:
    effects, sends, promise = GOOD[place]
    assert not judge(PLAN, Truth(effects), sends, promise).faults


BAD: list[tuple[str, list[Effect], list[Outgoing], Promise]] = [
    ("delivered 2 times", [ONE, evolve(ONE, called=ONE.called + DAY)], [sent(ONE)], "once"),
    ("delivered 2 times", [ONE, evolve(ONE, called=ONE.called + DAY)], [sent(ONE)], "at most once"),
    ("called sent and was not", [ONE], [sent(ONE), sent(OTHER)], "once"),
    ("called sent and was not", [ONE], [sent(ONE), sent(OTHER)], "at least once"),
    ("called refused and was delivered", [ONE], [sent(ONE, state=SendState.REFUSED)], "once"),
    ("left unknown", [ONE], [sent(ONE, state=SendState.UNKNOWN)], "once"),
    ("is left doubt", [ONE], [sent(ONE, state=SendState.DOUBT)], "at most once"),
    ("is left ready", [], [sent(ONE, state=SendState.READY)], "once"),
    ("never decided", [ONE, OTHER], [sent(ONE)], "once"),
    ("still has its payload", [ONE], [sent(ONE, payload=b"x")], "once"),
    ("another message", [evolve(ONE, message="letter")], [sent(ONE)], "once"),
    ("two sends have one key", [ONE], [sent(ONE), sent(ONE)], "once"),
]


@pytest.mark.parametrize("place", range(len(BAD)))
def test_a_wrong_send_is_seen(place: int) -> None:
    fault, effects, sends, promise = BAD[place]
    assert fault in said(effects, sends, promise)


def several(*effects: Effect) -> str:
    return said(list(effects), [sent(each) for each in effects])


def test_a_cap_in_a_rolling_window_is_seen() -> None:
    second, third = effect(1, 1, ONE.called + DAY), effect(1, 2, ONE.called + 2 * DAY - 1)
    assert "number 3 where 2 are allowed" in several(ONE, second, third)
    assert "number 3" not in several(ONE, second, evolve(third, called=ONE.called + 2 * DAY))


def test_a_cap_in_a_day_of_the_person_is_seen() -> None:
    assert "number 2 where 1 are allowed" in several(ONE, effect(1, 1, ONE.called + 7 * HOUR))


def test_a_gap_is_seen() -> None:
    near = effect(1, 1, ONE.called + 6 * HOUR - 1)
    assert "the gap is longer" in several(ONE, near)
    assert "the gap is longer" not in several(ONE, evolve(near, called=ONE.called + 6 * HOUR))


@pytest.mark.parametrize(("t", "quiet"), [(at(2, 21), True), (at(3, 8, 59, 59), True), (at(3, 9), False)])
def test_quiet_hours_are_seen(t: int, quiet: bool) -> None:
    assert ("left in quiet hours" in several(effect(1, 0, t))) is quiet


def test_quiet_hours_are_those_of_the_person() -> None:
    night = effect(1, 0, at(2, 15))
    told = judge(PLAN, Truth([night]), [sent(night)], "once", {1: "Asia/Shanghai"})
    assert any("left in quiet hours" in each for each in told.faults)


def test_a_rate_is_seen() -> None:
    assert "3 in a window, 2 are allowed" in several(ONE, OTHER, effect(3))
    assert "in a window" not in several(ONE, OTHER, effect(3, t=ONE.called + 60))


def test_a_word_that_was_durable_before_the_claim_is_seen() -> None:
    sends = [sent(ONE)]
    assert "it was forbidden" in said([ONE], sends, words=[Word(4, 1, "sms")])
    assert "it was forbidden" in said([ONE], sends, words=[Word(4)])
    for word in (Word(5, 1, "sms"), Word(4, 2, "sms"), Word(4, 1, "email"), Word(1, until=4)):
        assert "it was forbidden" not in said([ONE], sends, words=[word])


def test_a_code_for_two_is_seen() -> None:
    assert "a code went to two people" in several(evolve(ONE, codes=("A",)), evolve(OTHER, codes=("A",)))
    assert "a code" not in several(evolve(ONE, codes=("A",)), evolve(LATER, codes=("A",)))


def test_an_overdrawn_line_is_seen() -> None:
    many = [effect(n, t=at(2, 12, n)) for n in range(1, 5)]
    assert "line sms: 400000 of 300000 micros" in several(*many)
    assert "line sms" not in several(*many[:3])
