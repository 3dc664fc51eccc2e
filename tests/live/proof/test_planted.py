"""Rules of the executor taken out by hand: without each of them the judge finds a run that is wrong."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest
from attrs import evolve
from tests.live.proof.lossy import draw
from tests.live.proof.simulator import Run

from wakeup.channels.protocol import Verdict
from wakeup.live.core import sending
from wakeup.live.executor import outbox, sends
from wakeup.live.executor.round import Round
from wakeup.live.executor.step import Executor
from wakeup.live.rows import SendState
from wakeup.live.store.protocol import Switch
from wakeup.terms.lists import Reason

SEEDS = range(8)
Plant = Callable[[pytest.MonkeyPatch], None]


def faults(policy: str, often: float = 0.04) -> Iterator[str]:
    """What the judge finds in some runs; a run that cannot even go on is judged as far as it came."""
    for seed in SEEDS:
        run = Run(seed, policy, lambda n, seed=seed: draw("planted", seed, n) < often)
        with suppress(AssertionError, LookupError):
            run.go()
        yield from run.sentence().faults


def no_claim_commit(patch: pytest.MonkeyPatch) -> None:
    """Messages leave before their claim is durable."""
    finish = Round.finish
    holder: list[Executor] = []
    made = Executor.__init__

    def init(self: Executor, *arguments: Any, **more: Any) -> None:
        holder[:] = [self]
        made(self, *arguments, **more)

    def early(self: Round) -> None:
        finish(self)
        holder[0]._committed(self)
        self.jobs.clear()

    patch.setattr(Executor, "__init__", init)
    patch.setattr(Round, "finish", early)


def no_grace(patch: pytest.MonkeyPatch) -> None:
    """Look-ups are made at once."""
    was = outbox.resolve
    patch.setattr(outbox, "resolve", lambda send, now, rules, **more: was(send, now, evolve(rules, grace=-60), **more))
    in_doubt = outbox._in_doubt
    patch.setattr(
        outbox, "_in_doubt", lambda send, now, rules, pause: in_doubt(send, now, evolve(rules, grace=0), pause)
    )


def no_recovery(patch: pytest.MonkeyPatch) -> None:
    """Claims of dead executors are left as they are."""
    patch.setattr(sends, "_lost", lambda current, person, send: None)


def recovery_by_sending_again(patch: pytest.MonkeyPatch) -> None:
    """Claims of dead executors are claimed again, as if they had not left."""

    def again(current: Round, person: Any, send: Any) -> None:
        current.work.settle(outbox.unclaimed(send, current.now), send.epoch)

    patch.setattr(sends, "_lost", again)


def doubt_is_no_doubt(patch: pytest.MonkeyPatch) -> None:
    """An answer that does not come counts as "not left"."""
    was = outbox.reported

    def naive(send: Any, report: Any, now: int, rules: Any) -> Any:
        if report.verdict is Verdict.DOUBT and send.state is SendState.INFLIGHT:
            report = evolve(report, verdict=Verdict.NOT_LEFT)
        return was(send, report, now, rules)

    patch.setattr(outbox, "reported", naive)


def doubt_given_up(patch: pytest.MonkeyPatch) -> None:
    """What is in doubt is left unknown, whatever the provider can do."""
    patch.setattr(outbox, "resolve", lambda send, now, rules, **more: "give_up")


def absence_holds_for_ever(patch: pytest.MonkeyPatch) -> None:
    """What a look-up did not find is thought absent after it was sent again, too."""
    patch.setattr(outbox, "REPEATED", outbox.ABSENT)


def no_switch(patch: pytest.MonkeyPatch) -> None:
    """Nobody looks at the kill switch."""
    patch.setattr(Executor, "_may_send", lambda self: True)
    made = Round.__init__

    def running(self: Round, work: Any, means: Any, world: Any, switch: Any, *rest: Any) -> None:
        made(self, work, means, world, Switch.RUNNING, *rest)

    patch.setattr(Round, "__init__", running)


def nothing_asked_again(patch: pytest.MonkeyPatch) -> None:
    """What was decided once is not asked again before a later attempt."""
    patch.setattr(sending, "repeatable", lambda world, person, outgoing: (Reason.NONE, None))


PLANTED: list[tuple[Plant, str, str]] = [
    (no_claim_commit, "none", "delivered 2 times"),
    (no_grace, "look-up", "delivered 2 times"),
    (no_recovery, "key", "is left inflight"),
    (recovery_by_sending_again, "none", "delivered 2 times"),
    (doubt_is_no_doubt, "look-up", "delivered 2 times"),
    (doubt_given_up, "key", "is left unknown"),
    (absence_holds_for_ever, "look-up", "delivered 2 times"),
    (no_switch, "key", "it was forbidden"),
    (nothing_asked_again, "key", "left in quiet hours"),
]


@pytest.mark.parametrize(("plant", "policy", "fault"), PLANTED, ids=[each[0].__name__ for each in PLANTED])
def test_a_rule_taken_out_is_seen(plant: Plant, policy: str, fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch)
    assert any(fault in each for each in faults(policy))


@pytest.mark.parametrize("policy", ["key", "look-up", "none"])
def test_with_all_rules_the_same_runs_are_right(policy: str) -> None:
    assert not list(faults(policy))
