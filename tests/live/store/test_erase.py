"""Erasing a person: nothing that leads to them is left, the figures stay, and they do not come back."""

from pathlib import Path

import pytest
from tests.live.store.places import CAMPAIGN, FilePlace, outgoing, person

from wakeup.channels.protocol import Answer, AnswerKind
from wakeup.live.rows import Entry, Outgoing, SendState
from wakeup.live.store.protocol import Consent, Customer, Store
from wakeup.terms.lists import Row

WHO = 123_456_789_012_345


def fill(store: Store) -> None:
    states = [SendState.SENT, SendState.READY, SendState.DOUBT, SendState.INFLIGHT]
    with store.work() as work:
        work.add_customers(
            [Customer(WHO, b"SEALED-ID", b"SEALED-ADDRESS", "f" * 64, ("ADDRESS",)), Customer(2, b"x", b"y", "e")]
        )
        for campaign in (CAMPAIGN, "spring"):
            work.enrol([person(WHO, campaign=campaign, due=5, lapse=6, status="inside", state='{"field":"SECRET"}')])
        work.enrol([person(2, due=5)])
        work.write(
            [Entry(CAMPAIGN, WHO, 3, Row.SENT), Entry("spring", WHO, 4, Row.SENT), Entry(CAMPAIGN, 2, 3, Row.SENT)]
        )
        sends = [
            outgoing(WHO, nth, state=state, payload=b"SEALED-PAYLOAD", provider_id="p", claim='{"SECRET":1}', epoch=4)
            for nth, state in enumerate(states)
        ]
        work.decide_all([*sends, outgoing(2, payload=b"kept")])
        work.give_code(CAMPAIGN, "c8", WHO, "AAAA")
        work.consent([Consent(WHO, "sms", False, 5, "web"), Consent(2, "sms", False, 5, "web")])
        work.receive([(Answer("shop", "e1", AnswerKind.RATED, 5, campaign=CAMPAIGN, amount=424_242), WHO)])
        work.receive([(Answer("shop", "e2", AnswerKind.RATED, 5, campaign=CAMPAIGN), 2)])


def test_nothing_leads_to_who_was_erased(store: Store) -> None:
    fill(store)
    with store.work() as work:
        assert work.erase(WHO, 9, "Wu")
        assert not work.erase(WHO, 9, "Wu")
        assert not work.erase(555, 9, "Wu")
    with store.read() as reader:
        assert reader.customer(WHO) is None
        assert reader.find("f" * 64) is None
        assert reader.find_addresses(["ADDRESS"]) == [[]]
        assert reader.person(CAMPAIGN, WHO) is None
        assert reader.person("spring", WHO) is None
        assert reader.entries_of(CAMPAIGN, WHO) == []
        assert reader.consents(WHO) == {}
        assert [each[2] for each in reader.owners_of("AAAA")] != [WHO]
        assert [each.customer for each in reader.waiting(CAMPAIGN, 9, 9)] == [2]
        for nth, state in enumerate([SendState.SENT, SendState.REFUSED, SendState.UNKNOWN, SendState.INFLIGHT]):
            send = reader.outgoing(outgoing(WHO, nth).ref)
            assert send is not None
            assert (send.state, send.payload, send.provider_id, send.claim) == (state, b"", "", "{}")
            assert send.customer != WHO
        # The others, and what was counted, are as they were.
        assert reader.customer(2) == Customer(2, b"x", b"y", "e")
        assert reader.person(CAMPAIGN, 2) == person(2, due=5)
        assert reader.outgoing(outgoing(2).ref) == outgoing(2, payload=b"kept")
        assert reader.consents(2) == {"sms": False}
        assert len(reader.entries(CAMPAIGN)) == 2
        assert reader.count(CAMPAIGN) == {"done": 1, "planned": 1}
        assert reader.next_instant("spring") is None
    assert store.check() == []


def test_rows_of_one_person_stay_one_person(store: Store) -> None:
    fill(store)
    with store.work() as work:
        work.erase(WHO, 9, "Wu")
        there = next(each for _, each in work.entries(CAMPAIGN) if each.customer != 2).customer
        assert [each.t for each in work.entries_of("spring", there)] == [4]
        assert work.person(CAMPAIGN, there) == person(there, status="done", state="")
        assert work.owner_of(CAMPAIGN, "AAAA") == ("c8", there)
        assert not work.give_code(CAMPAIGN, "c8", 3, "AAAA"), "a code is never given again"


def test_who_was_erased_does_not_come_back_with_the_next_file(store: Store) -> None:
    fill(store)
    with store.work() as work:
        work.erase(WHO, 9, "Wu")
        work.add_customers([Customer(WHO, b"again", b"again", "f" * 64), Customer(3, b"new", b"new", "c")])
        assert work.enrol([person(WHO), person(3)]) == 1
        work.keep([person(WHO, status="inside")])
        work.receive([(Answer("shop", "e3", AnswerKind.ORDERED, 5), WHO)])
    with store.read() as reader:
        assert reader.customer(WHO) is None
        assert reader.person(CAMPAIGN, WHO) is None
        assert reader.customer(3) is not None
        assert [each.answer.event_id for each in reader.waiting(CAMPAIGN, 9, 9)] == ["e2"]


def test_a_send_in_flight_is_settled_with_nobody_behind_it(store: Store) -> None:
    fill(store)
    with store.work() as work:
        work.erase(WHO, 9, "Wu")
    late = outgoing(WHO, 3, state=SendState.SENT, epoch=4, settled=10)
    with store.work() as work:
        assert work.settle(late, 4)
        send = work.outgoing(late.ref)
        assert send is not None
        assert send.state is SendState.SENT
        assert send.customer != WHO


@pytest.mark.parametrize("how", ["erase", "purge"])
def test_the_file_does_not_keep_what_was_erased(tmp_path: Path, how: str) -> None:
    store = FilePlace(tmp_path).open()
    fill(store)
    files = [tmp_path / "shop.db", tmp_path / "shop.db-wal"]
    marks = {"erase": [b"SEALED-ID", b"SEALED-ADDRESS", b"SEALED-PAYLOAD", b"SECRET"], "purge": [b"SEALED-PAYLOAD"]}[
        how
    ]
    for mark in marks:
        assert any(mark in file.read_bytes() for file in files)
    with store.work() as work:
        if how == "erase":
            work.erase(WHO, 9, "Wu")
        else:
            sends = work.sends(CAMPAIGN, ["ready", "doubt", "inflight", "sent"])
            work.settle_all([_done(each) for each in sends], 4)
            work.settle_all([_done(each) for each in sends], 0)
            work.purge(10)
    for mark in marks:
        assert all(mark not in file.read_bytes() for file in files), mark
    store.close()


def _done(send: Outgoing) -> Outgoing:
    send.state, send.settled = SendState.SENT, 5
    return send
