"""Two plans over the same people with the same draws: by how much each figure differs, and how sure that is.

A difference is taken in every replication, where both plans share the parameters of that replication and each
customer's luck; so what would have happened either way cancels out (SEMANTICS 8, 36). Money is in major units, shares
are 0 to 1. `Differences.to_json` gives the documented form (docs/compare.md, docs/schema/comparison.schema.json).
"""

from collections.abc import Mapping
from typing import Any, Final, Literal

from attrs import asdict, field, frozen

from wakeup.figures.result import Result
from wakeup.forms import as_json, rounded
from wakeup.plan.model import Plan

FORMAT_VERSION: Final = "1"

Within = Literal["both", "old", "new"]
"""Which of the two plans has a thing."""


@frozen
class Difference:
    """A figure under two plans.

    old, new: mean over replications, as in a `Result` (None: no value). change: mean over replications of new less old;
    low, high: 90 % interval of that difference over replications (`wakeup.stats.interval`; None with fewer than two).
    relative: change as a share of the old value's size (None where that is 0). error: standard error of `change`, which
    more replications shrink. higher, lower: shares of the replications in which the new plan has more, and less.
    """

    old: float | None
    new: float | None
    change: float | None
    low: float | None
    high: float | None
    unit: str
    relative: float | None
    error: float | None
    higher: float | None
    lower: float | None

    @property
    def changes(self) -> bool:
        """Whether the figure differs in any replication, or exists under one of the plans only."""
        return bool(self.higher or self.lower) or (self.old is None) != (self.new is None)


Changed = Mapping[str, Difference]
"""Differences by figure."""


@frozen
class GroupDifferences:
    """Figures of a part of the people: `by` is "tier:value=high", "journey:high", "channel:cn.sms" or
    "arm:journey/split=arm". Of one that only one plan has (`within`) there is no change."""

    by: str
    within: Within
    figures: Changed


@frozen
class LineDifference:
    """A budget line: its limit (None: there is none), and what is spent, open and spent after the run."""

    line: str
    within: Within
    limit_old: float | None
    limit_new: float | None
    spent: Difference
    open: Difference
    tail: Difference


@frozen
class ClaimDifference:
    """A goal, or an expectation (`sure`: how sure it asks to be, None: always), told apart by its text: the probability
    under each plan that states it, and what became of an expectation ("ok", "failed", "undecided")."""

    text: str
    within: Within
    old: float | None
    new: float | None
    sure: float | None = None
    old_status: str | None = None
    new_status: str | None = None


@frozen
class Reached:
    """People who were sent at least one message: under both plans, under one of them only."""

    both: int
    only_old: int
    only_new: int


@frozen
class Refused:
    """People who were refused for a reason at least once.

    newly: with the new plan and not with the old one; newly_sent_before: of them, who was sent something with the old
    one. no_longer: with the old plan and not with the new one; no_longer_sent_now: of them, who is sent something with
    the new one.
    """

    old: int
    new: int
    newly: int
    newly_sent_before: int
    no_longer: int
    no_longer_sent_now: int


@frozen
class Touched:
    """What becomes of people between two plans in one replication; refused: by reason, where anybody was."""

    reached: Reached
    refused: dict[str, Refused]


@frozen
class Clock:
    """Seconds spent: to make or read the people, to simulate both plans, in all; None: not measured."""

    population_s: float | None = None
    simulate_s: float | None = None
    wall_s: float | None = None


@frozen
class Differences:
    """Everything that differs between two plans. old, new: name, behaviour_id, forecast_id of each.

    people: who is newly sent something or refused, in replication 0 (all parameters at their medians). reasons, delays:
    refused and held sends by reason, means over replications. same_control: whether the same people are held out.
    plans, results: the two plans, and what `simulate` says of each; no part of the form.
    """

    old: Mapping[str, str]
    new: Mapping[str, str]
    currency: str
    seed: int
    replications: int
    customers: int
    same_control: bool
    figures: Changed
    groups: tuple[GroupDifferences, ...]
    scenarios: Mapping[str, Changed]
    budget: tuple[LineDifference, ...]
    reasons: Changed
    delays: Changed
    people: Touched
    goals: tuple[ClaimDifference, ...]
    expectations: tuple[ClaimDifference, ...]
    plans: tuple[Plan, Plan]
    results: tuple[Result, Result]
    timing: Clock = field(factory=Clock)

    @property
    def failed(self) -> bool:
        """Whether an expectation of the new plan failed (the command line then exits with 2)."""
        return self.results[1].failed

    @property
    def changes(self) -> bool:
        """Whether any figure of the campaign differs."""
        return any(each.changes for each in self.figures.values())

    def to_dict(self) -> dict[str, Any]:
        """Return the documented form as plain dicts, lists, texts and numbers; what was edited is told in English."""
        from wakeup.plan.diff import changes_tree, diff

        tree = {
            "format_version": FORMAT_VERSION,
            "changes": changes_tree(*self.plans, diff(*self.plans))["changes"],
            **{name: _tree(getattr(self, name)) for name in _FORM},
        }
        form: dict[str, Any] = rounded(tree)
        return form

    def to_json(self) -> bytes:
        """Return the documented form as UTF-8 JSON, as `Result.to_json` does."""
        return as_json(self.to_dict())


_FORM: Final = (
    "old", "new", "currency", "seed", "replications", "customers", "same_control", "figures", "groups", "scenarios",
    "budget", "reasons", "delays", "people", "goals", "expectations", "timing",
)  # fmt: skip


def _tree(value: Any) -> Any:
    """Return a value as plain dicts, lists, texts and numbers."""
    match value:
        case Mapping():
            return {key: _tree(each) for key, each in value.items()}
        case tuple() | list():
            return [_tree(each) for each in value]
        case _ if hasattr(value, "__attrs_attrs__"):
            return asdict(value)
        case _:
            return value
