"""Some of the people, so that everybody among them does what they would do among all.

Draws are keyed by person, and so are holdout, arms and the order of waves. Only the RFM scores depend on the others:
they are taken from everybody and handed to the sample as columns of its own.
"""

from typing import Any, Final

import numpy as np
from attrs import evolve, fields, has
from numpy.typing import NDArray

from wakeup.customers import Field, Population, attribute
from wakeup.draws import share
from wakeup.plan.model import Plan

Index = NDArray[np.intp]

SALT: Final = "preflight:sample"
_SCORES: Final = ("recency_score", "frequency_score", "monetary_score")


def sampled(keys: NDArray[np.uint64], people: Index, most: int) -> Index:
    """Return at most `most` of `people` (m,), by a hash of their key, ascending: the same ones every time."""
    if len(people) <= most:
        return people
    chosen = np.argsort(share(keys[people], SALT), kind="stable")[:most]
    return np.sort(people[chosen])


# --- scores ----------------------------------------------------------------------------------------------------------


def with_scores(sample: Population, who: Index, everybody: Population, start: int) -> Population:
    """Return the sample with the scores that `who` (m,) have among everybody at the run's start, as own columns."""
    columns = dict(sample.fields)
    for name in _SCORES:
        values, known = attribute(everybody, name, start)
        columns[_column(name)] = Field("number", np.where(known, values, np.nan)[who])
    return evolve(sample, fields=columns)


def by_columns(plan: Plan) -> Plan:
    """Return the plan with those columns in place of the scores, wherever it looks at one."""
    changed: Plan = _by_columns(plan)
    return changed


def _column(name: str) -> str:
    # A colon cannot stand in a name, so no column of the data is ever called this.
    return f"preflight:{name}"


def _by_columns(part: Any) -> Any:
    """A part of the plan; one that looks at no score is returned as it is."""
    if isinstance(part, tuple):
        return tuple(map(_by_columns, part))
    if not has(type(part)):
        return part
    inner = {each.name: getattr(part, each.name) for each in fields(type(part))}
    # A comparison and a tier: the fields that name an attribute.
    changed = {
        name: (_column(value) if value in _SCORES else value) if name == "attribute" else _by_columns(value)
        for name, value in inner.items()
    }
    return part if changed == inner else evolve(part, **changed)
