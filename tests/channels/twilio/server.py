"""Twilio on this machine: `Messages.json` of 2010-04-01 as twilio 9.13.0 calls and reads it."""

import base64
import hashlib
import hmac
import json
from email.utils import formatdate
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from tests.channels.providers.local import Call, Delivery, Local, Reaction, RefusedCallError

from wakeup.channels.protocol import Received

SID, TOKEN = "AC00000000000000000000000000000000", "twilio-token-of-nobody"
CALLBACK = "https://example.com/in/sms"
STATUS = {"20003": 401, "20404": 404, "20429": 429, "20500": 500}


class TwilioServer(Local):
    """Takes messages, lists them the newest first, and makes the calls that Twilio would make."""

    def __init__(self) -> None:
        super().__init__()
        self.messages: list[dict[str, Any]] = []
        self.callbacks: dict[str, str] = {}
        self.listed_after = 0.0
        self.page = 50
        self.keeps_text = True

    def sends(self, call: Call) -> bool:
        return call.method == "POST"

    def refusal(self, code: str) -> Reaction:
        return error(int(code), STATUS.get(code, 400))

    def handle(self, call: Call) -> Reaction:
        login = base64.b64encode(f"{SID}:{TOKEN}".encode()).decode()
        if call.headers.get("authorization") != f"Basic {login}":
            raise RefusedCallError(error(20003, 401))
        account = f"/2010-04-01/Accounts/{SID}"
        if call.path == f"{account}.json":
            return Reaction(200, json.dumps({"sid": SID, "status": "active"}).encode())
        if call.path != f"{account}/Messages.json":
            return error(20404, 404)
        return self._send(dict(parse_qsl(call.body.decode()))) if self.sends(call) else self._list(call.query)

    def _send(self, form: dict[str, str]) -> Reaction:
        phone = form.get("To", "")
        if not (phone.startswith("+") and phone[1:].isdigit() and 8 <= len(phone) <= 16):
            return error(21211)
        if not form.get("Body"):
            return error(21602)
        if len(form["Body"]) > 1600:
            return error(21617)
        sid = f"SM{len(self.messages) + 1:032x}"
        callback = form.get("StatusCallback", "")
        self.callbacks[sid] = callback
        ref = dict(parse_qsl(urlsplit(callback).query)).get("ref", "")
        self.truth.append(Delivery(ref, phone, form["Body"]))
        message = {
            "sid": sid,
            "account_sid": SID,
            "body": form["Body"] if self.keeps_text else "",
            "to": phone,
            "from": form.get("From"),
            "status": "queued",
            "direction": "outbound-api",
            "error_code": None,
            "date_created": formatdate(self.clock.at),
            "date_sent": None,
            "at": self.clock.at,
        }
        self.messages.insert(0, message)
        return Reaction(201, json.dumps({key: value for key, value in message.items() if key != "at"}).encode())

    def _list(self, query: dict[str, str]) -> Reaction:
        rows = [
            message
            for message in self.messages
            if message["to"] == query["To"] and self.clock.at - message["at"] >= self.listed_after
        ]
        page = int(query.get("Page", 0))
        size = min(self.page, int(query["PageSize"]))
        following = f"/2010-04-01/Accounts/{SID}/Messages.json?{urlencode({**query, 'Page': page + 1})}"
        more = following if (page + 1) * size < len(rows) else None
        body = {"messages": rows[page * size : (page + 1) * size], "next_page_uri": more, "page": page}
        return Reaction(200, json.dumps(body).encode())

    def receipt(self, sid: str, status: str, **more: str) -> Received:
        """The call that Twilio makes when a message's state changes."""
        form = {"MessageSid": sid, "MessageStatus": status, "AccountSid": SID, **more}
        return signed(self.callbacks[sid], form)


def error(code: int, status: int = 400) -> Reaction:
    body = {"code": code, "message": "refused", "more_info": f"https://www.twilio.com/docs/errors/{code}"}
    return Reaction(status, json.dumps({**body, "status": status}).encode(), {"content-type": "application/json"})


def signed(url: str, form: dict[str, str], token: str = TOKEN) -> Received:
    """A call with its signature."""
    body = urlencode(form).encode()
    fields = parse_qs(body.decode(), keep_blank_values=True)
    over = url + "".join(name + value for name in sorted(fields) for value in sorted(set(fields[name])))
    made = base64.b64encode(hmac.new(token.encode(), over.encode(), hashlib.sha1).digest()).decode()
    headers = {"x-twilio-signature": made, "content-type": "application/x-www-form-urlencoded"}
    return Received("POST", url, headers, body)
