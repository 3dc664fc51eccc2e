"""Features of people as columns that a linear law and a balance test can use: robust to scale and to heavy tails."""

from collections.abc import Mapping
from typing import Final

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from wakeup.customers.population import NEVER, Field
from wakeup.draws import normal

Floats = NDArray[np.float64]

MOST: Final = 40
"""Columns that a law is learnt on; the balance of arms is tested on all."""


@frozen(eq=False)
class Design:
    """x: float64 (n, q), each column with mean 0 and variance 1 over all people. owner: (q,) index into `names` of the
    feature that a column belongs to. names: (f,) of the features."""

    x: Floats
    owner: NDArray[np.intp]
    names: tuple[str, ...]


def design(features: Mapping[str, Field], people: int) -> Design:
    """Return the columns of features for `people`.

    A number or date becomes the normal score of its rank and, where it has more than two values, the square of that:
    a law that rises and falls is seen too, and no outlier rules. A text becomes one column a label but the first.
    Whether a value is blank is a column of its own.
    """
    columns: list[Floats] = []
    owner: list[int] = []
    for at, field in enumerate(features.values()):
        for column in _text(field) if field.kind == "text" else _number(field):
            spread = column.std()
            if spread > 0.0:
                columns.append((column - column.mean()) / spread)
                owner.append(at)
    x = np.column_stack(columns) if columns else np.empty((people, 0))
    return Design(x, np.array(owner, np.intp), tuple(features))


def fewer(x: Floats) -> Floats:
    """Return columns (n, q) as they are, or the `MOST` directions in which people differ most where there are more: a
    law needs no more, and the time it takes grows with their square."""
    if x.shape[1] <= MOST:
        return x
    _, directions = np.linalg.eigh(x.T @ x)
    return np.asarray(x @ directions[:, -MOST:])


def _number(field: Field) -> list[Floats]:
    values = np.asarray(field.values, np.float64)
    known = ~np.isnan(values) if field.kind != "date" else np.asarray(field.values) != NEVER
    if not known.any():
        return []
    score = np.zeros(len(values))
    score[known], different = _normal_scores(values[known])
    columns = [score] if different < 3 else [score, np.where(known, score * score, 1.0)]
    return columns if known.all() else [*columns, known.astype(np.float64)]


def _normal_scores(values: Floats) -> tuple[Floats, int]:
    """Return the normal quantile of each value's middle rank, and how many different values there are."""
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    middle = np.cumsum(counts) - (counts - 1) / 2.0
    return normal((middle - 0.5) / len(values))[place], len(counts)


def _text(field: Field) -> list[Floats]:
    codes = np.asarray(field.values)
    present = np.unique(codes)
    return [(codes == code).astype(np.float64) for code in present[1:]]
