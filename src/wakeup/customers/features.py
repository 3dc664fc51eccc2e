"""Recency, frequency and monetary of every customer, computed by DuckDB from the cleaned log."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from wakeup.customers.identity import customer_keys, key_order
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
_PEOPLE = """
CREATE TABLE people AS SELECT row_number() OVER (ORDER BY id) - 1 AS seq, id
FROM (SELECT id FROM features UNION SELECT id FROM table_ids)
"""
# The average is the gross value of an order, half up; the gap is the mean time between own orders.
_COLUMNS = """
SELECT id, coalesce(first_order, CAST($never AS BIGINT)) AS first_order,
       coalesce(last_order, CAST($never AS BIGINT)) AS last_order,
       CAST(coalesce(orders, 0) AS INTEGER) AS orders,
       CAST(coalesce(gross, 0) + coalesce(returned, 0) AS BIGINT) AS monetary,
       CAST(coalesce((2 * gross + orders) // (2 * orders), 0) AS BIGINT) AS average_order_value,
       CAST(CASE WHEN orders > 1 THEN (last_order - first_order) / (86400.0 * (orders - 1)) ELSE 'nan' END AS FLOAT)
           AS gap
FROM people LEFT JOIN features USING (id) LEFT JOIN returned USING (id) ORDER BY seq
"""


@frozen(eq=False)
class Roster:
    """Who the customers are.

    keys, ids: shape (n,), ascending by key. place: int64 (n,), the row of the `seq`-th person in table `people`.
    """

    keys: NDArray[np.uint64]
    ids: NDArray[np.object_]
    place: NDArray[np.int64]

    def rows(self, seq: Any) -> NDArray[np.int64]:
        """Return the rows of people given by their `seq`."""
        rows: NDArray[np.int64] = self.place[np.asarray(seq)]
        return rows


def no_log(work: Workspace) -> None:
    """Stand in for a log that is not given: nobody has ordered."""
    work.run("CREATE TABLE features (id VARCHAR, first_order BIGINT, last_order BIGINT, orders BIGINT, gross HUGEINT)")
    work.run("CREATE TABLE returned (id VARCHAR, returned HUGEINT)")


def compute_features(work: Workspace) -> None:
    """Summarise table `log` per customer."""
    work.run(_FEATURES)
    work.run(_RETURNED)


def enrol(work: Workspace) -> tuple[Roster, Mapping[str, NDArray[Any]]]:
    """Number everybody in the log or the table, and return who they are and their summary columns, rows by key.

    Raises:
        WakeupError: WK6020, two ids have the same key.
    """
    work.run(_PEOPLE)
    columns = work.arrays(_COLUMNS, {"never": int(NEVER)})
    ids = np.asarray(columns.pop("id"), dtype=object)
    keys = customer_keys(ids)
    order = key_order(keys)
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    return Roster(keys[order], ids[order], place), {name: np.asarray(each)[order] for name, each in columns.items()}
