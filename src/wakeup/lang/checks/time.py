"""Journeys, costs and scenarios against the dates of the run."""

from collections.abc import Iterator

from wakeup.diagnostics import Diagnostic, Label, Say, diagnostic
from wakeup.lang import clock, paths
from wakeup.lang.checked import Checked, Declared, Journey, Wait, walk
from wakeup.lang.schema import KINDS
from wakeup.lang.values import Cut, Outage, Window
from wakeup.plan.model import Until


def entries(checked: Checked) -> Iterator[Diagnostic]:
    """Everybody enters within the run; a run without journeys reaches nobody."""
    if not any(True for _ in checked.project.main.file.of("journey")):
        yield diagnostic("WK3318", checked.campaign.entity.span, name=checked.campaign.name)
    for journey in checked.journeys:
        entry = journey.entry
        if entry is not None and not checked.run.start <= entry.first < checked.run.end:
            yield diagnostic("WK3006", entry.span, labels=(_run(checked),), name=journey.name)


def waits(checked: Checked) -> Iterator[Diagnostic]:
    """Even who enters first must have waited in full before the run ends."""
    for journey in checked.journeys:
        first = paths.entry(checked, journey)
        if checked.run.start <= first < checked.run.end:
            yield from _too_long(checked, journey, first)
            yield from _over_already(journey, first)


def _too_long(checked: Checked, journey: Journey, first: int) -> Iterator[Diagnostic]:
    told: set[int] = set()
    for path in paths.paths(checked, journey):
        ends = [*(stop.late for stop in path.stops[1:]), path.late]
        for stop, end in zip(path.stops, ends, strict=False):
            if isinstance(stop.step, Wait) and first + end > checked.run.end:
                if stop.step.span.start not in told:
                    told.add(stop.step.span.start)
                    over = f"{clock.local(first + end, checked.zone):%Y-%m-%d}"
                    yield diagnostic("WK3005", stop.step.span, labels=(_run(checked),), date=over)
                break


def _over_already(journey: Journey, first: int) -> Iterator[Diagnostic]:
    for step in walk(journey.steps):
        if isinstance(step, Wait) and isinstance(step.length, Until) and step.length.instant <= first:
            yield diagnostic("WK3009", step.span)


def costs(checked: Checked) -> Iterator[Diagnostic]:
    """Fixed costs are booked within the run."""
    for cost in checked.of("cost"):
        on = cost.get("on", int)
        if on is not None and not checked.run.start <= on < checked.run.end:
            yield diagnostic("WK3007", cost.span("on"), labels=(_run(checked),), name=cost.name)


def scenarios(checked: Checked) -> Iterator[Diagnostic]:
    """A scenario changes something, at one time, within the run."""
    for scenario in checked.of("scenario"):
        downs = [each for each in scenario.get("down", tuple) or () if isinstance(each, Outage)]
        own = scenario.get("from", Window)
        windows = {down.window for down in downs if down.window is not None} | ({own} if own else set())
        if len(windows) > 1:
            yield diagnostic("WK3012", scenario.entity.span, name=scenario.name)
        if not any(scenario.entity.decl.prop(key) for key in KINDS["scenario"] if key != "from"):
            yield diagnostic("WK3011", scenario.entity.span, name=scenario.name)
        yield from _cuts(checked, scenario)
        for window in windows:
            if window.end <= checked.run.start or window.start >= checked.run.end:
                yield diagnostic("WK3010", scenario.entity.span, labels=(_run(checked),), name=scenario.name)


def _cuts(checked: Checked, scenario: Declared) -> Iterator[Diagnostic]:
    """What is cut is there, and is cut once."""
    first: dict[str, Cut] = {}
    for cut in scenario.get("budget", tuple) or ():
        line = "" if cut.line is None else cut.line.written
        if checked.budget is None:
            yield diagnostic("WK3017", cut.span, name=scenario.name)
        elif line in first:
            label = Label(first[line].span, Say("first said here"))
            yield diagnostic("WK3018", cut.span, labels=(label,), name=scenario.name)
        first.setdefault(line, cut)


def _run(checked: Checked) -> Label:
    return Label(checked.campaign.span("run"), Say("the run"))
