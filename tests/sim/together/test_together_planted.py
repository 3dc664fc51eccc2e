"""Faults that somebody could make where campaigns meet, each of which a rule worked by hand shows."""

from collections.abc import Callable

import pytest
from tests.sim.planting import Fault, planted
from tests.sim.together import test_together_rules as rules

FAULTS: dict[str, tuple[Fault, Callable[[str], None]]] = {
    "a send counts in the caps of its own campaign only": (
        Fault(
            "", "T3", "sending",
            "for each in block.campaigns if later else ():", "for each in (block,):", (),
        ),
        rules.test_a_send_of_one_counts_in_the_caps_of_the_other,
    ),
    "an opt-out holds for the channel's own name only": (
        Fault(
            "", "T4", "sending",
            "for heard in book.carried.reached[book.channel_of[message]]:",
            "for heard in (book.carried.heard[book.channel_of[message]],):", (),
        ),
        rules.test_a_channel_is_the_same_under_another_alias,
    ),
    "people of all campaigns are due by key alone": (
        Fault(
            "", "T9", "block",
            "self.callers(rows) if phase == Phase.DUE else self.numbers(rows)", "self.numbers(rows)", (),
        ),
        rules.test_in_one_second_everybody_of_the_first_is_due_before_anybody_of_the_second,
    ),
    "an order looks at the coupons of the first campaign only": (
        Fault(
            "", "T11", "orders",
            "for place, each in enumerate(block.campaigns):", "for place, each in enumerate(block.campaigns[:1]):", (),
        ),
        rules.test_an_organic_order_looks_at_the_coupons_that_it_remembers,
    ),
    "orders count for a campaign after its horizon": (
        Fault("", "T8", "orders", "& (t < block.stage.horizon))", "& (t >= 0))", ()),
        rules.test_rows_of_a_campaign_lie_between_its_start_and_its_horizon,
    ),
    "a later campaign is judged on the state of the first start": (
        Fault("", "T7", "several", "lives.live_until(plan.start)", "lives.live_until(self.first)", ()),
        rules.test_who_is_in_no_campaign_yet_lives_on_until_the_next_one_opens,
    ),
    "a later campaign does not see what the other did": (
        Fault("", "T7", "several", "lives.follow(self.treated, engine.acts[0].columns, self.layouts[0])", "pass", ()),
        rules.test_a_later_campaign_is_judged_at_its_own_start_on_what_the_other_did,
    ),
    "held-out people live as their twins, whoever treats them": (
        Fault(
            "", "T14", "several",
            "_joined([*self.lives.made, *self.engine.made])", "_joined([*self.lives.made])", (),
        ),
        rules.test_who_is_held_out_of_one_may_be_treated_by_the_other,
    ),
    "an order ends the journey of the campaign that brought it about only": (
        Fault(
            "", "T13", "orders",
            "    for each, mine in seen:\n        before", "    for each, mine in seen[:1]:\n        before", (),
        ),
        rules.test_an_order_is_one_order_and_ends_the_journeys_of_both,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_shows(name: str) -> None:
    fault, rule = FAULTS[name]
    rule("array")
    with planted(fault), pytest.raises(AssertionError):
        rule("array")
