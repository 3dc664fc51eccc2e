"""The smallest executor there is, for tests of the core: rows in memory, every person and the shared state written and
read again around each transaction, what becomes of a send told by the test."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from attrs import define, evolve, field
from tests.sim.people import Person as Written
from tests.sim.people import key_of, population

from wakeup.channels.protocol import Answer, AnswerKind, Report, Verdict
from wakeup.live.core import answers, desk, ending, grants, journey, next_instant, sending, watch
from wakeup.live.core.enrol import admit
from wakeup.live.core.person import Person, load, save
from wakeup.live.core.shared import Shared, read, to_json
from wakeup.live.core.world import Decided, Terms, World, terms
from wakeup.live.rows import Enrolment, Entry, Outgoing, SendState
from wakeup.plan.model import Plan
from wakeup.terms.lists import Reason, Row

YES = {"sms": "yes", "email": "yes"}
LEASE = 60


def ann(**changes: Any) -> Written:
    """Ann, who wants text messages and e-mail, and ordered 100 days before the run."""
    return Written(**{"id": "ann", "last_order": 1_777_000_000 - 100 * 86_400, "consents": YES} | changes)


def crowd(count: int, **changes: Any) -> list[Written]:
    """People like Ann, with names of their own."""
    return [ann(id=f"p{number}", **changes) for number in range(count)]


_NAMED: dict[tuple[int, int], tuple[Plan, Plan | None, Terms]] = {}


def named(plan: Plan, newest: Plan | None = None) -> Terms:
    """The terms of a plan, made once."""
    key = (id(plan), id(newest))
    if key not in _NAMED:
        _NAMED[key] = (plan, newest, terms(plan, newest))  # the plans are kept: their places in memory stay theirs
    return _NAMED[key][2]


@define(eq=False)
class Drive:
    """A campaign under way. sends: all that were decided, by outbox key. listed: codes left of the shop's lists."""

    plan: Plan
    people: Mapping[int, Enrolment]
    now: int
    plans: dict[str, Plan]
    shared_text: str = ""
    rows: list[Entry] = field(factory=list)
    sends: dict[str, Outgoing] = field(factory=dict)
    decided: dict[str, Decided] = field(factory=dict)
    codes: list[str] = field(factory=list)
    listed: dict[str, int] = field(factory=dict)
    consents: dict[int, dict[str, bool]] = field(factory=dict)
    outages: dict[str, int] = field(factory=dict)
    receipts: bool = True

    # --- transactions

    @contextmanager
    def work(self) -> Iterator[World]:
        """A transaction: what it changes is written, and read again by the next."""
        known = {version: named(plan, self.plan) for version, plan in self.plans.items()}
        world = World(
            campaign=self.plan.name, plans=known, newest=known[named(self.plan).version], now=self.now,
            shared=read(self.shared_text, self.plan), find=lambda key: load(self.people[key]),
            give_code=self._code, lease=LEASE, consents=lambda key: self.consents.get(key, {}),
            tells_delivery=lambda _: self.receipts, outages=self.outages,
        )  # fmt: skip
        yield world
        self.shared_text = to_json(world.shared)
        self.people = {**self.people, **{key: save(each) for key, each in world.people.items()}}
        self.rows += world.rows
        for each in world.decided:
            assert each.outgoing.ref not in self.sends, "decided twice"
            self.sends[each.outgoing.ref] = each.outgoing
            self.decided[each.outgoing.ref] = each

    def _code(self, incentive: str, customer: int) -> str:
        if self.listed.get(incentive, 1) <= 0:
            return ""
        self.listed[incentive] = self.listed.get(incentive, 1_000_000) - 1
        self.codes.append(f"{incentive}-{len(self.codes)}")
        return self.codes[-1]

    # --- time

    def to(self, t: int, *, settle: Verdict | None = None) -> None:
        """Let the campaign live up to and through second `t`; every send is settled at once if `settle` says how."""
        while True:
            self.second(settle)
            following = [each for each in self._instants() if self.now < each <= t]
            if not following:
                break
            self.now = min(following)
        self.now = max(self.now, t)
        self.second(settle)

    def _instants(self) -> Iterator[int]:
        for each in self.people.values():
            yield from (t for t in (each.due, each.lapse) if t is not None)
        with self.work() as world:
            t = next_instant(world)
        if t is not None:
            yield t

    def second(self, settle: Verdict | None = None) -> None:
        """All that is due in the present second, in its order."""
        with self.work() as world:
            ending.turn(world)
            self._finish(world)
        with self.work() as world:
            for person in self._all(world):
                grants.lapse(world, person)
        with self.work() as world:
            watch.judge(world, lambda: self._all(world))
            self._finish(world)
        with self.work() as world:
            desk.serve(world)
        while key := self._first_due():
            with self.work() as world:
                journey.go_on(world, world.person(key))
                new = [each.ref for each in world.sends]
            for ref in new if settle is not None else ():
                assert settle is not None
                self.settle(ref, settle)

    def _first_due(self) -> int | None:
        due = [(each.due, each.customer) for each in self.people.values() if each.due is not None]
        return min((key for t, key in due if t <= self.now), default=None) if due else None

    def _finish(self, world: World) -> None:
        if world.shared.closing is not None:
            for person in self._all(world):
                ending.finish(world, person)
            ending.finished(world)

    def _all(self, world: World) -> list[Person]:
        return [world.person(key) for key in sorted(self.people)]

    # --- what happens outside

    def settle(self, ref: str, verdict: Verdict, *, delivered: bool = False) -> None:
        """Let it be known what became of a claimed send."""
        send = self.sends[ref]
        if verdict in (Verdict.NOT_LEFT, Verdict.THROTTLED):
            self.sends[ref] = evolve(send, state=SendState.READY, not_before=self.now)
            return
        states = {Verdict.ACCEPTED: SendState.SENT, Verdict.HANDED_OVER: SendState.WAITING,
                  Verdict.DOUBT: SendState.DOUBT}  # fmt: skip
        send = self.sends[ref] = evolve(send, state=states.get(verdict, SendState.REFUSED), settled=self.now)
        with self.work() as world:
            report = Report(ref, verdict, delivered=delivered)
            sending.settled(world, world.person(send.customer), send, report)

    def again(self, ref: str) -> bool:
        """Claim a READY send once more, if it may go."""
        send = evolve(self.sends[ref])
        with self.work() as world:
            goes = sending.again(world, world.person(send.customer), send)
        if goes:
            send = evolve(send, state=SendState.INFLIGHT, attempt=send.attempt + 1, lease=self.now + LEASE)
        self.sends[ref] = send
        return goes

    def repeat(self, ref: str) -> bool:
        """Send once more what is in doubt, if that is allowed now."""
        send = self.sends[ref]
        with self.work() as world:
            reason, _ = sending.repeatable(world, world.person(send.customer), send)
        if reason is Reason.NONE:
            self.sends[ref] = evolve(send, state=SendState.INFLIGHT, attempt=send.attempt + 1)
        return reason is Reason.NONE

    def doubt_over(self, ref: str, sent: bool) -> None:
        """Resolve a doubt for good."""
        state = SendState.SENT if sent else SendState.REFUSED
        send = self.sends[ref] = evolve(self.sends[ref], state=state, settled=self.now)
        with self.work() as world:
            sending.doubt_over(world, world.person(send.customer), send, sent)

    def answer(self, kind: AnswerKind, who: str = "ann", *, t: int | None = None, **parts: Any) -> None:
        """Let an answer be told now, of `t` or of now."""
        with self.work() as world:
            answer = Answer("test", "", kind, self.now if t is None else t, customer=who, **parts)
            answers.take(world, world.person(key_of(who)), answer)

    # --- what a test looks at

    def person(self, who: str = "ann") -> Person:
        """A person as they are kept."""
        return load(self.people[key_of(who)])

    @property
    def shared(self) -> Shared:
        """The shared state as it is kept."""
        return read(self.shared_text, self.plan)

    def last(self, who: str = "ann") -> str:
        """The outbox key of the newest send of a person."""
        return [ref for ref, each in self.sends.items() if each.customer == key_of(who)][-1]

    def told(self, who: str = "ann", *, since: int = 0) -> list[str]:
        """The rows of a person in words: `sent nudge`, `refused nudge: budget`, `granted gift5`."""
        rows = [each for each in self.rows if each.customer == key_of(who) and each.t >= since]
        return [_words(each) for each in rows]


def _words(entry: Entry) -> str:
    what = entry.incentive or entry.message
    reason = f": {entry.reason.name.lower()}" if entry.reason is not Reason.NONE else ""
    return f"{Row(entry.row).name.lower()} {what}".strip() + reason


def drive(plan: Plan, people: Iterable[Written] = (), *, at: int | None = None) -> Drive:
    """Enrol people (Ann alone by default) in a campaign and stand at its start, or later."""
    admission = admit(plan, plan.name, population(plan.start, list(people) or [ann()]))
    found = Drive(
        plan=plan,
        people={each.customer: each for each in admission.people},
        now=plan.start,
        plans={terms(plan).version: plan},
    )
    if at is not None:
        found.to(at)
    return found
