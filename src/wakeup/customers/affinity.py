"""What people buy: from the categories of an order log, the last order of each, and the one bought most often."""

from collections.abc import Mapping
from typing import Final

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from wakeup.customers.features import Run
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
_PLACED = """
CREATE TABLE placed AS
SELECT seq, category, last_order, orders FROM bought JOIN people USING (id) ORDER BY seq
"""
_LAST = "SELECT seq, last_order FROM placed WHERE category = $category AND seq >= $low AND seq < $high"
_TOP = """
CREATE TABLE favourite AS
SELECT seq, category FROM placed
QUALIFY row_number() OVER (PARTITION BY seq ORDER BY orders DESC, last_order DESC, category) = 1 ORDER BY seq
"""
_FAVOURITES = "SELECT seq, category FROM favourite WHERE seq >= $low AND seq < $high"


@frozen(eq=False)
class Categories:
    """What people buy. kept: the categories that have a column, sorted. top: those that are somebody's favourite,
    sorted. warnings: what was left out."""

    kept: tuple[str, ...]
    top: tuple[str, ...]
    warnings: tuple[Diagnostic, ...] = ()


@frozen(eq=False)
class Affinity:
    """The categories of n customers.

    last_order: per category int64 (n,), seconds UTC of the last order of it, NEVER if none. top: the category of most
    orders (ties: the latest, then the first by name), among all categories.
    """

    last_order: Mapping[str, NDArray[np.int64]]
    top: Field


def note_bought(work: Workspace) -> None:
    """Summarise the categories of table `log` per customer; a cell may list several, by comma, semicolon or bar."""
    work.run(_BOUGHT)


def note_categories(work: Workspace) -> Categories:
    """Settle which categories are kept, and everybody's favourite."""
    names = [name for (name,) in work.rows(_KEPT)]
    kept, left = names[:MOST_CATEGORIES], len(names) - MOST_CATEGORIES
    warnings = (diagnostic("WK6046", kept=len(kept), left=left),) if left > 0 else ()
    work.run(_PLACED)
    work.run(_TOP)
    top = sorted(name for (name,) in work.rows("SELECT DISTINCT category FROM favourite"))
    return Categories(tuple(sorted(kept)), tuple(top), warnings)


def read_affinity(work: Workspace, categories: Categories, run: Run) -> Affinity:
    """Read the categories of a run of customers."""
    return Affinity({name: _last_order(work, run, name) for name in categories.kept}, _top(work, run, categories.top))


def _last_order(work: Workspace, run: Run, category: str) -> NDArray[np.int64]:
    last = np.full(len(run), NEVER, np.int64)
    found = work.arrays(_LAST, {"category": category, **run.bounds})
    last[run.rows(found["seq"])] = np.asarray(found["last_order"], np.int64)
    return last


def _top(work: Workspace, run: Run, labels: tuple[str, ...]) -> Field:
    codes = {label: code for code, label in enumerate(labels)}
    found = work.arrays(_FAVOURITES, run.bounds)
    top = np.full(len(run), -1, np.int32)
    top[run.rows(found["seq"])] = [codes[each] for each in found["category"]]
    return Field("text", top, labels)
