from pathlib import Path

import numpy as np
import pytest
from attrs import evolve
from tests.behaviour.pasts import AS_OF, DAY, TRUTH, Past, past
from tests.behaviour.returns import expected_return

from wakeup.behaviour import Law, fit_organic, return_chances
from wakeup.behaviour.calendar import MONTHS, WEEKDAYS
from wakeup.customers import LateReturns, Snapshots, from_history
from wakeup.plan.model import Assumption

ORGANIC = ("organic_level", "organic_dormancy", "organic_orders", "organic_shape", "organic_recent")


def by_name(rows: tuple[Assumption, ...]) -> dict[str, Assumption]:
    assert len({row.parameter for row in rows}) == len(rows)
    return {row.parameter: row for row in rows}


def law_of(rows: tuple[Assumption, ...]) -> Law:
    return Law(*(by_name(rows)[name].median for name in ORGANIC))


def forecast(of: Past, draws: int = 400) -> np.ndarray:
    return return_chances(
        fit_organic(of.snapshots), of.days, of.orders, at=AS_OF, horizon=90 * DAY, zone="UTC", seed=1, draws=draws
    )


def test_a_law_that_made_the_log_is_found() -> None:
    rows = fit_organic(past(30_000).snapshots)
    found = law_of(rows)
    assert found.dormancy == pytest.approx(TRUTH.dormancy, abs=0.05)
    assert found.orders == pytest.approx(TRUTH.orders, abs=0.05)
    assert found.shape == pytest.approx(TRUTH.shape, abs=0.05)
    assert found.recent == 30.0
    dormancy, orders = np.array([10.0, 100, 200, 400]), np.array([1, 1, 3, 5], np.int32)
    for days in (30, 90):
        expected = expected_return(TRUTH, dormancy, orders, days)
        assert expected_return(found, dormancy, orders, days) == pytest.approx(expected, rel=0.08)
    assert {row.grade for row in rows} == {"fitted"}
    assert {row.scope for row in rows} == {""}
    assert rows[0].source == "fitted to 30000 customers at 12 monthly origins before 2026-11-06"


def test_the_forecast_of_a_calm_shop_is_its_rate() -> None:
    calm = past(30_000, 24)
    assert forecast(calm).mean(axis=0) == pytest.approx(calm.chances, abs=0.03)


# --- season -----------------------------------------------------------------------------------------------------------


def season_of(rows: tuple[Assumption, ...]) -> np.ndarray:
    known = by_name(rows)
    return np.log([known[f"season_{month}"].median for month in MONTHS])


def test_three_years_show_the_season() -> None:
    seen = past(30_000, 36, season=0.5)
    rows = fit_organic(seen.snapshots)
    sds = np.array([by_name(rows)[f"season_{month}"].sd for month in MONTHS])
    assert np.abs((season_of(rows) - seen.season) / sds).max() < 4.0
    assert np.corrcoef(season_of(rows), seen.season)[0, 1] > 0.95


def test_a_season_seen_once_is_half_believed() -> None:
    """A month seen once may as well have been chance: it is drawn towards 1, and its sd says what is left."""
    shops = [[past(30_000, months, season=0.3, chance=0.2, seed=seed) for months in (11, 36)] for seed in range(8)]
    fits = [[fit_organic(each.snapshots) for each in shop] for shop in shops]
    truth = [np.concatenate([shop[i].season for shop in shops]) for i in (0, 1)]
    found = [np.concatenate([season_of(fit[i]) for fit in fits]) for i in (0, 1)]
    believed = [np.polyfit(*each, 1)[0] for each in zip(truth, found, strict=True)]
    assert believed[0] < 0.6 < 0.7 < believed[1] < 1.0
    sds = [np.mean([by_name(fit[i])["season_may"].sd for fit in fits]) for i in (0, 1)]
    assert sds[0] > 1.1 * sds[1]


def test_months_that_the_log_does_not_show_keep_their_prior() -> None:
    known = by_name(fit_organic(past(30_000, 4).snapshots))
    months = {name for name in MONTHS if f"season_{name}" in known}
    assert months == {"may", "june", "july", "august", "september", "october"}
    assert known["season_june"].source.endswith("; 1.0 of this month seen")


def test_who_knows_the_season_is_surer_of_the_quarter() -> None:
    width = [np.log(forecast(past(30_000, months, season=0.5, seed=5))).std(axis=0).mean() for months in (11, 36)]
    assert width[1] < 0.8 * width[0]


# --- what nobody knows ------------------------------------------------------------------------------------------------


def test_a_shop_that_moves_is_less_sure_than_a_calm_one() -> None:
    calm = by_name(fit_organic(past(30_000).snapshots))["organic_level"].sd
    moved = [by_name(fit_organic(past(30_000, drift=0.5, seed=s).snapshots))["organic_level"].sd for s in range(5)]
    assert np.mean(moved) > 1.5 * calm


def test_slopes_that_move_are_less_sure_than_calm_ones() -> None:
    calm = by_name(fit_organic(past(30_000).snapshots))["organic_dormancy"].sd
    moved = [by_name(fit_organic(past(30_000, tilt=0.5, seed=s).snapshots))["organic_dormancy"].sd for s in range(5)]
    assert np.mean(moved) > 1.5 * calm


def covered(count: int, level: float) -> float:
    """Share of group rates of next quarters that the middle `level` of the forecast holds, over `count` shops drawn
    from what is thought of shops beforehand."""
    inside = []
    for seed in range(count):
        rng = np.random.default_rng(10_000 + seed)
        season, drift, chance = np.exp(np.log([0.3, 0.15, 0.15]) + 0.8 * rng.normal(size=3))
        shop = past(5_000, 14, season=season, drift=drift, chance=chance, tilt=0.15, seed=seed)
        low, high = np.quantile(forecast(shop, 200), [0.5 - level / 2, 0.5 + level / 2], axis=0)
        inside.append(((low <= shop.chances) & (shop.chances <= high)).mean())
    return float(np.mean(inside))


@pytest.mark.parametrize(("level", "low", "high"), [(0.5, 0.38, 0.66), (0.9, 0.82, 0.97)])
def test_the_interval_covers_the_next_quarter(level: float, low: float, high: float) -> None:
    """60 shops; groups of one shop go together, so the bounds are three binomial standard errors of 60 trials."""
    assert low <= covered(60, level) <= high


@pytest.mark.proof
@pytest.mark.parametrize("level", [0.5, 0.8, 0.9])
def test_the_interval_covers_the_next_quarter_of_many_shops(level: float) -> None:
    assert covered(600, level) == pytest.approx(level, abs=0.06)


def test_weekdays_are_told_against_their_mean() -> None:
    rows = by_name(fit_organic(past(1_000).snapshots))
    factors = np.array([rows[f"weekday_{day}"].median for day in WEEKDAYS])
    prior = 0.15**-2
    assert factors == pytest.approx((np.array([100, 100, 100, 100, 100, 200, 0]) + prior) / (100 + prior))
    assert rows["weekday_monday"].source == "fitted to 700 orders in whole weeks before 2026-11-06"
    assert rows["weekday_sunday"].sd == pytest.approx(0.15)
    assert rows["weekday_monday"].sd == pytest.approx((100 + prior) ** -0.5)


# --- little to see ----------------------------------------------------------------------------------------------------


def test_with_little_to_see_only_the_level_is_fitted() -> None:
    rows = by_name(fit_organic(past(40, 2).snapshots))
    assert rows["organic_level"].grade == "fitted"
    assert rows["organic_dormancy"].median == -0.42
    assert rows["organic_dormancy"].grade == "observational"
    assert "level alone fitted" in rows["organic_dormancy"].source
    assert "organic_recent" not in rows
    assert not any(name.startswith(("season_", "weekday_")) for name in rows)


def test_a_level_fitted_alone_gives_the_rate_seen() -> None:
    few = past(40, 2)
    rate = few.snapshots.returned90.sum() / few.snapshots.n.sum()
    assert rate * few.snapshots.n.sum() < 50
    assert forecast(few).mean() == pytest.approx(rate, abs=0.08)


def test_with_nothing_to_see_the_priors_stay_and_say_so() -> None:
    for log in (Snapshots.none(), past(3, 1).snapshots):
        rows = by_name(fit_organic(log))
        assert rows["organic_level"].median == -0.1
        assert rows["organic_level"].source.startswith("only ")
        assert set(rows) == set(ORGANIC[:4])


def test_everybody_or_nobody_returning_is_finite() -> None:
    log = past(500).snapshots
    for everybody in (True, False):
        late = evolve(log.late, returned30=log.late.n if everybody else np.zeros_like(log.late.n))
        returned = log.n if everybody else np.zeros_like(log.n)
        rows = fit_organic(evolve(log, returned90=returned, returned30=returned, late=late))
        assert all(np.isfinite([row.median, row.sd]).all() for row in rows)


def test_a_log_without_late_looks_is_fitted_too() -> None:
    """One origin, nothing after it."""
    log = past(5_000, 1).snapshots
    rows = fit_organic(evolve(log, late=LateReturns.none()))
    assert all(np.isfinite([row.median, row.sd]).all() for row in rows)
    assert law_of(rows).orders == pytest.approx(0.8, abs=0.2)


def test_orders_that_are_followed_tell_how_people_stay_awake() -> None:
    log = past(1_000).snapshots
    rows = by_name(fit_organic(log))
    assert rows["usual_gap"].median == pytest.approx(64.0)
    odds = 0.25 * np.exp(0.5)
    assert rows["lapse"].median == pytest.approx(odds / (1 + odds))
    assert "lapse" not in by_name(fit_organic(evolve(log, followed_share=float("nan"))))


# --- a real shop ------------------------------------------------------------------------------------------------------


def gift_shop(folder: Path, as_of: str) -> Snapshots:
    log = folder / "online_retail_ii" / "orders.parquet"
    return from_history(log, as_of=as_of, zone="Europe/London").snapshots


def test_the_gift_shop_sells_before_christmas_and_never_on_saturday(real_data: Path) -> None:
    rows = by_name(fit_organic(gift_shop(real_data, "2011-12-10")))
    season = {month: rows[f"season_{month}"].median for month in MONTHS}
    assert season["november"] == max(season.values()) > 1.3
    assert min(season, key=season.__getitem__) in ("december", "january", "february")
    assert rows["weekday_saturday"].median < 0.05
    assert rows["weekday_thursday"].median > 1.3
