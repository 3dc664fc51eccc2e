"""Check a project: every phase in its order, on one page."""

from collections.abc import Callable, Iterable
from typing import Final

from wakeup.diagnostics import Bag, Diagnostic
from wakeup.lang import allowances, names, tuned
from wakeup.lang.checked import Checked
from wakeup.lang.checks import CHECKS, REMARKS
from wakeup.lang.checks.sizes import sizes
from wakeup.lang.project import Project
from wakeup.lang.resolve import resolve

Check = Callable[[Checked], Iterable[Diagnostic]]

PHASES: Final[tuple[tuple[Check, ...], ...]] = (CHECKS, REMARKS)
"""Checks that look for what is wrong; then, if nothing is, those that look for what is left over."""


def check(project: Project) -> tuple[Checked | None, tuple[Diagnostic, ...]]:
    """Return the checked campaign and everything found, sorted by place.

    A file without a campaign is a library: its names, types and units are checked, and the result is None. A project
    that is not whole is not looked at: what is wrong with it was said when it was loaded. What the author allows is not
    among what was found.
    """
    if not project.whole:
        return None, ()
    bag = Bag()
    bag.extend(allowances.wrong(project))
    bag.extend(tuned.misplaced(project))
    table = names.collect(project, bag)
    checked = resolve(project, table, bag)
    if checked is not None:
        too_much = tuple(sizes(checked))
        bag.extend(too_much)
        for phase in () if too_much else PHASES:
            if phase is REMARKS and bag.has_errors:
                break
            for each in phase:
                bag.extend(each(checked))
    if bag.has_errors:
        return None, _left(project, bag)
    if checked is not None:
        bag.extend(tuple(allowances.unused(project, bag)))
    return checked, _left(project, bag)


def _left(project: Project, found: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """What was found without what is allowed."""
    allowed = allowances.allowances(project)
    return tuple(each for each in found if not any(one.covers(each) for one in allowed))
