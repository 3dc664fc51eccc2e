"""The variables of a text, `{{ first_name }}`: a closed list, the same for checking and for sending."""

from collections.abc import Mapping
from typing import Final

ENGINE_VARIABLES: Final[Mapping[str, int]] = {
    "days_since_order": 5,
    "orders": 4,
    "offer": 0,
    "offer_ends": 10,
    "code": 14,
    "event_starts": 16,
}
"""Variables that are always filled -> characters of the longest rendering (offer: that of the longest offer sent)."""

OFFER_VARIABLES: Final = frozenset({"offer", "offer_ends", "code"})
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

NAMES: Final = ("first_name", "last_name")
"""Fields that say who a person is: the live side keeps them sealed."""
