"""Tiers sort everybody of the audience into exactly one band."""

from collections.abc import Iterator
from itertools import pairwise

from wakeup.diagnostics import Diagnostic, Label, Piece, Say, Text, Typed, diagnostic
from wakeup.lang import clock
from wakeup.lang.checked import Bands, Checked
from wakeup.lang.offers import amount
from wakeup.plan import sets
from wakeup.plan.model import Band, Months, Tier

MONTHS = 2_000
"""More calendar months than any length of the language has."""


def bands(checked: Checked) -> Iterator[Diagnostic]:
    """A band that ends before it starts holds nobody."""
    for tier in checked.tiers.values():
        for band, span in tier.of():
            if _empty(band):
                yield diagnostic("WK3103", span, name=band.name)


def partition(checked: Checked) -> Iterator[Diagnostic]:
    """Bands neither overlap nor leave a gap within what the audience can have."""
    for tier in checked.tiers.values():
        if tier.tier.unit != "rule" and not any(_empty(band) for band in tier.tier.bands):
            yield from _overlaps(checked, tier)
            yield from _gaps(checked, tier)


def _empty(band: Band) -> bool:
    return band.low is not None and band.high is not None and band.low >= band.high


def _ordered(tier: Tier) -> list[Band]:
    return sorted(tier.bands, key=lambda band: (band.low or 0, band.high is None, band.high or 0))


def _overlaps(checked: Checked, tier: Bands) -> Iterator[Diagnostic]:
    ordered = _ordered(tier.tier)
    for first, second in pairwise(ordered):
        start = second.low or 0
        if first.high is None or first.high > start:
            ends = [end for end in (first.high, second.high) if end is not None]
            values = _between(checked, tier.tier, start, min(ends) if ends else None)
            label = Label(tier.spans[first.name], Say("`{name}` holds them too", name=first.name))
            yield diagnostic(
                "WK3102",
                tier.spans[second.name],
                labels=(label,),
                name=tier.tier.name,
                first=first.name,
                second=second.name,
                values=values,
            )


def _gaps(checked: Checked, tier: Bands) -> Iterator[Diagnostic]:
    low, high = _domain(checked, tier.tier)
    covered: int | None = low
    for band in _ordered(tier.tier):
        if covered is None:
            return
        start = band.low or 0
        if start > covered and (high is None or covered < high):
            yield _gap(checked, tier, covered, start if high is None else min(start, high))
        covered = None if band.high is None else max(covered, band.high)
    if covered is not None and (high is None or covered < high):
        yield _gap(checked, tier, covered, high)


def _gap(checked: Checked, tier: Bands, low: int, high: int | None) -> Diagnostic:
    values = _between(checked, tier.tier, low, high)
    return diagnostic("WK3101", tier.entity.span, name=tier.tier.name, values=values)


def _domain(checked: Checked, tier: Tier) -> tuple[int, int | None]:
    """What the audience can have of the tier's attribute: from, and up to (None: without end)."""
    found = sets.cases(checked.audience, {name: bands.tier for name, bands in checked.tiers.items()})
    if not found:
        return 0, None
    low, high = _hull([case.among(tier.attribute) for case in found])
    if tier.unit != "months":
        return low, high
    least, most = _hull([case.among(sets.monthly(tier.attribute)) for case in found])
    # A bound in days counts for as many months as it surely is, or surely is not.
    months = next(count for count in range(MONTHS) if clock.longest(Months(count + 1)) > low)
    above = None if high is None else next(count for count in range(MONTHS) if clock.shortest(Months(count)) >= high)
    return max(least, months), above if most is None else most if above is None else min(most, above)


def _hull(ranges: list[sets.Interval]) -> tuple[int, int | None]:
    """From the least to just above the greatest value of some intervals."""
    low = min(int(each.low or 0) for each in ranges)
    highs = [None if each.high is None else int(each.high) + each.high_in for each in ranges]
    return low, None if None in highs else max(each for each in highs if each is not None)


def _between(checked: Checked, tier: Tier, low: int, high: int | None) -> Piece:
    if high is None:
        return Typed("{low} and up", low=_bound(checked, tier, low))
    if low == 0:
        return Typed("below {high}", high=_bound(checked, tier, high))
    return Typed("{low} up to {high}", low=_bound(checked, tier, low), high=_bound(checked, tier, high))


def _bound(checked: Checked, tier: Tier, bound: int) -> Text:
    match tier.unit:
        case "money":
            return amount(bound, checked)
        case "seconds":
            days = bound / clock.DAY
            return Typed("{number}d", number=f"{days:g}")
        case "months":
            return Typed("1 month") if bound == 1 else Typed("{number} months", number=bound)
        case "count" | "rule":
            return str(bound)
