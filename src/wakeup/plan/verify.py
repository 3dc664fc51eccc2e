"""What must hold of every plan, whoever made it: checked after compilation and after reading JSON."""

from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import pairwise

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
from wakeup.plan.predicates import And, Compare, Happened, InTier, Not, Or, Predicate
from wakeup.plan.values import decimal, values
from wakeup.terms.lists import Outcome


def verify(plan: Plan) -> tuple[str, ...]:
    """Return what contradicts itself in the plan, in words; empty when nothing does."""
    return tuple(_problems(plan))


def _problems(plan: Plan) -> Iterator[str]:
    if plan.end <= plan.start:
        yield "the run ends before it starts"
    if not 0 <= plan.minor_digits <= 6:
        yield "a currency has 0 to 6 minor digits"
    yield from values(plan)
    yield from _unique_names(plan)
    yield from _shares(plan)
    yield from _references(plan)
    for journey in plan.journeys:
        yield from _program(plan, journey)


def _unique_names(plan: Plan) -> Iterator[str]:
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
                yield f"{family} {name} is there {count} times"


def _lines(plan: Plan) -> tuple[str, ...]:
    return () if plan.budget is None else tuple(line.name for line in plan.budget.lines)


def _shares(plan: Plan) -> Iterator[str]:
    for what, text in (("holdout", plan.holdout), ("margin", plan.margin)):
        share = decimal(text)
        if share is None or not 0 <= share <= 1:
            yield f"{what} {text!r} is no share between 0 and 1"


def _references(plan: Plan) -> Iterator[str]:
    messages = {m.name for m in plan.messages}
    channels = {c.name for c in plan.channels}
    staff = {s.name for s in plan.staff}
    for message in plan.messages:
        yield from _missing(f"message {message.name}", "channel", message.channel, channels)
        yield from _missing(f"message {message.name}", "message", message.fallback, messages, optional=True)
        yield from _missing(f"message {message.name}", "staff", message.staff, staff, optional=True)
        yield from _endless_fallback(plan, message)
        for variant in message.variants:
            yield from _predicate(plan, f"message {message.name}", variant.match)
    for incentive in plan.incentives:
        yield from _missing(_where(incentive), "budget line", incentive.line, _lines(plan), optional=True)
        yield from _incentive(plan, incentive)
    yield from _rules(plan)


def _where(incentive: Incentive) -> str:
    return f"{incentive.kind} {incentive.name}"


def _incentive(plan: Plan, incentive: Incentive) -> Iterator[str]:
    where = _where(incentive)
    match incentive:
        case Service():
            yield from _missing(where, "staff", incentive.staff, {s.name for s in plan.staff}, optional=True)
        case Coupon():
            for rung in incentive.rungs:
                yield from _band(plan, where, rung.tier, rung.band)
            if incentive.opens is not None and incentive.closes is not None and incentive.closes <= incentive.opens:
                yield f"{where} closes before it opens"
        case Gift(scene=scene):
            if scene is not None:
                yield from _predicate(plan, where, scene)
        case Activity():
            yield from _activity(plan, incentive)


def _activity(plan: Plan, activity: Activity) -> Iterator[str]:
    where = _where(activity)
    incentives = {each.name: each for each in plan.incentives}
    reward = incentives.get(activity.reward)
    yield from _missing(where, "incentive", activity.reward, incentives, optional=True)
    if isinstance(reward, Activity | Service):
        yield f"{where} rewards with {reward.kind} {reward.name}; only a coupon or a gift can be a reward"
    if (activity.kind == "draw") != bool(activity.odds):
        yield f"{where} has odds {activity.odds!r}; a draw has some and nothing else has"
    if (activity.kind == "event") != (activity.at is not None):
        yield f"{where} is at {activity.at}; an event is at an instant and nothing else is"


def _rules(plan: Plan) -> Iterator[str]:
    lines = _lines(plan)
    channels = {c.name for c in plan.channels}
    staff = {s.name for s in plan.staff}
    if plan.budget is not None:
        yield from _missing("the budget", "budget line", plan.budget.send_line, lines, optional=True)
    for channel in plan.channels:
        yield from _missing(f"channel {channel.name}", "budget line", channel.line, lines, optional=True)
        yield from _missing(f"channel {channel.name}", "staff", channel.staff, staff, optional=True)
    for cost in plan.costs:
        yield from _missing(f"cost {cost.name}", "budget line", cost.line, lines, optional=True)
    for cap in plan.cadence.caps:
        yield from _missing("a cap", "channel", cap.channel, channels, optional=True)
        yield from _band(plan, "a cap", cap.tier, cap.band)
    for scenario in plan.scenarios:
        for down in scenario.down:
            yield from _missing(f"scenario {scenario.name}", "channel", down, channels)
    for promotion in plan.promotions:
        journeys = {j.name: j for j in plan.journeys}
        yield from _missing("a promotion", "journey", promotion.journey, journeys)
        if promotion.journey in journeys:
            splits = [i.name for i in journeys[promotion.journey].program if isinstance(i, Split)]
            yield from _missing(f"a promotion in journey {promotion.journey}", "split", promotion.split, splits)
    yield from _predicate(plan, "the audience", plan.audience)
    yield from _bands(plan)


def _bands(plan: Plan) -> Iterator[str]:
    for tier in plan.tiers:
        for band in tier.bands:
            if band.match is not None:
                yield from _predicate(plan, f"tier {tier.name}", band.match)
            if (band.match is not None) != (tier.unit == "rule"):
                yield f"tier {tier.name} by {tier.unit} has a band {band.name} that is not by {tier.unit}"


def _missing(where: str, family: str, name: str, known: Iterable[str], *, optional: bool = False) -> Iterator[str]:
    if not (optional and name == "") and name not in known:
        yield f"{where} names {family} {name!r}, which is not declared"


def _band(plan: Plan, where: str, tier: str, band: str) -> Iterator[str]:
    if tier == "" and band == "":
        return
    bands = {t.name: [b.name for b in t.bands] for t in plan.tiers}
    yield from _missing(where, "tier", tier, bands)
    if tier in bands:
        yield from _missing(where, "band", band, bands[tier])


def _endless_fallback(plan: Plan, message: Message) -> Iterator[str]:
    fallback = {m.name: m.fallback for m in plan.messages}
    seen = {message.name}
    name = message.fallback
    while name in fallback and name not in seen:
        seen.add(name)
        name = fallback[name]
    if name == message.name:
        yield f"message {message.name} falls back to itself"


def _program(plan: Plan, journey: Journey) -> Iterator[str]:
    where = f"journey {journey.name}"
    yield from _predicate(plan, where, journey.match)
    steps = Counter(i.step for i in journey.program if isinstance(i, Send | Grant))
    yield from (f"{where} has {count} steps named {step}" for step, count in steps.items() if count > 1)
    splits = Counter(i.name for i in journey.program if isinstance(i, Split))
    yield from (f"{where} has {count} splits named {split}" for split, count in splits.items() if count > 1)
    if journey.wave.per_day is not None and journey.wave.per_day < 1:
        yield f"{where} lets nobody in: {journey.wave.per_day} a day"
    for index, instruction in enumerate(journey.program):
        at = f"{where}, instruction {index}"
        match instruction:
            case Send(message=message, incentives=incentives):
                yield from _missing(at, "message", message, [m.name for m in plan.messages])
                for incentive in incentives:
                    yield from _missing(at, "incentive", incentive, [i.name for i in plan.incentives])
            case Grant(incentives=incentives):
                for incentive in incentives:
                    yield from _missing(at, "incentive", incentive, [i.name for i in plan.incentives])
            case Branch(predicate=predicate, otherwise=otherwise):
                yield from _predicate(plan, at, predicate)
                yield from _target(journey, index, otherwise)
            case Jump(target=target):
                yield from _target(journey, index, target)
            case Split():
                yield from _split(journey, index, instruction)
            case _:
                pass


def _measured(compare: Compare) -> bool:
    """Whether the value is one of the unit."""
    match compare.unit:
        case "text" | "date":
            return isinstance(compare.value, str)
        case "decimal":
            return isinstance(compare.value, str) and decimal(compare.value) is not None
        case _:
            return isinstance(compare.value, int)


def _target(journey: Journey, index: int, target: int) -> Iterator[str]:
    # One past the last instruction is the end of the journey.
    if not index < target <= len(journey.program):
        yield f"journey {journey.name}, instruction {index} jumps to {target}, which does not lie ahead"


def _split(journey: Journey, index: int, split: Split) -> Iterator[str]:
    where = f"journey {journey.name}, split {split.name}"
    for name, count in Counter(arm.name for arm in split.arms).items():
        if count > 1:
            yield f"{where} has {count} arms named {name}"
    ranges = [(decimal(arm.low), decimal(arm.high)) for arm in split.arms]
    if any(low is None or high is None for low, high in ranges):
        yield f"{where} has a share that is no decimal"
        return
    edges = [Decimal(0), *(high for _, high in ranges if high is not None)]
    starts = [*(low for low, _ in ranges if low is not None), Decimal(1)]
    if edges != starts or any(high <= low for low, high in pairwise(edges)):
        yield f"{where} does not cover [0, 1) once, in order"
    for arm in split.arms:
        yield from _target(journey, index, arm.target)


def _predicate(plan: Plan, where: str, predicate: Predicate) -> Iterator[str]:
    match predicate:
        case Not(operand=operand):
            yield from _predicate(plan, where, operand)
        case And(operands=operands) | Or(operands=operands):
            for operand in operands:
                yield from _predicate(plan, where, operand)
        case InTier(tier=tier, band=band):
            yield from _band(plan, where, tier, band)
        case Happened(outcome=outcome):
            yield from _missing(where, "outcome", outcome, tuple(Outcome))
        case Compare() if not _measured(predicate):
            yield f"{where} compares {predicate.attribute!r} with {predicate.value!r}, which is no {predicate.unit}"
        case _:
            pass
