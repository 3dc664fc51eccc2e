"""What one replication comes to: whole numbers only, so that no order of adding and no number of workers shows.

People are put into 16 random groups by their key; figures per group tell how much a single live run would scatter.
"""

from collections.abc import Mapping
from typing import Final

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

GROUPS: Final = 16
"""Number of random groups (`wakeup.stats.random_groups`)."""

TREATED, HELD_OUT = 0, 1
"""Index of the side in `Totals.sums`."""

PEOPLE: Final = ("people", "enrolled", "touched", "woken", "converted")
EVENTS: Final = (
    "sent", "delivered", "opened", "clicked", "claimed", "joined", "completed", "attended", "opted_out", "complained",
    "grants", "ratings",
)  # fmt: skip
COSTS: Final = ("send_micros", "gift_cost", "staff_cost", "score")
ORDERS: Final = ("orders", "value", "known_paid", "known_base", "active_months")
MARKUP: Final = ("markup", "twin_markup")
COUPONS: Final = ("redemptions", "discount", "subsidised_orders", "subsidy_cost")
TAIL: Final = ("tail_orders", "tail_redemptions", "tail_value", "tail_discount")
TWIN: Final = (
    "twin_woken", "twin_converted", "twin_orders", "twin_value", "twin_known_paid", "twin_known_base",
    "twin_active_months",
)  # fmt: skip

METRICS: Final = (*PEOPLE, *EVENTS, *COSTS, *ORDERS, *COUPONS, *TAIL, *TWIN, *MARKUP)
"""What is added up per person. Money in minor units, `send_micros` in millionths of the major unit.

value, twin_value: baskets before discount. markup, twin_markup: by how much a scenario's prices put them above what the
same goods are sold for otherwise (negative: below). known_paid: what people with an order before the run paid in it,
known_base: what as many orders at their own average before the run would have been. active_months: distinct calendar
months with an order in the follow-up of those who woke. tail_value, tail_discount: orders at or after the end of the
run that redeem a coupon. score: hundredths of all `ratings` of surveys together.
"""

CHANNEL_METRICS: Final = (
    "sent",
    "delivered",
    "opened",
    "clicked",
    "opted_out",
    "complained",
    "send_micros",
)
"""What is added up per channel."""

DAY_METRICS: Final = (
    "sent",
    "orders",
    "value",
    "discount",
    "twin_orders",
    "twin_value",
)
"""What is added up per local day of the run, over the treated."""

CREDIT_UNITS: Final = (1_000_000, 1_000)
"""Credit is in whole millionths of an order and whole thousandths of a minor unit: an order shared by many touches is
told apart, and revenue fits wherever its plain sum does."""


@frozen
class Segment:
    """A part of the people. `kind`: "all", "tier" (name "value", part "high"), "journey" (part: the journey), or "arm"
    (name "journey/split", part: the arm)."""

    kind: str
    name: str = ""
    part: str = ""


@frozen
class Spending:
    """What left or is held on one budget line, minor units: `spent` up to the end of the run, `tail` (discounts at or
    after it), `open` (still reserved at the end). `line` "" takes what has no line."""

    line: str
    spent: int
    tail: int
    open: int


@frozen(eq=False)
class Totals:
    """The sums of one replication.

    sums: int64 (2 sides, GROUPS, segments, METRICS). channels: int64 (GROUPS, channels, CHANNEL_METRICS), treated only.
    days: int64 (days, DAY_METRICS). eligible, no_journey: people. unclassified: simulated people in no band, by tier.
    reasons: refused sends (and people not entered) by reason; delays: held sends by reason. spending: per budget line.
    most_touches: greatest number of sends to one person in any window of so many seconds. credit: orders and revenue
    credited per channel, the last one without any touch, by each of `contacts.MODELS`: int64 (models, channels + 1, 2)
    in `CREDIT_UNITS`. promoted, tripped: as in `Closing`.
    """

    segments: tuple[Segment, ...]
    sums: NDArray[np.int64]
    channels: NDArray[np.int64]
    days: NDArray[np.int64]
    eligible: int
    no_journey: int
    unclassified: Mapping[str, int]
    reasons: Mapping[str, int]
    delays: Mapping[str, int]
    spending: tuple[Spending, ...]
    most_touches: Mapping[int, int]
    credit: NDArray[np.int64]
    promoted: tuple[tuple[str, str], ...]
    tripped: tuple[tuple[str, str, int], ...]

    def total(self, metric: str, segment: int = 0, side: int = TREATED) -> int:
        """Return one sum over all groups."""
        return int(self.sums[side, :, segment, METRICS.index(metric)].sum())
