"""What a channel adds: the campaign beside itself without it."""

from typing import Any

import numpy as np
import pytest

import wakeup
from wakeup.customers import Population, synthetic
from wakeup.sim.without import channels_used
from wakeup.source import Source

TEXT = """wakeup 1
campaign c "C" {
  currency: CNY, timezone: "Asia/Shanghai", run: 2026-09-01 through 2026-09-30
  audience: days_since_order >= 30d, holdout: 10%%, margin: 50%%
}
channel post { kind: email, cost: 1 CNY per message, optout: none }
channel spare { kind: push, cost: 1 CNY per message, optout: none }
channel unused { kind: push, cost: 1 CNY per message, optout: none }
message hello via post { text: "Hello"%s }
message again via spare { text: "Hello again" }
journey all { send hello%s }
assume for post { advertising: 8x, reach: 60%% }
assume for spare { reach: 60%% }
"""


@pytest.fixture(scope="module")
def people() -> Population:
    return synthetic(3_000, seed=5)


def _forecast(people: Population, fallback: str, then: str, **more: Any) -> wakeup.Forecast:
    plan = wakeup.load(Source("c.wake", TEXT % (fallback, then)))
    return wakeup.simulate(plan, people, replications=6, by_channel=True, **more)


def test_the_only_channel_adds_everything(people: Population) -> None:
    found = _forecast(people, "", "")
    assert [each.channel for each in found.contributions] == ["post"]
    added = found.contributions[0]
    assert added.orders.value == pytest.approx(found.figures["incremental_orders"].value)
    assert added.profit.value == pytest.approx(found.figures["incremental_profit"].value)
    assert added.orders.value is not None
    assert added.orders.value > 0


def test_a_spare_channel_makes_the_first_one_worth_less(people: Population) -> None:
    alone = _forecast(people, "", "").contributions[0]
    spared = {each.channel: each for each in _forecast(people, ", else: again", "").contributions}
    assert set(spared) == {"post", "spare"}
    assert alone.orders.value is not None
    assert spared["post"].orders.value is not None
    assert spared["post"].orders.value < alone.orders.value


def test_workers_and_the_other_engine_say_the_same(people: Population) -> None:
    one = _forecast(people, ", else: again", "; wait 3d for order; if no order { send again }")
    two = _forecast(people, ", else: again", "; wait 3d for order; if no order { send again }", workers=2)
    assert one.contributions == two.contributions
    few = synthetic(120, seed=5)
    array, reference = (
        _forecast(few, ", else: again", "", engine=engine).contributions for engine in ("array", "reference")
    )
    assert array == reference


def test_without_being_asked_nothing_is_played(people: Population) -> None:
    plan = wakeup.load(Source("c.wake", TEXT % ("", "")))
    assert wakeup.simulate(plan, people, replications=2).contributions == ()
    assert channels_used(plan) == ("post",)


def test_credit_by_all_models_comes_to_all_orders(people: Population) -> None:
    found = _forecast(people, "", "; wait 2d; send again")
    assert found.figures["orders"].value is not None
    models = {name: sum(each.models[name] for each in found.attribution) for name in found.attribution[0].models}
    assert len(models) == 6
    assert np.allclose(list(models.values()), found.figures["orders"].value)
    declared = {each.channel: each.orders for each in found.attribution}
    assert declared == {each.channel: each.models["last_touch"] for each in found.attribution}
    # Who was written to twice is credited to the second by the last touch, to the first by the first.
    assert found.attribution[0].models["first_touch"] > found.attribution[0].models["last_touch"]
