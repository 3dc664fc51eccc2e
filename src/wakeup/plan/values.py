"""The numbers, words and texts of a plan, each by itself: a plan that was edited by hand is refused, not run."""

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any, Final
from zoneinfo import ZoneInfo

from attrs import fields, has

from wakeup.plan.model import Expectation, Goal, Guard, Plan
from wakeup.terms.lists import FIGURES_COUNT, FIGURES_MONEY, FIGURES_RATIO, ChannelKind, Outcome

MOST: Final = 10**17
"""Greatest number of anything: totals of many still fit 64 bits."""

LAST_INSTANT: Final = 253_370_764_800
"""The first second of the year 9999."""

MAX_CAP: Final = 100
"""Sends of a person that are remembered for a cap."""

MAX_STAFF: Final = 10_000
"""People of one staff; each is simulated."""

MAX_TIERS: Final = 100
MAX_BANDS: Final = 100
"""Bands are numbered in 8 bits."""

_INSTANTS: Final = frozenset({"start", "end", "first", "on", "instant", "opens", "closes", "at"})
_AT_LEAST_ONE: Final = frozenset(
    {
        "months",
        "rate_seconds",
        "people",
        "handles",
        "days",
        "within",
        "follow_up",
        "count",
        "parts",
        "expires",
        "wins",
        "places",
        "codes",
    }
)
_MEDIAN: Final = (-1e12, 1e12)
_SPREAD: Final = (0.0, 100.0)
"""Of an assumption: on the scale of logarithms 100 is e to the 100."""
_SHARES: Final = frozenset({"share", "sure", "odds"})
_FIGURES: Final = (*FIGURES_COUNT, *FIGURES_MONEY, *FIGURES_RATIO)
_OUTCOMES: Final = frozenset(Outcome)


def values(plan: Plan) -> Iterator[str]:
    """Say in words what no simulator could take: numbers out of range, unknown words, texts that are none."""
    yield from _walk("the plan", plan)
    yield from _zone(plan.zone)
    yield from _sizes(plan)
    yield from _words(plan)


def decimal(text: str) -> Decimal | None:
    """Return the finite number that a text says, or None."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def _walk(where: str, value: Any) -> Iterator[str]:
    """Look at every field below a value; `where` names the nearest thing with a name."""
    if isinstance(value, tuple):
        for each in value:
            yield from _leaf(where, "name", each)
            yield from _walk(where, each)
    elif has(type(value)):
        named = getattr(value, "name", "")
        where = f"{type(value).__name__.lower()} {named}" if named and not isinstance(value, Plan) else where
        for each in fields(type(value)):
            inner = getattr(value, each.name)
            yield from _leaf(where, each.name, inner)
            yield from _walk(where, inner)


def _leaf(where: str, name: str, value: Any) -> Iterator[str]:
    match value:
        case bool() | None:
            return
        case int():
            least = 1 if name in _AT_LEAST_ONE else -MOST if name in ("low", "high") else 0
            most = LAST_INSTANT if name in _INSTANTS else MOST
            if not least <= value <= most:
                yield f"{where} has {name} {value}, which is not from {least} to {most}"
        case float():
            low, high = _SPREAD if name == "sd" else _MEDIAN
            if not low <= value <= high:
                yield f"{where} has {name} {value}, which is not from {low:g} to {high:g}"
        case str():
            if not value.isascii() and any("\ud800" <= sign <= "\udfff" for sign in value):
                yield f"{where} has a {name} that is no text"
            elif name in _SHARES and value and not _is_share(value):
                yield f"{where} has {name} {value!r}, which is no share between 0 and 1"


def _is_share(text: str) -> bool:
    number = decimal(text)
    return number is not None and 0 <= number <= 1


def _in_reach(text: str) -> bool:
    number = decimal(text)
    return number is not None and abs(number) < MOST


def _zone(name: str) -> Iterator[str]:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # ZoneInfoNotFoundError is a KeyError; OSError: a folder of the data base
        yield f"there is no time zone {name!r}"


def _sizes(plan: Plan) -> Iterator[str]:
    if len(plan.tiers) > MAX_TIERS:
        yield f"there are {len(plan.tiers)} tiers; at most {MAX_TIERS} count"
    for cap in plan.cadence.caps:
        if cap.count > MAX_CAP:
            yield f"a cap allows {cap.count} sends; at most {MAX_CAP} are remembered"
    for staff in plan.staff:
        if staff.people > MAX_STAFF:
            yield f"staff {staff.name} has {staff.people} people; at most {MAX_STAFF} are simulated"
    for tier in plan.tiers:
        if len(tier.bands) > MAX_BANDS:
            yield f"tier {tier.name} has {len(tier.bands)} bands; at most {MAX_BANDS} count"


def _words(plan: Plan) -> Iterator[str]:
    for outcome in plan.awake:
        yield from _outcome("awake", outcome)
    for channel in plan.channels:
        if channel.channel_kind not in tuple(ChannelKind):
            yield f"channel {channel.name} is of the unknown kind {channel.channel_kind!r}"
    for journey in plan.journeys:
        yield from _outcome(f"the goal of journey {journey.name}", journey.goal, optional=True)
        for instruction in journey.program:
            if instruction.kind == "wait":
                for outcome in instruction.outcomes:
                    yield from _outcome(f"a wait of journey {journey.name}", outcome, optional=False)
    for scenario in plan.scenarios:
        for name, text in (("response", scenario.response), ("organic", scenario.organic)):
            factor = decimal(text)
            if factor is None or not 0 < factor <= 1000:
                yield f"scenario {scenario.name} has {name} {text!r}, which is no factor above 0 and up to 1000"
    yield from _figures(plan)


def _outcome(where: str, outcome: str, *, optional: bool = False) -> Iterator[str]:
    if outcome not in _OUTCOMES and not (optional and outcome == ""):
        yield f"{where} is the unknown outcome {outcome!r}"


def _figures(plan: Plan) -> Iterator[str]:
    """Goals, expectations, guards and promotions name figures that exist and compare them with numbers."""
    claims: tuple[Goal | Expectation | Guard, ...] = (*plan.goals, *plan.expectations, *plan.guards)
    for claim in claims:
        known = claim.figure.removeprefix("incremental_").removeprefix("uplift_") in _FIGURES
        if not known:
            yield f"there is no figure {claim.figure!r}"
        if not _in_reach(claim.value):
            yield f"{claim.figure} is compared with {claim.value!r}, which is no number"
    for promotion in plan.promotions:
        if promotion.figure not in _FIGURES:
            yield f"there is no figure {promotion.figure!r}"
    for expectation in plan.expectations:
        if not expectation.always and not expectation.sure:
            yield f"{expectation.figure} is expected without saying how surely"
