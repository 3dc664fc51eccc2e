"""Literals -> text: exact values in the one spelling that a language has for them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from wakeup.format.words import Words
from wakeup.syntax import nodes as n
from wakeup.terms.currencies import MINOR_DIGITS
from wakeup.terms.zhe import zhe

_MAGNITUDES = ((Decimal(100_000_000), "亿"), (Decimal(10_000), "万"))
_GROUPED_FROM = {"en": 4, "zh": 5}
"""Digits from which a whole number is grouped by `_`."""

_ESCAPED = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t"})


def literal(words: Words, value: n.Literal, counted: str = "") -> str:
    """Return the text of a literal; ``counted`` is the Chinese word that goes with a bare number here (`2次`)."""
    if isinstance(value, n.Amount) and value.tune is not None:
        low, high, step = (literal(words, each, counted) for each in (value.tune.low, value.tune.high, value.tune.step))
        return f"{words.keyword('TUNE')}({low}..{high} {words.keyword('STEP')} {step})"
    match value:
        case n.Number(value=number):
            text = _rounded(words, number) + (counted if words.zh else "")
        case n.Quantity(value=number, unit=counting):
            text = f"{_rounded(words, number)} {words.counted(counting)}"
        case n.Percent(value=number):
            text = digits(words, number) + "%"
        case n.Multiplier(value=number):
            text = digits(words, number) + ("倍" if words.zh else "x")
        case n.Money():
            text = _money(words, value)
        case n.Elapsed() | n.Calendar():
            text = _length(words, value)
        case n.String(value=content):
            text = quoted(content)
        case _:
            text = _moment(words, value)
    return text


def quoted(text: str) -> str:
    """Return a text in quotes, with what must be escaped."""
    return f'"{text.translate(_ESCAPED)}"'


def glued(words: Words, value: n.Literal) -> str:
    """Return the text of a literal that must be one word: an arm's share, the length behind `per`."""
    return literal(words, value).replace(" ", "")


def in_words(words: Words, value: n.Elapsed) -> str:
    """Return an elapsed time as people say it in a sentence: `3 days`, 3天."""
    if words.zh or value.tune is not None:
        return literal(words, value)
    return f"{digits(words, value.value)} {words.long_unit(value.unit, one=value.value == 1)}"


def fused(discount: n.Discount) -> str | None:
    """Return 满300减80 for yuan off yuan, 8折 or 满300打8折 for a whole percentage off; None for other discounts."""
    if any(isinstance(each, n.Amount) and each.tune for each in (discount.amount, discount.threshold)):
        return None
    threshold = _yuan(discount.threshold)
    if isinstance(discount.amount, n.Percent):
        left = zhe(discount.amount.value)
        if left is None or discount.threshold is None:
            return left
        return None if threshold is None else f"满{threshold}打{left}"
    amount = _yuan(discount.amount)
    return None if threshold is None or amount is None else f"满{threshold}减{amount}"


def _yuan(value: n.Literal | None) -> str | None:
    """Return the number of an amount of yuan: 300, 1.5万; None for anything else, and for a negative one."""
    if not (isinstance(value, n.Money) and value.currency == "CNY" and value.amount >= 0):
        return None
    number, word = _magnitude(value.amount)
    return _plain(number, 0 if word else 2) + word


def plain(value: Decimal) -> str:
    """Return a number without groups."""
    return _plain(value, 0)


def digits(words: Words, value: Decimal, decimals: int = 0) -> str:
    """Return a number, grouped; one with a fraction shows at least ``decimals`` digits of it."""
    whole, point, fraction = _plain(value, decimals).partition(".")
    unsigned = whole.lstrip("-")
    if len(unsigned) >= _GROUPED_FROM[words.lang]:
        whole = whole[: len(whole) - len(unsigned)] + f"{int(unsigned):_}"
    return whole + point + fraction


def _plain(value: Decimal, decimals: int) -> str:
    if not value:
        return "0"
    whole, _, fraction = f"{value:f}".partition(".")
    fraction = fraction.rstrip("0")
    return f"{whole}.{fraction.ljust(decimals, '0')}" if fraction else whole


def _rounded(words: Words, value: Decimal, decimals: int = 0) -> str:
    """Return a number; in Chinese with 万 or 亿 where at most one digit behind the point is left: 1.5万."""
    if words.zh:
        number, word = _magnitude(value)
        return digits(words, number, 0 if word else decimals) + word
    return digits(words, value, decimals)


def _magnitude(value: Decimal) -> tuple[Decimal, str]:
    """Return a number and 万 or 亿 behind it, where at most one digit behind the point is left; else itself and ""."""
    for factor, word in _MAGNITUDES:
        if value.copy_abs() >= factor and value % (factor / 10) == 0:
            return value / factor, word
    return value, ""


def _money(words: Words, value: n.Money) -> str:
    decimals = MINOR_DIGITS.get(value.currency, 0)
    unit = words.unit("currency", value.currency)
    if not unit.isascii():
        return _rounded(words, value.amount, decimals) + unit
    return f"{digits(words, value.amount, decimals)} {unit}"


def _length(words: Words, value: n.Elapsed | n.Calendar) -> str:
    number = digits(words, value.value)
    if isinstance(value, n.Elapsed):
        return number + words.unit("elapsed", value.unit)
    unit = words.unit("calendar", value.unit)
    if words.zh:
        return number + unit
    return f"{number} {unit}{'' if value.value == 1 else 's'}"


def _moment(words: Words, value: n.Date | n.Time | n.DateTime) -> str:
    match value:
        case n.Date(value=day):
            return day.isoformat()
        case n.Time(value=time):
            return _time(time)
        case n.DateTime(value=both):
            between = " " if words.zh else f" {words.keyword('AT')} "
            return both.date().isoformat() + between + _time(both.time())


def _time(time: dt.time) -> str:
    return f"{time:%H:%M:%S}" if time.second else f"{time:%H:%M}"
