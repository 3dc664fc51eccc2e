"""WeCom application message (企业微信应用消息): to colleagues, such as an adviser who shall call a customer.

Interface `message/send` (documented at developer.work.weixin.qq.com/document/path/90236, read in November 2026 in
stored copies). WeCom can be told to leave out a text that the same person got within up to four hours. It compares
texts, not our references: the same message repeated is left out, and so is another one with the same words.
"""

from collections.abc import Callable
from typing import Any, Final

from wakeup.channels.http import Line
from wakeup.channels.protocol import Capabilities, Report, Request, Setup, Verdict
from wakeup.channels.setting import TIMEOUT, Setting, SettingError
from wakeup.channels.single import Single, name, number, refused, text
from wakeup.channels.values import endpoint, values_of
from wakeup.channels.wechat_api import Said, TokenApi, corp_token
from wakeup.diagnostics import Say

SETTINGS: Final = (
    Setting("corp_id", "ID of the company (企业 ID).", required=True),
    Setting("secret", "Secret of the app.", required=True, secret=True),
    Setting("agent_id", "AgentId of the app.", required=True),
    Setting(
        "same_text",
        "Seconds in which WeCom leaves out a text that the same person got already, at most 14400; 0 for never.",
        default=1800,
        kind="number",
    ),
    TIMEOUT,
    Setting("endpoint", "Address of the interface.", default="https://qyapi.weixin.qq.com"),
)

MESSAGE_SETTINGS: Final[tuple[Setting, ...]] = ()

VERDICTS: Final = {
    40003: Verdict.BAD_ADDRESS,
    60111: Verdict.BAD_ADDRESS,
    81013: Verdict.BAD_ADDRESS,
    82001: Verdict.BAD_ADDRESS,
    40058: Verdict.BAD_CONTENT,
    44004: Verdict.BAD_CONTENT,
    45002: Verdict.BAD_CONTENT,
    47001: Verdict.BAD_CONTENT,
    45009: Verdict.THROTTLED,
    45033: Verdict.THROTTLED,
    40056: Verdict.POLICY,
    48002: Verdict.POLICY,
    60011: Verdict.POLICY,
    60020: Verdict.POLICY,
    81014: Verdict.POLICY,
    301002: Verdict.POLICY,
}
"""What the provider's codes mean; −1 (busy) and codes that are not here leave the send in doubt."""

LONGEST: Final = 2048
"""Bytes of a text; WeCom cuts a longer one."""

LONGEST_WINDOW: Final = 14_400


class WecomApp(Single):
    """The open adapter."""

    def __init__(self, setup: Setup) -> None:
        values = values_of(SETTINGS, setup.settings)
        agent, window = number(values["agent_id"]), int(values["same_text"])
        if agent is None:
            raise SettingError("agent_id", Say("it must be a whole number"))
        if window > LONGEST_WINDOW:
            raise SettingError("same_text", Say("it must be at most {most}", most=LONGEST_WINDOW))
        self.capabilities = Capabilities(address="userid", key_window=window, timeout=float(values["timeout"]))
        self._agent = agent
        self._window = window
        self._now: Callable[[], float] = setup.now
        base = endpoint("endpoint", values["endpoint"])
        self.line = Line(base, self.capabilities.timeout, self.capabilities.concurrency, setup.now)
        self._api = TokenApi(self.line, lambda: corp_token(self.line, values["corp_id"], values["secret"]), setup.now)

    def deliver(self, request: Request) -> Report:
        """Send one message to one colleague."""
        userid = request.address.reveal()
        if len(request.text.encode()) > LONGEST:
            return refused(request, "text too long")
        if not userid or userid.startswith("@") or "|" in userid:
            return Report(request.ref, Verdict.BAD_ADDRESS, code="no userid")  # "@all" and lists mean many people
        body: dict[str, Any] = {
            "touser": userid,
            "msgtype": "text",
            "agentid": self._agent,
            "text": {"content": request.text},
        }
        if self._window:
            body |= {"enable_duplicate_check": 1, "duplicate_check_interval": self._window}
        said = self._api.post("/cgi-bin/message/send", body)
        if not isinstance(said, Said) or said.errcode != 0:
            return self._api.report(request, said, VERDICTS, lambda errcode: 60 if errcode == 45009 else 5)
        if text(said.json.get("invaliduser")):
            return Report(request.ref, Verdict.BAD_ADDRESS, code="invaliduser")
        if text(said.json.get("unlicenseduser")):
            return Report(request.ref, Verdict.BAD_ADDRESS, code="unlicenseduser")
        return Report(request.ref, Verdict.ACCEPTED, name(said.json.get("msgid")), "0")

    def check(self) -> str:
        """Fetch a token."""
        return self._api.ready()


def open_wecom_app(setup: Setup) -> WecomApp:
    """Open it."""
    return WecomApp(setup)
