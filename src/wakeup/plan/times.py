"""Lengths, instants and windows of a plan."""

from typing import Literal

from attrs import frozen


@frozen
class Elapsed:
    """A length of `seconds` (`30d` is 30 x 86,400 s)."""

    seconds: int
    kind: Literal["elapsed"] = "elapsed"


@frozen
class Months:
    """A calendar length; adding it clamps the day."""

    months: int
    kind: Literal["months"] = "months"


@frozen
class Until:
    """Up to an instant."""

    instant: int
    kind: Literal["until"] = "until"


Period = Elapsed | Months


@frozen
class DayWindow:
    """A window of local wall time, half-open, seconds after local midnight; `start > end` crosses midnight.

    A window across midnight belongs to the day it starts.
    """

    start: int
    end: int
