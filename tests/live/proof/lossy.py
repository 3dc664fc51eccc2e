"""A provider in virtual time that loses answers, lands late, fails before and after the effect, throttles, refuses.

What goes wrong with an attempt is drawn from (seed, key of the send, attempt): the same run goes wrong the same way.
"""

from collections.abc import Callable, Mapping, Sequence
from hashlib import blake2b
from typing import Any

from attrs import define, field
from tests.live.proof.truth import Effect, Truth

from wakeup.channels.protocol import Answer, AnswerKind, Capabilities, Found, Report, Request, Verdict
from wakeup.live.clock import FastClock

LATE = 20
"""Seconds after which a message lands whose call was cut off; the grace is longer."""

GRACE = 30
WINDOW = 86_400

CAPABILITIES = {
    "key": Capabilities(key_window=WINDOW, receipts="push", timeout=5.0),
    "look-up": Capabilities(look_up=True, grace=GRACE, receipts="push", timeout=5.0),
    "none": Capabilities(receipts="push", timeout=5.0),
}

SHARES = {
    "lost": 0.10,  # it lands, our answer does not come
    "late": 0.08,  # the call is cut off, it lands later
    "cut": 0.06,  # the call is cut off, it never lands
    "before": 0.05,  # 503 before the effect
    "after": 0.05,  # 503 after the effect
    "throttled": 0.06,
    "not left": 0.04,
    "refused": 0.03,
}

LANDS = {"": 0, "lost": 0, "after": 0, "late": LATE}
"""Seconds after which a message lands."""

SAID = {
    "": Verdict.ACCEPTED,
    "throttled": Verdict.THROTTLED,
    "not left": Verdict.NOT_LEFT,
    "refused": Verdict.BAD_ADDRESS,
}
"""What the adapter reports; of everything else it is in doubt."""


def draw(*key: object) -> float:
    """A number in [0, 1) that belongs to the key."""
    digest = blake2b("|".join(map(str, key)).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2**64


@define(eq=False)
class Lossy:
    """One channel. policy: what the provider can do ("key", "look-up", "none"). durable: number of durable changes of
    the store. tell: takes receipts for later. crash: called before and after every effect; may end the process.
    """

    channel: str
    policy: str
    seed: int
    clock: FastClock
    truth: Truth
    durable: Callable[[], int]
    tell: Callable[[int, Answer], None]
    crash: Callable[[str], None] = lambda _: None
    shares: Mapping[str, float] = field(factory=lambda: SHARES)
    receipts: bool = True
    accepted: dict[str, int] = field(factory=dict)

    @property
    def capabilities(self) -> Capabilities:
        return CAPABILITIES[self.policy]

    def send(self, requests: Sequence[Request]) -> Sequence[Report]:
        self.truth.calls += 1
        self.crash("before the call")
        reports = [self._one(each) for each in requests]
        self.crash("after the call")
        return reports

    def _one(self, request: Request) -> Report:
        ref = request.ref
        fate = self._fate(request)
        if fate in LANDS:
            self._land(request, LANDS[fate])
        verdict = SAID.get(fate, Verdict.DOUBT)
        return Report(ref, verdict, f"p-{ref[:6]}" if not fate else "", fate, retry_after=3)

    def _fate(self, request: Request) -> str:
        if self.policy == "key" and self._known(request.ref):
            return ""  # it answers as for the first time, whatever that was
        place = draw(self.seed, request.ref, request.attempt)
        for name, share in self.shares.items():
            if name == "refused" and request.attempt > 1:
                continue  # an address that worked works again
            if place < share:
                return name
            place -= share
        return ""

    def _known(self, ref: str) -> bool:
        return ref in self.accepted and self.clock.now() < self.accepted[ref] + WINDOW

    def _land(self, request: Request, delay: int) -> None:
        now = self.clock.now()
        if self.policy == "key" and self._known(request.ref):
            return
        self.accepted[request.ref] = now
        customer = int(request.address.reveal().removeprefix("to:"))
        codes = tuple(each.code for each in request.offers)
        effect = Effect(request.ref, customer, self.channel, request.message, now, now + delay, self.durable(), codes)
        self.truth.effects.append(effect)
        if self.receipts:
            self._receipts(effect)

    def _receipts(self, effect: Effect) -> None:
        """Receipts come late, twice, in any order, or not at all."""
        for n in range(int(draw(self.seed, effect.ref, "receipts") * 3)):
            late = int(draw(self.seed, effect.ref, "when", n) * 4_000)
            kind = AnswerKind.DELIVERED if n == 0 else AnswerKind.OPENED
            event = f"{effect.ref}-{kind}"
            self.tell(effect.landed + 1 + late, Answer(self.channel, event, kind, effect.landed + 1, ref=effect.ref))
            if n == 0:
                twice = Answer(self.channel, event + "!", kind, effect.landed + 1, ref=effect.ref)
                self.tell(effect.landed + 2 + 2 * late, twice)

    def look_up(self, requests: Sequence[Request]) -> Sequence[Found]:
        self.crash("before the look-up")
        now = self.clock.now()
        found = [Found(each.ref, bool(self.truth.of(each.ref, now))) for each in requests]
        self.crash("after the look-up")
        return found

    def poll(self, since: int) -> Sequence[Answer]:
        return ()

    def receive(self, received: Any) -> Any:
        raise PermissionError

    def check(self) -> str:
        return ""

    def close(self) -> None:
        """Nothing to give back."""
