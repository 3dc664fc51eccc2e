"""The real executor over the real adapters against providers that lose answers: the provider's own log is the judge."""

from collections import Counter
from random import Random

import pytest
from tests.channels.providers.cases import CASES, Case
from tests.channels.providers.local import Fault, Local, serving
from tests.live.executor.stage import Stage, people
from tests.sim.plans import END, campaign, journey, letter, nudge, send, wait

from wakeup.channels.protocol import Request, Secret, Setup
from wakeup.live.clock import FastClock
from wakeup.live.core.person import Person
from wakeup.live.core.world import Decided
from wakeup.live.executor.outbox import UNCONFIRMED
from wakeup.live.executor.step import Executor
from wakeup.live.rows import SendState
from wakeup.live.store.protocol import Work

PEOPLE = 12
EXACT = {"aliyun_sms", "twilio", "wechat_template", "wecom_app", "wecom_customer"}
"""Providers that do a reference (or a text) once, or can be asked: nothing twice, and nothing lost."""

TEXTS = {"nudge": "Come back", "letter": "We miss you"}


class Synced:
    """A server's clock that is the executor's."""

    def __init__(self, clock: FastClock) -> None:
        self._clock = clock

    @property
    def at(self) -> float:
        return self._clock.fraction()

    def __call__(self) -> float:
        return self.at


class Losing(Random):
    """Faults by a seed: about four messages in ten go wrong."""

    def fault(self) -> Fault | None:
        kinds = ("drop_before", "drop_after", "status_before", "status_after")
        return Fault(self.choice(kinds)) if self.random() < 0.4 else None


def run(case: Case, seed: int) -> tuple[Stage, Local]:
    """Two messages to everybody, with faults; returns when the campaign has ended."""
    messages = (nudge(text=TEXTS["nudge"]), letter(channel="sms", text=TEXTS["letter"]))
    plan = campaign(journey(send(), wait(1), send("letter", step="t")), messages=messages)
    stage, server, losing = Stage(plan, people(PEOPLE)), case.server(), Losing(seed)
    server.clock = Synced(stage.clock)  # type: ignore[assignment]  # the executor's time
    server.faults.extend(losing.fault() for _ in range(100 * PEOPLE))
    numbers: dict[int, int] = {}

    def render(work: Work, person: Person, decided: Decided) -> Request:
        out = decided.outgoing
        number = numbers.setdefault(person.customer, len(numbers) + 1)
        return Request(
            ref=out.ref,
            attempt=out.attempt,
            campaign=out.campaign,
            message=out.message,
            address=Secret(case.address(number)),
            text=decided.wording.text,
            fields=dict.fromkeys(case.fields, decided.wording.text),
            settings=case.message_settings,
            deadline=out.deadline,
        )

    with serving(server) as base:
        settings = {**case.settings(base), "timeout": 5}
        adapter = case.opener(Setup("sms", settings, stage.clock.fraction))
        stage.posts = {"sms": adapter, "email": adapter}  # type: ignore[dict-item]  # where others have a Post
        stage.executor = Executor(
            stage.store, plan.name, stage.posts, stage.clock, stage.settings, keys=stage.keys, render=render
        )
        for _ in range(2_000):
            at = stage.executor.step()
            if at is None or at > END:
                break
            stage.clock.wait(max(at, stage.clock.now() + 1), lambda _: False)
        else:
            pytest.fail("the executor goes round and round")
        adapter.close()
    return stage, server


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_nothing_is_sent_twice_and_nothing_lost_without_being_counted(case: Case) -> None:
    stage, server = run(case, seed=7)
    delivered = Counter((each.address, each.content) for each in server.truth)
    states = Counter(each.state for each in stage.sends)
    assert set(delivered.values()) == {1}
    assert len(stage.sends) == 2 * PEOPLE
    if case.name in EXACT:
        assert len(delivered) == 2 * PEOPLE
        # What nobody confirms by the end of the campaign is unknown: it counts as sent.
        assert all(each.state is SendState.SENT or each.evidence == UNCONFIRMED for each in stage.sends)
    else:
        assert states[SendState.SENT] + states[SendState.UNKNOWN] == 2 * PEOPLE
        assert states[SendState.SENT] <= len(delivered) <= 2 * PEOPLE
        assert states[SendState.UNKNOWN] > 0
