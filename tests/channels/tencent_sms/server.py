"""Tencent SMS on this machine: interface 2021-01-11 as tencentcloud-sdk-python-sms 3.1.153 calls and reads it, with its
list of errors."""

import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import Any

from tests.channels.providers.local import Call, Delivery, Local, Reaction, RefusedCallError

ID, KEY, APP = "AKIDexampleOfNobody", "tencent-key-of-nobody", "1400006666"
TEMPLATES = {"1110": 1, "1111": 0}
GATEWAY = ("AuthFailure", "RequestLimitExceeded", "InternalError", "UnauthorizedOperation")


class TencentServer(Local):
    """Checks the signature, answers for each number, lists what carriers have reported."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[dict[str, Any]] = []
        self.tells_context = True
        self.reported_after = 0.0
        self.pause = 0.0  # seconds between two messages to a number

    def sends(self, call: Call) -> bool:
        return call.headers.get("x-tc-action") == "SendSms"

    def refusal(self, code: str) -> Reaction:
        return error(code) if code.startswith(GATEWAY) else result(code, "+8600000000000", "", "")

    def handle(self, call: Call) -> Reaction:
        self.check_signature(call)
        body = json.loads(call.body)
        return self._send(body) if self.sends(call) else self._list(body)

    def check_signature(self, call: Call) -> None:
        scheme, _, rest = call.headers.get("authorization", "").partition(" ")
        parts = dict(part.strip().split("=", 1) for part in rest.split(",") if "=" in part)
        credential = parts.get("Credential", "").split("/")
        if scheme != "TC3-HMAC-SHA256" or len(credential) != 4 or call.method != "POST" or call.target != "/":
            raise RefusedCallError(error("AuthFailure.InvalidAuthorization"))
        at = int(call.headers.get("x-tc-timestamp", "0"))
        date = datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d")
        if credential[0] != ID or credential[1:] != [date, "sms", "tc3_request"]:
            raise RefusedCallError(error("AuthFailure.SecretIdNotFound"))
        if abs(at - self.clock.at) > 300:
            raise RefusedCallError(error("AuthFailure.SignatureExpire"))
        names = parts.get("SignedHeaders", "").split(";")
        headers = "".join(f"{name}:{call.headers.get(name, '')}\n" for name in names)
        canonical = "\n".join(["POST", "/", "", headers, ";".join(names), hashlib.sha256(call.body).hexdigest()])
        scope = "/".join(credential[1:])
        to_sign = f"TC3-HMAC-SHA256\n{at}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
        key = ("TC3" + KEY).encode()
        for part in credential[1:]:
            key = hmac.new(key, part.encode(), hashlib.sha256).digest()
        if hmac.new(key, to_sign.encode(), hashlib.sha256).hexdigest() != parts.get("Signature"):
            raise RefusedCallError(error("AuthFailure.SignatureFailure"))

    def _send(self, body: dict[str, Any]) -> Reaction:
        (phone,) = body["PhoneNumberSet"]
        context = body.get("SessionContext", "")
        if not phone.startswith("+") or not phone[1:].isdigit():
            return result("InvalidParameterValue.IncorrectPhoneNumber", phone, context, "")
        if body["SmsSdkAppId"] != APP:
            return error("UnauthorizedOperation.SmsSdkAppIdVerifyFail")
        if body["TemplateId"] not in TEMPLATES:
            return result("FailedOperation.TemplateUnapprovedOrNotExist", phone, context, "")
        if len(body["TemplateParamSet"]) != TEMPLATES[body["TemplateId"]]:
            return result("FailedOperation.TemplateParamSetNotMatchApprovedTemplate", phone, context, "")
        if any(sent["phone"] == phone and self.clock.at - sent["at"] < self.pause for sent in self.sent):
            return result("LimitExceeded.PhoneNumberThirtySecondLimit", phone, context, "")
        serial = f"5000:104571066915705365784949961{len(self.sent)}"
        self.truth.append(Delivery(context, phone, "".join(body["TemplateParamSet"])))
        self.sent.append({"at": self.clock.at, "phone": phone, "context": context, "serial": serial})
        return result("Ok", phone, context, serial)

    def _list(self, body: dict[str, Any]) -> Reaction:
        rows = [
            {
                "UserReceiveTime": int(sent["at"]) + 3,
                "CountryCode": "86",
                "PhoneNumber": sent["phone"],
                "SerialNo": sent["serial"],
                "ReportStatus": "SUCCESS",
                "Description": "DELIVRD",
                "SessionContext": sent["context"] if self.tells_context else "",
            }
            for sent in self.sent
            if sent["phone"] == body["PhoneNumber"]
            and body["BeginTime"] <= sent["at"] <= body["EndTime"]
            and self.clock.at - sent["at"] >= self.reported_after
        ]
        page = rows[body["Offset"] : body["Offset"] + body["Limit"]]
        return said({"PullSmsSendStatusSet": page})


def said(response: dict[str, Any]) -> Reaction:
    body = {"Response": {**response, "RequestId": "a0aabda6-cf91-4f3e-a81f-9198114a2279"}}
    return Reaction(200, json.dumps(body).encode(), {"content-type": "application/json"})


def error(code: str) -> Reaction:
    return said({"Error": {"Code": code, "Message": "refused"}})


def result(code: str, phone: str, context: str, serial: str) -> Reaction:
    row = {
        "SerialNo": serial,
        "PhoneNumber": phone,
        "Fee": 1 if code == "Ok" else 0,
        "SessionContext": context,
        "Code": code,
        "Message": "send success" if code == "Ok" else "refused",
        "IsoCode": "CN",
    }
    return said({"SendStatusSet": [row]})
