"""Some of the people, so that everybody among them does what they would do among all.

Draws are keyed by person, and so are holdout, arms and the order of waves. Only the RFM scores depend on the others:
they are taken from everybody and handed to the sample as columns of its own.
"""

from typing import Final

import numpy as np
from attrs import evolve
from numpy.typing import NDArray

from wakeup.customers import Field, Population, Touches, attribute
from wakeup.draws import share
from wakeup.plan.model import Branch, Instruction, Journey, Plan, Tier
from wakeup.plan.predicates import And, Compare, Not, Or, Predicate

Index = NDArray[np.intp]

SALT: Final = "preflight:sample"
_SCORES: Final = ("recency_score", "frequency_score", "monetary_score")


def sampled(keys: NDArray[np.uint64], people: Index, most: int) -> Index:
    """Return at most `most` of `people` (m,), by a hash of their key, ascending: the same ones every time."""
    if len(people) <= most:
        return people
    chosen = np.argsort(share(keys[people], SALT), kind="stable")[:most]
    return np.sort(people[chosen])


def some_of(population: Population, who: Index) -> Population:
    """Return the rows of `who` (m,), ascending, with everything that the data have of them."""
    return evolve(
        population,
        key=population.key[who],
        ids=population.ids[who],
        first_order=population.first_order[who],
        last_order=population.last_order[who],
        last_interaction=population.last_interaction[who],
        orders=population.orders[who],
        monetary=population.monetary[who],
        average_order_value=population.average_order_value[who],
        gap=population.gap[who],
        consents={name: codes[who] for name, codes in population.consents.items()},
        tags={name: flags[who] for name, flags in population.tags.items()},
        fields={name: evolve(column, values=column.values[who]) for name, column in population.fields.items()},
        touches=None if population.touches is None else _touches(population.touches, who),
        zones=None if population.zones is None else population.zones[who],
        categories=None
        if population.categories is None
        else {name: last[who] for name, last in population.categories.items()},
    )


def _touches(touches: Touches, who: Index) -> Touches:
    counts = np.diff(touches.offset)[who]
    offset = np.concatenate((np.zeros(1, np.int64), np.cumsum(counts)))
    rows = np.arange(offset[-1]) + np.repeat(touches.offset[who] - offset[:-1], counts)
    return evolve(touches, offset=offset, t=touches.t[rows], channel=touches.channel[rows])


# --- scores ----------------------------------------------------------------------------------------------------------


def with_scores(sample: Population, who: Index, everybody: Population, start: int) -> Population:
    """Return the sample with the scores that `who` (m,) have among everybody at the run's start, as own columns."""
    columns = dict(sample.fields)
    for name in _SCORES:
        values, known = attribute(everybody, name, start)
        columns[_column(name)] = Field("number", np.where(known, values, np.nan)[who])
    return evolve(sample, fields=columns)


def by_columns(plan: Plan) -> Plan:
    """Return the plan with those columns in place of the scores."""
    return evolve(
        plan,
        audience=_predicate(plan.audience),
        tiers=tuple(_tier(each) for each in plan.tiers),
        journeys=tuple(_journey(each) for each in plan.journeys),
    )


def _column(name: str) -> str:
    # A colon cannot stand in a name, so no column of the data is ever called this.
    return f"preflight:{name}" if name in _SCORES else name


def _tier(tier: Tier) -> Tier:
    return evolve(tier, attribute=_column(tier.attribute))


def _journey(journey: Journey) -> Journey:
    return evolve(journey, match=_predicate(journey.match), program=tuple(map(_instruction, journey.program)))


def _instruction(instruction: Instruction) -> Instruction:
    if isinstance(instruction, Branch):
        return evolve(instruction, predicate=_predicate(instruction.predicate))
    return instruction


def _predicate(predicate: Predicate) -> Predicate:
    match predicate:
        case Compare():
            return evolve(predicate, attribute=_column(predicate.attribute))
        case Not(operand=operand):
            return Not(_predicate(operand))
        case And(operands=operands) | Or(operands=operands):
            changed = tuple(_predicate(each) for each in operands)
            return evolve(predicate, operands=changed)  # type: ignore[arg-type]  # attrs' converter=tuple
        case _:
            return predicate
