"""A portrait of customers as JSON, for programs: money in major units, shares from 0 to 1."""

from datetime import UTC, datetime
from typing import Any, Final

from wakeup.customers.causes import ASLEEP_DAYS, RULES
from wakeup.customers.profile import Cell, Histogram, Profile
from wakeup.customers.synthetic import UNANCHORED
from wakeup.forms import as_json

VERSION: Final = "1.0"


def profile_json(profile: Profile, *, currency: str, minor_digits: int, causes: bool = True) -> bytes:
    """Return a portrait as UTF-8 JSON; equal portraits give equal bytes.

    Keys: customers, as_of (ISO, UTC; null: of no date), currency, never_ordered, reachable (people with a channel that
    says yes; null: the data speak of none), dormancy, orders, value (bands with low, high, customers; quantiles by
    share), dormancy_by_value (rows of counts), rfm (recency, frequency, customers, days, value), causes (cause, rule,
    customers, days, value; days and values are medians), channels, tags, fields.
    """
    unit = 10**minor_digits
    tree = {
        "format_version": VERSION,
        "customers": profile.customers,
        "as_of": None if profile.as_of == UNANCHORED else datetime.fromtimestamp(profile.as_of, UTC).isoformat(),
        "currency": currency,
        "never_ordered": profile.never_ordered,
        "reachable": profile.reachable,
        "dormancy": _histogram(profile.dormancy, 1),
        "orders": _histogram(profile.orders, 1),
        "value": _histogram(profile.value, unit),
        "dormancy_by_value": profile.table,
        "rfm": [
            {"recency": len(profile.rfm) - row, "frequency": column + 1, **_cell(cell, unit)}
            for row, cells in enumerate(profile.rfm)
            for column, cell in enumerate(cells)
        ],
        "causes": [
            {"cause": rule.cause, "rule": str(rule.told), **_cell(cell, unit)}
            for rule, cell in zip(RULES, profile.causes, strict=True)
        ]
        if causes
        else [],
        "causes_from_days": ASLEEP_DAYS,
        "channels": [
            {"channel": each.channel, "yes": each.yes, "no": each.no, "blank": each.blank} for each in profile.reach
        ],
        "tags": dict(profile.tags),
        "fields": [{"field": name, "kind": kind, "known": known} for name, kind, known in profile.fields],
    }
    return as_json(tree)


def _histogram(histogram: Histogram, unit: int) -> dict[str, Any]:
    def scaled(value: int | None) -> float | int | None:
        return value if value is None or unit == 1 else value / unit

    bands = zip(histogram.bands, histogram.counts, strict=True)
    return {
        "bands": [{"low": scaled(band.low), "high": scaled(band.high), "customers": count} for band, count in bands],
        "quantiles": {f"{share:g}": scaled(value) for share, value in histogram.quantiles},
    }


def _cell(cell: Cell, unit: int) -> dict[str, Any]:
    return {
        "customers": cell.customers,
        "days": cell.days,
        "value": None if cell.value is None else cell.value / unit,
    }
