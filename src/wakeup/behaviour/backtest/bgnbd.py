"""BG/NBD (Fader, Hardie & Lee 2005), a baseline: maximum likelihood on grouped rows, and who orders within a horizon.

While awake a person orders at a rate of their own, Gamma(r, alpha) among people, and after every order but the first
leaves for ever with a probability of their own, Beta(a, b) among people. A person is told by x repeat orders, the time
t_x of the last and the time T since the first.
"""

from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from wakeup.behaviour.backtest.extra import scipy
from wakeup.customers.rolling import Visited

Floats = NDArray[np.float64]

_START = (0.5, 8.0, 0.8, 2.5)
"""Where the search begins: near what shops have."""

_WIDEST = 12.0
"""Parameters lie between e^-12 and e^12; where nobody leaves a/b has no lower end."""


@frozen
class BgNbd:
    """Parameters per week: order rates Gamma(r, alpha), chances to leave Beta(a, b)."""

    r: float
    alpha: float
    a: float
    b: float

    def chance(self, x: Floats, t_x: Floats, age: Floats, horizon: float) -> Floats:
        """Return the probability of an order within `horizon` weeks: float64 (g,) of repeats, recency and age (g,).

        P(awake) from the paper's appendix, times 1 less the chance of no order of somebody awake, whose rate is
        Gamma(r + x, alpha + age) by then.
        """
        left = self.a / (self.b + np.maximum(x, 1.0) - 1.0) * ((self.alpha + age) / (self.alpha + t_x)) ** (self.r + x)
        awake = 1.0 / (1.0 + np.where(x > 0.0, left, 0.0))
        quiet = ((self.alpha + age) / (self.alpha + age + horizon)) ** (self.r + x)
        return np.asarray(awake * (1.0 - quiet))


def fit_bgnbd(visited: Visited, start: BgNbd | None = None) -> BgNbd:
    """Return the most likely parameters; the search begins at `start`.

    Raises:
        WakeupError: WK6146, scipy is not installed.
    """
    optimize = scipy("optimize")
    special = scipy("special")
    x, t_x, age = visited.repeats.astype(np.float64), visited.recency, visited.age
    weight = visited.people / visited.people.sum()
    again = x > 0.0

    def loss(point: Floats) -> tuple[float, Floats]:
        value, slope = _log_likelihood(special, np.exp(point), x, t_x, age, again)
        return -float(weight @ value), -(slope @ weight) * np.exp(point)

    first = np.log(_START if start is None else (start.r, start.alpha, start.a, start.b))
    found = optimize.minimize(loss, first, jac=True, method="L-BFGS-B", bounds=[(-_WIDEST, _WIDEST)] * 4)
    return BgNbd(*(float(each) for each in np.exp(found.x)))


def _log_likelihood(
    special: Any, point: Floats, x: Floats, t_x: Floats, age: Floats, again: NDArray[np.bool_]
) -> tuple[Floats, Floats]:
    """Return each group's log-likelihood (g,) and its slopes in r, alpha, a, b (4, g)."""
    r, alpha, a, b = point
    lgamma, psi = special.gammaln, special.psi
    still = -(r + x) * np.log(alpha + age)
    gone = np.where(again, np.log(a) - np.log(b + np.maximum(x, 1.0) - 1.0) - (r + x) * np.log(alpha + t_x), -np.inf)
    both = np.logaddexp(still, gone)
    value = lgamma(r + x) - lgamma(r) + r * np.log(alpha) + both
    value += lgamma(a + b) - lgamma(a + b + x) + lgamma(b + x) - lgamma(b)
    p_gone = np.exp(gone - both)
    p_still = 1.0 - p_gone
    slope_r = psi(r + x) - psi(r) + np.log(alpha) - p_still * np.log(alpha + age) - p_gone * np.log(alpha + t_x)
    slope_alpha = r / alpha - (r + x) * (p_still / (alpha + age) + p_gone / (alpha + t_x))
    common = psi(a + b) - psi(a + b + x)
    slope_b = common + psi(b + x) - psi(b) - p_gone / (b + np.maximum(x, 1.0) - 1.0)
    return value, np.stack([slope_r, slope_alpha, common + p_gone / a, slope_b])
