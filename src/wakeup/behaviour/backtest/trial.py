"""Backtest of a randomised campaign of the past: learn on one half of its people, forecast the other, many times.

What it can show: that intervals cover, and how wide they must be, for people drawn like these at the same time. What
it cannot: the next season or another audience; the splits cut the same people over and over.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from wakeup.behaviour.backtest.coverage import Coverage, Held, coverage
from wakeup.behaviour.backtest.judging import LEVELS, interval_score
from wakeup.behaviour.backtest.randomised import Randomised, randomised
from wakeup.behaviour.backtest.trial_design import Design, design, fewer
from wakeup.behaviour.backtest.trial_effect import Effect, effects
from wakeup.behaviour.backtest.trial_model import Floats, Learnt, expect, jitter, learn, rows, shares
from wakeup.behaviour.backtest.trial_value import Amounts, amounts, per_person
from wakeup.customers.trial_table import TrialTable
from wakeup.diagnostics import Diagnostic, Listed, Say, WakeupError, diagnostic
from wakeup.draws import uniform
from wakeup.stats import normal_quantile

SPLITS: Final = 100
SCORED: Final = LEVELS.index(0.9)
ENOUGH: Final = 20
"""Outcomes of an arm below which a warning says that little can be learnt."""

FORECAST: Final = ("rates", "lift", "value", "value_lift")
"""What is forecast: share with the outcome by arm, its difference to the control, and the same of money per person."""

Progress = Callable[[int, int], None]


@frozen
class Arm:
    """One arm as it was: people, of them with the outcome, money per person in minor units (None: no such column)."""

    name: str
    people: int
    outcomes: int
    value: float | None

    @property
    def rate(self) -> float:
        """Share of people with the outcome."""
        return self.outcomes / self.people


@frozen
class Kept:
    """How forecasts of one kind did. coverage: of the intervals by level. width, analytic: mean width of the intervals
    by level, ours and those of the textbook's two samples. score, analytic_score: interval score at 90 %, the smaller
    the better. The textbook's interval: rate +- z sqrt(p (1 - p) (1 / people of a half + 1 / people of the other)).
    """

    coverage: Mapping[float, Coverage]
    width: Mapping[float, float]
    analytic: Mapping[float, float]
    score: float
    analytic_score: float


@frozen
class TrialBacktest:
    """The backtest of one campaign.

    features: names of what people are told apart by. checked: whether the arms are random. kept: by kind of forecast
    (`FORECAST`); only the first two without money, or where some half has too few payers. effects: of every arm but the
    control, from the whole table. between: by arm, how much the lift of one half differs from that of the other, as a
    share of the whole lift: median over splits. largest: share of all money that one person paid, None without money.
    warnings: what limits all this.
    """

    name: str
    people: int
    columns: Mapping[str, str]
    arms: tuple[Arm, ...]
    features: tuple[str, ...]
    checked: Randomised
    splits: int
    seed: int
    kept: Mapping[str, Kept]
    effects: tuple[Effect, ...]
    between: tuple[float, ...]
    largest: float | None
    warnings: tuple[Diagnostic, ...] = ()


def trial(
    table: TrialTable,
    *,
    splits: int = SPLITS,
    seed: int = 1,
    shares: Mapping[str, float] | None = None,
    progress: Progress | None = None,
) -> TrialBacktest:
    """Backtest a randomised campaign.

    Args:
        table: see `wakeup.customers.trial_table.read_trial`.
        splits: how many times its people are cut into halves, each arm for itself.
        seed: of the cuts and the forecasts' draws.
        shares: planned share of each arm by name, any sum.
        progress: told how many of the splits are done.

    Returns:
        If the arms are not random (`checked.random`), without forecasts and effects: nothing could be read from them.

    Raises:
        WakeupError: WK6160, a stated share is that of no arm, or an arm has none.
    """
    columns = design(table.features, len(table))
    checked = randomised(table.arm, table.features, shares=_planned(table, shares), missing=table.missing)
    arms = tuple(_arms(table))
    few = [diagnostic("WK6169", arm=arm.name, outcomes=arm.outcomes) for arm in arms if arm.outcomes < ENOUGH]
    few += [diagnostic("WK6079", arm=arm.name, people=arm.people) for arm in arms if arm.outcomes == arm.people]
    whole = TrialBacktest(
        name=table.name,
        people=len(table),
        columns=table.columns,
        arms=arms,
        features=columns.names,
        checked=checked,
        splits=splits,
        seed=seed,
        kept={},
        effects=(),
        between=(),
        largest=_largest(table.value),
        warnings=tuple(few),
    )
    if not checked.random:
        return whole
    halves = _Halves(table, columns, seed)
    found = []
    for number in range(1, splits + 1):
        found.append(halves.split(number))
        if progress is not None:
            progress(number, splits)
    kinds = [kind for kind in FORECAST if all(kind in each for each in found)]
    return evolve(
        whole,
        kept={kind: _kept([each[kind] for each in found], seed) for kind in kinds},
        effects=effects(table, halves.law, halves.learnt, seed),
        between=_between([each["lift"] for each in found], arms),
    )


@frozen(eq=False)
class _Cell:
    """Forecasts of one split: low, high (levels, c), what came (c,), what one half had (c,) and the textbook's sd."""

    low: Floats
    high: Floats
    came: Floats
    base: Floats
    sd: Floats


class _Halves:
    """A campaign whose people can be cut into halves; the law's columns and the start of every search are kept."""

    def __init__(self, table: TrialTable, columns: Design, seed: int) -> None:
        self.table, self.seed, self.arms = table, seed, len(table.arms)
        self.law = rows(table.arm, fewer(columns.x), self.arms)
        self.outcome = table.outcome.astype(np.float64)
        self.learnt = learn(self.law, self.outcome, self.arms)
        self.value = None if table.value is None else table.value.astype(np.float64)
        self.paid = None if self.value is None else (self.value != 0.0).astype(np.float64)
        self.payers: Learnt | None = None
        if self.paid is not None and bool((self.paid != self.outcome).any()):
            self.payers = learn(self.law, self.paid, self.arms)
        self.of_arm = tuple(np.flatnonzero(table.arm == code) for code in range(self.arms))

    def split(self, number: int) -> dict[str, _Cell]:
        """Learn on one half, forecast the other; by kind of forecast."""
        u = uniform(self.seed, number, self.table.key, "trial:half")
        first, others = [], []
        for mine in self.of_arm:
            order = mine[np.argsort(u[mine], kind="stable")]
            first.append(order[: len(order) // 2])
            others.append(order[len(order) // 2 :])
        known = np.concatenate(first)
        rate = _means(self.outcome, first)
        size = tuple(np.array([len(each) for each in half], np.float64) for half in (first, others))
        sd = np.sqrt(rate * (1.0 - rate) * (1.0 / size[0] + 1.0 / size[1]))
        drawn = self._drawn(self.outcome, self.learnt, known, others, number, "trial:outcome")
        shift = jitter(self.seed, number, self.arms, "trial:outcome") / size[1]
        cells = _cells("", drawn, _means(self.outcome, others) + shift, rate, sd)
        if self.value is None:
            return cells
        learnt = amounts(self.value[known], self.table.arm[known], self.arms)
        return cells if learnt is None else cells | self._money(learnt, drawn, known, first, others, number)

    def _drawn(
        self, outcome: Floats, start: Learnt, known: NDArray[np.intp], others: Sequence[NDArray[np.intp]], number: int,
        purpose: str,
    ) -> Floats:  # fmt: skip
        learnt = learn(self.law[known], outcome[known], self.arms, start.mode)
        expected = expect(learnt, [self.law[each] for each in others], self.seed, number, purpose)
        return shares(expected, self.seed, number, purpose)

    def _money(
        self, learnt: Amounts, drawn: Floats, known: NDArray[np.intp], first: Sequence[NDArray[np.intp]],
        others: Sequence[NDArray[np.intp]], number: int,
    ) -> dict[str, _Cell]:  # fmt: skip
        assert self.value is not None
        assert self.paid is not None
        if self.payers is not None:
            drawn = self._drawn(self.paid, self.payers, known, others, number, "trial:payers")
        people = np.array([len(each) for each in others], np.float64)
        money = per_person(learnt, drawn, people, self.seed, number)
        variance = [
            self.value[each].var(ddof=1) * (1.0 / len(each) + 1.0 / n) for each, n in zip(first, people, strict=True)
        ]
        return _cells(
            "value", money, _means(self.value, others), _means(self.value, first), np.sqrt(np.array(variance))
        )


def _cells(prefix: str, drawn: Floats, came: Floats, base: Floats, sd: Floats) -> dict[str, _Cell]:
    """Return the forecasts by arm and of the differences to the control, from draws (DRAWS, K)."""
    kinds = ("value", "value_lift") if prefix else ("rates", "lift")
    lift_sd = np.sqrt(sd[1:] ** 2 + sd[0] ** 2)
    return {
        kinds[0]: _Cell(*_bounds(drawn), came, base, sd),
        kinds[1]: _Cell(*_bounds(drawn[:, 1:] - drawn[:, :1]), came[1:] - came[0], base[1:] - base[0], lift_sd),
    }


def _bounds(drawn: Floats) -> tuple[Floats, Floats]:
    tails = np.array([(1.0 - level) / 2.0 for level in LEVELS])
    # i / (n + 1) is where the i-th of n draws lies: one more of them falls between two with just that probability.
    low, high = np.quantile(drawn, [tails, 1.0 - tails], axis=0, method="weibull")
    return low, high


def _means(values: Floats, groups: Sequence[NDArray[np.intp]]) -> Floats:
    return np.array([values[each].mean() for each in groups])


def _kept(cells: Sequence[_Cell], seed: int) -> Kept:
    low, high = np.stack([each.low for each in cells]), np.stack([each.high for each in cells])
    came, base, sd = (np.stack([getattr(each, name) for each in cells]) for name in ("came", "base", "sd"))
    inside = (low <= came[:, None]) & (came[:, None] <= high)
    z = {level: normal_quantile((1.0 + level) / 2.0) for level in LEVELS}
    half = z[LEVELS[SCORED]] * sd
    return Kept(
        coverage={
            level: coverage([Held(inside[:, at].astype(np.float64), 1)], seed=seed) for at, level in enumerate(LEVELS)
        },
        width={level: float((high - low)[:, at].mean()) for at, level in enumerate(LEVELS)},
        analytic={level: float(2.0 * z[level] * sd.mean()) for level in LEVELS},
        score=float(interval_score(low[:, SCORED], high[:, SCORED], came, LEVELS[SCORED]).mean()),
        analytic_score=float(interval_score(base - half, base + half, came, LEVELS[SCORED]).mean()),
    )


def _between(cells: Sequence[_Cell], arms: Sequence[Arm]) -> tuple[float, ...]:
    apart = np.median(np.abs(np.stack([each.came - each.base for each in cells])), axis=0)
    lifts = [arm.rate - arms[0].rate for arm in arms[1:]]
    return tuple(float(gap / abs(lift)) if lift else np.inf for gap, lift in zip(apart, lifts, strict=True))


def _arms(table: TrialTable) -> Iterator[Arm]:
    for code, name in enumerate(table.arms):
        mine = table.arm == code
        value = None if table.value is None else float(table.value[mine].mean())
        yield Arm(name, int(mine.sum()), int(table.outcome[mine].sum()), value)


def _largest(value: NDArray[np.int64] | None) -> float | None:
    """Return the share of all that was paid that one person paid."""
    if value is None or not value.any():
        return None
    paid = np.abs(value.astype(np.float64))
    return float(paid.max() / paid.sum())


def _planned(table: TrialTable, stated: Mapping[str, float] | None) -> list[float] | None:
    if stated is None:
        return None
    wrong = sorted(set(stated) ^ set(table.arms))
    if wrong:
        wanted = Say("each of the arms {arms} has a share, and nothing else", arms=Listed(table.arms))
        raise WakeupError([diagnostic("WK6160", part=wrong[0], option="--shares", wanted=wanted)])
    return [stated[name] for name in table.arms]
