"""Which assumptions move the profit: Morris' elementary effects, with the same luck on both sides of every step.

A path begins with every assumption at a level drawn at random, and moves one after the other, in random order, by two
thirds of its range; after each move the replication of the path's number is played again, with the same draws of
everything else. So a move's effect is the assumption's own, wherever the others are, and chance is no part of it
(Morris 1991, Technometrics 33; four levels, steps of p / (2 (p - 1)), Saltelli et al. 2008, Global Sensitivity
Analysis, chapter 3). Levels divide the middle 90 % of what is assumed by probability.
"""

from collections.abc import Sequence
from contextlib import closing
from typing import Final

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from wakeup.behaviour import in_use
from wakeup.behaviour.parameters import moved
from wakeup.draws import normal, uniform
from wakeup.figures.definitions import evaluate
from wakeup.figures.result import Sensitivity
from wakeup.plan.model import Assumption, Plan
from wakeup.sim.course import Progress
from wakeup.sim.executors import Play
from wakeup.sim.jobs import Job

PATHS: Final = 4
"""Paths: each tells one effect of every assumption. Four to ten are usual."""

_JUDGED: Final = "incremental_profit"
_LEVELS: Final = (0.0, 1 / 3, 2 / 3, 1.0)
_STEP: Final = 2 / 3
_LOWEST, _WHOLE = 0.05, 0.9


@frozen(eq=False)
class Path:
    """The way of one path. number: of the replication that it replays. start: levels (k,) at its beginning, 0 to 1.
    order: the assumptions (k,) in the order in which they move; up: whether each goes up or down, (k,)."""

    number: int
    start: NDArray[np.float64]
    order: NDArray[np.intp]
    up: NDArray[np.bool_]


@frozen(eq=False)
class Paths:
    """All paths through the assumptions that are not certain, `rows`; `known` are the certain ones."""

    plan: Plan
    rows: tuple[Assumption, ...]
    known: tuple[Assumption, ...]
    paths: tuple[Path, ...]

    @property
    def runs(self) -> int:
        """How many replications the paths take."""
        return len(self.paths) * (len(self.rows) + 1) if self.rows else 0


def paths_of(plan: Plan, seed: int) -> Paths:
    """Return the paths through the assumptions of a plan, drawn by the seed."""
    rows = in_use(plan)
    vary = tuple(each for each in rows if each.sd > 0.0)
    known = tuple(each for each in rows if each.sd == 0.0)
    return Paths(plan, vary, known, tuple(_path(seed, number, len(vary)) for number in range(1, PATHS + 1)))


def _path(seed: int, number: int, count: int) -> Path:
    keys = np.arange(count, dtype=np.uint64)
    where, way, order = (uniform(seed, number, keys, f"sensitivity:{what}") for what in ("level", "way", "order"))
    up = way < 0.5
    # Who goes up starts at one of the two lower levels, who goes down at one of the two upper ones.
    lower = np.where(where < 0.5, _LEVELS[0], _LEVELS[1])
    return Path(number, np.where(up, lower, lower + _STEP), np.argsort(order, kind="stable"), up)


def sensitivity(found: Paths, play: Play, progress: Progress | None) -> tuple[Sensitivity, ...]:
    """Play the paths and return the effect of every assumption on the profit, the greatest first.

    `progress` counts the replications of the paths alone.
    """
    if not found.rows:
        return ()
    jobs = {}
    for place, path in enumerate(found.paths):
        for step, plan in enumerate(_plans(found, path)):
            jobs[Job(path.number, variant=1 + place * (len(found.rows) + 1) + step, plan=plan)] = (place, step)
    profit = np.full((len(found.paths), len(found.rows) + 1), np.nan)
    with closing(play(list(jobs))) as coming:
        for number, (job, done) in enumerate(coming, start=1):
            profit[jobs[job]] = evaluate(found.plan, done.totals)[_JUDGED][0, 0]
            if progress is not None:
                progress(number, len(jobs))
    return _effects(found, profit / 10**found.plan.minor_digits)


def _plans(found: Paths, path: Path) -> list[Plan]:
    """Return the plan at the beginning of a path and after each of its moves."""
    levels = path.start.copy()
    plans = [_at(found, levels)]
    for which in path.order.tolist():
        levels[which] += _STEP if path.up[which] else -_STEP
        plans.append(_at(found, levels))
    return plans


def _at(found: Paths, levels: NDArray[np.float64]) -> Plan:
    """Return the plan with every assumption certain, at its level."""
    z = normal(_LOWEST + _WHOLE * levels)
    rows = [evolve(row, median=moved(row, float(at)), sd=0.0) for row, at in zip(found.rows, z, strict=True)]
    return evolve(found.plan, assumptions=(*found.known, *rows))


def _effects(found: Paths, profit: NDArray[np.float64]) -> tuple[Sensitivity, ...]:
    effects = np.empty((len(found.paths), len(found.rows)))
    for place, path in enumerate(found.paths):
        moves = np.diff(profit[place]) / _STEP
        effects[place, path.order] = np.where(path.up[path.order], moves, -moves)
    told = [_told(row, effects[:, column]) for column, row in enumerate(found.rows)]
    return tuple(sorted(told, key=lambda each: (-each.size, each.assumption)))


def _told(row: Assumption, effects: Sequence[float] | NDArray[np.float64]) -> Sensitivity:
    values = np.asarray(effects, np.float64)
    bends = float(values.std(ddof=1)) if len(values) > 1 else None
    name = f"{row.parameter} {row.scope}".rstrip()
    return Sensitivity(name, float(values.mean()), float(np.abs(values).mean()), bends)
