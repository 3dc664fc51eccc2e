"""The plan: what a checked campaign means, frozen, with no trace of syntax.

Units: instants are int seconds UTC; lengths are seconds unless they are calendar months; money is int minor units of
`Plan.currency` (only the price of a message, which may be a fraction of a minor unit, is in micros: millionths of the
major unit); shares and probabilities are exact decimal texts where they were written in percent ("0.1") and become
floats in the engines. Names are the declared names; an imported name carries its alias ("cn.sms").
What is given, journeys and times stand in modules of their own and are imported from here.
"""

from typing import Literal

from attrs import field, frozen

from wakeup.plan.incentives import Activity as Activity
from wakeup.plan.incentives import AmountOff as AmountOff
from wakeup.plan.incentives import Coupon as Coupon
from wakeup.plan.incentives import Gift as Gift
from wakeup.plan.incentives import Incentive as Incentive
from wakeup.plan.incentives import PercentOff as PercentOff
from wakeup.plan.incentives import Rung as Rung
from wakeup.plan.incentives import Service as Service
from wakeup.plan.predicates import Predicate
from wakeup.plan.steps import Arm as Arm
from wakeup.plan.steps import Branch as Branch
from wakeup.plan.steps import Exit as Exit
from wakeup.plan.steps import Grant as Grant
from wakeup.plan.steps import Instruction as Instruction
from wakeup.plan.steps import Journey as Journey
from wakeup.plan.steps import Jump as Jump
from wakeup.plan.steps import Promotion as Promotion
from wakeup.plan.steps import Send as Send
from wakeup.plan.steps import Split as Split
from wakeup.plan.steps import Wait as Wait
from wakeup.plan.steps import Wave as Wave
from wakeup.plan.times import DayWindow as DayWindow
from wakeup.plan.times import Elapsed as Elapsed
from wakeup.plan.times import Months as Months
from wakeup.plan.times import Period as Period
from wakeup.plan.times import Until as Until

FORMAT_VERSION = "1"


# --- channels and messages -------------------------------------------------------------------------------------------


@frozen
class Quiet:
    """Quiet hours: no send inside the window; `delay` holds it to the end, else it is skipped."""

    window: DayWindow
    delay: bool = True


@frozen
class Channel:
    """A way to reach people. `rate` sends at most per `rate_seconds` (0: unlimited); `staff` serve each send."""

    name: str
    channel_kind: str
    cost_micros: int = 0
    cost_per_part: bool = False
    rate: int = 0
    rate_seconds: int = 1
    quiet: Quiet | None = None
    staff: str = ""
    line: str = ""


@frozen
class Variant:
    """Another wording of a message, for the people of `match`; what it costs and needs as in `Message`."""

    match: Predicate
    text: str
    cost_micros: int = 0
    parts: int = 1
    fields: tuple[str, ...] = ()


@frozen
class Message:
    """A text on a channel. `cost_micros` is what one send costs (price x parts); `fallback` another message or "".

    `fields` are the customer fields its template reads without a default: blank in the data means `template`.
    `variants` are asked in order, the first that matches at the send is the wording; none: `text`. `staff` serve each
    send, in place of the channel's.
    """

    name: str
    channel: str
    text: str
    cost_micros: int = 0
    parts: int = 1
    fallback: str = ""
    staff: str = ""
    fields: tuple[str, ...] = ()
    variants: tuple[Variant, ...] = ()


@frozen
class Staff:
    """`people` who each take `handles` seconds on average (exponential), within local `hours`."""

    name: str
    people: int
    handles: int
    hours: DayWindow


# --- rules -----------------------------------------------------------------------------------------------------------


@frozen
class Rolling:
    """Sends in (t - seconds, t]."""

    seconds: int
    kind: Literal["rolling"] = "rolling"


@frozen
class Calendar:
    """Sends in the calendar day, ISO week or month of t in the person's zone."""

    unit: Literal["day", "week", "month"]
    kind: Literal["calendar"] = "calendar"


@frozen
class Cap:
    """At most `count` sends per window, for everybody or one tier band, over all channels or one."""

    count: int
    window: Rolling | Calendar
    tier: str = ""
    band: str = ""
    channel: str = ""


@frozen
class Cadence:
    """How often and when a person may be contacted. `gap` seconds between two sends (0: none)."""

    caps: tuple[Cap, ...] = ()
    gap: int = 0
    quiet: tuple[Quiet, ...] = ()


@frozen
class Band:
    """A band of a tier: `low <= x < high` in the tier's unit (None is open), or the people of `match`."""

    name: str
    low: int | None = None
    high: int | None = None
    match: Predicate | None = None


@frozen
class Tier:
    """People sorted by one attribute into bands that neither overlap nor leave gaps, or by rules.

    `unit`: money (minor units), seconds, months (bands bound the age of an event in calendar months) or count; with
    `rule` (causes of sleep) there is no attribute, and the first band whose `match` is yes takes the person.
    """

    name: str
    attribute: str
    unit: Literal["money", "seconds", "months", "count", "rule"]
    bands: tuple[Band, ...]


@frozen
class Line:
    """A budget line and its limit (minor units)."""

    name: str
    limit: int


@frozen
class Budget:
    """A hard total and its lines; `send_line` takes the cost of sends ("": only the total does)."""

    total: int
    lines: tuple[Line, ...]
    send_line: str = ""


@frozen
class FixedCost:
    """A cost with no other cause (wages, materials), booked at `on`."""

    name: str
    amount: int
    line: str
    on: int


@frozen
class Cut:
    """What is left of a budget line: its limit times `factor` (an exact decimal). `line` "": of the total, and of every
    line that has no cut of its own."""

    line: str
    factor: str


@frozen
class Scenario:
    """What may come between `start` and `end`.

    response, organic, complaints: the odds of an answer, of an order without contact, of a complaint or opt-out are
    multiplied; prices: what is asked for goods is, their cost to the shop stays. All exact decimals. down: channels
    that do not work. budget: what is left of it.
    """

    name: str
    start: int
    end: int
    response: str = "1"
    organic: str = "1"
    down: tuple[str, ...] = ()
    complaints: str = "1"
    prices: str = "1"
    budget: tuple[Cut, ...] = ()


@frozen
class Guard:
    """When `figure op value` holds (after `after` events of `after_figure`), do `action`.

    `scope`: per channel for `pause_channel`, else the campaign. `unit`: share, money, count, budget_share.
    `lasts` seconds of a pause (0: to the end).
    """

    name: str
    figure: str
    op: Literal["<", "<=", ">", ">="]
    value: str
    unit: Literal["share", "money", "count", "budget_share"]
    action: Literal["pause_channel", "stop"]
    after: int = 0
    after_figure: str = ""
    lasts: int = 0


@frozen
class Goal:
    """A wish: reported with its probability, never an error."""

    figure: str
    op: Literal["<", "<=", ">", ">="]
    value: str
    unit: Literal["share", "money", "count", "ratio"]
    text: str


@frozen
class Expectation:
    """A demand: `figure op value` with probability `sure`, or `always` (every person, every replication).

    `per` seconds: the window of `touches_per_person … per 30d always`.
    """

    figure: str
    op: Literal["<", "<=", ">", ">="]
    value: str
    unit: Literal["share", "money", "count", "ratio"]
    text: str
    sure: str = ""
    always: bool = False
    per: int = 0


@frozen
class Assumption:
    """One behaviour parameter as a distribution: value = link^-1(link(median) + sd * z), z standard normal.

    `scope`: "" for everybody, "kind:sms", "channel:cn.sms", "incentive:c800"; the most specific wins.
    """

    parameter: str
    scope: str
    median: float
    sd: float
    link: Literal["identity", "log", "logit"]
    source: str
    grade: str


@frozen
class Attribution:
    """Credit model and window in seconds from the send."""

    model: Literal["first_touch", "last_touch", "linear", "time_decay", "position", "shapley"]
    within: int


@frozen
class Phase:
    """A stretch [start, end) of the timeline (prepare, promote, run, review) and what must be done in it."""

    name: str
    title: str
    start: int
    end: int
    duties: tuple[str, ...] = ()


@frozen
class Label:
    """A value of an own field and the share of people who have it, an exact decimal ("" for not declared)."""

    name: str
    share: str = ""


@frozen
class OwnField:
    """A declared field of the customers: `labels` of a text, `low` and `high` of a number (decimal) or a date (ISO).

    Of a tag and of a category the one label is itself. Synthetic customers get values with these shares, numbers and
    dates evenly between the bounds; without shares all labels are equally likely.
    """

    name: str
    sort: Literal["text", "number", "date", "tag", "category"]
    labels: tuple[Label, ...] = ()
    low: str = ""
    high: str = ""


@frozen
class Origin:
    """Where a part of the plan was written; no part of any fingerprint."""

    address: str
    file: str
    line: int
    column: int


@frozen
class Plan:
    """A campaign, compiled. Equal sources give equal plans and equal bytes of JSON."""

    name: str
    title: str
    doc: str
    currency: str
    minor_digits: int
    zone: str
    start: int
    end: int
    audience: Predicate
    holdout: str
    holdout_salt: str
    awake: tuple[str, ...]
    margin: str
    budget: Budget | None
    attribution: Attribution
    journeys: tuple[Journey, ...]
    follow_up: int = 180 * 86_400
    tiers: tuple[Tier, ...] = ()
    channels: tuple[Channel, ...] = ()
    messages: tuple[Message, ...] = ()
    incentives: tuple[Incentive, ...] = ()
    staff: tuple[Staff, ...] = ()
    costs: tuple[FixedCost, ...] = ()
    cadence: Cadence = field(factory=Cadence)
    promotions: tuple[Promotion, ...] = ()
    scenarios: tuple[Scenario, ...] = ()
    guards: tuple[Guard, ...] = ()
    goals: tuple[Goal, ...] = ()
    expectations: tuple[Expectation, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    phases: tuple[Phase, ...] = ()
    own: tuple[OwnField, ...] = ()
    origins: tuple[Origin, ...] = ()
    format_version: str = FORMAT_VERSION
