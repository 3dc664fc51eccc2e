"""The tests of simulated campaigns in which there is nothing to find, and of one in which there is."""

import numpy as np
import pytest
from attrs import evolve
from tests.preflight.made import CERTAIN, assumed, certain, people
from tests.sim.plans import journey, send, wait

from wakeup.figures.result import Experiment
from wakeup.plan.model import Arm, Jump, Plan, Split
from wakeup.sim.replications import simulate

LAW = {"organic_level": -1.5, "organic_dormancy": -0.4, "organic_orders": 0.5, "organic_shape": 0.8}


def alike(salt: str, lift: float = 1.0) -> Plan:
    """Two arms that send the same, and a control group of 30 %; a message multiplies the odds of an order by `lift`."""
    split = Split("s", salt, (Arm("a", "0", "0.5", 1), Arm("b", "0.5", "1", 3)))
    effects = CERTAIN | LAW | {"advertising": lift, "dormancy_lift": 0.0, "response_spread": 0.0}
    plan = certain(
        journey(split, send(step="one"), Jump(4), send(step="two"), wait(5)),
        holdout="0.3",
        awake=("order",),
        assumptions=assumed(effects),
    )
    return evolve(plan, holdout_salt=f"{salt} held out")


def lived(salts: int, replications: int, size: int) -> dict[str, list[Experiment]]:
    """The tests of campaigns that assign the same people anew."""
    population, found = people(size), {"": [], "s": []}  # type: dict[str, list[Experiment]]
    for salt in range(10, 10 + salts):  # of the first 3,000, salt 4 strays most from 30 %
        for test in simulate(alike(str(salt)), population, seed=salt, replications=replications).experiments:
            found[test.split].append(test)
    return found


@pytest.mark.parametrize(
    ("salts", "replications", "band"), [(5, 15, 0.1), pytest.param(24, 20, 0.04, marks=pytest.mark.proof)]
)
def test_where_there_is_nothing_teams_find_something_in_one_run_of_twenty(
    salts: int, replications: int, band: float
) -> None:
    # Four standard errors of as many runs are 10 and 4 points.
    for tests in lived(salts, replications, 1_200).values():
        assert len(tests) == salts
        assert np.mean([test.comparisons[0].seen for test in tests]) == pytest.approx(0.05, abs=band)
        assert np.mean([test.sample_ratio_p > 0.001 for test in tests if test.sample_ratio_p is not None]) > 0.95
        assert abs(np.mean([test.comparisons[0].difference for test in tests])) < 0.02


def test_a_strong_campaign_is_seen_and_costs_nothing_to_explore() -> None:
    control, split = simulate(alike("0", lift=25.0), people(1_200), seed=1, replications=10).experiments
    (compared,) = control.comparisons
    assert compared.seen == 1.0
    assert 0 < compared.low < compared.difference < compared.high
    orders = split.winner_orders
    assert orders is not None
    assert orders.low is not None
    assert orders.high is not None
    assert orders.low < 0 < orders.high  # both arms are the same
