"""What predicates see of people in their journey: present history, tiers, outcomes (rules 9, 10, 67)."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from wakeup.customers.population import Population
from wakeup.plan.predicates import And, Bought, Compare, Happened, HasTag, InTier, Not, Or, Predicate
from wakeup.sim.array.block import Block
from wakeup.sim.array.codes import I64, Bools, Index
from wakeup.sim.array.truth import Seen, yes
from wakeup.terms.lists import Outcome

_HISTORY: Final = {
    "days_since_order": ("last_order",),
    "days_since_interaction": ("last_interaction",),
    "days_since_first_order": ("first_order",),
    "orders": ("orders",),
    "total_spent": ("monetary",),
    "average_order_value": ("average_order_value", "orders"),
}
"""The columns of a person's history that an attribute is made of."""


@frozen
class _Reads:
    """Names of what a predicate reads. history: columns of a population."""

    history: frozenset[str]
    own: frozenset[str]
    tags: frozenset[str]
    categories: frozenset[str]
    tiers: frozenset[str]
    outcomes: frozenset[str]


def holds(block: Block, rows: Index, t: I64, predicate: Predicate) -> Bools:
    """Return for whom a predicate is yes at `t`, with the person's present history."""
    stage, reads, index = block.stage, _reads(predicate), block.places(rows)
    seen = Seen(
        plan=stage.plan,
        people=_present(block, rows, reads),
        instant=t,
        zone=stage.zone,
        bands={tier: bands[index] for tier, bands in stage.bands.items() if tier in reads.tiers},
        happened=has_happened(block, rows, t, reads.outcomes),
        scores={name: (v[index], k[index]) for name, (v, k) in stage.scores.items() if name in reads.own},
    )
    return yes(predicate, seen)


def has_happened(block: Block, rows: Index, t: I64, outcomes: frozenset[str]) -> dict[str, Bools]:
    """Return for whom each of some outcomes is one that the journey may see at `t`."""
    return {outcome: _has_happened(block, rows, t, outcome) for outcome in outcomes}


def _has_happened(block: Block, rows: Index, t: I64, outcome: str) -> Bools:
    c = block.columns
    found: Bools
    match outcome:
        case Outcome.ORDER:
            found = c.ordered_at.take(rows) > c.entered.take(rows)
        case Outcome.OPEN:
            found = c.opened_at.take(rows) <= t
        case Outcome.CLICK:
            found = c.clicked_at.take(rows) <= t
        case Outcome.CLAIM:
            found = c.claimed_at.take(rows) > c.message_at.take(rows)
        case Outcome.JOIN:
            found = c.joined_at.take(rows) > c.message_at.take(rows)
        case _ if not block.stage.book.activities:
            found = np.zeros(len(rows), np.bool_)
        case _:
            found = c.finished_at[0 if outcome == Outcome.COMPLETE else 1].take(rows) > c.message_at.take(rows)
    return found


def _present(block: Block, rows: Index, reads: _Reads) -> Population:
    """Return what a predicate reads of people, with their present history (rule 41); other columns are empty."""
    c, people, who = block.columns, block.stage.people, block.who(rows)

    def history(name: str, column: NDArray[Any]) -> NDArray[Any]:
        return column.take(rows) if name in reads.history else column[:0]

    categories = people.categories
    return evolve(
        people,
        key=people.key.take(who),
        ids=people.ids[:0],
        gap=people.gap[:0],
        first_order=history("first_order", c.first_order),
        last_order=history("last_order", c.last_order),
        last_interaction=history("last_interaction", c.interaction),
        orders=history("orders", c.orders),
        monetary=history("monetary", c.monetary),
        average_order_value=history("average_order_value", c.average),
        consents={},
        tags={name: column.take(who) for name, column in people.tags.items() if name in reads.tags},
        fields={
            name: evolve(column, values=column.values.take(who))
            for name, column in people.fields.items()
            if name in reads.own
        },
        touches=None,
        zones=None,
        categories=None
        if categories is None
        else {name: column.take(who) for name, column in categories.items() if name in reads.categories},
    )


@lru_cache(maxsize=1024)
def _reads(predicate: Predicate) -> _Reads:
    parts = list(_parts(predicate))
    compared = {each.attribute for each in parts if isinstance(each, Compare)}
    return _Reads(
        history=frozenset(column for name in compared for column in _HISTORY.get(name, ())),
        own=frozenset(compared),
        tags=frozenset(each.tag for each in parts if isinstance(each, HasTag)),
        categories=frozenset(each.category for each in parts if isinstance(each, Bought)),
        tiers=frozenset(each.tier for each in parts if isinstance(each, InTier)),
        outcomes=frozenset(each.outcome for each in parts if isinstance(each, Happened)),
    )


def _parts(predicate: Predicate) -> Iterator[Predicate]:
    """Return the comparisons and questions that a predicate is made of."""
    match predicate:
        case Not(operand):
            yield from _parts(operand)
        case And(operands) | Or(operands):
            for each in operands:
                yield from _parts(each)
        case _:
            yield predicate
