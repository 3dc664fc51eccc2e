"""Tasks in a real store: a waiting send is taken by one, ends once, and its answer is there in the same breath."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from tests.sim.plans import campaign, journey, send

from wakeup.channels.protocol import AnswerKind, Offered, Request, Secret
from wakeup.channels.queue import Desk, rules_of
from wakeup.diagnostics import WakeupError
from wakeup.live.executor.payload import seal
from wakeup.live.keys import ref_of
from wakeup.live.rows import Outgoing, SendState
from wakeup.live.store import open_store
from wakeup.live.store.protocol import Consent, Customer, Store, Switch, Version
from wakeup.live.tasks import StoreTasks
from wakeup.plan.json import plan_to_json

PLAN = campaign(journey(send()))
NAME, CHANNEL, KIND = PLAN.name, PLAN.channels[0].name, PLAN.channels[0].channel_kind
NOW, DAY = 1_772_416_800, 86_400
ALWAYS = rules_of({"hours": "00:00-24:00"})


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(str(tmp_path / "shop.db"))
    with opened.work(NAME) as work:
        work.add_version(Version(NAME, "v1", plan_to_json(PLAN).decode(), NOW, "me"))
    yield opened
    opened.close()


def waiting(store: Store, customer: int, **more: Any) -> Outgoing:
    """A send that was handed over."""
    ref = ref_of(NAME, customer, 0, "short", "s1", 0)
    state = {"state": SendState.WAITING, "first_attempt": NOW, "epoch": 7, "evidence": "handed_over"}
    plain = Outgoing(ref, NAME, customer, 0, "short", "s1", 0, "hello", CHANNEL, -1, NOW, NOW + DAY)
    given = evolve(plain, **{**state, **more})
    offers = (Offered("coupon", "C-1", NOW + DAY),)
    request = Request(ref, 1, NAME, "hello", Secret(f"+86138{customer:08}"), "你好", offers=offers)
    seal(given, request, store.keys)
    with store.work(NAME) as work:
        work.decide(given)
    return given


def desk(store: Store) -> Desk:
    return Desk(StoreTasks(store, CHANNEL), CHANNEL, ALWAYS)


def inbox(store: Store) -> list[tuple[str, AnswerKind, int | None]]:
    with store.read() as reader:
        return [(each.answer.ref, each.answer.kind, each.customer) for each in reader.waiting(NAME, NOW + 9 * DAY, 99)]


def test_a_task_is_what_the_send_says(store: Store) -> None:
    given = waiting(store, 5)
    (task,) = desk(store).take(NOW)
    assert (task.ref, task.campaign, task.message, task.text) == (given.ref, NAME, "hello", "你好")
    assert (task.address.reveal(), task.offers[0].code, task.deadline) == ("+8613800000005", "C-1", NOW + DAY)
    assert "138" not in repr(task)
    assert "你好" not in repr(task)


def test_an_end_and_its_answer_are_one(store: Store) -> None:
    given = waiting(store, 5)
    work = desk(store)
    (task,) = work.take(NOW)
    assert desk(store).take(NOW + 1) == []
    work.done(task.ref, task.token, NOW + 60)
    assert inbox(store) == [(given.ref, AnswerKind.SENT, 5)]
    with pytest.raises(WakeupError):
        work.not_done(task.ref, task.token, NOW + 61)
    assert len(inbox(store)) == 1
    assert work.take(NOW + DAY - 1) == []


def test_of_two_who_take_a_task_at_once_one_gets_it(store: Store) -> None:
    waiting(store, 5)
    mine, theirs = StoreTasks(store, CHANNEL), StoreTasks(store, CHANNEL)
    (task,) = mine.free(NOW, 1)
    assert theirs.keep(task, ()) is not None
    assert mine.keep(task, ()) is None


def test_an_answer_that_cannot_be_kept_does_not_end_the_task(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    waiting(store, 5)
    tasks = StoreTasks(store, CHANNEL)
    work = Desk(tasks, CHANNEL, ALWAYS)
    (task,) = work.take(NOW)
    really = tasks.keep

    class FullError(Exception):
        pass

    def full(changed: Any, answers: Any) -> Any:
        with store.work() as inside:
            monkeypatch.setattr(type(inside), "receive", lambda self, given: (_ for _ in ()).throw(FullError))
        return really(changed, answers)

    monkeypatch.setattr(tasks, "keep", full)
    with pytest.raises(FullError):
        work.done(task.ref, task.token, NOW + 60)
    monkeypatch.undo()
    assert inbox(store) == []
    work.done(task.ref, task.token, NOW + 61)
    assert len(inbox(store)) == 1


def test_tries_and_times_are_kept(store: Store) -> None:
    waiting(store, 5)
    work = desk(store)
    (task,) = work.take(NOW)
    work.no_answer(task.ref, task.token, NOW)
    assert work.take(NOW + 14_399) == []
    (again,) = desk(store).take(NOW + 14_400)
    assert again.tries == 1
    assert work.call_back(again.ref, again.token, NOW + 20_000) == NOW + 20_000
    assert [each.tries for each in work.take(NOW + 20_000)] == [1]


def test_others_who_work_on_it_are_seen(store: Store) -> None:
    given = waiting(store, 5)
    work = desk(store)
    (task,) = work.take(NOW)
    with store.work(NAME) as inside:  # the executor has learnt by another way that it was sent
        held = inside.outgoing(given.ref)
        assert held is not None
        assert inside.settle(evolve(held, state=SendState.SENT, payload=b""), held.epoch)
    with pytest.raises(WakeupError):
        work.done(task.ref, task.token, NOW + 60)
    assert inbox(store) == []


@pytest.mark.parametrize("order", [Switch.PAUSED, Switch.STOPPED])
def test_nothing_is_handed_out_of_a_campaign_that_does_not_run(order: Switch, store: Store) -> None:
    waiting(store, 5)
    with store.work() as work:
        work.order(NAME, order, NOW, "me")
    assert desk(store).take(NOW) == []


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ([(CHANNEL, False)], False),
        ([(KIND, False)], False),
        ([("", False)], False),
        ([("other", False)], True),
        ([(KIND, False), (CHANNEL, True)], True),
    ],
)
def test_who_has_withdrawn_is_not_called(words: list[tuple[str, bool]], wanted: bool, store: Store) -> None:
    waiting(store, 5)
    with store.work() as work:
        work.consent([Consent(5, name, allowed, NOW, "shop") for name, allowed in words])
    assert bool(desk(store).take(NOW)) == wanted


def test_who_was_erased_is_not_called(store: Store) -> None:
    given = waiting(store, 5)
    with store.work() as work:
        work.add_customers([Customer(5, b"id", b"addresses", "lookup")])
        assert work.erase(5, NOW, "me")
    assert desk(store).take(NOW) == []
    assert StoreTasks(store, CHANNEL).find(given.ref) is None


def test_what_nobody_did_in_time_is_told_once(store: Store) -> None:
    given = waiting(store, 5)
    waiting(store, 6, deadline=NOW + 2 * DAY)
    assert desk(store).expire(NOW + DAY) == 1
    assert desk(store).expire(NOW + DAY) == 0
    assert inbox(store) == [(given.ref, AnswerKind.NOT_SENT, 5)]


def test_tasks_of_other_channels_are_not_seen(store: Store) -> None:
    given = waiting(store, 5, channel="cn.other")
    assert desk(store).take(NOW) == []
    assert StoreTasks(store, CHANNEL).find(given.ref) is None
