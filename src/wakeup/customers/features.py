"""Recency, frequency and monetary of every customer, computed by DuckDB from the cleaned log."""

from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from wakeup.customers.identity import customer_key, key_order
from wakeup.customers.population import NEVER
from wakeup.customers.workspace import Workspace

# Returns of a row lower revenue whatever its amount; only rows that are orders count as orders and make the average.
_FEATURES = """
CREATE TABLE features AS
SELECT id, min(t) AS first_order, max(t) AS last_order, count(*) AS orders, sum(amount) AS gross FROM log
WHERE kind = 'order' GROUP BY id
"""
_RETURNED = """
CREATE TABLE returned AS SELECT id, sum(returned) AS returned FROM log
WHERE kind IN ('order', 'no_order') AND returned <> 0 GROUP BY id
"""
# The average is the gross value of an order, half up; the gap is the mean time between own orders.
_ENROLLED = """
CREATE TABLE enrolled AS
SELECT id, customer_key(id) AS key, coalesce(first_order, CAST($never AS BIGINT)) AS first_order,
       coalesce(last_order, CAST($never AS BIGINT)) AS last_order,
       CAST(coalesce(orders, 0) AS INTEGER) AS orders,
       CAST(least(greatest(coalesce(gross, 0) + coalesce(returned, 0), -$most), $most) AS BIGINT) AS monetary,
       CAST(coalesce((2 * gross + orders) // (2 * orders), 0) AS BIGINT) AS average_order_value,
       CAST(CASE WHEN orders > 1 THEN (last_order - first_order) / (86400.0 * (orders - 1)) ELSE 'nan' END AS FLOAT)
           AS gap
FROM (SELECT id FROM features UNION SELECT id FROM table_ids)
LEFT JOIN features USING (id) LEFT JOIN returned USING (id) ORDER BY key, id
"""
_MOST_MONEY = 10**18
"""Minor units: what a log of wrong numbers may add up to, and 64 bits still hold."""

_PEOPLE = "CREATE VIEW people AS SELECT rowid AS seq, id FROM enrolled"
_COLUMNS = "SELECT * FROM enrolled WHERE rowid >= $low AND rowid < $high ORDER BY rowid"


@frozen
class Run:
    """A run of customers: those of the numbers (`seq` in table `people`) from `low` up to, not with, `high`."""

    low: int
    high: int

    def __len__(self) -> int:
        return self.high - self.low

    @property
    def bounds(self) -> dict[str, int]:
        """The bounds as parameters of a statement, `$low` and `$high`."""
        return {"low": self.low, "high": self.high}

    def rows(self, seq: Any) -> NDArray[np.int64]:
        """Return the rows within the run of people given by their `seq`."""
        rows: NDArray[np.int64] = np.asarray(seq, np.int64) - self.low
        return rows


def no_log(work: Workspace) -> None:
    """Stand in for a log that is not given: nobody has ordered."""
    work.run("CREATE TABLE features (id VARCHAR, first_order BIGINT, last_order BIGINT, orders BIGINT, gross HUGEINT)")
    work.run("CREATE TABLE returned (id VARCHAR, returned HUGEINT)")


def compute_features(work: Workspace) -> None:
    """Summarise table `log` per customer."""
    work.run(_FEATURES)
    work.run(_RETURNED)


def enrol(work: Workspace) -> int:
    """Number everybody in the log or the table in ascending order of key: view `people` (seq, id). Return how many."""
    work.connection.create_function("customer_key", customer_key, ["VARCHAR"], "UBIGINT")
    work.run(_ENROLLED, {"never": int(NEVER), "most": _MOST_MONEY})
    work.run(_PEOPLE)
    (people,) = work.row("SELECT count(*) FROM people")
    return int(people)


def read_run(work: Workspace, run: Run) -> dict[str, NDArray[Any]]:
    """Return id, key and the columns about orders of a run of customers, rows by key.

    Raises:
        WakeupError: WK6020, two ids have the same key.
    """
    columns = {name: np.asarray(each) for name, each in work.arrays(_COLUMNS, run.bounds).items()}
    columns["id"] = columns["id"].astype(object)
    key_order(columns["key"])
    return columns
