"""Asking providers: from where, how often, and what an adapter's failure does."""

from wakeup.channels.protocol import Answer, AnswerKind, Capabilities
from wakeup.live.clock import FastClock
from wakeup.live.polling import FIRST, OVERLAP, Poller

NOW = 1_800_000_000
ANSWER = Answer("sms", "e1", AnswerKind.DELIVERED, NOW, ref="00")


class Asked:
    """An adapter that remembers the questions and fails when it is told to."""

    def __init__(self, receipts="poll"):
        self.capabilities = Capabilities(receipts=receipts)
        self.since = []
        self.broken = False

    def poll(self, since):
        self.since.append(since)
        if self.broken:
            raise RuntimeError("a bug of somebody else's")
        return [ANSWER]


def test_questions_reach_back_and_overlap_and_only_who_is_polled_is_asked():
    clock, polled, pushed, taken = FastClock(NOW), Asked(), Asked("push"), []
    poller = Poller({"sms": polled, "mail": pushed}, lambda found: taken.extend(found) or len(found), clock)
    assert poller.ask() == 1
    clock.wait(NOW + 60, lambda _: False)
    poller.ask()
    assert polled.since == [NOW - FIRST, NOW - OVERLAP]
    assert pushed.since == []
    assert taken == [ANSWER, ANSWER]  # the inbox takes it once


def test_an_adapter_that_fails_is_asked_again_from_where_it_failed_and_spoils_no_other():
    broken, sound = Asked(), Asked()
    broken.broken = True
    poller = Poller({"sms": broken, "wecom": sound}, len, FastClock(NOW))
    assert poller.ask() == 1
    assert poller.failed == {"sms": 1, "wecom": 0}
    broken.broken = False
    poller.ask()
    assert broken.since == [NOW - FIRST, NOW - FIRST]
    assert poller.failed == {"sms": 0, "wecom": 0}


def test_the_last_question_comes_when_the_run_is_left():
    adapter = Asked()
    with Poller({"sms": adapter}, len, FastClock(NOW), every=3600.0):
        pass
    assert len(adapter.since) == 2  # at the start and at the end
