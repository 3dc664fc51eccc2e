"""Workload W played by wakeup and by programs written for it by hand, side by side in one run (see README.md here).

    python -m benchmarks.workload_w [--customers N]

Natural SimPy plays at most 20,000 customers and the heap loop at most 100,000: times are compared per customer. All
play W as the campaign says it, so that the counts can be compared: nothing is quoted where they differ.
"""

import argparse
import sys
from collections.abc import Sequence
from functools import cache

import numpy as np

from benchmarks.w import by_numpy
from benchmarks.w import terms as w
from benchmarks.w.measured import ALL_FIGURES, BY_HAND, SEED, Measured, in_own_process
from benchmarks.w.people import people
from benchmarks.w.scatter import FAR, Scatter, scatter

CUSTOMERS = 100_000
MANY = 500_000
"""From so many on every program is run once."""
PROGRAMS = (
    # name, most customers, times
    ("SimPy, natural", 20_000, 1),
    ("SimPy, no collector", 20_000, 1),
    ("heap loop", 100_000, 1),
    (BY_HAND, 100_000_000, 9),
    ("wakeup, counts", 100_000_000, 2),
    (ALL_FIGURES, 100_000_000, 2),
)


def main(customers: int = CUSTOMERS) -> float:
    """Print all of it; return the greatest distance of a count, in standard errors."""
    found = [
        in_own_process(name, min(customers, most), times if customers < MANY else 1) for name, most, times in PROGRAMS
    ]
    usual = cache(lambda size, same: scatter(size, same_people=same))
    farthest = max([_counts(each, usual(each.customers, each.by_hand)) for each in found if each.table is not None])
    _times(found)
    _as_written(customers)
    if farthest > FAR:
        print(f"a count is {farthest:.1f} standard errors away: the programs do not play the same, quote no ratio")
    return farthest


def _times(found: Sequence[Measured]) -> None:
    hand = next(each for each in found if each.program == BY_HAND)
    figures = next(each for each in found if each.program == ALL_FIGURES)
    print(f"workload W, one replication; ratios are of the time per customer, to {BY_HAND} and to {ALL_FIGURES}")
    titles = f"{'customers':>11} {'seconds':>9} {'customers/s':>12} {'bytes each':>10} {'to NumPy':>9} {'to ours':>8}"
    print(f"{'':20} {titles}")
    for each in found:
        memory = "–" if each.peak_bytes is None else f"{each.peak_bytes / each.customers:,.0f}"
        print(
            f"{each.program:20} {each.customers:>11,} {each.seconds:>9.3f} {each.customers / each.seconds:>12,.0f}"
            f" {memory:>10} {each.each / hand.each:>9.2f} {each.each / figures.each:>8.3f}"
        )


def _counts(each: Measured, usual: Scatter) -> float:
    """Print the counts per group, each with its distance; return the greatest distance."""
    assert each.table is not None
    distance = usual.distance(each.table)
    print(f"{each.program}, {each.customers:,} customers (distance in standard errors from {usual.runs} runs of NumPy)")
    print(" " * 13 + "".join(f"{group:>18}" for group in w.GROUPS))
    for metric, row, far in zip(w.METRICS, each.table, distance, strict=True):
        cells = "".join(
            f"{count:>11,.0f} {z:>+6.1f}" if count or z else " " * 18 for count, z in zip(row, far, strict=True)
        )
        print(f"{metric:13}{cells}")
    return float(np.abs(distance).max())


def _as_written(customers: int) -> None:
    """Print how many events a customer has where a message over the cap comes late."""
    table = by_numpy.run(people(customers), SEED, late=True)
    print(f"W to the letter, {BY_HAND}: {table[list(w.EVENTS)].sum() / customers:.2f} events a customer")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--customers", type=int, default=CUSTOMERS)
    sys.exit(main(parser.parse_args().customers) > FAR)
