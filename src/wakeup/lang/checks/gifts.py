"""What is granted without being able to be claimed, and outcomes that nothing in the campaign can bring about."""

from collections.abc import Iterator, Mapping
from typing import Final

from wakeup.diagnostics import Diagnostic, Listed, Noun, Say, Text, Word, diagnostic
from wakeup.lang.checked import Checked, Grant, Journey, Send, walk
from wakeup.lang.checks.audience import tiers_of
from wakeup.lang.kinds import ACTIVITIES, GIFTS, SERVICES
from wakeup.plan import sets
from wakeup.plan.predicates import Not, Predicate
from wakeup.source import Span

BRINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "claim": (*GIFTS, *SERVICES),
    "join": ACTIVITIES,
    "complete": ACTIVITIES,
    "attend": ("event",),
}
"""Outcome -> kinds of incentives that can bring it about."""


def wanted(outcome: str) -> Text:
    """What must have been sent for an outcome."""
    if outcome not in BRINGS:
        return Say("a send")
    return Say("an incentive of the kind {kinds}", kinds=Listed([Noun(kind) for kind in BRINGS[outcome]], "or"))


def offered(checked: Checked, sends: Iterator[Send] | list[Send]) -> frozenset[str]:
    """The kinds of the incentives of some sends."""
    found = (checked.one("incentive", name) for send in sends for name in send.incentives)
    return frozenset(each.kind for each in found if each is not None)


def grants(checked: Checked) -> Iterator[Diagnostic]:
    """What must be claimed or joined needs a message besides the grant."""
    steps = [step for journey in checked.journeys for step in walk(journey.steps)]
    sent = {name for step in steps if isinstance(step, Send) for name in step.incentives}
    for step in steps:
        for name in step.incentives if isinstance(step, Grant) else ():
            declared = checked.one("incentive", name)
            if declared is not None and declared.kind in (*GIFTS, *SERVICES, *ACTIVITIES) and name not in sent:
                yield diagnostic("WK3330", step.span, name=name, kind=Noun(declared.kind))


def outcomes(checked: Checked) -> Iterator[Diagnostic]:
    """What counts as waking up, or ends a journey, can happen."""
    every = [step for journey in checked.journeys for step in walk(journey.steps) if isinstance(step, Send)]
    for outcome in checked.awake:
        yield from _brought(checked, outcome, every, checked.campaign.span("awake"))
    for journey in checked.journeys:
        if journey.goal and journey.whole and journey.entity.decl.prop("goal") is not None:
            mine = [step for step in walk(journey.steps) if isinstance(step, Send)]
            yield from _brought(checked, journey.goal, mine, _goal(journey))


def _goal(journey: Journey) -> Span:
    prop = journey.entity.decl.prop("goal")
    return journey.entity.span if prop is None else prop.value.span


def _brought(checked: Checked, outcome: str, sends: list[Send], span: Span) -> Iterator[Diagnostic]:
    kinds = BRINGS.get(outcome)
    if kinds is not None and sends and not offered(checked, sends) & set(kinds):
        yield diagnostic("WK3331", span, outcome=Word(outcome), wanted=wanted(outcome))


def scenes(checked: Checked) -> Iterator[Diagnostic]:
    """Content suits somebody of the audience."""
    tiers = tiers_of(checked)
    for content in checked.of("incentive"):
        scene = content.values.get("scene")
        if isinstance(scene, Predicate) and not sets.satisfiable(sets.both(checked.audience, scene), tiers):
            yield diagnostic("WK3332", content.span("scene"), name=content.name)


def variants(checked: Checked) -> Iterator[Diagnostic]:
    """Every text can be sent to somebody: it is for people, and the texts before it leave some."""
    tiers = tiers_of(checked)
    for message in checked.of("message"):
        before: list[Predicate] = []
        for text in message.texts():
            if text.match is None:
                continue
            left = text.match if not before else sets.both(text.match, Not(sets.any_of(before)))
            if not sets.satisfiable(sets.both(checked.audience, left), tiers):
                yield diagnostic("WK3333", text.span, name=message.name)
            before.append(text.match)
