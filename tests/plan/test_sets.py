from hypothesis import given
from hypothesis import strategies as st

from wakeup.decide.predicates import Facts, holds
from wakeup.plan import sets
from wakeup.plan.model import Band, Tier
from wakeup.plan.predicates import And, Compare, Happened, HasTag, InTier, Not, Or, Predicate

DAY = 86_400
TIER = Tier("value", "average_order_value", "money", (Band("low", None, 100), Band("high", 100, None)))
TIERS = {"value": TIER}

leaves = st.one_of(
    st.builds(
        Compare,
        attribute=st.sampled_from(["orders", "total_spent"]),
        op=st.sampled_from(["<", "<=", ">", ">=", "==", "!="]),
        value=st.integers(0, 6),
        unit=st.just("count"),
    ),
    st.builds(HasTag, st.sampled_from(["vip", "staff"])),
    st.builds(Happened, st.sampled_from(["click", "order"])),
    st.builds(InTier, st.just("value"), st.sampled_from(["low", "high"])),
)
predicates = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(And, st.lists(inner, min_size=1, max_size=3)),
        st.builds(Or, st.lists(inner, min_size=1, max_size=3)),
    ),
    max_leaves=8,
)
people = st.builds(
    lambda orders, spent, value, tags, happened: Facts(
        attributes={"orders": orders, "total_spent": spent, "average_order_value": value},
        instant=0,
        zone="UTC",
        tags=tags,
        bands={"value": "low" if value < 100 else "high"},
        happened=happened,
    ),
    st.integers(0, 7),
    st.integers(0, 7),
    st.integers(0, 200),
    st.sets(st.sampled_from(["vip", "staff"])),
    st.sets(st.sampled_from(["click", "order"])),
)


@given(predicates, people)
def test_what_holds_for_somebody_is_satisfiable(predicate: Predicate, person: Facts) -> None:
    if holds(predicate, person):
        assert sets.satisfiable(predicate, TIERS)


@given(predicates, predicates, people)
def test_an_implication_holds_for_everybody(first: Predicate, second: Predicate, person: Facts) -> None:
    if sets.implies(first, second, TIERS) and holds(first, person):
        assert holds(second, person)


def age(op: str, value: int, unit: str) -> Compare:
    return Compare("days_since_order", op, value, unit)  # type: ignore[arg-type]


def test_contradictions_are_found() -> None:
    assert not sets.satisfiable(And((age(">=", 180 * DAY, "seconds"), age("<", 180 * DAY, "seconds"))), TIERS)
    assert sets.satisfiable(And((age(">=", 180 * DAY, "seconds"), age("<=", 180 * DAY, "seconds"))), TIERS)
    assert not sets.satisfiable(And((HasTag("vip"), Not(HasTag("vip")))), TIERS)
    assert not sets.satisfiable(And((InTier("value", "low"), InTier("value", "high"))), TIERS)


def test_a_band_bounds_its_attribute() -> None:
    rich = Compare("average_order_value", ">=", 100, "money")
    assert not sets.satisfiable(And((rich, InTier("value", "low"))), TIERS)
    assert sets.satisfiable(And((rich, InTier("value", "high"))), TIERS)


def test_months_and_days_are_compared_as_far_as_that_is_sure() -> None:
    assert not sets.satisfiable(And((age(">=", 3, "months"), age("<", 3, "months"))), TIERS)
    assert not sets.satisfiable(And((age(">=", 3, "months"), age("<", 89 * DAY, "seconds"))), TIERS)
    assert sets.satisfiable(And((age(">=", 3, "months"), age("<", 90 * DAY, "seconds"))), TIERS)


def test_a_missing_attribute_keeps_an_implication_from_being_sure() -> None:
    everybody = Or((Compare("orders", "<", 5, "count"), Compare("orders", ">=", 5, "count")))
    assert not sets.implies(HasTag("vip"), everybody, TIERS)
    assert sets.implies(Compare("orders", ">", 2, "count"), everybody, TIERS)
