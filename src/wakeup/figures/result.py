"""The answer of a simulation: figures with their uncertainty, and what they stand on.

`Result.to_json` gives the documented form (docs/result.md, docs/schema/result.schema.json). Money is in major units,
shares are 0 to 1, a figure that has no value (an empty denominator) is null.
"""

from collections.abc import Mapping
from typing import Any

from attrs import asdict, evolve, field, fields, frozen

from wakeup.forms import as_json, rounded

FORMAT_VERSION = "1"


@frozen
class Figure:
    """One figure over all replications.

    value: mean over replications. low, high: 90 % interval for one live run (None with one replication).
    unit: "people", "count", "share", "ratio", "months", "per person", "score" (of a survey, 1 to 5) or a currency code.
    parts: standard errors "monte_carlo" (more replications shrink it), "finite_sample" (what one live run scatters),
    "parameter" (what nobody knows); None where it cannot be told.
    """

    value: float | None
    low: float | None
    high: float | None
    unit: str
    parts: Mapping[str, float | None]


Figures = Mapping[str, Figure]


@frozen
class SegmentFigures:
    """Figures of a part of the people: `by` is "tier:value=high", "journey:high" or "channel:cn.sms"."""

    by: str
    figures: Figures


@frozen
class ArmFigures:
    """Figures of the people that a split put into an arm (before its promotion, if any); `customers` on average."""

    journey: str
    split: str
    arm: str
    customers: float
    figures: Figures


@frozen
class ArmShare:
    """An arm of a test: the share of people planned for it, its `people`, and the share `rate` of them who did what is
    measured; means over replications."""

    arm: str
    planned: float
    people: float
    rate: float


@frozen
class Comparison:
    """An arm beside the one it is compared with, as one live run of this size would tell.

    difference: of the shares, mean over replications. low, high: the score interval that such a run reports; all of a
    test together hold with 95 %. seen: share of replications whose run calls the difference real (two-sided 5 %,
    corrected by Holm for several arms). profit, profit_low, profit_high: the same of profit per person, in major units.
    """

    arm: str
    against: str
    difference: float
    low: float
    high: float
    seen: float
    profit: float
    profit_low: float | None
    profit_high: float | None


@frozen
class Experiment:
    """A split, or (journey and split "") the treated against the held out. Only people before a promotion count.

    figure: "woken" or "converted", the share that is compared. sample_ratio_p: of the check that people came to the
    arms as planned, in the first replication; below 0.001 something is broken. winner: the arm with the highest share.
    winner_orders, winner_profit: how much more had been brought, had everybody in the test got the winner: what it
    costs to explore. None for the control group.
    """

    journey: str
    split: str
    figure: str
    arms: tuple[ArmShare, ...]
    sample_ratio_p: float | None
    comparisons: tuple[Comparison, ...]
    winner: str | None = None
    winner_orders: Figure | None = None
    winner_profit: Figure | None = None


@frozen
class BudgetLine:
    """A budget line in major units, means over replications. `spent` up to the end of the run; `open`: still reserved
    then; `tail`: discounts of orders after the run. `limit` None: what has no line, under the name ""."""

    line: str
    limit: float | None
    spent: float
    open: float
    tail: float


@frozen
class GoalResult:
    """A goal and the share of replications that reach it."""

    text: str
    probability: float


@frozen
class Reach:
    """How near an expectation comes to what it asks, in major units.

    figure, op, asked: the claim. mean: of the figure over the replications that have a value. surely: the value that
    it reaches as surely as is asked, in a share `sure` of the replications (the worst one for `always`): the bar that
    would just have held. None where there is no such value.
    """

    figure: str
    op: str
    asked: float
    mean: float | None
    surely: float | None


@frozen
class ExpectationResult:
    """An expectation, the share of replications in which it holds, and how sure it asks to be (None: always).

    status: "ok", "failed", or "undecided" when the bar lies within the Monte-Carlo error.
    """

    text: str
    probability: float
    sure: float | None
    status: str
    reach: Reach | None = None


@frozen
class Basis:
    """An assumption behind the forecast: `assumption` is the parameter and its scope ("open kind:sms"). influence:
    |correlation| of the ranks of its value with those of incremental profit over replications, what clearer ones
    explain taken out; None where it cannot be told (fewer than 10 replications, or it did not vary). clear: whether
    that is more than the greatest of as many would show in one forecast of 20 if none had any influence. median, low,
    high: of its distribution, the middle 90 %. Of those that
    are clear, in major units: worth: what knowing it before the decision to launch is worth; profit_at_low,
    profit_at_high: the incremental profit expected where it has these values."""

    assumption: str
    source: str
    grade: str
    influence: float | None
    median: float | None = None
    low: float | None = None
    high: float | None = None
    clear: bool = False
    worth: float | None = None
    profit_at_low: float | None = None
    profit_at_high: float | None = None


@frozen
class Credit:
    """Orders and revenue (major units) that the attribution model credits to a channel; channel None: no touch.

    models: the orders that each model would credit, within the same window.
    """

    channel: str | None
    orders: float
    revenue: float
    models: Mapping[str, float]


@frozen
class Risk:
    """What can go wrong under a scenario ("": as planned). profit: mean incremental profit (major units); tenth: what
    one live run in ten falls below; loss: probability that a live run loses money (both None of one replication);
    missed: by goal, the share of replications that misses it."""

    scenario: str
    profit: float | None
    tenth: float | None
    loss: float | None
    missed: Mapping[str, float]


@frozen
class Contribution:
    """What a channel adds: the campaign's figures less those of the same campaign whose people cannot be reached on it,
    with the same draws (fallbacks of its messages go out). orders, woken: counts; profit: money."""

    channel: str
    orders: Figure
    woken: Figure
    profit: Figure


@frozen
class Countermeasure:
    """What a counter-measure of the plan buys under a scenario: the figures with it less those of the same campaign
    without it, with the same draws.

    kind: "guards" (all taken away; `names` those that acted) or "fallbacks" (the `else` taken from messages whose
    channel is down; `names` these messages). replications: in how many it made a difference at all, of the guards;
    all of them, of fallbacks. figures: profit and orders against the twins, opt-outs, complaints. missed: by goal, the
    share of replications that misses it, with the measure less without.
    """

    scenario: str
    kind: str
    names: tuple[str, ...]
    replications: int
    figures: Figures
    missed: Mapping[str, float]


@frozen
class Sensitivity:
    """How the incremental profit (major units) moves when one assumption goes from the low to the high end of its
    middle 90 %, the others being anywhere in theirs, with the same draws on both sides: Morris' elementary effects.

    effect: their mean; size: the mean of their magnitudes; bends: their standard deviation, None of a single one.
    """

    assumption: str
    effect: float
    size: float
    bends: float | None


@frozen
class Day:
    """One local day of the run, means over replications; money in major units.

    sent_low to orders_high: where nine of ten live runs lie (None of a single replication).
    """

    date: str
    sent: float
    orders: float
    revenue: float
    twin_orders: float
    twin_revenue: float
    sent_low: float | None = None
    sent_high: float | None = None
    orders_low: float | None = None
    orders_high: float | None = None


@frozen
class PhaseFigures:
    """A phase of the timeline and what falls into its days of the run, means over replications; money in major units.

    first, last: its local days, ISO. duties: what must be done in it.
    """

    name: str
    title: str
    first: str
    last: str
    duties: tuple[str, ...]
    sent: float
    orders: float
    revenue: float
    twin_orders: float
    twin_revenue: float


@frozen
class Ordered:
    """A replication whose people were played in one order from an instant on (seconds UTC), because something that they
    share acted, had acted in others, or was cheaper to settle so; `scenario` "": the forecast itself."""

    scenario: str
    replication: int
    ordered_from: int
    because: str


@frozen
class Timing:
    """Seconds spent, and customers (times replications that were played) per second; None: not measured.

    free: replications in which nothing that people share acted, so that they were played in any order. ordered: the
    others. kept: replications that were not played but found as an interrupted run had left them.
    """

    population_s: float | None = None
    simulate_s: float | None = None
    wall_s: float | None = None
    customers_per_s: float | None = None
    free: int = 0
    ordered: tuple[Ordered, ...] = ()
    kept: int = 0


@frozen
class Sought:
    """Half the 90 % interval of a figure's value: as it was asked for, and as it is (None: it cannot be told)."""

    asked: float
    reached: float | None


@frozen
class Stopped:
    """Why there are as many replications as there are.

    because: "all" (as many as were asked for), "precision" (the half-widths asked for are reached) or "interrupted".
    most: how many were asked for, at most. precision: what was asked, by figure. scenarios: how many there are of each
    scenario that is simulated.
    """

    because: str
    most: int
    precision: Mapping[str, Sought] = field(factory=dict)
    scenarios: Mapping[str, int] = field(factory=dict)


@frozen
class Result:
    """Everything that a simulation found. `plan`: name, behaviour_id, forecast_id. Counts are means over replications.

    reasons: refused sends by reason, besides "not_entered" and "no_journey" (people). delays: held sends by reason.
    promoted: per "journey/split" the share of replications that promote each arm ("": none). tripped: per guard (with
    its channel) the share of replications in which it acts. unclassified: people in no band, by tier. partial: the run
    was interrupted, and the figures are those of its first replications.
    """

    plan: Mapping[str, str]
    currency: str
    seed: int
    replications: int
    customers: int
    eligible: float
    figures: Figures
    segments: tuple[SegmentFigures, ...]
    arms: tuple[ArmFigures, ...]
    reasons: Mapping[str, float]
    delays: Mapping[str, float]
    budget: tuple[BudgetLine, ...]
    goals: tuple[GoalResult, ...]
    expectations: tuple[ExpectationResult, ...]
    scenarios: Mapping[str, Figures]
    basis: tuple[Basis, ...]
    attribution: tuple[Credit, ...]
    contributions: tuple[Contribution, ...]
    risks: tuple[Risk, ...]
    days: tuple[Day, ...]
    promoted: Mapping[str, Mapping[str, float]]
    tripped: Mapping[str, float]
    unclassified: Mapping[str, float]
    stopped: Stopped
    phases: tuple[PhaseFigures, ...] = ()
    experiments: tuple[Experiment, ...] = ()
    countermeasures: tuple[Countermeasure, ...] = ()
    sensitivity: tuple[Sensitivity, ...] = ()
    partial: bool = False
    timing: Timing = field(factory=Timing)
    format_version: str = FORMAT_VERSION

    @property
    def failed(self) -> bool:
        """Whether an expectation failed (the command line then exits with 2)."""
        return any(each.status == "failed" for each in self.expectations)

    def timed(self, *, population_s: float | None, simulate_s: float, wall_s: float) -> "Result":
        """Return the result with its timing: seconds to make the people, to simulate, and in all."""
        replications = self.replications + sum(self.stopped.scenarios.values()) - self.timing.kept
        speed = self.customers * replications / simulate_s if simulate_s > 0 else None
        measured = evolve(
            self.timing, population_s=population_s, simulate_s=simulate_s, wall_s=wall_s, customers_per_s=speed
        )
        return evolve(self, timing=measured)

    def to_dict(self) -> dict[str, Any]:
        """Return the documented form as plain dicts, lists, texts and numbers."""
        # Of this class only: what a subclass carries besides is no part of the form.
        tree = {name: value for name, value in asdict(self).items() if name in _FORM}
        tree["scenarios"] = {name: {"figures": figures} for name, figures in tree["scenarios"].items()}
        form: dict[str, Any] = rounded(tree)
        return form

    def to_json(self) -> bytes:
        """Return the documented form as UTF-8 JSON: sorted keys, a line end at the end; only `timing` may differ
        between equal runs."""
        return as_json(self.to_dict())


_FORM = frozenset(each.name for each in fields(Result))
