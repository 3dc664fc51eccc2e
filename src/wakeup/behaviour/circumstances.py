"""What all models of one replication share, made once: each chunk of people has a model of its own."""

from collections.abc import Mapping
from functools import lru_cache

from attrs import frozen

from wakeup.behaviour.calendar import Clock, Days, organic_clock, week_clock
from wakeup.behaviour.organic import DAY
from wakeup.behaviour.parameters import Values, assume, values_of
from wakeup.behaviour.traits import Traits, gather
from wakeup.plan.model import Assumption, Plan, Scenario
from wakeup.plan.same import Same


@frozen(eq=False)
class Circumstances:
    """The numbers of a replication, and its clocks: of organic orders under the scenario, of the same without it, and
    of people who have decided on an order."""

    traits: Traits
    clock: Clock
    calendar: Clock
    week: Clock


def circumstances(plan: Plan, seed: int, replication: int, scenario: Scenario | None, as_of: int) -> Circumstances:
    """Return what holds for everybody in a replication over people as of an instant (seconds UTC).

    Raises:
        WakeupError: an assumption of the plan is unknown, out of place or impossible (WK5201 to WK5203).
    """
    return _circumstances(Same(plan), seed, replication, Same(scenario), as_of)


@lru_cache(maxsize=16)
def _circumstances(plan: Same, seed: int, replication: int, scenario: Same, as_of: int) -> Circumstances:
    assert isinstance(plan.it, Plan)
    assert scenario.it is None or isinstance(scenario.it, Scenario)
    traits = gather(plan.it, Values(assume(plan.it), seed, replication, numbers(plan.it, seed, replication)))
    season, shape = traits.general.season, traits.general.law.shape
    # A year beyond the end: what is waited for that long no longer matters to any figure.
    days = Days(as_of, plan.it.end + plan.it.follow_up + 366 * DAY, plan.it.zone)
    clock = organic_clock(season, shape, days, scenario.it)
    calendar = clock if scenario.it is None else organic_clock(season, shape, days)
    return Circumstances(traits, clock, calendar, week_clock(season, days))


def in_use(plan: Plan) -> tuple[Assumption, ...]:
    """Return the assumptions that the plan's forecast stands on, declared or not, in order of use.

    Raises:
        WakeupError: see `circumstances`.
    """
    return _in_use(Same(plan))


def numbers(plan: Plan, seed: int, replication: int) -> Mapping[tuple[str, str], float]:
    """Return the values of the assumptions in use, in their order, in a replication: by parameter and scope."""
    rows = in_use(plan)
    values = values_of(rows, seed, replication)
    return {(row.parameter, row.scope): each for row, each in zip(rows, values, strict=True)}


@lru_cache(maxsize=16)
def _in_use(plan: Same) -> tuple[Assumption, ...]:
    assert isinstance(plan.it, Plan)
    values = Values(assume(plan.it), 0, 0)
    gather(plan.it, values)
    return tuple(values.asked.values())
