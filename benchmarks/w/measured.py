"""Seconds, memory and counts of one program on W, in a process of its own, which is ended when it takes long.

Seconds are of the processor: every program runs in one thread, and other work on the machine then disturbs less.
Memory is what the peak of resident memory rises above what the process holds before it plays; Linux alone tells.
"""

import ctypes
import gc
import math
import multiprocessing
import os
import time
from collections.abc import Mapping
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final, Literal

from attrs import evolve, frozen

from benchmarks.w.people import Floats
from benchmarks.w.programs import program

Status = Literal["ok", "too long", "not tried", "missing", "failed"]
ENOUGH: Final = 10.0
"""Wall seconds of runs after which no further one begins."""
PATIENCE: Final = 5.0
"""Times the limit that may pass on the wall: the machine may do other work, or not say what a process has used."""


@frozen(eq=False)
class Measured:
    """What a program took.

    seconds: of the processor, the best of `runs`; wall: of the same. peak_bytes: beyond the people, None where the
    system does not say. before: seconds of what is not timed. table: counts; None if it came to none.
    note: why there are no seconds. ordered: what people share that acted, so that wakeup played them in one order.
    """

    program: str
    customers: int
    status: Status = "too long"
    seconds: float | None = None
    wall: float | None = None
    runs: int = 0
    peak_bytes: int | None = None
    before: Mapping[str, float] | None = None
    table: Floats | None = None
    note: str = ""
    ordered: str = ""

    @property
    def each(self) -> float | None:
        """Processor seconds per customer."""
        return None if self.seconds is None else self.seconds / self.customers


def in_own_process(name: str, customers: int, limit: float) -> Measured:
    """Measure a program where nothing has run before. From when it is ready on it has so many seconds of the processor.

    With runs but no table the time was up before the counts were there: they cannot be compared.
    """
    found = Measured(name, customers, note=f"more than {limit:.0f} s")
    if program(name).missing():
        return evolve(found, status="missing", note=f"{program(name).needs} is not installed")
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_measure, args=(theirs, name, customers))
    process.start()
    theirs.close()
    until, spent = time.monotonic() + PATIENCE * limit, math.inf
    try:
        while found.table is None and time.monotonic() < until and _spent(process.pid) - spent < limit:
            if ours.poll(0.1):
                found = evolve(found, **ours.recv())
                if spent == math.inf:
                    until, spent = time.monotonic() + PATIENCE * limit, _spent(process.pid)
    except EOFError:
        process.join()
        return evolve(found, status="failed", note=f"it ended with exit code {process.exitcode}")
    finally:
        process.terminate()
        process.join()
    return found


def _spent(process: int | None) -> float:
    """Return the processor seconds of a process so far, 0 where the system does not say.

    A limit that the system keeps would do, but from then on it counts the process's time in ticks.
    """
    file = Path(f"/proc/{process}/stat")
    if not file.exists():
        return 0.0
    user, system = file.read_text("ascii").rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def _measure(theirs: Connection, name: str, customers: int) -> None:
    ready = program(name).ready(customers)
    theirs.send({"before": dict(ready.before)})
    _give_back()
    _forget_peak()
    held, begun, best = _peak(), time.perf_counter(), (math.inf, math.inf)
    for number in range(1, program(name).times + 1):
        wall, seconds = time.perf_counter(), time.process_time()
        ready.play()
        best = min(best, (time.process_time() - seconds, time.perf_counter() - wall))
        peak = _peak()
        risen = None if held is None or peak is None else peak - held
        theirs.send({"seconds": best[0], "wall": best[1], "runs": number, "peak_bytes": risen})
        if time.perf_counter() - begun > ENOUGH:
            break
    theirs.send({"table": ready.table(), "status": "ok", "note": "", "ordered": ready.ordered()})
    theirs.close()


def _give_back() -> None:
    """Give freed memory back to the system, so that using it again is seen."""
    gc.collect()
    if os.name == "posix" and hasattr(ctypes.CDLL(None), "malloc_trim"):
        ctypes.CDLL(None).malloc_trim(0)


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
