"""The checked campaign: names resolved, units known, every part still with its place in the text.

It stands between the tree and the plan. Checks read it, the compiler lowers it; nobody else needs it.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cached_property
from typing import TypeVar
from zoneinfo import ZoneInfo

from attrs import evolve, field, frozen

from wakeup.lang.names import Entity, Names
from wakeup.lang.project import Project
from wakeup.lang.values import Credit, Entry, Limit, Texts, Window, Wording
from wakeup.plan.model import Assumption, Band, Elapsed, Expectation, Goal, Period, Quiet, Tier, Until
from wakeup.plan.predicates import Predicate
from wakeup.source import Span
from wakeup.syntax.nodes import Ref

T = TypeVar("T")


# --- declarations ----------------------------------------------------------------------------------------------------


@frozen
class Declared:
    """A named declaration with its values by key; only what was said, and said well, is there."""

    entity: Entity
    values: Mapping[str, object]

    @property
    def name(self) -> str:
        """Name in the plan."""
        return self.entity.name

    @property
    def kind(self) -> str:
        """Kind of the declaration."""
        return self.entity.kind

    @property
    def title(self) -> str:
        """Title for people, "" when there is none."""
        title = self.entity.decl.title
        return "" if title is None else title.value

    def get(self, key: str, kind: type[T]) -> T | None:
        """The value of a key, or None."""
        value = self.values.get(key)
        return value if isinstance(value, kind) else None

    def texts(self) -> tuple[Wording, ...]:
        """The texts of a message, as they are asked; none if they could not be read."""
        texts = self.get("text", Texts)
        return () if texts is None else texts.all()

    def span(self, key: str) -> Span:
        """Where the value of a key stands; the name if it was not said."""
        prop = self.entity.decl.prop(key)
        return self.entity.span if prop is None else prop.value.span


@frozen
class Bands:
    """A tier with the place of each band."""

    tier: Tier
    entity: Entity
    spans: Mapping[str, Span]

    def of(self) -> Iterator[tuple[Band, Span]]:
        """Each band with its place."""
        return ((band, self.spans[band.name]) for band in self.tier.bands)


@frozen
class Line:
    """A budget line."""

    name: str
    limit: int
    span: Span


@frozen
class Budget:
    """Total and lines."""

    total: int
    lines: tuple[Line, ...]
    span: Span
    whole: bool
    """Whether every line could be read."""


@frozen
class Claim:
    """A goal or an expectation; `span` is where its figure stands."""

    claim: Goal | Expectation
    span: Span


# --- journeys --------------------------------------------------------------------------------------------------------


@frozen
class Send:
    """Send a message with incentives (names in the plan)."""

    message: str
    incentives: tuple[str, ...]
    span: Span


@frozen
class Grant:
    """Give incentives without a message."""

    incentives: tuple[str, ...]
    span: Span


@frozen
class Wait:
    """Wait for a time, up to an instant, or for the first of some outcomes."""

    length: Period | Until
    outcomes: tuple[str, ...]
    span: Span


@frozen
class If:
    """A condition and its two ways."""

    predicate: Predicate
    then: tuple["Step", ...]
    otherwise: tuple["Step", ...]
    condition: Span
    span: Span


@frozen
class Arm:
    """An arm of a split; `share` is a fraction of 1."""

    name: str
    share: Decimal
    body: tuple["Step", ...]
    span: Span


@frozen
class Split:
    """A split; `measuring` is "" when nothing is measured, `within` in seconds."""

    name: str
    arms: tuple[Arm, ...]
    measuring: str
    within: int
    span: Span


@frozen
class Promote:
    """Promotion of the winner of a split, `after` seconds, when `sure` (exact share)."""

    split: str
    after: int
    sure: str
    span: Span


@frozen
class Exit:
    """Leave the journey."""

    span: Span


Step = Send | Grant | Wait | If | Split | Promote | Exit


@frozen
class Journey:
    """A journey with its steps as a tree; `entry` None: everybody at the first instant of the run."""

    name: str
    match: Predicate
    entry: Entry | None
    goal: str
    steps: tuple[Step, ...]
    entity: Entity
    whole: bool
    """Whether every statement could be read."""

    @property
    def scope(self) -> Ref | None:
        """Whom the author said it is for."""
        return self.entity.decl.scope


def walk(steps: tuple[Step, ...]) -> Iterator[Step]:
    """Every step of a journey, in the order of the text."""
    for step in steps:
        yield step
        match step:
            case If():
                yield from walk(step.then)
                yield from walk(step.otherwise)
            case Split():
                for arm in step.arms:
                    yield from walk(arm.body)
            case _:
                pass


# --- the whole -------------------------------------------------------------------------------------------------------


@frozen
class Checked:
    """A campaign whose names and types are right. `start` and `end` in seconds UTC, money in minor units."""

    project: Project
    names: Names
    campaign: Declared
    currency: str
    zone: ZoneInfo
    run: Window
    audience: Predicate
    holdout: str
    awake: tuple[str, ...]
    credit: Credit
    margin: str
    follow_up: Elapsed
    journeys: tuple[Journey, ...]
    tiers: Mapping[str, Bands]
    budget: Budget | None
    declared: Mapping[str, Mapping[str, Declared]]
    caps: tuple[Limit, ...] = ()
    gap: int = 0
    quiet: tuple[Quiet, ...] = ()
    claims: tuple[Claim, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    minor_digits: int = field(default=2)

    def of(self, namespace: str) -> Iterator[Declared]:
        """The declarations of a namespace, the campaign file's first, in file order."""
        return iter(self.declared.get(namespace, {}).values())

    def one(self, namespace: str, name: str) -> Declared | None:
        """One declaration by its name in the plan; None when it could not be read."""
        return self.declared.get(namespace, {}).get(name)

    def chain(self, message: str) -> tuple[Declared, ...]:
        """A message and its fallbacks, each once."""
        found: list[Declared] = []
        while (each := self.one("message", message)) is not None and each not in found:
            found.append(each)
            message = each.get("else", str) or ""
        return tuple(found)

    @cached_property
    def sent_with(self) -> Mapping[str, Mapping[str, None]]:
        """The incentives that each message is sent with, as itself or as a fallback, in the order of the text."""
        found: dict[str, dict[str, None]] = {}
        for journey in self.journeys:
            for step in walk(journey.steps):
                if isinstance(step, Send):
                    for message in self.chain(step.message):
                        found.setdefault(message.name, {}).update(dict.fromkeys(step.incentives))
        return found

    def limits(self) -> tuple[Limit, ...]:
        """The caps of the campaign, then those of the channels that journeys send by."""
        return self._limits

    @cached_property
    def _limits(self) -> tuple[Limit, ...]:
        sends = (step for journey in self.journeys for step in walk(journey.steps) if isinstance(step, Send))
        by = {each.get("via", str) or "" for send in sends for each in self.chain(send.message)}
        found = [(each.name, cap) for each in self.of("channel") for cap in each.get("cap", tuple) or ()]
        own = (evolve(cap, channel=name) for name, cap in found if name in by and isinstance(cap, Limit))
        return (*self.caps, *own)

    def channel_of(self, message: Declared) -> Declared | None:
        """The channel a message is sent by."""
        return self.one("channel", message.get("via", str) or "")
