"""Prices and events that have a time of their own, against the run and the steps that offer them."""

from collections.abc import Iterator

from attrs import frozen

from wakeup.diagnostics import Diagnostic, Label, Say, diagnostic
from wakeup.lang import clock, paths
from wakeup.lang.checked import Checked, Declared, Grant, Journey, Send, Wait
from wakeup.lang.paths import Path, Stop
from wakeup.lang.values import Window
from wakeup.source import Span


def dates(checked: Checked) -> Iterator[Diagnostic]:
    """An event takes place within the run; a flash price holds in some of it."""
    run = checked.run
    for incentive in checked.of("incentive"):
        at, window = incentive.get("on", int), incentive.get("from", Window)
        label = Label(checked.campaign.span("run"), Say("the run"))
        if at is not None and not run.start <= at < run.end:
            yield diagnostic("WK3020", incentive.span("on"), labels=(label,), name=incentive.name)
        if window is not None and (window.end <= run.start or window.start >= run.end):
            yield diagnostic("WK3021", incentive.span("from"), labels=(label,), name=incentive.name)


@frozen
class _Limit:
    """The instant from which an incentive cannot be given any more, and where that is said."""

    instant: int
    span: Span

    @property
    def label(self) -> Label:
        return Label(self.span, Say("its time"))


def _limit(checked: Checked, name: str) -> _Limit | None:
    incentive = checked.one("incentive", name)
    if incentive is None:
        return None
    at, window = incentive.get("on", int), incentive.get("from", Window)
    if at is not None:
        return _Limit(at, incentive.span("on"))
    return None if window is None else _Limit(window.end, incentive.span("from"))


def offered_in_time(checked: Checked) -> Iterator[Diagnostic]:
    """What has a time of its own is offered before that is over, to those who enter first and wait in full."""
    for journey in checked.journeys:
        first = paths.entry(checked, journey)
        told: dict[tuple[int, str], Diagnostic] = {}
        for path in paths.paths(checked, journey):
            for stop, step in path.gives():
                for name in step.incentives:
                    found = _too_late(checked, name, stop, step, first)
                    known = told.get((step.span.start, name))
                    if found is not None and (known is None or known.code > found.code):
                        told[step.span.start, name] = found
        yield from told.values()


def _too_late(checked: Checked, name: str, stop: Stop, step: Send | Grant, first: int) -> Diagnostic | None:
    limit = _limit(checked, name)
    if limit is None:
        return None
    if first + stop.early >= limit.instant:
        return diagnostic("WK3022", step.span, labels=(limit.label,), name=name)
    if first + stop.late >= limit.instant:
        days = f"{stop.late / clock.DAY:g}"
        return diagnostic("WK3023", step.span, labels=(limit.label,), name=name, days=days)
    return None


def attendance(checked: Checked) -> Iterator[Diagnostic]:
    """Who waits for people to come to an event waits until it has begun."""
    for journey in checked.journeys:
        told: set[int] = set()
        for path in paths.paths(checked, journey):
            for wait, begins in _short(checked, journey, path):
                if wait.span.start not in told:
                    told.add(wait.span.start)
                    date = f"{clock.local(begins, checked.zone):%Y-%m-%d}"
                    yield diagnostic("WK3024", wait.span, date=date)


def _short(checked: Checked, journey: Journey, path: Path) -> Iterator[tuple[Wait, int]]:
    """The waits on a way that are over before the first of the events that were offered on it begins."""
    first = paths.entry(checked, journey)
    ends = [*(stop.late for stop in path.stops[1:]), path.late]
    events: list[int] = []
    for stop, end in zip(path.stops, ends, strict=False):
        if isinstance(stop.step, Send):
            events += _begins(checked, stop.step)
        if isinstance(stop.step, Wait) and "attend" in stop.step.outcomes and events and first + end < min(events):
            yield stop.step, min(events)


def _begins(checked: Checked, send: Send) -> Iterator[int]:
    found: Iterator[Declared | None] = (checked.one("incentive", name) for name in send.incentives)
    instants = (None if each is None else each.get("on", int) for each in found)
    return (at for at in instants if at is not None)
