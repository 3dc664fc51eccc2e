"""How likely people return by themselves, straight from the law."""

import numpy as np
from numpy.typing import NDArray

from wakeup.behaviour.organic import DAY, Floats, Law, ln_orders


def expected_return(law: Law, dormancy_days: Floats, orders: NDArray[np.int32], days: float) -> Floats:
    """Return the probability of an order within `days` without any contact: float64 (m,).

    dormancy_days: float64 (m,); orders: int32 (m,). Both count as at least 1.
    """
    odds = np.exp(law.log_odds(np.maximum(dormancy_days, 1.0), ln_orders(orders), days * DAY))
    return np.asarray(odds / (1.0 + odds))
