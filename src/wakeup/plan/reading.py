"""What a plan looks at: the comparisons, tags, tiers and outcomes of all its predicates."""

from collections.abc import Iterator

from wakeup.plan.model import Branch, Plan
from wakeup.plan.predicates import And, HasTag, Not, Or, Predicate


def leaves(plan: Plan) -> Iterator[Predicate]:
    """Yield every predicate without operands: the audience's, then those of the journeys in order."""
    yield from _parts(plan.audience)
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
