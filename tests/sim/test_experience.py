"""Whether a replication is begun freely or in order, by what the others have cost; and that it changes no figure."""

import pytest
from attrs import evolve
from tests.figures.small import PLAN, START

from wakeup.customers import synthetic
from wakeup.figures.events import Sink
from wakeup.plan.model import Scenario
from wakeup.sim import array
from wakeup.sim.array import free
from wakeup.sim.experience import Experience
from wakeup.sim.replications import simulate
from wakeup.sim.task import Played, Task

FREE, ORDERED = Played(), Played(500, "stock of tea")


def after(*replications: tuple[Played | None, float, float]) -> Experience:
    """What is known after replications: how a free try ended (None: there was none), its seconds, those in order."""
    experience = Experience()
    for played, free_s, order_s in replications:
        if played is not None:
            experience.tried(played, free_s)
        if order_s:
            experience.ordered(order_s)
    return experience


def test_at_first_people_are_played_freely() -> None:
    assert Experience().advice(100, few=True) is None


def test_what_stands_is_not_played_in_order() -> None:
    assert after((FREE, 9.0, 0.0)).advice(100, few=True) is None


@pytest.mark.parametrize(
    ("free_s", "tries", "freely"),
    [(1.0, 1, False), (0.5, 1, True), (0.5, 3, False), (0.1, 5, True), (0.1, 12, False), (0.0, 50, True)],
)
def test_a_try_in_vain_is_worth_what_it_may_save(free_s: float, tries: int, freely: bool) -> None:
    """An order takes two seconds and was always needed: after n tries a free one stands once in 2 (n + 1)."""
    advice = after(*[(ORDERED, free_s, 2.0)] * tries).advice(100, few=False)
    assert (advice is None) is freely
    assert advice in (None, Played(100, "stock of tea"))


def test_what_stands_now_and_then_is_tried_again() -> None:
    both = [(FREE, 0.2, 0.0), (ORDERED, 0.2, 2.0)]
    assert after(*both * 3).advice(100, few=True) is None
    assert after(*[(FREE, 1.9, 0.0), (ORDERED, 1.9, 2.0)] * 3).advice(100, few=True) is not None


def test_where_people_waited_often_an_order_is_tried_once() -> None:
    laboured = evolve(FREE, rounds=7)
    assert after((laboured, 1.0, 0.0)).advice(100, few=True) == Played(100, "waiting")
    assert after((laboured, 1.0, 0.0)).advice(100, few=False) is None
    assert after((evolve(FREE, rounds=2), 1.0, 0.0)).advice(100, few=True) is None
    assert after((laboured, 1.0, 0.0), (None, 0.0, 2.0)).advice(100, few=True) is None
    assert after((laboured, 1.0, 0.0), (None, 0.0, 0.5)).advice(100, few=True) is not None


def test_no_figure_changes_and_tries_in_vain_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """One piece of everything: people are played freely once in the forecast, once in the scenario, then in order."""
    short = evolve(PLAN, promotions=(), incentives=tuple(evolve(each, stock=1) for each in PLAN.incentives))
    plan = evolve(short, scenarios=(Scenario("storm", START, START + 3_600, organic="0.5"),))
    people = synthetic(60, seed=3, as_of=START)
    tries: list[tuple[str, int]] = []
    play = free.run

    def counted(task: Task, sink: Sink, *, chunk: int) -> Played:
        tries.append(("" if task.scenario is None else task.scenario.name, task.replication))
        return play(task, sink, chunk=chunk)

    monkeypatch.setattr(free, "run", counted)
    clock = iter(range(1_000))
    monkeypatch.setattr(array, "thread_time", lambda: float(next(clock)))  # free or in order: a second each
    found = simulate(plan, people, replications=4, scenarios=["storm"])
    assert sorted(tries) == [("", 1), ("storm", 1)]
    assert {(each.scenario, each.replication) for each in found.timing.ordered} == {
        (scenario, number) for scenario in ("", "storm") for number in (1, 2, 3, 4)
    }
    assert {each.because for each in found.timing.ordered} == {"stock of coupon"}
    monkeypatch.setattr(Experience, "advice", lambda *_, **__: None)
    assert simulate(plan, people, replications=4, scenarios=["storm"]).to_json() == found.to_json()
    assert len(tries) == 10
