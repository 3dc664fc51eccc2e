"""The suite's findings as a table for a terminal."""

from collections.abc import Iterator

from benchmarks.suite import Changed, Found, Row
from benchmarks.targets import ONE_PATH, targets
from benchmarks.w.measured import Measured
from benchmarks.w.programs import ALL_FIGURES
from benchmarks.w.scatter import FAR

NONE = "–"


def shown(found: Found) -> str:
    """Return all of it."""
    return "\n".join(
        [*_sizes(found), *_changed(found), *_replicated(found), *_before(found), *_targets(found), *_wrong(found)]
    )


def _sizes(found: Found) -> Iterator[str]:
    yield "Workload W, one replication. Seconds of the processor, best of the runs; memory beyond the people;"
    yield f"farthest: greatest distance of a count, in standard errors (beyond {FAR:.0f} no ratio is quoted);"
    yield "x NumPy, x wakeup: time per customer as a multiple of that of NumPy by hand, of wakeup with all figures."
    for customers, rows in found.sizes.items():
        yield ""
        yield (
            f"{f'{customers:,} customers':32}{'seconds':>9}{'runs':>6}{'customers/s':>13}{'bytes each':>12}"
            f"{'farthest':>10}{'x NumPy':>10}{'x wakeup':>10}"
        )
        yield from (_row(row) for row in rows)


def _row(row: Row) -> str:
    one = row.measured
    if one.seconds is None:
        return f"  {one.program:30}  {_note(one)}"
    memory = NONE if one.peak_bytes is None else f"{one.peak_bytes / one.customers:,.0f}"
    far = NONE if row.far is None else f"{row.far:.1f}"
    return (
        f"  {one.program:30}{one.seconds:>9.3f}{one.runs:>6}{one.customers / one.seconds:>13,.0f}{memory:>12}"
        f"{far:>10}{_times(row.to_numpy):>10}{_times(row.to_wakeup):>10}"
    )


def _note(one: Measured) -> str:
    return f"{one.status}: {one.note}"


def _changed(found: Found) -> Iterator[str]:
    if not found.changed:
        return
    yield ""
    yield f"W changed, wakeup with all figures, {found.changed_at:,} customers"
    yield f"{'':32}{'seconds':>9}{'events each':>13}{'ns an event':>13}{'x W':>7}{'x NumPy':>9}"
    for each in found.changed:
        yield _changed_row(each, found.changed_at)


def _changed_row(each: Changed, changed_at: int) -> str:
    one = each.measured
    name = "W" if one.program == ALL_FIGURES else one.program
    if one.customers != changed_at:
        name += f", {one.customers:,}"
    if one.seconds is None or each.events is None:
        return f"  {name:30}  {_note(one)}"
    verdict = f"  in one order: {one.ordered}" if one.ordered else ""
    if each.one_path and each.to_w is not None:
        verdict += f"  {'within' if each.to_w <= ONE_PATH else 'NOT within'} {ONE_PATH} of W"
    event = 1e9 * one.seconds / (each.events * one.customers)
    return (
        f"  {name:30}{one.seconds:>9.3f}{each.events:>13.2f}{event:>13,.0f}{_times(each.to_w):>7}"
        f"{_times(each.to_numpy):>9}{verdict}"
    )


def _replicated(found: Found) -> Iterator[str]:
    if not (found.replicated or found.shared):
        return
    yield ""
    yield f"Replications of W, {found.changed_at:,} customers: seconds on the wall, starting the processes included"
    for each in (*found.replicated, *found.shared):
        name = each.program if each.customers == found.changed_at else f"{each.program}, {each.customers:,}"
        yield f"  {name:46}" + (_note(each) if each.wall is None else f"{each.wall:>9.2f}")
    if found.same is not None:
        yield f"  the figures are {'the same to the bit' if found.same else 'NOT the same'}"


def _before(found: Found) -> Iterator[str]:
    yield ""
    yield "Not in the times above: seconds on the wall"
    for name, seconds in found.imports.items():
        yield f"  {f'loading {name}':34}" + ("not installed" if seconds is None else f"{seconds:>9.3f}")
    for customers, rows in found.sizes.items():
        steps = {step: seconds for row in rows for step, seconds in (row.measured.before or {}).items()}
        yield from (f"  {f'{step}, {customers:,} customers':34}{seconds:>9.3f}" for step, seconds in steps.items())


def _targets(found: Found) -> Iterator[str]:
    reached = list(targets(found))
    if reached:
        yield ""
        yield "Targets, as far as this run tells"
    for each in reached:
        yield f"  {each.what:66}{_times(each.found):>8}  {'met' if each.met else 'MISSED'}"


def _wrong(found: Found) -> Iterator[str]:
    missing = {
        each.measured.program: each.measured.note
        for rows in found.sizes.values()
        for each in rows
        if each.measured.status == "missing"
    }
    if missing or found.wrong:
        yield ""
    yield from (f"SKIPPED: {program}: {note} (pip install 'wakeup[bench]')" for program, note in missing.items())
    yield from (f"WRONG: {each}" for each in found.wrong)


def _times(ratio: float | None) -> str:
    if ratio is None:
        return NONE
    return f"{ratio:,.0f}" if ratio >= 100 else f"{ratio:.3g}"
