"""Causes of sleep: the first that somebody meets counts, so each must be left somebody."""

from collections.abc import Iterator, Mapping

from wakeup.diagnostics import Diagnostic, Label, Say, diagnostic
from wakeup.lang.checked import Bands, Checked
from wakeup.lang.checks.audience import tiers_of
from wakeup.plan import sets
from wakeup.plan.model import Tier
from wakeup.plan.predicates import EVERYONE, Predicate


def reached(checked: Checked) -> Iterator[Diagnostic]:
    """Every cause can be somebody's, and everybody has one."""
    for tier in checked.tiers.values():
        if tier.tier.unit == "rule":
            yield from _reached(checked, tier)


def _reached(checked: Checked, tier: Bands) -> Iterator[Diagnostic]:
    tiers = tiers_of(checked)
    before: list[tuple[str, Predicate]] = []
    for band, span in tier.of():
        rule = EVERYONE if band.match is None else band.match
        mine = sets.both(checked.audience, rule)
        if not sets.satisfiable(mine, tiers):
            label = Label(checked.campaign.span("audience"), Say("the audience"))
            told = Say("two of its parts contradict each other, or the audience has none of these people")
            yield diagnostic("WK3301", span, labels=(label,), help=told)
        elif taking := _taking(mine, before, tiers):
            labels = tuple(Label(tier.spans[name], Say("`{name}` takes them first", name=name)) for name in taking)
            yield diagnostic("WK3106", span, labels=labels, name=band.name)
        before.append((band.name, rule))
    if not _taking(checked.audience, before, tiers):
        yield diagnostic("WK3107", tier.entity.span, name=tier.tier.name)


def _taking(people: Predicate, causes: list[tuple[str, Predicate]], tiers: Mapping[str, Tier]) -> list[str]:
    """The causes that take all of some people: one that does, else all together; none if somebody is left."""
    alone = [name for name, rule in causes if sets.implies(people, rule, tiers)]
    if alone or not sets.implies(people, sets.any_of(rule for _, rule in causes), tiers):
        return alone[:1]
    return [name for name, _ in causes]
