"""What the array simulator is to reach on W, and whether a run of the suite shows it."""

from collections.abc import Iterator
from typing import Final

from attrs import frozen

from benchmarks.suite import Found, Row
from benchmarks.w.programs import ALL_FIGURES, CHANGED, NATURAL
from benchmarks.w.variants import SLACK

ONE_PATH: Final = 1.2
"""Times W's seconds per event that a W with other touches may take."""


@frozen
class Target:
    """A target: in words, the bound, what was found, whether it is met."""

    what: str
    bound: float
    found: float
    met: bool


def targets(found: Found) -> Iterator[Target]:
    """Yield the targets of which the run tells anything."""
    rows = {(row.measured.program, customers): row for customers, each in found.sizes.items() for row in each}
    ours = {customers: rows[ALL_FIGURES, customers] for customers in found.sizes if (ALL_FIGURES, customers) in rows}
    if 100_000 in ours:
        natural = rows.get((NATURAL, 100_000))
        yield from _least("100,000: times as fast as natural SimPy, at least 200", 200, natural and natural.to_wakeup)
    if 1_000_000 in ours:
        one = ours[1_000_000]
        yield from _most("1,000,000: times NumPy by hand, at most 3", 3, one.to_numpy)
        yield from _most("1,000,000: bytes a customer beyond the people, at most 200", 200, _bytes(one))
    for each in found.changed:
        name, customers = each.measured.program.removeprefix(CHANGED), each.measured.customers
        if name == SLACK:
            yield from _most(f"{customers:,}: {name}, times NumPy by hand, at most 5", 5, each.to_numpy)
        if each.one_path:
            yield from _most(f"{customers:,}: {name}, times W an event, at most 1.2", ONE_PATH, each.to_w)
    if 1_000_000 in ours and 10_000_000 in ours:
        million, ten = ours[1_000_000].measured.each, ours[10_000_000].measured.each
        share = None if million is None or ten is None else million / ten
        yield from _least("10,000,000: customers/s of those at 1,000,000, at least 0.75", 0.75, share)


def _bytes(row: Row) -> float | None:
    one = row.measured
    return None if one.peak_bytes is None else one.peak_bytes / one.customers


def _most(what: str, bound: float, value: float | None) -> Iterator[Target]:
    if value is not None:
        yield Target(what, bound, value, value <= bound)


def _least(what: str, bound: float, value: float | None) -> Iterator[Target]:
    if value is not None:
        yield Target(what, bound, value, value >= bound)
