"""Calibration on a terminal: what was assumed, what the logs say, from how many; and what stays as assumed, and why."""

from collections.abc import Sequence
from typing import Final

from rich.console import Console
from rich.text import Text

from wakeup.behaviour.calibration.learnt import Calibration, Kept, Learnt, prior_of
from wakeup.diagnostics import Key, Language, Listed
from wakeup.report.assume import blocks, range_of, written_value
from wakeup.report.numbers import NOTHING
from wakeup.report.speech import Speech
from wakeup.report.terminal import plain, table
from wakeup.terms.behaviour import parameters

_MOST_NAMED: Final = 12

UNITS: Final = {"x": "倍", "d": "天", "h": "小时", "min": "分钟", "s": "秒"}
"""Units of typed values in Chinese."""


def show_calibration(found: Calibration, console: Console, *, currency: str, lang: Language = "en") -> None:
    """Print a calibration; amounts are in `currency`."""
    s = Speech(lang)
    head = (s.say("Parameter"), s.say("Assumed"), s.say("Learnt"), "90 %", s.say("Sample"))
    made = table(s.say("Learnt from the logs"), head, ())
    made.columns[0].no_wrap = True
    for _, block in blocks(found.learnt):
        made.add_section()
        made.add_row(Text(scope_words(block[0].row.scope, s), style="bold"))
        for each in block:
            made.add_row(*map(plain, _row(each, currency, s)))
    if made.row_count:
        console.print(made)
    if found.kept:
        console.print(plain(s.say("Stays as assumed:")))
    for left in found.kept:
        console.print(plain(_kept(left, s)))


def _row(each: Learnt, currency: str, s: Speech) -> Sequence[str]:
    row, known = each.row, parameters()[each.row.parameter]
    low, high = range_of(row)
    # Fewer digits than in the file: a tenth of the interval is enough to look at.
    step = (high - low) * 4
    learnt, least, most = (
        _told(written_value(value, known.unit, currency, step=step), s) for value in (row.median, low, high)
    )
    prior = prior_of(known, row.scope, f"kind:{each.kind}")
    assumed = NOTHING
    if prior is not None:
        assumed = _told(written_value(prior.median, known.unit, currency, step=abs(prior.median) / 2), s)
    return (
        f"  {Key(row.parameter).told(s.lang)}",
        assumed,
        learnt,
        s.say("{least} to {most}", least=least, most=most) if low < high else NOTHING,
        f"{each.sample.number:,}",
    )


def _told(value: str, s: Speech) -> str:
    """Return a value as it is typed, its unit in the language."""
    number = value.rstrip("abcdefghijklmnopqrstuvwxyz")
    unit = value[len(number) :]
    return number + UNITS[unit] if unit and s.lang == "zh" else value


def scope_words(scope: str, s: Speech) -> str:
    """Return whom a row is about, in words."""
    sort, _, name = scope.partition(":")
    return s.say("everybody") if not scope else s.say("all {kind}", kind=s.word(name)) if sort == "kind" else name


def _kept(each: Kept, s: Speech) -> str:
    names = Listed([Key(name) for name in each.parameters], ",", _MOST_NAMED).told(s.lang)
    return s.say("{names}: {why}", names=names, why=each.why.told(s.lang))
