"""Whom an answer is about, however a provider says it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from attrs import evolve
from tests.live.store.places import CAMPAIGN, FilePlace, outgoing, person

from wakeup.channels.protocol import Answer, AnswerKind
from wakeup.live.answering import take_in
from wakeup.live.rows import SendState
from wakeup.live.sealed import address_lookup, sealed_customer
from wakeup.live.store.protocol import Store

NO = Answer("sms", "e", AnswerKind.OPTED_OUT, 5, channel="sms")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = FilePlace(tmp_path).open()
    with opened.work() as work:
        for key, phone in ((1, "138 0013 8000"), (2, "+8613800138000"), (3, "13900139000")):
            values = {"phone": phone, "email": f"P{key}@Example.com", "first_name": "Li"}
            work.add_customers([sealed_customer(opened.keys, key, f"id{key}", values)])
        work.enrol([person(key) for key in (1, 2, 3)])
        work.decide(outgoing(3, state=SendState.SENT, provider_id="p3"))
        work.give_code(CAMPAIGN, "c8", 2, "AAAA")
    yield opened
    opened.close()


def people(store: Store) -> list[int | None]:
    with store.read() as reader:
        return [each.customer for each in reader.waiting(CAMPAIGN, 9, 9)]


@pytest.mark.parametrize(
    ("more", "who"),
    [
        ({"customer": "id3"}, [3]),
        ({"ref": outgoing(3).ref}, [3]),
        ({"provider_id": "p3"}, [3]),
        ({"code": "AAAA"}, [2]),
        ({"redeemed": (("none", 1), ("AAAA", 5))}, [2]),
        ({"address": "13900139000"}, [3]),
        ({"address": "+86 139-0013-9000"}, [3]),
        ({"address": "008613900139000"}, [3]),
        ({"address": "p2@EXAMPLE.com "}, [2]),
        ({"address": "13800138000"}, [1, 2]),
        ({"address": "13700137000"}, []),
        ({"address": "Li"}, []),
        ({"customer": "id1", "address": "13900139000"}, [1]),
        ({"provider_id": "unknown"}, []),
    ],
)
def test_whom_it_is_about(store: Store, more: dict[str, str], who: list[int]) -> None:
    answer = evolve(NO, **more)
    assert take_in(store, [answer]) == max(1, len(who))
    assert people(store) == who
    assert take_in(store, [answer]) == 0
    with store.read() as reader:
        assert [key for key in (1, 2, 3) if reader.consents(key) == {"sms": False}] == who


def test_neither_id_nor_address_is_kept(store: Store, tmp_path: Path) -> None:
    take_in(
        store, [evolve(NO, customer="id1", address="13900139000"), evolve(NO, event_id="f", address="p2@example.com")]
    )
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir() if path.suffix != ".key")
    assert b"autumn" in kept
    assert not any(mark in kept for mark in (b"13900139000", b"p2@example.com", b"id1", b"13800138000"))


def test_an_address_cannot_be_found_without_the_key(store: Store) -> None:
    from wakeup.live.seal import fresh_keys

    assert address_lookup(store.keys, "13900139000") != address_lookup(fresh_keys(), "13900139000")
    assert address_lookup(store.keys, "x") != store.keys.lookup("x")
