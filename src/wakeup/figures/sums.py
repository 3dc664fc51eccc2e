"""Sums over some people of a replication, and what the sums of all of them come to."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from attrs import fields, frozen
from numpy.typing import NDArray

from wakeup.figures.events import Closing
from wakeup.figures.spending import spending
from wakeup.figures.tables import Tables
from wakeup.figures.totals import Segment, Totals
from wakeup.terms.lists import Reason


@frozen(eq=False)
class Sums:
    """Sums over some people, whole numbers: no cut into parts and no order of adding changes a bit.

    segments, table (as `sums`), channels, days, eligible, no_journey, credit: as in `Totals`. unclassified: int64
    (tiers,). refused, delayed: rows by reason, int64 (highest Reason + 1,). not_entered: rows. texts: sends inside the
    run, int64 (messages, most variants + 1), the message's own text last. paid: minor units by incentive, up to the end
    of the run and after it, int64 (2, incentives). most_touches: per window of `Tables.windows`, int64 (windows,).
    """

    segments: tuple[Segment, ...]
    table: NDArray[np.int64]
    channels: NDArray[np.int64]
    days: NDArray[np.int64]
    eligible: int
    no_journey: int
    unclassified: NDArray[np.int64]
    refused: NDArray[np.int64]
    delayed: NDArray[np.int64]
    not_entered: int
    texts: NDArray[np.int64]
    paid: NDArray[np.int64]
    most_touches: NDArray[np.int64]
    credit: NDArray[np.int64]


def added(parts: Sequence[Sums]) -> Sums:
    """Return the sums over the people of all parts, at least one; nobody is in two of them, and all are of one plan."""
    columns = {each.name: [getattr(part, each.name) for part in parts] for each in fields(Sums)}
    return Sums(**{name: _combined(name, values) for name, values in columns.items()})


def _combined(name: str, values: list[Any]) -> Any:
    if name == "segments":
        return values[0]
    return np.maximum.reduce(values) if name == "most_touches" else sum(values[1:], start=values[0])


def closed(tables: Tables, sums: Sums, closing: Closing) -> Totals:
    """Return the sums of a replication from those over all its people."""
    plan = tables.plan
    reasons = _named(sums.refused)
    reasons |= {
        name: count
        for name, count in (
            ("not_entered", sums.not_entered),
            ("no_journey", sums.no_journey),
        )
        if count
    }
    return Totals(
        segments=sums.segments,
        sums=sums.table,
        channels=sums.channels,
        days=sums.days,
        eligible=sums.eligible,
        no_journey=sums.no_journey,
        unclassified={tier.name: int(count) for tier, count in zip(plan.tiers, sums.unclassified, strict=True)},
        reasons=reasons,
        delays=_named(sums.delayed),
        spending=spending(tables, sums.texts, sums.paid, closing),
        most_touches=dict(zip(tables.windows, sums.most_touches.tolist(), strict=True)),
        credit=sums.credit,
        promoted=closing.promoted,
        tripped=closing.tripped,
    )


def _named(counts: NDArray[np.int64]) -> dict[str, int]:
    return {Reason(int(code)).name.lower(): int(counts[code]) for code in np.flatnonzero(counts)}
