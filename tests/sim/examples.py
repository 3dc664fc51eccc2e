"""Worked examples: pages that a person computes by hand and both simulators must agree with.

A page has a campaign (a `wake` block), the people and what they will do (a `toml` block), and the expected rows in the
table under "## Trace"; a table under "## Twins", if there is one, has the orders of the untouched twins. Times are wall
time in the campaign's zone, lengths are written "1d 2h 3min 4s", money in major units.
"""

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from attrs import frozen
from tests.sim.people import Person, population
from tests.sim.recorder import Recorder
from tests.sim.scripted import Life, Reply, Scripted

import wakeup
from wakeup.customers.population import Population
from wakeup.figures.events import Sink
from wakeup.plan.model import Plan
from wakeup.sim.task import Task
from wakeup.source import Source

PAGES = Path(__file__).parents[2] / "docs" / "semantics" / "examples"
SECONDS = {"d": 86_400, "h": 3_600, "min": 60, "s": 1}
Row = tuple[str, str, str, str, str, str, str]
"""(when, who, row, message, incentive, note, amount) as the page writes them."""

Engine = Callable[[Task, Sink], None]


@frozen
class Example:
    """A page, read."""

    plan: Plan
    people: Population
    lives: Mapping[str, Life]
    scenario: str
    trace: list[Row]
    twins: list[tuple[str, str, str]] | None

    def run(self, engine: Engine) -> Recorder:
        """Run the page on an engine."""
        scenario = next((each for each in self.plan.scenarios if each.name == self.scenario), None)
        recorder = Recorder()
        engine(Task(self.plan, self.people, Scripted(self.lives), 1, 0, scenario), recorder)
        return recorder

    def rows(self, recorder: Recorder) -> list[Row]:
        """The rows of a run in the page's words."""
        arms = {
            (journey.name, step): [arm.name for arm in instruction.arms]
            for journey in self.plan.journeys
            for step, instruction in enumerate(journey.program)
            if instruction.kind == "split"
        }
        written = []
        for t, who, kind, step, message, incentive, _, reason, arm, amount, subsidised in recorder.lines(
            self.plan, self.people
        ):
            journey = self._journey(recorder, who)
            named = arm and (arms[journey, step][int(arm)] if kind == "assigned" else f"variant {int(arm) + 1}")
            note = reason or named or ("subsidised" if subsidised else "")
            money = f"{Decimal(amount).scaleb(-self.plan.minor_digits)}" if amount else ""
            written.append((self.wall(t), who, kind, message, incentive, note, money))
        return written

    def twin_rows(self, recorder: Recorder) -> list[tuple[str, str, str]]:
        """The twins' orders in the page's words."""
        orders = recorder.twin_orders(self.people)
        return [(self.wall(t), who, f"{Decimal(amount).scaleb(-self.plan.minor_digits)}") for t, who, amount in orders]

    def wall(self, t: int) -> str:
        """An instant as the page writes it."""
        return datetime.fromtimestamp(t, ZoneInfo(self.plan.zone)).strftime("%Y-%m-%d %H:%M:%S")

    def _journey(self, recorder: Recorder, who: str) -> str:
        assert recorder.membership is not None
        row = recorder.people.index(list(self.people.ids).index(who))
        return self.plan.journeys[int(recorder.membership.journey[row])].name


def read(page: Path) -> Example:
    """Read a page; a campaign with errors raises WakeupError."""
    text = page.read_text(encoding="utf-8")
    plan = wakeup.load(Source(page.stem + ".wake", _block(text, "wake")))
    told = tomllib.loads(_block(text, "toml"))
    scenario = told.pop("scenario", "")
    zone = ZoneInfo(plan.zone)
    as_of = _instant(told.pop("as_of"), zone) if "as_of" in told else plan.start
    people = [_person(name, facts, plan, zone) for name, facts in told.items()]
    lives = {name: _life(facts, plan, zone) for name, facts in told.items()}
    twins = _table(text, "Twins") if "\n## Twins\n" in text else None
    return Example(plan, population(as_of, people), lives, scenario, _table(text, "Trace"), twins)  # type: ignore[arg-type]


def seconds(length: str) -> int:
    """A length such as "1d 2h 3min 4s"."""
    parts = [re.fullmatch(r"(\d+)(d|h|min|s)", part) for part in length.split()]
    return sum(int(part[1]) * SECONDS[part[2]] for part in parts if part)


def _block(text: str, language: str) -> str:
    return text.split(f"\n```{language}\n", 1)[1].split("\n```", 1)[0] + "\n"


def _table(text: str, heading: str) -> list[tuple[str, ...]]:
    section = text.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in lines[2:]]


def _instant(wall: datetime, zone: ZoneInfo) -> int:
    return int((wall if wall.tzinfo else wall.replace(tzinfo=zone)).timestamp())


def _minor(money: str, plan: Plan) -> int:
    return int(Decimal(money).scaleb(plan.minor_digits))


def _person(name: str, facts: Mapping[str, Any], plan: Plan, zone: ZoneInfo) -> Person:
    last = facts.get("last_order")
    return Person(
        id=name,
        last_order=None if last is None else _instant(last, zone),
        orders=facts.get("orders", 1),
        monetary=_minor(facts.get("spent", "100.00"), plan),
        tags=frozenset(facts.get("tags", ())),
        consents=facts.get("consents", {}),
        texts=facts.get("fields", {}),
        numbers=facts.get("numbers", {}),
        bought={name: _instant(last, zone) for name, last in facts.get("bought", {}).items()},
        touches=tuple((_instant(t, zone), channel) for t, channel in facts.get("touches", ())),
        zone=facts.get("zone", ""),
    )


def _life(facts: Mapping[str, Any], plan: Plan, zone: ZoneInfo) -> Life:
    first = facts.get("organic")
    return Life(
        first=None if first is None else _instant(first, zone),
        later=tuple(seconds(each) if each else None for each in facts.get("later", ())),
        baskets=tuple(_minor(each, plan) for each in facts.get("baskets", ("100.00",))),
        replies={
            (message, number): _reply(reply)
            for message, replies in facts.get("replies", {}).items()
            for number, reply in enumerate(replies)
        },
        prompts={
            (incentive, number): seconds(delay)
            for incentive, delays in facts.get("prompts", {}).items()
            for number, delay in enumerate(delays)
        },
        remembers=frozenset(facts.get("remembers", ())),
        completes=frozenset(facts.get("completes", ())),
        wins=frozenset((draw, number) for draw, joins in facts.get("wins", {}).items() for number in _said(joins)),
        scores={
            (survey, number): 100 * points
            for survey, scores in facts.get("scores", {}).items()
            for number, points in enumerate(scores)
        },
        needs_bond=frozenset(facts.get("needs_bond", ())),
        needs_match=frozenset(facts.get("needs_match", ())),
        subscribes=frozenset(
            (message, number) for message, clicks in facts.get("subscribes", {}).items() for number in _said(clicks)
        ),
        handling={
            (staff, number): seconds(length)
            for staff, lengths in facts.get("handling", {}).items()
            for number, length in enumerate(lengths)
        },
        unreachable=frozenset(facts.get("unreachable", ())),
    )


def _said(answers: Sequence[bool]) -> list[int]:
    """The places of yes."""
    return [place for place, answer in enumerate(answers) if answer]


def _reply(told: Mapping[str, Any]) -> Reply:
    delays = {
        name: seconds(told[name])
        for name in ("opened", "clicked", "opted_out", "complained", "ordered")
        if name in told
    }
    taken = {name: seconds(delay) for name, delay in told.get("taken", {}).items()}
    return Reply(delivered=told.get("delivered", True), taken=taken, **delays)
