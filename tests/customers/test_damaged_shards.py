"""What is told about a folder of customers that is not as it was written."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from attrs import evolve
from tests.customers.crowd import AS_OF, crowd

from wakeup.customers import Population, Shards, from_history, open_folder, pieces, save, save_shards, sliced
from wakeup.customers.manifest import MANIFEST, Manifest, file_digest, read_manifest
from wakeup.diagnostics import Diagnostic

Refusal = Callable[[Callable[[], object]], Diagnostic]
PEOPLE = crowd(30)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three files of ten customers."""
    save_shards([part for _, part in pieces(PEOPLE, 10)], tmp_path / "people", minor_digits=2)
    return tmp_path / "people"


def rewrite(folder: Path, change: Callable[[Manifest], Manifest]) -> None:
    (folder / MANIFEST).write_bytes(change(read_manifest(folder)).to_json())


def test_a_folder_without_a_manifest(folder: Path, tmp_path: Path, refusal: Refusal) -> None:
    (folder / MANIFEST).unlink()
    (tmp_path / "empty").mkdir()
    for each in (folder, tmp_path / "empty"):
        found = refusal(lambda each=each: from_history(each))
        assert found.code == "WK6047"
        assert f"'{each.name}'" in found.message
        assert str(tmp_path) not in found.message


def test_a_missing_file(folder: Path, refusal: Refusal) -> None:
    (folder / "part-00001.parquet").unlink()
    found = refusal(lambda: Shards.open(folder))
    assert found.code == "WK6049"
    assert "'people' lacks 'part-00001.parquet'" in found.message


def test_a_file_that_goes_while_it_is_read(folder: Path, refusal: Refusal) -> None:
    shards = Shards.open(folder)
    (folder / "part-00002.parquet").unlink()
    assert refusal(shards.whole).code == "WK6049"
    assert shards.read(0, 20).key.tolist() == PEOPLE.key[:20].tolist()


def test_a_file_cut_short(folder: Path, refusal: Refusal) -> None:
    path = folder / "part-00001.parquet"
    path.write_bytes(path.read_bytes()[:-10])
    found = refusal(lambda: Shards.open(folder))
    assert found.code == "WK6014"
    assert "part-00001.parquet" in found.message


def test_a_file_with_other_bytes(folder: Path, refusal: Refusal) -> None:
    path = folder / "part-00001.parquet"
    content = bytearray(path.read_bytes())
    content[len(content) // 3] ^= 1
    path.write_bytes(content)
    shards = Shards.open(folder)
    for read in (shards.whole, lambda: list(shards.pieces(7)), lambda: list(shards.core(["orders"]))):
        found = refusal(read)
        assert found.code == "WK6014"
        assert "part-00001.parquet" in found.message


def _swapped(manifest: Manifest) -> Manifest:
    one, two, three = manifest.parts
    return evolve(manifest, parts=(one, three, two))


def _twice(manifest: Manifest) -> Manifest:
    one, two, _ = manifest.parts
    return evolve(manifest, parts=(one, two, two))


def _without_keys(manifest: Manifest) -> Manifest:
    one, two, three = manifest.parts
    return evolve(manifest, parts=(one, evolve(two, first_key=three.first_key, last_key=one.first_key), three))


@pytest.mark.parametrize("change", [_swapped, _twice, _without_keys])
def test_files_out_of_order(folder: Path, refusal: Refusal, change: Callable[[Manifest], Manifest]) -> None:
    rewrite(folder, change)
    assert refusal(lambda: Shards.open(folder)).code == "WK6050"


def _reversed(part: Population) -> Population:
    return evolve(part, key=part.key[::-1].copy())


def _of_others(part: Population) -> Population:
    return evolve(part, key=PEOPLE.key[:10])


@pytest.mark.parametrize("change", [_reversed, _of_others])
def test_keys_of_a_file_that_are_not_its_own(
    folder: Path, tmp_path: Path, refusal: Refusal, change: Callable[[Population], Population]
) -> None:
    manifest, path = read_manifest(folder), folder / "part-00001.parquet"
    save_shards([change(sliced(PEOPLE, 10, 20))], tmp_path / "other")
    (tmp_path / "other" / "part-00000.parquet").rename(path)
    one, two, three = manifest.parts
    as_if_it_belonged = evolve(two, size=path.stat().st_size, digest=file_digest(path))
    (folder / MANIFEST).write_bytes(evolve(manifest, parts=(one, as_if_it_belonged, three)).to_json())
    found = refusal(Shards.open(folder).whole)
    assert found.code == "WK6050"
    assert "part-00001.parquet" in found.message


def test_a_file_of_other_columns(folder: Path, refusal: Refusal) -> None:
    rewrite(folder, lambda manifest: evolve(manifest, header={**manifest.header, "tags": ["unheard of"]}))
    assert refusal(Shards.open(folder).whole).code == "WK6014"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "WK6014"),
        ("garbage", "WK6014"),
        ("[1]", "WK6014"),
        ("7", "WK6014"),
        ("{}", "WK6014"),
        ('{"version": 1, "digest": "0"}', "WK6014"),
        ('{"version": 2, "digest": "0"}', "WK6048"),
        ('{"version": null, "digest": "0"}', "WK6048"),
    ],
)
def test_a_manifest_that_is_none(folder: Path, refusal: Refusal, text: str, code: str) -> None:
    (folder / MANIFEST).write_text(text)
    assert refusal(lambda: Shards.open(folder)).code == code


@pytest.mark.parametrize("change", [{"rows": 31}, {"minor_digits": 0}, {"header": {}}, {"parts": []}])
def test_a_manifest_edited_by_hand(folder: Path, refusal: Refusal, change: dict) -> None:
    tree = json.loads((folder / MANIFEST).read_bytes())
    (folder / MANIFEST).write_text(json.dumps({**tree, **change}))
    assert refusal(lambda: Shards.open(folder)).code == "WK6014"


def test_a_manifest_that_cannot_be_read(folder: Path, refusal: Refusal) -> None:
    (folder / MANIFEST).unlink()
    (folder / MANIFEST).mkdir()
    assert refusal(lambda: Shards.open(folder)).code == "WK6011"


def test_amounts_of_another_currency(folder: Path, refusal: Refusal) -> None:
    assert refusal(lambda: from_history(folder, minor_digits=0)).code == "WK6051"
    assert len(open_folder(folder, minor_digits=2)) == 30


def test_customers_of_a_later_date(folder: Path, refusal: Refusal) -> None:
    found = refusal(lambda: from_history(folder, as_of=AS_OF - 1, zone="Asia/Shanghai"))
    assert found.code == "WK6029"
    assert "2026-09-01" in found.message
    assert from_history(folder, as_of=AS_OF + 1).population.as_of == AS_OF


def test_customers_of_a_folder_take_no_tables(folder: Path, tmp_path: Path, refusal: Refusal) -> None:
    save(PEOPLE, tmp_path / "table.parquet")
    assert refusal(lambda: from_history(folder, table=tmp_path / "table.parquet")).code == "WK6034"
    assert refusal(lambda: from_history(folder, touches=tmp_path / "table.parquet")).code == "WK6034"
    assert refusal(lambda: from_history(folder, mapping={"id": "x"})).code == "WK6034"
