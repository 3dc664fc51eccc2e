"""The portrait of customers."""

from collections.abc import Callable
from pathlib import Path

import pytest

from wakeup.customers import from_history, profile, synthetic
from wakeup.customers.profile import Band, Reach

Write = Callable[..., Path]


def test_counts_by_dormancy_and_value(write: Write) -> None:
    log = write(
        "orders.csv", "customer_id,date,amount",
        "a,2026-01-30,100", "b,2025-12-31,199.99", "c,2026-01-01,200", "d,2024-01-01,500", "d,2023-12-31,501",
    )  # fmt: skip
    table = write("people.csv", "customer_id,tag_vip,phone,city", "a,yes,1,Bath", "e,no,,")
    people = from_history(log, as_of="2026-01-31", table=table).population
    portrait = profile(people, value_edges=(20_000, 50_000))
    assert (portrait.customers, portrait.never_ordered) == (5, 1)
    assert portrait.dormancy.bands[:2] == (Band(None, 30), Band(30, 60))
    assert portrait.dormancy.counts == (1, 2, 0, 0, 0, 0, 0, 0, 1)
    assert portrait.table[0] == (1, 0, 0)
    assert portrait.table[1] == (1, 1, 0)
    assert portrait.table[-1] == (0, 0, 1)
    assert portrait.orders.counts == (0, 3, 1, 0, 0, 0, 0, 0)
    assert portrait.value.quantiles[2] == (0.5, 19_999)
    assert portrait.reach == (Reach("sms", 1, 0, 4), Reach("phone", 1, 0, 4))
    assert portrait.tags == (("vip", 1),)
    assert portrait.fields == (("city", "text", 1),)


@pytest.mark.parametrize("edges", [None, (), (10_000, 20_000, 90_000)])
def test_everybody_who_bought_is_in_one_cell(edges: tuple[int, ...] | None) -> None:
    portrait = profile(synthetic(2000, as_of=1788192000), value_edges=edges)
    assert sum(map(sum, portrait.table)) == 2000
    assert [sum(row) for row in portrait.table] == list(portrait.dormancy.counts)
    assert [sum(column) for column in zip(*portrait.table, strict=True)] == list(portrait.value.counts)


def test_value_bands_are_round_numbers() -> None:
    portrait = profile(synthetic(2000, as_of=1788192000))
    assert [band.low for band in portrait.value.bands] == [None, 20_000, 50_000]
