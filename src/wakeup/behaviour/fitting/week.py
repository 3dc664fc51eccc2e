"""Orders by the day of the week."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def fit_week(orders: NDArray[np.int64], sd: float) -> tuple[Floats, Floats]:
    """Return the factors of the seven days against their mean, and the sds of their logarithms: float64 (7,) each.

    orders: int64 (7,) in whole weeks. sd: of the logarithm of a factor beforehand; it counts as 1 / sd^2 orders of a
    mean day (the gamma distribution of that spread about 1).
    """
    count = orders.astype(np.float64)
    weight = sd**-2.0
    known = count + weight
    return np.asarray(known / known.mean()), np.asarray(known**-0.5)
