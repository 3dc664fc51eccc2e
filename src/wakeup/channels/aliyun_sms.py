"""Aliyun SMS (阿里云短信): SendSms with our reference as OutId, QuerySendDetails for sends in doubt, receipts, replies.

Interface dysmsapi 2017-05-25, signature ACS3-HMAC-SHA256 (checked against alibabacloud-dysmsapi20170525 4.6.0). The
provider promises nothing about repeated calls, but the list of a number's messages of a day shows each one's OutId:
a send in doubt is asked for there, after a grace. Calls from the provider are not signed; their address carries a word
of ours.
"""

import hashlib
import hmac
import json
import os
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import quote, urlsplit

from wakeup.channels import china
from wakeup.channels.http import Line, Lost, Reply
from wakeup.channels.protocol import (
    Accepted,
    Answer,
    AnswerKind,
    Capabilities,
    Found,
    Received,
    Report,
    Request,
    Secret,
    Setup,
    Verdict,
)
from wakeup.channels.setting import TIMEOUT, Setting
from wakeup.channels.single import (
    REF,
    Single,
    by_status,
    lost,
    name,
    number,
    objects,
    refused,
    require_token,
    rows_of,
    text,
    word,
)
from wakeup.channels.values import endpoint, values_of

SETTINGS: Final = (
    Setting("access_key_id", "AccessKey ID of a RAM user that may send short messages.", required=True),
    Setting("access_key_secret", "Its secret.", required=True, secret=True),
    Setting("sign_name", "The approved signature (短信签名), without brackets.", required=True),
    Setting("receipt_token", "Word in the address given to Aliyun for receipts: `?token=…`.", secret=True),
    Setting("opt_out_words", "Replies that mean: no more messages.", default=china.OPT_OUT_WORDS),
    Setting("grace", "Seconds after which a message must show up in the list of its day.", default=300, kind="number"),
    TIMEOUT,
    Setting("endpoint", "Address of the interface.", default="https://dysmsapi.aliyuncs.com"),
)

MESSAGE_SETTINGS: Final = (
    Setting("template", "Code of the approved template (SMS_…).", required=True),
    Setting("fields", "Table: variable of the template = text, with variables of the message.", kind="table"),
    Setting("sign_name", "Another approved signature for this message."),
)

VERDICTS: Final = {
    "isv.MOBILE_NUMBER_ILLEGAL": Verdict.BAD_ADDRESS,
    "isv.DOMESTIC_NUMBER_NOT_SUPPORTED": Verdict.BAD_ADDRESS,
    "isv.SMS_TEMPLATE_ILLEGAL": Verdict.BAD_CONTENT,
    "isv.SMS_SIGNATURE_ILLEGAL": Verdict.BAD_CONTENT,
    "isv.SMS_CONTENT_ILLEGAL": Verdict.BAD_CONTENT,
    "isv.SMS_SIGN_ILLEGAL": Verdict.BAD_CONTENT,
    "isv.SIGN_NAME_ILLEGAL": Verdict.BAD_CONTENT,
    "isv.SIGN_STATE_ILLEGAL": Verdict.BAD_CONTENT,
    "isv.TEMPLATE_MISSING_PARAMETERS": Verdict.BAD_CONTENT,
    "isv.TEMPLATE_PARAMS_ILLEGAL": Verdict.BAD_CONTENT,
    "isv.INVALID_JSON_PARAM": Verdict.BAD_CONTENT,
    "isv.INVALID_PARAMETERS": Verdict.BAD_CONTENT,
    "isv.PARAM_LENGTH_LIMIT": Verdict.BAD_CONTENT,
    "isv.PARAM_NOT_SUPPORT_URL": Verdict.BAD_CONTENT,
    "isv.BLACK_KEY_CONTROL_LIMIT": Verdict.BAD_CONTENT,
    "isv.BUSINESS_LIMIT_CONTROL": Verdict.THROTTLED,
    "isv.DAY_LIMIT_CONTROL": Verdict.THROTTLED,
    "Throttling": Verdict.THROTTLED,
    "Throttling.User": Verdict.THROTTLED,
    "Throttling.Api": Verdict.THROTTLED,
    "isv.MONTH_LIMIT_CONTROL": Verdict.POLICY,
    "isv.OUT_OF_SERVICE": Verdict.POLICY,
    "isv.AMOUNT_NOT_ENOUGH": Verdict.POLICY,
    "isv.PRODUCT_UN_SUBSCRIPT": Verdict.POLICY,
    "isv.PRODUCT_UNSUBSCRIBE": Verdict.POLICY,
    "isv.ACCOUNT_NOT_EXISTS": Verdict.POLICY,
    "isv.ACCOUNT_ABNORMAL": Verdict.POLICY,
    "isv.DENY_IP_RANGE": Verdict.POLICY,
    "isp.RAM_PERMISSION_DENY": Verdict.POLICY,
    "InvalidAccessKeyId.NotFound": Verdict.POLICY,
    "InvalidAccessKeyId.Inactive": Verdict.POLICY,
    "SignatureDoesNotMatch": Verdict.POLICY,
    "InvalidTimeStamp.Expired": Verdict.POLICY,
    "Forbidden.RAM": Verdict.POLICY,
    "NoPermission": Verdict.POLICY,
}
"""What the provider's codes mean; a code that is not here (isp.SYSTEM_ERROR too) leaves the send in doubt."""

_PAGE: Final = 50
_EARLIER: Final = 600  # clocks differ: the list is asked from this many seconds before the first attempt


def authorization(
    secret: Secret, key_id: str, method: str, query: Mapping[str, str], headers: Mapping[str, str]
) -> str:
    """The value of the header Authorization for a call to "/" without a body (ACS3-HMAC-SHA256). `headers` are those
    that are signed, names in lower case, `x-acs-content-sha256` among them."""
    signed = ";".join(sorted(headers))
    lines = "".join(f"{key}:{headers[key].strip()}\n" for key in sorted(headers))
    canonical = f"{method}\n/\n{encoded(query)}\n{lines}\n{signed}\n{headers['x-acs-content-sha256']}"
    to_sign = f"ACS3-HMAC-SHA256\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    signature = hmac.new(secret.reveal().encode(), to_sign.encode(), hashlib.sha256).hexdigest()
    return f"ACS3-HMAC-SHA256 Credential={key_id},SignedHeaders={signed},Signature={signature}"


def encoded(query: Mapping[str, str]) -> str:
    """A query in the order and the spelling in which it is signed."""
    return "&".join(f"{key}={quote(query[key], safe='~')}" for key in sorted(query))


class AliyunSms(Single):
    """The open adapter."""

    def __init__(self, setup: Setup) -> None:
        values = values_of(SETTINGS, setup.settings)
        self.capabilities = Capabilities(
            address="phone", look_up=True, grace=int(values["grace"]), receipts="push", timeout=float(values["timeout"])
        )
        self._channel = setup.channel
        self._now: Callable[[], float] = setup.now
        self._key_id: str = values["access_key_id"]
        self._secret: Secret = values["access_key_secret"]
        self._token: Secret = values["receipt_token"]
        self._words: str = values["opt_out_words"]
        self._sign_name: str = values["sign_name"]
        base = endpoint("endpoint", values["endpoint"])
        self._host = urlsplit(base).netloc
        self.line = Line(base, self.capabilities.timeout, self.capabilities.concurrency, setup.now)

    def deliver(self, request: Request) -> Report:
        """Send one message to one number."""
        template = text(request.settings.get("template"))
        if not template:
            return refused(request, "no template")
        query = {
            "PhoneNumbers": china.domestic(request.address.reveal()),
            "SignName": text(request.settings.get("sign_name")) or self._sign_name,
            "TemplateCode": template,
            "OutId": request.ref,
        }
        if request.fields:
            query["TemplateParam"] = json.dumps(dict(request.fields), ensure_ascii=False)
        reply = self._call("SendSms", query)
        if isinstance(reply, Lost):
            return lost(request, reply)
        return self._report(request, reply)

    def _report(self, request: Request, reply: Reply) -> Report:
        said = reply.json()
        code = text(said.get("Code"))
        if reply.status == 200 and code == "OK":
            return Report(request.ref, Verdict.ACCEPTED, name(said.get("BizId")), "OK")
        verdict = VERDICTS.get(code)
        if verdict is None or (reply.status >= 500 and verdict is not Verdict.THROTTLED):
            return by_status(request, reply, self._now(), code)
        after = self._pause(code, text(said.get("Message"))) if verdict is Verdict.THROTTLED else 0
        return Report(request.ref, verdict, code=word(code), retry_after=after)

    def _pause(self, code: str, message: str) -> int:
        if "小时" in message:
            return 3600
        if code == "isv.DAY_LIMIT_CONTROL" or "天级" in message:
            return china.until_midnight(self._now())
        return 60

    def look_up(self, requests: Sequence[Request]) -> Sequence[Found]:
        """Ask the lists of the days since the first attempt for our references."""
        return [self._found(request) for request in requests]

    def _found(self, request: Request) -> Found:
        now = self._now()
        first = request.first_attempt or now - 86_400
        certain = bool(request.first_attempt) and now - first < 29 * 86_400
        t = now
        while china.day(t) >= china.day(first - _EARLIER) and now - t < 30 * 86_400:
            found = self._on(request, china.day(t))
            if found is None:
                certain = False
            elif found.sent:
                return found
            t -= 86_400
        return Found(request.ref, False if certain else None)

    def _on(self, request: Request, day: str) -> Found | None:
        """What the list of a day says: sent, not in it, or None (it could not be read to its end)."""
        read = 0
        for page in range(1, 21):
            query = {
                "PhoneNumber": china.domestic(request.address.reveal()),
                "SendDate": day,
                "PageSize": str(_PAGE),
                "CurrentPage": str(page),
            }
            reply = self._call("QuerySendDetails", query)
            said = reply.json() if isinstance(reply, Reply) and reply.status == 200 else {}
            total, listed = number(said.get("TotalCount")), said.get("SmsSendDetailDTOs")
            if said.get("Code") != "OK" or total is None or not isinstance(listed, dict):
                return None
            rows = objects(listed.get("SmsSendDetailDTO"))
            for row in rows:
                if row.get("OutId") == request.ref:
                    return Found(request.ref, True, delivered=number(row.get("SendStatus")) == 3)
            read += len(rows)
            if read >= total:
                return Found(request.ref, False)
            if not rows:
                return None
        return None

    def receive(self, received: Received) -> Accepted:
        """Read receipts (SmsReport) and replies (SmsUp)."""
        require_token(received, self._token)
        answers = [answer for row in rows_of(received) if (answer := self._answer(row)) is not None]
        reply = json.dumps({"code": 0, "msg": "OK"}).encode()
        return Accepted(tuple(answers), reply, "application/json")

    def _answer(self, row: Mapping[str, Any]) -> Answer | None:
        if "content" in row:
            no_more = china.refuses(text(row["content"]), self._words)
            return Answer(
                self._channel,
                f"up:{name(row.get('sequence_id'))}",
                AnswerKind.OPTED_OUT if no_more else AnswerKind.REPLIED,
                china.instant(text(row.get("send_time")), self._now()),
                channel=self._channel,
                address=china.international(text(row.get("phone_number"))),
            )
        ref, success = text(row.get("out_id")), row.get("success")
        if not REF.fullmatch(ref) or not isinstance(success, bool):
            return None
        return Answer(
            self._channel,
            f"report:{ref}:{'yes' if success else 'no'}",
            AnswerKind.DELIVERED if success else AnswerKind.FAILED,
            china.instant(text(row.get("report_time")), self._now()),
            ref=ref,
            channel=self._channel,
            code_of="" if success else word(row.get("err_code")),
        )

    def check(self) -> str:
        """Ask for the messages of a number that nobody has: proves key, secret, clock and permission."""
        query = {"PhoneNumber": "10000000000", "SendDate": china.day(self._now()), "PageSize": "1", "CurrentPage": "1"}
        reply = self._call("QuerySendDetails", query)
        if isinstance(reply, Lost):
            return reply.code
        code = text(reply.json().get("Code"))
        return "" if code == "OK" or code == "isv.MOBILE_NUMBER_ILLEGAL" else word(code) or f"http_{reply.status}"

    def _call(self, action: str, query: Mapping[str, str]) -> Reply | Lost:
        headers = {
            "host": self._host,
            "x-acs-action": action,
            "x-acs-version": "2017-05-25",
            "x-acs-date": datetime.fromtimestamp(self._now(), UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "x-acs-signature-nonce": os.urandom(16).hex(),
            "x-acs-content-sha256": hashlib.sha256(b"").hexdigest(),
        }
        signed = authorization(self._secret, self._key_id, "POST", query, headers)
        return self.line.call("POST", f"/?{encoded(query)}", {**headers, "authorization": signed})


def open_aliyun_sms(setup: Setup) -> AliyunSms:
    """Open it."""
    return AliyunSms(setup)
