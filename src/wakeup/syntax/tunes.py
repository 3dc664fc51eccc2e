"""`tune(40 CNY..120 CNY step 10 CNY)`: numbers that may vary, and what they may be."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from attrs import evolve

from wakeup.diagnostics import Diagnostic, diagnostic
from wakeup.source import Span
from wakeup.syntax.nodes import Amount, Money, Tune

MOST_CHOICES: Final = 1_000
"""Values that one number may be tried at."""


def tuned(low: Amount, high: Amount, step: Amount, span: Span) -> Amount | Diagnostic:
    """Return the number that stands for a `tune`, worth `low`; or what is wrong with it."""
    if not _alike(low, high) or not _alike(low, step):
        return diagnostic("WK1053", span)
    width, stride = _size(high) - _size(low), _size(step)
    if stride <= 0 or width <= 0:
        return diagnostic("WK1054", span)
    if width % stride:
        return diagnostic("WK1055", span, rest=str((width % stride).normalize()))
    if width / stride >= MOST_CHOICES:
        return diagnostic("WK1056", span, count=int(width / stride) + 1, most=MOST_CHOICES)
    return evolve(low, span=span, tune=Tune(low, high, step))


def choices(tune: Tune) -> tuple[Amount, ...]:
    """Return the values that a number may be tried at, ascending."""
    low, stride = _size(tune.low), _size(tune.step)
    count = int((_size(tune.high) - low) / stride) + 1
    return tuple(_sized(tune.low, low + stride * n) for n in range(count))


def _alike(one: Amount, other: Amount) -> bool:
    """Whether two amounts differ in their number alone."""
    return type(one) is type(other) and _sized(one, _size(other)) == other


def _size(amount: Amount) -> Decimal:
    return amount.amount if isinstance(amount, Money) else amount.value


def _sized(amount: Amount, size: Decimal) -> Amount:
    if isinstance(amount, Money):
        return evolve(amount, amount=size)
    return evolve(amount, value=size)
