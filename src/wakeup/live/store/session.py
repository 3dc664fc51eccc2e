"""What the two databases have in common: run a statement with bound values. Everything above is written once."""

from collections.abc import Sequence
from typing import Any, Final, Protocol

from wakeup.live.seal import Keys

Value = str | int | bytes | None
Values = Sequence[Value]

_SHIFT: Final = 1 << 63


class Session(Protocol):
    """A connection inside a transaction. Values stand as ``?`` in the statements, and nowhere else."""

    keys: Keys

    def rows(self, sql: str, values: Values = ()) -> list[tuple[Any, ...]]:
        """Ask, and return all rows."""

    def change(self, sql: str, values: Values = ()) -> int:
        """Run once; return how many rows were changed."""

    def many(self, sql: str, rows: Sequence[Values]) -> int:
        """Run once per row of values; return how many rows were changed in all."""

    def each(self, sql: str, rows: Sequence[Values]) -> list[int]:
        """Run once per row of values; return how many rows each changed."""

    def found(self, sql: str, rows: Sequence[Values]) -> list[list[tuple[Any, ...]]]:
        """Ask once per row of values; return the rows of each."""

    def hold(self, name: str) -> None:
        """Wait until nobody else holds that name, and hold it until the transaction ends."""

    def decide_alone(self) -> None:
        """On a database of one machine, make sure that no other process decides until this one closes.

        Raises:
            WakeupError: WK7022, another one does.
        """

    def scrub(self) -> None:
        """What is overwritten in this transaction should not stay readable in the file."""


def signed(key: int) -> int:
    """Return a customer key (uint64) as both databases hold it: int64, in the same order."""
    return key - _SHIFT


def unsigned(stored: int) -> int:
    """Return the customer key of a stored one."""
    return stored + _SHIFT
