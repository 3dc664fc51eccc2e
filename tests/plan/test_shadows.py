"""Conditions asked one after the other, and those that get nobody."""

from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.plan.test_sets import TIERS, people, predicates

from wakeup.decide.predicates import Facts, holds
from wakeup.plan import sets, shadows
from wakeup.plan.model import Band, Tier
from wakeup.plan.predicates import EVERYONE, And, Bought, Compare, HasTag, InTier, Not, Or, Predicate
from wakeup.plan.shadows import Taken

DAY = 86_400
BANDS = tuple(Band(f"b{n}", n * 10 or None, n * 10 + 10 if n < 99 else None) for n in range(100))
MANY = {"value": Tier("value", "average_order_value", "money", BANDS)}


def taken(*conditions: Predicate) -> Taken:
    """The state after some conditions were asked."""
    before = Taken(TIERS)
    for each in conditions:
        before.add(each)
    return before


def one_by_one(conditions: Sequence[Predicate], mine: Predicate) -> tuple[int, ...]:
    """The same, pair by pair, from `implies` alone."""
    for number, each in enumerate(conditions):
        if sets.implies(mine, each, TIERS):
            return (number,)
    return tuple(range(len(conditions))) if sets.implies(mine, sets.any_of(conditions), TIERS) else ()


@given(st.lists(predicates, max_size=5), predicates)
def test_what_pairs_show_is_found(conditions: list[Predicate], mine: Predicate) -> None:
    if sets.satisfiable(mine, TIERS):
        expected = one_by_one(conditions, mine)
        assert expected == () or taken(*conditions).whole(mine) == expected


@given(st.lists(predicates, max_size=5), predicates, people)
def test_nobody_is_left_of_what_is_taken(conditions: list[Predicate], mine: Predicate, person: Facts) -> None:
    by = taken(*conditions).whole(mine)
    if by and holds(mine, person):
        assert any(holds(conditions[number], person) for number in by)


def test_the_first_that_takes_everybody_is_named() -> None:
    some = Compare("orders", ">=", 3, "count")
    before = taken(HasTag("staff"), some, EVERYONE)
    assert before.whole(Compare("orders", ">", 5, "count")) == (1,)
    assert before.whole(Compare("orders", ">", 2, "count")) == (2,)
    assert before.whole(And((HasTag("vip"), HasTag("staff")))) == (0,)
    staff = HasTag("staff")
    assert taken(staff, Bought("coats")).whole(Bought("coats", 3 * DAY)) == (1,)
    assert taken(staff, Not(Bought("coats", 3 * DAY))).whole(Not(Bought("coats"))) == (1,)
    assert taken(staff, Not(InTier("value", "low"))).whole(InTier("value", "high")) == (1,)


def test_together_they_take_everybody() -> None:
    low, high = (Compare("orders", op, 3, "count") for op in ("<", ">="))
    assert taken(low, HasTag("vip"), high).whole(And((Compare("orders", ">", 0, "count"), HasTag("staff")))) == (
        0,
        1,
        2,
    )
    assert taken(low, high).whole(HasTag("staff")) == ()  # of whom nobody knows how often they ordered


@pytest.mark.parametrize(
    "condition",
    [
        lambda n: And((Compare("orders", "==", n, "count"), Not(HasTag("employee")))),
        lambda n: InTier("value", f"b{n % 100}"),
        lambda n: Or((HasTag(f"group_{n}"), Bought(f"goods_{n}", 60 * DAY))),
        lambda n: And((HasTag(f"group_{n}"), Compare("orders", ">=", n, "count"))),
    ],
    ids=["segments", "bands", "tags or goods", "tags and bounds"],
)
def test_journeys_of_different_people_are_not_compared_in_pairs(
    condition: Callable[[int], Predicate], monkeypatch: pytest.MonkeyPatch
) -> None:
    met = 0

    def counted(*cases: tuple[sets.Case, ...] | None) -> tuple[sets.Case, ...] | None:
        nonlocal met
        met += 1
        return sets.common(*cases)

    monkeypatch.setattr(shadows, "common", counted)
    before, audience = Taken(MANY), Compare("days_since_order", ">=", 60 * DAY, "seconds")
    for number in range(90):
        assert before.whole(sets.both(audience, condition(number))) == ()
        before.add(condition(number))
    assert met < 5 * 90
