"""RFM scores from four edges, and the edges from passes over pieces, are those of the whole population."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from attrs import evolve
from hypothesis import example, given
from hypothesis import strategies as st
from tests.customers.crowd import crowd

from wakeup.customers import NEVER, Shards, pieces, save_shards
from wakeup.customers.attributes import SCORED, attribute, edge_ranks, edges_among, rfm_score, scored
from wakeup.customers.edges import edges
from wakeup.customers.ranks import smallest


@pytest.fixture(autouse=True, scope="module")
def few_cells() -> Iterator[None]:
    """Count in few cells, so that small numbers too need several passes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("wakeup.customers.ranks._CELLS", 64)
        patch.setattr("wakeup.customers.ranks._HELD", -1)
        yield


ANY = st.integers(int(NEVER), 2**63 - 1)
NUMBERS = st.lists(ANY | st.integers(-3, 3) | st.integers(10**9, 10**9 + 5_000_000), max_size=40)


@given(NUMBERS, st.data())
def test_a_score_is_one_and_five_times_the_share_below(numbers: list[int], data: st.DataObject) -> None:
    values = np.array(numbers, np.int64)
    known = np.array(data.draw(st.lists(st.booleans(), min_size=len(numbers), max_size=len(numbers))), np.bool_)
    others = values[known].tolist()
    wanted = [
        1 + 5 * sum(each < value for each in others) // len(others) if there else 0
        for value, there in zip(numbers, known, strict=True)
    ]
    assert rfm_score(values, known).tolist() == wanted


@given(NUMBERS, st.integers(1, 10))
@example([int(NEVER), int(NEVER) + 1, -1, 5, 2**63 - 2, 2**63 - 1], 4)
def test_passes_find_the_edges(numbers: list[int], size: int) -> None:
    values = np.array(numbers, np.int64)
    split = [values[i : i + size] for i in range(0, len(values), size)]
    assert smallest(lambda: split, edge_ranks).tolist() == edges_among(values).tolist()


@pytest.mark.parametrize("name", SCORED)
@pytest.mark.parametrize("parts", [1, 3])
def test_customers_on_disk_have_the_same_scores(tmp_path: Path, name: str, parts: int) -> None:
    people = crowd(200)
    rng = np.random.default_rng(1)
    never = rng.random(200) < 0.3
    people = evolve(
        people,
        orders=np.where(never, 0, people.orders).astype(np.int32),
        last_order=np.where(never, NEVER, people.last_order),
    )
    save_shards([part for _, part in pieces(people, -(-200 // parts))], tmp_path / "people")
    among = edges(Shards.open(tmp_path / "people"), name)
    assert among.tolist() == edges(people, name).tolist()
    wanted, known = attribute(people, name, people.as_of)
    for first, part in pieces(people, 33):
        some = scored(getattr(part, SCORED[name]), part.orders > 0, among)
        assert some.tolist() == wanted[first : first + 33].tolist()
    assert (wanted[~known] == 0).all()
    assert set(wanted[known].tolist()) >= {1, 3}
