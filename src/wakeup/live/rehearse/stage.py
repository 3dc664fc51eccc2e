"""The store of a rehearsal: simulated customers read in it what the campaign does, and tell it what they do."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any, cast

from wakeup.channels.protocol import AnswerKind
from wakeup.diagnostics import Diagnostic
from wakeup.live.clock import FastClock
from wakeup.live.rehearse.agenda import Told
from wakeup.live.rehearse.customers import Customers
from wakeup.live.rows import Entry
from wakeup.live.store.protocol import Queued, Reader, Store, Work


class Stage:
    """A store (`wakeup.live.store.protocol.Store`) that lets customers act when the inbox is looked into.

    So everything happens in its place of a second, also what an answer of this very second brings about.
    """

    def __init__(self, store: Store, customers: Customers, clock: FastClock, *, one_by_one: bool) -> None:
        """Stand before `store`; one_by_one: an answer is told when the one before it is worked in, as in one second of
        the reference; else all that is due."""
        self.address, self.keys = store.address, store.keys
        self.heard: list[tuple[int, str, int]] = []
        """(customer, channel or "" for all, instant at which it was told) of opt-outs and complaints."""
        self._store, self._customers, self._clock, self._one_by_one = store, customers, clock, one_by_one

    @contextmanager
    def work(self, campaign: str = "") -> Iterator[Work]:
        """As of the store; what is written is seen by the customers when it is durable."""
        written: list[Entry] = []
        with self._store.work(campaign) as work:
            yield cast(Work, _Seen(work, written, self._feed))
        self._customers.saw(written, self._clock.now())

    def read(self) -> AbstractContextManager[Reader]:
        """As of the store."""
        return self._store.read()

    def check(self) -> list[Diagnostic]:
        """As of the store."""
        return self._store.check()

    def close(self) -> None:
        """Leave the store open: who opened it closes it."""

    def _feed(self, work: Work, now: int) -> None:
        """Let customers act who are due."""
        while (told := self._customers.agenda.act(now)) is not None:
            if told:
                work.receive(told)
                self._hear(told, now)
                if self._one_by_one:
                    return

    def _hear(self, told: Told, now: int) -> None:
        for answer, customer in told:
            if answer.kind is AnswerKind.OPTED_OUT:
                self.heard.append((customer, self._customers.channel_of(answer.ref), now))
            elif answer.kind is AnswerKind.COMPLAINED:
                self.heard.append((customer, "", now))


class _Seen:
    """A transaction (`wakeup.live.store.protocol.Work`) whose rows are noted, and whose inbox is filled when asked."""

    def __init__(self, work: Work, written: list[Entry], feed: Callable[[Work, int], None]) -> None:
        self._work, self._written, self._feed = work, written, feed

    def __getattr__(self, name: str) -> Any:
        return getattr(self._work, name)

    def write(self, entries: Sequence[Entry]) -> None:
        """Append rows to the trace."""
        self._work.write(entries)
        self._written.extend(entries)

    def waiting(self, campaign: str, now: int, limit: int) -> list[Queued]:
        """Answers not yet taken; customers who are due act first."""
        found = self._work.waiting(campaign, now, limit)
        if not found:
            self._feed(self._work, now)
            found = self._work.waiting(campaign, now, limit)
        return found
