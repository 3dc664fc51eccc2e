"""Snapshots of who came back, kept with customers: as plain values for JSON, exactly or in groups of many people."""

from collections.abc import Mapping
from math import isnan
from typing import Any, TypeVar

import numpy as np
from attrs import evolve, fields, has
from numpy.typing import NDArray

from wakeup.customers.imported import Snapshots

Tree = dict[str, Any]
Grouped = TypeVar("Grouped", bound=Any)
"""A class whose arrays are groups of people: `origin`, `dormancy_days`, `orders`, `n`, and counts of people."""


_ORDERS_APART = 1.5
"""Ratio of orders within which people are put together by how long they have slept."""


def to_tree(snapshots: Snapshots) -> Tree:
    """Return snapshots as values for JSON; `from_tree` gives equal ones."""
    tree: Tree = _plain(snapshots)
    return tree


def from_tree(tree: Mapping[str, Any] | None) -> Snapshots:
    """Return the snapshots of `to_tree`; None: none. What an earlier version did not write is as in `Snapshots.none`.

    Raises:
        KeyError, TypeError, ValueError: the tree is none of `to_tree`.
    """
    none = Snapshots.none()
    return none if tree is None else _typed(tree, none)


def merged(grouped: Grouped, least: int) -> Grouped:
    """Return groups of at least `least` people: those of an origin with nearly as many orders and nearly as long asleep
    are put together; dormancy and orders are then geometric means, the orders rounded. Other counts below `least` are
    0."""
    alike = np.floor(np.log(np.maximum(grouped.orders, 1)) / np.log(_ORDERS_APART))
    # To and fro: where those of about as many orders end, the next begin with those who slept about as long.
    turned = np.where(alike % 2 == 0, grouped.dormancy_days, -grouped.dormancy_days)
    order = np.lexsort((turned, alike, grouped.origin))
    group = _groups(grouped.origin[order], grouped.n[order], least)
    order, group = order[group >= 0], group[group >= 0]
    size = int(group[-1]) + 1 if len(group) else 0
    n = np.bincount(group, grouped.n[order], minlength=size)

    def mean(values: NDArray[Any]) -> NDArray[np.float64]:
        logs = np.log(np.maximum(values, 1e-3)) * grouped.n
        return np.exp(np.bincount(group, logs[order], minlength=size) / n)

    changed: Tree = {
        "origin": grouped.origin[order][np.searchsorted(group, np.arange(size))],
        "dormancy_days": mean(grouped.dormancy_days),
        "orders": np.rint(mean(grouped.orders)).astype(np.int32),
    }
    for each in fields(type(grouped)):
        value = getattr(grouped, each.name)
        if has(type(value)):
            changed[each.name] = merged(value, least)
        elif each.name not in changed and isinstance(value, np.ndarray):
            whole = len(value) == len(grouped.n)
            sums = np.bincount(group, value[order], minlength=size) if whole else np.where(value < least, 0, value)
            changed[each.name] = sums.astype(value.dtype)
    return evolve(grouped, **changed)


def _groups(origin: NDArray[np.int32], n: NDArray[np.int64], least: int) -> NDArray[np.int64]:
    """Return the group of every row (in the order of origins), from 0, each of at least `least` people of one origin;
    what is left at the end of an origin goes to its last group; -1: the origin has too few people."""
    group = np.full(len(n), -1, np.int64)
    number, begin, held, last = -1, 0, 0, -1
    for row in range(len(n)):
        if origin[row] != origin[begin]:
            group[begin:row] = last
            begin, held, last = row, 0, -1
        held += int(n[row])
        if held >= least:
            number, last = number + 1, number + 1
            group[begin : row + 1] = number
            begin, held = row + 1, 0
            if begin < len(n) and origin[begin] != origin[row]:
                last = -1
    group[begin:] = last
    return group


def _plain(value: Any) -> Any:
    if has(type(value)):
        return {each.name: _plain(getattr(value, each.name)) for each in fields(type(value))}
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return None if isinstance(value, float) and isnan(value) else value


def _typed(value: Any, like: Any) -> Any:
    if has(type(like)):
        known = [each.name for each in fields(type(like)) if each.name in value]
        return evolve(like, **{name: _typed(value[name], getattr(like, name)) for name in known})
    if isinstance(like, np.ndarray):
        return np.array(value, like.dtype)
    if isinstance(like, tuple):
        return tuple(value)
    return float("nan") if value is None else type(like)(value)
