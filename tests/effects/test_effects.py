"""Every property does something: each row of docs/effects changes the plan and, in both simulators, what it says.

One replication with all parameters at their medians; people who are alike in both runs, so what differs is the change.
"""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Literal

import numpy as np
import pytest
from attrs import frozen
from tests.effects.pages import ROOT, Change, Effect, Page, pages

from wakeup.behaviour import DefaultBehaviour
from wakeup.compile import compile_project
from wakeup.customers import Population, synthetic
from wakeup.diagnostics import Diagnostic
from wakeup.face import prepared
from wakeup.figures.assemble import assemble
from wakeup.figures.events import Closing, Part, Sink
from wakeup.figures.result import Result
from wakeup.figures.tally import Tally
from wakeup.figures.trace import Trace
from wakeup.lang import load
from wakeup.lang.schema import KINDS
from wakeup.plan.json import plan_to_json
from wakeup.plan.model import Plan
from wakeup.sim.jobs import Job, Setting, run
from wakeup.source import Source
from wakeup.terms.lists import Reason, Row

Engine = Literal["array", "reference"]
PEOPLE = 200
PAGES = pages()
CHANGES = [(page, change) for page in PAGES for change in page.changes]

STATEMENTS = (
    "tier", "causes", "budget", "line", "goal", "expect", "send", "send with", "wait", "wait until", "wait for",
    "if", "else", "split", "measuring", "promote after", "promote sure", "exit", "grant", "at most", "at most per",
    "at most for", "at most via", "assume", "assume for", "rung", "customers",
)  # fmt: skip
"""What is no property of a kind and yet something to say."""


@frozen
class Seen:
    """What one run came to."""

    plan: Plan
    result: Result
    rows: Mapping[str, np.ndarray]


class Both:
    """Hands everything to two sinks."""

    def __init__(self, *sinks: Sink) -> None:
        self._sinks = sinks

    def begin(self) -> None:
        for sink in self._sinks:
            sink.begin()

    def add(self, part: Part) -> None:
        for sink in self._sinks:
            sink.add(part)

    def close(self, closing: Closing) -> None:
        for sink in self._sinks:
            sink.close(closing)


def campaign(text: str) -> tuple[Plan | None, tuple[Diagnostic, ...]]:
    # Beside the campaigns, so that the shipped libraries can be imported.
    project, found = load(Source(str(ROOT / "campaigns" / "effect.wake"), text))
    if project is None:
        return None, tuple(found)
    plan, more = compile_project(project)
    return plan, (*found, *more)


@cache
def people() -> Population:
    return synthetic(PEOPLE, seed=3)


@cache
def seen(text: str, engine: Engine, troubled: str = "") -> Seen:
    """Run a campaign, and once more under the scenario of that name if there is one."""
    plan, told = campaign(text)
    assert plan is not None, "\n".join(f"{each.code} {each.message}" for each in told)
    plan, population = prepared(plan, people())
    setting = Setting(plan, population, DefaultBehaviour(), 3, engine)
    trace, tally = Trace(), Tally(plan)
    run(setting, Job(0), Both(trace, tally))
    troubles = {}
    for scenario in (each for each in plan.scenarios if each.name == troubled):
        under = Tally(plan, scenario)
        run(setting, Job(0, scenario), under)
        troubles[scenario.name] = (under.totals(),)
    result = assemble(plan, seed=3, customers=PEOPLE, replications=(tally.totals(),), scenarios=troubles, basis=())
    return Seen(plan, result, trace.to_columns(plan))


def measured(what: str, run: Seen) -> float:
    """A number that a run came to, by the words of a page."""
    first, _, rest = what.partition(" ")
    if rest:
        return _MEASURES[first](rest, run)
    assert first in run.result.figures, f"`{what}` is nothing that is measured"
    return value(run.result.figures[first].value)


def value(number: float | None) -> float:
    return 0.0 if number is None else float(number)


def _in_scenario(words: str, run: Seen) -> float:
    scenario, figure = words.split()
    return value(run.result.scenarios[scenario][figure].value)


def _of(words: str, run: Seen) -> float:
    part, figure = words.split()
    (found,) = [each.figures[figure] for each in run.result.segments if each.by == part]
    return value(found.value)


def _spent(line: str, run: Seen) -> float:
    return next(each.spent for each in run.result.budget if each.line == line)


def _credited(channel: str, run: Seen) -> float:
    return next(each.orders for each in run.result.attribution if each.channel == channel)


def _limit(line: str, run: Seen) -> float:
    return value(next(each.limit for each in run.result.budget if each.line == line))


def _met(text: str, run: Seen) -> float:
    (met,) = [each.probability for each in (*run.result.goals, *run.result.expectations) if each.text.startswith(text)]
    return met


def _arm(words: str, run: Seen) -> float:
    arm, figure = words.split()
    (found,) = [each.figures[figure] for each in run.result.arms if each.arm == arm]
    return value(found.value)


def _rows(kind: str, run: Seen) -> float:
    assert kind.upper() in Row.__members__
    return float((run.rows["kind"] == kind).sum())


def _moment(kind: str, run: Seen) -> float:
    """The mean instant of a kind of rows."""
    at = run.rows["t"][run.rows["kind"] == kind]
    assert len(at), f"no row {kind}"
    return float(at.mean())


def _amount(kind: str, run: Seen) -> float:
    return float(run.rows["amount_minor"][run.rows["kind"] == kind].sum())


def _sends(message: str, run: Seen) -> float:
    return float(((run.rows["kind"] == "sent") & (run.rows["message"] == message)).sum())


def _reason(kind: str) -> Callable[[str, Seen], float]:
    def count(reason: str, run: Seen) -> float:
        assert reason.upper() in Reason.__members__
        return float(((run.rows["kind"] == kind) & (run.rows["reason"] == reason)).sum())

    return count


_MEASURES: dict[str, Callable[[str, Seen], float]] = {
    "rows": _rows,
    "amount": _amount,
    "moment": _moment,
    "sends": _sends,
    "refused": _reason("refused"),
    "delayed": _reason("delayed"),
    "spent": _spent,
    "limit": _limit,
    "credited": _credited,
    "scenario": _in_scenario,
    "part": _of,
    "arm": _arm,
    "met": _met,
    "promoted": lambda arm, run: sum(arms.get(arm, 0.0) for arms in run.result.promoted.values()),
    "tripped": lambda guard, run: sum(share for name, share in run.result.tripped.items() if name.startswith(guard)),
    "phase": lambda name, run: sum(each.sent for each in run.result.phases if each.name == name),
}


def holds(effect: Effect, before: Seen, after: Seen) -> bool:
    if effect.way in ("later", "earlier"):
        first, second = (_moment(effect.what, each) for each in (before, after))
        return second > first if effect.way == "later" else second < first
    first, second = (measured(effect.what, each) for each in (before, after))
    return {"up": second > first, "down": second < first, "changes": second != first}[effect.way]


@pytest.mark.parametrize("page", PAGES, ids=[f"{page.name}-{number}" for number, page in enumerate(PAGES)])
def test_the_campaign_of_a_page_is_clean(page: Page) -> None:
    plan, told = campaign(page.campaign)
    assert plan is not None
    assert [(each.code, each.message) for each in told if each.severity.value != "note"] == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("number", "page", "change"), [(n, *each) for n, each in enumerate(CHANGES)], ids=[each.id for _, each in CHANGES]
)
def test_a_change_shows(number: int, page: Page, change: Change) -> None:
    """In the array simulator; in the reference too for every fourth row, and for all rows in the long form."""
    assert_shows(page, change, ("array", "reference") if number % 4 == 0 else ("array",))


@pytest.mark.proof
@pytest.mark.parametrize(("page", "change"), CHANGES, ids=[change.id for _, change in CHANGES])
def test_a_change_shows_in_the_reference(page: Page, change: Change) -> None:
    assert_shows(page, change, ("reference",))


def assert_shows(page: Page, change: Change, engines: tuple[Engine, ...]) -> None:
    text = change.made(page.campaign)
    plan, told = campaign(text)
    if change.effect.way == "said":
        assert change.effect.what in {each.code for each in told}
        assert change.effect.what not in {each.code for each in campaign(page.campaign)[1]}
        return
    original, _ = campaign(page.campaign)
    assert plan is not None, "\n".join(f"{each.code} {each.message}" for each in told)
    assert original is not None
    assert plan_to_json(plan) != plan_to_json(original)
    troubled = change.effect.what.split()[1] if change.effect.what.startswith("scenario ") else ""
    for engine in engines:
        before, after = seen(page.campaign, engine, troubled), seen(text, engine, troubled)
        assert holds(change.effect, before, after), (engine, change.effect)


def test_everything_that_can_be_said_is_swept() -> None:
    swept = {change.subject for _, change in CHANGES}
    wanted = {f"{kind}.{key}" for kind, keys in KINDS.items() for key in keys} | set(STATEMENTS)
    assert sorted(wanted - swept) == []
    assert sorted(swept - wanted) == []


def test_the_pages_are_listed() -> None:
    index = (ROOT / "docs" / "effects" / "README.md").read_text("utf-8")
    assert [page.name for page in PAGES if f"({page.name}.md)" not in index] == []
