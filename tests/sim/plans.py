"""Small plans built by hand: one journey over one or two channels, everything else left out unless a test says so.

The run is 1 to 31 May 2026 in UTC; everybody may enter at once on 1 May at 10:00.
"""

from datetime import UTC, datetime
from typing import Any

from wakeup.plan.model import (
    AmountOff,
    Attribution,
    Channel,
    Coupon,
    DayWindow,
    Elapsed,
    Instruction,
    Journey,
    Message,
    Plan,
    Rung,
    Send,
    Wait,
    Wave,
)
from wakeup.plan.predicates import EVERYONE

MINUTE, HOUR, DAY = 60, 3_600, 86_400


def at(day: int, hour: int = 0, minute: int = 0, second: int = 0, *, month: int = 5, year: int = 2026) -> int:
    """The instant of a UTC time, by default in May 2026."""
    return int(datetime(year, month, day, hour, minute, second, tzinfo=UTC).timestamp())


START, ENTRY, END = at(1), at(1, 10), at(1, month=6)


def window(start: int, end: int) -> DayWindow:
    """A daily window in whole hours."""
    return DayWindow(start * HOUR, end * HOUR)


def sms(**changes: Any) -> Channel:
    """A text message channel, free and without limits unless said."""
    return Channel(**{"name": "sms", "channel_kind": "sms"} | changes)


def email(**changes: Any) -> Channel:
    """An e-mail channel, free and without limits unless said."""
    return Channel(**{"name": "email", "channel_kind": "email"} | changes)


def nudge(**changes: Any) -> Message:
    """A message by `sms`."""
    return Message(**{"name": "nudge", "channel": "sms", "text": "Come back"} | changes)


def letter(**changes: Any) -> Message:
    """A message by `email`."""
    return Message(**{"name": "letter", "channel": "email", "text": "We miss you"} | changes)


def coupon(amount: int = 500, threshold: int = 5_000, *, days: int = 7, **changes: Any) -> Coupon:
    """A coupon of one rung for everybody: `amount` off baskets from `threshold`, valid for `days`."""
    rung = Rung(AmountOff(amount, threshold), Elapsed(days * DAY))
    return Coupon(**{"name": "gift5", "title": "", "rungs": (rung,)} | changes)


def send(message: str = "nudge", *incentives: str, step: str = "s", expires: int = 3 * DAY) -> Send:
    """An instruction to send."""
    return Send(step, message, incentives, expires)


def wait(days: float, outcome: str = "") -> Wait:
    """An instruction to wait for days, or for the outcome up to then."""
    return Wait(Elapsed(int(days * DAY)), (outcome,) if outcome else ())


def journey(*program: Instruction, **changes: Any) -> Journey:
    """A journey for everybody, entering at ENTRY, that an order ends."""
    base = {"name": "wake", "match": EVERYONE, "wave": Wave(ENTRY), "program": program, "salt": "wake"}
    return Journey(**base | changes)


def campaign(*journeys: Journey, **changes: Any) -> Plan:
    """A campaign for everybody without holdout, with the two channels and messages."""
    base: dict[str, Any] = {
        "name": "spring",
        "title": "Spring",
        "doc": "",
        "currency": "EUR",
        "minor_digits": 2,
        "zone": "UTC",
        "start": START,
        "end": END,
        "audience": EVERYONE,
        "holdout": "0",
        "holdout_salt": "spring",
        "awake": ("order",),
        "margin": "0.5",
        "budget": None,
        "attribution": Attribution("last_touch", 7 * DAY),
        "journeys": journeys,
        "channels": (sms(), email()),
        "messages": (nudge(), letter()),
    }
    return Plan(**base | changes)
