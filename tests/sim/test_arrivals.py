"""Orders between the last of the data and the start: a behaviour is bound to people as the data left them."""

import pytest
from tests.sim.comparing import difference, told
from tests.sim.test_tier_response import TEXT

import wakeup
from wakeup.behaviour import DefaultBehaviour
from wakeup.customers import synthetic
from wakeup.sim import array, reference
from wakeup.sim.task import Task
from wakeup.source import Source


@pytest.mark.parametrize("chunk", [70, 10_000])
def test_baskets_and_gaps_stay_those_of_the_data(chunk: int) -> None:
    text = TEXT.replace("2026-09-01 through 2026-10-30", "2026-12-01 through 2026-12-30")
    plan = wakeup.load(Source("c.wake", text))
    people = synthetic(300, seed=11)
    assert plan.start - people.as_of > 60 * 86_400
    task = Task(plan, people, DefaultBehaviour(), 3, 1)
    found = difference(told(task, reference), told(task, array, chunk=chunk))
    assert found is None, found and found.text
