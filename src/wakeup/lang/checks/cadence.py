"""Journeys against the campaign's own caps and quiet hours."""

from collections.abc import Iterator

from wakeup.diagnostics import Diagnostic, Label, Say, diagnostic
from wakeup.lang import clock, paths
from wakeup.lang.checked import Checked, Journey, Send
from wakeup.lang.paths import Stop
from wakeup.lang.values import Limit
from wakeup.plan.model import Calendar, DayWindow, Quiet
from wakeup.plan.predicates import InTier

_LEAST_DAYS = {"day": 1, "week": 7, "month": 28}


def caps(checked: Checked) -> Iterator[Diagnostic]:
    """A journey must not itself send more often than the cadence allows, even if every wait lasts in full."""
    told: set[tuple[int, int]] = set()
    for journey in checked.journeys:
        for path in paths.paths(checked, journey):
            for limit in checked.limits():
                sends = [(stop, send) for stop, send in path.sends() if _counts(checked, limit, journey, send)]
                found = _over(limit, sends)
                if found is not None and (found.span.start, limit.span.start) not in told:
                    told.add((found.span.start, limit.span.start))
                    label = Label(limit.span, Say("this limit"))
                    yield diagnostic("WK3317", found.span, labels=(label,), count=limit.count)


def _counts(checked: Checked, limit: Limit, journey: Journey, send: Send) -> bool:
    message = checked.one("message", send.message)
    if limit.channel and (message is None or message.get("via", str) != limit.channel):
        return False
    if not limit.tier:
        return True
    return isinstance(journey.match, InTier) and (journey.match.tier, journey.match.band) == (limit.tier, limit.band)


def _over(limit: Limit, sends: list[tuple[Stop, Send]]) -> Send | None:
    """The first send that a window of the limit has no room for."""
    window = limit.window
    width = _LEAST_DAYS[window.unit] * clock.DAY if isinstance(window, Calendar) else window.seconds
    for index, (stop, _) in enumerate(sends):
        inside = [send for other, send in sends[index:] if other.late - stop.late < width]
        if len(inside) > limit.count:
            return inside[limit.count]
    return None


def quiet(checked: Checked) -> Iterator[Diagnostic]:
    """A send that always comes in quiet hours which skip it is never sent."""
    told: set[int] = set()
    for journey in checked.journeys:
        moment = clock.local(paths.entry(checked, journey), checked.zone)
        of_day = moment.hour * 3600 + moment.minute * 60 + moment.second
        for path in paths.paths(checked, journey):
            for stop, send in path.sends():
                rule = next((each for each in _quiet(checked, send) if _holds(each.window, of_day)), None)
                if stop.whole_days and rule is not None and not rule.delay and send.span.start not in told:
                    told.add(send.span.start)
                    yield diagnostic("WK3013", send.span, time=f"{moment:%H:%M}")


def _quiet(checked: Checked, send: Send) -> tuple[Quiet, ...]:
    message = checked.one("message", send.message)
    channel = None if message is None else checked.channel_of(message)
    own = None if channel is None else channel.get("quiet", Quiet)
    return checked.quiet if own is None else (*checked.quiet, own)


def _holds(window: DayWindow, of_day: int) -> bool:
    if window.start < window.end:
        return window.start <= of_day < window.end
    return of_day >= window.start or of_day < window.end
