"""The executor: rounds of a campaign, calls of providers between them, and waiting for the next instant."""

import threading
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Final

from attrs import evolve

from wakeup.channels.protocol import Adapter
from wakeup.diagnostics import Listed, WakeupError, diagnostic
from wakeup.live.clock import Clock
from wakeup.live.core.instants import next_instant
from wakeup.live.core.person import Person
from wakeup.live.core.shared import Shared, read, to_json
from wakeup.live.core.world import Terms, terms
from wakeup.live.executor import phases, sends
from wakeup.live.executor.breaker import FIRST_REST, Breaker
from wakeup.live.executor.outbox import OPEN
from wakeup.live.executor.pace import Pace
from wakeup.live.executor.round import Means, Render, Round, open_round
from wakeup.live.executor.sender import Lane, Result, Sender
from wakeup.live.executor.settings import Conduct, Settings, rules_of
from wakeup.live.rows import Enrolment, Outgoing
from wakeup.live.seal import Keys
from wakeup.live.store.protocol import Store, Switch, Work
from wakeup.plan.json import plan_from_json

LOOKS: Final = 1
"""Seconds after which an executor looks for answers and orders of other processes, though nothing of its own is due."""

LIVES: Final = 60
"""Seconds for which an executor is noted as alive; noted anew when half of them are over."""


class Executor:
    """One executor of one campaign: `step` does what is due, `run` goes on doing it.

    Several may work on one store that allows it. A second executor never decides at the same time (`Store.work`), and
    what one has claimed another only touches when its lease has ended.
    """

    def __init__(
        self,
        store: Store,
        campaign: str,
        channels: Mapping[str, Adapter],
        clock: Clock,
        settings: Settings,
        *,
        keys: Keys,
        render: Render,
        reached: Callable[[int, str], bool] | None = None,
    ) -> None:
        """Take up a campaign whose plan is in the store. channels: an open adapter per declared channel.

        Raises:
            LookupError: the store has no such campaign.
            WakeupError: WK7040, a channel of the plan has no adapter; and what the store raises.
        """
        self._channels = channels
        self._store = store
        self._campaign = campaign
        self._clock = clock
        self._settings = settings
        self._now = clock.now()
        with store.work() as work:
            self._plans = self._read_plans(work)
            epoch = work.lease_of(settings.holder, self._now, LIVES)
        self._alive_until = self._now + LIVES
        conducts = {name: settings.conduct.get(name, Conduct()) for name in channels}
        self._rules = {
            name: rules_of(adapter.capabilities, conducts[name], settings.slack) for name, adapter in channels.items()
        }
        self._breakers = {name: Breaker() for name in channels}
        self._outages: dict[str, int] = {}
        self._sender = Sender(
            {name: self._lane(name, adapter, conducts[name]) for name, adapter in channels.items()},
            threads=settings.threads,
        )
        self._means = Means(
            campaign=campaign,
            epoch=epoch,
            keys=keys,
            codes=keys.derive("codes"),
            rules=self._rules,
            render=render,
            reached=reached,
            tells_delivery=lambda name: channels[name].capabilities.receipts != "none",
            room=self._room,
            outages=self._outages,
            claimed=self._claimed,
        )
        self._claims: dict[str, Outgoing] = {}
        self._known: dict[int, tuple[Enrolment, Person]] = {}
        self._results: list[Result] = []
        self._taken: Counter[str] = Counter()
        self._shared: tuple[str, Shared] | None = None
        self._closing = (0, -1)
        self._desks_at = -1
        self._next: int | None = None
        self._finished = False
        self._stop = threading.Event()

    # --- running

    def step(self) -> int | None:
        """Do what is due now, and return the next instant at which something is due, None for never.

        With threads, sends that are under way are not waited for.
        """
        while self._round():
            if self._stop.is_set():
                break
        return self._next

    def run(self, until: int | None = None) -> None:
        """Do what is due when it is due, until that instant, the horizon of the plan, `stop`, or a stop of the campaign
        that has settled everything."""
        while not self._stop.is_set():
            at = self.step()
            if self._finished or self._now >= min(until or self._horizon, self._horizon):
                return
            if not self._settings.threads and (at is None or at <= self._now):
                return  # nothing will ever happen by itself
            soon = self._now + LOOKS
            if at is not None and at > self._now:
                soon = min(at, soon) if self._settings.threads else at
            self._clock.wait(soon if until is None else min(soon, until), self._sender.heard)

    def catch_up(self) -> None:
        """Do all that is due by now or within a second, and what its answers bring, and return: for a run that a timer
        starts anew. The second lets a channel's rate go on."""
        idle = False
        while not self._stop.is_set() and not idle:
            idle = self._sender.outstanding == 0
            at = self.step()
            if self._sender.outstanding:
                idle = False
                self._sender.heard(1.0)
            elif at is not None and self._now < at <= self._now + LOOKS:
                idle = False
                self._clock.wait(at, self._sender.heard)

    @property
    def _horizon(self) -> int:
        plan = next(reversed(self._plans.values())).plan
        return plan.end + plan.follow_up

    def stop(self) -> None:
        """Let `run` return after the present round; to be called from a signal or another thread."""
        self._stop.set()

    def close(self, patience: float = 20.0) -> None:
        """Wait for the calls under way, at most so many seconds, and take their results in; nothing new is decided."""
        self._sender.close()
        while self._sender.outstanding and patience > 0:
            self._sender.heard(0.1)
            patience -= 0.1
        self._collect()
        if self._results:
            self._transact(lambda current: sends.settle(current, self._results))

    # --- a round

    def _round(self) -> bool:
        """Do one transaction and hand over what it claimed; return whether more is due now."""
        self._now = max(self._now, self._clock.now())
        self._collect()
        desks = self._desks_at != self._now
        current = self._transact(lambda each: phases.do(each, self._results, desks=desks))
        if current.served:
            self._desks_at = self._now
        return current.busy or (bool(current.jobs) and not self._settings.threads)

    def _transact(self, action: Callable[[Round], None]) -> Round:
        """Do something in a transaction; when it is durable, hand over what was claimed in it."""
        self._taken.clear()
        self._rest()
        try:
            with self._store.work(self._campaign) as work:
                self._stay_alive(work)
                self._pause_if_broken(work)
                self._refresh_plans(work)
                text, shared = self._read_shared(work)
                current = open_round(work, self._means, self._plans, shared, self._now, self._settings.batch)
                current.closing, current.known = self._closing, self._known
                action(current)
                current.finish()
                after = to_json(shared)
                if after != text:
                    work.keep_shared(self._campaign, after)
                self._next = _earliest(work.next_instant(self._campaign), next_instant(current.world))
                self._finished = _finished(work, current)
        except BaseException:
            self._shared = None  # it may hold what was rolled back, and so may people
            self._known.clear()
            raise
        self._shared = (after, shared)
        self._closing = current.closing
        self._committed(current)
        return current

    def _committed(self, current: Round) -> None:
        for result in current.settled:
            self._claims.pop(result.job.send.ref, None)
        for ref in current.dropped:
            self._claims.pop(ref, None)
        self._results = [each for each in self._results if each not in current.settled]
        self._known.update(current.of_claims())
        for job in current.jobs:
            self._claims[job.send.ref] = job.send
            if not job.look_up:  # a look-up brings no report: as a trial it would never end
                self._breakers[job.send.channel].claimed()
        self._sender.submit(current.jobs)

    # --- channels

    def _lane(self, name: str, adapter: Adapter, conduct: Conduct) -> Lane:
        pace = Pace(conduct.per_second, *self._rate(name))
        return Lane(adapter, self._rules[name], pace, self._clock, self._may_send)

    def _rate(self, channel: str) -> tuple[int, int]:
        """Return the rate of a channel as the newest plan has it: so many in so many seconds."""
        found = next(reversed(self._plans.values())).channels.get(channel)
        return (0, 1) if found is None else (found.rate, found.rate_seconds)

    def _may_send(self) -> bool:
        """Read the kill switch, before every call; where it cannot be read, nothing is sent."""
        try:
            with self._store.read() as reader:
                return reader.switch(self._campaign) is Switch.RUNNING
        except Exception:  # noqa: BLE001 (whatever is wrong with the store, no answer is no leave)
            return False

    def _room(self, channel: str) -> int:
        """Return how many more sends a channel takes in this round."""
        if self._sender.closed:
            return 0
        taken = self._taken[channel]
        room = self._sender.room(channel) - taken
        trial = self._breakers[channel].room(self._now)
        return room if trial is None else min(room, trial - taken)

    def _claimed(self, channel: str) -> None:
        """Note a claim of this round; a channel on trial takes no second one."""
        self._taken[channel] += 1
        if self._breakers[channel].until:
            self._outages[channel] = self._now + FIRST_REST

    def _rest(self) -> None:
        """Let decisions do without the channels that are left alone."""
        self._outages.clear()
        for name, breaker in self._breakers.items():
            until = breaker.down_until(self._now)
            if until is not None:
                self._outages[name] = until

    def _collect(self) -> None:
        """Take results from the senders; one whose claim is over by now is kept apart."""
        for result in self._sender.collect():
            send = result.job.send
            if result.report is not None:
                self._breakers[send.channel].heard(result.report, self._now)
            self._results.append(result if self._claims.get(send.ref) is send else evolve(result, late=True))

    def _stay_alive(self, work: Work) -> None:
        """Note that this executor is at work, for those who watch."""
        if self._now + LIVES // 2 > self._alive_until:
            self._alive_until = self._now + LIVES
            work.renew_lease(self._means.epoch, self._alive_until)

    def _pause_if_broken(self, work: Work) -> None:
        """Pause the campaign when a channel has failed at every trial for long."""
        broken = [name for name, each in self._breakers.items() if each.failed >= self._settings.pause_after]
        if broken and work.switch(self._campaign) is Switch.RUNNING:
            work.order(self._campaign, Switch.PAUSED, self._now, self._settings.holder)
            work.note(self._now, self._settings.holder, f"paused {self._campaign}: {', '.join(broken)} fails")
        for name in broken:
            self._breakers[name].failed = 0

    # --- what is read

    def _read_shared(self, work: Work) -> tuple[str, Shared]:
        """Read the shared state, unless it is still as this executor left it."""
        text = work.shared(self._campaign)
        if self._shared is not None and self._shared[0] == text:
            return self._shared
        return text, read(text, next(reversed(self._plans.values())).plan)

    def _read_plans(self, work: Work) -> dict[str, Terms]:
        """Read the versions of the plan, the newest last.

        Raises:
            LookupError: there is none.
            WakeupError: WK7040, one sends over a channel that has no adapter.
        """
        plans = [plan_from_json(each.plan.encode()) for each in work.versions(self._campaign)]
        if not plans:
            raise LookupError(self._campaign)
        missing = {each.channel for plan in plans for each in plan.messages} - set(self._channels)
        if missing:
            raise WakeupError([diagnostic("WK7040", name=self._campaign, channels=Listed(sorted(missing)))])
        known = [terms(each, plans[-1]) for each in plans]
        return {each.version: each for each in known}

    def _refresh_plans(self, work: Work) -> None:
        """Follow a version that another process has taken up; in a rehearsal nobody does."""
        if not self._settings.threads:
            return
        if [each.version for each in work.versions(self._campaign)] != list(self._plans):
            self._plans = self._read_plans(work)
            self._shared = None
            for name, lane in self._sender.lanes.items():
                lane.pace.rate, lane.pace.seconds = self._rate(name)


def _earliest(*instants: int | None) -> int | None:
    return min((each for each in instants if each is not None), default=None)


def _finished(work: Work, current: Round) -> bool:
    """Return whether a campaign that was stopped has nothing left to do."""
    if current.switch is not Switch.STOPPED or current.busy or current.world.shared.closing is not None:
        return False
    return not work.sends(current.means.campaign, OPEN, limit=1)
