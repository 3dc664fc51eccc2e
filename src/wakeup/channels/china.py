"""What providers of text messages in China share: their clock, their way to write numbers, and replies that mean no."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Final

BEIJING: Final = timezone(timedelta(hours=8))
"""Beijing time; there has been no summer time since 1991."""

OPT_OUT_WORDS: Final = "R,T,TD,N,退订"
"""Replies by which people refuse messages; a message says which one it means ("拒收请回复R")."""


def domestic(phone: str) -> str:
    """A number as these providers know it: 11 digits on the mainland, else country code and number without a plus."""
    digits = phone.strip().removeprefix("+")
    return digits[2:] if phone.strip().startswith("+86") and len(digits) == 13 else digits


def international(phone: str, country: str = "") -> str:
    """The same number with plus and country code, as `domestic` or a country and a number say it; "" stays ""."""
    digits = phone.strip().removeprefix("+")
    if country or not digits:
        return digits and f"+{country.strip().removeprefix('+')}{digits}"
    return f"+86{digits}" if len(digits) == 11 and digits.startswith("1") else f"+{digits}"


def instant(text: str, otherwise: float) -> int:
    """Seconds UTC of "2026-11-22 08:00:00" in Beijing time; `otherwise` where it is anything else."""
    try:
        return int(datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=BEIJING).timestamp())
    except ValueError:
        return int(otherwise)


def day(t: float) -> str:
    """The day of an instant in Beijing, as 20261122."""
    return datetime.fromtimestamp(t, UTC).astimezone(BEIJING).strftime("%Y%m%d")


def until_hour(now: float, hour: int) -> int:
    """Seconds until the next time that it is this hour in Beijing."""
    return (hour * 3600 - int(now + 8 * 3600)) % 86_400 or 86_400


def until_midnight(now: float) -> int:
    """Seconds until the next day begins in Beijing."""
    return until_hour(now, 0)


def refuses(reply: str, words: str) -> bool:
    """Whether a reply is one of the words (separated by commas) that mean: no more messages."""
    return reply.strip().casefold() in {word.strip().casefold() for word in words.split(",") if word.strip()}
