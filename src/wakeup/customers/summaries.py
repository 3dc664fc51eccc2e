"""Recency, frequency and monetary of customers whose orders are known only in summary."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from wakeup.customers.population import NEVER


@frozen(eq=False)
class Summaries:
    """The columns of `Population` about past orders, each of shape (n,)."""

    first_order: NDArray[np.int64]
    last_order: NDArray[np.int64]
    last_interaction: NDArray[np.int64]
    orders: NDArray[np.int32]
    monetary: NDArray[np.int64]
    average_order_value: NDArray[np.int64]
    gap: NDArray[np.float32]


def summarise(given: Mapping[str, NDArray[Any]], people: int) -> Summaries:
    """Complete what a table says (`TableData.summaries`) to all columns, each missing one from the others.

    Orders: 1 for whoever has a last order. Average and monetary from each other and the number of orders. The gap from
    first and last order. Whoever has no orders has no last order.
    """
    never = np.full(people, NEVER, np.int64)
    blank = np.full(people, np.nan)
    last = given.get("last_order", never)
    counted = np.nan_to_num(given.get("orders", blank), nan=-1.0)
    orders = np.where(counted >= 0, counted, last != NEVER).astype(np.int32)
    last = np.where(orders > 0, last, NEVER)
    first = np.where(orders == 1, last, np.where(orders > 1, given.get("first_order", never), NEVER))
    money, average = given.get("monetary", blank), given.get("average_order_value", blank)
    money = np.where(np.isnan(money), average * orders, money)
    average = np.where(np.isnan(average), np.floor(money / np.maximum(orders, 1) + 0.5), average)
    spans = np.where((orders > 1) & (first != NEVER) & (last != NEVER), last - first, 0) / 86_400.0
    implied = np.where(spans > 0, spans / np.maximum(orders - 1, 1), np.nan)
    gap = given.get("gap", blank)
    return Summaries(
        first_order=first,
        last_order=last,
        last_interaction=np.maximum(last, given.get("last_interaction", never)),
        orders=orders,
        monetary=np.nan_to_num(money).astype(np.int64),
        average_order_value=np.where(orders > 0, np.nan_to_num(average), 0).astype(np.int64),
        gap=np.where(orders > 1, np.where(np.isnan(gap), implied, gap), np.nan).astype(np.float32),
    )
