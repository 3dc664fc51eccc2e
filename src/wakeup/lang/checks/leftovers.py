"""What is declared and never used, and what is paid for twice over: notes, when nothing is wrong."""

from collections.abc import Iterator

from wakeup.diagnostics import Diagnostic, Noun, Say, Word, diagnostic
from wakeup.lang import offers
from wakeup.lang.checked import Checked, Declared, Grant, Promote, Send, Split, Step, walk
from wakeup.lang.checks.audience import tiers_of
from wakeup.lang.values import Prize
from wakeup.plan import sets, template
from wakeup.plan.predicates import InTier
from wakeup.syntax import nodes
from wakeup.syntax.nodes import statements
from wakeup.terms.lists import ChannelKind


def _steps(checked: Checked) -> Iterator[Step]:
    return (step for journey in checked.journeys for step in walk(journey.steps))


def _sends(checked: Checked) -> Iterator[Send]:
    return (step for step in _steps(checked) if isinstance(step, Send))


def _own(checked: Checked, namespace: str) -> Iterator[Declared]:
    """What the campaign file itself declares; a library may hold more than one campaign uses."""
    return (each for each in checked.of(namespace) if each.entity.module is checked.project.main)


def messages(checked: Checked) -> Iterator[Diagnostic]:
    """Messages that no journey sends, not even as a fallback."""
    used = {each.name for send in _sends(checked) for each in checked.chain(send.message)}
    for message in _own(checked, "message"):
        if message.name not in used:
            yield diagnostic("WK3315", message.entity.span, name=message.name)


def incentives(checked: Checked) -> Iterator[Diagnostic]:
    """Incentives that nobody is given, not even as a reward."""
    used = {name for step in _steps(checked) if isinstance(step, Send | Grant) for name in step.incentives}
    used |= {_reward(each) for each in checked.of("incentive") if each.name in used} | _bundles(checked)
    for incentive in _own(checked, "incentive"):
        if incentive.name not in used:
            yield diagnostic("WK3316", incentive.entity.span, kind=Noun(incentive.kind), name=incentive.name)


def _reward(activity: Declared) -> str:
    prize = activity.get("prize", Prize)
    return activity.get("reward", str) or "" if prize is None else prize.reward


def _bundles(checked: Checked) -> set[str]:
    """The bundles that steps name: what these hold stands in the steps, the bundles themselves do not."""
    written = {
        ref.written
        for decl in checked.project.main.file.of("journey")
        for item in statements(decl.items)
        if isinstance(item, nodes.Send | nodes.Grant)
        for ref in item.incentives
    }
    return {each.name for each in checked.of("incentive") if each.kind == "bundle" and each.name in written}


def staff(checked: Checked) -> Iterator[Diagnostic]:
    """Staff whom no service, message or channel names."""
    used = {each.get("staff", str) for space in ("incentive", "message", "channel") for each in checked.of(space)}
    for each in _own(checked, "staff"):
        if each.name not in used:
            yield diagnostic("WK3334", each.entity.span, name=each.name)


def lines(checked: Checked) -> Iterator[Diagnostic]:
    """Budget lines that nothing is paid from."""
    if checked.budget is None:
        return
    spaces = ("incentive", "channel", "cost")
    used = {each.get("line", str) for space in spaces for each in checked.of(space)}
    for line in checked.budget.lines:
        if line.name not in used:
            told = Say("write `line: {name}` in what it pays for, such as a channel, or leave it out", name=line.name)
            yield diagnostic("WK3207", line.span, help=told, name=line.name)


def bands(checked: Checked) -> Iterator[Diagnostic]:
    """Bands of whose people no journey can take anybody."""
    tiers = tiers_of(checked)
    taken = [sets.cases(sets.both(checked.audience, journey.match), tiers) for journey in checked.journeys]
    for tier in checked.tiers.values():
        for band, span in tier.of() if tier.entity.module is checked.project.main else ():
            mine = InTier(tier.tier.name, band.name)
            held = sets.cases(mine, tiers)
            meant = sets.satisfiable(sets.both(checked.audience, mine), tiers)
            if meant and all(sets.common(each, held) == () for each in taken):
                yield diagnostic("WK3336", span, name=f"{tier.tier.name}.{band.name}")


def parts(checked: Checked) -> Iterator[Diagnostic]:
    """Text messages that are billed as more than one part."""
    for message in _own(checked, "message"):
        channel = checked.channel_of(message)
        if channel is None or channel.get("kind", str) != ChannelKind.SMS:
            continue
        told = offers.wordings(checked, message.name)
        for text in message.texts():
            count = template.read(text.text).parts(told)
            if count > 1:
                yield diagnostic("WK4008", text.span, name=message.name, count=count)


def measures(checked: Checked) -> Iterator[Diagnostic]:
    """Splits that measure a figure and promote nobody by it."""
    for journey in checked.journeys:
        steps = list(walk(journey.steps))
        promoted = {step.split for step in steps if isinstance(step, Promote)}
        for step in steps:
            if isinstance(step, Split) and step.measuring and step.name not in promoted:
                yield diagnostic("WK3320", step.span, name=step.name, figure=Word(step.measuring))
