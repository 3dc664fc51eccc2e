"""WeCom application messages on this machine: `message/send` as documented at
developer.work.weixin.qq.com/document/path/90236, with its check for repeated texts."""

from tests.channels.providers.errcodes import TokenServer, body_of, said
from tests.channels.providers.local import Call, Delivery, Reaction

CORP, SECRET, AGENT = "ww0123456789abcdef", "wecom-app-secret-of-nobody", 1000002


class AppServer(TokenServer):
    """Sends to colleagues, whose ids begin with "colleague"."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: dict[tuple[str, str], float] = {}

    def sends(self, call: Call) -> bool:
        return call.path == "/cgi-bin/message/send"

    def handle(self, call: Call) -> Reaction:
        if call.path == "/cgi-bin/gettoken":
            if call.query != {"corpid": CORP, "corpsecret": SECRET}:
                return said(40001, "invalid credential")
            return self.token()
        self.check_token(call)
        body = body_of(call)
        people, content = body.get("touser", "").split("|"), body.get("text", {}).get("content", "")
        if body.get("agentid") != AGENT:
            return said(40056, "invalid agentid")
        if not content:
            return said(44004, "empty content")
        known = [each for each in people if each.startswith("colleague")]
        if not known:
            return said(81013, "user & party & tag all invalid")
        window = body.get("duplicate_check_interval", 1800) if body.get("enable_duplicate_check") else 0
        for each in known:
            if self.clock.at - self.seen.get((each, content), -1e12) >= window:
                self.seen[each, content] = self.clock.at
                self.truth.append(Delivery(self.known.get(each, each), each, content))
        invalid = "|".join(each for each in people if each not in known)
        return said(0, msgid=f"msg-{len(self.truth)}", invaliduser=invalid, invalidparty="", invalidtag="")
