"""What the language knows about a customer: attributes of the history, fields, and the variables of a text."""

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

ENGINE_VARIABLES: Final[Mapping[str, int]] = {
    "days_since_order": 5,
    "orders": 4,
    "offer": 0,
    "offer_ends": 10,
    "event_starts": 16,
}
"""Variables that are always filled -> characters of the longest rendering (offer: that of the longest offer sent)."""

OFFER_VARIABLES: Final = frozenset({"offer", "offer_ends"})
"""Variables that need an incentive in the send."""

EVENT_VARIABLES: Final = frozenset({"event_starts"})
"""Variables that need an event among the incentives of the send."""

FIELD_VARIABLES: Final[Mapping[str, int]] = {
    "first_name": 12,
    "last_name": 12,
    "last_item": 24,
    "last_category": 16,
    "top_category": 16,
    "city": 16,
}
"""Fields of the customer table that every text may use -> characters of the longest rendering counted with."""

OWN_FIELD_LENGTH: Final = 20
"""Characters counted for an own field, `{{ field.skin_type }}`."""
