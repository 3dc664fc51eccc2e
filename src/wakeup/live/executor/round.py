"""One transaction of a campaign: what it works with, and how all of it becomes durable at once.

Nothing here touches the network: what is to be sent when the transaction has ended is left in `jobs`.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Literal, Protocol

from attrs import define, field, frozen

from wakeup.channels.protocol import Request, Verdict
from wakeup.diagnostics import WakeupError, diagnostic
from wakeup.live.core.person import Person, load, save
from wakeup.live.core.shared import Shared
from wakeup.live.core.world import Decided, Terms, World
from wakeup.live.executor.sender import Job, Result
from wakeup.live.executor.settings import Rules
from wakeup.live.keys import code_of
from wakeup.live.rows import Enrolment, Outgoing
from wakeup.live.seal import Keys
from wakeup.live.store.protocol import DuplicateSend, Switch, Work


class Unsendable(Exception):  # noqa: N818 (a word of the protocol)
    """A message cannot be made for a person. verdict: BAD_ADDRESS or BAD_CONTENT; code: a short word, nothing
    personal."""

    def __init__(self, verdict: Verdict, code: str) -> None:
        super().__init__(code)
        self.verdict = verdict
        self.code = code


class Render(Protocol):
    """Makes the request of a decided send.

    Raises (when called):
        Unsendable: there is no address, or the wording lacks something.
    """

    def __call__(self, work: Work, person: Person, decided: Decided) -> Request:
        """Return the request; `work` has the sealed address."""


@frozen(eq=False)
class Means:
    """What rounds need of their executor.

    epoch: its fencing number. keys: seal payloads. codes: the secret of codes. rules: per channel. reached,
    tells_delivery: see `World`. room: how many more sends a channel takes now. outages: channels that are left alone,
    until when. claimed: notes a claim.
    """

    campaign: str
    epoch: int
    keys: Keys
    codes: bytes
    rules: Mapping[str, Rules]
    render: Render
    reached: Callable[[int, str], bool] | None
    tells_delivery: Callable[[str], bool]
    room: Callable[[str], int]
    outages: Mapping[str, int]
    claimed: Callable[[str], None]


class UnknownPersonError(LookupError):
    """Somebody who is not enrolled."""


@define(eq=False)
class Round:
    """A transaction under way.

    limit: most people, answers, sends that a phase takes. closing: how far the leaving of people has come: (place of
    the status, customer). known: people of this executor's claims, with the rows as it left them: if nobody else has
    changed them they need not be read anew. consents: those read so far. busy: something is left that is due now.
    blocked: sends that found no room in their channel. served: the desks were looked at. jobs: to be sent after the
    transaction. settled: results that were taken in. planned: room per channel that is left for sends that wait.
    dropped: outbox keys whose claim is over though no report has come. rendered: decided sends that were dealt with.
    """

    work: Work
    means: Means
    world: World
    switch: Switch
    limit: int
    closing: tuple[int, int] = (0, -1)
    known: dict[int, tuple[Enrolment, Person]] = field(factory=dict)
    consents: dict[int, Mapping[str, bool]] = field(factory=dict)
    busy: bool = False
    blocked: int = 0
    served: bool = False
    settled: list[Result] = field(factory=list)
    planned: dict[str, int] = field(factory=dict)
    jobs: list[Job] = field(factory=list)
    dropped: list[str] = field(factory=list)
    rendered: int = 0
    _kept: dict[int, Enrolment] = field(factory=dict)
    _new: list[Outgoing] = field(factory=list)

    @property
    def now(self) -> int:
        """The present second."""
        return self.world.now

    # --- people

    def people(self, found: Iterable[Enrolment]) -> list[Person]:
        """Return people that were read; who is in the working set already is as they are there."""
        for each in found:
            if each.customer not in self.world.people:
                self._kept[each.customer] = each
                row, person = self.known.pop(each.customer, (None, None))
                self.world.people[each.customer] = person if row == each and person is not None else load(each)
        return [self.world.people[each.customer] for each in found]

    def fetch(self, customers: Iterable[int]) -> None:
        """Read people in one go."""
        missing = sorted({each for each in customers if each not in self.world.people})
        if missing:
            self.people(self.work.persons(self.means.campaign, [(each, 0) for each in missing]))

    def find(self, customer: int) -> Person:
        """Read a person.

        Raises:
            UnknownPersonError: they are not enrolled.
        """
        found = self.work.person(self.means.campaign, customer)
        if found is None:
            raise UnknownPersonError
        self._kept[customer] = found
        return load(found)

    def ask_consents(self, people: Iterable[int]) -> None:
        """Read the consents of people in one go, before they are asked for one by one."""
        missing = sorted(set(people) - self.consents.keys())
        if missing:
            self.consents.update(zip(missing, self.work.consents_of(missing), strict=True))

    def consents_now(self, customer: int) -> Mapping[str, bool]:
        """Return the newest consents of a person."""
        self.ask_consents([customer])
        return self.consents[customer]

    def enrolled(self, customer: int | None) -> Person | None:
        """Return a person, None if they are not enrolled."""
        if customer is None:
            return None
        try:
            return self.world.person(customer)
        except UnknownPersonError:
            return None

    def due(self, kind: Literal["due", "lapse"], most: int) -> list[Person]:
        """Return who is due now, or whose grants lapse, in order of (that instant, customer), at most so many. Where
        there are as many, there may be more, and the round is busy."""
        self.people(self.work.due(self.means.campaign, kind, self.now, most))
        inside = self.world.people.values()
        waiting = [(at, each.customer, each) for each in inside if (at := getattr(each, kind)) is not None]
        found = [each for at, _, each in sorted(waiting, key=lambda row: row[:2]) if at <= self.now]
        self.busy = self.busy or len(found) >= most
        return found[:most]

    # --- codes

    def give_code(self, incentive: str, customer: int) -> str:
        """Return a code that nobody ever had: the next of the shop's list ("" when it is used up), else one of ours."""
        campaign = self.means.campaign
        if incentive in self.world.shared.listed:
            return self.work.next_code(campaign, incentive, customer) or ""
        secret, n = self.means.codes, 0
        while not self.work.give_code(
            campaign, incentive, customer, code := code_of(secret, campaign, incentive, customer, n)
        ):
            n += 1
        return code

    # --- the end

    def of_claims(self) -> dict[int, tuple[Enrolment, Person]]:
        """Return the people of the claims of this round, with their rows as they are kept."""
        return {each.send.customer: self._person_of(each.send.customer) for each in self.jobs if not each.look_up}

    def _person_of(self, customer: int) -> tuple[Enrolment, Person]:
        return self._kept[customer], self.world.people[customer]

    def decide(self, send: Outgoing) -> None:
        """Let a new send be durable with this round."""
        self._new.append(send)

    def finish(self) -> None:
        """Write what has changed.

        Raises:
            WakeupError: WK7041, a send was decided before, and the people know nothing of it.
        """
        changed = []
        for customer, person in self.world.people.items():
            row = save(person)
            if row != self._kept.get(customer):
                changed.append(row)
                self._kept[customer] = row
        if changed:
            self.work.keep(changed)
        if self.world.rows:
            self.work.write(self.world.rows)
        if self._new:
            try:
                self.work.decide_all(self._new)
            except DuplicateSend:
                raise WakeupError([diagnostic("WK7041", name=self.means.campaign)]) from None


def open_round(work: Work, means: Means, plans: Mapping[str, Terms], shared: Shared, now: int, limit: int) -> Round:
    """Return a round over a transaction. plans: terms by version, the newest last."""
    held: list[Round] = []  # what the world calls back into, and it is made of the world
    world = World(
        campaign=means.campaign,
        plans=plans,
        newest=list(plans.values())[-1],
        now=now,
        shared=shared,
        find=lambda customer: held[0].find(customer),
        give_code=lambda incentive, customer: held[0].give_code(incentive, customer),
        epoch=means.epoch,
        consents=lambda customer: held[0].consents_now(customer),
        reached=means.reached,
        tells_delivery=means.tells_delivery,
        outages=means.outages,
    )
    current = Round(work, means, world, work.switch(means.campaign), limit)
    held.append(current)
    return current
