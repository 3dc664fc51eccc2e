"""What a plan asks of the customer data before anything runs."""

from collections.abc import Iterator
from typing import Final

from wakeup.customers.attributes import attribute, attribute_names
from wakeup.customers.population import Population
from wakeup.customers.shards import Shards
from wakeup.customers.slices import pieces
from wakeup.diagnostics import Diagnostic, Listed, WakeupError, Word, diagnostic, suggest, words
from wakeup.plan.model import Plan
from wakeup.plan.predicates import Bought, Compare
from wakeup.plan.reading import leaves, tags_of

_PIECE: Final = 1 << 18
"""People looked at together."""


def require(plan: Plan, people: Population | Shards) -> None:
    """See that the people have what the plan looks at (SEMANTICS 13); those on disk are read in pieces, if at all.

    A tag or category that the data do not know is an error only where the data have tags or categories at all.

    Raises:
        WakeupError: there are no people (WK5102), or nobody has an attribute (WK5103) or the data no such tag
            (WK5104) or category (WK5111).
    """
    if not len(people):
        raise WakeupError([diagnostic("WK5102")])
    described = people.read(0, 0) if isinstance(people, Shards) else people
    problems = (*_attributes(plan, people, described), *_tags(plan, described), *_categories(plan, described))
    if problems:
        raise WakeupError(problems)


def _attributes(plan: Plan, people: Population | Shards, described: Population) -> Iterator[Diagnostic]:
    known = attribute_names(described)
    used = [each.attribute for each in leaves(plan) if isinstance(each, Compare)]
    for name in dict.fromkeys((*used, *(tier.attribute for tier in plan.tiers if tier.unit != "rule"))):
        there = name in known
        if not there or (name in described.fields and not _anybody_has(people, name, plan.start)):
            found = Listed(words(suggest(name, known) or known))
            yield diagnostic("WK5103", attribute=Word(name), known=found)


def _anybody_has(people: Population | Shards, name: str, start: int) -> bool:
    parts = people.pieces(_PIECE) if isinstance(people, Shards) else pieces(people, _PIECE)
    return any(attribute(part, name, start)[1].any() for _, part in parts)


def _tags(plan: Plan, population: Population) -> Iterator[Diagnostic]:
    if population.tags:
        declared = {each.name for each in plan.own if each.sort == "tag"}
        for tag in tags_of(plan):
            if tag not in population.tags and tag not in declared:
                found = Listed(suggest(tag, population.tags) or sorted(population.tags))
                yield diagnostic("WK5104", tag=tag, known=found)


def _categories(plan: Plan, population: Population) -> Iterator[Diagnostic]:
    if population.categories is not None:
        asked = dict.fromkeys(each.category for each in leaves(plan) if isinstance(each, Bought))
        for name in (name for name in asked if name not in population.categories):
            found = ", ".join(suggest(name, population.categories) or sorted(population.categories))
            yield diagnostic("WK5111", category=name, known=found)
