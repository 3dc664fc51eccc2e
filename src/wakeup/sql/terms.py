"""The pieces of a query: names, texts, numbers and instants, each safe whatever a plan says."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Final

from sqlglot import exp

from wakeup.diagnostics import WakeupError, diagnostic
from wakeup.sql.dialects import Dialect

EARLIEST: Final = -62_135_596_800
"""0001-01-01 00:00 UTC, the first instant that every database and Python can write; customers are younger."""

LATEST: Final = 253_402_300_799
"""9999-12-31 23:59:59 UTC, the last such instant."""

_POSTGRES_NAME: Final = 63
"""Bytes of a name that PostgreSQL keeps (NAMEDATALEN - 1); it cuts off the rest and says nothing in a query."""

_EXACT_DIGITS: Final = 15
"""Decimal digits that every float64 keeps: a number of so many is the same as DECIMAL and as DOUBLE."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def column(name: str) -> exp.Column:
    """Return a column that this package names itself."""
    return exp.column(name)


def named(name: str, dialect: Dialect) -> exp.Identifier:
    """Return a quoted name that a plan gives.

    Raises:
        WakeupError: WK5303, the database has no such names.
    """
    size = len(name.encode())
    if not name or "\0" in name or (dialect is Dialect.POSTGRES and size > _POSTGRES_NAME):
        raise _impossible(name, dialect)
    return exp.Identifier(this=name, quoted=True)


def distinct(names: Iterable[str], reserved: Iterable[str], dialect: Dialect) -> None:
    """See to it that no two names are one to the database, which would then read one column for both.

    Raises:
        WakeupError: WK5304, two of the names are one, or one of them is reserved.
    """
    seen = {_folded(name, dialect): name for name in reserved}
    for name in names:
        folded = _folded(name, dialect)
        if folded in seen:
            raise WakeupError([diagnostic("WK5304", dialect=dialect.written_name, first=seen[folded], second=name)])
        seen[folded] = name


def _folded(name: str, dialect: Dialect) -> str:
    """DuckDB takes no notice of case, not even between quotes."""
    return name.casefold() if dialect is Dialect.DUCKDB else name


def select_as(value: exp.Expr, name: exp.Identifier) -> exp.Expr:
    """Return a value under a name, for a select list."""
    return exp.Alias(this=value, alias=name.copy())


def known(value: exp.Expr) -> exp.Expr:
    """Return whether a value is there."""
    return exp.not_(exp.Is(this=value, expression=exp.null()), copy=False)


def text(value: str, dialect: Dialect) -> exp.Expr:
    """Return a text literal.

    Raises:
        WakeupError: WK5303, no database holds a NUL in a text.
    """
    if "\0" in value:
        raise _impossible(value, dialect)
    if dialect is Dialect.POSTGRES and "\\" in value:
        # E'…' reads a backslash in one way only; '…' does so unless standard_conforming_strings is off.
        return exp.ByteString(this=value)
    return exp.Literal.string(value)


def number(value: int | Decimal) -> exp.Expr:
    """Return a number, exactly as it is."""
    digits = exp.Literal.number(f"{abs(Decimal(value)):f}")
    return exp.Neg(this=digits) if value < 0 else digits


def double(value: Decimal) -> exp.Expr:
    """Return a number that is compared as float64."""
    if len(value.as_tuple().digits) <= _EXACT_DIGITS and -_EXACT_DIGITS <= value.adjusted() <= _EXACT_DIGITS:
        return number(value)
    return as_double(exp.Literal.string(repr(float(value))))


def as_double(value: exp.Expr) -> exp.Expr:
    """Return a value as float64."""
    return exp.cast(value, exp.DType.DOUBLE)


def instant(t: int) -> exp.Expr:
    """Return an instant (seconds UTC); one that no calendar has is the nearest that it has."""
    moment = _EPOCH + timedelta(seconds=min(max(t, EARLIEST), LATEST))
    return exp.cast(exp.Literal.string(moment.isoformat(sep=" ")), exp.DType.TIMESTAMPTZ)


def day(iso: str) -> exp.Expr:
    """Return a date from its ISO text."""
    return exp.cast(exp.Literal.string(iso), exp.DType.DATE)


def _impossible(name: str, dialect: Dialect) -> WakeupError:
    return WakeupError([diagnostic("WK5303", dialect=dialect.written_name, name=name)])
