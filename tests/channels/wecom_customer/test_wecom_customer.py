"""WeCom customer message: a task is made once, an employee confirms it, and what became of it is asked for."""

from collections.abc import Iterator

import pytest
from attrs import evolve
from tests.channels.providers.errcodes import said
from tests.channels.providers.local import START, Fault, opened, ref, request, serving
from tests.channels.wecom_customer.server import CORP, SECRET, WecomServer

from wakeup.channels.protocol import AnswerKind, Request, Secret, Verdict
from wakeup.channels.wecom_customer import WecomCustomer, open_wecom_customer

SETTINGS = {"corp_id": CORP, "secret": Secret(SECRET), "sender": "zhangsan", "poll_every": 0}


def message(number: int, text: str = "秋天到了 1", **more: object) -> Request:
    return request(number, f"wm-customer-{number:04d}", text=text, first_attempt=int(START), **more)


@pytest.fixture
def server() -> WecomServer:
    return WecomServer()


@pytest.fixture
def adapter(server: WecomServer) -> Iterator[WecomCustomer]:
    with (
        serving(server) as base,
        opened(open_wecom_customer, {**SETTINGS, "endpoint": base}, server.clock, "wecom") as adapter,
    ):
        yield adapter


def test_the_same_text_is_one_task(server: WecomServer, adapter: WecomCustomer) -> None:
    reports = adapter.send([message(1), message(2), message(3, "另一条 3"), message(4)])
    assert [report.verdict for report in reports] == [Verdict.HANDED_OVER] * 4
    assert len({report.provider_id for report in reports}) == 4
    assert [len(task["customers"]) for task in server.tasks.values()] == [3, 1]
    assert {task["owner"] for task in server.tasks.values()} == {"zhangsan"}


def test_a_customers_own_adviser_confirms(server: WecomServer, adapter: WecomCustomer) -> None:
    own = {"settings": {"sender_field": "adviser"}}
    adapter.send([message(1, fields={"adviser": "lisi"}, **own), message(2, fields={}, **own)])
    assert [task["owner"] for task in server.tasks.values()] == ["lisi", "zhangsan"]


def test_a_stranger_spoils_no_other(server: WecomServer, adapter: WecomCustomer) -> None:
    stranger = evolve(message(2), address=Secret("wm-stranger"))
    one, two, three = adapter.send([message(1), stranger, message(3)])
    assert (one.verdict, two.verdict, three.verdict) == (
        Verdict.HANDED_OVER,
        Verdict.BAD_ADDRESS,
        Verdict.HANDED_OVER,
    )
    (alone,) = adapter.send([stranger])
    assert (alone.verdict, alone.code) == (Verdict.BAD_ADDRESS, "41048")


def test_after_a_lost_answer_the_rest_never_left(server: WecomServer, adapter: WecomCustomer) -> None:
    server.faults.append(Fault("drop_after"))
    reports = adapter.send([message(1, "一 1"), message(2, "二 2"), message(3, "二 2")])
    assert [report.verdict for report in reports] == [Verdict.DOUBT, Verdict.NOT_LEFT, Verdict.NOT_LEFT]
    assert server.refs() == ["wm-customer-0001"]


def test_a_token_that_ends_in_mid_run_is_renewed(server: WecomServer, adapter: WecomCustomer) -> None:
    adapter.send([message(1)])
    server.void()
    assert adapter.send([message(2)])[0].verdict is Verdict.HANDED_OVER
    server.clock.at += 7200
    assert adapter.send([message(3)])[0].verdict is Verdict.HANDED_OVER
    assert server.granted == 3
    assert len(server.truth) == 3


def test_a_wrong_secret_stops_the_channel(server: WecomServer) -> None:
    with serving(server) as base:
        given = {**SETTINGS, "secret": Secret("wrong"), "endpoint": base}
        with opened(open_wecom_customer, given, server.clock) as adapter:
            assert adapter.send([message(1)])[0].verdict is Verdict.POLICY
            assert adapter.check() == "40001"


def test_confirmed_tasks_become_answers(server: WecomServer, adapter: WecomCustomer) -> None:
    reports = adapter.send([message(n) for n in (1, 2, 3)])
    assert list(adapter.poll(int(START))) == []
    server.clock.at += 3600
    (task,) = server.tasks
    server.confirm(task, **{"wm-customer-0002": 2, "wm-customer-0003": 3})
    server.clock.at += 60
    answers = adapter.poll(int(START))
    assert [answer.provider_id for answer in answers] == [report.provider_id for report in reports]
    assert [(answer.kind, answer.code_of) for answer in answers] == [
        (AnswerKind.SENT, ""),
        (AnswerKind.NOT_SENT, "not_a_contact"),
        (AnswerKind.NOT_SENT, "had_another"),
    ]
    assert {answer.t for answer in answers} == {int(START) + 3600}
    assert "wm-customer" not in repr(answers)


def test_polling_again_tells_the_same_events_until_they_are_old(server: WecomServer, adapter: WecomCustomer) -> None:
    adapter.send([message(1)])
    (task,) = server.tasks
    server.confirm(task)
    first, again = adapter.poll(int(START)), adapter.poll(int(START))
    assert [answer.event_id for answer in first] == [answer.event_id for answer in again] != []
    assert len(adapter.poll(int(START) + 7200)) == 1  # told once more, and known to be over from now on
    asked = len(server.calls)
    assert list(adapter.poll(int(START) + 7200)) == []
    assert len(server.calls) == asked + 1


def test_a_failed_send_of_the_employee_that_is_not_over_is_asked_again(
    server: WecomServer, adapter: WecomCustomer
) -> None:
    adapter.send([message(1), message(2)])
    (task,) = server.tasks
    server.confirm(task, **{"wm-customer-0002": 0})
    assert len(adapter.poll(int(START) + 7200)) == 1
    server.confirm(task)
    assert len(adapter.poll(int(START) + 7200)) == 2


def test_a_message_above_the_limit_is_not_sent(server: WecomServer, adapter: WecomCustomer) -> None:
    for n in range(5):
        adapter.send([message(1, f"第 {n}")])
    for task in server.tasks:
        server.confirm(task)
    kinds = [answer.kind for answer in adapter.poll(int(START))]
    assert kinds == [AnswerKind.SENT] * 4 + [AnswerKind.NOT_SENT]
    server.clock.at += 10 * 86_400  # December
    adapter.send([message(1, "第 6")])
    server.confirm(list(server.tasks)[-1])
    assert [answer.kind for answer in adapter.poll(int(server.clock.at))][-1] is AnswerKind.SENT


def test_questions_are_asked_in_rounds(server: WecomServer) -> None:
    with serving(server) as base:
        given = {**SETTINGS, "poll_every": 300, "endpoint": base}
        with opened(open_wecom_customer, given, server.clock) as adapter:
            adapter.send([message(1)])
            server.confirm(*server.tasks)
            assert len(adapter.poll(0)) == 1
            asked = len(server.calls)
            server.clock.at += 299
            assert len(adapter.poll(0)) == 0
            assert len(server.calls) == asked
            server.clock.at += 1
            assert len(adapter.poll(0)) == 1


def test_lists_are_read_to_their_end(server: WecomServer, adapter: WecomCustomer) -> None:
    server.page = 2
    for n in range(1, 6):
        adapter.send([message(10 * n, f"批次 {n}"), message(10 * n + 1, f"批次 {n}"), message(10 * n + 2, f"批次 {n}")])
    for task in server.tasks:
        server.confirm(task)
    assert len(adapter.poll(0)) == 15


def test_a_list_that_leads_in_a_circle_is_left(
    server: WecomServer, adapter: WecomCustomer, monkeypatch: pytest.MonkeyPatch
) -> None:
    adapter.send([message(1)])
    asked = len(server.calls)
    monkeypatch.setattr(server, "_paged", lambda rows, body, key: said(0, **{key: []}, next_cursor="again"))
    assert adapter.look_up([message(1)])[0].sent is None
    assert len(server.calls) == asked + 2


def test_a_task_in_doubt_is_found_by_its_text(server: WecomServer, adapter: WecomCustomer) -> None:
    server.faults.append(Fault("drop_after"))
    (report,) = adapter.send([message(1)])
    assert report.verdict is Verdict.DOUBT
    (found,) = adapter.look_up([message(1)])
    (task,) = server.tasks
    server.confirm(task)
    (answer,) = adapter.poll(int(START))
    assert found.sent is True
    assert found.provider_id == answer.provider_id
    others = (message(2), message(1, "别的 1"))
    assert [each.sent for each in adapter.look_up(others)] == [False, False]


def test_an_older_task_with_the_same_text_is_not_taken_for_it(server: WecomServer, adapter: WecomCustomer) -> None:
    adapter.send([message(1)])
    server.clock.at += 86_400
    later = evolve(message(1), ref=ref(9), first_attempt=int(server.clock.at))
    assert adapter.look_up([later])[0].sent is False


def test_the_list_is_late_by_less_than_the_grace(server: WecomServer, adapter: WecomCustomer) -> None:
    server.listed_after = adapter.capabilities.grace - 1
    adapter.send([message(1)])
    assert adapter.look_up([message(1)])[0].sent is False
    server.clock.at += adapter.capabilities.grace
    assert adapter.look_up([message(1)])[0].sent


def test_a_text_that_is_too_long_is_not_sent(server: WecomServer, adapter: WecomCustomer) -> None:
    long, short = adapter.send([message(1, "长" * 1334), message(2)])
    assert (long.verdict, long.code, short.verdict) == (Verdict.BAD_CONTENT, "text too long", Verdict.HANDED_OVER)
