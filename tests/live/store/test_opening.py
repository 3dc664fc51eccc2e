"""Addresses, keys, forms of a store: what is refused, and in which words."""

import stat
from pathlib import Path

import apsw
import pytest
from tests.live.store.places import CAMPAIGN, Place, outgoing, person

from wakeup.diagnostics import WakeupError
from wakeup.live.seal import fresh_keys, fresh_line
from wakeup.live.store import open_store, schema
from wakeup.live.store.postgres import without_password
from wakeup.live.store.protocol import Store
from wakeup.live.store.sqlite import SqliteStore, loses_data

HERE = Path(__file__).parent


def assert_refused(code: str, address: object, key: str | None = None, **more: bool) -> str:
    with pytest.raises(WakeupError) as told:
        open_store(str(address), key, **more)
    assert [each.code for each in told.value.diagnostics] == [code]
    return told.value.diagnostics[0].message


@pytest.mark.parametrize("written", ["{}/shop.db", "sqlite:///{}/shop.db", "sqlite:///{}/sh%6Fp.db"])
def test_a_file_and_its_key_are_made_together(written: str, tmp_path: Path) -> None:
    open_store(written.format(tmp_path)).close()
    key = tmp_path / "shop.db.key"
    for kept in (key, tmp_path / "shop.db"):
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    before = key.read_text()
    open_store(written.format(tmp_path), make=False).close()
    assert key.read_text() == before
    assert bytes.fromhex(before.strip().partition(":")[2]) not in (tmp_path / "shop.db").read_bytes()


def test_a_store_that_is_not_there_is_not_made_by_a_question(place: Place) -> None:
    with pytest.raises(WakeupError) as told:
        place.open(make=False)
    assert told.value.diagnostics[0].code == "WK7021"
    place.open().close()
    place.open(make=False).close()


@pytest.mark.parametrize("address", ["mysql://root:hunter2@host/db", "sqlite:///", "."])
def test_an_address_that_is_none(address: str) -> None:
    assert "hunter2" not in assert_refused("WK7032", address)


def test_a_server_needs_a_key_of_its_own() -> None:
    assert_refused("WK7036", "postgresql://tester@localhost/x")


def test_a_lost_key_is_told_and_never_replaced(tmp_path: Path) -> None:
    path = tmp_path / "shop.db"
    open_store(str(path)).close()
    (tmp_path / "shop.db.key").unlink()
    assert_refused("WK7025", path)
    assert not (tmp_path / "shop.db.key").exists()
    assert_refused("WK7025", path, "env:WAKEUP_NO_SUCH_KEY")
    assert_refused("WK7025", path, f"file:{tmp_path}/none")


def test_a_key_that_others_may_read(tmp_path: Path) -> None:
    open_store(str(tmp_path / "shop.db")).close()
    (tmp_path / "shop.db.key").chmod(0o640)
    assert_refused("WK7026", tmp_path / "shop.db")


@pytest.mark.parametrize("text", ["", "secret", "k1:abc", "k1:" + "0" * 64 + "\nk1:" + "1" * 64])
def test_what_is_no_key_is_not_shown(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WAKEUP_TEST_KEY", text)
    told = assert_refused("WK7034", tmp_path / "shop.db", "env:WAKEUP_TEST_KEY")
    assert not text or text not in told
    assert_refused("WK7034", tmp_path / "shop.db", "hunter2")


def test_another_store_s_key(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    place.open().close()
    monkeypatch.setenv("WAKEUP_TEST_KEY", fresh_line())
    assert_refused("WK7024", place.address, "env:WAKEUP_TEST_KEY")


def test_a_newer_form_is_left_alone(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as newer:
        newer.setattr(schema, "STEPS", (*schema.STEPS, ("CREATE TABLE later (x {int}) {end}",)))
        for module in ("schema", "sqlite", "postgres"):
            newer.setattr(f"wakeup.live.store.{module}.NEWEST", schema.NEWEST + 1)
        place.open().close()
    with pytest.raises(WakeupError) as told:
        place.open()
    assert told.value.diagnostics[0].code == "WK7029"


def test_an_older_form_is_brought_forward(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as older:
        for module in ("schema", "sqlite", "postgres"):
            older.setattr(f"wakeup.live.store.{module}.NEWEST", 1)
        store = place.open()
        with store.work() as work:
            work.enrol([person(1)])
            work.decide(outgoing(1, provider_id="p7"))
        assert "sends_provider" not in index_names(store)
        store.close()
    store = place.open()
    with store.read() as reader:
        assert reader.people(CAMPAIGN) == [person(1)]
        assert reader.sent_as("sms", "p7") == outgoing(1).ref
    assert "sends_provider" in index_names(store)
    store.close()
    place.open().close()  # and once is enough


def test_a_stored_database_of_form_1_opens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file as the first form wrote it: the steps that lead to it never change."""
    connection = apsw.Connection(str(tmp_path / "shop.db"))
    for _ in connection.execute((HERE / "form_1.sql").read_text()):
        pass
    connection.close()
    monkeypatch.setenv("WAKEUP_TEST_KEY", "k1:" + "07" * 32)
    store = open_store(str(tmp_path / "shop.db"), "env:WAKEUP_TEST_KEY")
    with store.read() as reader:
        assert reader.people(CAMPAIGN) == [person(1, due=5)]
        assert reader.outgoing(outgoing(1).ref) == outgoing(1, payload=b"\x00\x01")
        assert reader.next_instant(CAMPAIGN) == 0
    assert store.check() == []
    assert "sends_provider" in index_names(store)
    store.close()


def test_a_copy_is_a_store_with_the_same_key(tmp_path: Path) -> None:
    store = open_store(str(tmp_path / "shop.db"))
    assert isinstance(store, SqliteStore)
    with store.work() as work:
        work.enrol([person(1)])
        work.note(5, "Wu", "made")
    with store.work() as work, store.read():
        work.enrol([person(2)])
        store.copy_to(tmp_path / "copy.db")  # what is not committed is not in it, and nobody waits
    copy = open_store(str(tmp_path / "copy.db"), f"file:{tmp_path / 'shop.db.key'}", make=False)
    with copy.read() as reader:
        assert reader.people(CAMPAIGN) == [person(1)]
    assert copy.check() == []
    with pytest.raises(WakeupError, match="it is there already"):
        store.copy_to(tmp_path / "copy.db")
    copy.close()
    store.close()


def test_what_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "shop.db"
    path.write_bytes(b"customer,amount\n" * 1000)
    assert "shop.db" in assert_refused("WK7028", path, key_of(tmp_path))


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    assert_refused("WK7027", tmp_path / "none" / "shop.db")


def test_a_password_is_never_in_the_address() -> None:
    told = without_password("postgresql://u:p%40ss@h:5432/db?password=p&host=x")
    assert told == "postgresql://u@h:5432/db"


@pytest.mark.parametrize(
    ("version", "bad"),
    [
        ("3.6.23", False),
        ("3.7.0", True),
        ("3.40.1", True),
        ("3.44.5", True),
        ("3.44.6", False),
        ("3.45.0", True),
        ("3.50.6", True),
        ("3.50.7", False),
        ("3.51.2", True),
        ("3.51.3", False),
        ("3.54.1", False),
    ],
)
def test_which_libraries_can_lose_data(version: str, bad: bool) -> None:
    assert loses_data(version) is bad


def test_such_a_library_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apsw, "sqlite_lib_version", lambda: "3.51.1")
    with pytest.raises(WakeupError, match=r"WK7020.*3\.51\.1"):
        SqliteStore(tmp_path / "shop.db", fresh_keys())


def test_a_server_that_is_not_there(tmp_path: Path) -> None:
    key = key_of(tmp_path)
    assert "secret" not in assert_refused("WK7030", f"postgresql://u:secret@/x?host={tmp_path}", key)


def index_names(store: Store) -> set[str]:
    sql = (
        "SELECT name FROM sqlite_schema WHERE type = 'index'"
        if isinstance(store, SqliteStore)
        else "SELECT indexname FROM pg_indexes WHERE schemaname = 'wakeup'"
    )
    with store.read() as reader:
        return {name for (name,) in reader.session.rows(sql)}  # type: ignore[attr-defined]  # beneath the protocol


def key_of(folder: Path) -> str:
    path = folder / "own.key"
    path.write_text(fresh_line())
    return f"file:{path}"


def test_another_file_is_no_store_whose_key_is_lost(tmp_path: Path) -> None:
    (tmp_path / "customers.csv").write_text("customer_id,phone\n", encoding="utf-8")
    with pytest.raises(WakeupError, match="WK7028"):
        open_store(str(tmp_path / "customers.csv"), make=False)


def test_an_address_that_cannot_be_read_is_not_shown() -> None:
    with pytest.raises(WakeupError, match="WK7032") as told:
        open_store("postgresql://me:horse-battery@[::bad/shop", "env:KEY")
    assert "horse-battery" not in str(told.value)
