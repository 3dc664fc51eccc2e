"""Exact money: minor units, micros (millionths of the major unit), shares written as decimals, rounding half up."""

import math
from decimal import ROUND_HALF_UP, Decimal


def share_of(share: str, amount: int) -> int:
    """Return the share (an exact decimal, "0.2") of an amount in minor units, half up."""
    return int((Decimal(share) * amount).quantize(Decimal(1), ROUND_HALF_UP))


def per_minor(minor_digits: int) -> int:
    """Return the micros in one minor unit of a currency with that many decimals."""
    return int(10 ** (6 - minor_digits))


def at_prices(value: int, factor: float) -> int:
    """Return a basket in minor units at prices times `factor`, half up, at least one (rule 83); below 2^53."""
    return max(math.floor(value * factor + 0.5), 1)


def minor_of(micros: int, minor_digits: int) -> int:
    """Return micros as minor units, half up; `micros` >= 0."""
    unit = per_minor(minor_digits)
    return (2 * micros + unit) // (2 * unit)
