"""From evidence to rows: cells of a kind are pooled, and every kind and cell with data becomes a row."""

import math
from collections.abc import Sequence

from wakeup.behaviour.calibration.funnel import Cell, known_prior
from wakeup.behaviour.calibration.learnt import Learnt, fitted
from wakeup.behaviour.calibration.pooling import pool
from wakeup.diagnostics import Count
from wakeup.terms.behaviour import Prior, parameters


def learn_cells(cells: Sequence[Cell], source: str) -> list[Learnt]:
    """Pool cells of one parameter and kind; `source` has the field {sample}."""
    groups: dict[tuple[str, str], list[Cell]] = {}
    for cell in cells:
        prior = known_prior(cell.parameter, cell.kind)
        assert prior is not None
        groups.setdefault((cell.parameter, prior.scope), []).append(cell)
    return [row for group in groups.values() for row in _pooled(group, source)]


def _pooled(group: Sequence[Cell], source: str) -> list[Learnt]:
    first = group[0]
    prior = known_prior(first.parameter, first.kind)
    assert prior is not None
    link = parameters()[first.parameter].link
    found = pool([cell.evidence for cell in group], linked(link, prior.median), prior.sd)
    total = Count(sum(cell.sample.number for cell in group), first.sample.thing)
    rows = [_row(first.parameter, prior.scope, found.kind, total, first, source, prior)]
    return rows + [
        _row(cell.parameter, cell.scope, place, cell.sample, cell, source, prior)
        for cell, place in zip(group, found.cells, strict=True)
    ]


def _row(
    parameter: str, scope: str, place: tuple[float, float], sample: Count, cell: Cell, source: str, prior: Prior
) -> Learnt:
    mean, sd = place
    median = unlinked(parameters()[parameter].link, mean)
    kind = cell.kind if scope and prior.scope else ""
    return Learnt(fitted(parameter, scope, median, sd, source.format(sample=sample)), sample, kind)


def linked(link: str, value: float) -> float:
    """Return a value on the scale on which it scatters."""
    if link == "identity":
        return value
    return math.log(value) if link == "log" else math.log(value / (1.0 - value))


def unlinked(link: str, value: float) -> float:
    """Return the value that stands at a place on the link's scale."""
    if link == "identity":
        return value
    return math.exp(value) if link == "log" else 1.0 / (1.0 + math.exp(-value))
