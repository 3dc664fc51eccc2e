"""A campaign in a store with people who have all consented, a provider that does as a script says, and an executor."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from attrs import define, field
from tests.live.executor.memory import MemoryStore
from tests.sim.people import Person as Row
from tests.sim.people import key_of, population

from wakeup.channels.protocol import Answer, AnswerKind, Capabilities, Found, Report, Request, Secret, Verdict
from wakeup.live.clock import FastClock
from wakeup.live.core.enrol import admit
from wakeup.live.core.person import Person
from wakeup.live.core.shared import read, to_json
from wakeup.live.core.world import Decided
from wakeup.live.executor.settings import Settings
from wakeup.live.executor.step import Executor
from wakeup.live.rows import Entry, Outgoing
from wakeup.live.seal import Keys, fresh_keys
from wakeup.live.store.protocol import Switch, Version, Work
from wakeup.plan.fingerprint import fingerprints
from wakeup.plan.json import plan_to_json
from wakeup.plan.model import Plan

KEYS = fresh_keys()
YES = {"sms": "yes", "email": "yes"}


def people(count: int, **changes: Any) -> list[Row]:
    """People who bought once, long ago, and may be written to."""
    return [Row(f"c{n}", last_order=1_700_000_000, **{"consents": YES} | changes) for n in range(count)]


def enrol(store: Any, plan: Plan, rows: Sequence[Row]) -> None:
    """Begin a campaign."""
    admission = admit(plan, plan.name, population(plan.start, rows))
    with store.work(plan.name) as work:
        work.add_version(
            Version(plan.name, fingerprints(plan).conduct, plan_to_json(plan).decode(), plan.start, "test")
        )
        work.keep_shared(plan.name, to_json(read("", plan)))
        work.enrol(admission.people)


def render(work: Work, person: Person, decided: Decided) -> Request:
    """A request that names the person by key."""
    out = decided.outgoing
    return Request(
        ref=out.ref,
        attempt=out.attempt,
        campaign=out.campaign,
        message=out.message,
        address=Secret(f"to:{person.customer}"),
        text=decided.wording.text,
        offers=decided.offers,
        deadline=out.deadline,
    )


Script = Callable[[Request], Report]


@define(eq=False)
class Post:
    """A provider. script: what to say of a request; by default it is accepted. calls: all requests, with instants."""

    clock: FastClock
    script: Script = field(factory=lambda: accepted)
    capabilities: Capabilities = field(factory=Capabilities)
    found: Callable[[Request], bool | None] = field(factory=lambda: lambda _: None)
    calls: list[tuple[int, Request]] = field(factory=list)
    looked: list[tuple[int, Request]] = field(factory=list)

    def send(self, requests: Sequence[Request]) -> Sequence[Report]:
        self.calls += [(self.clock.now(), each) for each in requests]
        return [self.script(each) for each in requests]

    def look_up(self, requests: Sequence[Request]) -> Sequence[Found]:
        self.looked += [(self.clock.now(), each) for each in requests]
        return [Found(each.ref, self.found(each)) for each in requests]

    def poll(self, since: int) -> Sequence[Any]:
        return ()

    def receive(self, received: Any) -> Any:
        raise PermissionError

    def check(self) -> str:
        return ""

    def close(self) -> None:
        """Nothing to give back."""


def accepted(request: Request) -> Report:
    return Report(request.ref, Verdict.ACCEPTED, provider_id=f"p{request.ref[:6]}")


def says(verdict: Verdict, **more: Any) -> Script:
    """A provider that always says the same."""
    return lambda request: Report(request.ref, verdict, **more)


def in_turn(*scripts: Script) -> Script:
    """A provider that says one after the other of each send, the last for ever."""
    attempts: dict[str, int] = defaultdict(int)

    def say(request: Request) -> Report:
        attempts[request.ref] += 1
        return scripts[min(attempts[request.ref], len(scripts)) - 1](request)

    return say


@define(eq=False)
class Stage:
    """Everything of a small run."""

    plan: Plan
    rows: Sequence[Row] = field(factory=lambda: people(1))
    settings: Settings = field(factory=lambda: Settings("test", threads=False))
    store: Any = field(factory=MemoryStore)
    keys: Keys = KEYS
    clock: FastClock = field(init=False)
    posts: dict[str, Post] = field(init=False)
    executor: Executor = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.clock = FastClock(self.plan.start)
        self.posts = {each.name: Post(self.clock) for each in self.plan.channels}
        enrol(self.store, self.plan, self.rows)

    def start(self, render: Any = render, **posts: Mapping[str, Any]) -> "Stage":
        """Open an executor (again); posts: changes of providers by channel."""
        for name, changes in posts.items():
            for key, value in changes.items():
                setattr(self.posts[name], key, value)
        self.executor = Executor(
            self.store, self.plan.name, self.posts, self.clock, self.settings, keys=self.keys, render=render
        )
        return self

    def tell(self, kind: AnswerKind, t: int, customer: str = "c0", **more: Any) -> None:
        """Put an answer into the inbox."""
        event = f"{kind}-{t}-{customer}-{more.get('ref', '')}"
        with self.store.work() as work:
            work.receive([(Answer("shop", event, kind, t, customer=customer, **more), key_of(customer))])

    def order(self, switch: Switch) -> None:
        """Pause, resume or stop."""
        with self.store.work() as work:
            work.order(self.plan.name, switch, self.clock.now(), "test")

    def until(self, t: int) -> "Stage":
        """Do everything up to and including an instant."""
        while True:
            at = self.executor.step()
            if at is None or at > t:
                self.clock.wait(t, lambda _: False)
                self.executor.step()
                return self
            if self.clock.now() >= t:
                return self  # something is due that nothing can be done about now
            self.clock.wait(at if at > self.clock.now() else min(t, self.clock.now() + 600), lambda _: False)

    @property
    def sends(self) -> list[Outgoing]:
        with self.store.read() as reader:
            states = ("ready", "inflight", "doubt", "waiting", "sent", "refused", "unknown")
            found: list[Outgoing] = reader.sends(self.plan.name, states)
            return found

    @property
    def trace(self) -> list[Entry]:
        with self.store.read() as reader:
            return [each for _, each in reader.entries(self.plan.name)]

    @property
    def shared(self) -> str:
        """The shared state."""
        with self.store.read() as reader:
            return str(reader.shared(self.plan.name))

    def rows_of(self, customer: str = "c0") -> list[str]:
        """The kinds of rows of a person, with their reasons."""
        own = [each for each in self.trace if each.customer == key_of(customer)]
        return [each.row.name + (f"/{each.reason.name}" if each.reason else "") for each in own]
