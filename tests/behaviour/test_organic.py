import numpy as np
import pytest
from attrs import evolve
from scipy import stats
from tests.behaviour.returns import expected_return
from tests.behaviour.shop import DAY, START, everybody, given, model, population

from wakeup.behaviour import NEVER_AGAIN, Law
from wakeup.customers.population import NEVER
from wakeup.plan.model import Scenario

LAW = Law(level=-0.1, dormancy=-0.42, orders=0.95, shape=0.95)
COUNT = 100_000


def returned(people, days: float, **how) -> float:  # type: ignore[no-untyped-def]  # passed on as it is
    return float((model(people, **how).first_order(everybody(people)) <= START + days * DAY).mean())


def near(share: float) -> float:
    return 4 * np.sqrt(share * (1 - share) / COUNT)


def test_the_law_by_hand() -> None:
    """ln 200 = 5.2983, ln 3 = 1.0986: -0.1 - 2.2253 + 1.0437 = -1.2816, odds .2776, chance .2173; within 30 days odds
    x (1/3)^.95 = .3522, chance .0890."""
    dormancy, orders = np.array([200.0]), np.array([3], np.int32)
    assert expected_return(LAW, dormancy, orders, 90)[0] == pytest.approx(0.2173, abs=1e-4)
    assert expected_return(LAW, dormancy, orders, 30)[0] == pytest.approx(0.0890, abs=1e-4)


@pytest.mark.parametrize(("days", "orders"), [(30, 1), (200, 3), (900, 8)])
@pytest.mark.parametrize("within", [7, 30, 90, 180])
def test_people_return_as_the_law_says(days: float, orders: int, within: float) -> None:
    people = population(COUNT, days=days, orders=orders)
    expected = float(expected_return(LAW, np.array([days], float), np.array([orders], np.int32), within)[0])
    assert returned(people, within) == pytest.approx(expected, abs=near(expected))


def test_who_never_ordered_counts_as_a_year_asleep_with_one_order() -> None:
    never = evolve(
        population(COUNT, days=5, orders=0), last_order=np.full(COUNT, NEVER), orders=np.zeros(COUNT, np.int32)
    )
    expected = float(expected_return(LAW, np.array([365.0]), np.array([1], np.int32), 90)[0])
    assert returned(never, 90) == pytest.approx(expected, abs=near(expected))


@pytest.mark.parametrize("factor", ["0.8", "1.3", "2"])
def test_a_scenario_multiplies_the_odds(factor: str) -> None:
    people = population(COUNT, days=200, orders=3)
    always = Scenario("always", START - DAY, START + 10_000 * DAY, organic=factor)
    odds = 0.2776 * float(factor)
    assert returned(people, 90, scenario=always) == pytest.approx(odds / (1 + odds), abs=near(0.2))


def test_outside_its_time_a_scenario_changes_nothing_and_afterwards_it_delays() -> None:
    people = population(20_000, days=60, orders=3)
    rival = Scenario("rival", START + 30 * DAY, START + 60 * DAY, organic="0.5")
    base, slowed = (model(people, scenario=each).first_order(everybody(people)) for each in (None, rival))
    before = base < START + 30 * DAY
    assert np.array_equal(slowed[before], base[before])
    assert (slowed[~before] >= base[~before]).all()
    lost = 30 * DAY * (1 - 0.5 ** (1 / 0.95))
    late = (slowed >= START + 60 * DAY) & (base < 10**11)
    assert np.abs(slowed[late] - base[late] - lost).max() <= 1
    assert late.sum() > 1_000
    stop = Scenario("stop", START + 30 * DAY, START + 60 * DAY, organic="0")
    stopped = model(people, scenario=stop).first_order(everybody(people))
    assert not ((stopped > START + 30 * DAY) & (stopped < START + 60 * DAY)).any()
    assert np.abs(stopped[late] - base[late] - 30 * DAY).max() <= 1


def test_an_order_comes_after_at_least_a_second_and_never_overflows() -> None:
    people = population(5_000)
    for level in (2_000.0, 60.0, -2_000.0):
        first = model(people, given("organic_level", level)).first_order(everybody(people))
        assert (first > START).all()
        assert (first < 2 * 10**11).all()


def test_after_an_order_people_lapse_or_come_back_at_their_own_rate() -> None:
    people = evolve(population(COUNT, days=100, orders=5), gap=np.full(COUNT, 40.0, np.float32))
    at, number = np.full(COUNT, START), np.ones(COUNT, np.int32)
    following = model(people, given("lapse", 0.3)).next_order(everybody(people), at, number)
    gone = following == NEVER_AGAIN
    assert gone.mean() == pytest.approx(0.3, abs=near(0.3))
    # four own gaps of 40 days, two usual ones of 70: 50 days
    waits = (following[~gone] - START) / DAY
    assert waits.mean() == pytest.approx(50.0, rel=0.02)
    assert stats.kstest(waits, "expon", args=(0, 50.0)).pvalue > 1e-3


def test_without_gaps_of_their_own_people_have_the_usual_one() -> None:
    people = population(COUNT, days=100, orders=1)
    at, number = np.full(COUNT, START), np.ones(COUNT, np.int32)
    following = model(people, given("lapse", 0.0)).next_order(everybody(people), at, number)
    assert ((following - START) / DAY).mean() == pytest.approx(70.0, rel=0.02)


def test_baskets_average_to_the_persons_own() -> None:
    people, number = population(COUNT, days=100, orders=2), np.ones(COUNT, np.int32)
    baskets = model(people).basket(everybody(people), number)
    assert baskets.dtype == np.int64
    assert baskets.mean() == pytest.approx(10_000, rel=0.01)
    assert np.log(baskets).std() == pytest.approx(0.6, rel=0.01)
    assert (model(people).basket(everybody(people), number + 1) != baskets).mean() > 0.99
    nobody = population(1_000, orders=0)
    usual = model(nobody, given("basket_spread", 0.0)).basket(everybody(nobody), np.ones(1_000, np.int32))
    assert (usual == 10_000).all()
    tiny = model(nobody, given("usual_basket", 0.001)).basket(everybody(nobody), np.ones(1_000, np.int32))
    assert tiny.min() == 1
