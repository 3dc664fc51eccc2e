"""Kinds of incentives, by what a person does with them."""

from typing import Final

PRICES: Final = ("coupon", "flash_price", "member_price", "points")
"""Money off an order, or earned by it: nothing to claim."""

GIFTS: Final = ("gift", "content", "membership")
"""Handed over after a claim."""

SERVICES: Final = ("service",)
"""Given after a claim, by staff if some are named."""

ACTIVITIES: Final = ("challenge", "draw", "survey", "event", "community")
"""Joined, and completed or not."""

INCENTIVES: Final = (*PRICES, *GIFTS, *SERVICES, *ACTIVITIES)
"""What `send … with` and `grant` can give."""

REWARDS: Final = (*PRICES, *GIFTS)
"""What an activity can bring to those who complete it."""
