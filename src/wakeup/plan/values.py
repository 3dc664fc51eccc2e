"""The numbers, words and texts of a plan, each by itself: a plan that was edited by hand is refused, not run."""

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any, Final
from zoneinfo import ZoneInfo

from attrs import fields, has

from wakeup.diagnostics import Figure, Key, Named, Piece, Say
from wakeup.plan.model import Expectation, Goal, Guard, Plan
from wakeup.plan.parts import Part, owner
from wakeup.plan.predicates import Bought, Compare
from wakeup.terms.lists import FIGURES_COUNT, FIGURES_GUARD, FIGURES_MONEY, FIGURES_RATIO, ChannelKind, Outcome

MOST: Final = 10**17
"""Greatest number of anything: totals of many still fit 64 bits."""

LAST_INSTANT: Final = 253_370_764_800
"""The first second of the year 9999."""

MAX_CAP: Final = 100
"""Sends of a person that are remembered for a cap."""

MAX_STAFF: Final = 10_000
"""People of one staff; each is simulated."""

MAX_MONTHS: Final = 1200
"""Calendar months of a period: a hundred years, so that every instant moved by it has a date."""

MAX_TIERS: Final = 20
"""Each takes a column of everybody's bands."""

MAX_BANDS: Final = 100
"""They are numbered in 8 bits."""

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
_GUARD_COUNTS: Final = frozenset(FIGURES_GUARD) & frozenset(FIGURES_COUNT)
_OUTCOMES: Final = frozenset(Outcome)


def values(plan: Plan) -> Iterator[Say]:
    """Say in words what no simulator could take: numbers out of range, unknown words, texts that are none."""
    yield from _walk(Say("the plan"), plan)
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


def _walk(where: Piece, value: Any) -> Iterator[Say]:
    """Look at every field below a value; `where` names the nearest thing with a name."""
    if isinstance(value, tuple):
        for each in value:
            yield from _leaf(where, "name", each)
            yield from _walk(where, each)
    elif has(type(value)):
        named = getattr(value, "name", "")
        where = owner(type(value).__name__.lower(), named) if named and not isinstance(value, Plan) else where
        for each in fields(type(value)):
            inner = getattr(value, each.name)
            yield from _leaf(where, each.name, inner)
            yield from _walk(where, inner)
        yield from _ages(where, value)


def _ages(where: Piece, value: Any) -> Iterator[Say]:
    """Ages in calendar months that a condition compares with."""
    match value:
        case Bought(within=int() as months, months=True) | Compare(value=int() as months, unit="months"):
            if not -MAX_MONTHS <= months <= MAX_MONTHS:
                yield Say(
                    "{where} compares with {number} months; at most {most} have a date",
                    where=where,
                    number=months,
                    most=MAX_MONTHS,
                )


def _leaf(where: Piece, name: str, value: Any) -> Iterator[Say]:
    match value:
        case bool() | None:
            return
        case int():
            least = 1 if name in _AT_LEAST_ONE else -MOST if name in ("low", "high") else 0
            most = LAST_INSTANT if name in _INSTANTS else MAX_MONTHS if name == "months" else MOST
            if not least <= value <= most:
                yield _outside(where, name, value, least, most)
        case float():
            low, high = _SPREAD if name == "sd" else _MEDIAN
            if not low <= value <= high:
                yield _outside(where, name, value, f"{low:g}", f"{high:g}")
        case str():
            if not value.isascii() and any("\ud800" <= sign <= "\udfff" for sign in value):
                yield Say("{where} has a {name} that is no text", where=where, name=Part(name))
            elif name in _SHARES and value and not _is_share(value):
                yield Say(
                    "{where} has {name} {value!r}, which is no share between 0 and 1",
                    where=where,
                    name=Part(name),
                    value=value,
                )


def _outside(where: Piece, name: str, value: float, least: int | str, most: int | str) -> Say:
    return Say(
        "{where} has {name} {value}, which is not from {least} to {most}",
        where=where,
        name=Part(name),
        value=value,
        least=least,
        most=most,
    )


def _is_share(text: str) -> bool:
    number = decimal(text)
    return number is not None and 0 <= number <= 1


def _in_reach(text: str) -> bool:
    number = decimal(text)
    return number is not None and abs(number) < MOST


def _zone(name: str) -> Iterator[Say]:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # ZoneInfoNotFoundError is a KeyError; OSError: a folder of the data base
        yield Say("there is no time zone {name!r}", name=name)


def _sizes(plan: Plan) -> Iterator[Say]:
    if len(plan.tiers) > MAX_TIERS:
        yield Say("there are {count} tiers; at most {most} count", count=len(plan.tiers), most=MAX_TIERS)
    for cap in plan.cadence.caps:
        if cap.count > MAX_CAP:
            yield Say("a cap allows {count} sends; at most {most} are remembered", count=cap.count, most=MAX_CAP)
    for staff in plan.staff:
        if staff.people > MAX_STAFF:
            yield Say(
                "{staff} has {count} people; at most {most} are simulated",
                staff=Named("staff", staff.name),
                count=staff.people,
                most=MAX_STAFF,
            )
    for tier in plan.tiers:
        if len(tier.bands) > MAX_BANDS:
            yield Say(
                "{tier} has {count} bands; at most {most} count",
                tier=Named("tier", tier.name),
                count=len(tier.bands),
                most=MAX_BANDS,
            )


def _words(plan: Plan) -> Iterator[Say]:
    for outcome in plan.awake:
        yield from _outcome(Key("awake"), outcome)
    for channel in plan.channels:
        if channel.channel_kind not in tuple(ChannelKind):
            yield Say(
                "{channel} is of the unknown kind {kind!r}",
                channel=Named("channel", channel.name),
                kind=channel.channel_kind,
            )
    for journey in plan.journeys:
        yield from _outcome(Say("the goal of journey {name}", name=journey.name), journey.goal, optional=True)
        for instruction in journey.program:
            if instruction.kind == "wait":
                for outcome in instruction.outcomes:
                    yield from _outcome(Say("a wait of journey {name}", name=journey.name), outcome, optional=False)
    for scenario in plan.scenarios:
        for name, text in (
            *((name, getattr(scenario, name)) for name in ("response", "organic", "complaints", "prices")),
            *(("budget", cut.factor) for cut in scenario.budget),
        ):
            factor = decimal(text)
            if factor is None or not 0 < factor <= 1000:
                yield Say(
                    "{scenario} has {name} {value!r}, which is no factor above 0 and up to 1000",
                    scenario=Named("scenario", scenario.name),
                    name=Part(name),
                    value=text,
                )
    yield from _figures(plan)


def _outcome(where: Piece, outcome: str, *, optional: bool = False) -> Iterator[Say]:
    if outcome not in _OUTCOMES and not (optional and outcome == ""):
        yield Say("{where} is the unknown outcome {outcome!r}", where=where, outcome=outcome)


def _exists(figure: str) -> bool:
    return figure.removeprefix("incremental_").removeprefix("uplift_") in _FIGURES


def _figures(plan: Plan) -> Iterator[Say]:
    """Goals, expectations, guards and promotions name figures that exist and compare them with numbers."""
    claims: tuple[Goal | Expectation | Guard, ...] = (*plan.goals, *plan.expectations, *plan.guards)
    for claim in claims:
        if not _exists(claim.figure):
            yield Say("there is no figure {figure!r}", figure=claim.figure)
        if not _in_reach(claim.value):
            yield Say(
                "{figure} is compared with {value!r}, which is no number",
                figure=Figure(claim.figure),
                value=claim.value,
            )
    for guard in plan.guards:
        if _exists(guard.figure) and guard.figure not in FIGURES_GUARD:
            yield Say(
                "{guard} watches {figure}, which is known only after the run",
                guard=Named("guard", guard.name),
                figure=Figure(guard.figure),
            )
        if guard.after_figure and guard.after_figure not in _GUARD_COUNTS:
            yield Say(
                "{guard} waits for {figure!r}, which is no count that a guard can watch",
                guard=Named("guard", guard.name),
                figure=Figure(guard.after_figure),
            )
    for promotion in plan.promotions:
        if promotion.figure not in _FIGURES:
            yield Say("there is no figure {figure!r}", figure=promotion.figure)
    for expectation in plan.expectations:
        if not expectation.always and not expectation.sure:
            yield Say("{figure} is expected without saying how surely", figure=Figure(expectation.figure))
