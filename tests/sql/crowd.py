"""Generated customers, once as rows of a table and once as the columns and the facts that wakeup works with.

Values lie at and around the bounds that the generated conditions ask for, so that `>=` and `>` part company.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

import numpy as np
from attrs import frozen
from hypothesis import strategies as st

from wakeup.customers.population import NEVER, Field, Population
from wakeup.decide.calendar import add_months, local
from wakeup.decide.predicates import Facts
from wakeup.plan.model import Attribution, Band, Journey, Plan, Tier, Wave
from wakeup.plan.predicates import EVERYONE, And, Bought, Compare, HasTag, InTier, Not, Or, Predicate

DAY = 86_400

STARTS = {  # local midnights: ends of months, days of a change of clocks and the months around them
    "Europe/Berlin": (1_774_738_800, 1_792_879_200, 1_772_233_200, 1_777_500_000),
    "America/New_York": (1_772_859_600, 1_793_505_600),
    "America/St_Johns": (1_772_854_200, 1_777_516_200),
    "Australia/Lord_Howe": (1_775_048_400, 1_790_951_400),
    "Asia/Shanghai": (1_788_192_000, 1_777_478_400),
    "UTC": (1_777_507_200,),
}

TAGS = ("vip", "员工", 'a"b; DROP TABLE customers; --', "new mother")
CATEGORIES = ("coat", "鞋")
LABELS = ("dry", "oily", "o'clock\\", "Ä; --")
NUMBERS = (0.1, 0.25, 0.30000000000000004, 12.34, -3.0, 1e300, 7.0)
AMOUNTS = (0, 19_999, 20_000, 20_001, 50_000)
DATES = (date(2026, 3, 29), date(2025, 2, 28), date(2024, 2, 29))
MONTHS = (0, 1, 3, 6, 12, 13, 25)
SPANS = (0, 3_600, 30 * DAY, 90 * DAY)


@frozen
class Somebody:
    """One customer. Instants are seconds UTC, money is minor units; None is a missing value."""

    id: str
    first_order: int | None
    last_order: int | None
    last_interaction: int | None
    orders: int
    total_spent: int
    average: int
    tags: frozenset[str]
    bought: Mapping[str, int | None]
    skin: str | None
    weight: float | None
    birthday: date | None


@cache
def instants(start: int, zone: str) -> st.SearchStrategy[int]:
    """Instants before the start: at bounds of months and spans, a second beside them, and anywhere."""
    bounds = [add_months(start, -n, zone) for n in MONTHS if n] + [start - each for each in SPANS if each]
    near = st.builds(lambda bound, beside: bound + beside, st.sampled_from(bounds), st.sampled_from((-1, 0, 1)))
    return st.one_of(near, st.integers(start - 900 * DAY, start - 1))


@st.composite
def somebody(draw: st.DrawFn, start: int, zone: str, number: int) -> Somebody:
    """A customer who keeps to what a population promises: no orders, no last order."""
    instant = instants(start, zone)
    orders = draw(st.sampled_from((0, 1, 1, 2, 3, 8)))
    last = draw(instant | st.none()) if orders else None
    first = last if orders < 2 or last is None else min(last, draw(instant))
    interaction = draw(st.none() | instant)
    known = [each for each in (last, interaction) if each is not None]
    return Somebody(
        id=f"c{number}",
        first_order=first,
        last_order=last,
        last_interaction=max(known) if known else None,
        orders=orders,
        total_spent=draw(st.sampled_from(AMOUNTS)),
        average=draw(st.sampled_from(AMOUNTS)) if orders else 0,
        tags=frozenset(draw(st.sets(st.sampled_from(TAGS)))),
        bought={each: draw(st.none() | instant) for each in CATEGORIES},
        skin=draw(st.none() | st.sampled_from(LABELS)),
        weight=draw(st.none() | st.sampled_from(NUMBERS)),
        birthday=draw(st.none() | st.sampled_from(DATES)),
    )


# --- conditions ------------------------------------------------------------------------------------------------------

OPS = st.sampled_from(("<", "<=", ">", ">=", "==", "!="))
AGES = st.sampled_from(("days_since_order", "days_since_interaction", "days_since_first_order"))
SCORES = st.sampled_from(("recency_score", "frequency_score", "monetary_score"))
MONEY = st.sampled_from(("total_spent", "average_order_value"))

LEAVES: st.SearchStrategy[Predicate] = st.one_of(
    st.builds(Compare, AGES, OPS, st.sampled_from(SPANS), st.just("seconds")),
    st.builds(Compare, AGES, OPS, st.sampled_from(MONTHS), st.just("months")),
    st.builds(Compare, MONEY, OPS, st.sampled_from(AMOUNTS), st.just("money")),
    st.builds(Compare, st.just("orders"), OPS, st.integers(0, 8), st.just("count")),
    st.builds(Compare, SCORES, OPS, st.integers(1, 5), st.just("count")),
    st.builds(Compare, st.just("skin type"), OPS, st.sampled_from(LABELS), st.just("text")),
    st.builds(Compare, st.just("weight"), OPS, st.sampled_from(NUMBERS).map(repr), st.just("decimal")),
    st.builds(Compare, st.just("weight"), OPS, st.sampled_from((1_234, 25, 700)), st.just("money")),
    st.builds(Compare, st.just("birthday"), OPS, st.sampled_from(DATES).map(date.isoformat), st.just("date")),
    st.builds(HasTag, st.sampled_from(TAGS)),
    st.builds(
        Bought, st.sampled_from(CATEGORIES), st.none() | st.sampled_from(MONTHS), st.just(True)
    ),
    st.builds(Bought, st.sampled_from(CATEGORIES), st.sampled_from(SPANS), st.just(False)),
)  # fmt: skip


def conditions(leaves: st.SearchStrategy[Predicate]) -> st.SearchStrategy[Predicate]:
    """Conditions of up to a dozen elementary ones."""
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.builds(Not, inner),
            st.builds(And, st.lists(inner, max_size=3).map(tuple)),
            st.builds(Or, st.lists(inner, max_size=3).map(tuple)),
        ),
        max_leaves=8,
    )


TIERS = (
    Tier("value", "average_order_value", "money", (Band("high's", 50_000), Band("low", None, 20_000))),
    Tier("sleep", "days_since_order", "months", (Band("short", 1, 3), Band("long", 3))),
    Tier("days", "days_since_interaction", "seconds", (Band("new", None, 30 * DAY), Band("old", 30 * DAY, 90 * DAY))),
    Tier("score", "frequency_score", "count", (Band("some", 2), Band("few", 1, 2))),
    Tier("all", "days_since_first_order", "seconds", (Band("ever"),)),
)
BANDS = [(tier.name, band.name) for tier in TIERS for band in tier.bands]
CAUSES = [("cause", "two"), ("cause", "one")]


def _bands(pairs: list[tuple[str, str]]) -> st.SearchStrategy[Predicate]:
    return st.sampled_from(pairs).map(lambda pair: InTier(*pair))


RULES = conditions(LEAVES | _bands(BANDS))
ASKED = conditions(LEAVES | _bands([*BANDS, *CAUSES]))


@st.composite
def cases(draw: st.DrawFn) -> tuple[Plan, list[Somebody]]:
    """A plan whose audience, journeys and rules are generated, and its customers."""
    zone = draw(st.sampled_from(sorted(STARTS)))
    start = draw(st.sampled_from(STARTS[zone]))
    rules = Tier(
        "cause", "", "rule",
        (Band("one", match=draw(RULES)), Band("none"), Band("two", match=draw(RULES))),
    )  # fmt: skip
    first, second = draw(ASKED), draw(ASKED)
    # Who is neither in `first` nor in its negation: for them it is unknown.
    matches = {"first": first, "not_first": Not(first), "second": second}
    journeys = [Journey(name, match, Wave(start), ()) for name, match in matches.items()]
    people = [draw(somebody(start, zone, number)) for number in range(draw(st.integers(1, 12)))]
    audience = draw(st.just(EVERYONE) | ASKED)
    plan = Plan(
        name="p", title="", doc="", currency="EUR", minor_digits=2, zone=zone, start=start, end=start + DAY,
        audience=audience, holdout="0", holdout_salt="", awake=("order",), margin="0", budget=None,
        attribution=Attribution("last_touch", DAY), journeys=tuple(journeys), tiers=(rules, *TIERS),
    )  # fmt: skip
    return plan, people


# --- the same people, three ways -------------------------------------------------------------------------------------

COLUMNS = {
    "customer_id": "TEXT", "first_order": "TIMESTAMPTZ", "last_order": "TIMESTAMPTZ",
    "last_interaction": "TIMESTAMPTZ", "orders": "INTEGER", "total_spent": "DECIMAL(20, 4)",
    "average_order_value": "DECIMAL(20, 4)", **{f"tag_{tag}": "BOOLEAN" for tag in TAGS},
    **{f"bought_{category}": "TIMESTAMPTZ" for category in CATEGORIES},
    "skin type": "TEXT", "weight": "DOUBLE PRECISION", "birthday": "DATE",
}  # fmt: skip
"""The table `customers`: column -> type."""


def create_table() -> str:
    """The statement that makes the table."""
    return "CREATE TEMP TABLE customers (" + ", ".join(f"{quoted(name)} {kind}" for name, kind in COLUMNS.items()) + ")"


def row(one: Somebody) -> list[Any]:
    """A row of the table. Odd people have blanks where even ones have what a blank stands for."""
    odd = int(one.id[1:]) % 2 == 1
    return [
        one.id,
        _moment(one.first_order),
        _moment(one.last_order),
        None if odd and one.last_interaction == one.last_order else _moment(one.last_interaction),
        None if odd and not one.orders else one.orders,
        None if odd and not one.total_spent else one.total_spent / 100,
        None if odd and not one.orders else one.average / 100,
        *(None if odd and tag not in one.tags else tag in one.tags for tag in TAGS),
        *(_moment(one.bought[each]) for each in CATEGORIES),
        " " if odd and one.skin is None else one.skin,
        float("nan") if odd and one.weight is None else one.weight,
        one.birthday,
    ]


def population(people: Sequence[Somebody], start: int, zone: str) -> Population:
    """The people in columns, in the order given; the key is the number of the person."""

    def instants(name: str) -> Any:
        return _instants([getattr(each, name) for each in people])

    birthdays = [None if each.birthday is None else noon(each.birthday, zone) for each in people]
    return Population(
        key=np.arange(len(people), dtype=np.uint64),
        ids=np.array([each.id for each in people], dtype=np.object_),
        as_of=start,
        first_order=instants("first_order"),
        last_order=instants("last_order"),
        last_interaction=instants("last_interaction"),
        orders=np.array([each.orders for each in people], np.int32),
        monetary=np.array([each.total_spent for each in people], np.int64),
        average_order_value=np.array([each.average for each in people], np.int64),
        gap=np.full(len(people), np.nan, np.float32),
        consents={},
        categories={each: _instants([one.bought[each] for one in people]) for each in CATEGORIES},
        tags={tag: np.array([tag in each.tags for each in people]) for tag in TAGS},
        fields={
            "skin type": Field("text", np.array([_code(each.skin) for each in people], np.int32), LABELS),
            "weight": Field("number", np.array([np.nan if each.weight is None else each.weight for each in people])),
            "birthday": Field("date", _instants(birthdays)),
        },
    )


def facts(one: Somebody, people: Sequence[Somebody], plan: Plan) -> Facts:
    """What the scalar predicates are told of a person."""
    values: dict[str, int | float | str | None] = {
        "days_since_order": _age(plan.start, one.last_order),
        "days_since_interaction": _age(plan.start, one.last_interaction),
        "days_since_first_order": _age(plan.start, one.first_order),
        "orders": one.orders,
        "total_spent": one.total_spent,
        "average_order_value": one.average if one.orders else None,
        "recency_score": _score(one, people, lambda each: NEVER if each.last_order is None else each.last_order),
        "frequency_score": _score(one, people, lambda each: each.orders),
        "monetary_score": _score(one, people, lambda each: each.total_spent),
        "skin type": one.skin,
        "weight": one.weight,
        "birthday": None if one.birthday is None else noon(one.birthday, plan.zone),
    }
    bought = {category: last for category, last in one.bought.items() if last is not None}
    return Facts(values, plan.start, plan.zone, one.tags, bought=bought, minor_digits=plan.minor_digits)


def noon(day: date, zone: str) -> int:
    """An instant of the local day."""
    t = int(datetime(day.year, day.month, day.day, 12, tzinfo=UTC).timestamp())
    found = t - int(local(t, zone).utcoffset().total_seconds())  # type: ignore[union-attr]  # a local time has an offset
    assert local(found, zone).date() == day
    return found


def quoted(name: str) -> str:
    """A name between quotes, for a statement of the tests' own."""
    return '"' + name.replace('"', '""') + '"'


def _moment(t: int | None) -> datetime | None:
    """An instant with a fraction of a second, which does not count."""
    return None if t is None else datetime.fromtimestamp(t, UTC) + timedelta(milliseconds=t // DAY % 3 * 400)


def _instants(values: Sequence[int | None]) -> Any:
    return np.array([NEVER if each is None else each for each in values], np.int64)


def _code(skin: str | None) -> int:
    return -1 if skin is None else LABELS.index(skin)


def _age(start: int, event: int | None) -> int | None:
    return None if event is None else start - event


def _score(one: Somebody, people: Sequence[Somebody], value: Any) -> int | None:
    if not one.orders:
        return None
    bought = [value(each) for each in people if each.orders]
    return 1 + 5 * sum(each < value(one) for each in bought) // len(bought)
