"""What people buy: from the categories of an order log, the last order of each, and the one bought most often."""

from collections.abc import Mapping
from typing import Final

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from wakeup.customers.features import Roster
from wakeup.customers.population import NEVER, Field
from wakeup.customers.workspace import Workspace
from wakeup.diagnostics import Diagnostic, diagnostic

MOST_CATEGORIES: Final = 50
"""The categories of most customers are kept: each is a column of 8 bytes a customer."""

_BOUGHT = """
CREATE TABLE bought AS
SELECT id, category, max(t) AS last_order, count(*) AS orders
FROM (SELECT id, t, trim(unnest(string_split_regex(category, '[,;|，；、]'))) AS category FROM log
      WHERE kind = 'order' AND category IS NOT NULL)
WHERE category <> '' GROUP BY id, category
"""
_KEPT = "SELECT category FROM bought GROUP BY category ORDER BY count(*) DESC, category"
_LAST = "SELECT seq, last_order FROM bought JOIN people USING (id) WHERE category = $category"
_TOP = """
SELECT seq, first(category ORDER BY orders DESC, last_order DESC, category) AS category
FROM bought JOIN people USING (id) GROUP BY seq
"""


@frozen(eq=False)
class Affinity:
    """The categories of n customers.

    last_order: per category int64 (n,), seconds UTC of the last order of it, NEVER if none. top: the category of most
    orders (ties: the latest, then the first by name), among all categories. warnings: what was left out.
    """

    last_order: Mapping[str, NDArray[np.int64]]
    top: Field
    warnings: tuple[Diagnostic, ...] = ()


def read_affinity(work: Workspace, roster: Roster) -> Affinity:
    """Read the categories of table `log`; a cell may list several, separated by comma, semicolon or bar."""
    work.run(_BOUGHT)
    names = [name for (name,) in work.rows(_KEPT)]
    kept, left = names[:MOST_CATEGORIES], len(names) - MOST_CATEGORIES
    warnings = (diagnostic("WK6046", kept=len(kept), left=left),) if left > 0 else ()
    return Affinity({name: _last_order(work, roster, name) for name in sorted(kept)}, _top(work, roster), warnings)


def _last_order(work: Workspace, roster: Roster, category: str) -> NDArray[np.int64]:
    last = np.full(len(roster.keys), NEVER, np.int64)
    found = work.arrays(_LAST, {"category": category})
    last[roster.rows(np.asarray(found["seq"], np.int64))] = np.asarray(found["last_order"], np.int64)
    return last


def _top(work: Workspace, roster: Roster) -> Field:
    found = work.arrays(_TOP)
    labels, codes = np.unique(np.asarray(found["category"], dtype=object), return_inverse=True)
    top = np.full(len(roster.keys), -1, np.int32)
    top[roster.rows(np.asarray(found["seq"], np.int64))] = codes
    return Field("text", top, tuple(labels))
