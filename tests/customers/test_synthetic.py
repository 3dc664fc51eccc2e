"""Made-up customers."""

from collections.abc import Callable
from time import perf_counter

import numpy as np
import pytest

from wakeup.customers import NEVER, Population, synthetic
from wakeup.customers.synthetic import anchored
from wakeup.diagnostics import Diagnostic

Refusal = Callable[[Callable[[], object]], Diagnostic]
AS_OF = 1788192000
DAY = 86_400
ARRAYS = ("key", "first_order", "last_order", "last_interaction", "orders", "monetary", "average_order_value", "gap")


@pytest.fixture(scope="module")
def people() -> Population:
    return synthetic(60_000, seed=7, as_of=AS_OF)


def test_a_customer_is_the_same_whatever_the_number(people: Population) -> None:
    few = synthetic(500, seed=7, as_of=AS_OF)
    where = {who: i for i, who in enumerate(people.ids)}
    rows = [where[who] for who in few.ids]
    for name in ARRAYS:
        assert np.array_equal(getattr(few, name), getattr(people, name)[rows], equal_nan=name == "gap"), name
    assert all(np.array_equal(few.tags[tag], people.tags[tag][rows]) for tag in few.tags)
    assert all(np.array_equal(few.fields[f].values, people.fields[f].values[rows]) for f in few.fields)
    assert min(few.ids) == "S0000001"


def test_seeds_differ(people: Population) -> None:
    other = synthetic(60_000, seed=8, as_of=AS_OF)
    assert np.array_equal(people.key, other.key)
    assert (people.average_order_value == other.average_order_value).mean() < 0.01


def test_every_customer_is_possible(people: Population) -> None:
    asleep = (AS_OF - people.last_order) / DAY
    assert asleep.min() >= 1
    assert asleep.max() <= 720
    assert (people.first_order <= people.last_order).all()
    assert (people.last_order <= people.last_interaction).all()
    assert (people.last_interaction < AS_OF).all()
    once = people.orders == 1
    assert (people.first_order[once] == people.last_order[once]).all()
    assert np.isnan(people.gap[once]).all()
    span = (people.last_order - people.first_order)[~once] / DAY / (people.orders[~once] - 1)
    assert np.allclose(span, people.gap[~once], rtol=1e-5)
    assert (people.monetary == people.orders * people.average_order_value).all()


def test_joint_distribution(people: Population) -> None:
    asleep, value = (AS_OF - people.last_order) / DAY, people.average_order_value / 100
    assert 0.65 < (asleep >= 180).mean() < 0.8
    assert (value >= 500).mean() == pytest.approx(0.15, abs=0.01)
    assert ((value >= 200) & (value < 500)).mean() == pytest.approx(0.35, abs=0.01)
    assert value.max() > 20 * np.median(value)
    assert people.orders.mean() == pytest.approx(2.15, abs=0.05)
    together = np.corrcoef(np.log([asleep, people.orders, value]))
    assert -0.4 < together[0, 1] < -0.2
    assert 0.1 < together[1, 2] < 0.3
    assert people.tags["employee"].mean() == pytest.approx(0.01, abs=0.002)


def test_last_item_lies_in_last_category(people: Population) -> None:
    item, category = people.fields["last_item"], people.fields["last_category"]
    pairs = {(item.labels[i], category.labels[c]) for i, c in zip(item.values, category.values, strict=True)}
    assert len(pairs) == len(item.labels)
    assert ("rose perfume", "perfume") in pairs


def test_no_consents_so_reach_is_drawn(people: Population) -> None:
    assert people.consents == {}


def test_currency() -> None:
    yuan, yen = synthetic(1000, as_of=AS_OF), synthetic(1000, as_of=AS_OF, minor_digits=0, currency_scale=20.0)
    assert np.median(yen.average_order_value) == pytest.approx(
        np.median(yuan.average_order_value) / 100 * 20, rel=0.001
    )


def test_anchored_moves_instants_and_nothing_else() -> None:
    free = synthetic(100, seed=3)
    held, direct = anchored(free, AS_OF), synthetic(100, seed=3, as_of=AS_OF)
    for name in ARRAYS:
        assert np.array_equal(getattr(held, name), getattr(direct, name), equal_nan=name == "gap"), name
    assert held.as_of == AS_OF
    assert anchored(held, AS_OF + 5) is held
    assert (held.last_order != NEVER).all()


@pytest.mark.parametrize("n", [0, -3, 10**20])
def test_nobody_and_more_than_any_machine_holds(n: int, refusal: Refusal) -> None:
    found = refusal(lambda: synthetic(n, as_of=AS_OF))
    assert found.code == "WK6004"
    assert "--synthetic" in found.message


def test_a_hundred_thousand_within_a_second() -> None:
    start = perf_counter()
    synthetic(100_000, as_of=AS_OF)
    assert perf_counter() - start < 1
