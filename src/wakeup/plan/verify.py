"""What must hold of every plan, whoever made it: checked after compilation and after reading JSON."""

from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import pairwise
from typing import Final

from wakeup.diagnostics import Key, Named, Noun, Piece, Say, Word
from wakeup.plan.model import (
    Activity,
    Branch,
    Coupon,
    Gift,
    Grant,
    Incentive,
    Journey,
    Jump,
    Message,
    Plan,
    Send,
    Service,
    Split,
)
from wakeup.plan.parts import owner
from wakeup.plan.predicates import And, Compare, Happened, InTier, Not, Or, Predicate
from wakeup.plan.values import decimal, values
from wakeup.terms.lists import Outcome

_UNITS: Final = {
    "money": Noun("money"),
    "seconds": Noun("seconds"),
    "months": Noun("months"),
    "count": Noun("count"),
    "decimal": Noun("decimal"),
    "text": Noun("text"),
    "date": Noun("date"),
    "rule": Noun("rule"),
}


def verify(plan: Plan) -> tuple[Say, ...]:
    """Return what contradicts itself in the plan, in words of either language; empty when nothing does."""
    return tuple(_problems(plan))


def _problems(plan: Plan) -> Iterator[Say]:
    if plan.end <= plan.start:
        yield Say("the run ends before it starts")
    if not 0 <= plan.minor_digits <= 6:
        yield Say("a currency has 0 to 6 minor digits")
    yield from values(plan)
    yield from _unique_names(plan)
    yield from _shares(plan)
    yield from _references(plan)
    for journey in plan.journeys:
        yield from _program(plan, journey)


def _unique_names(plan: Plan) -> Iterator[Say]:
    families: tuple[tuple[str, Iterable[str]], ...] = (
        ("journey", (j.name for j in plan.journeys)),
        ("tier", (t.name for t in plan.tiers)),
        ("channel", (c.name for c in plan.channels)),
        ("message", (m.name for m in plan.messages)),
        ("incentive", (i.name for i in plan.incentives)),
        ("staff", (s.name for s in plan.staff)),
        ("scenario", (s.name for s in plan.scenarios)),
        ("budget line", _lines(plan)),
    )
    for family, names in families:
        for name, count in Counter(names).items():
            if count > 1:
                yield Say("{thing} is there {count} times", thing=Named(family, name), count=count)


def _lines(plan: Plan) -> tuple[str, ...]:
    return () if plan.budget is None else tuple(line.name for line in plan.budget.lines)


def _shares(plan: Plan) -> Iterator[Say]:
    for what, text in ((Key("holdout"), plan.holdout), (Key("margin"), plan.margin)):
        share = decimal(text)
        if share is None or not 0 <= share <= 1:
            yield Say("{what} {value!r} is no share between 0 and 1", what=what, value=text)


def _references(plan: Plan) -> Iterator[Say]:
    messages = {m.name for m in plan.messages}
    channels = {c.name for c in plan.channels}
    staff = {s.name for s in plan.staff}
    for message in plan.messages:
        yield from _missing(Named("message", message.name), Noun("channel"), message.channel, channels)
        yield from _missing(Named("message", message.name), Noun("message"), message.fallback, messages, optional=True)
        yield from _missing(Named("message", message.name), Noun("staff"), message.staff, staff, optional=True)
        yield from _endless_fallback(plan, message)
        for variant in message.variants:
            yield from _predicate(plan, Named("message", message.name), variant.match)
    for incentive in plan.incentives:
        yield from _missing(_where(incentive), Noun("budget line"), incentive.line, _lines(plan), optional=True)
        yield from _incentive(plan, incentive)
    yield from _rules(plan)


def _where(incentive: Incentive) -> Say:
    return owner(incentive.kind, incentive.name)


def _incentive(plan: Plan, incentive: Incentive) -> Iterator[Say]:
    where = _where(incentive)
    match incentive:
        case Service():
            yield from _missing(where, Noun("staff"), incentive.staff, {s.name for s in plan.staff}, optional=True)
        case Coupon():
            for rung in incentive.rungs:
                yield from _band(plan, where, rung.tier, rung.band)
            if incentive.opens is not None and incentive.closes is not None and incentive.closes <= incentive.opens:
                yield Say("{where} closes before it opens", where=where)
        case Gift(scene=scene):
            if scene is not None:
                yield from _predicate(plan, where, scene)
        case Activity():
            yield from _activity(plan, incentive)


def _activity(plan: Plan, activity: Activity) -> Iterator[Say]:
    where = _where(activity)
    incentives = {each.name: each for each in plan.incentives}
    reward = incentives.get(activity.reward)
    yield from _missing(where, Noun("incentive"), activity.reward, incentives, optional=True)
    if isinstance(reward, Activity | Service):
        yield Say(
            "{where} rewards with {reward}; only a coupon or a gift can be a reward",
            where=where,
            reward=_where(reward),
        )
    if (activity.kind == "draw") != bool(activity.odds):
        yield Say("{where} has odds {odds!r}; a draw has some and nothing else has", where=where, odds=activity.odds)
    if (activity.kind == "event") != (activity.at is not None):
        at = Say("None") if activity.at is None else activity.at
        yield Say("{where} is at {at}; an event is at an instant and nothing else is", where=where, at=at)


def _rules(plan: Plan) -> Iterator[Say]:
    lines = _lines(plan)
    channels = {c.name for c in plan.channels}
    staff = {s.name for s in plan.staff}
    if plan.budget is not None:
        yield from _missing(Say("the budget"), Noun("budget line"), plan.budget.send_line, lines, optional=True)
    for channel in plan.channels:
        yield from _missing(Named("channel", channel.name), Noun("budget line"), channel.line, lines, optional=True)
        yield from _missing(Named("channel", channel.name), Noun("staff"), channel.staff, staff, optional=True)
    for cost in plan.costs:
        yield from _missing(Named("cost", cost.name), Noun("budget line"), cost.line, lines, optional=True)
    for cap in plan.cadence.caps:
        yield from _missing(Say("a cap"), Noun("channel"), cap.channel, channels, optional=True)
        yield from _band(plan, Say("a cap"), cap.tier, cap.band)
    for scenario in plan.scenarios:
        for down in scenario.down:
            yield from _missing(Named("scenario", scenario.name), Noun("channel"), down, channels)
        for cut in scenario.budget:
            yield from _missing(Named("scenario", scenario.name), Noun("budget line"), cut.line, lines, optional=True)
    for promotion in plan.promotions:
        journeys = {j.name: j for j in plan.journeys}
        yield from _missing(Say("a promotion"), Noun("journey"), promotion.journey, journeys)
        if promotion.journey in journeys:
            splits = [i.name for i in journeys[promotion.journey].program if isinstance(i, Split)]
            where = Say("a promotion in journey {name}", name=promotion.journey)
            yield from _missing(where, Noun("split"), promotion.split, splits)
    yield from _predicate(plan, Say("the audience"), plan.audience)
    yield from _bands(plan)


def _bands(plan: Plan) -> Iterator[Say]:
    for tier in plan.tiers:
        for band in tier.bands:
            if band.match is not None:
                yield from _predicate(plan, Named("tier", tier.name), band.match)
            if (band.match is not None) != (tier.unit == "rule"):
                yield Say(
                    "{tier} by {unit} has a band {band} that is not by {unit}",
                    tier=Named("tier", tier.name),
                    unit=_UNITS[tier.unit],
                    band=band.name,
                )


def _missing(where: Piece, family: Noun, name: str, known: Iterable[str], *, optional: bool = False) -> Iterator[Say]:
    if not (optional and name == "") and name not in known:
        yield Say("{where} names {family} {name!r}, which is not declared", where=where, family=family, name=name)


def _band(plan: Plan, where: Piece, tier: str, band: str) -> Iterator[Say]:
    if tier == "" and band == "":
        return
    bands = {t.name: [b.name for b in t.bands] for t in plan.tiers}
    yield from _missing(where, Noun("tier"), tier, bands)
    if tier in bands:
        yield from _missing(where, Noun("band"), band, bands[tier])


def _endless_fallback(plan: Plan, message: Message) -> Iterator[Say]:
    fallback = {m.name: m.fallback for m in plan.messages}
    seen = {message.name}
    name = message.fallback
    while name in fallback and name not in seen:
        seen.add(name)
        name = fallback[name]
    if name == message.name:
        yield Say("{message} falls back to itself", message=Named("message", message.name))


def _program(plan: Plan, journey: Journey) -> Iterator[Say]:
    where = Named("journey", journey.name)
    yield from _predicate(plan, where, journey.match)
    yield from _named_alike(where, journey)
    if journey.wave.per_day is not None and journey.wave.per_day < 1:
        yield Say("{where} lets nobody in: {number} a day", where=where, number=journey.wave.per_day)
    for index, instruction in enumerate(journey.program):
        at = Say("{where}, instruction {number}", where=where, number=index)
        match instruction:
            case Send(message=message, incentives=incentives):
                yield from _missing(at, Noun("message"), message, [m.name for m in plan.messages])
                for incentive in incentives:
                    yield from _missing(at, Noun("incentive"), incentive, [i.name for i in plan.incentives])
            case Grant(incentives=incentives):
                for incentive in incentives:
                    yield from _missing(at, Noun("incentive"), incentive, [i.name for i in plan.incentives])
            case Branch(predicate=predicate, otherwise=otherwise):
                yield from _predicate(plan, at, predicate)
                yield from _target(journey, index, otherwise)
            case Jump(target=target):
                yield from _target(journey, index, target)
            case Split():
                yield from _split(journey, index, instruction)
            case _:
                pass


def _named_alike(where: Piece, journey: Journey) -> Iterator[Say]:
    steps = Counter(i.step for i in journey.program if isinstance(i, Send | Grant))
    for step, count in steps.items():
        if count > 1:
            yield Say("{where} has {count} steps named {name}", where=where, count=count, name=step)
    splits = Counter(i.name for i in journey.program if isinstance(i, Split))
    for split, count in splits.items():
        if count > 1:
            yield Say("{where} has {count} splits named {name}", where=where, count=count, name=split)


def _measured(compare: Compare) -> bool:
    """Whether the value is one of the unit."""
    match compare.unit:
        case "text" | "date":
            return isinstance(compare.value, str)
        case "decimal":
            return isinstance(compare.value, str) and decimal(compare.value) is not None
        case _:
            return isinstance(compare.value, int)


def _target(journey: Journey, index: int, target: int) -> Iterator[Say]:
    # One past the last instruction is the end of the journey.
    if not index < target <= len(journey.program):
        where = Say("{where}, instruction {number}", where=Named("journey", journey.name), number=index)
        yield Say("{where} jumps to {target}, which does not lie ahead", where=where, target=target)


def _split(journey: Journey, index: int, split: Split) -> Iterator[Say]:
    where = Say("{where}, split {name}", where=Named("journey", journey.name), name=split.name)
    for name, count in Counter(arm.name for arm in split.arms).items():
        if count > 1:
            yield Say("{where} has {count} arms named {name}", where=where, count=count, name=name)
    ranges = [(decimal(arm.low), decimal(arm.high)) for arm in split.arms]
    if any(low is None or high is None for low, high in ranges):
        yield Say("{where} has a share that is no decimal", where=where)
        return
    edges = [Decimal(0), *(high for _, high in ranges if high is not None)]
    starts = [*(low for low, _ in ranges if low is not None), Decimal(1)]
    if edges != starts or any(high <= low for low, high in pairwise(edges)):
        yield Say("{where} does not cover [0, 1) once, in order", where=where)
    for arm in split.arms:
        yield from _target(journey, index, arm.target)


def _predicate(plan: Plan, where: Piece, predicate: Predicate) -> Iterator[Say]:
    match predicate:
        case Not(operand=operand):
            yield from _predicate(plan, where, operand)
        case And(operands=operands) | Or(operands=operands):
            for operand in operands:
                yield from _predicate(plan, where, operand)
        case InTier(tier=tier, band=band):
            yield from _band(plan, where, tier, band)
        case Happened(outcome=outcome):
            yield from _missing(where, Noun("outcome"), outcome, tuple(Outcome))
        case Compare() if not _measured(predicate):
            yield Say(
                "{where} compares {attribute!r} with {value!r}, which is no {unit}",
                where=where,
                attribute=Word(predicate.attribute),
                value=predicate.value,
                unit=_UNITS[predicate.unit],
            )
        case _:
            pass
