"""Local wall time to instants: one table of offsets per zone, used by SQL and by Python alike."""

import re
from datetime import UTC, date, datetime
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from wakeup.diagnostics import WakeupError, diagnostic

ALWAYS = -(1 << 60)
"""Local second before every other; the first segment begins here."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST, _LAST = 1900, 2200
_STRIDE = 7 * 86_400
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def zone_named(name: str) -> ZoneInfo:
    """Return the IANA zone.

    Raises:
        WakeupError: WK6025, there is no such zone.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise WakeupError([diagnostic("WK6025", name=name)]) from None


@cache
def segments(name: str) -> tuple[tuple[int, int, int], ...]:
    """Return the zone's offsets as (first local second, offset in seconds, earliest instant), ascending.

    A local second L belongs to the last segment that begins at or before it and means the instant
    max(L - offset, earliest): a local time that a clock change removes is the next valid instant, a repeated one the
    first (SEMANTICS 3).
    """
    zone = zone_named(name)
    at = _year(_FIRST)
    offset = _offset(zone, at)
    found = [(ALWAYS, offset, ALWAYS)]
    while at < _year(_LAST):
        if _offset(zone, at + _STRIDE) != offset:
            change = _bisect(zone, at, at + _STRIDE)
            after = _offset(zone, change)
            found.append((change + offset, after, change))
            at, offset = change, after
        else:
            at += _STRIDE
    return tuple(found)


def instant_of(local: int, name: str) -> int:
    """Return the instant (int64 seconds UTC) of a local second since 1970-01-01 00:00 local time."""
    _, offset, earliest = next(each for each in reversed(segments(name)) if each[0] <= local)
    return max(local - offset, earliest)


def instant_from(given: int | date | str, name: str) -> int:
    """Read an instant: seconds UTC, a date (its local midnight), or ISO text; without a zone it is the named zone's.

    Raises:
        WakeupError: WK6024, the text is no ISO date or date and time.
    """
    if isinstance(given, str):
        try:
            given = date.fromisoformat(given) if _DATE.fullmatch(given) else datetime.fromisoformat(given)
        except ValueError:
            raise WakeupError([diagnostic("WK6024", text=given)]) from None
    if isinstance(given, datetime):
        if given.tzinfo is not None:
            return int((given - _EPOCH).total_seconds() // 1)
        return instant_of(int((given.replace(tzinfo=UTC) - _EPOCH).total_seconds() // 1), name)
    if isinstance(given, date):
        return instant_of((given - _EPOCH.date()).days * 86_400, name)
    return int(given)


def local_day(instant: int, name: str) -> date:
    """Return the local date of an instant."""
    return datetime.fromtimestamp(instant, zone_named(name)).date()


def local_days(first: int, second: int, name: str) -> tuple[str, str]:
    """Return the local dates of two instants as people read them; with the time where it is one date."""
    days = local_day(first, name).isoformat(), local_day(second, name).isoformat()
    if days[0] != days[1]:
        return days
    one, other = (datetime.fromtimestamp(each, zone_named(name)) for each in (first, second))
    return one.isoformat(" "), other.isoformat(" ")


def _year(year: int) -> int:
    return int((datetime(year, 1, 1, tzinfo=UTC) - _EPOCH).total_seconds())


def _offset(zone: ZoneInfo, at: int) -> int:
    shift = datetime.fromtimestamp(at, zone).utcoffset()
    return int(shift.total_seconds()) if shift is not None else 0


def _bisect(zone: ZoneInfo, low: int, high: int) -> int:
    """Return the first instant after `low` at which the offset is no longer that of `low`."""
    before = _offset(zone, low)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _offset(zone, middle) == before else (low, middle)
    return high
