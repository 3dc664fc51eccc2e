"""The local servers as the conformance kit needs them."""

import hashlib
import json
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from tests.channels.aliyun_sms.server import AliyunServer
from tests.channels.providers.cases import WORD, Case
from tests.channels.providers.local import Call, Fault, Local, RefusedCallError, serving
from tests.channels.tencent_sms.server import TencentServer
from tests.channels.twilio.server import CALLBACK, TwilioServer, signed
from tests.channels.wechat_subscribe.server import SubscribeServer
from tests.channels.wechat_template.server import TemplateServer
from tests.channels.wecom_customer.server import WecomServer

from wakeup.channels import kit
from wakeup.channels.china import BEIJING
from wakeup.channels.protocol import AnswerKind, Received

SAME = {
    kit.Fault.ERROR_BEFORE: Fault("status_before", 503),
    kit.Fault.ERROR_AFTER: Fault("status_after", 500),
    kit.Fault.DROP_BEFORE: Fault("drop_before"),
    kit.Fault.DROP_AFTER: Fault("drop_after"),
    kit.Fault.LATE: Fault("late", seconds=0.2),
    kit.Fault.SLOW: Fault("slow"),
    kit.Fault.GARBAGE: Fault("garbage_after"),
}


class LocalProvider(kit.Provider):
    """A local server behind the kit's protocol."""

    def __init__(self, case: Case, timeout: float) -> None:
        self.case = case
        self.server = case.server()
        self.base = ""
        self.timeout = timeout
        self.began = time.monotonic()
        self.settings: Mapping[str, Any] = {}
        self.message_settings = case.message_settings
        self.fields = case.fields
        self.faults = frozenset({*SAME, *case.faults})
        self.receipts_signed = case.receipts_signed

    def at(self, base: str) -> None:
        """Say where the server is."""
        self.base = base
        self.settings = {**self.case.settings(base), "timeout": self.timeout}

    def now(self) -> float:
        return self.server.clock.at + time.monotonic() - self.began

    def advance(self, seconds: float) -> None:
        self.server.advance(seconds)

    def address(self, number: int) -> str:
        address = self.case.address(number)
        self.server.known[address] = hashlib.sha256(f"kit {number}".encode()).hexdigest()[:32]
        return address

    def script(self, *faults: kit.Fault | None) -> None:
        for fault in faults:
            code = self.case.faults.get(fault) if fault else None
            self.server.faults.append(Fault("code", code=code) if code else SAME[fault] if fault else None)

    def delivered(self) -> Mapping[str, int]:
        return Counter(self.server.refs())

    def wrong_addresses(self) -> Sequence[str]:
        return ("nobody at all",)

    def unreachable(self) -> Mapping[str, Mapping[str, Any]]:
        # Nobody listens at port 1; a server without TLS cannot prove who it is.
        tls = self.base.replace("http://", "https://")
        return {
            "nobody listens": {**self.case.settings("http://127.0.0.1:1"), "timeout": self.timeout},
            "no certificate": {**self.case.settings(tls), "timeout": self.timeout},
        }

    def last_call(self) -> Received | None:
        if not self.case.signed:
            return None
        call = next(call for call in reversed(self.server.calls) if self.server.sends(call))
        return Received(call.method, call.target, call.headers, call.body)

    def accepts(self, call: Received) -> bool:
        try:
            self.server.check_signature(Call(call.method, call.url, call.headers, call.body))
        except RefusedCallError:
            return False
        return True

    def receipts(self, ref: str) -> Sequence[kit.Receipt]:
        return receipts_of(self.server, ref)

    def tell(self, ref: str) -> AnswerKind | None:
        if not isinstance(self.server, WecomServer):
            return None
        address = next(address for address, known in self.server.known.items() if known == ref)
        for name, task in self.server.tasks.items():
            if address in task["customers"]:
                self.server.confirm(name)
        return AnswerKind.SENT


def receipts_of(server: Local, ref: str) -> Sequence[kit.Receipt]:
    """The calls that a provider makes about a message, each another event."""
    told = datetime.fromtimestamp(server.clock.at, UTC).astimezone(BEIJING).strftime("%Y-%m-%d %H:%M:%S")
    match server:
        case AliyunServer():
            row = {"out_id": ref, "success": True, "report_time": told, "err_code": "DELIVERED"}
            return [kit.Receipt(by_word([row]), ref, AnswerKind.DELIVERED)]
        case TencentServer():
            serials = [row["serial"] for row in server.sent if row["context"] == ref]
            return [
                kit.Receipt(
                    by_word([{"sid": serial, "report_status": status, "user_receive_time": told}]),
                    ref,
                    kind,
                    serial,
                )
                for serial in serials
                for status, kind in (("SUCCESS", AnswerKind.DELIVERED), ("FAIL", AnswerKind.FAILED))
            ]
        case TwilioServer():
            url = f"{CALLBACK}?ref={ref}"
            sid = next((sid for sid, callback in server.callbacks.items() if callback == url), "SMnotyet")
            return [
                kit.Receipt(signed(url, {"MessageSid": sid, "MessageStatus": status}), ref, kind)
                for status, kind in (("delivered", AnswerKind.DELIVERED), ("failed", AnswerKind.FAILED))
            ]
        case TemplateServer():
            named = [str(message) for (_, key), (_, message) in server.sent.items() if key == ref]
            return [kit.Receipt(server.receipt(each), ref, AnswerKind.DELIVERED, each) for each in named]
        case SubscribeServer():
            places = [place for place, each in enumerate(server.refs(), start=1) if each == ref]
            names = [str(2_300_000_000 + place) for place in places]
            return [kit.Receipt(server.receipt(each), ref, AnswerKind.DELIVERED, each) for each in names]
    return ()


def by_word(rows: list[dict[str, Any]]) -> Received:
    """A call with our word in its address."""
    return Received("POST", f"https://shop.example/in?token={WORD.reveal()}", {}, json.dumps(rows).encode())


@contextmanager
def running(case: Case, timeout: float) -> Iterator[LocalProvider]:
    """A fresh server. timeout: seconds after which the adapter gives up."""
    provider = LocalProvider(case, timeout)
    with serving(provider.server) as base:
        provider.at(base)
        yield provider
