"""The data options: which customers a command is about."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from attrs import frozen

from wakeup.cli.messages import say
from wakeup.diagnostics import Say, WakeupError, diagnostic

if TYPE_CHECKING:  # NumPy comes with them, and only a command that is given people needs it
    from wakeup.customers import History, Population, Shards


@frozen
class DataOptions:
    """What the user said about customers; exactly one of `synthetic` and `customers` is needed."""

    synthetic: int | None
    customers: Path | None
    as_of: str | None
    table: Path | None
    touches: Path | None
    mapping: str | None
    seed: int

    @property
    def files(self) -> tuple[Path | None, ...]:
        """The files that are read."""
        return (self.customers, self.table, self.touches)

    @property
    def given(self) -> bool:
        """Whether the user said anything about customers."""
        return any(each is not None for each in (*self.files, self.synthetic, self.as_of, self.mapping))

    def source(self, *, start: int | None, zone: str, minor_digits: int) -> Population | History | Shards:
        """Read or make the customers as `people` does, but leave a folder of them on disk.

        Raises:
            WakeupError: as `people`.
        """
        from wakeup.customers import open_folder

        if self.customers is None or self.synthetic is not None or not self.customers.is_dir():
            return self.people(start=start, zone=zone, minor_digits=minor_digits)
        if self.table is not None or self.touches is not None or self.mapping is not None:
            raise WakeupError([diagnostic("WK6034", file=self.customers.absolute().name)])
        return open_folder(
            self.customers, as_of=start if self.as_of is None else self.as_of, zone=zone, minor_digits=minor_digits
        )

    def people(self, *, start: int | None, zone: str, minor_digits: int) -> Population | History:
        """Read or make the customers; `start` (seconds UTC) is as-of where the user gave none.

        Raises:
            WakeupError: no or two sources of customers (WK6003), or what the readers say.
        """
        from wakeup.customers import from_history, parse_mapping, synthetic

        if (self.synthetic is None) == (self.customers is None):
            given = Say("neither --synthetic nor --customers is given")
            if self.customers is not None:
                given = Say("both are given")
            raise WakeupError([diagnostic("WK6003", given=given)])
        if self.customers is None:
            assert self.synthetic is not None
            self._alone()
            return synthetic(self.synthetic, seed=self.seed, minor_digits=minor_digits)
        history = from_history(
            self.customers,
            as_of=start if self.as_of is None else self.as_of,
            zone=zone,
            minor_digits=minor_digits,
            mapping=parse_mapping(self.mapping) if self.mapping else None,
            table=self.table,
            touches=self.touches,
        )
        say(history.report.warnings)
        return history

    def _alone(self) -> None:
        options = {"--as-of": self.as_of, "--table": self.table, "--touches": self.touches, "--map": self.mapping}
        for option, value in options.items():
            if value is not None:
                raise WakeupError([diagnostic("WK6006", option=option)])
