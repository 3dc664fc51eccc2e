"""The portrait of customers."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from attrs import evolve
from tests.customers.crowd import crowd

from wakeup.customers import NEVER, Shards, from_history, pieces, profile, save_shards, sliced, synthetic
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
    assert portrait.tags == (), "what one person alone has may tell who it is"
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


@pytest.mark.parametrize("parts", [1, 3])
def test_customers_on_disk_have_the_same_portrait(tmp_path: Path, parts: int, monkeypatch: pytest.MonkeyPatch) -> None:
    people = crowd(500)
    never = np.arange(500) % 3 == 0
    people = evolve(people, last_order=np.where(never, NEVER, people.last_order))
    save_shards([part for _, part in pieces(people, -(-500 // parts))], tmp_path / "people")
    monkeypatch.setitem(profile.__globals__, "_PIECE", 77)
    wanted = profile(people)
    assert wanted.never_ordered == 167
    assert profile(Shards.open(tmp_path / "people")) == wanted


def test_tags_of_few_are_left_out() -> None:
    people = crowd(100)
    tags = {"known": np.arange(100) < 10, "telling": np.arange(100) < 9}
    assert profile(evolve(people, tags=tags)).tags == (("known", 10),)


def test_nobody_has_an_empty_portrait() -> None:
    portrait = profile(sliced(crowd(5), 0, 0))
    assert (portrait.customers, portrait.never_ordered, portrait.value.quantiles) == (0, 0, ())
    assert sum(map(sum, portrait.table)) == 0


def test_quantiles_are_values_that_somebody_has() -> None:
    people = evolve(crowd(7), average_order_value=np.array([70, 10, 30, 20, 60, 40, 50]))
    assert profile(people).value.quantiles == ((0.1, 10), (0.25, 20), (0.5, 40), (0.75, 60), (0.9, 70))
