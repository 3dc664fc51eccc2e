"""Phases of the timeline: in the order of time, apart from each other, near the run."""

from collections.abc import Iterator
from itertools import combinations, pairwise
from typing import Final

from wakeup.diagnostics import Diagnostic, Label, Say, diagnostic
from wakeup.lang import clock
from wakeup.lang.checked import Checked, Declared
from wakeup.lang.values import Window

FAR: Final = 366 * clock.DAY
"""Seconds between a phase and the run from which on its year was probably mistyped."""


def phases(checked: Checked) -> Iterator[Diagnostic]:
    """Two phases do not hold at once, a later one is not written first, and none is a year away from the run."""
    found = [(each, window) for each in checked.of("phase") if (window := each.get("from", Window)) is not None]
    for (first, one), (second, other) in combinations(found, 2):
        if one.start < other.end and other.start < one.end:
            yield diagnostic("WK3014", second.span("from"), labels=_label(first), first=first.name, second=second.name)
    for (first, one), (second, other) in pairwise(found):
        if other.end <= one.start:
            yield diagnostic("WK3015", second.span("from"), labels=_label(first), first=first.name, second=second.name)
    for phase, window in found:
        if window.end < checked.run.start - FAR or window.start > checked.run.end + FAR:
            run = Label(checked.campaign.span("run"), Say("the run"))
            yield diagnostic("WK3016", phase.span("from"), labels=(run,), name=phase.name)


def _label(phase: Declared) -> tuple[Label, ...]:
    return (Label(phase.span("from"), Say("the other phase")),)
