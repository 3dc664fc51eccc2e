"""折, the Chinese way to say a percentage off: how many tenths of the price are left."""

from decimal import Decimal


def zhe(percent: Decimal) -> str | None:
    """Return 8折 for 20 percent off, 8.5折 for 15, 0.5折 for 95; None unless it is a whole one of 1 to 99."""
    if not 0 < percent < 100 or percent != percent.to_integral_value():
        return None
    return f"{((100 - percent) / 10).normalize():f}折"
