"""What the control group and the splits can see, with 80 % power at the two-sided 5 % level."""

from collections.abc import Iterator
from typing import Any, Final

from attrs import frozen

from wakeup.behaviour import median_chance
from wakeup.behaviour.organic import DAY, days_dormant
from wakeup.diagnostics import Diagnostic, Listed, Say, Word, diagnostic
from wakeup.plan.model import Promotion, Split
from wakeup.preflight.conditions import count, percent
from wakeup.preflight.facts import Facts
from wakeup.preflight.rehearsal import Arms, promotion_of
from wakeup.source import Span
from wakeup.stats import (
    always_valid_shift,
    crowned_by_chance,
    peeking,
    power_of,
    rise_of_shift,
    size_needed,
    smallest_rise,
    visible_shift,
)
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
    days = round((facts.plan.end - facts.plan.start) / DAY)
    yield diagnostic("WK5310", where, **_looking(days, (control.base, control.held, control.treated)))
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
    dormant = days_dormant(plan.start, people.last_order[simulated])
    chances = median_chance(
        plan.assumptions,
        dormant,
        people.orders[simulated],
        at=plan.start,
        horizon=plan.end - plan.start,
        zone=plan.zone,
    )
    return float(chances.mean())


# --- splits ----------------------------------------------------------------------------------------------------------


def splits(facts: Facts) -> Iterator[Diagnostic]:
    """Whether the arms of each split are large enough to see a difference that is plausible."""
    if facts.rehearsal is None:
        return
    for number, journey in enumerate(facts.plan.journeys):
        for step, split in enumerate(journey.program):
            if isinstance(split, Split) and len(facts.of(number, facts.entering)):
                where = facts.places.at(f"journey:{journey.name}/split:{split.name}", f"journey:{journey.name}")
                arms = facts.rehearsal.arms(number, step, split)
                needed = size_needed(arms.rate, _plausible(arms.rate))
                enough = facts.rehearsal.days_until(number, step, split, needed)
                yield _split(split, arms, needed, enough, where)
                if arms.days:
                    yield _judging(split, arms, promotion_of(facts.plan, journey, split), where)


def _plausible(rate: float) -> float:
    """The rate of an arm that does as well as one plausibly can; as badly, where the others cannot be beaten."""
    return min(rate + PLAUSIBLE * rate, 1.0) if rate < 1.0 else rate - PLAUSIBLE * rate


def _split(split: Split, arms: Arms, needed: int, enough: int | None, where: Span | None) -> Diagnostic:
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
    most = min(int(sum(arms.people) / needed), len(arms.people))
    told |= {"plausible": percent(plausible), "needed": count(needed)}
    if enough is not None and enough > arms.days:
        return diagnostic("WK5313", where, days=arms.days, enough=enough, **told)
    if most >= 2:
        return diagnostic("WK3914", where, most=most, **told)
    return diagnostic("WK3915", where, all=count(sum(arms.people)), wanted=count(needed * len(arms.people)), **told)


# --- looking before the end ------------------------------------------------------------------------------------------


def _judging(split: Split, arms: Arms, promotion: Promotion | None, where: Span | None) -> Diagnostic:
    """What a look before the split is judged does, and how often its promotion crowns one of arms that are alike."""
    smaller, larger = sorted(arms.people)[:2]
    told = {"name": split.name} | _looking(arms.days, (arms.rate, smaller, larger))
    if promotion is None:
        return diagnostic("WK5311", where, **told)
    crowned = crowned_by_chance(len(split.arms), float(promotion.sure))
    told |= {"sure": f"{float(promotion.sure) * 100:g}", "arms": len(split.arms), "crowned": percent(crowned)}
    return diagnostic("WK5312", where, **told)


def _looking(days: int, groups: tuple[float, float, float]) -> dict[str, Any]:
    """What looking on every day of a test does: `groups` are the base rate and the people of both."""
    looks = max(days, 1)
    once, anytime = (rise_of_shift(*groups, shift) for shift in (visible_shift(), always_valid_shift(looks)))
    return {
        "days": looks,
        "peeking": percent(peeking(looks)),
        "smallest": "–" if once is None else percent(once),
        "sequential": "–" if anytime is None else percent(anytime),
    }
