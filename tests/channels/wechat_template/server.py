"""WeChat template messages on this machine: `stable_token` and `message/template/send` as documented at
developers.weixin.qq.com; the same client_msg_id to the same person is sent once in ten minutes."""

from collections import Counter
from typing import Any

from tests.channels.providers.errcodes import TokenServer, body_of, said
from tests.channels.providers.local import Call, Delivery, Reaction
from tests.channels.providers.sealed import safe

from wakeup.channels.protocol import Received

APP, SECRET = "wx0123456789abcdef", "wechat-secret-of-nobody"
TEMPLATE = "ngqIpbwh8bUfcSsECmogfXcV14J0tQlEpBO27izEYtY"


class StableTokenServer(TokenServer):
    """Gives tokens; the same one again until five minutes before its end, as `stable_token` does."""

    def stable_token(self, body: dict[str, Any]) -> Reaction:
        if (body.get("grant_type"), body.get("appid")) != ("client_credential", APP):
            return said(40013, "invalid appid")
        if body.get("secret") != SECRET:
            return said(40125, "invalid appsecret")
        for token, until in self.tokens.items():
            if until - self.clock.at > 300:
                return said(0, access_token=token, expires_in=int(until - self.clock.at))
        return self.token()


class TemplateServer(StableTokenServer):
    """Sends. `followers` who left or blocked are in `gone`."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: dict[tuple[str, str], tuple[float, int]] = {}
        self.gone: set[str] = set()
        self.daily = 100_000  # calls in a day of Beijing
        self.made: Counter[int] = Counter()

    def sends(self, call: Call) -> bool:
        return call.path == "/cgi-bin/message/template/send"

    def handle(self, call: Call) -> Reaction:
        body = body_of(call)
        if call.path == "/cgi-bin/stable_token":
            return self.stable_token(body)
        self.check_token(call)
        day = int(self.clock.at + 8 * 3600) // 86_400
        self.made[day] += 1
        if self.made[day] > self.daily:
            return said(45009, "reach max api daily quota limit")
        openid, template, data = body.get("touser", ""), body.get("template_id"), body.get("data")
        if not openid.startswith("oOpenid"):
            return said(40003, "invalid openid")
        if openid in self.gone:
            return said(43004, "require subscribe")
        if template != TEMPLATE or not isinstance(data, dict):
            return said(40037, "invalid template_id")
        key = (openid, body.get("client_msg_id", ""))
        at, message = self.sent.get(key, (0.0, 0))
        if self.clock.at - at >= 600:
            message = 2_884_163_000 + len(self.truth)
            self.sent[key] = (self.clock.at, message)
            content = " ".join(value["value"] for value in data.values())
            self.truth.append(Delivery(key[1], openid, content))
        return said(0, msgid=message)

    def receipt(self, message: str, status: str = "success") -> Received:
        return safe(event("TEMPLATESENDJOBFINISH", self.clock.at, MsgID=message, Status=status), APP, self.clock.at)


def event(kind: str, now: float, openid: str = "oOpenid-of-somebody-0001", **more: str) -> str:
    inner = "".join(f"<{name}><![CDATA[{value}]]></{name}>" for name, value in more.items())
    return (
        f"<xml><ToUserName><![CDATA[gh_1]]></ToUserName><FromUserName><![CDATA[{openid}]]></FromUserName>"
        f"<CreateTime>{int(now)}</CreateTime><MsgType><![CDATA[event]]></MsgType>"
        f"<Event><![CDATA[{kind}]]></Event>{inner}</xml>"
    )
