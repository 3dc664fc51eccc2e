"""Customers in a folder of files are the customers of one file, however they are cut and read."""

import pickle
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_all_start_methods, get_context
from pathlib import Path

import duckdb
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.customers.crowd import AS_OF, bare, crowd
from tests.customers.same import assert_same

from wakeup.customers import Population, Shards, from_history, pieces, save_shards, sliced, synthetic, synthetic_parts
from wakeup.customers.sharding import check_folder, shard_count
from wakeup.customers.synthetic_parts import range_of
from wakeup.diagnostics import Diagnostic
from wakeup.plan.model import Label, OwnField

Refusal = Callable[[Callable[[], object]], Diagnostic]
PEOPLE = crowd(50)


def cut(people: Population, parts: int) -> list[Population]:
    return [part for _, part in pieces(people, -(-len(people) // parts))]


@pytest.fixture(scope="module")
def seven(tmp_path_factory: pytest.TempPathFactory) -> Shards:
    folder = tmp_path_factory.mktemp("seven") / "people"
    save_shards(cut(PEOPLE, 7), folder)
    return Shards.open(folder)


@pytest.mark.parametrize("parts", [1, 2, 7])
@pytest.mark.parametrize("make", [crowd, bare], ids=["every column", "core columns"])
def test_any_number_of_files_gives_the_same_customers(
    tmp_path: Path, make: Callable[[int], Population], parts: int
) -> None:
    people = make(50)
    save_shards(cut(people, parts), tmp_path / "people")
    shards = Shards.open(tmp_path / "people")
    assert (len(shards), shards.as_of) == (50, AS_OF)
    assert len(list((tmp_path / "people").glob("part-*.parquet"))) == parts
    assert_same(people, shards.whole())
    history = from_history(tmp_path / "people", as_of=AS_OF)
    assert_same(people, history.population)
    assert (history.report.kind, history.report.customers) == ("population", 50)


def test_some_rows_are_read_by_many_threads_from_one_database(seven: Shards, monkeypatch: pytest.MonkeyPatch) -> None:
    seven.read(0, 1)
    monkeypatch.setattr(duckdb, "connect", None)
    with ThreadPoolExecutor(4) as threads:
        found = threads.map(lambda first: seven.read(first, first + 10), range(40))
        for first, part in enumerate(found):
            assert_same(sliced(PEOPLE, first, first + 10), part)


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
@pytest.mark.skipif("fork" not in get_all_start_methods(), reason="processes are never forked here")
def test_a_forked_process_has_a_database_of_its_own(seven: Shards) -> None:
    seven.read(0, 1)
    with get_context("fork").Pool(1) as forked:
        assert_same(sliced(PEOPLE, 3, 20), forked.apply_async(seven.read, (3, 20)).get(timeout=20))


@pytest.mark.parametrize("size", [1, 7, 8, 9, 49, 50, 51])
def test_pieces_of_any_size_are_the_rows_in_order(seven: Shards, size: int) -> None:
    found = list(seven.pieces(size))
    assert [first for first, _ in found] == list(range(0, 50, size))
    for first, part in found:
        assert_same(sliced(PEOPLE, first, min(first + size, 50)), part)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_rows_are_read(seven: Shards, data: st.DataObject) -> None:
    first = data.draw(st.integers(0, 50))
    last = data.draw(st.integers(first, 50))
    assert_same(sliced(PEOPLE, first, last), seven.read(first, last))


def test_a_part_without_anybody(tmp_path: Path) -> None:
    save_shards([sliced(PEOPLE, 0, 20), sliced(PEOPLE, 20, 20), sliced(PEOPLE, 20, 50)], tmp_path / "people")
    assert_same(PEOPLE, Shards.open(tmp_path / "people").whole())
    save_shards([sliced(PEOPLE, 0, 0)], tmp_path / "nobody")
    nobody = Shards.open(tmp_path / "nobody")
    assert (len(nobody), list(nobody.pieces(5))) == (0, [])
    assert_same(sliced(PEOPLE, 0, 0), nobody.whole())


def first_keys(shards: Shards) -> list[int]:
    return shards.read(10, 15).key.tolist()


def test_another_process_opens_the_files_itself(seven: Shards) -> None:
    sent = pickle.dumps(seven)
    assert len(sent) < 500
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        assert pool.submit(first_keys, seven).result() == PEOPLE.key[10:15].tolist()


def test_a_folder_written_anew_is_not_the_one_that_was_sent(tmp_path: Path, refusal: Refusal) -> None:
    save_shards(cut(PEOPLE, 2), tmp_path / "people")
    sent = pickle.dumps(Shards.open(tmp_path / "people"))
    save_shards(cut(bare(50), 2), tmp_path / "people")
    assert refusal(lambda: pickle.loads(sent)).code == "WK6014"  # noqa: S301  # our own


@pytest.mark.parametrize("parts", [1, 2, 7])
def test_made_up_customers_by_ranges_of_keys(parts: int) -> None:
    runs = list(synthetic_parts(400, parts, seed=5))
    assert len(runs) == parts
    whole = synthetic(400, seed=5)
    for i, run in enumerate(runs):
        rows = np.flatnonzero(range_of(whole.key, parts) == i)
        assert_same(sliced(whole, int(rows[0]), int(rows[-1]) + 1), run)
    assert sum(map(len, runs)) == 400


def test_ranges_divide_all_keys_evenly() -> None:
    keys = np.array([0, 2**62, 2**63 - 1, 2**63, 3 * 2**62, 2**64 - 1], np.uint64)
    assert range_of(keys, 4).tolist() == [0, 1, 1, 2, 3, 3]
    assert range_of(keys, 3).max() == 2


def test_made_up_customers_are_dated_as_they_are_read(tmp_path: Path) -> None:
    from wakeup.customers import anchored, with_declared

    own = (
        OwnField("vip", "tag", (Label("vip", "0.5"),)),
        OwnField("coat", "category"),
        OwnField("hat", "category"),
    )
    save_shards(synthetic_parts(60, 3), tmp_path / "people")
    shards = Shards.open(tmp_path / "people").at(AS_OF, own, ["lost"])
    wanted = with_declared(anchored(synthetic(60), AS_OF), own, ["lost"])
    assert shards.as_of == AS_OF
    assert_same(wanted, shards.whole())
    assert_same(sliced(wanted, 7, 31), pickle.loads(pickle.dumps(shards)).read(7, 31))  # noqa: S301  # our own
    assert np.concatenate([each["last_order"] for each in shards.core(["last_order"])]).tolist() == (
        wanted.last_order.tolist()
    )


def test_customers_of_a_date_keep_it(seven: Shards) -> None:
    assert seven.at(AS_OF + 5, (), ["lost"]) is seven


def test_what_goes_into_a_folder_by_itself(tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    new, old = tmp_path / "new", tmp_path / "old"
    assert shard_count(10_000_000, None, new) is None
    assert shard_count(10_000_001, None, new) == 11
    assert shard_count(3, 2, new) == 2
    assert shard_count(3, None, old) == 1


def test_a_file_gives_way_to_a_folder(tmp_path: Path) -> None:
    (tmp_path / "people").touch()
    save_shards(cut(PEOPLE, 2), tmp_path / "people")
    assert_same(PEOPLE, Shards.open(tmp_path / "people").whole())
    assert [each.name for each in tmp_path.iterdir()] == ["people"]


def test_saving_again_replaces_and_leaves_nothing_beside(tmp_path: Path) -> None:
    save_shards(cut(PEOPLE, 7), tmp_path / "people")
    save_shards(cut(PEOPLE, 2), tmp_path / "people")
    assert sorted(each.name for each in (tmp_path / "people").iterdir()) == [
        "part-00000.parquet", "part-00001.parquet", "population.json",
    ]  # fmt: skip
    assert [each.name for each in tmp_path.iterdir()] == ["people"]


@pytest.mark.parametrize("step", ["write_rows", "file_digest", "_replace"])
def test_a_full_disk_leaves_the_old_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refusal: Refusal, step: str
) -> None:
    save_shards(cut(PEOPLE, 2), tmp_path / "people")

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(f"wakeup.customers.sharding.{step}", full)
    found = refusal(lambda: save_shards(cut(bare(50), 3), tmp_path / "people"))
    assert found.code == "WK6001"
    monkeypatch.undo()
    assert_same(PEOPLE, Shards.open(tmp_path / "people").whole())
    assert [each.name for each in tmp_path.iterdir()] == ["people"]


def test_the_old_folder_comes_back_where_the_new_one_cannot_take_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refusal: Refusal
) -> None:
    save_shards(cut(PEOPLE, 2), tmp_path / "people")
    rename = Path.rename

    def refused(self: Path, target: Path) -> Path:
        if self.suffix == ".part":
            raise OSError(13, "Permission denied")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", refused)
    assert refusal(lambda: save_shards(cut(bare(50), 3), tmp_path / "people")).code == "WK6001"
    monkeypatch.undo()
    assert_same(PEOPLE, Shards.open(tmp_path / "people").whole())
    assert [each.name for each in tmp_path.iterdir()] == ["people"]


def test_an_interrupt_leaves_nothing(tmp_path: Path) -> None:
    def interrupted() -> Population:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        save_shards((each if i < 1 else interrupted() for i, each in enumerate(cut(PEOPLE, 2))), tmp_path / "people")
    assert list(tmp_path.iterdir()) == []


def test_customers_that_overlap_are_not_written(tmp_path: Path, refusal: Refusal) -> None:
    parts = [sliced(PEOPLE, 0, 20), sliced(PEOPLE, 19, 50)]
    assert refusal(lambda: save_shards(parts, tmp_path / "people")).code == "WK6020"
    assert list(tmp_path.iterdir()) == []


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path, refusal: Refusal) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "cat.jpg").touch()
    (tmp_path / "file").touch()
    for write in (check_folder, lambda folder: save_shards(cut(PEOPLE, 2), folder)):
        assert refusal(lambda write=write: write(tmp_path / "no" / "where")).code == "WK6001"
        found = refusal(lambda write=write: write(tmp_path / "photos"))
        assert found.code == "WK6001"
        assert "folder of something else" in found.message
    assert "it is a file" in refusal(lambda: check_folder(tmp_path / "file")).message
    (tmp_path / "empty").mkdir()
    save_shards(cut(PEOPLE, 2), tmp_path / "empty")
    assert_same(PEOPLE, Shards.open(tmp_path / "empty").whole())
