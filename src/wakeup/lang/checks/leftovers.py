"""What is declared and never used, and what is paid for twice over: notes, when nothing is wrong."""

from collections.abc import Iterator

from wakeup.diagnostics import Diagnostic, diagnostic
from wakeup.lang import offers, template
from wakeup.lang.checked import Checked, Declared, Promote, Send, Split, walk
from wakeup.terms.lists import ChannelKind


def _sends(checked: Checked) -> Iterator[Send]:
    steps = (step for journey in checked.journeys for step in walk(journey.steps))
    return (step for step in steps if isinstance(step, Send))


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
    used = {name for send in _sends(checked) for name in send.incentives}
    used |= {each.get("reward", str) or "" for each in checked.of("incentive") if each.name in used}
    for incentive in _own(checked, "incentive"):
        if incentive.name not in used:
            yield diagnostic("WK3316", incentive.entity.span, kind=incentive.kind, name=incentive.name)


def lines(checked: Checked) -> Iterator[Diagnostic]:
    """Budget lines that nothing is paid from."""
    if checked.budget is None:
        return
    spaces = ("incentive", "channel", "cost")
    used = {each.get("line", str) for space in spaces for each in checked.of(space)}
    for line in checked.budget.lines:
        if line.name not in used:
            yield diagnostic("WK3207", line.span, name=line.name)


def parts(checked: Checked) -> Iterator[Diagnostic]:
    """Text messages that are billed as more than one part."""
    for message in _own(checked, "message"):
        channel = checked.channel_of(message)
        if channel is None or channel.get("kind", str) != ChannelKind.SMS:
            continue
        count = template.read(message.get("text", str) or "").parts(offers.wordings(checked, message.name))
        if count > 1:
            yield diagnostic("WK4008", message.span("text"), name=message.name, count=count)


def measures(checked: Checked) -> Iterator[Diagnostic]:
    """Splits that measure a figure and promote nobody by it."""
    for journey in checked.journeys:
        steps = list(walk(journey.steps))
        promoted = {step.split for step in steps if isinstance(step, Promote)}
        for step in steps:
            if isinstance(step, Split) and step.measuring and step.name not in promoted:
                yield diagnostic("WK3320", step.span, name=step.name, figure=step.measuring)
