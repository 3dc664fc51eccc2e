"""What a plan looks at: the comparisons, tags, tiers and outcomes of all its predicates."""

from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Any

from attrs import fields, has

from wakeup.plan import sets
from wakeup.plan.model import Plan
from wakeup.plan.predicates import HasTag, Predicate
from wakeup.plan.same import Same


def leaves(plan: Plan) -> tuple[sets.Leaf, ...]:
    """Return every predicate without operands, wherever it stands in the plan, in the order of the fields."""
    return _leaves(Same(plan))


@lru_cache(maxsize=16)
def _leaves(plan: Same) -> tuple[sets.Leaf, ...]:
    return tuple(_below(plan.it))


def tags_of(plan: Plan) -> tuple[str, ...]:
    """Return the tags that a plan asks for, each once, in order."""
    return tuple(dict.fromkeys(each.tag for each in leaves(plan) if isinstance(each, HasTag)))


def _below(part: object) -> Iterator[sets.Leaf]:
    if isinstance(part, Predicate):
        yield from sets.leaves(part)
    elif isinstance(part, tuple):
        for each in part:
            yield from _below(each)
    else:
        kind: Any = type(part)
        for name in _fields(kind):
            yield from _below(getattr(part, name))


@cache
def _fields(kind: type) -> tuple[str, ...]:
    return tuple(each.name for each in fields(kind)) if has(kind) else ()
