"""The sums of the hand-made replication, computed by hand, and that neither order nor batches show in them."""

from collections.abc import Mapping
from itertools import pairwise

import numpy as np
import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from tests.figures.small import (
    BATCHES,
    CLOSING,
    COUPON,
    DAY,
    HOUR,
    PLAN,
    TWINS,
    cut,
    part,
    rows,
    totals,
)

from wakeup.figures.contacts import MODELS
from wakeup.figures.tally import Tally
from wakeup.figures.totals import CREDIT_UNITS, GROUPS, HELD_OUT, METRICS, Segment, Spending, Totals
from wakeup.plan.model import Message
from wakeup.terms.lists import Row


def sums(found: Totals, segment: Segment, side: int = 0) -> dict[str, int]:
    """The sums that are not 0."""
    at = found.segments.index(segment)
    named = {metric: found.total(metric, at, side) for metric in METRICS}
    return {metric: amount for metric, amount in named.items() if amount}


ALL = Segment("all")


def test_treated_people_over_the_campaign() -> None:
    assert sums(totals(), ALL) == {
        "people": 4, "enrolled": 3, "touched": 3, "woken": 3, "converted": 2,
        "sent": 5, "delivered": 3, "opened": 2, "clicked": 1, "claimed": 1, "opted_out": 1, "complained": 1,
        "grants": 4, "send_micros": 145_000, "gift_cost": 1_800, "staff_cost": 3_500,
        "orders": 3, "value": 70_000, "redemptions": 1, "discount": 5_000, "subsidised_orders": 1,
        "subsidy_cost": 5_000,
        # 30,000 - 5,000 + 20,000 and 20,000 paid, against 2 x 200.01 (half up) and 100.00 of their own before.
        "known_paid": 65_000, "known_base": 50_002,
        # September and October of person 0, September of person 1; person 2 woke and bought nothing.
        "active_months": 3,
        "tail_orders": 1, "tail_redemptions": 1, "tail_value": 16_000, "tail_discount": 5_000,
        "twin_woken": 1, "twin_converted": 1, "twin_orders": 1, "twin_value": 30_000, "twin_known_paid": 30_000,
        "twin_known_base": 20_001, "twin_active_months": 2,
    }  # fmt: skip


def test_the_held_out_are_kept_apart() -> None:
    assert sums(totals(), ALL, HELD_OUT) == {
        "people": 1, "woken": 1, "converted": 1, "orders": 1, "value": 9_100, "known_paid": 9_100,
        "known_base": 9_000, "active_months": 1,
        "twin_woken": 1, "twin_converted": 1, "twin_orders": 1, "twin_value": 9_100, "twin_known_paid": 9_100,
        "twin_known_base": 9_000, "twin_active_months": 1,
    }  # fmt: skip


def test_bands_journeys_and_arms() -> None:
    found = totals()
    people = {(each.name, each.part): found.total("people", at) for at, each in enumerate(found.segments)}
    assert people == {
        ("", ""): 4,
        ("value", "high"): 2,
        ("value", "low"): 1,
        ("journey", "main"): 3,
        ("journey", "other"): 1,
        ("main/ab", "a"): 1,  # person 2 was assigned in the second of the promotion: after it
        ("main/ab", "b"): 1,
    }
    assert sums(found, Segment("tier", "value", "low")) == {
        "people": 1, "enrolled": 1, "touched": 1, "woken": 1, "sent": 1, "delivered": 1, "claimed": 1, "opted_out": 1,
        "grants": 1, "send_micros": 5_000, "gift_cost": 1_800, "staff_cost": 3_500,
    }  # fmt: skip
    assert found.unclassified == {"value": 1}


def test_without_a_winner_everybody_assigned_counts() -> None:
    batches = (rows(Row.ASSIGNED, (0, 0), (2, HOUR), step=0, arm=0),)
    found = totals(batches=batches, closing=evolve(CLOSING, promoted=(("main/ab", ""),)))
    assert found.total("people", found.segments.index(Segment("arm", "main/ab", "a"))) == 2


def test_the_promotion_is_judged_at_the_first_quarter_hour() -> None:
    # First assigned at 1 s, judged at 1 h 15 min.
    found = totals(batches=(rows(Row.ASSIGNED, (0, 1), (1, HOUR + 899), (2, HOUR + 900), step=0, arm=0),))
    assert found.total("people", found.segments.index(Segment("arm", "main/ab", "a"))) == 2


def test_what_is_no_sum_of_people() -> None:
    found = totals()
    assert found.reasons == {"cap": 1, "budget": 2, "not_entered": 1, "no_journey": 1}
    assert found.delays == {"quiet": 1}
    assert found.most_touches == {DAY: 2}
    assert (found.eligible, found.no_journey) == (6, 1)
    assert found.promoted == (("main/ab", "a"),)
    # sms 3 x 0.045 = 13.5 fen, half up, and the discount; popup 2 x 0.005, the gift and the materials; the service.
    assert found.spending == (
        Spending("promotion", 5_014, 5_000, 5_000),
        Spending("gifts", 11_801, 0, 0),
        Spending("", 3_500, 0, 0),
    )


def test_last_touch_takes_the_order_within_its_window() -> None:
    # Person 0: 0:01:40 after the sms; the day after it is too late. Person 1: the popup came last.
    credited = totals().credit[MODELS.index("last_touch")] / CREDIT_UNITS
    assert credited.tolist() == [[1, 25_000], [1, 20_000], [1, 20_000]]


def test_days_are_local() -> None:
    assert totals().days.tolist() == [[3, 1, 30_000, 5_000, 1, 30_000], [2, 2, 40_000, 0, 0, 0]]


def test_channels() -> None:
    assert totals().channels.sum(axis=0).tolist() == [[3, 2, 2, 1, 0, 1, 135_000], [2, 1, 0, 0, 1, 0, 10_000]]


def test_orders_before_the_run_belong_to_history() -> None:
    found = totals(batches=(rows(Row.ORDERED, (0, -1), (0, 0), amount=100),))
    assert found.total("orders") == 1


def test_an_order_after_the_run_without_a_coupon_is_no_tail() -> None:
    found = totals(batches=(rows(Row.ORDERED, (0, 2 * DAY), amount=100),))
    assert [found.total(metric) for metric in ("orders", "tail_orders", "woken", "active_months")] == [0, 0, 0, 0]


def test_follow_up_ends_the_months() -> None:
    plan = evolve(PLAN, follow_up=30 * DAY)
    assert totals(plan).total("active_months") == 2


def test_awake_decides_who_woke() -> None:
    opened = totals(evolve(PLAN, awake=("open",)))
    assert opened.total("woken") == 2
    assert opened.total("converted") == 2
    assert opened.total("twin_woken") == 0


def test_no_rows_at_all() -> None:
    tally = Tally(PLAN)
    tally.add(part((), ()))
    tally.close(CLOSING)
    found = tally.totals()
    assert sums(found, ALL) == {"people": 4}
    assert found.most_touches == {DAY: 0}
    assert found.credit.tolist() == [[[0, 0]] * 3] * len(MODELS)


def test_a_plan_without_messages() -> None:
    plan = evolve(PLAN, messages=(), channels=(), incentives=(), journeys=(evolve(PLAN.journeys[0], program=()),) * 2)
    assert totals(plan, (rows(Row.ORDERED, (0, 5), amount=100),)).total("value") == 100


def test_a_replication_that_was_not_run_to_its_end_has_no_totals() -> None:
    with pytest.raises(ValueError, match="not run to its end"):
        Tally(PLAN).totals()


def test_groups_add_up_to_everybody() -> None:
    found = totals()
    assert found.sums.shape == (2, GROUPS, 7, len(METRICS))
    assert (found.sums[0, :, 0, METRICS.index("people")] > 0).sum() > 1


def test_costs_of_many_sends_are_exact() -> None:
    plan = evolve(PLAN, messages=(Message("hello", "sms", "", cost_micros=333), *PLAN.messages[1:]))
    batch = rows(Row.SENT, *((0, second) for second in range(1_000)), message=0)
    assert totals(plan, (batch,)).total("send_micros") == 333_000


def same(one: Totals, other: Totals) -> bool:
    return all(
        np.array_equal(mine, theirs) if isinstance(mine, np.ndarray) else mine == theirs
        for mine, theirs in zip(_fields(one).values(), _fields(other).values(), strict=True)
    )


def _fields(found: Totals) -> Mapping[str, object]:
    return {name: getattr(found, name) for name in Totals.__slots__ if name != "__weakref__"}


@given(st.data())
def test_order_and_batches_never_show(data: st.DataObject) -> None:
    pieces = []
    for batch in BATCHES:
        edges = sorted(data.draw(st.sets(st.integers(0, len(batch.who)), max_size=2)) | {0, len(batch.who)})
        pieces += [cut(batch, first, last) for first, last in pairwise(edges)]
    twins = data.draw(st.permutations(TWINS))
    tally = Tally(PLAN)
    tally.add(part(data.draw(st.permutations(pieces)), twins))
    tally.close(CLOSING)
    assert same(tally.totals(), totals())


def test_a_coupon_of_the_wrong_second_pairs_with_nothing() -> None:
    batches = (
        rows(Row.ORDERED, (0, 2 * DAY), (1, 2 * DAY + 1), amount=16_000),
        rows(Row.REDEEMED, (1, 2 * DAY), (0, 2 * DAY + 1), incentive=COUPON, amount=5_000),
    )
    assert totals(batches=batches).total("tail_orders") == 0
