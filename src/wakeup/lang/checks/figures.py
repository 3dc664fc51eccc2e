"""Goals and expectations that a campaign can honestly be held against."""

from collections.abc import Iterator
from typing import Final

from wakeup.diagnostics import Diagnostic, Fix, Say, Word, diagnostic
from wakeup.lang.checked import Checked
from wakeup.lang.claims import CHANNEL_FIGURES
from wakeup.lang.values import Alarm, Reaction

GROSS: Final = frozenset({"revenue", "margin", "profit", "tail_revenue"})
"""Money that would partly have come without the campaign."""


def gross(checked: Checked) -> Iterator[Diagnostic]:
    """Money earned is told as what the campaign adds."""
    for claim in checked.claims:
        figure = claim.claim.figure
        if figure in GROSS:
            fixed = Word(f"incremental_{figure}")
            fix = Fix(claim.span, fixed, Say("write"))
            yield diagnostic("WK3310", claim.span, fix=fix, figure=Word(figure), fixed=fixed)


def guards(checked: Checked) -> Iterator[Diagnostic]:
    """A channel is paused by its own figures; a share of the budget needs a budget."""
    for guard in checked.of("guard"):
        alarm, reaction = guard.get("when", Alarm), guard.get("do", Reaction)
        if alarm is None or reaction is None:
            continue
        figure = alarm.test.figure
        if alarm.test.unit == "budget_share" and checked.budget is None:
            yield diagnostic("WK3322", guard.span("when"), name=guard.name)
        if reaction.action == "pause_channel" and figure not in CHANNEL_FIGURES:
            yield diagnostic("WK3323", guard.span("when"), figure=Word(figure))
