"""Causes of sleep: the first that somebody meets counts, so each must be left somebody."""

from collections.abc import Iterator

from wakeup.diagnostics import Diagnostic, Label, Say, diagnostic
from wakeup.lang.checked import Bands, Checked
from wakeup.lang.checks.audience import tiers_of
from wakeup.plan import sets
from wakeup.plan.predicates import EVERYONE
from wakeup.plan.shadows import Taken


def reached(checked: Checked) -> Iterator[Diagnostic]:
    """Every cause can be somebody's, and everybody has one."""
    for tier in checked.tiers.values():
        if tier.tier.unit == "rule":
            yield from _reached(checked, tier)


def _reached(checked: Checked, tier: Bands) -> Iterator[Diagnostic]:
    tiers = tiers_of(checked)
    before = Taken(tiers)
    names = [band.name for band in tier.tier.bands]
    for band, span in tier.of():
        rule = EVERYONE if band.match is None else band.match
        mine = sets.both(checked.audience, rule)
        if not sets.satisfiable(mine, tiers):
            label = Label(checked.campaign.span("audience"), Say("the audience"))
            told = Say("two of its parts contradict each other, or the audience has none of these people")
            yield diagnostic("WK3301", span, labels=(label,), help=told)
        elif taking := [names[number] for number in before.whole(mine)]:
            labels = tuple(Label(tier.spans[name], Say("`{name}` takes them first", name=name)) for name in taking)
            yield diagnostic("WK3106", span, labels=labels, name=band.name)
        before.add(rule)
    if sets.satisfiable(checked.audience, tiers) and not before.whole(checked.audience):
        yield diagnostic("WK3107", tier.entity.span, name=tier.tier.name)
