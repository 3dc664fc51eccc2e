"""WeCom customer message (企业微信 企业群发): a task for an employee, who confirms it before anything is sent.

Interface `externalcontact/add_msg_template` (documented at developer.work.weixin.qq.com/document/path/92135, read in
November 2026 in stored copies). Taken means: the task stands on the employee's telephone. Whether it was sent is asked
for later, task by task. Messages with the same text for the same employee go into one task, so that one tap confirms
many. A customer takes a limited count of such messages from the whole company (one a day; in earlier rules four a
month); one too many is not sent.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from attrs import frozen

from wakeup.channels.bare import Bare
from wakeup.channels.http import Line
from wakeup.channels.protocol import Answer, AnswerKind, Capabilities, Found, Report, Request, Setup, Verdict
from wakeup.channels.setting import TIMEOUT, Setting
from wakeup.channels.single import is_text, name, number, objects, refused, text
from wakeup.channels.values import endpoint, values_of
from wakeup.channels.wechat_api import Said, TokenApi, corp_token

SETTINGS: Final = (
    Setting("corp_id", "ID of the company (企业 ID).", required=True),
    Setting("secret", "Secret of the app that may use 客户联系.", required=True, secret=True),
    Setting("sender", "User ID of the employee who confirms; without it whoever the customer belongs to."),
    Setting("watch_days", "Days for which a task is asked after.", default=7, kind="number"),
    Setting(
        "poll_every", "Seconds between two rounds of such questions: calls are limited.", default=300, kind="number"
    ),
    Setting("grace", "Seconds after which a task must show up in the list.", default=300, kind="number"),
    TIMEOUT,
    Setting("endpoint", "Address of the interface.", default="https://qyapi.weixin.qq.com"),
)

MESSAGE_SETTINGS: Final = (Setting("sender_field", "Which of the fields names the employee who confirms."),)

VERDICTS: Final = {
    40003: Verdict.BAD_ADDRESS,
    40096: Verdict.BAD_ADDRESS,
    41048: Verdict.BAD_ADDRESS,
    60111: Verdict.BAD_ADDRESS,
    84061: Verdict.BAD_ADDRESS,
    40058: Verdict.BAD_CONTENT,
    40063: Verdict.BAD_CONTENT,
    44004: Verdict.BAD_CONTENT,
    45002: Verdict.BAD_CONTENT,
    45009: Verdict.THROTTLED,
    45033: Verdict.THROTTLED,
    48002: Verdict.POLICY,
    48004: Verdict.POLICY,
    60011: Verdict.POLICY,
    60020: Verdict.POLICY,
    301002: Verdict.POLICY,
}
"""What the provider's codes mean; −1 (busy) and codes that are not here leave the send in doubt."""

LONGEST: Final = 4000
"""Bytes of a text."""

_DAY: Final = 86_400
_BATCH: Final = 100
_SLACK = 3600
_CONFIRMED = 2
_SENT, _NO_FRIEND, _LIMIT = 1, 2, 3


@frozen
class _Result:
    """What became of one customer's message in a task: status 0 not yet, 1 sent, 2 no friend, 3 had another."""

    message_id: str
    customer: str
    status: int
    t: int


class WecomCustomer(Bare):
    """The open adapter."""

    def __init__(self, setup: Setup) -> None:
        values = values_of(SETTINGS, setup.settings)
        self.capabilities = Capabilities(
            address="external_userid",
            look_up=True,
            grace=int(values["grace"]),
            receipts="poll",
            batch=_BATCH,
            confirms=True,
            concurrency=2,
            timeout=float(values["timeout"]),
        )
        self._channel = setup.channel
        self._now: Callable[[], float] = setup.now
        self._sender: str = values["sender"]
        self._watch = int(min(max(values["watch_days"], 1), 30)) * _DAY
        base = endpoint("endpoint", values["endpoint"])
        self.line = Line(base, self.capabilities.timeout, self.capabilities.concurrency, setup.now)
        self._api = TokenApi(self.line, lambda: corp_token(self.line, values["corp_id"], values["secret"]), setup.now)
        self._over: set[str] = set()
        self._every: float = values["poll_every"]
        self._asked = -self._every

    def send(self, requests: Sequence[Request]) -> Sequence[Report]:
        """Make a task for each text and employee. After a call without an answer, or when the time is up, the tasks
        that were not tried yet are reported as never left."""
        reports: dict[str, Report] = {}
        tasks: dict[tuple[str, str], list[Request]] = {}
        for request in requests:
            if not is_text(request):
                reports[request.ref] = refused(request, "no_unicode")
            elif len(request.text.encode()) > LONGEST:
                reports[request.ref] = refused(request, "text too long")
            else:
                tasks.setdefault((self._employee(request), request.text), []).append(request)
        until, broken = self._now() + self.capabilities.timeout, False
        for (employee, content), people in tasks.items():
            if broken or self._now() > until:
                reports.update((each.ref, Report(each.ref, Verdict.NOT_LEFT, code="not_tried")) for each in people)
                continue
            said = self._create(employee, content, people)
            broken = not isinstance(said, Said)
            reports.update((each.ref, self._report(each, said)) for each in people)
        return [reports[request.ref] for request in requests]

    def _employee(self, request: Request) -> str:
        return request.fields.get(text(request.settings.get("sender_field")), "") or self._sender

    def _create(self, employee: str, content: str, people: Sequence[Request]) -> Any:
        body: dict[str, Any] = {
            "chat_type": "single",
            "external_userid": [each.address.reveal() for each in people],
            "text": {"content": content},
        }
        if employee:
            body["sender"] = employee
        return self._api.post("/cgi-bin/externalcontact/add_msg_template", body)

    def _report(self, request: Request, said: Any) -> Report:
        if not isinstance(said, Said) or said.errcode != 0:
            return self._api.report(request, said, VERDICTS, lambda errcode: 60 if errcode == 45009 else 5)
        failed, message_id = said.json.get("fail_list"), name(said.json.get("msgid"))
        if isinstance(failed, list) and request.address.reveal() in failed:
            return Report(request.ref, Verdict.BAD_ADDRESS, code="fail_list")
        if not message_id:
            return Report(request.ref, Verdict.DOUBT, code="no msgid")
        return Report(request.ref, Verdict.HANDED_OVER, named(message_id, request.address.reveal()), "0")

    def look_up(self, requests: Sequence[Request]) -> Sequence[Found]:
        """Ask for a task with the same text that was made since the first attempt and has the customer in it."""
        return [self._found(request) for request in requests]

    def _found(self, request: Request) -> Found:
        now, customer = int(self._now()), request.address.reveal()
        since = max(request.first_attempt or now - _DAY, now - 30 * _DAY)
        try:
            for task in self._tasks(since - 60, now + 60):
                content = task.get("text")
                if isinstance(content, dict) and text(content.get("content")).strip() == request.text.strip():
                    found = self._in_task(name(task.get("msgid")), customer)
                    if found is not None:
                        provider_id = named(found.message_id, customer)
                        return Found(request.ref, True, provider_id, delivered=found.status == _SENT)
        except _UnansweredError:
            return Found(request.ref, None)
        return Found(request.ref, False if 0 < request.first_attempt == since else None)

    def _in_task(self, message_id: str, customer: str) -> _Result | None:
        results = (result for user, _ in self._employees(message_id) for result in self._results(message_id, user))
        return next((result for result in results if result.customer == customer), None)

    def poll(self, since: int) -> Sequence[Answer]:
        """Ask the tasks of the last days what the employees have confirmed. Names nobody: each answer carries the
        name that the report of the send had."""
        now = int(self._now())
        if now - self._asked < self._every:
            return ()
        self._asked = now
        answers: list[Answer] = []
        try:
            for task in self._tasks(now - self._watch, now + 60):
                for result in self._confirmed(name(task.get("msgid")), since):
                    answers.extend(self._answer(result))
        except _UnansweredError:
            return answers
        return answers

    def _confirmed(self, message_id: str, since: int) -> Sequence[_Result]:
        """Results of the employees who have confirmed. A task that was over long before `since` is not asked again."""
        if not message_id or message_id in self._over:
            return ()
        employees = list(self._employees(message_id))
        done = [user for user, confirmed in employees if confirmed]
        results = [result for user in done for result in self._results(message_id, user)]
        settled = all(result.status and result.t < since - _SLACK for result in results)
        if employees and len(done) == len(employees) and settled:
            self._over.add(message_id)
        return results

    def _answer(self, result: _Result) -> Iterator[Answer]:
        reasons = {_SENT: "", _NO_FRIEND: "not_a_contact", _LIMIT: "had_another"}
        if result.status in reasons:
            provider_id = named(result.message_id, result.customer)
            yield Answer(
                self._channel,
                f"{provider_id}:{result.status}",
                AnswerKind.SENT if result.status == _SENT else AnswerKind.NOT_SENT,
                result.t or int(self._now()),
                channel=self._channel,
                provider_id=provider_id,
                code_of=reasons[result.status],
            )

    def _tasks(self, start: int, end: int) -> Iterator[dict[str, Any]]:
        body = {"chat_type": "single", "start_time": start, "end_time": end, "filter_type": 2, "limit": 100}
        yield from self._pages("/cgi-bin/externalcontact/get_groupmsg_list_v2", body, "group_msg_list")

    def _employees(self, message_id: str) -> Iterator[tuple[str, bool]]:
        path = "/cgi-bin/externalcontact/get_groupmsg_task"
        for row in self._pages(path, {"msgid": message_id, "limit": 1000}, "task_list"):
            yield text(row.get("userid")), number(row.get("status")) == _CONFIRMED

    def _results(self, message_id: str, user: str) -> Iterator[_Result]:
        path = "/cgi-bin/externalcontact/get_groupmsg_send_result"
        for row in self._pages(path, {"msgid": message_id, "userid": user, "limit": 1000}, "send_list"):
            customer, status = text(row.get("external_userid")), number(row.get("status"))
            if customer and status is not None:
                yield _Result(message_id, customer, status, number(row.get("send_time")) or 0)

    def _pages(self, path: str, body: Mapping[str, Any], rows: str) -> Iterator[dict[str, Any]]:
        cursor = ""
        for _ in range(100):
            said = self._api.post(path, {**body, "cursor": cursor} if cursor else body)
            if not isinstance(said, Said) or said.errcode != 0:
                raise _UnansweredError
            yield from objects(said.json.get(rows))
            before, cursor = cursor, text(said.json.get("next_cursor"))
            if not cursor:
                return
            if cursor == before:
                break
        raise _UnansweredError

    def close(self) -> None:
        """Give back connections."""
        self.line.close()

    def check(self) -> str:
        """Fetch a token."""
        return self._api.ready()


class _UnansweredError(Exception):
    """A question was not answered to its end."""


def named(message_id: str, customer: str) -> str:
    """The name of one customer's message in a task, without the customer's id."""
    return f"{message_id}:{hashlib.sha256(json.dumps([message_id, customer]).encode()).hexdigest()[:24]}"


def open_wecom_customer(setup: Setup) -> WecomCustomer:
    """Open it."""
    return WecomCustomer(setup)
