"""How an executor works: sizes, time limits, and per channel what nobody but the user can decide."""

import math
from collections.abc import Mapping
from typing import Final, Literal

from attrs import field, frozen

from wakeup.channels.protocol import Capabilities

DEFAULT_SLACK: Final = 5
"""Seconds between the latest byte of a call and the end of its lease: clocks of several machines differ."""


@frozen
class Conduct:
    """What a user orders for a channel in `wakeup.toml`.

    on_doubt: what becomes of a send in doubt where the provider knows neither key nor look-up: "unknown" (at most once)
    or "resend" (at least once). per_second: most sends a second and executor, besides the plan's rate (0: no such
    limit); kept where calls are made on threads.
    """

    on_doubt: Literal["unknown", "resend"] = "unknown"
    per_second: float = 0.0


@frozen
class Settings:
    """How an executor works.

    holder: its name in leases and in the audit log (no personal data). batch: most people, answers and reports in one
    transaction. threads: False sends in the calling thread, one after the other, as a rehearsal does. slack: seconds,
    see DEFAULT_SLACK. pause_after: trials of a broken channel that fail in a row before the campaign is paused.
    """

    holder: str
    batch: int = 100
    threads: bool = True
    slack: int = DEFAULT_SLACK
    pause_after: int = 6
    conduct: Mapping[str, Conduct] = field(factory=dict)


@frozen
class Rules:
    """What the protocol of sends rests on, of one channel: the provider's promises and the user's order.

    key_window, look_up, grace, confirms: as in `Capabilities`. call: seconds that one call may take, rounded up. slack:
    seconds.
    """

    key_window: int
    look_up: bool
    grace: int
    call: int
    slack: int
    on_doubt: Literal["unknown", "resend"]
    confirms: bool = False

    @property
    def lease(self) -> int:
        """Seconds that a claim holds: the call waits for its turn at most as long as it may take itself."""
        return 2 * self.call + self.slack


def rules_of(capabilities: Capabilities, conduct: Conduct, slack: int) -> Rules:
    """Return the rules of a channel."""
    return Rules(
        capabilities.key_window,
        capabilities.look_up,
        capabilities.grace,
        math.ceil(capabilities.timeout),
        slack,
        conduct.on_doubt,
        capabilities.confirms,
    )
