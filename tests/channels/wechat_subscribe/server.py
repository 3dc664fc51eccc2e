"""WeChat subscribe messages on this machine: `message/subscribe/send` as documented at developers.weixin.qq.com; one
permission, one message."""

import json
from collections import Counter
from typing import Any

from tests.channels.providers.errcodes import body_of, said
from tests.channels.providers.local import Call, Delivery, Reaction
from tests.channels.providers.sealed import safe
from tests.channels.wechat_template.server import APP, SECRET, StableTokenServer

from wakeup.channels.protocol import Received

TEMPLATE = "EL4FMOJ2NVmEjFe26HI5Nqg0DHYZFG6xnPLJt2hyBzQ"
__all__ = ["APP", "SECRET", "TEMPLATE", "SubscribeServer"]


class SubscribeServer(StableTokenServer):
    """Counts permissions; with `everybody` nobody lacks one."""

    def __init__(self, everybody: bool = True) -> None:
        super().__init__()
        self.everybody = everybody
        self.permissions: Counter[tuple[str, str]] = Counter()

    def sends(self, call: Call) -> bool:
        return call.path == "/cgi-bin/message/subscribe/send"

    def handle(self, call: Call) -> Reaction:
        body = body_of(call)
        if call.path == "/cgi-bin/stable_token":
            return self.stable_token(body)
        self.check_token(call)
        openid, template, data = body.get("touser", ""), body.get("template_id", ""), body.get("data")
        if not openid.startswith("oOpenid"):
            return said(40003, "invalid openid")
        if template != TEMPLATE:
            return said(40037, "template_id invalid")
        if not isinstance(data, dict) or any(len(value["value"]) > 20 for value in data.values()):
            return said(47003, "argument invalid! data.thing1.value invalid")
        if not self.everybody and not self.permissions[openid, template]:
            return said(43101, "user refuse to accept the msg")
        self.permissions[openid, template] -= 1
        content = " ".join(value["value"] for value in data.values())
        self.truth.append(Delivery(self.known.get(openid, openid), openid, content))
        return said(0, msgid=2_300_000_000 + len(self.truth))

    def popup(self, openid: str, status: str = "accept", template: str = TEMPLATE) -> Received:
        """Somebody answers the dialog."""
        if status == "accept":
            self.permissions[openid, template] += 1
        row = {"TemplateId": template, "SubscribeStatusString": status, "PopupScene": "2"}
        return self._event("subscribe_msg_popup_event", openid, [row])

    def change(self, openid: str, status: str = "reject", template: str = TEMPLATE) -> Received:
        """Somebody changes what they allow."""
        row = {"TemplateId": template, "SubscribeStatusString": status}
        return self._event("subscribe_msg_change_event", openid, [row])

    def receipt(self, message: str, code: str = "0", openid: str = "oOpenid-of-somebody-0001") -> Received:
        row = {"TemplateId": TEMPLATE, "MsgID": message, "ErrorCode": code, "ErrorStatus": "success"}
        return self._event("subscribe_msg_sent_event", openid, [row])

    def _event(self, kind: str, openid: str, rows: list[dict[str, Any]]) -> Received:
        content = {
            "ToUserName": "gh_1",
            "FromUserName": openid,
            "CreateTime": int(self.clock.at),
            "MsgType": "event",
            "Event": kind,
            "List": rows,
        }
        return safe(json.dumps(content), APP, self.clock.at)
