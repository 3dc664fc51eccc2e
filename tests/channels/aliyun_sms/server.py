"""Aliyun SMS on this machine: dysmsapi 2017-05-25 as documented and as its SDK 4.6.0 calls it (read 2026-11-22)."""

import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote, unquote_plus, urlsplit

from tests.channels.providers.local import Call, Delivery, Local, Reaction, RefusedCallError

KEY_ID, SECRET = "LTAI5tExampleKey", "example-secret-of-nobody"
TEMPLATES = {"SMS_100": {"code"}, "SMS_200": set()}
SIGNATURES = {"小店"}
MESSAGES = {"isv.BUSINESS_LIMIT_CONTROL": "触发小时级流控Permits:5"}


class AliyunServer(Local):
    """Checks the signature and the clock, sends, lists what was sent."""

    def __init__(self) -> None:
        super().__init__()
        self.listed_after = 0.0  # seconds until a message shows up in its list
        self.sent: list[dict[str, Any]] = []
        self.nonces: set[str] = set()
        self.hourly = 1_000_000  # messages that a number takes in an hour

    def sends(self, call: Call) -> bool:
        return call.headers.get("x-acs-action") == "SendSms"

    def refusal(self, code: str) -> Reaction:
        gateway = {"Throttling.User": 400, "SignatureDoesNotMatch": 400, "isp.SYSTEM_ERROR": 200}
        return said(code, MESSAGES.get(code, code), status=gateway.get(code, 200))

    def handle(self, call: Call) -> Reaction:
        self.check_signature(call)
        self._fresh(call)
        query = call.query
        return self._send(query) if self.sends(call) else self._list(query)

    def check_signature(self, call: Call) -> None:
        scheme, _, rest = call.headers.get("authorization", "").partition(" ")
        parts = dict(part.split("=", 1) for part in rest.split(",") if "=" in part)
        names = parts.get("SignedHeaders", "").split(";")
        needed = {
            "host",
            "x-acs-action",
            "x-acs-content-sha256",
            "x-acs-date",
            "x-acs-signature-nonce",
            "x-acs-version",
        }
        if scheme != "ACS3-HMAC-SHA256" or not needed <= set(names) or call.method != "POST":
            raise RefusedCallError(said("IncompleteSignature", "incomplete", status=400))
        if parts.get("Credential") != KEY_ID:
            raise RefusedCallError(said("InvalidAccessKeyId.NotFound", "no such key", status=404))
        if hashlib.sha256(call.body).hexdigest() != call.headers["x-acs-content-sha256"]:
            raise RefusedCallError(said("SignatureDoesNotMatch", "body", status=400))
        raw = [pair.partition("=") for pair in urlsplit(call.target).query.split("&")]
        pairs = sorted((unquote_plus(name), unquote_plus(value)) for name, _, value in raw)
        query = "&".join(f"{quote(name, safe='~')}={quote(value, safe='~')}" for name, value in pairs)
        headers = "".join(f"{name}:{call.headers.get(name, '').strip()}\n" for name in names)
        canonical = "\n".join(
            [call.method, call.path, query, headers, ";".join(names), call.headers["x-acs-content-sha256"]]
        )
        to_sign = "ACS3-HMAC-SHA256\n" + hashlib.sha256(canonical.encode()).hexdigest()
        if hmac.new(SECRET.encode(), to_sign.encode(), hashlib.sha256).hexdigest() != parts.get("Signature"):
            raise RefusedCallError(said("SignatureDoesNotMatch", "signature", status=400))
        at = datetime.strptime(call.headers["x-acs-date"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC).timestamp()
        if abs(at - self.clock.at) > 900:
            raise RefusedCallError(said("InvalidTimeStamp.Expired", "clock", status=400))

    def _fresh(self, call: Call) -> None:
        if call.headers["x-acs-signature-nonce"] in self.nonces:
            raise RefusedCallError(said("SignatureNonceUsed", "again", status=400))
        self.nonces.add(call.headers["x-acs-signature-nonce"])

    def _send(self, query: dict[str, str]) -> Reaction:
        phone = query.get("PhoneNumbers", "").removeprefix("+86").removeprefix("86")
        code, message = self._refused(phone, query)
        if code:
            return said(code, message)
        out_id = query.get("OutId", "")
        biz = f"{900619746936498440 + len(self.truth)}^0"
        self.truth.append(Delivery(out_id, phone, query.get("TemplateParam", "")))
        when = datetime.fromtimestamp(self.clock.at, UTC) + timedelta(hours=8)
        row = {
            "Content": f"【{query['SignName']}】…",
            "ErrCode": "DELIVERED",
            "OutId": out_id,
            "PhoneNum": phone,
            "ReceiveDate": when.strftime("%Y-%m-%d %H:%M:%S"),
            "SendDate": when.strftime("%Y-%m-%d %H:%M:%S"),
            "SendStatus": 3,
            "TemplateCode": query["TemplateCode"],
        }
        self.sent.append({"at": self.clock.at, "biz": biz, "row": row})
        return said("OK", "OK", BizId=biz)

    def _refused(self, phone: str, query: dict[str, str]) -> tuple[str, str]:
        """Why a message is not sent: the code and what is said of it; "" where it is."""
        params = json.loads(query.get("TemplateParam", "{}"))
        template, now = query.get("TemplateCode", ""), self.clock.at
        hour = [sent for sent in self.sent if sent["at"] > now - 3600 and sent["row"]["PhoneNum"] == phone]
        reasons = (
            (not phone.isdigit() or len(phone) < 8, "isv.MOBILE_NUMBER_ILLEGAL", f"{phone} invalid mobile number"),
            (template not in TEMPLATES, "isv.SMS_TEMPLATE_ILLEGAL", "该账号下找不到对应模板"),
            (query.get("SignName") not in SIGNATURES, "isv.SMS_SIGNATURE_ILLEGAL", "该账号下找不到对应签名"),
            (not TEMPLATES.get(template, set()) <= set(params), "isv.TEMPLATE_MISSING_PARAMETERS", "模版缺少变量"),
            (any("http" in value for value in params.values()), "isv.PARAM_NOT_SUPPORT_URL", "不支持 URL"),
            (len(hour) >= self.hourly, "isv.BUSINESS_LIMIT_CONTROL", f"触发小时级流控Permits:{self.hourly}"),
        )
        return next(((code, message) for holds, code, message in reasons if holds), ("", ""))

    def _list(self, query: dict[str, str]) -> Reaction:
        size, page = int(query["PageSize"]), int(query["CurrentPage"])
        day = f"{query['SendDate'][:4]}-{query['SendDate'][4:6]}-{query['SendDate'][6:]}"
        rows = [
            item["row"]
            for item in self.sent
            if item["row"]["PhoneNum"] == query["PhoneNumber"]
            and item["row"]["SendDate"].startswith(day)
            and self.clock.at - item["at"] >= self.listed_after
        ]
        if not 1 <= size <= 50:
            return said("isv.INVALID_PARAMETERS", "PageSize")
        listed = rows[(page - 1) * size : page * size]
        return said("OK", "OK", TotalCount=len(rows), SmsSendDetailDTOs={"SmsSendDetailDTO": listed})


def said(code: str, message: str, status: int = 200, **more: object) -> Reaction:
    body = {"RequestId": "8906582E-6722-4D0C-B7C1-A3F1B2C4D5E6", "Message": message, "Code": code, **more}
    return Reaction(status, json.dumps(body, ensure_ascii=False).encode(), {"content-type": "application/json"})
