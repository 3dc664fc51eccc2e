"""The programs that play W, each ready to be timed: by name, so that a process of its own can make it."""

import gc
import time
from collections.abc import Callable, Mapping
from importlib import import_module
from importlib.util import find_spec
from typing import Final

import numpy as np
from attrs import frozen

from benchmarks.w import terms as w
from benchmarks.w.behaviour import Behaviour
from benchmarks.w.campaign import Counts, plan_for, population
from benchmarks.w.people import Floats, people
from benchmarks.w.variants import VARIANTS
from wakeup.customers.population import Population
from wakeup.figures.result import Result
from wakeup.plan.model import Plan
from wakeup.sim import array
from wakeup.sim.replications import simulate
from wakeup.sim.task import Task

SEED: Final = 7
REPLICATION: Final = 1
"""The first replication of a forecast: what counts rows plays the very run that the figures are of."""

BY_HAND: Final = "NumPy by hand"
NATURAL: Final = "SimPy, natural"
ALL_FIGURES: Final = "wakeup, all figures"
COUNTS: Final = "wakeup, rows into counts"
REPLICATIONS: Final = 20
CHANGED: Final = "W, "
"""Begins the name of the program that plays a variant."""


@frozen(eq=False)
class Ready:
    """A program with its people in memory. `play` is what is timed; `table` gives the counts of its last run, played
    once more if need be (of several replications: all figures). before: seconds of what is not timed, by what it is.
    ordered: why the last run of wakeup was played in one order from some instant on, "" if it was not."""

    play: Callable[[], object]
    table: Callable[[], Floats]
    before: Mapping[str, float]
    ordered: Callable[[], str] = lambda: ""


@frozen
class Program:
    """A program: how it is made ready, how often it is run at most, the module that it needs besides.

    by_hand: written for W, and plays W's own people; wakeup assigns holdout and arms itself.
    """

    name: str
    ready: Callable[[int], Ready]
    times: int
    by_hand: bool = True
    needs: str = ""

    def missing(self) -> bool:
        """Return whether what it needs is not installed."""
        return bool(self.needs) and find_spec(self.needs) is None


def program(name: str) -> Program:
    """Return a program by its name; the name of a variant follows `CHANGED`.

    Raises:
        KeyError: there is none.
    """
    return {each.name: each for each in (*PROGRAMS, *CHANGED_PROGRAMS, *REPLICATED_PROGRAMS, *SHARED_PROGRAMS)}[name]


def _hand(module: str, function: str = "run", *, collector: bool = True) -> Callable[[int], Ready]:
    """Return what makes a program of this folder ready; its module is loaded then, for not all can be everywhere."""

    def ready(customers: int) -> Ready:
        run = getattr(import_module(f"benchmarks.w.{module}"), function)
        begun = time.perf_counter()
        some = people(customers)
        last: list[Floats] = []
        if not collector:
            gc.disable()

        def play() -> None:
            last[:] = [run(some, SEED, late=False)]

        return Ready(play, lambda: last[0], {"people": time.perf_counter() - begun})

    return ready


def _wakeup(plan_of: Callable[[int], Plan], *, figures: bool) -> Callable[[int], Ready]:
    def ready(customers: int) -> Ready:
        begun = time.perf_counter()
        some = people(customers)
        made = time.perf_counter()
        plan = plan_of(customers)
        read = time.perf_counter()
        everybody = population(some, plan.start)
        before = {"people": made - begun, "plan": read - made, "population": time.perf_counter() - read}
        if not figures:
            last: list[Floats] = []

            def count() -> None:
                last[:] = [_counts(plan, everybody)]

            return Ready(count, lambda: last[0], before)
        found: list[Result] = []

        def play() -> None:
            found[:] = [simulate(plan, everybody, behaviour=Behaviour(), seed=SEED, replications=1)]

        return Ready(
            play,
            lambda: _checked(found[0], _counts(plan, everybody)),
            before,
            lambda: ", ".join(each.because for each in found[0].timing.ordered),
        )

    return ready


def _replicated(plan_of: Callable[[int], Plan], replications: int, workers: int) -> Callable[[int], Ready]:
    def ready(customers: int) -> Ready:
        plan = plan_of(customers)
        everybody = population(people(customers), plan.start)
        found: list[Result] = []

        def play() -> None:
            found[:] = [
                simulate(
                    plan, everybody, behaviour=Behaviour(), seed=SEED, replications=replications, workers=workers
                )
            ]  # fmt: skip

        return Ready(play, lambda: np.array([each.value or 0.0 for each in found[0].figures.values()]), {})

    return ready


def _counts(plan: Plan, everybody: Population) -> Floats:
    sink = Counts(plan)
    array.run(Task(plan, everybody, Behaviour(), SEED, REPLICATION), sink)
    return sink.table


def _checked(result: Result, table: Floats) -> Floats:
    """Return the table if the figures say the same, else not a number in its place."""
    treated = table[:, list(w.TREATED)].sum(axis=1)
    said = {"sent": w.SENT, "delivered": w.GOT, "opened": w.OPEN, "clicked": w.CLICK, "orders": w.ORDERS}
    same = all(result.figures[name].value == treated[metric] for name, metric in said.items())
    return table if same else np.full_like(table, np.nan)


PROGRAMS: Final = (
    Program(NATURAL, _hand("by_simpy"), 1),
    Program("SimPy, natural, no collector", _hand("by_simpy", collector=False), 1),
    Program("SimPy, lean, no collector", _hand("by_simpy", "run_lean", collector=False), 1),
    Program("Mesa, a step a day", _hand("by_mesa", "run_days"), 1, needs="mesa"),
    Program("Mesa, by events", _hand("by_mesa", "run_events"), 1, needs="mesa"),
    Program("heap loop", _hand("by_heap"), 2),
    Program(BY_HAND, _hand("by_numpy"), 9),
    Program(COUNTS, _wakeup(plan_for, figures=False), 3, by_hand=False),
    Program(ALL_FIGURES, _wakeup(plan_for, figures=True), 3, by_hand=False),
)
CHANGED_PROGRAMS: Final = tuple(
    Program(CHANGED + each.name, _wakeup(each.plan, figures=True), 3, by_hand=False) for each in VARIANTS
)
REPLICATED_PROGRAMS: Final = tuple(
    Program(
        f"{REPLICATIONS} replications, {workers} process{'es' * (workers > 1)}",
        _replicated(plan_for, REPLICATIONS, workers),
        1,
        by_hand=False,
    )
    for workers in (1, 2)
)
ALONE: Final = next(each for each in VARIANTS if each.name == "no desk, no rate")
"""The W that processes can share: nobody waits for anybody else."""
SHARED_PROGRAMS: Final = tuple(
    Program(
        f"one, {ALONE.name}, {workers} process{'es' * (workers > 1)}",
        _replicated(ALONE.plan, 1, workers),
        2,
        by_hand=False,
    )
    for workers in (1, 2)
)
