"""Tencent SMS (腾讯云短信): SendSms with our reference as SessionContext, receipts by the number of the send, replies.

Interface 2021-01-11, signature TC3-HMAC-SHA256 (checked against tencentcloud-sdk-python-sms 3.1.153). The answer holds
a result for each number inside HTTP 200. A send in doubt may be asked for, but only messages on which a carrier has
reported are listed, with our reference only where Tencent has switched that on: what is not there may have been sent
all the same. Calls from the provider are not signed; their address carries a word of ours.
"""

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlsplit

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
    Setting("secret_id", "SecretId of a sub-account that may send short messages.", required=True, secret=True),
    Setting("secret_key", "Its SecretKey.", required=True, secret=True),
    Setting("sdk_app_id", "SmsSdkAppId of the application.", required=True),
    Setting("sign_name", "The approved signature (签名内容), without brackets."),
    Setting("region", "Region of the interface.", default="ap-guangzhou"),
    Setting("receipt_token", "Word in the address given to Tencent for receipts: `?token=…`.", secret=True),
    Setting("opt_out_words", "Replies that mean: no more messages.", default=china.OPT_OUT_WORDS),
    Setting("grace", "Seconds after which a send in doubt is asked for.", default=600, kind="number"),
    TIMEOUT,
    Setting("endpoint", "Address of the interface.", default="https://sms.tencentcloudapi.com"),
)

MESSAGE_SETTINGS: Final = (
    Setting("template", "ID of the approved template.", required=True),
    Setting("sign_name", "Another approved signature for this message."),
)

VERDICTS: Final = {
    "FailedOperation.PhoneNumberInBlacklist": Verdict.OPTED_OUT,
    "FailedOperation.PhoneNumberParseFail": Verdict.BAD_ADDRESS,
    "InvalidParameterValue.IncorrectPhoneNumber": Verdict.BAD_ADDRESS,
    "UnsupportedOperation.UnsupportedRegion": Verdict.BAD_ADDRESS,
    "FailedOperation.MarketingSendTimeConstraint": Verdict.THROTTLED,
    "FailedOperation.InsufficientBalanceInSmsPackage": Verdict.POLICY,
    "FailedOperation.NotEnterpriseCertification": Verdict.POLICY,
    "InternalError.RequestTimeException": Verdict.POLICY,
    "InvalidParameterValue.SdkAppIdNotExist": Verdict.POLICY,
    "LimitExceeded.AppCountryOrRegionInBlacklist": Verdict.POLICY,
    "FailedOperation.ContainSensitiveWord": Verdict.BAD_CONTENT,
    "FailedOperation.SignatureIncorrectOrUnapproved": Verdict.BAD_CONTENT,
    "FailedOperation.TemplateIncorrectOrUnapproved": Verdict.BAD_CONTENT,
    "FailedOperation.TemplateIdNotExist": Verdict.BAD_CONTENT,
    "FailedOperation.TemplateUnapprovedOrNotExist": Verdict.BAD_CONTENT,
    "FailedOperation.TemplateParamSetNotMatchApprovedTemplate": Verdict.BAD_CONTENT,
    "FailedOperation.JsonParseFail": Verdict.BAD_CONTENT,
    "FailedOperation.FailResolvePacket": Verdict.BAD_CONTENT,
    "RequestLimitExceeded": Verdict.THROTTLED,
}
"""What single codes mean; else the family says it, and what neither says leaves the send in doubt."""

FAMILIES: Final = {
    "LimitExceeded": Verdict.THROTTLED,
    "RequestLimitExceeded": Verdict.THROTTLED,
    "InvalidParameterValue": Verdict.BAD_CONTENT,
    "InvalidParameter": Verdict.BAD_CONTENT,
    "MissingParameter": Verdict.BAD_CONTENT,
    "UnsupportedOperation": Verdict.BAD_CONTENT,
    "UnauthorizedOperation": Verdict.POLICY,
    "AuthFailure": Verdict.POLICY,
}

_PAGE: Final = 100
_DAYS: Final = 7


def authorization(secret_id: Secret, secret_key: Secret, host: str, timestamp: int, body: bytes) -> str:
    """The value of the header Authorization for a JSON call to "/" at an instant (TC3-HMAC-SHA256)."""
    date = datetime.fromtimestamp(timestamp, UTC).strftime("%Y-%m-%d")
    scope = f"{date}/sms/tc3_request"
    headers = f"content-type:{_JSON}\nhost:{host}\n"
    canonical = f"POST\n/\n\n{headers}\ncontent-type;host\n{hashlib.sha256(body).hexdigest()}"
    to_sign = f"TC3-HMAC-SHA256\n{timestamp}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    key = f"TC3{secret_key.reveal()}".encode()
    for part in (date, "sms", "tc3_request", to_sign):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return (
        f"TC3-HMAC-SHA256 Credential={secret_id.reveal()}/{scope}, SignedHeaders=content-type;host, "
        f"Signature={key.hex()}"
    )


_JSON: Final = "application/json"


class TencentSms(Single):
    """The open adapter."""

    def __init__(self, setup: Setup) -> None:
        values = values_of(SETTINGS, setup.settings)
        self.capabilities = Capabilities(
            address="phone", look_up=True, grace=int(values["grace"]), receipts="push", timeout=float(values["timeout"])
        )
        self._channel = setup.channel
        self._now: Callable[[], float] = setup.now
        self._values: Mapping[str, Any] = values
        base = endpoint("endpoint", values["endpoint"])
        self._host = urlsplit(base).netloc
        self.line = Line(base, self.capabilities.timeout, self.capabilities.concurrency, setup.now)

    def deliver(self, request: Request) -> Report:
        """Send one message to one number."""
        template = text(request.settings.get("template"))
        if not template:
            return refused(request, "no template")
        numbered = {int(key): value for key, value in request.fields.items() if key.isascii() and key.isdigit()}
        sign_name = text(request.settings.get("sign_name")) or self._values["sign_name"]
        body = {
            "PhoneNumberSet": [request.address.reveal()],
            "SmsSdkAppId": self._values["sdk_app_id"],
            "TemplateId": template,
            "TemplateParamSet": [numbered[key] for key in sorted(numbered)],
            "SessionContext": request.ref,
            **({"SignName": sign_name} if sign_name else {}),
        }
        reply = self._call("SendSms", body)
        return lost(request, reply) if isinstance(reply, Lost) else self._report(request, reply)

    def _report(self, request: Request, reply: Reply) -> Report:
        said = _response(reply)
        results = objects(said.get("SendStatusSet"))
        result = results[0] if len(results) == 1 else {}
        error = said.get("Error")
        code = text(result.get("Code")) or text(error.get("Code") if isinstance(error, dict) else None)
        if code == "Ok":
            return Report(request.ref, Verdict.ACCEPTED, name(result.get("SerialNo")), "Ok")
        verdict = VERDICTS.get(code) or FAMILIES.get(code.partition(".")[0])
        if verdict is None or reply.status != 200:
            return by_status(request, reply, self._now(), code)
        after = self._pause(code) if verdict is Verdict.THROTTLED else 0
        return Report(request.ref, verdict, code=word(code), retry_after=after)

    def _pause(self, code: str) -> int:
        if code == "FailedOperation.MarketingSendTimeConstraint":
            return china.until_hour(self._now(), 8)
        if "Daily" in code:
            return china.until_midnight(self._now())
        if code.endswith("OneHourLimit"):
            return 3600
        return 30 if code.endswith("ThirtySecondLimit") else 60

    def look_up(self, requests: Sequence[Request]) -> Sequence[Found]:
        """Ask for what carriers reported of messages to the number. Only a positive answer is one."""
        return [self._found(request) for request in requests]

    def _found(self, request: Request) -> Found:
        now = int(self._now())
        since = max(request.first_attempt or now - 86_400, now - _DAYS * 86_400) - 60
        for page in range(10):
            body = {
                "BeginTime": since,
                "EndTime": now,
                "Offset": page * _PAGE,
                "Limit": _PAGE,
                "PhoneNumber": request.address.reveal(),
                "SmsSdkAppId": self._values["sdk_app_id"],
            }
            reply = self._call("PullSmsSendStatusByPhoneNumber", body)
            rows = [] if isinstance(reply, Lost) else objects(_response(reply).get("PullSmsSendStatusSet"))
            for row in rows:
                if row.get("SessionContext") == request.ref:
                    delivered = row.get("ReportStatus") == "SUCCESS"
                    return Found(request.ref, True, name(row.get("SerialNo")), delivered)
            if len(rows) < _PAGE:
                break
        return Found(request.ref, None)

    def receive(self, received: Received) -> Accepted:
        """Read receipts and replies."""
        require_token(received, self._values["receipt_token"])
        answers = [answer for row in rows_of(received) if (answer := self._answer(row)) is not None]
        return Accepted(tuple(answers), json.dumps({"result": 0, "errmsg": "OK"}).encode(), _JSON)

    def _answer(self, row: Mapping[str, Any]) -> Answer | None:
        if "report_status" not in row:
            return self._reply(row)
        serial, status = name(row.get("sid")), row["report_status"]
        if not serial or status not in ("SUCCESS", "FAIL"):
            return None
        return Answer(
            self._channel,
            f"report:{serial}:{status}",
            AnswerKind.DELIVERED if status == "SUCCESS" else AnswerKind.FAILED,
            china.instant(text(row.get("user_receive_time")), self._now()),
            channel=self._channel,
            provider_id=serial,
            code_of="" if status == "SUCCESS" else word(row.get("errmsg")),
        )

    def _reply(self, row: Mapping[str, Any]) -> Answer | None:
        phone, said, t = text(row.get("mobile")), text(row.get("text")), number(row.get("time"))
        if not phone or "text" not in row:
            return None
        no_more = china.refuses(said, self._values["opt_out_words"])
        key = self._values["receipt_token"].reveal().encode()
        event = hmac.new(key, json.dumps([phone, said, t]).encode(), hashlib.sha256).hexdigest()[:32]
        return Answer(
            self._channel,
            f"up:{event}",
            AnswerKind.OPTED_OUT if no_more else AnswerKind.REPLIED,
            int(self._now()) if t is None else t,
            channel=self._channel,
            address=china.international(phone, text(row.get("nationcode")) or "86"),
        )

    def check(self) -> str:
        """Ask for the messages of a number that nobody has: proves key, secret, clock and permission."""
        now = int(self._now())
        body = {
            "BeginTime": now - 60,
            "EndTime": now,
            "Offset": 0,
            "Limit": 1,
            "PhoneNumber": "+8610000000000",
            "SmsSdkAppId": self._values["sdk_app_id"],
        }
        reply = self._call("PullSmsSendStatusByPhoneNumber", body)
        if isinstance(reply, Lost):
            return reply.code
        said = _response(reply)
        error = said.get("Error")
        if isinstance(error, dict):
            return word(error.get("Code")) or "error"
        return "" if "PullSmsSendStatusSet" in said else f"http_{reply.status}"

    def _call(self, action: str, value: Mapping[str, Any]) -> Reply | Lost:
        body, timestamp = json.dumps(value, ensure_ascii=False).encode(), int(self._now())
        values = self._values
        headers = {
            "host": self._host,
            "content-type": _JSON,
            "x-tc-action": action,
            "x-tc-version": "2021-01-11",
            "x-tc-region": values["region"],
            "x-tc-timestamp": str(timestamp),
            "authorization": authorization(values["secret_id"], values["secret_key"], self._host, timestamp, body),
        }
        return self.line.call("POST", "/", headers, body)


def _response(reply: Reply) -> Mapping[str, Any]:
    said = reply.json().get("Response")
    return said if isinstance(said, dict) else {}


def open_tencent_sms(setup: Setup) -> TencentSms:
    """Open it."""
    return TencentSms(setup)
