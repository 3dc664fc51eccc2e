"""What is kept sealed of a person, and keys that are replaced."""

from pathlib import Path

import pytest
from tests.live.store.places import FilePlace

from wakeup.live.seal import Keys, UnsealableError, fresh_keys, fresh_line
from wakeup.live.sealed import addresses_of, id_of, reseal, sealed_customer
from wakeup.live.store import open_store

VALUES = {"phone": "13800138000", "first_name": "Li"}


def test_what_is_sealed_comes_back_with_the_key_only() -> None:
    keys = fresh_keys()
    customer = sealed_customer(keys, 7, "C7", VALUES)
    assert (id_of(keys, customer), addresses_of(keys, customer)) == ("C7", VALUES)
    assert (id_of(fresh_keys(), customer), addresses_of(fresh_keys(), customer)) == ("", {})
    assert not any(mark in repr(customer).encode() for mark in (b"C7", b"13800138000", b"Li"))
    assert len(customer.found_by) == 1, "a name is no address"


def test_a_key_can_be_replaced_and_the_old_one_taken_out(tmp_path: Path) -> None:
    place, file = FilePlace(tmp_path), tmp_path / "shop.db.key"
    first = file_of(place, file)
    second, third = fresh_line("k2"), fresh_line("k3")
    file.write_text(first + second)
    store = place.open()
    with store.work() as work:
        work.add_customers([sealed_customer(store.keys, key, f"C{key}", VALUES) for key in range(1, 1502)])
    store.close()
    file.write_text(first + second + third)
    store = place.open()
    assert (reseal(store), reseal(store)) == (1501, 0)
    store.close()
    file.write_text(first + third)
    store = open_store(str(tmp_path / "shop.db"))
    with store.read() as reader:
        assert id_of(store.keys, reader.customer(1501)) == "C1501"
        assert addresses_of(store.keys, reader.customer(1)) == VALUES
        assert reader.find(store.keys.lookup("C9")) == 9
        assert len(reader.find_addresses([customer_lookup(store.keys)])[0]) == 1501
    store.close()


def test_a_key_that_was_taken_out_too_early_is_missed(tmp_path: Path) -> None:
    place, file = FilePlace(tmp_path), tmp_path / "shop.db.key"
    first = file_of(place, file)
    file.write_text(first + fresh_line("k2"))
    store = place.open()
    with store.work() as work:
        work.add_customers([sealed_customer(store.keys, 1, "C1", VALUES)])
    store.close()
    file.write_text(first + fresh_line("k3"))
    store = place.open()
    with pytest.raises(UnsealableError):
        reseal(store)
    store.close()


def file_of(place: FilePlace, file: Path) -> str:
    place.open().close()
    return file.read_text()


def customer_lookup(keys: Keys) -> str:
    return sealed_customer(keys, 1, "x", VALUES).found_by[0]
