"""What people buy, from the categories of an order log."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from wakeup.customers import NEVER, Population, from_history, save
from wakeup.customers.affinity import MOST_CATEGORIES

Write = Callable[..., Path]
MARCH_1, MARCH_2, MARCH_3 = 1772323200, 1772409600, 1772496000


def bought(people: Population, who: str) -> dict[str, int]:
    (row,) = np.flatnonzero(people.ids == who)
    assert people.categories is not None
    return {name: int(last[row]) for name, last in people.categories.items() if last[row] != NEVER}


def top(people: Population, who: str) -> str | None:
    (row,) = np.flatnonzero(people.ids == who)
    field = people.fields["top_category"]
    code = int(field.values[row])
    return field.labels[code] if code >= 0 else None


def log(write: Write) -> Path:
    return write(
        "orders.csv",
        "id,time,amount,品类",
        "a,2026-03-01,10,coat",
        "a,2026-03-02,10,coat",
        "a,2026-03-03,10,dress",
        "b,2026-03-01,10,coat",
        "b,2026-03-02,10,dress",
        'c,2026-03-02,10,"dress; coat , shoe"',
        "d,2026-03-03,10,",
        "d,2026-03-03,-5,shoe",  # no order, no category
        "e,2026-03-05,10,coat",  # as-of and later is never read
    )


def test_the_last_order_of_each_category(write: Write) -> None:
    people = from_history(log(write), as_of="2026-03-05").population
    assert tuple(people.categories or ()) == ("coat", "dress", "shoe")
    assert bought(people, "a") == {"coat": MARCH_2, "dress": MARCH_3}
    assert bought(people, "c") == {"coat": MARCH_2, "dress": MARCH_2, "shoe": MARCH_2}
    assert bought(people, "d") == {}
    assert "e" not in people.ids


def test_the_favourite_is_the_most_frequent_then_the_latest_then_the_first_by_name(write: Write) -> None:
    people = from_history(log(write), as_of="2026-03-05").population
    assert [top(people, who) for who in "abcd"] == ["coat", "dress", "coat", None]


def test_a_log_without_categories_knows_none(write: Write) -> None:
    people = from_history(write("orders.csv", "id,time,amount", "a,2026-03-01,10"), as_of="2026-03-05").population
    assert people.categories is None
    assert "top_category" not in people.fields


def test_the_same_second_and_amount_in_another_category_is_no_repetition(write: Write) -> None:
    path = write("orders.csv", "id,time,amount,category", "a,2026-03-01,10,coat", "a,2026-03-01,10,dress")
    history = from_history(path, as_of="2026-03-05")
    assert int(history.population.orders[0]) == 2
    assert history.report.problems == ()


def test_only_the_categories_of_most_customers_are_kept(write: Write) -> None:
    rows = [f"c{i},2026-03-01,10,k{j:02}" for j in range(MOST_CATEGORIES + 3) for i in range(1 if j < 3 else 2)]
    history = from_history(write("orders.csv", "id,time,amount,category", *rows), as_of="2026-03-05")
    kept = history.population.categories
    assert kept is not None
    assert len(kept) == MOST_CATEGORIES
    assert "k00" not in kept
    (told,) = [each for each in history.report.warnings if each.code == "WK6046"]
    assert "3 are left out" in told.message


def test_categories_survive_the_file(write: Write, tmp_path: Path) -> None:
    people = from_history(log(write), as_of="2026-03-05").population
    save(people, tmp_path / "people.parquet")
    again = from_history(tmp_path / "people.parquet").population
    assert again.categories is not None
    assert people.categories is not None
    assert list(again.categories) == list(people.categories)
    assert all(np.array_equal(again.categories[name], last) for name, last in people.categories.items())
    assert [top(again, who) for who in "abcd"] == ["coat", "dress", "coat", None]
