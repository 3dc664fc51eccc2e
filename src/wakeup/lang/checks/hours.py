"""Hours of the day: whether quiet hours cover what a rule asks for."""

from collections.abc import Iterable

from wakeup.plan.model import DayWindow

Hours = tuple[tuple[int, int], ...]
"""Pieces of a day, seconds after midnight, none across it."""

_DAY = 24 * 3600


def covered(windows: Iterable[DayWindow], hours: Hours) -> bool:
    """Whether the windows together hold all of the hours."""
    pieces = sorted(piece for window in windows for piece in _pieces(window))
    return all(_reached(pieces, start, end) for start, end in hours)


def _pieces(window: DayWindow) -> Hours:
    if window.start < window.end:
        return ((window.start, window.end),)
    return (window.start, _DAY), (0, window.end)


def _reached(pieces: list[tuple[int, int]], start: int, end: int) -> bool:
    at = start
    for low, high in pieces:
        if low <= at:
            at = max(at, high)
    return at >= end
