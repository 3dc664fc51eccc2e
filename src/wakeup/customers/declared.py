"""What a campaign declares of its customers (`customers { … }`), made up for people who are made up.

A value hangs on the customer's number alone: it is the same whatever the seed and however many there are.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

import numpy as np
from attrs import evolve
from numpy.typing import NDArray

from wakeup.customers.population import NEVER, Field, Population
from wakeup.draws import uniform
from wakeup.plan.model import Label, OwnField

DAY: Final = 86_400
_EPOCH: Final = date(1970, 1, 1)


def with_declared(population: Population, own: Sequence[OwnField], tags: Iterable[str]) -> Population:
    """Return made-up customers with declared fields, tags and categories, and who also know other `tags`.

    A declaration beats what `synthetic` made up by itself. A tag without a share is worn by whom `synthetic` gave it
    to, else by nobody: a shop's own tags (`tag(员工)`) are no fault of made-up customers who lack them. A category
    without a share is bought by as many as any other such.
    """
    nobody = np.zeros(len(population), np.bool_)
    worn = {**dict.fromkeys(tags, nobody), **population.tags}
    fields = dict(population.fields)
    for each in own:
        draw = _draw(population, each.name)
        match each.sort:
            case "tag":
                share = _share(each.labels)
                worn[each.name] = worn.get(each.name, nobody) if share is None else draw < share
            case "text":
                fields[each.name] = _text(draw, each.labels)
            case "number":
                fields[each.name] = _number(draw, each.low, each.high)
            case "date":
                fields[each.name] = _date(draw, each.low, each.high)
            case "category":
                pass
    bought = tuple(each for each in own if each.sort == "category")
    if not bought:
        return evolve(population, tags=worn, fields=fields)
    last = {each.name: _bought(population, each, len(bought)) for each in bought}
    return evolve(population, tags=worn, fields={**fields, "top_category": _top(last)}, categories=last)


def _draw(population: Population, name: str) -> NDArray[np.float64]:
    return uniform(0, 0, population.key, f"declared:{name}")


def _share(labels: Sequence[Label]) -> float | None:
    return float(labels[0].share) if labels and labels[0].share else None


def _text(draw: NDArray[np.float64], labels: Sequence[Label]) -> Field:
    """Give labels by their shares; what the shares leave of 100 % is blank. Without shares all are equally likely."""
    shares = [float(label.share or 0.0) for label in labels]
    if not any(label.share for label in labels):
        shares = [1.0 / len(labels)] * len(labels)
    codes = np.searchsorted(np.cumsum(shares), draw, side="right").astype(np.int32)
    return Field("text", np.where(codes < len(labels), codes, -1).astype(np.int32), tuple(each.name for each in labels))


def _number(draw: NDArray[np.float64], low: str, high: str) -> Field:
    """Spread evenly from low to high, both inside; whole numbers where both bounds are whole."""
    first, last = float(low), float(high)
    if first.is_integer() and last.is_integer():
        return Field("number", np.minimum(first + np.floor(draw * (last - first + 1)), last))
    return Field("number", first + draw * (last - first))


def _date(draw: NDArray[np.float64], low: str, high: str) -> Field:
    first = (date.fromisoformat(low) - _EPOCH).days
    last = (date.fromisoformat(high) - _EPOCH).days
    days = np.minimum(first + np.floor(draw * (last - first + 1)), last)
    return Field("date", (days * DAY).astype(np.int64))


def _bought(population: Population, category: OwnField, categories: int) -> NDArray[np.int64]:
    """Return the last order of a category: one of the person's own orders, NEVER for who never bought it."""
    share = _share(category.labels)
    buys = _draw(population, f"category {category.name}") < (1.0 / categories if share is None else share)
    orders = np.maximum(population.orders, 1)
    back = np.floor(_draw(population, f"order of {category.name}") * orders).astype(np.int64)
    spacing = (population.last_order - population.first_order) // np.maximum(orders - 1, 1)
    return np.where(buys & (population.orders > 0), population.last_order - back * spacing, NEVER)


def _top(last: dict[str, NDArray[np.int64]]) -> Field:
    """Take the latest category for the favourite one (ties: the first by name); -1 for who has none."""
    names = tuple(sorted(last))
    latest = np.stack([last[name] for name in names])
    codes = np.argmax(latest, axis=0).astype(np.int32)
    return Field("text", np.where(latest.max(axis=0) == NEVER, -1, codes).astype(np.int32), names)
