"""Intervals against worlds that nobody has seen: parameters drawn from the priors, one live run each."""

import numpy as np
import pytest
from attrs import evolve

import wakeup
from wakeup.behaviour import basis
from wakeup.customers import synthetic
from wakeup.figures.definitions import evaluate
from wakeup.plan.model import Assumption, Plan
from wakeup.sim.jobs import Job, Setting, tally
from wakeup.source import Source
from wakeup.terms.behaviour import parameters

TEXT = """wakeup 1
campaign c "C" {
  currency: CNY, timezone: "Asia/Shanghai", run: 2026-09-01 through 2026-09-30
  audience: days_since_order >= 60d, holdout: 10%, margin: 50%
}
coupon off { discount: 40 CNY off 200 CNY, valid: 14d }
channel post { kind: email, cost: 0.2 CNY per message, optout: none }
message hello via post { text: "Hello {{ offer }}" }
message again via post { text: "Again {{ offer }}" }
journey all { send hello with off; wait 7d for order; if no order { send again with off } }
"""
WORLDS = 200
FIGURES = ("orders", "wake_rate", "incremental_profit")


@pytest.fixture(scope="module")
def plan() -> Plan:
    return wakeup.load(Source("c.wake", TEXT))


@pytest.mark.slow
def test_ninety_percent_hold_nine_of_ten_live_runs(plan: Plan) -> None:
    people = synthetic(800, seed=5)
    forecast = wakeup.simulate(plan, people, replications=200).figures
    setting = Setting(plan, wakeup.face.prepared(plan, people)[1], wakeup.behaviour.DefaultBehaviour(), 99, "array")
    worlds = [evaluate(plan, tally(setting, Job(number)).totals) for number in range(1, WORLDS + 1)]
    for name in FIGURES:
        # A world's own people are others' luck: one live run, of which the forecast knows neither.
        actual = np.array([each[name][0, 0] for each in worlds]) * (0.01 if "profit" in name else 1.0)
        figure = forecast[name]
        assert figure.low is not None
        assert figure.high is not None
        held = float(((figure.low <= actual) & (actual <= figure.high)).mean())
        print(f"{name}: {held:.3f} of {WORLDS} worlds lie in {figure.low:,.4g} to {figure.high:,.4g}")
        # Binomial sd 2.1 points, and as much again from reading quantiles off 200 replications: red by chance 1 in 100.
        assert 0.85 <= held <= 0.95


def test_known_parameters_leave_chance_alone(plan: Plan) -> None:
    # Every assumption certain: what is left of the spread is the luck of so many people.
    known = tuple(
        Assumption(each.parameter, each.scope, each.median, 0.0, parameters()[each.parameter].link, "known", "given")
        for each in basis(plan)
    )
    people = synthetic(2_000, seed=5)
    certain = wakeup.simulate(evolve(plan, assumptions=known), people, replications=60).figures
    wide = wakeup.simulate(plan, people, replications=60).figures
    for name in ("orders", "wake_rate", "woken"):
        parts, open_parts = certain[name].parts, wide[name].parts
        assert parts["finite_sample"] is not None
        assert parts["parameter"] is not None
        assert open_parts["parameter"] is not None
        # A variance from 60 replications is known to 18 %, so the part left over by chance is below .6 of the other.
        assert parts["parameter"] < 0.6 * parts["finite_sample"]
        assert open_parts["parameter"] > 3 * parts["finite_sample"]
