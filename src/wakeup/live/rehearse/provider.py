"""A provider whose customers are simulated: the far side of a channel in a rehearsal, with its own log of the truth."""

from collections.abc import Sequence

from attrs import define, field, frozen

from wakeup.channels.protocol import (
    Accepted,
    Answer,
    Capabilities,
    Found,
    Received,
    Report,
    Request,
    Verdict,
)
from wakeup.live.clock import FastClock
from wakeup.live.rehearse.agenda import Phase, Told
from wakeup.live.rehearse.customers import Customers
from wakeup.live.rehearse.faults import GRACE, LATE, RETRY_AFTER, Faults


@frozen
class Delivery:
    """A message that had its effect: when, and whether it was delivered."""

    t: int
    ref: str
    delivered: bool


@define(eq=False)
class Provider:
    """An adapter (`wakeup.channels.protocol.Adapter`) for every channel of a rehearsal.

    latency: seconds that a call takes. batch: most requests in one call. log: every effect, in order.
    """

    customers: Customers
    clock: FastClock
    faults: Faults = field(factory=Faults)
    seed: int = 0
    latency: int = 0
    batch: int = 1
    log: list[Delivery] = field(factory=list)
    calls: int = 0
    capabilities: Capabilities = field(init=False)
    _arrived: dict[str, bool] = field(factory=dict)

    def __attrs_post_init__(self) -> None:
        self.capabilities = Capabilities(
            look_up=self.faults.any, grace=GRACE if self.faults.any else 0, receipts="push", batch=self.batch,
            concurrency=1, timeout=float(max(15, 2 * self.latency)),
        )  # fmt: skip

    def send(self, requests: Sequence[Request]) -> Sequence[Report]:
        """Let messages arrive, and take time for it."""
        self.calls += 1
        reports = [self._one(each) for each in requests]
        if self.latency:
            self.clock.wait(self.clock.now() + self.latency, lambda _: False)
        return reports

    def _one(self, request: Request) -> Report:
        ref = request.ref
        match self.faults.of(self.seed, ref, request.attempt) if self.faults.any else "":
            case "throttled":
                return Report(ref, Verdict.THROTTLED, code="busy", retry_after=RETRY_AFTER)
            case "refused":
                return Report(ref, Verdict.BAD_ADDRESS, code="unknown")
            case "missed":
                return Report(ref, Verdict.DOUBT, code="cut off")
            case "late":
                self.customers.agenda.at(self.clock.now() + LATE, Phase.TURN, 0, 0, lambda at: self._late(ref, at))
                return Report(ref, Verdict.DOUBT, code="cut off")
            case "lost":
                self._arrive(ref, self.clock.now())
                return Report(ref, Verdict.DOUBT, code="no answer")
            case _:
                return Report(ref, Verdict.ACCEPTED, delivered=self._arrive(ref, self.clock.now()))

    def _late(self, ref: str, now: int) -> Told:
        self._arrive(ref, now)
        return ()

    def _arrive(self, ref: str, now: int) -> bool:
        delivered = self.customers.receive(ref, now)
        self._arrived[ref] = delivered
        self.log.append(Delivery(now, ref, delivered))
        return delivered

    def look_up(self, requests: Sequence[Request]) -> Sequence[Found]:
        """Say what has arrived."""
        return [Found(each.ref, each.ref in self._arrived, "", self._arrived.get(each.ref, False)) for each in requests]

    def poll(self, since: int) -> Sequence[Answer]:
        """Nothing: customers tell by themselves."""
        return ()

    def receive(self, received: Received) -> Accepted:
        """Nothing comes by the network.

        Raises:
            PermissionError: always.
        """
        raise PermissionError("a rehearsal receives nothing")

    def check(self) -> str:
        """Nothing can be wrong."""
        return ""

    def close(self) -> None:
        """Nothing to give back."""
