"""Seconds, memory and counts of one program on workload W, each in a process of its own.

Seconds are of the processor: every program runs in one thread, and other work on the machine then disturbs less.
Memory is what the peak rises above all that the process has held before: room that is used again is not in it.
"""

import gc
import multiprocessing
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from attrs import frozen

from benchmarks.w import by_heap, by_numpy, by_simpy
from benchmarks.w.behaviour import Behaviour
from benchmarks.w.campaign import Counts, plan_for, population
from benchmarks.w.people import Floats, People, people
from wakeup.sim import array, reference
from wakeup.sim.replications import simulate
from wakeup.sim.task import Task

SEED = 7
REPLICATION = 1
BY_HAND = "NumPy by hand"
ALL_FIGURES = "wakeup, all figures"


@frozen(eq=False)
class Measured:
    """What a program took: best processor time of its runs, peak memory beyond the people (None: unknown), table."""

    program: str
    customers: int
    seconds: float
    peak_bytes: int | None
    table: Floats | None

    @property
    def by_hand(self) -> bool:
        """Whether it was written for this workload alone."""
        return not self.program.startswith("wakeup")

    @property
    def each(self) -> float:
        """Processor seconds per customer."""
        return self.seconds / self.customers


def in_own_process(program: str, customers: int, times: int) -> Measured:
    """Measure a program where nothing has run before."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(measured, program, customers, times).result()


def measured(program: str, customers: int, times: int = 1) -> Measured:
    """Measure a program here; making the people and reading the campaign are not in the times."""
    play = _player(program, customers)
    _forget_peak()
    before, best, table = _peak(), float("inf"), None
    for _ in range(times):
        begun = time.process_time()
        table = play()
        best = min(best, time.process_time() - begun)
    after = _peak()
    peak = None if before is None or after is None else after - before
    return Measured(program, customers, best, peak, table)


def _player(program: str, customers: int) -> Callable[[], Floats | None]:
    some = people(customers)
    match program:
        case "SimPy, natural":
            return lambda: by_simpy.run(some, SEED)
        case "SimPy, no collector":
            return lambda: _uncollected(some)
        case "heap loop":
            return lambda: by_heap.run(some, SEED)
        case "NumPy by hand":
            return lambda: by_numpy.run(some, SEED, late=False)
    plan = plan_for(customers)
    everybody = population(some, plan.start)
    if program == ALL_FIGURES:

        def figures() -> None:
            simulate(plan, everybody, behaviour=Behaviour(), seed=SEED, replications=1)

        return figures
    engine = {"wakeup, counts": array.run, "wakeup, reference": reference.run}[program]

    def counts() -> Floats:
        sink = Counts(plan, everybody)
        engine(Task(plan, everybody, Behaviour(), SEED, REPLICATION), sink)
        return sink.table

    return counts


def _uncollected(some: People) -> None:
    """Play natural SimPy without the garbage collector; its counts are the same."""
    gc.disable()
    by_simpy.run(some, SEED)
    gc.enable()


def _forget_peak() -> None:
    """Let the system forget the process's peak so far, where it can."""
    file = Path("/proc/self/clear_refs")
    if file.exists():
        file.write_text("5", encoding="ascii")


def _peak() -> int | None:
    """Return the peak of resident memory in bytes, None where the system does not say."""
    file = Path("/proc/self/status")
    if not file.exists():
        return None
    line = next(each for each in file.read_text("ascii").splitlines() if each.startswith("VmHWM"))
    return 1024 * int(line.split()[1])
