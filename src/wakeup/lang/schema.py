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
    "coupon": _keys(
        discount="offer", valid="period", limit="per_person", stock="count", codes="count", line="line",
        reserve="face",
    ),
    "flash_price": _keys(
        "discount", "from",
        discount="offer", from_="window", valid="period", limit="per_person", stock="count", line="line",
    ),
    "member_price": _keys(
        "discount", "valid",
        discount="offer", valid="period", limit="per_person", stock="count", line="line",
    ),
    "points": _keys(
        "multiplier", "earn", "valid",
        multiplier="multiplier", earn="chance", threshold="money", valid="period", limit="per_person", stock="count",
        line="line",
    ),
    "gift": _keys("cost", cost="unit_cost", valid="period", limit="per_person", stock="count", line="line"),
    "content": _keys(
        scene="people", cost="unit_cost", valid="period", limit="per_person", stock="count", line="line",
    ),
    "membership": _keys(
        "extend", "cost",
        extend="period", cost="unit_cost", valid="period", limit="per_person", stock="count", line="line",
    ),
    "service": _keys(
        "cost", cost="unit_cost", staff="staff", valid="period", limit="per_person", stock="count", line="line",
    ),
    "challenge": _keys(
        "task", "reward",
        task="task", reward="reward", valid="period", limit="per_person", stock="count", line="line",
    ),
    "draw": _keys(
        "odds", "prize", "count",
        odds="chance", prize="prize", count="count", valid="period", limit="per_person", line="line",
    ),
    "survey": _keys(reward="reward", valid="period", limit="per_person", line="line"),
    "event": _keys(
        "on", "seats",
        on="moment", seats="count", cost="unit_cost", reward="reward", valid="period", limit="per_person", line="line",
    ),
    "community": _keys(
        lasts="period", places="count", cost="unit_cost", reward="reward", valid="period", limit="per_person",
        line="line",
    ),
    "bundle": _keys("items", items="items"),
    "cost": _keys("amount", "line", "on", amount="money", line="line", on="moment"),
    "staff": _keys("people", "handles", "hours", people="headcount", handles="elapsed", hours="hours"),
    "channel": _keys(
        "kind", "cost", kind="channel_kind", cost="price", rate="rate", quiet="quiet", cap="cap", optout="optout",
        line="line", staff="staff",
    ),
    "message": _keys("text", text="texts", else_="message", expires="elapsed", staff="staff"),
    "cadence": _keys(gap="elapsed", quiet="quiet"),
    "journey": _keys(start="entry", goal="goal"),
    "scenario": _keys(
        from_="window", response="factor", organic="factor", complaints="factor", prices="factor", budget="cut",
        down="outage",
    ),
    "guard": _keys("when", "do", when="alarm", do="reaction"),
    "phase": _keys("from", from_="window", duties="duties"),
}  # fmt: skip
"""Kinds with properties of their own; the bands of tiers and budgets, the rungs of coupons are named by the author."""

REPEATABLE: Final = frozenset({("cadence", "quiet"), ("channel", "cap"), ("scenario", "down"), ("scenario", "budget")})
"""Properties that may be said more than once."""
