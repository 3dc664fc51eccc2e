"""What a plan looks at: the comparisons, tags, tiers and outcomes of all its predicates."""

from collections.abc import Iterator

from wakeup.plan.model import Branch, Gift, Plan
from wakeup.plan.predicates import And, HasTag, Not, Or, Predicate


def leaves(plan: Plan) -> Iterator[Predicate]:
    """Yield every predicate without operands: of the audience, tiers by rule, texts, content, the journeys in order."""
    yield from _parts(plan.audience)
    for band in (band for tier in plan.tiers for band in tier.bands):
        if band.match is not None:
            yield from _parts(band.match)
    for variant in (variant for message in plan.messages for variant in message.variants):
        yield from _parts(variant.match)
    for incentive in plan.incentives:
        if isinstance(incentive, Gift) and incentive.scene is not None:
            yield from _parts(incentive.scene)
    for journey in plan.journeys:
        yield from _parts(journey.match)
        for instruction in journey.program:
            if isinstance(instruction, Branch):
                yield from _parts(instruction.predicate)


def tags_of(plan: Plan) -> tuple[str, ...]:
    """Return the tags that a plan asks for, each once, in order."""
    return tuple(dict.fromkeys(each.tag for each in leaves(plan) if isinstance(each, HasTag)))


def _parts(predicate: Predicate) -> Iterator[Predicate]:
    match predicate:
        case Not(operand=operand):
            yield from _parts(operand)
        case And(operands=operands) | Or(operands=operands):
            for operand in operands:
                yield from _parts(operand)
        case _:
            yield predicate
