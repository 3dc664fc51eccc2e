"""The words of the report: what each figure, reason and grade is called, and what it means, in plain English."""

from typing import Final

from attrs import frozen


@frozen
class Words:
    """A figure's `label` in a table, its `group`, and its `meaning` in one sentence."""

    label: str
    group: str
    meaning: str


GROUPS: Final = ("People", "Answers", "Money", "Ratios", "After the run")
"""Groups of the main table, in order."""

_PEOPLE, _ANSWERS, _MONEY, _RATIOS, _TAIL = GROUPS

FIGURES: Final[dict[str, Words]] = {
    "targeted": Words("Targeted", _PEOPLE, "In the audience with a journey and not held out, whether reached or not."),
    "held_out": Words("Held out", _PEOPLE, "In the audience, left alone on purpose, for comparison."),
    "enrolled": Words("Enrolled", _PEOPLE, "Targeted people who entered their journey."),
    "touched": Words("Touched", _PEOPLE, "People who were sent at least one message."),
    "woken": Words("Woken", _PEOPLE, "Targeted people who did what counts as waking, from any cause."),
    "converted": Words("Converted", _PEOPLE, "Targeted people who ordered, from any cause."),
    "opted_out": Words("Opted out", _PEOPLE, "Opt-outs after a message."),
    "complained": Words("Complained", _PEOPLE, "Complaints about a message."),
    "sent": Words("Sent", _ANSWERS, "Messages sent."),
    "delivered": Words("Delivered", _ANSWERS, "Messages that arrived."),
    "opened": Words("Opened", _ANSWERS, "Messages opened."),
    "clicked": Words("Clicked", _ANSWERS, "Messages clicked."),
    "claimed": Words("Claimed", _ANSWERS, "Gifts and services claimed."),
    "joined": Words("Joined", _ANSWERS, "Challenges or communities joined."),
    "grants": Words("Grants", _ANSWERS, "Coupons, gifts and services granted."),
    "redemptions": Words("Redemptions", _ANSWERS, "Coupons used in an order."),
    "orders": Words("Orders", _ANSWERS, "Orders of targeted people, from any cause."),
    "subsidised_orders": Words("Subsidised orders", _ANSWERS, "Orders that would have come anyway and used a coupon."),
    "revenue": Words("Revenue", _MONEY, "Paid, net of discounts and refunds."),
    "discount_cost": Words("Discounts", _MONEY, "Discounts of redeemed coupons."),
    "subsidy_cost": Words("Subsidy", _MONEY, "Discounts given to orders that would have come anyway."),
    "gift_cost": Words("Gifts", _MONEY, "Cost of gifts handed over."),
    "send_cost": Words("Sending", _MONEY, "Cost of messages."),
    "staff_cost": Words("Staff", _MONEY, "Cost of services given."),
    "fixed_cost": Words("Fixed costs", _MONEY, "Costs the plan declares outright."),
    "margin": Words("Margin", _MONEY, "Revenue less the cost of goods sold."),
    "profit": Words("Profit", _MONEY, "Margin less gifts, staff, sending and fixed costs."),
    "spent": Words("Spent", _MONEY, "All that the budget paid for."),
    "wake_rate": Words("Wake rate", _RATIOS, "Woken, of those targeted."),
    "conversion": Words("Conversion", _RATIOS, "Converted, of those woken."),
    "complaint_rate": Words("Complaint rate", _RATIOS, "Complaints, of messages delivered."),
    "opt_out_rate": Words("Opt-out rate", _RATIOS, "Opt-outs, of messages delivered."),
    "redemption_rate": Words("Redemption rate", _RATIOS, "Coupons used, of all offers granted."),
    "touches_per_person": Words("Touches per person", _RATIOS, "Messages sent, per person targeted."),
    "aov": Words("Average order value", _RATIOS, "Revenue per order."),
    "aov_change": Words("Order value change", _RATIOS, "Average order value against the customer's own history."),
    "active_months": Words("Active months", _RATIOS, "Months with an order after waking, per person woken."),
    "roi": Words("Return on cost", _RATIOS, "Incremental profit per unit of money spent on the campaign."),
    "tail_orders": Words("Orders", _TAIL, "Orders after the run that used a coupon of the campaign."),
    "tail_redemptions": Words("Redemptions", _TAIL, "Coupons of the campaign used after the run."),
    "tail_revenue": Words("Revenue", _TAIL, "Paid in those orders, net of discounts."),
    "tail_discount_cost": Words("Discounts", _TAIL, "Discounts of those orders."),
}
"""Words for every figure that stands by itself; `incremental_…` and `uplift_…` are shown beside their own."""

REASONS: Final[dict[str, str]] = {
    "no_consent": "The person has not agreed to this channel",
    "unreachable": "No address or account on this channel",
    "suppressed": "Opted out or complained before",
    "control": "Held out for comparison",
    "exited": "Had reached the goal already",
    "ended": "The run was over",
    "paused": "A guard had paused the channel",
    "incentive_invalid": "The offer is not for this person, or was used up by them",
    "out_of_stock": "The offer was out of stock",
    "no_grant": "The offer could not be granted",
    "cap": "Frequency cap reached",
    "gap": "Too soon after the last message",
    "quiet": "Quiet hours",
    "outage": "The channel was down",
    "rate": "The channel's rate limit was reached",
    "capacity": "No staff were free",
    "budget": "The budget line or the total was spent",
    "template": "The text needs a field that is blank for this person",
    "expired": "Could not be sent within its time",
    "not_entered": "No longer in the audience at entry, or the run was over",
    "no_journey": "In the audience, but no journey takes the person",
    "unclassified": "In no band of a tier",
}
"""Why a message was not sent, or a person not taken, as a person would say it."""

GRADES: Final[dict[str, str]] = {
    "given": "your own statement",
    "fitted": "fitted to your own data",
    "pilot": "your own pilot",
    "rct": "randomised trial, same kind",
    "rct_other": "randomised trial, another kind",
    "observational": "observational data",
    "none": "no source: run a pilot",
}
"""What an evidence grade means, best first."""

WEAK_GRADES: Final = frozenset({"none"})
"""Grades whose assumption is a guess: marked wherever it is shown."""

STATUSES: Final[dict[str, str]] = {
    "ok": "met",
    "failed": "not met",
    "undecided": "undecided, more replications would tell",
}
"""What became of an expectation."""


def label(figure: str) -> str:
    """Return the label of a figure; `incremental_…` and `uplift_…` say so, a name without words speaks for itself."""
    for prefix in ("incremental_", "uplift_"):
        if figure.startswith(prefix):
            return f"{prefix[:-1].capitalize()} {label(figure.removeprefix(prefix)).lower()}"
    known = FIGURES.get(figure)
    return known.label if known else figure.replace("_", " ").capitalize()


def reason(name: str) -> str:
    """Return why something was not sent, in words."""
    return REASONS.get(name, name.replace("_", " "))


def grade(name: str) -> str:
    """Return what an evidence grade means, in words."""
    return GRADES.get(name, name)


def scope(by: str) -> str:
    """Return the scope of a segment in words: `tier:value=high` is "value: high", `journey:high` is "journey: high"."""
    kind, _, name = by.partition(":")
    return name.replace("=", ": ", 1) if kind == "tier" else f"{kind}: {name}"
