"""Built-in attributes of a customer: the names that a predicate or a tier may use, and their units."""

from collections.abc import Mapping
from typing import Final, Literal

AttributeUnit = Literal["money", "seconds", "count"]
"""Money is in minor units; seconds is a length of time."""

ATTRIBUTES: Final[Mapping[str, AttributeUnit]] = {
    "days_since_order": "seconds",
    "days_since_interaction": "seconds",
    "days_since_first_order": "seconds",
    "orders": "count",
    "total_spent": "money",
    "average_order_value": "money",
    "recency_score": "count",
    "frequency_score": "count",
    "monetary_score": "count",
}
"""Attribute -> unit. `wakeup.customers.attribute` computes the values; every other name is an own field of the data."""
