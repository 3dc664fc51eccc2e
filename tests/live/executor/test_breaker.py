"""A channel that fails is left alone, tried again after growing rests, and taken back when it works."""

from wakeup.channels.protocol import Report, Verdict
from wakeup.live.executor.breaker import FIRST_REST, LEAST, LONGEST_REST, Breaker

NOW = 1_000


def hear(breaker: Breaker, *verdicts: Verdict, now: int = NOW, code: str = "") -> None:
    for verdict in verdicts:
        breaker.heard(Report("r", verdict, code=code), now)


def test_failures_within_the_budget_change_nothing() -> None:
    breaker = Breaker()
    hear(breaker, *[Verdict.DOUBT] * (LEAST - 1), *[Verdict.ACCEPTED] * 20, *[Verdict.DOUBT] * LEAST)
    assert breaker.room(NOW) is None
    assert breaker.down_until(NOW) is None


def test_refusals_and_throttling_are_no_failures_and_neither_is_what_was_held_back() -> None:
    breaker = Breaker()
    hear(breaker, *[Verdict.BAD_ADDRESS] * 20, *[Verdict.THROTTLED] * 20)
    hear(breaker, *[Verdict.NOT_LEFT] * 20, code="switch")
    assert breaker.room(NOW) is None


def test_a_spent_budget_or_a_word_of_policy_gives_the_channel_a_rest() -> None:
    spent, told = Breaker(), Breaker()
    hear(spent, *[Verdict.NOT_LEFT] * LEAST)
    hear(told, Verdict.POLICY)
    for breaker in (spent, told):
        assert breaker.room(NOW) == 0
        assert breaker.down_until(NOW) == NOW + FIRST_REST
        assert breaker.room(NOW + FIRST_REST) == 1


def test_after_the_rest_one_send_is_a_trial() -> None:
    breaker, then = Breaker(), NOW + FIRST_REST
    hear(breaker, Verdict.POLICY)
    breaker.claimed()
    assert breaker.room(then) == 0
    assert breaker.down_until(then) == then + FIRST_REST
    hear(breaker, Verdict.DOUBT, now=then)
    assert breaker.down_until(then) == then + 2 * FIRST_REST
    breaker.claimed()
    hear(breaker, Verdict.ACCEPTED, now=then + 2 * FIRST_REST)
    assert breaker.room(then) is None


def test_rests_grow_up_to_a_limit() -> None:
    breaker, now = Breaker(), NOW
    hear(breaker, Verdict.POLICY)
    for _ in range(12):
        now = breaker.until
        breaker.claimed()
        hear(breaker, Verdict.DOUBT, now=now)
    assert breaker.until - now == LONGEST_REST
    assert breaker.failed == 12


def test_a_trial_that_was_held_back_says_nothing() -> None:
    breaker = Breaker()
    hear(breaker, Verdict.POLICY)
    breaker.claimed()
    hear(breaker, Verdict.NOT_LEFT, code="lease", now=NOW + FIRST_REST)
    assert breaker.room(NOW + FIRST_REST) == 1
