"""Values of properties, once their types and units are known. Instants, seconds and minor units as in the plan."""

from typing import Literal

from attrs import frozen

from wakeup.plan.model import AmountOff, Calendar, PercentOff, Period, Rolling
from wakeup.plan.predicates import Predicate
from wakeup.source import Span
from wakeup.syntax.nodes import Ref

Op = Literal["<", "<=", ">", ">="]


@frozen
class Window:
    """Two instants, half-open."""

    start: int
    end: int


@frozen
class Offer:
    """A discount and how long it is valid where that was said with it."""

    discount: AmountOff | PercentOff
    valid: Period | None
    span: Span


@frozen
class Prize:
    """What a draw gives: money (minor units), or an incentive by its name ("" for none)."""

    cost: int
    reward: str


@frozen
class Wording:
    """A text and whom it is for; None: for everybody else. `span` is that of the text."""

    text: str
    match: Predicate | None
    span: Span


@frozen
class Texts:
    """The texts of a message: those for some people, in the order in which they are asked, and the one for the rest."""

    base: Wording
    variants: tuple[Wording, ...] = ()

    def all(self) -> tuple[Wording, ...]:
        """Every text, as they are asked."""
        return (*self.variants, self.base)


@frozen
class Price:
    """Micros of the major unit, per part of a text or per message."""

    micros: int
    per_part: bool


@frozen
class Rate:
    """`count` per `seconds`."""

    count: int
    seconds: int


@frozen
class Entry:
    """When people enter a journey: `per_day` a day from the instant `first`, or all at once."""

    first: int
    per_day: int | None
    span: Span


@frozen
class Task:
    """An event on `days` days in a row."""

    event: str
    days: int


@frozen
class Credit:
    """An attribution model and its window in seconds."""

    model: Literal["first_touch", "last_touch", "linear", "time_decay", "position", "shapley"]
    within: int


@frozen
class Outage:
    """A channel that is down; `window` is None where the scenario says when."""

    channel: str
    window: Window | None


@frozen
class Cut:
    """`0.7x for promotion`: what is left of a budget line, or of the whole budget (None); `span` of the whole."""

    line: Ref | None
    factor: str
    span: Span


@frozen
class Measured:
    """`figure op value`. Value: a share ("0.12"), minor units, a count or a plain number, by `unit`."""

    figure: str
    op: Op
    value: str
    unit: Literal["share", "money", "count", "ratio", "budget_share"]


@frozen
class Alarm:
    """The condition of a guard, and after how many events it is judged."""

    test: Measured
    after: int
    after_figure: str


@frozen
class Reaction:
    """What a guard does; `lasts` seconds of a pause, 0 to the end of the run."""

    action: Literal["pause_channel", "stop"]
    lasts: int


@frozen
class Limit:
    """`count` contacts per window, for one tier band or all, on one channel or all."""

    count: int
    window: Rolling | Calendar
    tier: str
    band: str
    channel: str
    span: Span
