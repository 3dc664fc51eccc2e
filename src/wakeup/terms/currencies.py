"""Currencies: how many digits follow the decimal point, by ISO 4217 (list one, 2024)."""

from collections.abc import Mapping
from typing import Final

MINOR_DIGITS: Final[Mapping[str, int]] = {
    **dict.fromkeys(
        (
            "AED", "ARS", "AUD", "BDT", "BGN", "BRL", "CAD", "CHF", "CNY", "COP", "CZK", "DKK", "EGP", "EUR", "GBP",
            "GHS", "HKD", "HUF", "IDR", "ILS", "INR", "KES", "KZT", "LKR", "MAD", "MOP", "MXN", "MYR", "NGN", "NOK",
            "NZD", "PEN", "PHP", "PKR", "PLN", "QAR", "RON", "RUB", "SAR", "SEK", "SGD", "THB", "TRY", "TWD", "UAH",
            "USD", "UYU", "UZS", "ZAR",
        ),
        2,
    ),
    **dict.fromkeys(("CLP", "ISK", "JPY", "KRW", "PYG", "UGX", "VND", "XAF", "XOF", "XPF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
}  # fmt: skip
"""Currency code -> digits of its minor unit (CNY 2: amounts are kept in fen)."""

MICROS: Final = 1_000_000
"""Millionths of the major unit: the price of one message may be a fraction of the minor unit."""
