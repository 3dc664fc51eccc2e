"""What every store does, one method after another, on both databases."""

from contextlib import suppress
from itertools import pairwise
from typing import Any

import pytest
from attrs import evolve
from tests.live.store.places import CAMPAIGN, HIGH, Place, outgoing, person

from wakeup.channels.protocol import Answer, AnswerKind
from wakeup.diagnostics import WakeupError
from wakeup.live.rows import Entry, SendState
from wakeup.live.store.protocol import Consent, Customer, DuplicateSend, Store, Switch, Version
from wakeup.terms.lists import Reason, Row


def test_an_enrolment_comes_back_as_it_went_in(store: Store) -> None:
    people = [
        person(0),
        person(HIGH, held_out=True, status="done", state="晚安"),
        person(2**63, due=5, lapse=9, occurrence=3),
    ]
    with store.work(CAMPAIGN) as work:
        assert work.enrol(people) == 3
        assert work.person(CAMPAIGN, 2**63, 3) == people[2]
    with store.read() as reader:
        assert reader.people(CAMPAIGN) == sorted(people, key=lambda each: each.customer)
        assert reader.person(CAMPAIGN, HIGH) == people[1]
        assert reader.person(CAMPAIGN, 2**63) is None
        assert reader.person("another", 0) is None
        assert reader.count(CAMPAIGN) == {"planned": 2, "done": 1}
        assert reader.campaigns() == [CAMPAIGN]


def test_who_is_enrolled_keeps_their_part(store: Store) -> None:
    with store.work(CAMPAIGN) as work:
        work.enrol([person(1, version="v1")])
        assert work.enrol([person(1, version="v2"), person(2, version="v2"), person(2, version="v3")]) == 1
        assert [each.version for each in work.people(CAMPAIGN)] == ["v1", "v2"]
        work.keep([person(1, status="inside", due=7), person(99)])
        assert work.people(CAMPAIGN) == [person(1, status="inside", due=7), person(2, version="v2")]


def test_people_are_paged_in_order_of_their_unsigned_keys(store: Store) -> None:
    keys = [0, 1, 2**63 - 1, 2**63, 2**63 + 1, HIGH]
    with store.work(CAMPAIGN) as work:
        work.enrol([person(key, status="inside" if key % 2 else "done") for key in reversed(keys)])
        work.enrol([person(1, occurrence=1), person(1, occurrence=2)])
    with store.read() as reader:
        assert [each.customer for each in reader.people(CAMPAIGN)] == [0, 1, 1, 1, *keys[2:]]
        page = reader.people(CAMPAIGN, limit=2)
        assert [(each.customer, each.occurrence) for each in page] == [(0, 0), (1, 0), (1, 1), (1, 2)]
        assert [each.customer for each in reader.people(CAMPAIGN, after=1, limit=2)] == keys[2:4]
        assert [each.customer for each in reader.people(CAMPAIGN, "done")] == [0, 2**63]
        assert reader.people(CAMPAIGN, after=HIGH) == []


def test_who_is_due_comes_in_order_of_instant_and_key(store: Store) -> None:
    with store.work(CAMPAIGN) as work:
        work.enrol(
            [
                person(HIGH, due=10),
                person(3, due=10),
                person(2, due=11),
                person(1, due=9, lapse=4),
                person(0),
                person(5, campaign="other", due=1),
            ]
        )
    with store.read() as reader:
        assert [each.customer for each in reader.due(CAMPAIGN, "due", 10, 10)] == [1, 3, HIGH]
        assert [each.customer for each in reader.due(CAMPAIGN, "due", 11, 2)] == [1, 3]
        assert [each.customer for each in reader.due(CAMPAIGN, "lapse", 4, 10)] == [1]
        assert reader.due(CAMPAIGN, "lapse", 3, 10) == []


def test_the_next_instant_looks_at_all_that_waits(store: Store) -> None:
    answer = Answer("shop", "e", AnswerKind.ORDERED, 50, campaign=CAMPAIGN)
    with store.work(CAMPAIGN) as work:
        assert work.next_instant(CAMPAIGN) is None
        work.enrol([person(1, due=100)])
        assert work.next_instant(CAMPAIGN) == 100
        work.keep([person(1, due=100, lapse=90)])
        assert work.next_instant(CAMPAIGN) == 90
        work.decide(outgoing(1, not_before=80))
        work.decide(outgoing(1, 1, not_before=10, state=SendState.WAITING))
        work.decide(outgoing(1, 2, not_before=10, state=SendState.SENT))
        assert work.next_instant(CAMPAIGN) == 80
        work.decide(outgoing(1, 3, not_before=75, state=SendState.DOUBT))
        work.decide(outgoing(1, 4, not_before=70, state=SendState.INFLIGHT))
        assert work.next_instant(CAMPAIGN) == 70
        assert [each.nth for each in work.sends_due(CAMPAIGN, 79, 9)] == [4, 3]
        assert [each.nth for each in work.sends_due(CAMPAIGN, 80, 2)] == [4, 3]
        assert [each.nth for each in work.sends_due(CAMPAIGN, 80, 9)] == [4, 3, 0]
        work.receive([(answer, 1)])
        assert work.next_instant(CAMPAIGN) == 50
        assert work.next_instant("other") is None
        work.taken([work.waiting(CAMPAIGN, 50, 1)[0].place])
        assert work.next_instant(CAMPAIGN) == 70


def test_what_an_exception_interrupts_never_was(store: Store) -> None:
    with suppress(ZeroDivisionError), store.work(CAMPAIGN) as work:
        work.enrol([person(1)])
        work.note(1, "me", "something")
        assert work.person(CAMPAIGN, 1) is not None
        raise ZeroDivisionError
    with store.read() as reader:
        assert reader.person(CAMPAIGN, 1) is None
        assert reader.campaigns() == []
    with store.work() as work:  # and the store goes on
        work.note(2, "me", "something else")
    assert store.check() == []


def test_a_reader_sees_one_instant_and_the_next_reader_the_next(store: Store) -> None:
    with store.work() as work:
        work.enrol([person(1)])
    with store.read() as reader:
        assert reader.count(CAMPAIGN) == {"planned": 1}
        with store.work() as work:
            work.enrol([person(2)])
            work.order(CAMPAIGN, Switch.PAUSED, 5, "me")
        assert reader.count(CAMPAIGN) == {"planned": 1}
        assert reader.switch(CAMPAIGN) is Switch.RUNNING
        with store.read() as second:
            assert second.count(CAMPAIGN) == {"planned": 2}
            assert second.switch(CAMPAIGN) is Switch.PAUSED


def test_shared_state_and_versions(store: Store) -> None:
    versions = [Version(CAMPAIGN, "v1", '{"方案":1}', 5, "Li"), Version(CAMPAIGN, "v0", "{}", 3, "")]
    with store.work(CAMPAIGN) as work:
        assert work.shared(CAMPAIGN) == ""
        work.keep_shared(CAMPAIGN, "one")
        work.keep_shared(CAMPAIGN, "two")
        for each in [*versions, evolve(versions[1], plan="changed", approved="Wu")]:
            work.add_version(each)
    with store.read() as reader:
        assert reader.shared(CAMPAIGN) == "two"
        assert reader.versions(CAMPAIGN) == versions
        assert reader.versions("other") == []


def test_a_version_that_comes_back_is_the_newest_again(store: Store) -> None:
    first, second = Version(CAMPAIGN, "v1", "{}", 5, "Li"), Version(CAMPAIGN, "v2", "{}", 6, "Li")
    again = evolve(first, since=7, approved="Wu")
    with store.work(CAMPAIGN) as work:
        for each in (first, second, again, evolve(first, since=8)):
            work.add_version(each)
    with store.read() as reader:
        assert reader.versions(CAMPAIGN) == [second, again]


def test_rows_of_the_trace_stand_in_the_order_of_writing(store: Store) -> None:
    first = Entry(CAMPAIGN, HIGH, 9, Row.ORDERED, "short", "s1", "m", "sms", "c8", Reason.NONE, "a", -5, True)
    rows = [first, Entry(CAMPAIGN, 1, 3, Row.REFUSED, reason=Reason.NO_CONSENT), Entry(CAMPAIGN, HIGH, 1, Row.SENT)]
    with store.work(CAMPAIGN) as work:
        work.write(rows[:2])
        work.write([Entry("other", 1, 3, Row.SENT)])
        work.write(rows[2:])
    with store.read() as reader:
        told = reader.entries(CAMPAIGN)
        assert [each for _, each in told] == rows
        assert all(earlier < later for (earlier, _), (later, _) in pairwise(told))
        assert reader.entries(CAMPAIGN, after=told[0][0], limit=1) == told[1:2]
        assert reader.entries_of(CAMPAIGN, HIGH) == [rows[0], rows[2]]


def test_a_send_is_decided_once(store: Store) -> None:
    send = outgoing(HIGH, payload=b"\x00\xff", claim='{"cost":1}', fingerprint="f", provider_id="p", evidence="e")
    with store.work(CAMPAIGN) as work:
        work.decide(send)
        assert work.outgoing(send.ref) == send
        with pytest.raises(DuplicateSend):
            work.decide(outgoing(HIGH, decided=777))
        with pytest.raises(DuplicateSend):
            work.decide_all([outgoing(1), outgoing(HIGH)])
    with store.read() as reader:
        assert reader.outgoing(send.ref) == send
        assert reader.outgoing("0" * 32) is None


def test_a_claim_takes_what_is_ready_and_nothing_else(store: Store) -> None:
    claimed = outgoing(1, state=SendState.INFLIGHT, attempt=1, lease=60, epoch=4, first_attempt=30)
    with store.work(CAMPAIGN) as work:
        assert not work.claim(claimed)  # it is not there
        work.decide(outgoing(1))
        assert work.claim(claimed)
        assert work.outgoing(claimed.ref) == claimed
        assert not work.claim(evolve(claimed, epoch=5, attempt=2))
        assert work.outgoing(claimed.ref) == claimed


def test_only_the_epoch_that_claimed_settles(store: Store) -> None:
    sends = [outgoing(each, state=SendState.INFLIGHT, epoch=4) for each in (1, 2)]
    done = [evolve(each, state=SendState.SENT, provider_id="p", settled=9) for each in sends]
    with store.work(CAMPAIGN) as work:
        work.decide_all(sends)
        assert work.settle_all(done, 3) == [False, False]
        assert work.outgoing(sends[0].ref) == sends[0]
        taken_over = evolve(sends[1], epoch=5)
        assert work.settle(taken_over, 4)
        assert work.settle_all(done, 4) == [True, False]
        assert work.outgoing(sends[0].ref) == done[0]
        assert work.outgoing(sends[1].ref) == taken_over
        assert not work.settle(outgoing(9), 0)


def test_sends_are_found_by_state_and_counted_by_channel(store: Store) -> None:
    states = [SendState.DOUBT, SendState.SENT, SendState.READY, SendState.DOUBT]
    sends = [
        outgoing(each, state=state, first_attempt=10 - each, channel="sms" if each else "email")
        for each, state in enumerate(states)
    ]
    with store.work(CAMPAIGN) as work:
        work.decide_all(sends)
        asked = [SendState.DOUBT, SendState.READY]
        assert [each.customer for each in work.sends(CAMPAIGN, asked)] == [3, 2, 0]
        assert [each.customer for each in work.sends(CAMPAIGN, asked, limit=2)] == [3, 2]
        assert [each.customer for each in work.sends(CAMPAIGN, ["sent"])] == [1]
        assert work.sends("other", asked) == []
        assert work.send_counts(CAMPAIGN) == {
            ("email", "doubt"): 1,
            ("sms", "sent"): 1,
            ("sms", "ready"): 1,
            ("sms", "doubt"): 1,
        }


def test_a_provider_s_own_id_leads_to_the_send(store: Store) -> None:
    with store.work() as work:
        work.decide_all([outgoing(1, provider_id="msg-7"), outgoing(2), outgoing(3, provider_id="msg-7", channel="x")])
        assert work.sent_as("sms", "msg-7") == outgoing(1).ref
        assert work.sent_as("email", "msg-7") is None
        assert work.sent_as("sms", "") is None


def test_epochs_ascend_and_never_come_twice(place: Place) -> None:
    epochs = []
    for turn in range(3):
        store = place.open()
        with store.work() as work:
            epochs.append(work.lease_of(f"host {turn}", 100 + turn, 10))
        with suppress(ZeroDivisionError), store.work() as work:
            work.lease_of("lost", 100, 10)
            raise ZeroDivisionError
        if turn == 2:
            with store.read() as reader:
                assert reader.executors(110) == [(epochs[1], "host 1", 111), (epochs[2], "host 2", 112)]
        store.close()
    assert epochs == sorted(set(epochs))


def test_a_lease_is_renewed_for_as_long_as_its_executor_lives(store: Store) -> None:
    with store.work() as work:
        first, second = work.lease_of("one", 100, 10), work.lease_of("two", 100, 10)
        work.renew_lease(second, 150)
        assert work.executors(110) == [(second, "two", 150)]
        assert work.executors(109) == [(first, "one", 110), (second, "two", 150)]


def test_sends_that_nobody_confirmed_are_found_by_their_deadline(store: Store) -> None:
    waiting = SendState.WAITING
    with store.work(CAMPAIGN) as work:
        work.decide(outgoing(1, deadline=80, state=waiting))
        work.decide(outgoing(2, deadline=70, state=waiting))
        work.decide(outgoing(3, deadline=90, state=waiting))
        work.decide(outgoing(4, deadline=60, state=SendState.DOUBT))
        assert [each.customer for each in work.unconfirmed(CAMPAIGN, 80, 9)] == [2, 1]
        assert [each.customer for each in work.unconfirmed(CAMPAIGN, 90, 2)] == [2, 1]
        assert work.unconfirmed("other", 90, 9) == []


def test_a_code_is_given_once_for_good(store: Store) -> None:
    with store.work(CAMPAIGN) as work:
        assert work.give_code(CAMPAIGN, "c8", HIGH, "AAAA")
        assert not work.give_code(CAMPAIGN, "c8", HIGH, "AAAA")
        assert not work.give_code(CAMPAIGN, "c9", 2, "AAAA")
        assert work.give_code("other", "c8", 2, "AAAA")
        assert work.owner_of(CAMPAIGN, "AAAA") == ("c8", HIGH)
        assert work.owner_of(CAMPAIGN, "BBBB") is None
        assert work.owners_of("AAAA") == [(CAMPAIGN, "c8", HIGH), ("other", "c8", 2)]


def test_listed_codes_go_out_in_their_order_until_none_are_left(store: Store) -> None:
    with store.work(CAMPAIGN) as work:
        assert work.next_code(CAMPAIGN, "c8", 1) is None
        assert work.list_codes(CAMPAIGN, "c8", ["Z", "A", "M", "A"]) == 3
        assert work.list_codes(CAMPAIGN, "c8", ["M", "Q"]) == 1
        assert work.codes_left(CAMPAIGN, "c8") == 4
        assert not work.give_code(CAMPAIGN, "c9", 5, "A"), "it is on the list of another incentive"
        assert work.give_code(CAMPAIGN, "c8", 5, "A")
        assert [work.next_code(CAMPAIGN, "c8", each) for each in (0, 2, 3, 4)] == ["Z", "M", "Q", None]
        assert work.owner_of(CAMPAIGN, "Z") == ("c8", 0)
        assert work.codes_left(CAMPAIGN, "c8") == 0


def test_an_event_is_taken_once_and_waits_in_order(store: Store) -> None:
    def told(event: str, t: int, **more: Any) -> Answer:
        return Answer("shop", event, AnswerKind.CLICKED, t, campaign=CAMPAIGN, **more)

    first = told("z", 5, redeemed=(("AAAA", 80), ("BB", 1)), amount=-3, ref="r", organic=True, staff="desk")
    with store.work() as work:
        assert work.receive([(first, 7), (told("a", 5), 7), (told("z", 4), 7), (told("b", 5), None)]) == 3
        assert work.receive([(told("a", 9), 7), (told("c", 6), HIGH), (evolve(told("a", 4), source="other"), 1)]) == 2
        assert work.inbox_length() == 5
        assert work.inbox_oldest() == 4
    with store.read() as reader:
        waiting = reader.waiting(CAMPAIGN, 5, 10)
        assert [(each.answer.event_id, each.customer) for each in waiting] == [
            ("a", 1),
            ("b", None),
            ("z", 7),
            ("a", 7),
        ]
        assert waiting[2].answer == first
        assert [each.answer.event_id for each in reader.waiting(CAMPAIGN, 6, 2)] == ["a", "b"]
    with store.work(CAMPAIGN) as work:
        work.taken([each.place for each in waiting])
        assert [each.customer for each in work.waiting(CAMPAIGN, 6, 10)] == [HIGH]
        assert work.receive([(first, 7)]) == 0


def test_what_was_told_once_is_known(store: Store) -> None:
    with store.work() as work:
        assert [work.once("call", each) for each in ("a", "b", "a")] == [True, True, False]
    with store.work() as work:
        assert not work.once("call", "a")
        assert work.once("other", "a")
        assert work.receive([(Answer("call", "b", AnswerKind.CLICKED, 5, campaign=CAMPAIGN), 1)]) == 0


def test_an_answer_finds_its_campaigns(store: Store) -> None:
    order = Answer("shop", "o", AnswerKind.ORDERED, 5, customer="li@example.com", amount=100)
    receipt = Answer("sms", "r", AnswerKind.DELIVERED, 5, ref=outgoing(2).ref)
    with store.work() as work:
        work.enrol([person(1), person(1, campaign="spring"), person(2), person(2, campaign="spring")])
        work.enrol([person(1, occurrence=1)])
        work.decide(outgoing(2))
        assert work.receive([(order, 1), (receipt, None), (evolve(order, event_id="x"), None)]) == 3
        in_autumn, in_spring = work.waiting(CAMPAIGN, 9, 9), work.waiting("spring", 9, 9)
    assert [(each.answer.event_id, each.customer) for each in in_autumn] == [("o", 1), ("r", 2)]
    assert [(each.answer.event_id, each.customer) for each in in_spring] == [("o", 1)]
    assert in_autumn[0].answer == evolve(order, customer="")
    with store.work("spring") as work:
        work.taken([in_spring[0].place])
        assert len(work.waiting(CAMPAIGN, 9, 9)) == 2, "another campaign's taking is its own"


@pytest.mark.parametrize(
    ("kind", "more", "said"),
    [
        (AnswerKind.OPTED_OUT, {"ref": outgoing(1).ref}, {"sms": False}),
        (AnswerKind.OPTED_OUT, {"channel": "email"}, {"email": False}),
        (AnswerKind.OPTED_OUT, {}, {"": False}),
        (AnswerKind.COMPLAINED, {"ref": outgoing(1).ref, "channel": "sms"}, {"": False}),
        (AnswerKind.REPLIED, {"ref": outgoing(1).ref, "channel": "sms"}, {}),
    ],
)
def test_a_refusal_holds_from_the_instant_it_is_received(
    store: Store, kind: AnswerKind, more: dict[str, str], said: dict[str, bool]
) -> None:
    with store.work() as work:
        work.enrol([person(1)])
        work.decide(outgoing(1))
        work.receive([(Answer("web", "e", kind, 5, **more), None if "ref" in more else 1)])
    with store.read() as reader:
        assert reader.consents(1) == said


def test_customers_and_their_newest_word(store: Store) -> None:
    with store.work() as work:
        work.add_customers([Customer(HIGH, b"id", b"to", "aa"), Customer(2, b"", b"", "")])
        work.add_customers([Customer(HIGH, b"id2", b"to2", "ab")])
        work.consent([Consent(HIGH, "sms", True, 50, "file"), Consent(HIGH, "sms", False, 40, "web")])
        work.consent([Consent(HIGH, "email", True, 1, "f"), Consent(HIGH, "email", False, 1, "f")])
        work.add_customers([Customer(8, b"", b"", "a8", ("p", "q")), Customer(9, b"", b"", "a9", ("p",))])
        assert work.find_addresses(["p", "q", "r"]) == [[8, 9], [8], []]
        work.add_customers([Customer(8, b"", b"", "a8", ("r",))])
        assert work.find_addresses(["p", "q", "r"]) == [[9], [], [8]]
        assert work.customer(HIGH) == Customer(HIGH, b"id2", b"to2", "ab")
        assert work.customer(3) is None
        assert work.find("ab") == HIGH
        assert work.find("aa") is None
        assert work.find_all(["", "ab", "no"]) == [None, HIGH, None]
        assert work.consents(HIGH) == {"sms": True, "email": False}
        assert work.consents(2) == {}
        work.consent([Consent(HIGH, "", False, 60, "web")])
        assert work.consents(HIGH) == {"sms": False, "email": False, "": False}
        work.consent([Consent(HIGH, "sms", True, 61, "web"), Consent(HIGH, "", True, 59, "web")])
        assert work.consents(HIGH) == {"sms": True, "email": False, "": False}


def test_stopped_is_for_good(store: Store) -> None:
    with store.work() as work:
        for switch in (Switch.PAUSED, Switch.PAUSED, Switch.RUNNING, Switch.STOPPED, Switch.STOPPED):
            work.order(CAMPAIGN, switch, 5, "Wu")
            assert work.switch(CAMPAIGN) is switch
        assert work.switch("other") is Switch.RUNNING
    with store.work() as work, pytest.raises(WakeupError) as told:
        work.order(CAMPAIGN, Switch.RUNNING, 6, "Wu")
    assert told.value.diagnostics[0].code == "WK7031"
    with store.read() as reader:
        assert reader.switch(CAMPAIGN) is Switch.STOPPED


def test_purging_empties_what_was_settled_before(store: Store) -> None:
    sends = [
        outgoing(1, state=SendState.SENT, settled=5, payload=b"x"),
        outgoing(2, state=SendState.SENT, settled=9, payload=b"x"),
        outgoing(3, payload=b"x"),
    ]
    with store.work() as work:
        work.decide_all(sends)
        work.receive([(Answer("s", str(t), AnswerKind.REPLIED, t, campaign=CAMPAIGN), 1) for t in (1, 2)])
        work.taken([work.waiting(CAMPAIGN, 1, 1)[0].place])
        assert work.purge(9) == 2
        assert [work.outgoing(each.ref).payload for each in sends] == [b"", b"x", b"x"]  # type: ignore[union-attr]  # all are there
        assert work.waiting(CAMPAIGN, 9, 9)[0].answer.event_id == "2"
