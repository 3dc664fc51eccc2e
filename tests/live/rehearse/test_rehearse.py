"""The executor that runs campaigns for real, over a real store, gives the trace of the reference; and its limits hold
when providers fail."""

from pathlib import Path

import pytest
from tests.live.rehearse.playing import calm, lasting, played, told_of, unverified
from tests.live.rehearse.test_core_equals import small
from tests.sim.comparing import difference, told
from tests.sim.strategies import trial_of
from tests.sim.test_equivalence import CAMPAIGNS, FILES, some_case

from wakeup.behaviour import DefaultBehaviour
from wakeup.customers import synthetic
from wakeup.diagnostics import WakeupError
from wakeup.face import load, prepared
from wakeup.live.rehearse.drive import Script, rehearse
from wakeup.live.rehearse.faults import Faults
from wakeup.live.store.opening import open_store
from wakeup.sim import reference
from wakeup.sim.task import Task

__all__ = ["unverified"]


def differs(task: Task, folder: Path) -> str:
    found = difference(told(task, reference), told_of(task, played(task, folder)))
    return "" if found is None else found.text


def task_of(file: str, people: int, seed: int = 5) -> Task:
    plan, population = prepared(load(CAMPAIGNS / file), synthetic(people, seed=seed))
    return Task(plan, population, DefaultBehaviour(), 7, 1, None)


@pytest.mark.parametrize("file", FILES)
def test_the_campaigns_of_the_repository(file: str, tmp_path: Path) -> None:
    assert differs(task_of(file, 12), tmp_path) == ""


@pytest.mark.usefixtures("unverified")
def test_generated_plans(tmp_path: Path) -> None:
    for seed in range(300, 308):
        assert differs(lasting(calm(trial_of(small(seed)))).task(), tmp_path) == "", seed


@pytest.mark.usefixtures("unverified")
def test_a_promotion_is_judged_on_earlier_seconds(tmp_path: Path) -> None:
    """Here people come to a split, some round of the executor later than others, in the second of a judgement."""
    assert differs(lasting(calm(trial_of(some_case(2_118)))).task(), tmp_path) == ""


@pytest.mark.proof
@pytest.mark.usefixtures("unverified")
@pytest.mark.parametrize("hundred", range(3))
def test_generated_plans_for_long(hundred: int, tmp_path: Path) -> None:
    for seed in range(2_000 + 100 * hundred, 2_100 + 100 * hundred):
        assert differs(lasting(calm(trial_of(some_case(seed)))).task(), tmp_path) == "", seed


BAD = Faults(lost=0.05, late=0.03, missed=0.04, refused=0.03, throttled=0.05)


@pytest.mark.parametrize(
    ("script", "doubtful"),
    [(Script(7, faults=BAD), True), (Script(7, latency=5), False), (Script(7, executors=2), False)],
    ids=["faults", "latency", "two executors"],
)
def test_limits_hold_whatever_goes_wrong(script: Script, doubtful: bool, tmp_path: Path) -> None:
    found = played(task_of("starter/winback.wake", 120), tmp_path, script)
    assert {each.name: each.broken for each in found.limits if each.broken} == {}
    assert {each.name for each in found.limits if each.looked} >= {"once", "arrived", "cap", "gap", "quiet", "consent"}
    assert sum(found.sends.values()) > 60
    assert ("refused" in found.sends) is doubtful


def test_the_same_rehearsal_again_is_the_same(tmp_path: Path) -> None:
    task, script = task_of("starter/winback.wake", 40), Script(7, faults=BAD)
    first, second = (told_of(task, played(task, tmp_path, script)) for _ in range(2))
    assert first == second


def test_a_store_that_has_the_campaign_is_refused(tmp_path: Path) -> None:
    task, store = task_of("examples/新手妈妈.wake", 5), open_store(str(tmp_path / "s.db"), durable=False)
    script = Script(1)
    rehearse(task.plan, task.people, task.behaviour, store, script)
    with pytest.raises(WakeupError) as raised:
        rehearse(task.plan, task.people, task.behaviour, store, script)
    store.close()
    assert [each.code for each in raised.value.diagnostics] == ["WK7001"]
