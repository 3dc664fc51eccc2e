"""The words of the report: what each figure, reason and grade is called, and what it means, in plain words."""

from typing import Final

from attrs import frozen

from wakeup.diagnostics import Piece, Say


@frozen
class Words:
    """A figure's `label` in a table, its `group`, and its `meaning` in one sentence."""

    label: Piece
    group: Piece
    meaning: Piece


GROUPS: Final = (Say("People"), Say("Answers"), Say("Money"), Say("Ratios"), Say("After the run"))
"""Groups of the main table, in order."""

_PEOPLE, _ANSWERS, _MONEY, _RATIOS, _TAIL = GROUPS

FIGURES: Final[dict[str, Words]] = {
    "targeted": Words(
        Say("Targeted"), _PEOPLE, Say("In the audience with a journey and not held out, whether reached or not.")
    ),
    "held_out": Words(Say("Held out"), _PEOPLE, Say("In the audience, left alone on purpose, for comparison.")),
    "enrolled": Words(Say("Enrolled"), _PEOPLE, Say("Targeted people who entered their journey.")),
    "touched": Words(Say("Touched"), _PEOPLE, Say("People who were sent at least one message.")),
    "woken": Words(Say("Woken"), _PEOPLE, Say("Targeted people who did what counts as waking, from any cause.")),
    "converted": Words(Say("Converted"), _PEOPLE, Say("Targeted people who ordered, from any cause.")),
    "opted_out": Words(Say("Opted out"), _PEOPLE, Say("Opt-outs after a message.")),
    "complained": Words(Say("Complained"), _PEOPLE, Say("Complaints about a message.")),
    "sent": Words(Say("Sent"), _ANSWERS, Say("Messages sent.")),
    "delivered": Words(Say("Delivered"), _ANSWERS, Say("Messages that arrived.")),
    "opened": Words(Say("Opened"), _ANSWERS, Say("Messages opened.")),
    "clicked": Words(Say("Clicked"), _ANSWERS, Say("Messages clicked.")),
    "completed": Words(
        Say("Completed"), _ANSWERS, Say("Challenges done, draws won, surveys answered, events attended.")
    ),
    "attended": Words(Say("Attended"), _ANSWERS, Say("People who came to an event.")),
    "claimed": Words(Say("Claimed"), _ANSWERS, Say("Gifts and services claimed.")),
    "joined": Words(Say("Joined"), _ANSWERS, Say("Challenges, draws, surveys, events and communities joined.")),
    "grants": Words(Say("Grants"), _ANSWERS, Say("Coupons, gifts and services granted.")),
    "redemptions": Words(Say("Redemptions"), _ANSWERS, Say("Coupons used in an order.")),
    "orders": Words(Say("Orders"), _ANSWERS, Say("Orders of targeted people, from any cause.")),
    "subsidised_orders": Words(
        Say("Subsidised orders"), _ANSWERS, Say("Orders that would have come anyway and used a coupon.")
    ),
    "revenue": Words(Say("Revenue"), _MONEY, Say("Paid, net of discounts and refunds.")),
    "discount_cost": Words(Say("Discounts"), _MONEY, Say("Discounts of redeemed coupons.")),
    "subsidy_cost": Words(Say("Subsidy"), _MONEY, Say("Discounts given to orders that would have come anyway.")),
    "gift_cost": Words(Say("Gifts"), _MONEY, Say("Gifts, content and memberships handed over, prizes, seats, points.")),
    "send_cost": Words(Say("Sending"), _MONEY, Say("Cost of messages.")),
    "staff_cost": Words(Say("Staff"), _MONEY, Say("Cost of services given.")),
    "fixed_cost": Words(Say("Fixed costs"), _MONEY, Say("Costs the plan declares outright.")),
    "margin": Words(Say("Margin"), _MONEY, Say("Revenue less the cost of goods sold.")),
    "profit": Words(Say("Profit"), _MONEY, Say("Margin less gifts, staff, sending and fixed costs.")),
    "spent": Words(Say("Spent"), _MONEY, Say("All that the budget paid for.")),
    "wake_rate": Words(Say("Wake rate"), _RATIOS, Say("Woken, of those targeted.")),
    "conversion": Words(Say("Conversion"), _RATIOS, Say("Converted, of those woken.")),
    "complaint_rate": Words(Say("Complaint rate"), _RATIOS, Say("Complaints, of messages delivered.")),
    "opt_out_rate": Words(Say("Opt-out rate"), _RATIOS, Say("Opt-outs, of messages delivered.")),
    "redemption_rate": Words(Say("Redemption rate"), _RATIOS, Say("Coupons used, of all offers granted.")),
    "touches_per_person": Words(Say("Touches per person"), _RATIOS, Say("Messages sent, per person targeted.")),
    "aov": Words(Say("Average order value"), _RATIOS, Say("Revenue per order.")),
    "aov_change": Words(
        Say("Order value change"), _RATIOS, Say("Average order value against the customer's own history.")
    ),
    "active_months": Words(Say("Active months"), _RATIOS, Say("Months with an order after waking, per person woken.")),
    "satisfaction": Words(
        Say("Satisfaction"), _RATIOS, Say("Mean score of the surveys, 1 to 5; none without a survey.")
    ),
    "roi": Words(Say("Return on cost"), _RATIOS, Say("Incremental profit per unit of money spent on the campaign.")),
    "tail_orders": Words(Say("Orders"), _TAIL, Say("Orders after the run that used a coupon of the campaign.")),
    "tail_redemptions": Words(Say("Redemptions"), _TAIL, Say("Coupons of the campaign used after the run.")),
    "tail_revenue": Words(Say("Revenue"), _TAIL, Say("Paid in those orders, net of discounts.")),
    "tail_discount_cost": Words(Say("Discounts"), _TAIL, Say("Discounts of those orders.")),
}
"""Words for every figure that stands by itself; `incremental_…` and `uplift_…` are shown beside their own."""

OF_THE_WOKEN: Final = frozenset({"conversion", "active_months", "aov"})
"""Ratios of those who woke or ordered. What the campaign changes in them is not shown: it wakes more people by clicks
alone, so they fall though nobody got worse. The JSON has the differences."""

OPTIONAL: Final = frozenset(
    {
        "completed", "attended", "claimed", "joined", "grants", "redemptions", "subsidised_orders", "discount_cost",
        "subsidy_cost", "gift_cost", "send_cost", "staff_cost", "fixed_cost", "redemption_rate", "satisfaction",
        "tail_orders", "tail_redemptions", "tail_revenue", "tail_discount_cost",
    }
)  # fmt: skip
"""Figures that many campaigns cannot have: no coupon, no event, no survey. A short table leaves them out at zero."""

REASONS: Final[dict[str, Piece]] = {
    "no_consent": Say("The person has not agreed to this channel"),
    "unreachable": Say("No address or account on this channel"),
    "suppressed": Say("Opted out or complained before"),
    "control": Say("Held out for comparison"),
    "exited": Say("Had reached the goal already"),
    "ended": Say("The run was over"),
    "paused": Say("A guard had paused the channel"),
    "incentive_invalid": Say("The offer is not for this person, or was used up by them"),
    "out_of_stock": Say("The offer was out of stock"),
    "no_grant": Say("The offer could not be granted"),
    "cap": Say("Frequency cap reached"),
    "gap": Say("Too soon after the last message"),
    "quiet": Say("Quiet hours"),
    "outage": Say("The channel was down"),
    "rate": Say("The channel's rate limit was reached"),
    "capacity": Say("No staff were free"),
    "budget": Say("The budget line or the total was spent"),
    "template": Say("The text needs a field that is blank for this person"),
    "expired": Say("Could not be sent within its time"),
    "not_entered": Say("No longer in the audience at entry, or the run was over"),
    "no_journey": Say("In the audience, but no journey takes the person"),
    "unclassified": Say("In no band of a tier"),
}
"""Why a message was not sent, or a person not taken, as a person would say it."""

GRADES: Final[dict[str, Piece]] = {
    "given": Say("your own statement"),
    "fitted": Say("fitted to your own data"),
    "pilot": Say("your own pilot"),
    "rct": Say("randomised trial, same kind"),
    "rct_other": Say("randomised trial, another kind"),
    "observational": Say("observational data"),
    "none": Say("no source: run a pilot"),
}
"""What an evidence grade means, best first."""

WEAK_GRADES: Final = frozenset({"none"})
"""Grades whose assumption is a guess: marked wherever it is shown."""

STATUSES: Final[dict[str, Piece]] = {
    "ok": Say("met"),
    "failed": Say("not met"),
    "undecided": Say("undecided, more replications would tell"),
}
"""What became of an expectation."""

CHANGES: Final = {"incremental_": Say("Incremental {figure}"), "uplift_": Say("Uplift {figure}")}
"""How a figure is called that is a difference to the same people left alone, or to those held out."""

SHORT_REASONS: Final[dict[str, Piece]] = {
    "no_consent": Say("no consent"),
    "unreachable": Say("unreachable"),
    "suppressed": Say("suppressed"),
    "control": Say("control"),
    "exited": Say("exited"),
    "ended": Say("ended"),
    "paused": Say("paused"),
    "incentive_invalid": Say("incentive invalid"),
    "out_of_stock": Say("out of stock"),
    "no_grant": Say("no grant"),
    "cap": Say("cap"),
    "gap": Say("gap"),
    "quiet": Say("quiet"),
    "outage": Say("outage"),
    "rate": Say("rate"),
    "capacity": Say("capacity"),
    "budget": Say("budget"),
    "template": Say("template"),
    "expired": Say("expired"),
    "not_entered": Say("not entered"),
    "no_journey": Say("no journey"),
    "unclassified": Say("unclassified"),
}
"""Reasons in a word or two."""
