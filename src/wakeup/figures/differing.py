"""From the replications of two plans to what differs between them (`wakeup.figures.differences`)."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from wakeup.figures.definitions import MONEY, Values, evaluate_all, evaluate_channels, plain_name, unit_of
from wakeup.figures.differences import (
    ClaimDifference,
    Difference,
    Differences,
    GroupDifferences,
    LineDifference,
    Touched,
    Within,
)
from wakeup.figures.estimates import Currency
from wakeup.figures.result import Result
from wakeup.figures.totals import Segment, Spending, Totals
from wakeup.plan.model import Plan
from wakeup.stats import interval

_NOTHING: Final = np.empty(0)
"""The values of a figure that a plan does not have."""

_WHOLE: Final = ""
"""What everybody is called among the parts of the people."""


@frozen(eq=False)
class Side:
    """What one plan came to: its result, and the sums behind it."""

    plan: Plan
    result: Result
    replications: Sequence[Totals]
    scenarios: Mapping[str, Sequence[Totals]]


def differences(old: Side, new: Side, people: Touched) -> Differences:
    """Return what differs between two plans of one currency, simulated over the same people with the same seed and as
    many replications."""
    currency = Currency(old.plan.currency, old.plan.minor_digits)
    before, after = _parts(old), _parts(new)
    return Differences(
        old=old.result.plan,
        new=new.result.plan,
        currency=currency.code,
        seed=old.result.seed,
        replications=old.result.replications,
        customers=old.result.customers,
        same_control=(old.plan.holdout, old.plan.holdout_salt) == (new.plan.holdout, new.plan.holdout_salt),
        figures=_figures(before[_WHOLE], after[_WHOLE], currency),
        groups=tuple(_groups(before, after, currency)),
        scenarios={name: _scenario(old, new, name, currency) for name in old.scenarios if name in new.scenarios},
        budget=tuple(_budget(old, new, currency)),
        reasons=_counts(old, new, lambda each: each.reasons),
        delays=_counts(old, new, lambda each: each.delays),
        people=people,
        goals=tuple(_claims(old.result.goals, new.result.goals)),
        expectations=tuple(_claims(old.result.expectations, new.result.expectations)),
        plans=(old.plan, new.plan),
        results=(old.result, new.result),
    )


def _scale(currency: Currency, figure: str) -> float:
    """Return what a value of a figure is multiplied by to be in the unit of a result."""
    return 10.0**-currency.minor_digits if plain_name(figure) in MONEY else 1.0


def difference(old: NDArray[np.float64], new: NDArray[np.float64], unit: str, scale: float = 1.0) -> Difference:
    """Return a figure under two plans from its values in each replication, float64 (replications,), NaN: no value; of
    shape (0,) where a plan does not have it. They are multiplied by `scale` to be in the unit, but not before they are
    taken from each other: whole minor units differ exactly."""
    before, after = _mean(old * scale), _mean(new * scale)
    if not (len(old) and len(new)):
        return Difference(before, after, None, None, None, unit, None, None, None, None)
    both = ~np.isnan(old) & ~np.isnan(new)
    changes = (new - old)[both] * scale
    change = _mean(changes)
    if change is None:
        return Difference(before, after, None, None, None, unit, None, None, None, None)
    size = abs(float(old[both].mean())) * scale
    low, high = interval(changes) or (None, None)
    return Difference(
        old=before,
        new=after,
        change=change,
        low=low,
        high=high,
        unit=unit,
        relative=change / size if size else None,
        error=None if len(changes) < 2 else float(changes.std(ddof=1)) / len(changes) ** 0.5,
        higher=float((changes > 0).mean()),
        lower=float((changes < 0).mean()),
    )


def _mean(values: NDArray[np.float64]) -> float | None:
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else None


# --- figures ---------------------------------------------------------------------------------------------------------

_Columns = Mapping[str, NDArray[np.float64]]
"""Values (replications,) by figure."""


def _columns(replications: Sequence[Mapping[str, Values]], segment: int) -> _Columns:
    """Return the values of one segment from those of all, by figure."""
    return {name: np.array([each[name][0, segment] for each in replications]) for name in replications[0]}


def _figures(old: _Columns, new: _Columns, currency: Currency) -> dict[str, Difference]:
    return {
        name: difference(
            old.get(name, _NOTHING),
            new.get(name, _NOTHING),
            unit_of(name, currency.code),
            _scale(currency, name),
        )
        for name in _either(old, new)
    }


def _scenario(old: Side, new: Side, name: str, currency: Currency) -> dict[str, Difference]:
    values = [evaluate_all(side.plan, side.scenarios[name]) for side in (old, new)]
    return _figures(_columns(values[0], 0), _columns(values[1], 0), currency)


def _groups(old: Mapping[str, _Columns], new: Mapping[str, _Columns], currency: Currency) -> Iterator[GroupDifferences]:
    """Yield every tier band, journey, arm and channel that either plan has, by its name."""
    for by in _either(old, new):
        if by != _WHOLE:
            yield GroupDifferences(by, _within(by, old, new), _figures(old.get(by, {}), new.get(by, {}), currency))


def _parts(side: Side) -> dict[str, _Columns]:
    """Return the values of everybody, and of each part of the people, by its name."""
    values = evaluate_all(side.plan, side.replications)
    found = {_by(segment): _columns(values, at) for at, segment in enumerate(side.replications[0].segments)}
    if side.plan.channels:
        channels = [evaluate_channels(side.plan, each) for each in side.replications]
        found |= {f"channel:{each.name}": _columns(channels, at) for at, each in enumerate(side.plan.channels)}
    return {by: _own(by, columns) for by, columns in found.items()}


def _by(segment: Segment) -> str:
    match segment.kind:
        case "tier" | "arm":
            return f"{segment.kind}:{segment.name}={segment.part}"
        case "journey":
            return f"journey:{segment.part}"
        case _:
            return _WHOLE


def _own(by: str, columns: _Columns) -> _Columns:
    if not by.startswith("arm:"):
        return columns
    # Nobody held out was ever assigned: an arm is compared with its twins.
    return {name: each for name, each in columns.items() if not name.startswith(("uplift_", "held_out"))}


# --- budget, refusals, claims ----------------------------------------------------------------------------------------


def _budget(old: Side, new: Side, currency: Currency) -> Iterator[LineDifference]:
    before, after = _lines(old), _lines(new)
    limits = [_limits(side, currency) for side in (old, new)]
    for line in _either(before, after):
        amounts = {
            name: difference(
                _spent(before.get(line, ()), name),
                _spent(after.get(line, ()), name),
                currency.code,
                _scale(currency, "spent"),
            )
            for name in ("spent", "open", "tail")
        }
        yield LineDifference(line, _within(line, before, after), limits[0].get(line), limits[1].get(line), **amounts)


def _lines(side: Side) -> dict[str, list[Spending]]:
    """Return what each line paid in each replication; the line "" is there only where something has no line."""
    names = dict.fromkeys(each.line for totals in side.replications for each in totals.spending)
    rows = [{each.line: each for each in totals.spending} for totals in side.replications]
    return {name: [row.get(name, Spending(name, 0, 0, 0)) for row in rows] for name in names}


def _spent(rows: Sequence[Spending], name: str) -> NDArray[np.float64]:
    return np.array([float(getattr(each, name)) for each in rows])


def _limits(side: Side, currency: Currency) -> dict[str, float]:
    lines = () if side.plan.budget is None else side.plan.budget.lines
    return {line.name: currency.major(line.limit) for line in lines}


def _counts(old: Side, new: Side, of: Callable[[Totals], Mapping[str, int]]) -> dict[str, Difference]:
    before, after = ([of(each) for each in side.replications] for side in (old, new))
    return {name: difference(_count(before, name), _count(after, name), "count") for name in _either(*before, *after)}


def _count(replications: Sequence[Mapping[str, int]], name: str) -> NDArray[np.float64]:
    return np.array([float(each.get(name, 0)) for each in replications])


def _claims(old: Iterable[Any], new: Iterable[Any]) -> Iterator[ClaimDifference]:
    before, after = ({each.text: each for each in claims} for claims in (old, new))
    for text in _either(before, after):
        was, now = before.get(text), after.get(text)
        yield ClaimDifference(
            text,
            _within(text, before, after),
            None if was is None else was.probability,
            None if now is None else now.probability,
            getattr(was or now, "sure", None),
            getattr(was, "status", None),
            getattr(now, "status", None),
        )


def _either(*tables: Iterable[str]) -> dict[str, None]:
    """Return the names of all tables in their order, each once."""
    return dict.fromkeys(name for each in tables for name in each)


def _within(name: str, old: Mapping[str, object], new: Mapping[str, object]) -> Within:
    return "both" if name in old and name in new else "old" if name in old else "new"
