"""One adapter against one provider: opened, sent through, watched."""

import hashlib
import io
import logging
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Final

from attrs import define, field, frozen

from wakeup.channels.kit.provider import Fault, NonConformance, Provider
from wakeup.channels.protocol import Adapter, Offered, Opener, Report, Request, Secret, Setup, Verdict

TEXT: Final = "Hello Zoë Example-Surname, 你好"
"""What is sent; no log may hold it."""


@define
class Trial:
    """An open adapter with its provider."""

    opener: Opener
    provider: Provider
    adapter: Adapter
    _made: int = field(default=0, init=False)

    def request(self, address: str = "", text: str = TEXT, subject: str = "A subject", attempt: int = 1) -> Request:
        """Return a message to another person than the ones before."""
        self._made += 1
        now = int(self.provider.now())
        return Request(
            ref=hashlib.sha256(f"kit {self._made}".encode()).hexdigest()[:32],
            attempt=attempt,
            campaign="autumn",
            message="hello",
            address=Secret(address or self.provider.address(self._made)),
            text=text,
            subject=subject,
            fields={"name": "Zoë", **self.provider.fields},
            settings=self.provider.message_settings,
            offers=(Offered("coupon", "CODE-1234", now + 86_400, 1_000, 5_000),),
            unsubscribe="https://shop.example/u/opaque-token",
            deadline=now + 86_400,
            first_attempt=now,
        )

    def send(self, *requests: Request) -> Sequence[Report]:
        """Send in one call; it must come back, with one report each, in order, and never raise."""
        reports: list[Report] = []
        raised: list[BaseException] = []

        def call() -> None:
            try:
                reports.extend(self.adapter.send(requests))
            except BaseException as error:  # noqa: BLE001  # whatever it is, it is the adapter's fault
                raised.append(error)

        # Three times the limit: a connection, an answer, and what a slow machine adds.
        limit = 3 * self.adapter.capabilities.timeout + 5
        thread = threading.Thread(target=call, daemon=True)
        thread.start()
        thread.join(limit)
        must(not thread.is_alive(), f"send did not come back within {limit:g} seconds")
        must(not raised, f"send raised {type(raised[0]).__name__}" if raised else "")
        refs, wanted = [each.ref for each in reports], [each.ref for each in requests]
        must(refs == wanted, f"reports are about {refs}, requests were {wanted}")
        return reports

    def one(self, request: Request | None = None) -> tuple[Request, Report]:
        """Send one message."""
        message = request or self.request()
        (report,) = self.send(message)
        return message, report

    def times(self, request: Request) -> int:
        """How many times it had its effect."""
        return self.provider.delivered().get(request.ref, 0)

    @property
    def taken(self) -> Verdict:
        """The verdict of a message that went well."""
        return Verdict.HANDED_OVER if self.adapter.capabilities.confirms else Verdict.ACCEPTED

    def lacks(self, *faults: Fault) -> str:
        """Why a check does not apply: faults that the provider cannot play."""
        missing = [each for each in faults if each not in self.provider.faults]
        return f"the provider does not play {', '.join(missing)}" if missing else ""


@contextmanager
def opened(opener: Opener, provider: Provider, settings: Mapping[str, Any] | None = None) -> Iterator[Trial]:
    """Open an adapter for a provider and close it."""
    given = provider.settings if settings is None else settings
    adapter = opener(Setup("shop", given, provider.now, provider.folder))
    try:
        yield Trial(opener, provider, adapter)
    finally:
        adapter.close()


@frozen
class Check:
    """One thing that must hold. `run` returns "" when it held, or why it does not apply."""

    name: str
    run: Callable[[Trial], str]

    def __call__(self, opener: Opener, provider: Provider) -> str:
        """Try it with an adapter of its own.

        Raises:
            NonConformance: it does not hold.
        """
        with opened(opener, provider) as trial:
            return self.run(trial)

    def __str__(self) -> str:
        return self.name


@frozen
class Outcome:
    """What came of a check: `left_out` says why it does not apply, `failure` what did not hold."""

    name: str
    left_out: str = ""
    failure: str = ""


def conformance(
    opener: Opener, provider: Callable[[], AbstractContextManager[Provider]], checks: Sequence[Check]
) -> list[Outcome]:
    """Run checks, each against a fresh provider, and say what came of each."""
    outcomes = []
    for check in checks:
        with provider() as fresh:
            try:
                outcomes.append(Outcome(check.name, left_out=check(opener, fresh)))
            except NonConformance as error:
                outcomes.append(Outcome(check.name, failure=str(error)))
    return outcomes


def must(holds: bool, otherwise: str) -> None:
    """Fail unless it holds.

    Raises:
        NonConformance: it does not.
    """
    if not holds:
        raise NonConformance(otherwise)


@contextmanager
def overheard() -> Iterator[io.StringIO]:
    """Collect everything that is logged, at any level."""
    heard = io.StringIO()
    handler = logging.StreamHandler(heard)
    handler.setFormatter(logging.Formatter("%(name)s %(message)s %(args)s"))
    root, level = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield heard
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
