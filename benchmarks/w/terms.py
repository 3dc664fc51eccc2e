"""The numbers of workload W. Hours from the start of the run, money in CNY, three touches, seven groups."""

from typing import Final

HORIZON: Final = 2160.0
OPENS, CLOSES = 9.0, 21.0
"""Hours of the day in which messages are sent."""

CAP, CAP_HOURS = 3, 720.0
WAITS: Final = (0.0, 168.0, 336.0)
"""Hours from the touch before to the touch."""

GROUPS: Final = ("top", "top held out", "mid coupon", "mid kit", "mid held out", "low", "low held out")
TOP, TOP_HELD, COUPON, KIT, MID_HELD, LOW, LOW_HELD = range(7)
TIER_OF: Final = (0, 0, 1, 1, 1, 2, 2)
TREATED: Final = (TOP, COUPON, KIT, LOW)

TEXT, APP, MAIL, ADVISER = range(4)
CHANNELS: Final = {
    TOP: (TEXT, ADVISER, APP),
    COUPON: (TEXT, APP, TEXT),
    KIT: (TEXT, APP, TEXT),
    LOW: (TEXT, MAIL, TEXT),
}

DELIVERED: Final = (0.96, 0.90, 0.92, 0.75)
UNSUBSCRIBED: Final = (0.008, 0.005, 0.006, 0.003)
OPENED: Final = (0.35, 0.40, 0.25, 0.90)
CLICKED: Final = (0.25, 0.30, 0.20, 0.60)
BUYS: Final = {TOP: 0.60, COUPON: 0.50, KIT: 0.38, LOW: 0.40}
"""Of those who clicked, before fatigue and dormancy."""

FATIGUE: Final = 0.85
DORMANCY_DAYS: Final = 400.0
OPEN_HOURS, CLICK_HOURS, BUY_HOURS = 2.0, 1.0, 48.0
"""Median of a lognormal of spread 1, and two means of exponentials."""

VALIDITY: Final = {TOP: 360.0, COUPON: 168.0, KIT: 360.0, LOW: 168.0}
FACE: Final = {TOP: 100.0, COUPON: 40.0, KIT: 0.0, LOW: 15.0}
KIT_COST: Final = 18.0

ORGANIC_PER_DAY: Final = (0.0008, 0.0005, 0.0003)
MEDIAN_VALUE: Final = (700.0, 300.0, 110.0)
VALUE_SPREAD: Final = 0.45

ADVISERS: Final = 20
DESK_OPENS, DESK_CLOSES = 9.0, 18.0
SERVICE_HOURS: Final = 10.0 / 60.0

METRICS: Final = (
    "n", "sent", "delivered", "unsubscribed", "opened", "clicked", "campaign", "orders", "purchasers", "revenue",
    "discount", "contacts",
)  # fmt: skip
(
    N, SENT, GOT, UNSUB, OPEN, CLICK, CAMPAIGN, ORDERS, PURCHASERS, REVENUE, DISCOUNT, CONTACTS,
) = range(12)  # fmt: skip
EVENTS: Final = (SENT, GOT, UNSUB, OPEN, CLICK, ORDERS, CONTACTS)
"""What counts as an event of the workload."""


def desk_start(t: float) -> float:
    """Return the first instant from `t` on at which an adviser may start."""
    hour = t % 24.0
    if hour < DESK_OPENS:
        return t - hour + DESK_OPENS
    return t if hour < DESK_CLOSES else t - hour + 24.0 + DESK_OPENS
