"""Closed lists: every word the product uses for an outcome, a reason, a row of the trace, a figure, a grade.

They are data so that the language, both simulators, the report and the documentation cannot drift apart.
"""

from collections.abc import Mapping
from enum import IntEnum, StrEnum
from typing import Final


class Reason(IntEnum):
    """Why a send did not happen, in the order of the send decision (SEMANTICS 19); NONE for rows that are no refusal.

    The order of the members is the order in which the decision looks: the first that holds wins.
    """

    NONE = 0
    NO_CONSENT = 1
    UNREACHABLE = 2
    SUPPRESSED = 3
    CONTROL = 4
    EXITED = 5
    ENDED = 6
    PAUSED = 7
    INCENTIVE_INVALID = 8
    OUT_OF_STOCK = 9
    NO_GRANT = 10
    CAP = 11
    GAP = 12
    QUIET = 13
    OUTAGE = 14
    RATE = 15
    CAPACITY = 16
    BUDGET = 17
    TEMPLATE = 18
    EXPIRED = 19
    NOT_ENTERED = 20


DELAYS: Final = frozenset({Reason.GAP, Reason.QUIET, Reason.OUTAGE, Reason.RATE, Reason.CAPACITY})
"""Refusals that hold the person until the next allowed instant; every other refusal skips the send (SEMANTICS 20)."""

FALLS_BACK: Final = frozenset(
    {Reason.NO_CONSENT, Reason.UNREACHABLE, Reason.NO_GRANT, Reason.OUTAGE, Reason.RATE, Reason.EXPIRED}
)
"""Refusals after which `else:` is tried; so it is after a cap of one channel, and after waiting in vain for staff
(docs/semantics, rules 27 and 72)."""


class Row(IntEnum):
    """Kind of a row in the trace. The order is the order of rows of one person within one second."""

    OPENED = 1
    CLICKED = 2
    CLAIMED = 3
    JOINED = 4
    COMPLETED = 5  # an activity was finished (a draw won, an event attended); amount: its cost
    OPTED_OUT = 6
    COMPLAINED = 7
    ORDERED = 8  # amount: value of the basket before discount
    REDEEMED = 9  # amount: discount of the coupon used in the order of the same second
    LAPSED = 10  # a grant reached its end unused
    ENTERED = 11
    NOT_ENTERED = 12
    ASSIGNED = 13  # arm of a split
    DELAYED = 14  # with the reason; the send is decided again at its release
    REFUSED = 15  # with the reason
    SENT = 16  # amount: cost of the message, half up to minor units
    GRANTED = 17  # amount: 0; one row per incentive that a send, a `grant` or an activity newly granted
    DELIVERED = 18
    SERVED = 19  # a service began; amount: its cost
    GIFTED = 20  # a gift was handed over; amount: its cost
    EXITED = 21  # the goal event ended the journey, or `exit`, or its last instruction was done
    ENDED = 22  # the run ended (or a guard stopped it) with the journey unfinished
    RATED = 23  # a survey was answered; amount: the score in hundredths, 100 to 500


class Outcome(StrEnum):
    """What a customer may do that a campaign can name (`wait … for`, `if`, `awake`, `goal:`)."""

    ORDER = "order"
    OPEN = "open"
    CLICK = "click"
    CLAIM = "claim"
    JOIN = "join"
    COMPLETE = "complete"
    ATTEND = "attend"


ROW_OF: Final[Mapping[str, Row]] = {
    Outcome.ORDER: Row.ORDERED,
    Outcome.OPEN: Row.OPENED,
    Outcome.CLICK: Row.CLICKED,
    Outcome.CLAIM: Row.CLAIMED,
    Outcome.JOIN: Row.JOINED,
    Outcome.COMPLETE: Row.COMPLETED,
    Outcome.ATTEND: Row.COMPLETED,  # of an event
}
"""Outcome -> the row that it leaves in the trace."""


class ChannelKind(StrEnum):
    """Kinds of channels; the default behaviour has physics for each."""

    SMS = "sms"
    EMAIL = "email"
    WECOM = "wecom"
    MINI_PROGRAM = "mini_program"
    MINI_SUBSCRIBE = "mini_subscribe"
    COMMUNITY = "community"
    SERVICE_ACCOUNT = "service_account"
    SERVICE_TEMPLATE = "service_template"
    PHONE = "phone"
    PUSH = "push"
    WEBSITE = "website"
    SOCIAL = "social"
    STORE = "store"
    SEARCH_AD = "search_ad"
    PARTNER = "partner"


class Grade(StrEnum):
    """Evidence behind an assumption, best first; worse is wider (research C7: factor on the log-odds sd)."""

    GIVEN = "given"  # declared by the user as a fact
    FITTED = "fitted"  # fitted to the user's own log
    PILOT = "pilot"  # measured in the user's own pilot
    RCT = "rct"  # randomised trial of the same kind
    RCT_OTHER = "rct_other"  # randomised trial of another kind
    OBSERVATIONAL = "observational"
    NONE = "none"  # vendor claim or guess


FIGURES_COUNT: Final = (
    "targeted", "held_out", "enrolled", "touched", "sent", "delivered", "opened", "clicked", "claimed", "joined",
    "completed", "attended", "woken", "converted", "orders", "redemptions", "grants", "subsidised_orders",
    "opted_out", "complained", "tail_orders", "tail_redemptions",
)  # fmt: skip
"""Figures counted in people or events."""

FIGURES_MONEY: Final = (
    "revenue", "discount_cost", "subsidy_cost", "gift_cost", "send_cost", "staff_cost", "fixed_cost", "margin",
    "profit", "spent", "tail_revenue", "tail_discount_cost",
)  # fmt: skip
"""Figures in money (major units in JSON)."""

FIGURES_RATIO: Final = (
    "wake_rate", "conversion", "complaint_rate", "opt_out_rate", "redemption_rate", "touches_per_person", "aov",
    "aov_change", "active_months", "satisfaction", "roi",
)  # fmt: skip
"""Ratios; an empty denominator gives null."""

FIGURES_GUARD: Final = (
    "sent", "delivered", "opened", "clicked", "claimed", "joined", "completed", "attended", "opted_out", "complained",
    "orders", "redemptions", "grants", "discount_cost", "gift_cost", "send_cost", "staff_cost", "fixed_cost", "spent",
    "complaint_rate", "opt_out_rate", "redemption_rate",
)  # fmt: skip
"""What a guard may watch: known while a campaign runs, without a twin and without waiting for an end (docs/semantics,
rule 56)."""
