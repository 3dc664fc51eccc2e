"""What a live team would read off the tests of a plan, from sums made by hand."""

import math
from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from attrs import evolve
from scipy import stats
from tests.figures.small import PLAN, totals

from wakeup.figures.definitions import evaluate
from wakeup.figures.estimates import Currency
from wakeup.figures.experiments import experiments
from wakeup.figures.result import Experiment
from wakeup.figures.totals import GROUPS, HELD_OUT, METRICS, TREATED, Segment, Totals
from wakeup.plan.model import Arm, Plan, Promotion, Split
from wakeup.stats import difference_interval

ARMS = ("a", "b")
Counts = Mapping[str, tuple[int, int, int]]
"""People, woken and converted of each arm, and of "held_out" and "treated"."""


def three_arms() -> Plan:
    journey = PLAN.journeys[0]
    split = Split("ab", "s", (Arm("a", "0", "0.5", 1), Arm("b", "0.5", "0.75", 2), Arm("c", "0.75", "1", 2)))
    return evolve(PLAN, journeys=(evolve(journey, program=(split, *journey.program[1:])), PLAN.journeys[1]))


def replication(counts: Counts, plan: Plan = PLAN, *, money: Mapping[str, int] | None = None) -> Totals:
    """Sums of one replication, everything spread over the random groups as evenly as whole numbers go."""
    split = plan.journeys[0].program[0]
    assert isinstance(split, Split)
    segments = (Segment("all"), *(Segment("arm", "main/ab", arm.name) for arm in split.arms))
    sums = np.zeros((2, GROUPS, len(segments), len(METRICS)), np.int64)
    for name, (people, woken, converted) in counts.items():
        side = HELD_OUT if name == "held_out" else TREATED
        place = 0 if name in ("held_out", "treated") else segments.index(Segment("arm", "main/ab", name))
        value = (money or {}).get(name, 0)
        amounts = {"people": people, "woken": woken, "converted": converted, "orders": converted, "value": value}
        for metric, amount in amounts.items():
            sums[side, :, place, METRICS.index(metric)] = _spread(amount)
    return evolve(totals(), segments=segments, sums=sums)


def _spread(amount: int) -> np.ndarray:
    return np.array([amount // GROUPS + (group < amount % GROUPS) for group in range(GROUPS)])


def told(replications: Sequence[Totals], plan: Plan = PLAN) -> dict[str, Experiment]:
    values = [evaluate(plan, each) for each in replications]
    return {each.split: each for each in experiments(plan, replications, values, Currency("CNY", 2))}


FAIR: Counts = {
    "treated": (8_000, 1_000, 800), "held_out": (2_000, 200, 180), "a": (4_000, 480, 400), "b": (4_000, 520, 400),
}  # fmt: skip


def test_treated_against_held_out() -> None:
    (found,) = (each for each in told([replication(FAIR)]).values() if not each.split)
    assert [(arm.arm, arm.planned, arm.people, arm.rate) for arm in found.arms] == [
        ("held_out", 0.2, 2_000, 0.1),
        ("treated", 0.8, 8_000, 0.125),
    ]
    (compared,) = found.comparisons
    assert (compared.arm, compared.against) == ("treated", "held_out")
    assert compared.difference == pytest.approx(0.025)
    low, high = difference_interval(1_000, 8_000, 200, 2_000)
    assert (compared.low, compared.high) == pytest.approx((float(low), float(high)))
    assert (found.figure, found.winner, found.winner_orders) == ("woken", None, None)


def test_a_split_counts_what_its_promotion_measures() -> None:
    assert told([replication(FAIR)])["ab"].figure == "woken"
    by_orders = evolve(PLAN, promotions=(Promotion("main", "ab", "conversion", 3_600, "0.9"),))
    found = told([replication(FAIR)], by_orders)["ab"]
    assert found.figure == "converted"
    assert [arm.rate for arm in found.arms] == [0.1, 0.1]


def test_seen_is_the_share_of_runs_that_find_it() -> None:
    # 480 against 520 of 4,000 is p = 0.18; 420 against 520 is p = 0.0007
    p = stats.chi2_contingency([[420, 3_580], [520, 3_480]], correction=False).pvalue
    assert p < 0.05
    clear = replication({**FAIR, "a": (4_000, 420, 400)})
    found = told([replication(FAIR), clear, replication(FAIR), replication(FAIR)])["ab"].comparisons[0]
    assert found.seen == 0.25
    assert found.difference == pytest.approx((3 * 0.01 + 0.025) / 4)


def test_several_arms_are_corrected() -> None:
    # 480, 270 and 240 of 4,000, 2,000 and 2,000: p of b against a is between 2.5 % and 5 %
    plan = three_arms()
    counts: Counts = {**FAIR, "a": (4_000, 480, 0), "b": (2_000, 278, 0), "c": (2_000, 240, 0)}
    p = stats.chi2_contingency([[480, 3_520], [278, 1_722]], correction=False).pvalue
    assert 0.025 < p < 0.05
    found = told([replication(counts, plan)], plan)["ab"]
    assert [each.seen for each in found.comparisons] == [0.0, 0.0]
    low, high = difference_interval(278, 2_000, 480, 4_000, level=0.975)
    assert (found.comparisons[0].low, found.comparisons[0].high) == pytest.approx((float(low), float(high)))
    alone = told([replication({**FAIR, "a": (4_000, 480, 0), "b": (4_000, 540, 0)})])["ab"]
    assert alone.comparisons[0].seen == 1.0


def test_people_who_did_not_come_as_planned() -> None:
    fair, leaking = replication(FAIR), replication({**FAIR, "b": (3_700, 481, 370)})
    expected = stats.chisquare([4_000, 3_700]).pvalue
    assert told([fair])["ab"].sample_ratio_p == pytest.approx(1.0)
    assert told([leaking])["ab"].sample_ratio_p == pytest.approx(expected, abs=1e-12)
    assert expected < 0.001
    # Of one run, the first: a mean over many would hide how far one strays.
    assert told([leaking, fair])["ab"].sample_ratio_p == pytest.approx(expected, abs=1e-12)


def test_money_per_person_with_the_scatter_between_groups() -> None:
    # The baskets of b lie in one group: 16 groups tell how much of that is chance.
    found = replication(FAIR)
    segment = found.segments.index(Segment("arm", "main/ab", "b"))
    found.sums[TREATED, 0, segment, METRICS.index("value")] = 4_000 * 1_000
    (compared,) = told([found])["ab"].comparisons
    # The margin is 55 %: 1,000 fen per person is 10 CNY, 5.50 of it margin
    assert compared.profit == pytest.approx(5.5, rel=1e-3)
    shares = np.zeros(GROUPS)
    shares[0] = 4_000 * 5.5
    rest = (shares.sum() - shares) / 3_750
    error = math.sqrt((GROUPS - 1) / GROUPS * ((rest - rest.mean()) ** 2).sum())
    half = float(stats.t.ppf(0.975, GROUPS - 1)) * error
    assert compared.profit_high is not None
    assert compared.profit_high - compared.profit == pytest.approx(half, rel=1e-3)


def test_what_the_winner_would_have_brought() -> None:
    # b wakes more, and brings 400 orders of 4,000; a 300 of 4,000: b for all brings 100 more.
    counts: Counts = {**FAIR, "a": (4_000, 480, 300)}
    found = told([replication(counts, money={"a": 4_000_000, "b": 8_000_000})])["ab"]
    assert found.winner == "b"
    assert found.winner_orders is not None
    assert found.winner_profit is not None
    assert found.winner_orders.value == pytest.approx(100)
    assert found.winner_profit.value == pytest.approx(0.55 * 40_000)
    assert (found.winner_orders.unit, found.winner_profit.unit) == ("count", "CNY")


def test_the_winner_by_rate_may_earn_less() -> None:
    found = told([replication(FAIR, money={"a": 8_000_000, "b": 4_000_000})])["ab"]
    assert found.winner == "b"
    assert found.winner_profit is not None
    assert found.winner_profit.value == pytest.approx(-0.55 * 40_000)


def test_an_arm_nobody_comes_to_is_no_test() -> None:
    assert set(told([replication({**FAIR, "b": (0, 0, 0)})])) == {""}
    assert told([replication({**FAIR, "held_out": (0, 0, 0)})]).keys() == {"ab"}
    assert told([replication(FAIR)], evolve(PLAN, holdout="0")).keys() == {"ab"}
