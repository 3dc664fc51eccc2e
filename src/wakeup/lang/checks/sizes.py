"""How much of everything one campaign may have: more is a slip or a program's work, and would be checked for hours."""

from collections.abc import Iterator
from typing import Final

from wakeup.diagnostics import Diagnostic, Noun, diagnostic
from wakeup.lang.checked import Checked, Split, walk
from wakeup.plan.values import MAX_BANDS, MAX_TIERS
from wakeup.source import Span

MAX_JOURNEYS: Final = 200
MAX_STEPS: Final = 200
MAX_STEPS_IN_ALL: Final = 5_000
MAX_ARMS: Final = 100
MAX_MESSAGES: Final = 500
MAX_CAPS: Final = 100


def sizes(checked: Checked) -> Iterator[Diagnostic]:
    """Tiers, bands, journeys, steps, arms, messages and caps are as many as people write."""
    campaign = checked.campaign.entity.span
    yield from _most(campaign, "tiers", len(checked.tiers), MAX_TIERS)
    for bands in checked.tiers.values():
        yield from _most(bands.entity.span, "bands", len(bands.tier.bands), MAX_BANDS)
    yield from _most(campaign, "journeys", len(checked.journeys), MAX_JOURNEYS)
    everywhere = sum(1 for journey in checked.journeys for _ in walk(journey.steps))
    yield from _most(campaign, "steps", everywhere, MAX_STEPS_IN_ALL)
    for journey in checked.journeys:
        steps = tuple(walk(journey.steps))
        yield from _most(journey.entity.span, "steps", len(steps), MAX_STEPS)
        for step in steps:
            if isinstance(step, Split):
                yield from _most(step.span, "arms", len(step.arms), MAX_ARMS)
    yield from _most(campaign, "messages", sum(1 for _ in checked.of("message")), MAX_MESSAGES)
    yield from _most(campaign, "caps", len(checked.caps), MAX_CAPS)


def _most(span: Span, what: str, count: int, most: int) -> Iterator[Diagnostic]:
    if count > most:
        yield diagnostic("WK3324", span, what=Noun(what), count=count, most=most)
