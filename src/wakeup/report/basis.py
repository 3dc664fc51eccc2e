"""What a forecast stands on: each assumption with its median and range, its source, and how good the evidence is."""

from attrs import frozen

from wakeup.diagnostics import Key, Noun
from wakeup.figures.result import Basis, Result
from wakeup.report.numbers import NOTHING
from wakeup.report.speech import Speech
from wakeup.report.words import WEAK_GRADES
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


def parameters_of(result: Result, s: Speech) -> list[Parameter]:
    """Return what a result stands on, the most influential parameters first, those of no known influence as listed."""
    found: dict[str, list[Basis]] = {}
    for each in result.basis:
        found.setdefault(each.assumption.partition(" ")[0], []).append(each)
    ranked = sorted(found.items(), key=lambda item: -max(each.influence or 0.0 for each in item[1]))
    return [_parameter(name, rows, s) for name, rows in ranked]


def _parameter(name: str, rows: list[Basis], s: Speech) -> Parameter:
    return Parameter(Key(name).told(s.lang), _meaning(name, s), tuple(_ground(row, s) for row in rows))


def _meaning(name: str, s: Speech) -> str:
    known = parameters().get(name)
    if known is None:
        return ""
    return known.meaning if s.lang == "en" else Noun(known.unit).told(s.lang)


def _ground(each: Basis, s: Speech) -> Ground:
    spread = each.low is not None and each.low != each.high
    return Ground(
        scope=_scope(each.assumption.partition(" ")[2], s),
        median=_number(each.median),
        range=s.say("{least} to {most}", least=_number(each.low), most=_number(each.high)) if spread else NOTHING,
        source=s.source(each.source),
        grade=s.grade(each.grade),
        influence=NOTHING if each.influence is None else f"{each.influence:.2f}",
        weak=each.grade in WEAK_GRADES,
    )


def _scope(scope: str, s: Speech) -> str:
    kind, colon, name = scope.partition(":")
    if not scope:
        return s.say("everybody")
    return s.word(name) if kind == "kind" and s.lang == "zh" else f"{kind}{colon}{name}" if s.lang == "en" else name


def _number(value: float | None) -> str:
    if value is None:
        return NOTHING
    text = f"{value:,.3g}" if abs(value) < 1000 else f"{value:,.0f}"
    return text.replace("-", "\N{MINUS SIGN}")
