"""One transaction's working set: plans by name, the present second, the shared state, and what comes of it all."""

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Protocol

from attrs import define, evolve, field, frozen

from wakeup.channels.protocol import Offered
from wakeup.decide.guards import COUNTED
from wakeup.decide.predicates import Facts
from wakeup.live.core.person import Attributes, Person
from wakeup.live.core.shared import Shared
from wakeup.live.rows import Entry, Outgoing
from wakeup.plan.fingerprint import fingerprints
from wakeup.plan.model import (
    Activity,
    Channel,
    Coupon,
    Grant,
    Incentive,
    Journey,
    Message,
    Plan,
    Send,
    Split,
    Staff,
)
from wakeup.terms.lists import Reason, Row


@frozen(eq=False)
class Terms:
    """A plan with its parts by name, as it holds for the people under it.

    version: conduct fingerprint. plan: journeys, messages and what incentives are worth are of that version;
    channels, stock and limits of incentives are of the newest. For all else that people share ask `World.plan`.
    """

    plan: Plan
    version: str
    messages: Mapping[str, Message]
    channels: Mapping[str, Channel]
    incentives: Mapping[str, Incentive]
    staff: Mapping[str, Staff]
    journeys: Mapping[str, Journey]
    places: Mapping[str, int]

    @cached_property
    def splits(self) -> Mapping[str, tuple[str, ...]]:
        """Names of the arms per "journey/split"."""
        return {
            f"{journey.name}/{each.name}": tuple(arm.name for arm in each.arms)
            for journey in self.plan.journeys
            for each in journey.program
            if isinstance(each, Split)
        }


def terms(plan: Plan, newest: Plan | None = None) -> Terms:
    """Return the terms of a plan; under a newer one of the same campaign its shared limits hold."""
    version = fingerprints(plan).conduct
    if newest is not None and newest is not plan:
        plan = _under(plan, newest)
    return Terms(
        plan=plan,
        version=version,
        messages={each.name: each for each in plan.messages},
        channels={each.name: each for each in plan.channels},
        incentives={each.name: each for each in plan.incentives},
        staff={each.name: each for each in plan.staff},
        journeys={each.name: each for each in plan.journeys},
        places={each.name: place for place, each in enumerate(plan.incentives)},
    )


def _under(plan: Plan, newest: Plan) -> Plan:
    """Let the limits of the newest plan hold; what only the older one has stays as it is there."""
    channels = {each.name: each for each in (*plan.channels, *newest.channels)}
    now = {each.name: each for each in newest.incentives}
    return evolve(
        plan,
        channels=tuple(channels.values()),
        incentives=tuple(_limited(each, now.get(each.name)) for each in plan.incentives),
    )


def _limited(own: Incentive, newest: Incentive | None) -> Incentive:
    """Return the incentive with the newest limits on stock, codes, places and wins."""
    if newest is None:
        return own
    own = evolve(own, stock=newest.stock, limit=newest.limit)
    if isinstance(own, Coupon) and isinstance(newest, Coupon):
        return evolve(own, codes=newest.codes)
    if isinstance(own, Activity) and isinstance(newest, Activity):
        return evolve(own, places=newest.places, wins=newest.wins)
    return own


@frozen(eq=False)
class Decided:
    """A send that was decided: what the executor renders, seals and hands over.

    wording: the message in the person's wording. offers: the incentives that it shows. variant: the index of the
    wording, -1 none. matched: a wording or a content was made for people like this one.
    """

    outgoing: Outgoing
    wording: Message
    offers: tuple[Offered, ...]
    variant: int
    matched: bool


class Codes(Protocol):
    """How the executor gives codes."""

    def __call__(self, incentive: str, customer: int) -> str:
        """Return a code that nobody ever had, "" if the shop's list is used up."""


@define(eq=False)
class World:
    """One transaction of a campaign.

    In: campaign; plans: terms by version; newest: of them; now: the present second; shared. find: loads a person of
    this campaign by key (asked once per person and transaction). give_code: see `Codes`. lease: seconds that a claim
    holds; epoch: of the executor. consents: the newest word of a person per channel name or kind, beside the data.
    reached: whether a person can be reached on a channel of which the data have no column; None: no consent recorded
    means no. tells_delivery: whether a channel reports delivery; where it does not, a message that is sent counts as
    known. outages: channels that do not work, until when.

    Out: people: everybody who was looked at, to be kept. rows: of the trace, in order. sends: new ones, claimed
    (INFLIGHT); decided: the same, with what is needed to render them. used_up: incentives without a code left.
    """

    campaign: str
    plans: Mapping[str, Terms]
    newest: Terms
    now: int
    shared: Shared
    find: Callable[[int], Person]
    give_code: Codes
    lease: int = 60
    epoch: int = 0
    consents: Callable[[int], Mapping[str, bool]] | None = None
    reached: Callable[[int, str], bool] | None = None
    tells_delivery: Callable[[str], bool] = lambda _: True
    outages: Mapping[str, int] = field(factory=dict)
    people: dict[int, Person] = field(factory=dict)
    rows: list[Entry] = field(factory=list)
    sends: list[Outgoing] = field(factory=list)
    decided: list[Decided] = field(factory=list)
    used_up: set[str] = field(factory=set)

    @property
    def plan(self) -> Plan:
        """The newest plan: dates, limits, guards."""
        return self.newest.plan

    @property
    def running(self) -> bool:
        """Whether the run has not reached its end."""
        return self.now < self.plan.end

    @property
    def horizon(self) -> int:
        """The end of all counting."""
        return self.plan.end + self.plan.follow_up

    def person(self, customer: int) -> Person:
        """Return a person of the campaign, always the same object; they are noted as looked at."""
        if customer not in self.people:
            self.people[customer] = self.find(customer)
        return self.people[customer]

    def terms(self, person: Person) -> Terms:
        """Return the terms that the person is under."""
        return self.plans[person.version]

    def journey(self, person: Person) -> Journey:
        """Return the person's journey, of their version."""
        return self.plans[person.version].journeys[person.journey]

    def facts(self, person: Person) -> Facts:
        """Return what predicates may know of the person now."""
        return Facts(
            attributes=Attributes(person.about, self.now),
            instant=self.now,
            zone=self.plan.zone,
            tags=person.about.tags,
            bands=person.bands,
            happened=person.happened,
            bought=person.about.categories,
            minor_digits=self.plan.minor_digits,
        )

    def write(
        self,
        person: Person,
        row: Row,
        *,
        t: int | None = None,
        step: str = "",
        message: str = "",
        channel: str = "",
        incentive: str = "",
        reason: Reason = Reason.NONE,
        arm: str = "",
        amount: int = 0,
        subsidised: bool = False,
    ) -> None:
        """Write a row of the trace, at `t` if it is not of now, and count it for the guards."""
        t = self.now if t is None else t
        if message and not channel:
            channel = self.terms(person).messages[message].channel
        entry = Entry(
            self.campaign, person.customer, t, row, person.journey, step, message, channel, incentive, reason, arm,
            amount, subsidised,
        )  # fmt: skip
        self.rows.append(entry)
        self._count(person, entry)

    def _count(self, person: Person, entry: Entry) -> None:
        figure = COUNTED.get(entry.row)
        if figure is None or person.held_out:
            return
        channel = entry.channel if entry.message else ""
        self.shared.tallies.add(entry.t, figure, 1, channel)
        if entry.row is Row.COMPLETED:
            activity = self.terms(person).incentives.get(entry.incentive)
            if isinstance(activity, Activity) and activity.kind == "event":
                self.shared.tallies.add(entry.t, "attended", 1, channel)


def step_name(journey: Journey, at: int) -> str:
    """Return what a row calls an instruction: the step of a send or grant, the name of a split, "" of others."""
    instruction = journey.program[at]
    match instruction:
        case Send(step=step) | Grant(step=step):
            return step
        case Split(name=name):
            return name
        case _:
            return ""
