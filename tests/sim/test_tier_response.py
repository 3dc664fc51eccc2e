"""What a tier answers is the same in both simulators, whoever is in it and whenever the data were left."""

import pytest
from attrs import evolve
from tests.sim.comparing import difference, told

import wakeup
from wakeup.behaviour import DefaultBehaviour
from wakeup.customers import synthetic
from wakeup.sim import array, reference
from wakeup.sim.task import Task
from wakeup.source import Source

TEXT = """wakeup 1
campaign c {
  currency: CNY, timezone: "Asia/Shanghai", run: 2026-09-01 through 2026-10-30
  audience: days_since_order >= 60d, holdout: 10%, margin: 50%
}
tier value by average_order_value { high: 250 CNY and up, low: below 250 CNY }
causes why { often: orders >= 3, seldom: otherwise }
channel push { kind: push, cost: 0 CNY per message }
coupon c8 { discount: 20 CNY off 100 CNY, valid: 7d, limit: 1 per person }
message hello via push { text: "Hello" }
assume { seen: 90%, reach: 100%, delivered: 100%, advertising: 4x }
assume for value.high { tier_response: 2.5x }
assume for why.seldom { tier_response: 0.3x }
journey all {
  send hello with c8
  wait 7d
  send hello
}
"""


@pytest.mark.parametrize("replication", [0, 3])
def test_both_simulators_play_the_same_with_bands(replication: int) -> None:
    plan = wakeup.load(Source("c.wake", TEXT))
    people = synthetic(400, seed=5)
    task = Task(plan, people, DefaultBehaviour(), 7, replication)
    expected = told(task, reference)
    found = difference(expected, told(task, array))
    assert found is None, found and found.text
    without = evolve(task, plan=evolve(plan, assumptions=plan.assumptions[:-2]))
    assert difference(expected, told(without, reference)) is not None  # the bands matter
