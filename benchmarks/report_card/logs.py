"""Organic life: rolling origins in two shops' order logs, wakeup's own backtest."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from benchmarks.report_card.card import Check, Picture, Section, percent
from benchmarks.report_card.pictures import Dot, scatter
from wakeup.behaviour.backtest.coverage import Coverage
from wakeup.behaviour.backtest.judging import LEVELS
from wakeup.behaviour.backtest.rolling_origin import Backtest, backtest, pooled
from wakeup.behaviour.backtest.summary import BinRow, Summary, summarise
from wakeup.customers.rolling import rolling
from wakeup.customers.zones import local_day

SHOPS = (
    ("Gift shop", "online_retail_ii/orders.parquet", "Europe/London"),
    ("CDNOW", "cdnow/cdnow_master.csv.gz", "America/New_York"),
)
ORIGINS, HORIZON = 12, 90
NAMES = {"last_period": "last period's rate", "segment_mean": "mean of all earlier periods", "bg_nbd": "BG/NBD"}
LEAST = 0.6
"""A bin of one shop holds if at least so many of its 90 % intervals did: fewer than 8 of 12 come by chance once in 200
times if origins are apart, and more often since they are not."""
ABOUT = (
    f"`wakeup backtest --orders`: the law of organic return is fitted before each of {ORIGINS} origins on what lies"
    f" before it, and forecasts who orders within {HORIZON} days, by days since the last order. An interval must hold"
    " the share that came."
)

CAUSES = {
    "too high": "forecasts lie above what came: people of this bin came back less often than the law, fitted over all"
    " bins, has it",
    "too low": "forecasts lie below what came: people of this bin came back more often than the law, fitted over all"
    " bins, has it",
    "narrow": "forecasts are right on average, but the bin moves more from origin to origin than the fit has seen",
}


def organic(folder: Path) -> Section:
    """Run the backtests and return what they found."""
    tests = []
    for _, file, zone in SHOPS:
        with rolling(folder / file, zone=zone) as log:
            tests.append(backtest(log, count=ORIGINS, horizon_days=HORIZON))
    told = [summarise(each) for each in tests]
    checks = [_pooled(pooled(tests, level), level) for level in LEVELS]
    for (shop, _, _), one in zip(SHOPS, told, strict=True):
        checks += [_covered(shop, one.coverage[0.9])]
        checks += [_better(shop, row.name, row.our_interval_score, row.interval_score) for row in one.baselines]
        checks += [_bin(shop, row) for row in one.bins]
    rows = [("shop", "days since the last order", "origins", "people", "came", "forecast", "90 % held")]
    for (shop, _, _), one in zip(SHOPS, told, strict=True):
        rows += [_row(shop, each) for each in one.bins]
    return Section(
        "Who comes back without a campaign",
        (ABOUT, _scores(told), _missed(tests)),
        rows,
        checks,
        [
            Picture(
                f"organic-{at}", f"{shop}: what came against what was forecast, one dot a bin and origin", _dots(test)
            )
            for at, ((shop, _, _), test) in enumerate(zip(SHOPS, tests, strict=True), start=1)
        ],
    )


def _pooled(found: Coverage, level: float) -> Check:
    assert found.value is not None
    assert found.low is not None
    assert found.high is not None
    return Check(
        f"{percent(level, 0)} intervals hold {percent(level, 0)} of the time, both shops and all bins together",
        "gift shop, CDNOW",
        f"{found.held} of {found.intervals}: {percent(found.value)} ({percent(found.low)} to {percent(found.high)})",
        found.low <= level <= found.high,
        "intervals are too wide" if found.value > level else "intervals are too narrow or lie beside what came",
    )


def _covered(shop: str, found: Coverage) -> Check:
    assert found.value is not None
    assert found.low is not None
    assert found.high is not None
    return Check(
        "90 % intervals hold 90 % of the time, all bins",
        shop,
        f"{found.held} of {found.intervals}: {percent(found.value)} ({percent(found.low)} to {percent(found.high)})",
        found.low <= 0.9 <= found.high,
        "intervals are too wide" if found.value > 0.9 else "see the bins of this shop below",
    )


def _better(shop: str, name: str, ours: float, other: float) -> Check:
    return Check(
        f"interval score better than {NAMES.get(name, name)}, mean over bins",
        shop,
        f"×{ours / other:.2f} of it (below 1 is better)",
        ours < other,
        "the baseline looks at each bin by itself; wakeup's law has few parameters for all bins together",
    )


def _bin(shop: str, row: BinRow) -> Check:
    held = row.held[0.9]
    far = "narrow" if abs(row.bias) < 0.15 * max(row.came, 0.02) else "too high" if row.bias > 0 else "too low"
    return Check(
        f"90 % intervals hold, last order {_days(row)} days ago",
        shop,
        f"{held} of {row.origins}; came {percent(row.came)}, forecast {percent(row.forecast)}",
        held >= LEAST * row.origins,
        CAUSES[far],
    )


def _scores(told: Sequence[Summary]) -> str:
    lines = []
    for (shop, _, _), one in zip(SHOPS, told, strict=True):
        against = ", ".join(f"{NAMES.get(row.name, row.name)} {100 * row.interval_score:.1f}" for row in one.baselines)
        lines.append(f"{shop}: wakeup {100 * one.interval_score:.1f}, {against}")
    return "Interval score at 90 % in points, the smaller the better, mean over bins. " + "; ".join(lines) + "."


def _missed(tests: Sequence[Backtest]) -> str:
    """Where the intervals lie that did not hold: at one origin, what all customers met that day; else the bins' own."""
    told = []
    for (shop, _, zone), test in zip(SHOPS, tests, strict=True):
        outside = (test.ours.inside[LEVELS.index(0.9)] == 0.0).sum(axis=1)
        days = [
            f"{local_day(at, zone).isoformat()} ({count})"
            for at, count in zip(test.origins.instants, outside.tolist(), strict=True)
            if count
        ]
        told.append(f"{shop}: " + (f"{', '.join(days)} of {int(test.used.sum())}" if days else "none"))
    return f"90 % intervals that missed, by the day of the forecast: {'; '.join(told)}."


def _row(shop: str, row: BinRow) -> tuple[str, ...]:
    return (
        shop,
        _days(row),
        str(row.origins),
        f"{row.people:,.0f}",
        percent(row.came),
        percent(row.forecast),
        f"{row.held[0.9]} of {row.origins}",
    )


def _days(row: BinRow) -> str:
    return f"over {row.first - 1}" if row.last is None else f"{row.first} to {row.last}"


def _dots(test: Backtest) -> str:
    inside = test.ours.inside[LEVELS.index(0.9)]
    dots = [
        Dot(float(test.ours.value[at]), float(test.came[at] / test.people[at]), bool(inside[at]))
        for at in zip(*np.nonzero(test.used), strict=True)
    ]
    top = max(0.4, float(np.ceil(10.0 * max(max(dot.x, dot.y) for dot in dots)) / 10.0))
    return scatter(dots, "forecast", "came; orange: outside the 90 % interval", top)
