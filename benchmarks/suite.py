"""All of W in one run: programs side by side at several sizes, changed Ws, replications in one and two processes."""

import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Final

import numpy as np
from attrs import evolve, frozen

from benchmarks.w import terms as w
from benchmarks.w.measured import Measured, in_own_process
from benchmarks.w.programs import ALL_FIGURES, BY_HAND, CHANGED, PROGRAMS, REPLICATED_PROGRAMS, SHARED_PROGRAMS, Program
from benchmarks.w.scatter import FAR, Scatter, scatter
from benchmarks.w.variants import SLACK, VARIANTS, Variant
from wakeup.sim import spreading

SIZES: Final = (10_000, 100_000, 1_000_000)
CHANGED_AT: Final = 100_000
SLACK_AT: Final = 1_000_000
"""Where that size is played, `SLACK` is so too: its target is of so many."""
LIMIT: Final = 60.0
LONGER: Final = 2.0
"""Times the limit for what is played at one size only."""
IMPORTS: Final = {
    "NumPy": "numpy",
    "SimPy": "simpy",
    "Mesa": "mesa",
    "wakeup, to check a campaign": "wakeup.face",
    "wakeup, to simulate": "wakeup.face, wakeup.sim.replications, wakeup.sim.array",
}
Tell = Callable[[str], None]
Usual = Callable[[int, bool], Scatter]


@frozen(eq=False)
class Row:
    """A program at one size.

    far: greatest distance of its counts, in standard errors (None: no counts). where: of which count.
    to_numpy, to_wakeup: its time per customer as a multiple of that of NumPy by hand, and of wakeup with all figures.
    None where one of the two has no time, or counts that are too far away.
    """

    measured: Measured
    far: float | None = None
    where: str = ""
    to_numpy: float | None = None
    to_wakeup: float | None = None

    @property
    def agrees(self) -> bool:
        """Whether its counts are those of W; without counts it is not known, and taken for no."""
        return self.far is not None and self.far <= FAR


@frozen(eq=False)
class Changed:
    """A changed W, played by wakeup with all figures.

    events: per customer. to_w: time per event, as a multiple of W's. to_numpy: time per customer, as a multiple of that
    of NumPy by hand, which plays W itself.
    """

    measured: Measured
    what: str
    one_path: bool
    events: float | None
    to_w: float | None
    to_numpy: float | None

    @property
    def wrong(self) -> bool:
        """Whether its figures are not what its rows give."""
        return self.measured.table is not None and self.events is None


@frozen(eq=False)
class Found:
    """What a run of the suite found.

    changed: changed Ws, at `changed_at` customers each but for one of all limits slack, at `SLACK_AT`.
    replicated: several replications in one process and in two; shared: one large one. same: whether the figures of two
    processes are those of one (None: none has both ended). imports: seconds that a new process needs to load something,
    beyond what Python takes itself (None: not installed).
    """

    sizes: Mapping[int, Sequence[Row]]
    changed_at: int
    changed: Sequence[Changed]
    replicated: Sequence[Measured]
    shared: Sequence[Measured]
    same: bool | None
    imports: Mapping[str, float | None]
    limit: float

    @property
    def wrong(self) -> list[str]:
        """What is not as it must be: counts that differ, programs that failed."""
        rows = [row for each in self.sizes.values() for row in each]
        everything = [*(row.measured for row in rows), *(each.measured for each in self.changed)]
        everything += [*self.replicated, *self.shared]
        found = [
            f"{one.program}, {one.customers:,} customers: {one.note}" for one in everything if one.status == "failed"
        ]
        for row in rows:
            if row.far is not None and not row.agrees:
                who = f"{row.measured.program}, {row.measured.customers:,} customers"
                found.append(f"{who}: {row.where} is {row.far:.1f} standard errors away")
        found += [f"{each.measured.program}: figures that the rows do not give" for each in self.changed if each.wrong]
        return found + (["the figures differ between one process and two"] if self.same is False else [])


def played(
    sizes: Sequence[int] = SIZES,
    *,
    changed_at: int = CHANGED_AT,
    limit: float = LIMIT,
    tell: Tell,
    only: Sequence[str] = (),
) -> Found:
    """Play all of it. only: names of the programs to play, all if empty. tell: is told what begins."""
    rows = _sizes(sorted(sizes), limit, tell, only)
    replicated = _in_one_and_two(REPLICATED_PROGRAMS, changed_at, limit, tell, only)
    many = max(sizes)
    shared = _in_one_and_two(SHARED_PROGRAMS, many, limit, tell, only) if many >= spreading.LEAST else []
    same = [each for each in (_same(replicated), _same(shared)) if each is not None]
    variants = [each for each in VARIANTS if not only or CHANGED + each.name in only]
    changed = _changed(variants, changed_at, limit, tell)
    if SLACK_AT in sizes and changed_at != SLACK_AT:
        changed += _changed([each for each in variants if each.name == SLACK], SLACK_AT, limit, tell)[1:]
    return Found(
        sizes=rows,
        changed_at=changed_at,
        changed=changed,
        replicated=replicated,
        shared=shared,
        same=all(same) if same else None,
        imports={} if only else {name: _seconds_to_load(modules) for name, modules in IMPORTS.items()},
        limit=limit,
    )


def _in_one_and_two(
    programs: Sequence[Program], customers: int, limit: float, tell: Tell, only: Sequence[str]
) -> list[Measured]:
    found = []
    for each in programs:
        if not only or each.name in only:
            tell(f"{customers:,} customers: {each.name}")
            found.append(in_own_process(each.name, customers, LONGER * limit))
    return found


def _same(measured: Sequence[Measured]) -> bool | None:
    tables = [each.table for each in measured if each.table is not None]
    return bool((tables[0] == tables[1]).all()) if len(tables) == 2 else None


def _sizes(sizes: Sequence[int], limit: float, tell: Tell, only: Sequence[str]) -> dict[int, Sequence[Row]]:
    usual = cache(lambda customers, same: scatter(customers, same_people=same))
    programs = [each for each in PROGRAMS if not only or each.name in only]
    rows: dict[int, Sequence[Row]] = {}
    last: dict[str, Measured] = {}
    for customers in sizes:
        for each in programs:
            tell(f"{customers:,} customers: {each.name}")
            last[each.name] = _tried(each, customers, limit, last.get(each.name))
        tell(f"{customers:,} customers: comparing counts")
        rows[customers] = beside([_row(last[each.name], each, usual) for each in programs])
    return rows


def _tried(program: Program, customers: int, limit: float, smaller: Measured | None) -> Measured:
    """Measure a program, unless fewer customers have shown that it would take too long: time grows at least in step."""
    if smaller is not None:
        if smaller.status in ("missing", "failed"):
            return evolve(smaller, customers=customers)
        expected = (limit if smaller.seconds is None else smaller.seconds) * customers / smaller.customers
        if expected > limit:
            return Measured(program.name, customers, "not tried", note=f"would take more than {expected:.0f} s")
    return in_own_process(program.name, customers, limit)


def _row(measured: Measured, program: Program, usual: Usual) -> Row:
    if measured.table is None:
        return Row(measured)
    distance = np.abs(usual(measured.customers, program.by_hand).distance(measured.table))
    if np.isnan(distance).any():
        return Row(measured, float("inf"), "a figure that is not what the rows give")
    metric, group = np.unravel_index(distance.argmax(), distance.shape)
    return Row(measured, float(distance.max()), f"{w.METRICS[metric]} of {w.GROUPS[group]}")


def beside(rows: Sequence[Row]) -> list[Row]:
    """Return rows of one size with their ratios, where both counts agree."""
    seconds = {row.measured.program: row.measured.each for row in rows if row.agrees}

    numpy, ours = seconds.get(BY_HAND), seconds.get(ALL_FIGURES)
    mine = [seconds.get(row.measured.program) for row in rows]
    return [
        evolve(row, to_numpy=_ratio(each, numpy), to_wakeup=_ratio(each, ours))
        for row, each in zip(rows, mine, strict=True)
    ]


def _changed(variants: Sequence[Variant], customers: int, limit: float, tell: Tell) -> list[Changed]:
    """Play changed Ws, and W, which comes first, and NumPy by hand once more, so that all are of the same minutes."""
    if not variants:
        return []
    found = {}
    for name in (BY_HAND, ALL_FIGURES, *(CHANGED + each.name for each in variants)):
        tell(f"{customers:,} customers: {name}")
        found[name] = in_own_process(name, customers, LONGER * limit)
    hand, plain = found[BY_HAND], found[ALL_FIGURES]
    lines = [(plain, "W", False), *((found[CHANGED + each.name], each.what, each.one_path) for each in variants)]
    return [
        Changed(
            measured=one,
            what=what,
            one_path=one_path,
            events=_events(one),
            to_w=_ratio(_per_event(one), _per_event(plain)),
            to_numpy=_ratio(one.each, hand.each) if one.table is not None else None,
        )
        for one, what, one_path in lines
    ]


def _events(measured: Measured) -> float | None:
    """Return the events of a customer; None without counts, or where the figures are not what the rows give."""
    if measured.table is None or np.isnan(measured.table).any():
        return None
    return float(measured.table[list(w.EVENTS)].sum() / measured.customers)


def _per_event(measured: Measured) -> float | None:
    events = _events(measured)
    return None if measured.each is None or not events else measured.each / events


def _ratio(mine: float | None, other: float | None) -> float | None:
    return None if mine is None or other is None else mine / other


def _seconds_to_load(modules: str) -> float | None:
    """Return the wall seconds that a new process takes to load modules, beyond starting Python; the best of three."""
    if subprocess.run([sys.executable, "-c", f"import {modules}"], capture_output=True, check=False).returncode:
        return None
    return max(0.0, _best(f"import {modules}") - _best("pass"))


def _best(code: str) -> float:
    took = []
    for _ in range(3):
        begun = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
        took.append(time.perf_counter() - begun)
    return min(took)
