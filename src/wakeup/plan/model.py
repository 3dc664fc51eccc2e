"""The plan: what a checked campaign means, frozen, with no trace of syntax.

Units: instants are int seconds UTC; lengths are seconds unless they are calendar months; money is int minor units of
`Plan.currency` (only the price of a message, which may be a fraction of a minor unit, is in micros: millionths of the
major unit); shares and probabilities are exact decimal texts where they were written in percent ("0.1") and become
floats in the engines. Names are the declared names; an imported name carries its alias ("cn.sms").
"""

from typing import Literal

from attrs import field, frozen

from wakeup.plan.predicates import Predicate

FORMAT_VERSION = "1"


# --- time ------------------------------------------------------------------------------------------------------------


@frozen
class Elapsed:
    """A length of `seconds` (`30d` is 30 x 86,400 s)."""

    seconds: int
    kind: Literal["elapsed"] = "elapsed"


@frozen
class Months:
    """A calendar length; adding it clamps the day."""

    months: int
    kind: Literal["months"] = "months"


@frozen
class Until:
    """Up to an instant."""

    instant: int
    kind: Literal["until"] = "until"


Period = Elapsed | Months


@frozen
class DayWindow:
    """A window of local wall time, half-open, seconds after local midnight; `start > end` crosses midnight.

    A window across midnight belongs to the day it starts.
    """

    start: int
    end: int


# --- incentives ------------------------------------------------------------------------------------------------------


@frozen
class AmountOff:
    """`amount` off baskets of at least `threshold`, both minor units."""

    amount: int
    threshold: int
    kind: Literal["amount_off"] = "amount_off"


@frozen
class PercentOff:
    """`share` ("0.2") of the basket before discount, half up per order, for baskets of at least `threshold`."""

    share: str
    threshold: int = 0
    kind: Literal["percent_off"] = "percent_off"


@frozen
class Rung:
    """One step of a coupon: for people of `tier.band` (both empty: for everybody)."""

    discount: AmountOff | PercentOff
    valid: Period
    tier: str = ""
    band: str = ""


@frozen
class Coupon:
    """Money off an order, granted with a message. `limit` redemptions per person (None: no limit).

    Four kinds, one mechanism. `opens`, `closes`: a flash price is good in a fixed window [opens, closes) only.
    `reusable`: a member price is good for every order while it is valid. `rebate`: points are earned by the order and
    not taken off its price. `codes`: unique codes at hand; every grant uses one up for good (None: codes without end).
    """

    name: str
    title: str
    rungs: tuple[Rung, ...]
    line: str = ""
    limit: int | None = None
    stock: int | None = None
    reserve_face: bool = False
    codes: int | None = None
    opens: int | None = None
    closes: int | None = None
    reusable: bool = False
    rebate: bool = False
    kind: Literal["coupon", "flash_price", "member_price", "points"] = "coupon"


@frozen
class Gift:
    """Something handed over after a claim; `cost` minor units fall due then.

    Goods, content (a guide, a pack) or a membership. `bond`: from the handover the person belongs to the members
    that long. `scene`: whom content suits best (None: nobody in particular).
    """

    name: str
    title: str
    cost: int
    valid: Period
    line: str = ""
    limit: int | None = None
    stock: int | None = None
    bond: Period | None = None
    scene: Predicate | None = None
    kind: Literal["gift", "content", "membership"] = "gift"


@frozen
class Service:
    """A service given after a claim, by `staff` if named (queued from the claim); `cost` falls due when it begins."""

    name: str
    title: str
    cost: int
    valid: Period
    staff: str = ""
    line: str = ""
    limit: int | None = None
    stock: int | None = None
    kind: Literal["service"] = "service"


@frozen
class Activity:
    """Something to join; who completes it receives `reward` (a coupon or gift; "" for none).

    Five kinds, one mechanism. A challenge: do `task` on `days` days in a row. A draw: each join wins with probability
    `odds` (exact decimal), `wins` times at most. A survey: answered at once, with a score. An event: people are there
    at the instant `at` or not. A community: joined at once. `places`: joins taken in all (None: no limit). `cost` minor
    units fall due at the completion (a prize, a seat, a welcome). `bond`: as in `Gift`, from the completion.
    """

    name: str
    title: str
    task: str
    days: int
    reward: str
    valid: Period
    limit: int | None = None
    stock: int | None = None
    line: str = ""
    odds: str = ""
    wins: int | None = None
    places: int | None = None
    at: int | None = None
    cost: int = 0
    bond: Period | None = None
    kind: Literal["challenge", "draw", "survey", "event", "community"] = "challenge"


Incentive = Coupon | Gift | Service | Activity


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


# --- journeys --------------------------------------------------------------------------------------------------------


@frozen
class Send:
    """Send `message` with `incentives`. `step` is unique in the journey; a refused send expires after `expires` s."""

    step: str
    message: str
    incentives: tuple[str, ...] = ()
    expires: int = 259_200
    kind: Literal["send"] = "send"


@frozen
class Wait:
    """Wait for a time, up to an instant, or for the first of some outcomes up to that time."""

    length: Elapsed | Months | Until
    outcomes: tuple[str, ...] = ()
    kind: Literal["wait"] = "wait"


@frozen
class Branch:
    """Go on if the predicate is yes, else jump forward to instruction `otherwise`."""

    predicate: Predicate
    otherwise: int
    kind: Literal["branch"] = "branch"


@frozen
class Jump:
    """Go to instruction `target`, which lies ahead."""

    target: int
    kind: Literal["jump"] = "jump"


@frozen
class Arm:
    """An arm owns the half-open hash range [low, high) of [0, 1) (exact decimals) and starts at `target`."""

    name: str
    low: str
    high: str
    target: int


@frozen
class Split:
    """Assign by the hash of the customer key with `salt`."""

    name: str
    salt: str
    arms: tuple[Arm, ...]
    kind: Literal["split"] = "split"


@frozen
class Grant:
    """Put `incentives` into the person's account without a message. `step` is unique in the journey."""

    step: str
    incentives: tuple[str, ...]
    kind: Literal["grant"] = "grant"


@frozen
class Exit:
    """Leave the journey."""

    kind: Literal["exit"] = "exit"


Instruction = Send | Wait | Branch | Jump | Split | Grant | Exit


@frozen
class Wave:
    """Entry: `per_day` people a day (None: all at once) from `first`, then each day at the same local time."""

    first: int
    per_day: int | None = None


@frozen
class Journey:
    """A program for the people that `match` selects. `goal` ends it at once ("" for none)."""

    name: str
    match: Predicate
    wave: Wave
    program: tuple[Instruction, ...]
    goal: str = "order"
    salt: str = ""


@frozen
class Promotion:
    """Once, `after` seconds after the first assignment to `split` of `journey`, judge `figure` within `within` s."""

    journey: str
    split: str
    figure: str
    after: int
    sure: str
    within: int = 604_800


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
class Scenario:
    """What may come: between `start` and `end`, odds multipliers (exact decimals) and channels that are down."""

    name: str
    start: int
    end: int
    response: str = "1"
    organic: str = "1"
    down: tuple[str, ...] = ()


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
