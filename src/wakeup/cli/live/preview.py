"""`wakeup preview MESSAGE FILE`: a message as people would read it."""

from pathlib import Path

from wakeup.cli import exits
from wakeup.cli.campaign import campaign
from wakeup.cli.data import DataOptions
from wakeup.cli.messages import language, worded
from wakeup.customers import Population
from wakeup.diagnostics import Count, Listed, Say, WakeupError, diagnostic
from wakeup.face import prepared
from wakeup.live.preview import Preview, Sample, preview
from wakeup.plan.model import Plan
from wakeup.plan.wording import Wording


def run(message: str, file: Path, data: DataOptions) -> int:
    """Print the longest and the shortest rendering of each wording, and one with blanks.

    Raises:
        WakeupError: WK7148 the plan sends no such message, or what reading file and customers raises.
    """
    plan = campaign(file)
    known = [each.name for each in plan.messages]
    if message not in known:
        raise WakeupError([diagnostic("WK7148", name=message, known=Listed(known))])
    source = data.source(start=plan.start, zone=plan.zone, minor_digits=plan.minor_digits)
    _, found = prepared(plan, source, ())
    people = found if isinstance(found, Population) else found.whole()
    wordings = preview(plan, message, people)
    if not wordings:
        print(worded(Say("none of these customers would be sent this message")))
    for each in wordings:
        _show(plan, message, each)
    return exits.FINE


def _show(plan: Plan, message: str, wording: Preview) -> None:
    which = Say("own wording") if wording.variant < 0 else Say("wording {number}", number=wording.variant + 1)
    channel = next(each.channel for each in plan.messages if each.name == message)
    people = Count(wording.people, "customer")
    print(worded(Say("{message} by {channel}, {which}: {people}", message=message, channel=channel, which=which,
                     people=people)))  # fmt: skip
    if wording.unsendable:
        unsent = Count(wording.unsendable, "customer")
        print(worded(Say("  {people} of them cannot be sent it: something without default is blank", people=unsent)))
    _print(plan, Say("longest"), wording.longest)
    if wording.shortest.text != wording.longest.text:
        _print(plan, Say("shortest"), wording.shortest)
    if wording.with_blanks is not None:
        _print(plan, Say("with blanks ({names})", names=Listed(wording.with_blanks.blanks)), wording.with_blanks)


def _print(plan: Plan, which: Say, sample: Sample) -> None:
    cost = Wording(plan, language()).micros(sample.cost_micros)
    told = Say("  {which}, {length}, {cost} each:", which=which, length=Count(len(sample.text), "character"), cost=cost)
    print(worded(told))
    print("\n".join(f"    {line}" for line in sample.text.splitlines()))
