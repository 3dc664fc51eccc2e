"""Calls of providers: outside any transaction, on threads of each channel, or in the caller's thread for a rehearsal.

A sender decides nothing and knows no store: it is given what was claimed, asks before every call whether it may still
go, and hands back one result per send. Whatever an adapter does (raises, hangs, answers for others), the result is a
report.
"""

import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from attrs import define, field, frozen

from wakeup.channels.protocol import Adapter, Found, Report, Request, Verdict
from wakeup.live.clock import Clock
from wakeup.live.executor.outbox import HELD_BACK
from wakeup.live.executor.pace import Pace
from wakeup.live.executor.settings import Rules
from wakeup.live.rows import Outgoing

AHEAD: Final = 0.4
"""Seconds of work that a channel may have waiting: enough to be busy while the next is decided, and no more."""

AHEAD_BLIND: Final = 0.02
"""The same where a send in doubt stays unknown: what waits when the process dies is in doubt, though it never left."""

DEEPEST: Final = 64
"""Calls per thread that may wait, however fast a channel is."""


@frozen(eq=False)
class Job:
    """A claimed send with its request; `look_up` asks for it instead of sending."""

    send: Outgoing
    request: Request
    look_up: bool = False


@frozen(eq=False)
class Result:
    """What became of a job: a report, or what a look-up found. late: its claim was over before."""

    job: Job
    report: Report | None = None
    found: Found | None = None
    late: bool = False


@define(eq=False)
class _Call:
    """A call under way. abandoned: it took too long, its jobs were reported in doubt."""

    jobs: list[Job]
    began: float
    abandoned: bool = False


@define(eq=False)
class Lane:
    """One channel: its adapter, its rules, what waits, what is under way.

    may_send: the kill switch, read before every call. seconds: how long a call takes, smoothed.
    """

    adapter: Adapter
    rules: Rules
    pace: Pace
    clock: Clock
    may_send: Callable[[], bool]
    waiting: deque[Job] = field(factory=deque)
    calls: list[_Call] = field(factory=list)
    results: deque[Result] = field(factory=deque)
    seconds: float = 0.05
    threads: int = 0
    closed: bool = False
    ready: threading.Condition = field(factory=threading.Condition)
    told: threading.Event = field(factory=threading.Event)

    @property
    def outstanding(self) -> int:
        """Number of jobs that wait or are under way; under the lock, for a job is in neither while it is taken."""
        with self.ready:
            return len(self.waiting) + sum(len(call.jobs) for call in self.calls if not call.abandoned)

    def room(self) -> int:
        """Return how many more jobs the lane takes: one call per thread, and what they do in the seconds ahead."""
        can, seconds = self.adapter.capabilities, max(self.seconds, 1e-6)
        knows = can.look_up or can.key_window > 0
        depth = min(max(1, int(AHEAD / seconds)) if knows else int(AHEAD_BLIND / seconds), DEEPEST)
        most = can.concurrency * can.batch * (1 + depth)
        if self.pace.most is not None:
            most = min(most, 2 * self.pace.most)
        return max(0, most - self.outstanding)

    def next_call(self) -> _Call | None:
        """Wait for jobs and take as many as go in one call; None when the lane is closed."""
        with self.ready:
            while not self.closed:
                left = self.pace.wait(self.clock.fraction()) if self.waiting else None
                if left == 0.0:
                    return self._take()
                self.ready.wait(left)
            return None

    def _take(self) -> _Call:
        first = self.waiting.popleft()
        jobs = [first]
        now = self.clock.fraction()
        most, left = self.adapter.capabilities.batch, self.pace.left(now)
        if left is not None:
            most = min(most, left)
        while len(jobs) < most and self.waiting and self.waiting[0].look_up is first.look_up:
            jobs.append(self.waiting.popleft())
        call = _Call(jobs, now)
        if not first.look_up:
            self.pace.take(now, len(jobs))
        self.calls.append(call)
        return call

    def done(self, call: _Call, results: Sequence[Result]) -> None:
        """Hand results over. Those of an abandoned call come late: they may still resolve what is in doubt."""
        with self.ready:
            self.calls.remove(call)
            self.results.extend(results)
            if results and results[0].report is not None and results[0].report.code not in HELD_BACK:
                took = self.clock.fraction() - call.began
                self.seconds += 0.2 * (took - self.seconds)
        self.told.set()

    def give_up_late(self) -> None:
        """Report calls in doubt that take longer than they may, and hold back what they have kept waiting too long.

        A thread that hangs in an adapter is not replaced: a provider is never called more often at a time than allowed.
        """
        now = self.clock.fraction()
        with self.ready:
            for call in self.calls:
                if not call.abandoned and call.began + self.rules.call + self.rules.slack < now:
                    call.abandoned = True
                    self.results.extend(_in_doubt(job, "no answer in time") for job in call.jobs)
            late = [job for job in self.waiting if not self._in_time(job, now)]
            for job in late:
                self.waiting.remove(job)
            self.results.extend(_held_back(job, "lease") for job in late)

    def _in_time(self, job: Job, now: float) -> bool:
        """Return whether a call that begins now is over before the claim ends; a look-up has no effect at any time."""
        return job.look_up or now + self.rules.call <= job.send.lease

    def run(self, jobs: Sequence[Job]) -> list[Result]:
        """Make one call, unless the switch says no or the lease does not last as long as the call may."""
        now = self.clock.fraction()
        if not self.may_send():
            return [_held_back(job, "switch") for job in jobs]
        if not all(self._in_time(job, now) for job in jobs):
            return [_held_back(job, "lease") for job in jobs]
        if jobs[0].look_up:
            return _looked_up(self.adapter, jobs)
        return _sent(self.adapter, jobs)


class Sender:
    """All lanes of a campaign."""

    def __init__(self, lanes: Mapping[str, Lane], *, threads: bool) -> None:
        self.lanes = lanes
        self._threads = threads
        self._told = threading.Event()
        for lane in lanes.values():
            lane.told = self._told

    def room(self, channel: str) -> int:
        """Return how many more jobs a channel takes."""
        return self.lanes[channel].room()

    def submit(self, jobs: Sequence[Job]) -> None:
        """Take jobs; without threads they are done when this returns."""
        by_lane: dict[str, list[Job]] = {}
        for job in jobs:
            by_lane.setdefault(job.send.channel, []).append(job)
        for channel, own in by_lane.items():
            lane = self.lanes[channel]
            with lane.ready:
                lane.waiting.extend(own)
                lane.ready.notify(len(own))
            if self._threads:
                self._man(lane)
            else:
                self._work_off(lane)

    def collect(self) -> list[Result]:
        """Return what has been reported since; every result once."""
        taken: list[Result] = []
        self._told.clear()
        for lane in self.lanes.values():
            if self._threads and (lane.calls or lane.waiting):
                lane.give_up_late()
            while lane.results:
                taken.append(lane.results.popleft())
        return taken

    @property
    def outstanding(self) -> int:
        """Number of jobs not yet reported."""
        return sum(lane.outstanding for lane in self.lanes.values())

    @property
    def closed(self) -> bool:
        """Whether no more jobs are taken."""
        return any(lane.closed for lane in self.lanes.values())

    def heard(self, seconds: float) -> bool:
        """Wait for results, at most so long; return whether there are any."""
        return self._told.wait(seconds)

    def close(self) -> None:
        """Let the threads end after the calls under way; what waited is held back and can be collected."""
        for lane in self.lanes.values():
            with lane.ready:
                lane.closed = True
                lane.results.extend(_held_back(job, "switch") for job in lane.waiting)
                lane.waiting.clear()
                lane.ready.notify_all()

    def _work_off(self, lane: Lane) -> None:
        while lane.waiting:
            call = lane._take()
            lane.done(call, lane.run(call.jobs))

    def _man(self, lane: Lane) -> None:
        """Start a thread if all are at work and there may be more."""
        with lane.ready:
            wanted = min(lane.adapter.capabilities.concurrency, lane.outstanding)
            for _ in range(wanted - lane.threads):
                lane.threads += 1
                threading.Thread(target=_serve, args=(lane,), name="sender", daemon=True).start()


def _serve(lane: Lane) -> None:
    """Make calls until the lane is closed."""
    while (call := lane.next_call()) is not None:
        lane.done(call, lane.run(call.jobs))


def _sent(adapter: Adapter, jobs: Sequence[Job]) -> list[Result]:
    """Send; a report that is missing, or an adapter that raises, is doubt: nobody knows."""
    try:
        reports = list(adapter.send([job.request for job in jobs]))
    except Exception as error:  # noqa: BLE001 (an adapter of somebody else's; whatever it does, the send is in doubt)
        return [_in_doubt(job, type(error).__name__) for job in jobs]
    of = {report.ref: report for report in reports}
    return [Result(job, of[job.send.ref]) if job.send.ref in of else _in_doubt(job, "no report") for job in jobs]


def _looked_up(adapter: Adapter, jobs: Sequence[Job]) -> list[Result]:
    try:
        answers = list(adapter.look_up([job.request for job in jobs]))
    except Exception:  # noqa: BLE001 (see above; it cannot be told)
        answers = []
    of = {each.ref: each for each in answers}
    return [Result(job, found=of.get(job.send.ref, Found(job.send.ref, None))) for job in jobs]


def _held_back(job: Job, why: str) -> Result:
    if job.look_up:
        return Result(job, found=Found(job.send.ref, None))
    return Result(job, Report(job.send.ref, Verdict.NOT_LEFT, code=why))


def _in_doubt(job: Job, why: str) -> Result:
    if job.look_up:
        return Result(job, found=Found(job.send.ref, None))
    return Result(job, Report(job.send.ref, Verdict.DOUBT, code=why))
