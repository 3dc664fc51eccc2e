"""What a forecast stands on: each assumption with its median and range, its source, and how good the evidence is."""

from attrs import frozen

from wakeup.figures.result import Basis, Result
from wakeup.report.numbers import NOTHING
from wakeup.report.words import WEAK_GRADES, grade
from wakeup.terms.behaviour import parameters


@frozen
class Ground:
    """One assumption as texts. `influence`: how closely the incremental profit follows it; `weak`: it is a guess."""

    scope: str
    median: str
    range: str
    source: str
    grade: str
    influence: str
    weak: bool


@frozen
class Parameter:
    """The assumptions about one parameter: `meaning` in a line, and a ground for each scope."""

    name: str
    meaning: str
    grounds: tuple[Ground, ...]


def parameters_of(result: Result) -> list[Parameter]:
    """Return what a result stands on, the most influential parameters first, those of no known influence as listed."""
    found: dict[str, list[Basis]] = {}
    for each in result.basis:
        found.setdefault(each.assumption.partition(" ")[0], []).append(each)
    ranked = sorted(found.items(), key=lambda item: -max(each.influence or 0.0 for each in item[1]))
    return [Parameter(name, _meaning(name), tuple(map(_ground, rows))) for name, rows in ranked]


def _meaning(name: str) -> str:
    known = parameters().get(name)
    return known.meaning if known else ""


def _ground(each: Basis) -> Ground:
    spread = each.low is not None and each.low != each.high
    return Ground(
        scope=each.assumption.partition(" ")[2] or "everybody",
        median=_number(each.median),
        range=f"{_number(each.low)} to {_number(each.high)}" if spread else NOTHING,
        source=each.source,
        grade=grade(each.grade),
        influence=NOTHING if each.influence is None else f"{each.influence:.2f}",
        weak=each.grade in WEAK_GRADES,
    )


def _number(value: float | None) -> str:
    if value is None:
        return NOTHING
    text = f"{value:,.3g}" if abs(value) < 1000 else f"{value:,.0f}"
    return text.replace("-", "\N{MINUS SIGN}")
