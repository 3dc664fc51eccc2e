"""Attributes of customers at an instant."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from wakeup.customers import attribute, attribute_names, event_instants, from_history
from wakeup.customers.attributes import rfm_score
from wakeup.customers.population import Population
from wakeup.terms.attributes import ATTRIBUTES

Write = Callable[..., Path]
NOON = 1772366400  # 2026-03-01 12:00 UTC
DAY = 86_400


@pytest.fixture
def people(write: Write) -> Population:
    log = write("orders.csv", "customer_id,date,amount", "a,2026-01-28,80", "a,2026-02-27,120", "b,2026-02-06,50.5")
    table = write("people.csv", "customer_id,points,skin,birthday", "a,1.5,oily,1990-02-03", "b,,dry,", "c,2,,")
    touches = write("touches.csv", "id,time,channel", "b,2026-02-28,sms", "c,2026-02-28,sms")
    return from_history(log, as_of="2026-03-01", table=table, touches=touches).population


def at(people: Population, name: str, instant: int = NOON) -> dict[str, float | None]:
    values, known = attribute(people, name, instant)
    assert values.shape == known.shape == (3,)
    return {str(who): value.item() if k else None for who, value, k in zip(people.ids, values, known, strict=True)}


def test_built_in_attributes(people: Population) -> None:
    half = DAY // 2
    assert at(people, "days_since_order") == {"a": 2 * DAY + half, "b": 23 * DAY + half, "c": None}
    assert at(people, "days_since_first_order") == {"a": 32 * DAY + half, "b": 23 * DAY + half, "c": None}
    assert at(people, "days_since_interaction") == {"a": 2 * DAY + half, "b": DAY + half, "c": DAY + half}
    assert at(people, "orders") == {"a": 2, "b": 1, "c": 0}
    assert at(people, "total_spent") == {"a": 20_000, "b": 5_050, "c": 0}
    assert at(people, "average_order_value") == {"a": 10_000, "b": 5_050, "c": None}
    assert at(people, "recency_score") == {"a": 3, "b": 1, "c": None}


def test_own_fields(people: Population) -> None:
    assert at(people, "points") == {"a": 1.5, "b": None, "c": 2}
    assert people.fields["skin"].labels == ("dry", "oily")
    assert at(people, "skin") == {"a": 1, "b": 0, "c": None}
    assert at(people, "birthday") == {"a": 634003200, "b": None, "c": None}


def test_an_instant_for_each(people: Population) -> None:
    instants = people.as_of + np.arange(3, dtype=np.int64)
    together, _ = attribute(people, "days_since_order", instants)
    apart = [attribute(people, "days_since_order", int(t))[0][i] for i, t in enumerate(instants)]
    assert list(together) == apart


def test_event_instants(people: Population) -> None:
    values, known = attribute(people, "days_since_order", NOON)
    event, happened = event_instants(people, "days_since_order")
    assert np.array_equal(known, happened)
    assert np.array_equal(NOON - values[known], event[known])


def test_names(people: Population) -> None:
    assert attribute_names(people) == (*ATTRIBUTES, "points", "skin", "birthday")
    for name in attribute_names(people):
        attribute(people, name, NOON)
    with pytest.raises(KeyError):
        attribute(people, "shoe_size", NOON)


def test_scores_share_ties() -> None:
    values = np.array([1] * 6 + [2, 3, 4, 5])
    assert list(rfm_score(values, values > 0)) == [1] * 6 + [4, 4, 5, 5]
    assert list(rfm_score(values, values > 9)) == [0] * 10
