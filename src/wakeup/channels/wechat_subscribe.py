"""WeChat mini-program subscribe message (小程序订阅消息): one permission of a person, one message.

Interface `message/subscribe/send` (documented at developers.weixin.qq.com, read in November 2026 in stored copies).
WeChat keeps the count of permissions: without one it refuses (43101). The events of its dialog say when somebody gives
one (a grant for one more message) or refuses for good. Nothing protects against a repeated call, and nothing can be
asked for.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from wakeup.channels.http import Line
from wakeup.channels.protocol import (
    Accepted,
    Answer,
    AnswerKind,
    Capabilities,
    Received,
    Report,
    Request,
    Secret,
    Setup,
    Verdict,
)
from wakeup.channels.setting import TIMEOUT, Setting
from wakeup.channels.single import Single, name, number, objects, refused, text, word
from wakeup.channels.values import endpoint, values_of
from wakeup.channels.wechat_api import Said, TokenApi, pause, stable_token
from wakeup.channels.wechat_events import EVENT_SETTINGS, Door, door, event_name
from wakeup.channels.wechat_fields import TooLongError, data_of

SETTINGS: Final = (
    Setting("app_id", "AppID of the mini-program.", required=True),
    Setting("app_secret", "Its AppSecret.", required=True, secret=True),
    Setting("templates", "IDs of the templates whose permissions count for this channel.", required=True, kind="list"),
    *EVENT_SETTINGS,
    Setting(
        "state",
        "Version of the mini-program that a tap opens.",
        default="formal",
        choices=("formal", "trial", "developer"),
    ),
    TIMEOUT,
    Setting("endpoint", "Address of the interface.", default="https://api.weixin.qq.com"),
)

MESSAGE_SETTINGS: Final = (
    Setting("template", "ID of the template.", required=True),
    Setting("fields", "Table: variable of the template = text, with variables of the message.", kind="table"),
    Setting("page", "Page of the mini-program that a tap opens."),
)

VERDICTS: Final = {
    40003: Verdict.BAD_ADDRESS,
    43101: Verdict.NO_GRANT,
    40037: Verdict.BAD_CONTENT,
    41030: Verdict.BAD_CONTENT,
    47001: Verdict.BAD_CONTENT,
    47003: Verdict.BAD_CONTENT,
    45009: Verdict.THROTTLED,
    45011: Verdict.THROTTLED,
    40013: Verdict.POLICY,
    43116: Verdict.POLICY,
    48001: Verdict.POLICY,
    50002: Verdict.POLICY,
}
"""What the provider's codes mean; −1 (busy) and codes that are not here leave the send in doubt."""

_POPUP, _CHANGE, _SENT = "subscribe_msg_popup_event", "subscribe_msg_change_event", "subscribe_msg_sent_event"
_LISTS: Final = {_POPUP: "SubscribeMsgPopupEvent", _CHANGE: "SubscribeMsgChangeEvent", _SENT: "SubscribeMsgSentEvent"}


class WechatSubscribe(Single):
    """The open adapter."""

    def __init__(self, setup: Setup) -> None:
        values = values_of(SETTINGS, setup.settings)
        self.capabilities = Capabilities(
            address="openid",
            receipts="push" if values["event_token"].reveal() else "none",
            timeout=float(values["timeout"]),
        )
        self._channel = setup.channel
        self._now: Callable[[], float] = setup.now
        self._templates = frozenset(values["templates"])
        self._state: str = values["state"]
        self._token: Secret = values["event_token"]
        self._door: Door = door(values["app_id"], values, setup.now)
        base = endpoint("endpoint", values["endpoint"])
        self.line = Line(base, self.capabilities.timeout, self.capabilities.concurrency, setup.now)
        self._api = TokenApi(
            self.line, lambda: stable_token(self.line, values["app_id"], values["app_secret"]), setup.now
        )

    def deliver(self, request: Request) -> Report:
        """Send one message to one person, who has given a permission for its template."""
        template = text(request.settings.get("template"))
        if not template:
            return refused(request, "no template")
        try:
            data = data_of(request.fields)
        except TooLongError as long:
            return refused(request, f"too long {long}")
        body: dict[str, Any] = {
            "touser": request.address.reveal(),
            "template_id": template,
            "data": data,
            "miniprogram_state": self._state,
            "lang": "zh_CN",
        }
        if page := text(request.settings.get("page")):
            body["page"] = page
        said = self._api.post("/cgi-bin/message/subscribe/send", body)
        if isinstance(said, Said) and said.errcode == 0:
            return Report(request.ref, Verdict.ACCEPTED, name(said.json.get("msgid")), "0")
        return self._api.report(request, said, VERDICTS, lambda errcode: pause(errcode, self._now()))

    def receive(self, received: Received) -> Accepted:
        """Read permissions, refusals and receipts."""
        if (echo := self._door.echo(received)) is not None:
            return Accepted((), echo)
        return Accepted(tuple(self._answers(self._door.event(received))), b"success")

    def _answers(self, event: Mapping[str, Any]) -> Iterator[Answer]:
        kind, openid = text(event.get("Event")), text(event.get("FromUserName"))
        t = number(event.get("CreateTime")) or int(self._now())
        inner = event.get(_LISTS.get(kind, ""), event)
        rows = inner.get("List") if isinstance(inner, Mapping) else None
        for place, row in enumerate(objects(rows if isinstance(rows, list) else [rows])):
            template = text(row.get("TemplateId"))
            if template not in self._templates:
                continue
            if kind == _SENT:
                yield from self._receipt(row, t)
            elif openid:
                status = text(row.get("SubscribeStatusString"))
                event_id = f"{kind}:{event_name(self._token, openid, t, template, status, place)}"
                yield from self._permission(kind, status, event_id, openid, t, template)

    def _permission(
        self, kind: str, status: str, event_id: str, openid: str, t: int, template: str
    ) -> Iterator[Answer]:
        given = {(_POPUP, "accept"): AnswerKind.PERMITTED, (_CHANGE, "reject"): AnswerKind.OPTED_OUT}
        answer = given.get((kind, status))
        if answer is not None:
            yield Answer(self._channel, event_id, answer, t, channel=self._channel, code=name(template), address=openid)

    def _receipt(self, row: Mapping[str, Any], t: int) -> Iterator[Answer]:
        message, code = name(row.get("MsgID")), text(row.get("ErrorCode"))
        if message and code:
            delivered = code == "0"
            yield Answer(
                self._channel,
                f"{message}:{'done' if delivered else 'failed'}",
                AnswerKind.DELIVERED if delivered else AnswerKind.FAILED,
                t,
                channel=self._channel,
                provider_id=message,
                code_of="" if delivered else word(code),
            )

    def check(self) -> str:
        """Fetch a token."""
        return self._api.ready()


def open_wechat_subscribe(setup: Setup) -> WechatSubscribe:
    """Open it."""
    return WechatSubscribe(setup)
