"""What a forecast stands on: each assumption with its median and range, its source, and how good the evidence is."""

import math
from typing import Final

from attrs import frozen

from wakeup.diagnostics import Key
from wakeup.figures.result import Basis, Result
from wakeup.report.numbers import NOTHING
from wakeup.report.pilots import pilot
from wakeup.report.speech import Speech
from wakeup.report.words import WEAK_GRADES
from wakeup.stats import chance_correlation
from wakeup.terms.behaviour import parameters

MOST_SHOWN: Final = 10
"""Assumptions in the short list, if so many are told apart from chance."""

LEAST_SHOWN: Final = 5
"""Assumptions in the short list, if fewer are."""


@frozen
class Ground:
    """One assumption as texts. `influence`: how closely the incremental profit follows it; `clear`: more closely than
    chance would; `weak`: it is a guess; `pilot`: what would tell it, "" unless it is one; `worth`: what knowing it
    before the launch is worth, "" where that is nothing or not known."""

    name: str
    meaning: str
    scope: str
    median: str
    range: str
    source: str
    grade: str
    influence: str
    clear: bool
    weak: bool
    pilot: str
    worth: str


@frozen
class Parameter:
    """The assumptions about one parameter: `meaning` in a line, and a ground for each scope."""

    name: str
    meaning: str
    grounds: tuple[Ground, ...]


def parameters_of(result: Result, s: Speech) -> list[Parameter]:
    """Return what a result stands on, the most influential parameters first, those of no known influence as listed."""
    found: dict[str, list[Basis]] = {}
    for each in ranked(result):
        found.setdefault(each.assumption.partition(" ")[0], []).append(each)
    return [
        Parameter(Key(name).told(s.lang), meaning(name, s), tuple(_ground(row, result, s) for row in rows))
        for name, rows in found.items()
    ]


def shortlist(result: Result, s: Speech) -> list[Ground]:
    """Return the assumptions that matter most, clear ones first; none where no influence is known."""
    known = [each for each in ranked(result) if each.influence is not None]
    count = max(LEAST_SHOWN, min(MOST_SHOWN, sum(each.clear for each in known)))
    return [_ground(each, result, s) for each in known[:count]]


def ranked(result: Result) -> list[Basis]:
    """Return the assumptions by influence, clear ones first, those of no known influence last."""
    return sorted(
        result.basis, key=lambda each: (not each.clear, -1.0 * (each.influence or 0.0), each.influence is None)
    )


def certain_from(result: Result, replications: int | None = None) -> float:
    """Return the influence above which one of the unclear would be told from chance, with as many replications."""
    clear = [each.influence or 0.0 for each in result.basis if each.clear]
    unclear = sum(each.influence is not None and not each.clear for each in result.basis)
    left = math.sqrt(max(0.0, 1.0 - math.fsum(each * each for each in clear)))
    return left * chance_correlation(unclear, (replications or result.replications) - len(clear))


def meaning(name: str, s: Speech) -> str:
    """Return what a parameter is, in a line; "" for one that the default behaviour does not know."""
    known = parameters().get(name)
    if known is None:
        return ""
    return known.meaning if s.lang == "en" else known.meaning_zh


def _ground(each: Basis, result: Result, s: Speech) -> Ground:
    name, _, scope = each.assumption.partition(" ")
    weak = each.grade in WEAK_GRADES
    return Ground(
        name=Key(name).told(s.lang),
        meaning=meaning(name, s),
        scope=scope_of(scope, s),
        median=_amount(each.median, name, result.currency, s),
        range=_range(each, name, result.currency, s),
        source=s.source(each.source),
        grade=s.grade(each.grade),
        influence=_influence(each, s),
        clear=each.clear,
        weak=weak,
        pilot=pilot(each, result.basis, s) if weak else "",
        worth=s.quantity(each.worth, result.currency) if each.worth else "",
    )


def _influence(each: Basis, s: Speech) -> str:
    if each.influence is None:
        return NOTHING
    return f"{each.influence:.2f}" if each.clear else s.say("unclear")


def scope_of(scope: str, s: Speech) -> str:
    """Return whom an assumption is about, in words."""
    kind, _, name = scope.partition(":")
    if not scope:
        return s.say("everybody")
    if kind == "tier":
        return s.scope(scope)
    return s.word(name) if kind == "kind" else name


def _range(each: Basis, name: str, currency: str, s: Speech) -> str:
    if each.low is None or each.low == each.high:
        return NOTHING
    low, high = (_amount(value, name, currency, s) for value in (each.low, each.high))
    return s.say("{least} to {most}", least=low, most=high)


def _amount(value: float | None, name: str, currency: str, s: Speech) -> str:
    """A value as people read it: shares in percent, lengths and money with their unit."""
    known = parameters().get(name)
    if value is None or known is None:
        return _number(value)
    if known.unit == "probability":
        return s.quantity(value, "share")
    if known.unit == "multiplier":
        return f"×{_number(value)}"
    if known.unit in ("days", "hours"):
        return s.say("{number} days" if known.unit == "days" else "{number} hours", number=_number(value))
    return f"{_number(value)} {s.unit(currency)}" if known.unit == "money" else _number(value)


def _number(value: float | None) -> str:
    if value is None:
        return NOTHING
    text = f"{value:,.3g}" if abs(value) < 1000 else f"{value:,.0f}"
    return text.replace("-", "\N{MINUS SIGN}")
