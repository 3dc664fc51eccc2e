"""How a run stands: the figures that a forecast has, of what really happened so far, without twins.

Nobody knows what treated people would have done without the campaign. So there is no incremental figure; the uplift
over the people held out is there, with the noise that it has.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, Protocol, TypeVar

from attrs import asdict, evolve, frozen

from wakeup.figures.assemble import assemble
from wakeup.figures.events import Part
from wakeup.figures.result import Figure, Figures, Result
from wakeup.figures.tally import Tally
from wakeup.live.core.person import load
from wakeup.live.core.shared import read
from wakeup.live.figures import Member, Places, closing_of, part_of
from wakeup.live.rows import Entry
from wakeup.live.store.protocol import Reader, Switch
from wakeup.plan.json import plan_from_json
from wakeup.plan.model import Plan

FORMAT_VERSION: Final = "1"

_Z90: Final = 1.6448536269514722
"""Normal quantile of .95."""

_PAGE: Final = 5_000
"""Rows that are read from a store at a time."""

_OF_TWINS: Final = ("incremental_", "roi")
"""How figures begin that need twins."""


@frozen(eq=False)
class Standing:
    """A run at an instant (`at`, seconds UTC).

    plan: the newest version, with the names of older ones. people: number per status (`live.rows.Enrolment`). sends:
    number per channel and state (`live.rows.SendState`). result: its figures, segments, arms, reasons, delays, budget,
    days and experiments as in a forecast of one replication, without what needs twins; uplifts have their 90 %
    interval. part: what happened, as a simulator hands it to a sink.
    """

    plan: Plan
    at: int
    switch: Switch
    people: Mapping[str, int]
    sends: Mapping[str, Mapping[str, int]]
    result: Result
    part: Part

    def to_dict(self) -> dict[str, Any]:
        """Return the documented form as plain dicts, lists, texts and numbers."""
        result = self.result
        return {
            "format_version": FORMAT_VERSION,
            "plan": dict(result.plan),
            "currency": result.currency,
            "at": self.at,
            "switch": self.switch.value,
            "people": dict(self.people),
            "sends": {channel: dict(states) for channel, states in self.sends.items()},
            "figures": _tree(result.figures),
            "segments": [{"by": each.by, "figures": _tree(each.figures)} for each in result.segments],
            "arms": [
                {"journey": each.journey, "split": each.split, "arm": each.arm, "figures": _tree(each.figures)}
                for each in result.arms
            ],
            "reasons": dict(result.reasons),
            "delays": dict(result.delays),
            "budget": [asdict(each) for each in result.budget],
            "days": [
                {"date": each.date, "sent": each.sent, "orders": each.orders, "revenue": each.revenue}
                for each in result.days
            ],
        }


def _tree(figures: Figures) -> dict[str, Any]:
    return {
        name: {"value": each.value, "low": each.low, "high": each.high, "unit": each.unit}
        for name, each in figures.items()
    }


def standing(reader: Reader, campaign: str, now: int) -> Standing | None:
    """Return how a campaign stands; None where the store has it not, or nobody is enrolled.

    now: seconds UTC; of a rehearsed campaign, which is played in its own time, the instant after its last row.
    """
    plans = [plan_from_json(each.plan.encode()) for each in reader.versions(campaign)]
    if not plans:
        return None
    plan = known_names(plans)
    places = Places(plan)
    members = list(_members(reader, campaign, places))
    if not members:
        return None
    shared = read(reader.shared(campaign), plan)
    rows = list(_rows(reader, campaign))
    now = max(now, max((each.t for each in rows), default=now - 1) + 1)
    part = part_of(places, members, rows, shared.eligible, shared.no_journey)
    sink = Tally(plan)
    sink.add(part)
    sink.close(closing_of(plan, shared))
    result = assemble(plan, seed=0, customers=len(members), replications=[sink.totals()], scenarios={}, basis=())
    sends: dict[str, dict[str, int]] = defaultdict(dict)
    for (channel, state), count in reader.send_counts(campaign).items():
        sends[channel][state] = count
    return Standing(
        plan, now, reader.switch(campaign), Counter(reader.count(campaign)), sends, _without_twins(result), part
    )


def known_names(plans: Sequence[Plan]) -> Plan:
    """Return the newest plan (the last) with what only older versions have: rows may name it."""
    newest = plans[-1]
    for plan in reversed(plans[:-1]):
        newest = evolve(
            newest,
            journeys=_with(newest.journeys, plan.journeys),
            messages=_with(newest.messages, plan.messages),
            channels=_with(newest.channels, plan.channels),
            incentives=_with(newest.incentives, plan.incentives),
            staff=_with(newest.staff, plan.staff),
        )
    return newest


class _Named(Protocol):
    @property
    def name(self) -> str: ...


_Part = TypeVar("_Part", bound=_Named)


def _with(known: tuple[_Part, ...], others: Sequence[_Part]) -> tuple[_Part, ...]:
    """Return parts and those of other names."""
    names = {each.name for each in known}
    return (*known, *(each for each in others if each.name not in names))


def _without_twins(result: Result) -> Result:
    """Leave out what needs twins; tell the noise of what is compared with the held out."""
    return evolve(
        result,
        figures=_real(result.figures),
        segments=tuple(evolve(each, figures=_real(each.figures)) for each in result.segments),
        arms=tuple(evolve(each, figures=_real(each.figures)) for each in result.arms),
    )


def _real(figures: Figures) -> Figures:
    return {name: _noisy(name, each) for name, each in figures.items() if not name.startswith(_OF_TWINS)}


def _noisy(name: str, figure: Figure) -> Figure:
    error = figure.parts["finite_sample"]
    if not name.startswith("uplift_") or figure.value is None or error is None:
        return figure
    return evolve(figure, low=figure.value - _Z90 * error, high=figure.value + _Z90 * error)


def _members(reader: Reader, campaign: str, places: Places) -> Iterator[Member]:
    after = -1
    while found := reader.people(campaign, None, after, _PAGE):
        for each in found:
            yield places.member(load(each))
        after = found[-1].customer


def _rows(reader: Reader, campaign: str) -> Iterator[Entry]:
    after = 0
    while found := reader.entries(campaign, after, _PAGE):
        for _, entry in found:
            yield entry
        after = found[-1][0]
