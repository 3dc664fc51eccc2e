"""Asking providers who do not call: a thread beside the executor, whose answers go the way of all others."""

import threading
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Final

from wakeup.channels.protocol import Adapter, Answer
from wakeup.live.clock import Clock

EVERY: Final = 30.0
"""Seconds between two questions."""

FIRST: Final = 7 * 86_400
"""How far back the first question after a start reaches; what was taken before is not taken again."""

OVERLAP: Final = 3_600
"""Seconds by which each later question reaches back beyond the one before: providers tell late."""


class Poller:
    """Asks every adapter whose receipts come by "poll", while the context is open.

    An adapter that fails is asked again the next time; `failed` says how often in a row, by channel.
    """

    def __init__(
        self,
        adapters: Mapping[str, Adapter],
        take_in: Callable[[Sequence[Answer]], int],
        clock: Clock,
        every: float = EVERY,
    ) -> None:
        """Ask `adapters` by channel; `take_in` puts answers into the inbox, durably."""
        self._adapters = {name: each for name, each in adapters.items() if each.capabilities.receipts == "poll"}
        self._take_in = take_in
        self._clock = clock
        self._every = every
        self._since = dict.fromkeys(self._adapters, clock.now() - FIRST)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._go_on, name="poller", daemon=True)
        self.failed: dict[str, int] = dict.fromkeys(self._adapters, 0)

    def __enter__(self) -> "Poller":
        if self._adapters:
            self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        if self._adapters:
            self._thread.join(timeout=30.0)
        if error is None:
            self.ask()

    def ask(self) -> int:
        """Ask everybody once; return how many answers were new."""
        new = 0
        for name, adapter in self._adapters.items():
            begun = self._clock.now()
            try:
                found = adapter.poll(self._since[name])
            except Exception:  # noqa: BLE001  an adapter of somebody else's must not end the run
                self.failed[name] += 1
                continue
            self.failed[name] = 0
            if found:
                new += self._take_in(found)
            self._since[name] = begun - OVERLAP
        return new

    def _go_on(self) -> None:
        while True:
            self.ask()
            if self._over.wait(self._every):
                return
