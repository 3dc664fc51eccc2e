from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from wakeup.decide.predicates import Facts, band_of, holds
from wakeup.plan import sets
from wakeup.plan.model import Band, Tier
from wakeup.plan.predicates import And, Bought, Compare, Happened, HasTag, InTier, Not, Or, Predicate

DAY = 86_400
TIER = Tier("value", "average_order_value", "money", (Band("low", None, 100), Band("high", 100, None)))
CAUSES = Tier(
    "why",
    "",
    "rule",
    (
        Band("gone", match=And((Not(Bought("coats", 2 * DAY)), Compare("orders", "<", 5, "count")))),
        Band("rival", match=Bought("coats")),
        Band("other", match=And(())),
    ),
)
TIERS = {"value": TIER, "why": CAUSES}

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
    st.builds(InTier, st.just("why"), st.sampled_from(["gone", "rival", "other"])),
    st.builds(Bought, st.sampled_from(["coats", "hats"]), st.none() | st.integers(0, 4).map(lambda days: days * DAY)),
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


def person(orders: int, spent: int, value: int, tags: set[str], happened: set[str], ages: dict[str, int]) -> Facts:
    """Somebody whose bands are those of the attributes, and who bought some categories some days ago."""
    facts = Facts(
        attributes={"orders": orders, "total_spent": spent, "average_order_value": value},
        instant=0,
        zone="UTC",
        tags=tags,
        happened=happened,
        bought={category: -days * DAY for category, days in ages.items()},
    )
    return evolve(facts, bands={tier.name: band_of(tier, facts) for tier in TIERS.values()})


people = st.builds(
    person,
    st.integers(0, 7),
    st.integers(0, 7),
    st.integers(0, 200),
    st.sets(st.sampled_from(["vip", "staff"])),
    st.sets(st.sampled_from(["click", "order"])),
    st.dictionaries(st.sampled_from(["coats", "hats"]), st.integers(0, 5)),
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
    return Compare("days_since_order", op, value, unit)  # type: ignore[arg-type]  # any operator


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


def test_what_was_bought_lately_was_bought() -> None:
    lately, ever = Bought("coats", 30 * DAY), Bought("coats")
    assert not sets.satisfiable(And((lately, Not(ever))), TIERS)
    assert not sets.satisfiable(And((lately, Not(Bought("coats", 60 * DAY)))), TIERS)
    assert sets.satisfiable(And((Bought("coats", 60 * DAY), Not(lately))), TIERS)
    assert sets.satisfiable(And((Bought("hats"), Not(ever))), TIERS)
    assert sets.implies(lately, ever, TIERS)
    assert not sets.implies(ever, lately, TIERS)


def test_a_cause_is_as_narrow_as_its_rule() -> None:
    assert not sets.satisfiable(And((InTier("why", "gone"), Compare("orders", ">", 6, "count"))), TIERS)
    assert sets.satisfiable(And((InTier("why", "other"), Compare("orders", ">", 6, "count"))), TIERS)
    assert not sets.satisfiable(And((InTier("why", "gone"), InTier("why", "rival"))), TIERS)
