"""WeChat service-account template message (服务号模板消息): sent once in ten minutes by our reference.

Interface `message/template/send` with `client_msg_id`, token by `stable_token` (documented at developers.weixin.qq.com,
read in November 2026 in stored copies). Inside ten minutes WeChat does the same reference only once; later it promises
nothing, and nothing can be asked for. Receipts come as events that name WeChat's number of the message.

WeChat's rules allow these messages for services that somebody has asked for, and no marketing: an account that sends
advertisements loses the permission.
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
from wakeup.channels.single import Single, name, number, refused, text
from wakeup.channels.values import endpoint, values_of
from wakeup.channels.wechat_api import Said, TokenApi, pause, stable_token
from wakeup.channels.wechat_events import EVENT_SETTINGS, Door, door, event_name
from wakeup.channels.wechat_fields import TooLongError, data_of

SETTINGS: Final = (
    Setting("app_id", "AppID of the service account.", required=True),
    Setting("app_secret", "Its AppSecret.", required=True, secret=True),
    *EVENT_SETTINGS,
    TIMEOUT,
    Setting("endpoint", "Address of the interface.", default="https://api.weixin.qq.com"),
)

MESSAGE_SETTINGS: Final = (
    Setting("template", "ID of the template.", required=True),
    Setting("fields", "Table: variable of the template = text, with variables of the message.", kind="table"),
    Setting("url_field", "Which of the fields is no variable but the address that a tap opens."),
    Setting("miniprogram", "AppID of the mini-program that a tap opens."),
    Setting("page", "Page of that mini-program."),
)

VERDICTS: Final = {
    40003: Verdict.BAD_ADDRESS,
    43004: Verdict.OPTED_OUT,
    43019: Verdict.OPTED_OUT,
    40037: Verdict.BAD_CONTENT,
    47001: Verdict.BAD_CONTENT,
    47003: Verdict.BAD_CONTENT,
    45009: Verdict.THROTTLED,
    45011: Verdict.THROTTLED,
    40013: Verdict.POLICY,
    48001: Verdict.POLICY,
    48004: Verdict.POLICY,
    50002: Verdict.POLICY,
}
"""What the provider's codes mean; −1 (busy) and codes that are not here leave the send in doubt."""

KEY_WINDOW: Final = 600
"""Seconds in which the same `client_msg_id` is sent once."""


class WechatTemplate(Single):
    """The open adapter."""

    def __init__(self, setup: Setup) -> None:
        values = values_of(SETTINGS, setup.settings)
        self.capabilities = Capabilities(
            address="openid",
            key_window=KEY_WINDOW,
            receipts="push" if values["event_token"].reveal() else "none",
            timeout=float(values["timeout"]),
        )
        self._channel = setup.channel
        self._now: Callable[[], float] = setup.now
        self._token: Secret = values["event_token"]
        self._door: Door = door(values["app_id"], values, setup.now)
        base = endpoint("endpoint", values["endpoint"])
        self.line = Line(base, self.capabilities.timeout, self.capabilities.concurrency, setup.now)
        self._api = TokenApi(
            self.line, lambda: stable_token(self.line, values["app_id"], values["app_secret"]), setup.now
        )

    def deliver(self, request: Request) -> Report:
        """Send one message to one follower."""
        given = request.settings
        template, url_field = text(given.get("template")), text(given.get("url_field"))
        if not template:
            return refused(request, "no template")
        try:
            data = data_of(request.fields, url_field)
        except TooLongError as long:
            return refused(request, f"too long {long}")
        body: dict[str, Any] = {
            "touser": request.address.reveal(),
            "template_id": template,
            "data": data,
            "client_msg_id": request.ref,
        }
        if url := request.fields.get(url_field):
            body["url"] = url
        if program := text(given.get("miniprogram")):
            body["miniprogram"] = {"appid": program, "pagepath": text(given.get("page"))}
        said = self._api.post("/cgi-bin/message/template/send", body)
        if isinstance(said, Said) and said.errcode == 0:
            return Report(request.ref, Verdict.ACCEPTED, name(said.json.get("msgid")), "0")
        return self._api.report(request, said, VERDICTS, lambda errcode: pause(errcode, self._now()))

    def receive(self, received: Received) -> Accepted:
        """Read receipts, and that somebody follows the account no more."""
        if (echo := self._door.echo(received)) is not None:
            return Accepted((), echo)
        return Accepted(tuple(self._answers(self._door.event(received))), b"success")

    def _answers(self, event: Mapping[str, Any]) -> Iterator[Answer]:
        kind, t = text(event.get("Event")), number(event.get("CreateTime")) or int(self._now())
        if kind == "TEMPLATESENDJOBFINISH" and (message := name(event.get("MsgID"))):
            status = text(event.get("Status")).replace(" ", "")
            delivered = status == "success"
            yield Answer(
                self._channel,
                f"{message}:{'done' if delivered else 'failed'}",
                AnswerKind.DELIVERED if delivered else AnswerKind.FAILED,
                t,
                channel=self._channel,
                provider_id=message,
                code_of="" if delivered else _failure(status),
            )
            if status == "failed:userblock":
                yield Answer(
                    self._channel,
                    f"{message}:out",
                    AnswerKind.OPTED_OUT,
                    t,
                    channel=self._channel,
                    provider_id=message,
                )
        elif kind == "unsubscribe" and (openid := text(event.get("FromUserName"))):
            yield Answer(
                self._channel,
                f"unsubscribe:{event_name(self._token, openid, t)}",
                AnswerKind.OPTED_OUT,
                t,
                channel=self._channel,
                address=openid,
            )

    def check(self) -> str:
        """Fetch a token."""
        return self._api.ready()


def _failure(status: str) -> str:
    return {"failed:userblock": "user_block", "failed:systemfailed": "system_failed"}.get(status, "failed")


def open_wechat_template(setup: Setup) -> WechatTemplate:
    """Open it."""
    return WechatTemplate(setup)
