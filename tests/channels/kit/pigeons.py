"""A provider and its adapter, in memory and in one page: what the kit's own tests break."""

import hashlib
import hmac
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from wakeup.channels.kit import Fault, Provider, Receipt
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

KEY = b"the key of the pigeons"
REFUSED = {Fault.BAD_ADDRESS: "no_roof", Fault.OPTED_OUT: "no_thanks", Fault.POLICY: "no_grain"}


def seal(body: bytes) -> str:
    return hmac.new(KEY, body, hashlib.sha256).hexdigest()


class Loft(Provider):
    """The provider: flies each ref once, lists what flew, signs what it tells."""

    faults = frozenset(REFUSED) | {Fault.THROTTLE, Fault.DROP_BEFORE, Fault.DROP_AFTER, Fault.LATE, Fault.GARBAGE}
    faults |= {Fault.ERROR_BEFORE, Fault.ERROR_AFTER}

    def __init__(self) -> None:
        self.settings = {"key": Secret(KEY.decode()), "port": 1}
        self.time = 1_000_000.0
        self.coming: list[Fault | None] = []
        self.late: list[tuple[float, str]] = []
        self.flown: Counter[str] = Counter()
        self.last: Received | None = None

    def __enter__(self) -> "Loft":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def now(self) -> float:
        return self.time

    def advance(self, seconds: float) -> None:
        self.time += seconds
        for at, ref in [each for each in self.late if each[0] <= self.time]:
            self.late.remove((at, ref))
            self._fly(ref)

    def address(self, number: int) -> str:
        return f"roof-{number:04}"

    def wrong_addresses(self) -> Sequence[str]:
        return ("cellar\r\nroof-1",)

    def script(self, *faults: Fault | None) -> None:
        self.coming = list(faults)

    def delivered(self) -> Mapping[str, int]:
        return self.flown

    def unreachable(self) -> Mapping[str, Mapping[str, Any]]:
        return {"nobody listens": {**self.settings, "port": 0}}

    def last_call(self) -> Received | None:
        return self.last

    def accepts(self, call: Received) -> bool:
        return hmac.compare_digest(seal(call.body), call.headers["seal"])

    def receipts(self, ref: str) -> Sequence[Receipt]:
        return [self._receipt(ref, AnswerKind.DELIVERED), self._receipt(ref, AnswerKind.FAILED)]

    def _receipt(self, ref: str, kind: AnswerKind) -> Receipt:
        body = json.dumps({"ref": ref, "kind": kind, "t": int(self.time)}).encode()
        return Receipt(Received("POST", "https://us.example/", {"seal": seal(body)}, body), ref, kind)

    def handle(self, call: Received) -> str:
        """Answer a call, or die."""
        self.last = call
        if not self.accepts(call):
            return "bad seal"
        told = json.loads(call.body)
        if "ask" in told:
            return "flown" if told["ask"] in self.flown else "not flown"
        fault = self.coming.pop(0) if self.coming else None
        if fault in REFUSED:
            return REFUSED[fault]
        if fault in (Fault.DROP_BEFORE, Fault.LATE, Fault.THROTTLE, Fault.ERROR_BEFORE):
            if fault is Fault.LATE:
                self.late.append((self.time + self.landing, told["ref"]))
            if fault is Fault.THROTTLE:
                return "wind 30"
            if fault is Fault.ERROR_BEFORE:
                return "503"
            raise ConnectionResetError
        self._fly(told["ref"])
        if fault is Fault.DROP_AFTER:
            raise ConnectionResetError
        return {Fault.GARBAGE: "coo", Fault.ERROR_AFTER: "502"}.get(fault or "", f"flies p-{told['ref'][:6]}")

    def _fly(self, ref: str) -> None:
        self.flown[ref] = 1


LOFTS: list[Loft] = []
"""The network: the loft that was opened last."""


class Pigeons:
    """The adapter, as it should be. What a mutant breaks is a method of its own."""

    capabilities = Capabilities(
        address="roof", key_window=600, look_up=True, grace=5, receipts="push", batch=5, concurrency=4, timeout=0.2
    )
    words: ClassVar[Mapping[str, Verdict]] = {
        "no_roof": Verdict.BAD_ADDRESS,
        "no_thanks": Verdict.OPTED_OUT,
        "no_grain": Verdict.POLICY,
    }

    def __init__(self, setup: Setup) -> None:
        self.key: Secret = setup.settings["key"]
        self.reachable = bool(setup.settings["port"])
        self.now = setup.now

    def send(self, requests: Sequence[Request]) -> Sequence[Report]:
        return [self.one(each) for each in requests]

    def one(self, request: Request) -> Report:
        if "\r" in request.address.reveal():
            return Report(request.ref, Verdict.BAD_ADDRESS, code="unsafe")
        if not self.reachable:
            return Report(request.ref, Verdict.NOT_LEFT, code="refused")
        try:
            told = self.call({"ref": request.ref, "to": request.address.reveal(), "text": request.text})
        except ConnectionError:
            return self.lost(request)
        return self.classed(request, told)

    def lost(self, request: Request) -> Report:
        return Report(request.ref, Verdict.DOUBT, code="lost")

    def classed(self, request: Request, told: str) -> Report:
        word, _, rest = told.partition(" ")
        if word == "flies":
            return Report(request.ref, Verdict.ACCEPTED, provider_id=rest)
        if word == "wind":
            return Report(request.ref, Verdict.THROTTLED, retry_after=int(rest))
        return Report(request.ref, self.words.get(word, Verdict.DOUBT), code=word[:8])

    def call(self, told: Mapping[str, str]) -> str:
        body = json.dumps(told).encode()
        return LOFTS[-1].handle(Received("POST", "https://loft.example/", {"seal": self.sealed(body)}, body))

    def sealed(self, body: bytes) -> str:
        return seal(body)

    def look_up(self, requests: Sequence[Request]) -> Sequence[Found]:
        return [Found(each.ref, self.call({"ask": each.ref}) == "flown") for each in requests]

    def poll(self, since: int) -> Sequence[Answer]:
        return ()

    def receive(self, received: Received) -> Accepted:
        if not hmac.compare_digest(seal(received.body), received.headers.get("seal", "")):
            raise PermissionError("seal")
        told = json.loads(received.body)
        event = hashlib.sha256(received.body).hexdigest()
        return Accepted((Answer("pigeons", event, AnswerKind(told["kind"]), told["t"], ref=told["ref"]),))

    def check(self) -> str:
        return "" if self.reachable else "nobody listens"

    def close(self) -> None:
        pass
