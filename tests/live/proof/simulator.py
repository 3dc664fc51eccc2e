"""The seeded simulator: a whole run in virtual time, in one process, that dies where it is told and starts again.

Clock, provider and answers are ours; the executor is the real one. Every durable change and every call of a provider is
a point at which the process may die, before and after. The same seed and points give the same run.
"""

import heapq
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Literal

from attrs import define, evolve, field
from tests.live.executor.memory import MemoryStore
from tests.live.executor.stage import KEYS, YES, enrol, render
from tests.live.proof.judge import Promise, Sentence, judge
from tests.live.proof.lossy import Lossy, draw
from tests.live.proof.truth import Truth, Word
from tests.sim.people import Person as Row
from tests.sim.people import key_of
from tests.sim.plans import DAY, HOUR, coupon, email, journey, letter, nudge, send, sms, wait, window
from tests.sim.plans import campaign as plain

from wakeup.channels.protocol import Answer, AnswerKind
from wakeup.live.clock import FastClock
from wakeup.live.executor.settings import Conduct, Settings
from wakeup.live.executor.step import Executor
from wakeup.live.rows import SendState
from wakeup.live.store.protocol import Switch
from wakeup.plan.model import Budget, Cadence, Calendar, Cap, Line, Plan, Quiet, Rolling

PEOPLE = 10
BLOCKED = 600
"""Seconds after which the executor looks again where it could do nothing."""

LATEST = 14 * DAY
"""Seconds after the campaign's horizon until which the executor may be at it."""

ZONES = ("", "Asia/Shanghai", "America/New_York")


def plan_of(seed: int) -> Plan:
    """A plan with everything that a send may break: caps, gap, quiet hours, rates, a budget, codes, a fallback."""
    caps = (
        (Cap(2, Rolling(3 * DAY)),),
        (Cap(1, Calendar("day")), Cap(2, Rolling(2 * DAY), channel="sms")),
        (Cap(3, Calendar("week")), Cap(1, Rolling(12 * HOUR))),
    )[seed % 3]
    program = (
        send("nudge", "gift5", step="a"),
        wait(0.5),
        send("letter", step="b"),
        wait(1, "order"),
        send("nudge", step="c"),
        wait(0.25),
        send("letter", "gift5", step="d"),
    )
    return plain(
        journey(*program),
        end=plain(journey()).start + 8 * DAY,
        follow_up=DAY,
        channels=(sms(rate=4, rate_seconds=60, line="sms"), email(rate=3, rate_seconds=1)),
        messages=(nudge(cost_micros=50_000, fallback="letter"), letter(cost_micros=1_000)),
        incentives=(coupon(days=3, codes=PEOPLE * 3),),
        cadence=Cadence(caps, HOUR * (seed % 4), (Quiet(window(21, 9)),)),
        budget=Budget(10_000, (Line("sms", 60), Line("mail", 1_000)), "mail"),
    )


def rows() -> list[Row]:
    """People in three zones."""
    return [Row(f"c{n}", last_order=1_700_000_000, consents=YES, zone=ZONES[n % 3]) for n in range(PEOPLE)]


class Died(BaseException):
    """The process is gone; nobody may catch it."""


@define(eq=False)
class Fates:
    """Counts the points at which the process may die; at those of `deadly` it does."""

    deadly: Callable[[int], bool]
    names: list[str] = field(factory=list)

    def __call__(self, name: str) -> None:
        self.names.append(name)
        if self.deadly(len(self.names)):
            raise Died(name)


@define(eq=False)
class Mortal:
    """A store whose process may die before and after every commit."""

    store: Any
    fates: Fates

    @property
    def address(self) -> str:
        return str(self.store.address)

    @contextmanager
    def work(self, campaign: str = "") -> Iterator[Any]:
        with self.store.work(campaign) as work:
            yield work
            self.fates("before the commit")
        self.fates("after the commit")

    def read(self) -> Any:
        return self.store.read()


@define(eq=False)
class Counted:
    """A real store whose durable changes are counted."""

    store: Any
    durable: int = 0

    @property
    def address(self) -> str:
        return str(self.store.address)

    @contextmanager
    def work(self, campaign: str = "") -> Iterator[Any]:
        with self.store.work(campaign) as work:
            yield work
        self.durable += 1

    def read(self) -> Any:
        return self.store.read()


@define(eq=False, slots=False)
class Run:
    """One run. policy: see `lossy.CAPABILITIES`. deadly: at which points it dies. batch: people per transaction.
    executors: how many take turns; one that dies leaves its claims to the others.
    """

    seed: int
    policy: str
    deadly: Callable[[int], bool] = lambda _: False
    batch: int = 4
    on_doubt: Literal["unknown", "resend"] = "unknown"
    executors: int = 1
    store: Any = field(factory=MemoryStore)
    truth: Truth = field(factory=Truth)
    deaths: int = 0
    steps: int = 0
    _outside: list[tuple[int, int, Callable[[], None]]] = field(factory=list)

    def __attrs_post_init__(self) -> None:
        self.plan = plan_of(self.seed)
        self.fates = Fates(self.deadly)
        self.clock = FastClock(self.plan.start)
        self.providers = {each.name: self._provider(each.name) for each in self.plan.channels}
        enrol(self.store, self.plan, rows())
        self._people()

    def _provider(self, channel: str) -> Lossy:
        return Lossy(
            channel, self.policy, self.seed, self.clock, self.truth, lambda: self.store.durable, self._tell, self.fates
        )

    def _at(self, t: int, action: Callable[[], None]) -> None:
        heapq.heappush(self._outside, (t, len(self._outside) + self.truth.calls * 1_000, action))

    def _tell(self, t: int, answer: Answer, customer: int | None = None) -> None:
        def receive() -> None:
            with self.store.work() as work:
                send = work.outgoing(answer.ref) if answer.ref else None
                work.receive([(answer, customer if send is None else send.customer)])
            if answer.kind in {AnswerKind.OPTED_OUT, AnswerKind.COMPLAINED}:
                self.truth.words.append(Word(self.store.durable, customer, answer.channel))

        self._at(t, receive)

    def _people(self) -> None:
        """What customers do by themselves: opt out of a channel, complain, order."""
        for n in range(PEOPLE):
            key, t = key_of(f"c{n}"), self.plan.start + int(draw(self.seed, n, "when") * 6 * DAY)
            kind = {0: AnswerKind.OPTED_OUT, 1: AnswerKind.COMPLAINED, 2: AnswerKind.ORDERED}.get(
                int(draw(self.seed, n, "what") * 6)
            )
            if kind is not None:
                channel = "sms" if kind is AnswerKind.OPTED_OUT else ""
                told = Answer("shop", f"{n}", kind, t, customer=f"c{n}", channel=channel, amount=9_000)
                self._tell(t, told, key)
        pause = self.plan.start + int(draw(self.seed, "pause") * 5 * DAY)
        self._at(pause, lambda: self._order(Switch.PAUSED))
        self._at(pause + 9 * HOUR, lambda: self._order(Switch.RUNNING))

    def _order(self, switch: Switch) -> None:
        with self.store.work() as work:
            work.order(self.plan.name, switch, self.clock.now(), "test")
        words = self.truth.words
        if switch is Switch.RUNNING:
            at = next(at for at, each in enumerate(words) if each.customer is None)
            words[at] = evolve(words[at], until=self.store.durable)
        else:
            words.append(Word(self.store.durable))

    def go(self) -> "Run":
        """Run to the horizon, from death to death; and on, for what is in doubt there because nobody lived to ask."""
        living: list[Executor | None] = [None] * self.executors
        horizon = self.plan.end + self.plan.follow_up + LATEST
        while True:
            try:
                for place in range(self.executors):
                    living[place] = executor = living[place] or self._executor()
                    at = executor.step()
                    self.steps += 1
            except Died:
                living[place] = None
                self.deaths += 1
                gone = 3 * HOUR if draw(self.seed, "gone", self.deaths) < 0.2 and self.executors == 1 else 7
                self.clock.wait(self.clock.now() + gone, lambda _: False)
                self._happen()
                continue
            if at is not None and at <= self.clock.now():
                at = self.clock.now() + BLOCKED  # paused, or a channel is left alone
            soon = [each for each in (at, self._outside[0][0] if self._outside else None) if each is not None]
            if not soon or min(soon) > horizon:
                return self
            self.clock.wait(min(soon), lambda _: False)
            self._happen()

    def _happen(self) -> None:
        while self._outside and self._outside[0][0] <= self.clock.now():
            heapq.heappop(self._outside)[2]()

    def _executor(self) -> Executor:
        conduct = dict.fromkeys(self.providers, Conduct(self.on_doubt))
        settings = Settings("simulated", batch=self.batch, threads=False, slack=2, conduct=conduct)
        store = Mortal(self.store, self.fates)
        return Executor(store, self.plan.name, self.providers, self.clock, settings, keys=KEYS, render=render)

    @property
    def sends(self) -> Sequence[Any]:
        """Every send of the store."""
        with self.store.read() as reader:
            return reader.sends(self.plan.name, tuple(SendState), 1_000_000)

    @property
    def died(self) -> list[str]:
        """The points at which the process died."""
        names = self.fates.names
        return [f"{n} ({name})" for n, name in enumerate(names, 1) if self.deadly(n)]

    def sentence(self) -> Sentence:
        """Let the judge speak."""
        promise: Promise = "at least once" if self.on_doubt == "resend" else "once"
        zones = {key_of(each.id): each.zone for each in rows() if each.zone}
        if self.policy == "none" and self.on_doubt == "unknown":
            promise = "at most once"
        return judge(self.plan, self.truth, self.sends, promise, zones)
