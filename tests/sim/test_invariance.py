"""What must not change a row: buckets, chunks, the order of the data, other people, an arm that others get.

All of it on the array simulator alone; that it is right at all is what `test_equivalence` and `test_motifs` are for.
"""

from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from attrs import evolve
from tests.sim.cases import FEATURES, Case
from tests.sim.comparing import Told, difference, told
from tests.sim.lively import Lively
from tests.sim.motifs.every import MOTIFS
from tests.sim.people import Person, key_of
from tests.sim.plans import START, campaign, coupon, email, journey, letter, nudge, send, sms, wait
from tests.sim.recorder import Line
from tests.sim.strategies import trial_of
from tests.sim.trials import Trial

from wakeup.customers import from_history
from wakeup.draws import share
from wakeup.plan.model import Activity, Arm, Elapsed, Gift, Jump, Message, Plan, Split
from wakeup.sim import array
from wakeup.sim.array import calendar, engine
from wakeup.sim.task import Task

MINUTE, HOUR, DAY = 60, 3_600, 86_400
BY_NAME = {each.name: each for each in MOTIFS}

SHARING = (
    "dry stock", "dry rate", "dry desk for sends", "dry line of faces", "guard stops", "promotion", "capacity exited",
)  # fmt: skip
"""Motifs in which people touch each other: their order counts."""

APART = frozenset(FEATURES) - {
    *("stock", "budget", "face", "codes", "rate", "capacity", "staff", "guards", "promotion", "waves", "activities"),
    *("branches", "variants", "rules", "bonds"),
}
"""Features with which nobody touches anybody else: no limit, no queue, no rank (waves, scores in conditions)."""


class InOrder:
    """The array simulator's ordered engine alone, as an engine."""

    @staticmethod
    def run(task: Any, sink: Any, **options: Any) -> None:
        calendar.run(task, sink, **options)


def assert_same(one: Told, other: Told) -> None:
    found = difference(one, other)
    assert found is None, found.text


def of_people(lines: Sequence[Line], names: set[str]) -> list[Line]:
    return [line for line in lines if line[1] in names]


# --- buckets and chunks -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SHARING)
def test_no_bucket_changes_a_row(name: str) -> None:
    task = BY_NAME[name].drawn(0).task()
    whole = told(task, InOrder, bucket=40 * DAY)
    for bucket in (7 * MINUTE, HOUR, DAY):
        assert_same(whole, told(task, InOrder, bucket=bucket))


@pytest.mark.parametrize("name", SHARING)
def test_it_does_not_matter_whether_crowds_are_played_apart(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    task = BY_NAME[name].drawn(2).task()
    monkeypatch.setattr(engine, "_CROWD", 2)
    found = []
    for never_below in (0, engine._WIDEST):
        monkeypatch.setattr(engine, "_NARROW", never_below)
        found.append(told(task, InOrder))
    assert_same(*found)


@pytest.mark.parametrize("name", [*SHARING, "addressed", "offer member_price", "cap week", "chained fallbacks"])
def test_no_chunk_changes_a_row(name: str) -> None:
    task = BY_NAME[name].drawn(1).task()
    whole = told(task, array)
    for chunk in (1, 2, 13):
        assert_same(whole, told(task, array, chunk=chunk))


@pytest.mark.parametrize("seed", range(3))
def test_no_chunk_changes_a_row_of_generated_plans(seed: int) -> None:
    task = trial_of(Case(seed, 23, frozenset(FEATURES) - ({"guards", "promotion"} if seed else set()))).task()
    assert_same(told(task, array), told(task, array, chunk=5))


# --- the order of the data --------------------------------------------------------------------------------------------


def test_the_order_of_customers_in_the_source_changes_nothing(tmp_path: Path) -> None:
    """Shares, ranks, draws and ties hang on the customer's id alone, which no source can reorder."""
    some, rows = Random(5), []
    for _ in range(300):
        day = f"2026-0{some.randrange(1, 5)}-{some.randrange(1, 28):02d} 10:{some.randrange(60):02d}:00"
        rows.append(f"c{some.randrange(90)},{day},{some.randrange(5, 99)}.50")
    trial, found = BY_NAME["promotion"].drawn(0), []
    for number in range(3):
        path = tmp_path / f"{number}.csv"
        path.write_text("\n".join(("customer_id,order_time,amount", *rows)) + "\n", "utf-8")
        people = from_history(path, as_of=START).population
        found.append(told(Task(trial.plan, people, Lively(), 1, 0), array))
        some.shuffle(rows)
    assert len(found[0].lines) > 200
    for each in found[1:]:
        assert_same(found[0], each)


# --- other people -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [0, 2, 3])
def test_other_people_change_nothing_where_nothing_is_shared(seed: int) -> None:
    trial = trial_of(Case(seed, 60, APART))
    alone = evolve(trial, people=trial.people[::2])
    names = {each.id for each in alone.people}
    among, by_themselves = told(trial.task(), array), told(alone.task(), array)
    assert len(by_themselves.lines) > 20
    assert of_people(among.lines, names) == by_themselves.lines
    assert [each for each in among.twins if each[1] in names] == by_themselves.twins


# --- an added arm -----------------------------------------------------------------------------------------------------


def _with_arms(*bounds: str) -> Plan:
    """A split whose arms each send their own message; the last arms stand last in the program."""
    low = ("0", *bounds[:-1])
    steps: list[Any] = [send("letter", step="before"), wait(0.5)]
    place = len(steps) + 1
    arms = tuple(Arm(f"a{n}", *ends, place + 5 * n) for n, ends in enumerate(zip(low, bounds, strict=True)))
    steps.append(Split("arms", "a salt", arms))
    for number in range(len(bounds)):
        offered = ("gift5", "kit") if number % 2 else ("three",)
        steps += [send("nudge", *offered, step=f"one{number}"), wait(1, "click")]
        steps += [send(f"extra{number}", step=f"two{number}"), wait(1), Jump(0)]
    end = len(steps)
    program = tuple(Jump(end) if isinstance(each, Jump) else each for each in steps)
    return campaign(
        journey(*program, goal="order"),
        channels=(sms(), email()),
        messages=(nudge(), letter(), *(Message(f"extra{number}", "sms", "") for number in range(len(bounds)))),
        incentives=(
            coupon(),
            Gift("kit", "", 300, Elapsed(DAY)),
            Activity("three", "", "", 3, "gift5", Elapsed(9 * DAY)),
        ),
        end=START + 9 * DAY,
        follow_up=3 * DAY,
        holdout="0.1",
    )


def test_an_added_arm_leaves_the_people_of_the_others_as_they_were() -> None:
    people = tuple(Person(f"p{number}", last_order=START - 50 * DAY) for number in range(80))
    two = told(Trial(_with_arms("0.5", "1"), people, START, 3).task(), array)
    three = told(Trial(_with_arms("0.5", "0.8", "1"), people, START, 3).task(), array)
    place = {each.id: float(share(np.array([key_of(each.id)], np.uint64), "a salt")[0]) for each in people}
    stay = {name for name, where in place.items() if where < 0.8}
    assert 50 < len(stay) < 80
    assert of_people(two.lines, stay) == of_people(three.lines, stay)
    assert {line[4] for line in of_people(three.lines, set(place) - stay)} >= {"extra2"}
    assert two.twins == three.twins
