"""All checks of a plan against its people, on one page."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from wakeup.customers import Population
from wakeup.diagnostics import Bag, Diagnostic, WakeupError
from wakeup.plan.model import Plan
from wakeup.plan.places import Places
from wakeup.preflight import audience, consent, experiments, money, own, supplies
from wakeup.preflight.facts import Facts, gathered
from wakeup.sim.needs import require
from wakeup.source import Source

Check = Callable[[Facts], Iterator[Diagnostic]]

CHECKS: Final[tuple[Check, ...]] = (
    own.missing,
    own.strange,
    audience.overview,
    audience.journeys,
    audience.bands,
    audience.unclassified,
    audience.waves,
    consent.consents,
    experiments.holdout,
    experiments.splits,
    supplies.stock,
    supplies.codes,
    supplies.places,
    supplies.limits,
    supplies.desks,
    supplies.callers,
    money.expected,
    money.worst,
)
"""Each looks for one thing; they run only where somebody is eligible."""


def check(plan: Plan, population: Population, sources: Mapping[str, Source] | None = None) -> tuple[Diagnostic, ...]:
    """Return what only people can show about a plan, in the order of the file.

    The people are brought to the start of the run as in replication 0 (all assumptions at their medians); what they
    are expected to do comes from a rehearsal of at most `rehearsal.SAMPLE` of them.

    Args:
        plan: the plan, with its assumptions as `wakeup.simulate` takes them.
        population: the people, as of the run's first instant or before.
        sources: the campaign's texts by their path in the project; what stands in one of them is shown there.

    Raises:
        WakeupError: an assumption of the plan is unknown, out of place or impossible (WK5201 to WK5203).
    """
    try:
        require(plan, population)
    except WakeupError as error:
        return error.diagnostics
    facts = gathered(plan, population, Places.of(plan, sources or {}))
    bag = Bag()
    if facts.cast.membership.eligible == 0:
        bag.add(audience.nobody(facts))
    else:
        for each in CHECKS:
            bag.extend(each(facts))
    return tuple(bag)
