"""The last page before the first send: whom it reaches, what it can cost, what stays done, in one screen of words."""

from collections.abc import Iterator, Sequence

from attrs import frozen

from wakeup.diagnostics import Count
from wakeup.plan.model import Plan
from wakeup.plan.wording import Wording
from wakeup.report.numbers import bare
from wakeup.report.speech import Speech
from wakeup.terms.language import Language

SHORT = 8
"""Digits of the plan's short id that approve it."""


@frozen
class Way:
    """A channel of the plan as it is bound: its adapter, and how many of the targeted have an address and a consent."""

    channel: str
    adapter: str
    reached: int


@frozen
class Launch:
    """What approving a plan means.

    version: conduct fingerprint. eligible, no_journey: people. journeys: (name, targeted, held out). ways: per channel.
    simulated: when this conduct was simulated last (ISO, UTC), "" never. same_people: whether on these customers.
    late: seconds by which the run's first instant has passed, 0 if it lies ahead.
    """

    plan: Plan
    version: str
    eligible: int
    no_journey: int
    journeys: Sequence[tuple[str, int, int]]
    ways: Sequence[Way]
    simulated: str = ""
    same_people: bool = False
    late: int = 0

    @property
    def short(self) -> str:
        """The id that approves it."""
        return self.version[:SHORT]

    @property
    def targeted(self) -> int:
        """People who get something, over all journeys."""
        return sum(each for _, each, _ in self.journeys)


def lines(launch: Launch, lang: Language) -> list[str]:
    """Return the screen, line by line."""
    s, words = Speech(lang), Wording(launch.plan, lang)
    parts = (_what, _who, _ways, _money, _stays, _forecast)
    return [line for part in parts for line in part(launch, s, words)]


def _what(launch: Launch, s: Speech, words: Wording) -> Iterator[str]:
    plan = launch.plan
    yield s.say("{name}, version {version}", name=plan.title or plan.name, version=launch.short)
    yield s.say(
        "Runs from {start} to {end} ({zone}).",
        start=words.moment(plan.start),
        end=words.last_day(plan.end),
        zone=plan.zone,
    )
    if launch.late:
        yield s.say(
            "It should have begun {late} ago: who was to enter meanwhile enters at once.", late=_length(launch.late)
        )


def _who(launch: Launch, s: Speech, words: Wording) -> Iterator[str]:
    held = sum(each for _, _, each in launch.journeys)
    yield s.say(
        "{targeted} will be contacted; {held} are held out as control; {others} of the audience fit no journey.",
        targeted=Count(launch.targeted, "customer"),
        held=bare(held, "people"),
        others=bare(launch.no_journey, "people"),
    )
    for name, targeted, out in launch.journeys:
        yield "  " + s.say(
            "journey {name}: {targeted}, held out {held}",
            name=name,
            targeted=Count(targeted, "customer"),
            held=bare(out, "people"),
        )
    if not held:
        yield s.say("There is no control group: what the campaign really brought will not be known.")


def _ways(launch: Launch, s: Speech, words: Wording) -> Iterator[str]:
    plan = launch.plan
    for way in launch.ways:
        messages = [each.name for each in plan.messages if each.channel == way.channel]
        yield s.say(
            "By {channel} ({adapter}): {messages}; {reached} of them have an address there and have agreed to it.",
            channel=way.channel,
            adapter=way.adapter,
            messages=words.listed(messages),
            reached=bare(way.reached, "people"),
        )
        if not way.reached:
            yield "  " + s.say(
                "nobody can be reached there: the customers need a column {consent} that says yes, and an address",
                consent=f"{_kind(plan, way.channel)}_consent",
            )


def _money(launch: Launch, s: Speech, words: Wording) -> Iterator[str]:
    budget = launch.plan.budget
    if budget is None:
        yield s.say("There is no budget: nothing limits what it can cost.")
        return
    total = words.money(budget.total)
    if budget.lines:
        lines = words.listed(f"{each.name} {words.money(each.limit)}" for each in budget.lines)
        yield s.say("It can spend at most {total}: {lines}.", total=total, lines=lines)
    else:
        yield s.say("It can spend at most {total}.", total=total)
    yield s.say("Coupons that are out are honoured even where that overdraws a line.")


def _stays(launch: Launch, s: Speech, words: Wording) -> Iterator[str]:
    yield s.say("What cannot be undone: every message that is sent, every coupon and code that is given.")


def _forecast(launch: Launch, s: Speech, words: Wording) -> Iterator[str]:
    if not launch.simulated:
        yield s.say("This version was never simulated here.")
    elif not launch.same_people:
        yield s.say("Simulated last at {time}, but on other customers.", time=launch.simulated)
    else:
        yield s.say("Simulated last at {time}, on these customers.", time=launch.simulated)


def _length(seconds: int) -> Count:
    for size, unit in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= size:
            return Count(seconds // size, unit)
    return Count(seconds, "second")


def _kind(plan: Plan, channel: str) -> str:
    return next(each.channel_kind for each in plan.channels if each.name == channel)
