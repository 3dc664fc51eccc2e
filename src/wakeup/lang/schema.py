"""What can be declared, as a table: kind -> property keys -> type of the value, whether it must be there.

The types are the functions of `wakeup.lang.readers`, by name. A key that is not in the table is an error: no word of
the language is accepted and ignored.
"""

from collections.abc import Mapping
from typing import Final

from attrs import frozen


@frozen
class Key:
    """One property of a kind: the type of its value, and whether it may be left out."""

    type: str
    required: bool = False


def _keys(*required: str, **types: str) -> dict[str, Key]:
    # Two keys are words of Python; they are written with a trailing underscore.
    return {key.rstrip("_"): Key(kind, key.rstrip("_") in required) for key, kind in types.items()}


KINDS: Final[Mapping[str, Mapping[str, Key]]] = {
    "campaign": _keys(
        "currency", "timezone", "run", "audience",
        currency="currency", timezone="zone", run="run", audience="people", holdout="holdout", awake="events",
        attribution="credit", margin="percent", goal="goal", follow_up="elapsed",
    ),
    "segment": _keys("where", where="people"),
    "coupon": _keys(discount="offer", valid="period", limit="per_person", stock="count", line="line", reserve="face"),
    "gift": _keys("cost", cost="unit_cost", valid="period", limit="per_person", stock="count", line="line"),
    "service": _keys(
        "cost", cost="unit_cost", staff="staff", valid="period", limit="per_person", stock="count", line="line",
    ),
    "challenge": _keys(
        "task", "reward",
        task="task", reward="reward", valid="period", limit="per_person", stock="count", line="line",
    ),
    "cost": _keys("amount", "line", "on", amount="money", line="line", on="moment"),
    "staff": _keys("people", "handles", "hours", people="headcount", handles="elapsed", hours="hours"),
    "channel": _keys(
        "kind", "cost", kind="channel_kind", cost="price", rate="rate", quiet="quiet", optout="optout", line="line",
        staff="waiting_staff",
    ),
    "message": _keys("text", text="text", else_="message", expires="elapsed", staff="waiting_staff"),
    "cadence": _keys(gap="elapsed", quiet="quiet"),
    "journey": _keys(start="entry", goal="goal"),
    "scenario": _keys(from_="window", response="factor", organic="factor", down="outage"),
    "guard": _keys("when", "do", when="alarm", do="reaction"),
}  # fmt: skip
"""Kinds with properties of their own; the bands of tiers and budgets, the rungs of coupons are named by the author."""

REPEATABLE: Final = frozenset({("cadence", "quiet"), ("scenario", "down")})
"""Properties that may be said more than once."""

UNSUPPORTED: Final = frozenset({"draw", "membership"})
"""Kinds that the language knows and the simulators cannot run yet."""
