"""What the control group and the splits can see, with 80 % power at the two-sided 5 % level."""

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
from attrs import frozen

from wakeup.behaviour import Law, basis, expected_return
from wakeup.behaviour.organic import DAY, ln_days_dormant
from wakeup.diagnostics import Diagnostic, Listed, Say, Word, diagnostic
from wakeup.plan.model import Split
from wakeup.preflight.conditions import count, percent
from wakeup.preflight.facts import Facts
from wakeup.preflight.rehearsal import Arms
from wakeup.source import Span
from wakeup.stats import power_of, size_needed, smallest_rise
from wakeup.stats.power import POWER
from wakeup.terms.lists import Outcome

PLAUSIBLE: Final = 0.5
"""What one arm can plausibly add to another's rate, as a share of that rate: more is rarely seen in trials of offers,
so a split that sees only more than this most likely sees nothing."""

_CERTAIN: Final = 0.9999
"""No experiment of finite size is told to be more certain than this."""
_SHARES: Final = range(1, 51)
"""Holdouts that are proposed, in percent."""


# --- control group ---------------------------------------------------------------------------------------------------


@frozen
class _Control:
    """The control group's test of the wake rate."""

    treated: int
    held: int
    base: float
    expected: float

    @property
    def people(self) -> int:
        return self.treated + self.held

    def power(self, held: int) -> float:
        """Power with `held` of the people held out."""
        if not 0 < held < self.people:
            return 0.0
        return power_of(self.base, self.expected, held, self.people - held)

    def enough(self) -> int | None:
        """The smallest holdout in percent that sees the effect, None if no half of the people does."""
        return next((share for share in _SHARES if self.power(self.people * share // 100) >= POWER), None)


def holdout(facts: Facts) -> Iterator[Diagnostic]:
    """Whether treated and held-out people are enough to see the rise of the wake rate that is expected."""
    if float(facts.plan.holdout) == 0.0 or facts.rehearsal is None:
        return
    control = _control(facts)
    smallest = smallest_rise(control.base, control.held, control.treated)
    told: dict[str, Any] = {
        "held": count(control.held),
        "treated": count(control.treated),
        "base": percent(control.base),
        "expected": percent(control.expected),
        "rise": percent(control.expected - control.base),
        "power": percent(min(control.power(control.held), _CERTAIN)),
        "smallest": "–" if smallest is None else percent(smallest),
    }
    where = facts.places.at("campaign/holdout", "campaign")
    share = control.enough()
    if control.power(control.held) >= POWER:
        yield diagnostic("WK3910", where, **told)
    elif share is not None:
        yield diagnostic("WK3911", where, share=share, **told)
    else:
        needed = 2 * size_needed(control.base, control.expected)
        yield diagnostic("WK3912", where, people=count(control.people), needed=count(needed), **told)


def _control(facts: Facts) -> _Control:
    assert facts.rehearsal is not None
    treated, held = len(facts.cast.treated), int(facts.cast.membership.held_out.sum())
    base = base_rate(facts)
    # Who never enters does as the untouched do.
    rise = facts.rehearsal.uplift * len(facts.entering) / treated
    return _Control(treated, held, base, min(base + rise, 1.0))


def base_rate(facts: Facts) -> float:
    """Return the share of those with a journey who wake up by themselves within the run: the mean of the organic law
    over them, as of the run's start; 0 where an order is no waking up."""
    plan, people, simulated = facts.plan, facts.cast.people, facts.cast.simulated
    if Outcome.ORDER not in plan.awake:
        return 0.0
    medians = {row.parameter: row.median for row in basis(plan) if row.scope == ""}
    law = Law(*(medians[f"organic_{part}"] for part in ("level", "dormancy", "orders", "shape")))
    dormant = np.exp(ln_days_dormant(plan.start, people.last_order[simulated]))
    days = (plan.end - plan.start) / DAY
    return float(expected_return(law, dormant, people.orders[simulated], days).mean())


# --- splits ----------------------------------------------------------------------------------------------------------


def splits(facts: Facts) -> Iterator[Diagnostic]:
    """Whether the arms of each split are large enough to see a difference that is plausible."""
    if facts.rehearsal is None:
        return
    for number, journey in enumerate(facts.plan.journeys):
        for step, split in enumerate(journey.program):
            if isinstance(split, Split) and len(facts.of(number, facts.entering)):
                where = facts.places.at(f"journey:{journey.name}/split:{split.name}", f"journey:{journey.name}")
                yield _split(split, facts.rehearsal.arms(number, step, split), where)


def _split(split: Split, arms: Arms, where: Span | None) -> Diagnostic:
    # The two smallest arms are the hardest to tell apart.
    smaller, larger = sorted(arms.people)[:2]
    smallest = smallest_rise(arms.rate, smaller, larger)
    plausible = PLAUSIBLE * arms.rate
    people = [
        Say("{name} {count}", name=arm.name, count=count(number))
        for arm, number in zip(split.arms, arms.people, strict=True)
    ]
    told: dict[str, Any] = {
        "name": split.name,
        "people": Listed(people),
        "figure": Word(arms.figure),
        "rate": percent(arms.rate),
        "smallest": "–" if smallest is None else percent(smallest),
    }
    if smallest is not None and smallest <= plausible:
        return diagnostic("WK3913", where, **told)
    needed = size_needed(arms.rate, min(arms.rate + plausible, 1.0))
    most = min(int(sum(arms.people) / needed), len(arms.people))
    told |= {"plausible": percent(plausible), "needed": count(needed)}
    if most >= 2:
        return diagnostic("WK3914", where, most=most, **told)
    return diagnostic("WK3915", where, all=count(sum(arms.people)), wanted=count(needed * len(arms.people)), **told)
