"""What the language knows about a customer: the attributes of the history."""

from collections.abc import Mapping
from typing import Final, Literal

from wakeup.diagnostics import Typed, amount

Measure = Literal["duration", "money", "count", "text"]

ATTRIBUTES: Final[Mapping[str, Measure]] = {
    "days_since_order": "duration",
    "days_since_interaction": "duration",
    "days_since_first_order": "duration",
    "average_order_value": "money",
    "total_spent": "money",
    "orders": "count",
    "recency_score": "count",
    "frequency_score": "count",
    "monetary_score": "count",
    "last_category": "text",
    "top_category": "text",
    "channel_preference": "text",
}
"""Attribute -> what it is measured in. All are >= 0; own columns are written `field(skin_type)`."""

EXAMPLE: Final[Mapping[Measure, Typed]] = {
    "duration": Typed("90d"),
    "money": amount("200", "CNY"),
    "count": Typed("3"),
    "text": Typed('"lipstick"'),
}
"""How a value of a measure is written."""
