"""Calls on threads: how many at a time, what an adapter may do wrong, the switch, leases, calls that hang."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from attrs import define, field
from tests.live.executor.stage import Stage, people
from tests.sim.plans import ENTRY, campaign, journey, send

from wakeup.channels.protocol import Capabilities, Found, Report, Request, Secret, Verdict
from wakeup.live.clock import FastClock
from wakeup.live.executor.pace import Pace
from wakeup.live.executor.sender import Job, Lane, Result, Sender
from wakeup.live.executor.settings import Conduct, Settings, rules_of
from wakeup.live.rows import Outgoing, SendState

NOW = 1_000


@define(eq=False)
class Adapter:
    """Does what `act` does, and notes how many calls there were at a time and of what size."""

    act: Callable[[Sequence[Request]], Sequence[Report]]
    capabilities: Capabilities = field(factory=Capabilities)
    sizes: list[int] = field(factory=list)
    at_a_time: int = 0
    most_at_a_time: int = 0
    guard: threading.Lock = field(factory=threading.Lock)

    def send(self, requests: Sequence[Request]) -> Sequence[Report]:
        with self.guard:
            self.sizes.append(len(requests))
            self.at_a_time += 1
            self.most_at_a_time = max(self.most_at_a_time, self.at_a_time)
        try:
            return self.act(requests)
        finally:
            with self.guard:
                self.at_a_time -= 1

    def look_up(self, requests: Sequence[Request]) -> Sequence[Found]:
        raise OSError("no network")


def fine(requests: Sequence[Request]) -> list[Report]:
    return [Report(each.ref, Verdict.ACCEPTED) for each in requests]


def job(n: int, lease: int = NOW + 60, *, look_up: bool = False) -> Job:
    ref = f"{n:032x}"
    row = Outgoing(ref, "spring", n, 0, "wake", "s", 0, "nudge", "sms", -1, NOW, NOW + 90, SendState.INFLIGHT, 1)
    row.lease = lease
    return Job(row, Request(ref, 1, "spring", "nudge", Secret("x"), ""), look_up)


@define(eq=False)
class Bench:
    """A sender with one lane, closed afterwards."""

    clock: FastClock = field(factory=lambda: FastClock(NOW))
    may: bool = True
    senders: list[Sender] = field(factory=list)

    def sender(self, adapter: Any, *, threads: bool = True, pace: Pace | None = None) -> Sender:
        rules = rules_of(adapter.capabilities, Conduct(), 5)
        made = Sender({"sms": Lane(adapter, rules, pace or Pace(), self.clock, lambda: self.may)}, threads=threads)
        self.senders.append(made)
        return made


@pytest.fixture
def bench() -> Iterator[Bench]:
    made = Bench()
    yield made
    for each in made.senders:
        each.close()


def results(sender: Sender, many: int) -> list[Result]:
    """Wait for so many results."""
    found: list[Result] = []
    for _ in range(500):
        found += sender.collect()
        if len(found) >= many:
            break
        sender.heard(0.02)
    assert len(found) == many
    return found


def test_never_more_in_a_call_nor_at_a_time_than_the_provider_takes(bench: Bench) -> None:
    def slow(requests: Sequence[Request]) -> list[Report]:
        time.sleep(0.005)
        return fine(requests)

    adapter = Adapter(slow, Capabilities(batch=3, concurrency=2))
    sender = bench.sender(adapter)
    sender.submit([job(n) for n in range(40)])
    assert {each.report.verdict for each in results(sender, 40) if each.report} == {Verdict.ACCEPTED}
    assert adapter.most_at_a_time == 2
    assert max(adapter.sizes) == 3
    assert sender.outstanding == 0


def test_room_follows_how_fast_the_channel_is_and_is_small_where_doubt_stays(bench: Bench) -> None:
    for can, most in ((Capabilities(key_window=60, concurrency=2), 2 * 65), (Capabilities(concurrency=2), 2 * 65)):
        sender = bench.sender(Adapter(fine, can))
        lane = sender.lanes["sms"]
        lane.seconds = 10.0
        assert sender.room("sms") == (4 if can.key_window else 2)
        lane.seconds = 0.0
        assert sender.room("sms") == most
        lane.waiting.extend(job(n) for n in range(3))
        assert sender.room("sms") == most - 3
        lane.waiting.clear()


@pytest.mark.parametrize(
    ("act", "code"),
    [
        (lambda _: [], "no report"),
        (lambda _: [Report("another", Verdict.ACCEPTED)], "no report"),
        (lambda _: 1 / 0, "ZeroDivisionError"),
        (lambda _: None, "TypeError"),
    ],
)
def test_whatever_an_adapter_does_wrong_is_doubt(bench: Bench, act: Any, code: str) -> None:
    sender = bench.sender(Adapter(act))
    sender.submit([job(1)])
    (found,) = results(sender, 1)
    assert found.report == Report(job(1).send.ref, Verdict.DOUBT, code=code)


def test_a_look_up_that_fails_cannot_tell(bench: Bench) -> None:
    sender = bench.sender(Adapter(fine))
    sender.submit([job(1, look_up=True)])
    (found,) = results(sender, 1)
    assert found.found == Found(job(1).send.ref, None)


@pytest.mark.parametrize("threads", [True, False])
def test_nothing_leaves_when_the_switch_says_no_or_the_lease_is_short(bench: Bench, threads: bool) -> None:
    adapter = Adapter(fine)
    sender = bench.sender(adapter, threads=threads)
    bench.may = False
    sender.submit([job(1)])
    assert [each.report for each in results(sender, 1)] == [Report(job(1).send.ref, Verdict.NOT_LEFT, code="switch")]
    bench.may = True
    sender.submit([job(2, lease=NOW + 14)])
    assert [each.report for each in results(sender, 1)] == [Report(job(2).send.ref, Verdict.NOT_LEFT, code="lease")]
    assert not adapter.sizes


def test_a_switch_that_cannot_be_read_is_no_leave() -> None:
    stage = Stage(campaign(journey(send()))).start()

    def gone() -> Any:
        raise OSError("the store is gone")

    stage.executor._store = type("Gone", (), {"read": staticmethod(gone)})()
    assert not stage.executor._may_send()


def test_a_call_that_hangs_is_doubt_in_time_and_its_answer_comes_late(bench: Bench) -> None:
    release = threading.Event()

    def hang(requests: Sequence[Request]) -> list[Report]:
        release.wait(10)
        return fine(requests)

    adapter = Adapter(hang, Capabilities(concurrency=1, timeout=15))
    sender = bench.sender(adapter)
    sender.submit([job(1), job(2)])
    while not adapter.sizes:
        time.sleep(0.001)
    bench.clock.wait(NOW + 21, lambda _: False)
    found = results(sender, 1)
    assert found[0].report == Report(job(1).send.ref, Verdict.DOUBT, code="no answer in time")
    bench.clock.wait(NOW + 50, lambda _: False)
    held = results(sender, 1)
    assert held[0].report == Report(job(2).send.ref, Verdict.NOT_LEFT, code="lease")
    assert adapter.most_at_a_time == 1  # what hangs is not replaced
    release.set()
    assert results(sender, 1)[0].report == Report(job(1).send.ref, Verdict.ACCEPTED)


def test_what_waits_when_the_sender_closes_did_not_leave(bench: Bench) -> None:
    release = threading.Event()

    def hang(requests: Sequence[Request]) -> list[Report]:
        release.wait(10)
        return fine(requests)

    adapter = Adapter(hang, Capabilities(concurrency=1))
    sender = bench.sender(adapter)
    sender.submit([job(1), job(2), job(3)])
    while not adapter.sizes:
        time.sleep(0.001)
    sender.close()
    release.set()
    found = {each.job.send.customer: each.report for each in results(sender, 3)}
    assert [found[n].verdict for n in (1, 2, 3)] == [Verdict.ACCEPTED, Verdict.NOT_LEFT, Verdict.NOT_LEFT]  # type: ignore[union-attr]  # each has one


def test_a_late_answer_ends_a_doubt_that_another_executor_has_noted() -> None:
    release, running = threading.Event(), Stage(campaign(journey(send())), settings=Settings("one", threads=True))

    def slow(request: Request) -> Report:
        release.wait(10)
        return Report(request.ref, Verdict.ACCEPTED, provider_id="p1")

    first = running.start(sms={"script": slow}).executor
    running.clock.wait(ENTRY, lambda _: False)
    first.step()
    while not running.posts["sms"].calls:
        time.sleep(0.001)
    running.clock.wait(ENTRY + 40, lambda _: False)
    running.settings = Settings("two", threads=False)
    running.start().executor.step()
    assert running.sends[0].state is SendState.DOUBT
    release.set()
    for _ in range(500):
        first.step()
        if running.sends[0].state is SendState.SENT:
            break
        time.sleep(0.01)
    first.close()
    (only,) = running.sends
    assert (only.state, only.provider_id) == (SendState.SENT, "p1")
    assert running.rows_of() == ["ENTERED", "SENT", "EXITED"]


def test_an_executor_that_is_stopped_takes_in_what_is_under_way() -> None:
    stage = Stage(campaign(journey(send())), rows=people(30), settings=Settings("one", batch=10)).start()
    stage.clock.wait(ENTRY, lambda _: False)
    stage.executor.step()
    stage.executor.stop()
    stage.executor.run()
    stage.executor.close()
    assert {each.state for each in stage.sends} <= {SendState.SENT, SendState.READY}
