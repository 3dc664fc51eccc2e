"""A channel that fails is left alone for a while: for decisions it counts as out of order, so that fallbacks act."""

from collections import deque
from typing import Final

from attrs import define, field

from wakeup.channels.protocol import Report, Verdict
from wakeup.live.executor.outbox import HELD_BACK

LOOKS_AT: Final = 20
"""Reports that the error budget is judged on."""

LEAST: Final = 6
"""Failures among them before a channel is left alone; besides, more than half must have failed."""

FIRST_REST: Final = 15
"""Seconds of the first rest; doubled after each trial that fails."""

LONGEST_REST: Final = 600
"""Seconds; a rest grows no longer."""

_FAILED: Final = frozenset({Verdict.DOUBT, Verdict.NOT_LEFT, Verdict.POLICY})


@define(eq=False)
class Breaker:
    """The error budget of one channel, in one executor's memory: a new one learns within a few sends.

    until: end of the rest, 0 while the channel works. failed: trials that failed in a row. on_trial: a trial is under
    way.
    """

    until: int = 0
    failed: int = 0
    on_trial: bool = False
    _recent: deque[bool] = field(factory=lambda: deque(maxlen=LOOKS_AT))

    def down_until(self, now: int) -> int | None:
        """Return until when decisions must do without the channel, None if they need not."""
        if self.until > now:
            return self.until
        return now + FIRST_REST if self.on_trial else None

    def room(self, now: int) -> int | None:
        """Return how many sends may be claimed: None for any number, 1 for a trial after a rest."""
        if not self.until:
            return None
        return 0 if self.until > now or self.on_trial else 1

    def claimed(self) -> None:
        """Note a claim: after a rest it is the trial."""
        self.on_trial = self.until > 0

    def heard(self, report: Report, now: int) -> None:
        """Note a report; what the executor itself held back says nothing of the channel."""
        if report.verdict is Verdict.NOT_LEFT and report.code in HELD_BACK:
            self.on_trial = False
            return
        failed = report.verdict in _FAILED
        self._recent.append(failed)
        if self.until:
            if self.on_trial:  # else it was claimed before the rest, and says nothing new
                self._tried(failed, now)
        elif report.verdict is Verdict.POLICY or self._spent():
            self._rest(now)

    def _tried(self, failed: bool, now: int) -> None:
        self.on_trial = False
        if failed:
            self.failed += 1
            self._rest(now)
        else:
            self.until = self.failed = 0

    def _rest(self, now: int) -> None:
        self.until = now + min(FIRST_REST << self.failed, LONGEST_REST)
        self._recent.clear()

    def _spent(self) -> bool:
        failures = sum(self._recent)
        return failures >= LEAST and 2 * failures > len(self._recent)
