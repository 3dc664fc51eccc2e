"""Learnt assumptions as a file: an `assume` library that a campaign imports, or JSON for `simulate --assume`."""

import json
import math
from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Final

from attrs import asdict, frozen

from wakeup.behaviour.calibration.learnt import Calibration, Learnt
from wakeup.behaviour.parameters import moved
from wakeup.customers.past import incentive_kinds
from wakeup.diagnostics import Language, Say
from wakeup.plan.model import Assumption
from wakeup.terms.behaviour import Unit, parameters
from wakeup.terms.currencies import MINOR_DIGITS
from wakeup.terms.lists import ChannelKind

MARK: Final = "`wakeup calibrate`"
"""What the first comment of every such file holds, in either language: only such a file is made anew."""

KINDS: Final = frozenset({*map(str, ChannelKind), *incentive_kinds()})
"""Kinds of channels and incentives, which every file may speak of."""

_Z90: Final = 1.645
_KEPT_DIGITS: Final = 7


@frozen
class Importing:
    """How names of other files are reached: `imports` (path, alias) in order; `visible` scopes that may be written, as
    the plan calls them; all other named scopes belong to the campaign and are left as a comment."""

    imports: tuple[tuple[str, str], ...] = ()
    visible: frozenset[str] = frozenset()


def assumptions_json(found: Calibration) -> bytes:
    """Return the rows as `simulate --assume` reads them, one object a row; `count` and `counted` tell the sample."""
    rows = [
        asdict(each.row)
        | {"median": _rounded(each.row.median), "sd": _rounded(each.row.sd)}
        | {"count": each.sample.number, "counted": each.sample.thing}
        for each in found.learnt
    ]
    return (json.dumps(rows, ensure_ascii=False, indent=2, allow_nan=False) + "\n").encode()


def assumptions_text(found: Calibration, currency: str, importing: Importing, lang: Language = "en") -> str:
    """Return the rows as a file of `assume` blocks, not yet in canonical style; comments are in the language.

    Rows for what only the campaign declares are left out; see `paste_text`.
    """
    here = [each for each in _by_word(found.learnt) if _writable(each.row.scope, importing)]
    lines = ["wakeup 1", ""]
    lines += [f'import "{path}" as {alias}' for path, alias in importing.imports]
    lines += ["", *_comment(Say("Made by {mark}: what the logs of the shop say.", mark=MARK), lang)]
    lines += _comment(
        Say("Making it anew replaces it: numbers of your own belong in the campaign, which goes first."), lang
    )
    for block in _blocks(here, currency, lang):
        lines += ["", *block]
    return "\n".join(lines) + "\n"


def paste_text(found: Calibration, currency: str, importing: Importing) -> str:
    """Return the rows for what only the campaign declares likewise, without comments; "" where there is none."""
    away = [each for each in _by_word(found.learnt) if not _writable(each.row.scope, importing)]
    if not away:
        return ""
    return "\n".join(["wakeup 1", *(line for block in _blocks(away, currency, None) for line in ("", *block))]) + "\n"


def pasted(canonical: str, lang: Language) -> str:
    """Return such a file in canonical style as a comment at the end of another, ready to be pasted."""
    lines = canonical.partition("\n")[2].strip().split("\n")
    head = Say("For what the campaign itself declares: paste into the campaign file.").told(lang)
    return "\n".join(["", f"# {head}", *(f"# {line}".rstrip() for line in lines)]) + "\n"


def written_value(value: float, unit: Unit, currency: str, *, step: float) -> str:
    """Return a value as it is typed in a campaign, as exact as a hundredth of `step` (both in the unit)."""
    match unit:
        case "probability":
            return f"{_decimal(100.0 * value, 100.0 * step)}%"
        case "multiplier":
            return f"{_decimal(value, step)}x"
        case "money":
            return f"{_decimal(value, step, most=MINOR_DIGITS[currency])} {currency}"
        case "days":
            return _length(value * 86_400.0, step * 86_400.0)
        case "hours":
            return _length(value * 3_600.0, step * 3_600.0)
        case _:
            return _decimal(value, step)


def range_of(row: Assumption) -> tuple[float, float]:
    """Return the middle 90 % of a row's values."""
    return moved(row, -_Z90), moved(row, _Z90)


def _by_word(learnt: Sequence[Learnt]) -> list[Learnt]:
    """Return one row for each parameter and word: a channel or an offer that is called like its kind is what that word
    means in a file, so its row, which comes later, takes the place of the kind's."""
    return list({(each.row.parameter, _about(each.row.scope)): each for each in learnt}.values())


def _about(scope: str) -> str:
    """Return what stands behind `assume for`."""
    return scope.partition(":")[2].replace("=", ".")


def _writable(scope: str, importing: Importing) -> bool:
    return not scope or _about(scope) in KINDS or scope in importing.visible


def _comment(text: Say, lang: Language) -> list[str]:
    return [f"# {text.told(lang)}"]


def blocks(learnt: Iterable[Learnt]) -> list[tuple[str, list[Learnt]]]:
    """Return the rows by scope: everybody, kinds, names; within one in the order given."""
    scopes: dict[str, list[Learnt]] = {}
    for each in learnt:
        scopes.setdefault(each.row.scope, []).append(each)
    return [(scope, scopes[scope]) for scope in sorted(scopes, key=_place)]


def _place(scope: str) -> tuple[int, str]:
    return (0 if not scope else 1 if scope.startswith("kind:") else 2, scope)


def _blocks(learnt: Iterable[Learnt], currency: str, lang: Language | None) -> list[list[str]]:
    words: dict[str, list[Learnt]] = {}
    for _, block in blocks(learnt):
        words.setdefault(_about(block[0].row.scope), []).extend(block)
    return [_block(about, words[about], currency, lang) for about in words]


def _block(about: str, learnt: Sequence[Learnt], currency: str, lang: Language | None) -> list[str]:
    head = f"assume for {about}" if about else "assume"
    return [f"{head} {{", *(f"  {_line(each, currency, lang)}" for each in learnt), "}"]


def _line(each: Learnt, currency: str, lang: Language | None) -> str:
    """Return a row; with a language its sample is told in a comment behind it."""
    row, unit = each.row, parameters()[each.row.parameter].unit
    low, high = range_of(row)
    step = high - low
    least, middle, most = (written_value(value, unit, currency, step=step) for value in (low, row.median, high))
    told = f" between {least} and {most}" if least != most else ""
    count = f"  # {each.sample.told(lang)}" if lang else ""
    return f'{row.parameter}: {middle}{told} source "{row.source}" grade {row.grade}{count}'


def _decimal(value: float, step: float, *, most: int = 9) -> str:
    """Return a number with so many decimals that a hundredth of `step` shows, at most `most`."""
    places = max(0, min(most, 2 - math.floor(math.log10(step)))) if step > 0.0 else min(most, 4)
    exact = Decimal(repr(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_EVEN)
    text = f"{exact:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


_LENGTHS: Final = ((86_400, "d", 2), (3_600, "h", 2), (60, "min", 1), (1, "s", 0))
"""Units with the decimals at which they are whole seconds."""


def _length(seconds: float, step: float) -> str:
    """Return a length in the largest unit that shows a fiftieth of `step` and at least one whole second."""
    for size, unit, places in _LENGTHS:
        if (seconds >= 2 * size and size * 10.0**-places <= step / 50.0) or size == 1:
            return f"{_decimal(max(seconds / size, 1.0 if size == 1 else 0.0), step / size, most=places)}{unit}"
    raise AssertionError("the second is always taken")


def _rounded(value: float) -> float:
    return float(f"{value:.{_KEPT_DIGITS}g}")
