"""What guards and fallbacks buy under a scenario: what an exact recomputation shows, and no needless run."""

from functools import cache
from typing import Any

import pytest
from attrs import evolve
from tests.sim.people import Person, population
from tests.sim.plans import ENTRY, START, campaign, email, journey, letter, nudge, send, sms, wait

from wakeup.figures.result import Countermeasure, Result
from wakeup.plan.model import Goal, Guard, Scenario, Wave
from wakeup.sim.replications import simulate

DAY = 86_400
OUTAGE = Scenario("outage", START, START + 20 * DAY, down=("sms",))
ANGER = Scenario("anger", START, START + 20 * DAY, complaints="900")
PLAN = campaign(
    journey(send(step="a"), wait(1), send(step="b"), wait(1), send(step="c"), wave=Wave(ENTRY, None)),
    channels=(sms(), email()),
    messages=(nudge(fallback="letter"), letter()),
    scenarios=(OUTAGE, ANGER),
    guards=(
        Guard("stop_it", "complaint_rate", ">", "0.001", "share", "stop", after=20, after_figure="sent"),
        Guard("never", "sent", ">", "1000000", "count", "stop"),
    ),
    goals=(Goal("orders", ">=", "20", "count", "orders >= 20"),),
    start=START,
    end=START + 10 * DAY,
    follow_up=5 * DAY,
)
PEOPLE = population(START, [Person(f"p{n}", START - 100 * DAY, 3, 30_000) for n in range(150)])
FEW = population(START, [Person(f"p{n}", START - 100 * DAY, 3, 30_000) for n in range(40)])


@cache
def both() -> Result:
    return simulate(PLAN, PEOPLE, seed=3, replications=4, scenarios=["outage", "anger"])


def bought(result: Result) -> dict[tuple[str, str], Countermeasure]:
    return {(each.scenario, each.kind): each for each in result.countermeasures}


def test_only_what_acts_is_told() -> None:
    found = bought(both())
    assert set(found) == {("outage", "fallbacks"), ("anger", "guards")}
    assert found["outage", "fallbacks"].names == ("nudge",)
    assert found["anger", "guards"].names == ("stop_it",)
    assert simulate(PLAN, PEOPLE, seed=3, replications=1).countermeasures == ()


@pytest.mark.parametrize("engine", ["array", "reference"])
def test_it_is_what_two_runs_differ_by(engine: Any) -> None:
    people, count = (PEOPLE, 4) if engine == "array" else (FEW, 2)
    options: Any = {"seed": 3, "replications": count, "engine": engine}
    result = simulate(PLAN, people, scenarios=["outage", "anger"], **options)
    bare = evolve(PLAN, messages=(nudge(), letter()))
    careless = evolve(PLAN, guards=())
    for (scenario, _), other in zip(bought(result), (bare, careless), strict=True):
        without = simulate(other, people, scenarios=[scenario], **options)
        each = next(one for one in result.countermeasures if one.scenario == scenario)
        for name in ("incremental_profit", "incremental_orders", "opted_out", "complained"):
            figures = (result.scenarios[scenario][name], without.scenarios[scenario][name])
            own, alone = (figure.value for figure in figures)
            assert own is not None
            assert alone is not None
            assert each.figures[name].value == pytest.approx(own - alone, abs=1e-9), (scenario, name)
        missed = {run.scenario: run.missed for run in result.risks}[scenario]
        others = {run.scenario: run.missed for run in without.risks}[scenario]
        assert each.missed == pytest.approx({goal: missed[goal] - others[goal] for goal in missed})


def test_a_guard_against_anger_spares_complaints_and_a_fallback_brings_orders() -> None:
    found = bought(both())
    complained = found["anger", "guards"].figures["complained"]
    assert complained.value is not None
    assert complained.value < 0
    orders = found["outage", "fallbacks"].figures["incremental_orders"]
    assert orders.value is not None
    assert orders.value > 0


def test_replications_in_which_no_guard_acts_are_not_played_again() -> None:
    calm = evolve(PLAN, guards=(evolve(PLAN.guards[0], value="0.06"),))
    seen: list[tuple[int, int]] = []
    result = simulate(
        calm, PEOPLE, seed=3, replications=12, scenarios=["anger"], progress=lambda *step: seen.append(step)
    )
    (guards,) = result.countermeasures
    acted = sum(each <= 12 for each, of in seen if of == guards.replications)
    assert 0 < guards.replications < 12
    assert acted == guards.replications, "each of them once, and no other"


def test_workers_change_nothing() -> None:
    two = simulate(PLAN, PEOPLE, seed=3, replications=4, scenarios=["outage", "anger"], workers=2)
    assert two.countermeasures == both().countermeasures
