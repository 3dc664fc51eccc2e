"""Addresses and names of customers: what a live run needs to reach people, and nothing else ever reads."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from wakeup.customers.files import open_rows
from wakeup.customers.table_columns import table_columns
from wakeup.customers.workspace import workspace
from wakeup.terms.variables import NAMES

SLICE = 10_000
"""Customers read at a time."""


def read_addresses(path: Path, columns: Sequence[str] = ()) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Yield (id, values) for every row of a customer table that has an id.

    The values are by sort of address ("phone", "email", "openid", …: `table_columns.ADDRESSES`, the first column of a
    sort that is filled), by name for first and last name, and by the name of each of the `columns` asked for besides.
    Blank ones are missing.

    Raises (from the iterator):
        WakeupError: what reading a customer table raises; a column asked for that the table does not have is no error.
    """
    with workspace() as work:
        file = open_rows(work, path, name="addresses")
        identity, found = table_columns(file.columns, source=file.name)
        wanted = [(each.key, each.index) for each in found if each.kind == "address"]
        wanted += [(each.key, each.index) for each in found if each.kind == "own" and each.key in NAMES]
        wanted += [(name, file.columns.index(name)) for name in columns if name in file.columns]
        file.load(work, "addresses", {"id": identity} | {f"c{place}": index for place, (_, index) in enumerate(wanted)})
        cells = ", ".join(f"c{place}" for place in range(len(wanted)))
        work.run(f"SELECT id, [{cells}] FROM addresses WHERE id IS NOT NULL")  # noqa: S608 names are our own
        while slice_ := work.connection.fetchmany(SLICE):
            for person, values in slice_:
                yield str(person), _filled([name for name, _ in wanted], values)


def _filled(names: Sequence[str], values: Sequence[str | None]) -> dict[str, str]:
    filled: dict[str, str] = {}
    for name, value in zip(names, values, strict=True):
        if value is not None:
            filled.setdefault(name, value)
    return filled
