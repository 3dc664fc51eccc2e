"""Standard normal numbers from uniforms, by the inverse distribution function.

Inversion is monotone: two plans that share a uniform share the place in the distribution, whatever its parameters.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

_Polynomial = tuple[NDArray[np.float64], ...]
_Rational = tuple[_Polynomial, _Polynomial]


def _rational(*polynomials: tuple[float, ...]) -> _Rational:
    """Return the coefficients of two polynomials as arrays without dimensions, which NumPy takes in sooner."""
    above, below = (tuple(np.array(each) for each in polynomial) for polynomial in polynomials)
    return above, below


# Wichura 1988, Algorithm AS 241 (PPND16), Applied Statistics 37: relative error about 1e-16. Highest power first.
_CENTRE: Final = _rational(
    (
        2509.0809287301226727, 33430.575583588128105, 67265.770927008700853, 45921.953931549871457,
        13731.693765509461125, 1971.5909503065514427, 133.14166789178437745, 3.387132872796366608,
    ),
    (
        5226.495278852545925, 28729.085735721942674, 39307.89580009271061, 21213.794301586595867,
        5394.1960214247511077, 687.1870074920579083, 42.313330701600911252, 1.0,
    ),
)  # fmt: skip
_NEAR: Final = _rational(
    (
        7.7454501427834140764e-4, 0.0227238449892691845833, 0.24178072517745061177, 1.27045825245236838258,
        3.64784832476320460504, 5.7694972214606914055, 4.6303378461565452959, 1.42343711074968357734,
    ),
    (
        1.05075007164441684324e-9, 5.475938084995344946e-4, 0.0151986665636164571966, 0.14810397642748007459,
        0.68976733498510000455, 1.6763848301838038494, 2.05319162663775882187, 1.0,
    ),
)  # fmt: skip
_FAR: Final = _rational(
    (
        2.01033439929228813265e-7, 2.71155556874348757815e-5, 0.0012426609473880784386, 0.026532189526576123093,
        0.29656057182850489123, 1.7848265399172913358, 5.4637849111641143699, 6.6579046435011037772,
    ),
    (
        2.04426310338993978564e-15, 1.4215117583164458887e-7, 1.8463183175100546818e-5, 7.868691311456132591e-4,
        0.0148753612908506148525, 0.13692988092273580531, 0.59983220655588793769, 1.0,
    ),
)  # fmt: skip


def normal(u: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the standard normal quantiles of `u`: float64 (m,) for float64 (m,) strictly between 0 and 1.

    Element i depends on `u[i]` only, bit for bit, whatever the length of the array.
    """
    q = u - 0.5
    r = q * q
    np.subtract(0.180625, r, out=r)
    z = _ratio(r, _CENTRE)
    z *= q
    tail = (r < 0.0).nonzero()[0]
    if tail.size:
        z[tail] = _tail(u.take(tail), q.take(tail))
    return z


def _tail(u: NDArray[np.float64], q: NDArray[np.float64]) -> NDArray[np.float64]:
    r = np.minimum(u, 1.0 - u)
    np.log(r, out=r)
    np.negative(r, out=r)
    np.sqrt(r, out=r)
    z = _ratio(r - 1.6, _NEAR)
    far = (r > 5.0).nonzero()[0]
    if far.size:
        z[far] = _ratio(r[far] - 5.0, _FAR)
    return np.copysign(z, q)


def _ratio(x: NDArray[np.float64], rational: _Rational) -> NDArray[np.float64]:
    above, below = (_polynomial(x, coefficients) for coefficients in rational)
    above /= below
    return above


def _polynomial(x: NDArray[np.float64], coefficients: _Polynomial) -> NDArray[np.float64]:
    """Evaluate by Horner's rule, highest power first."""
    value = np.multiply(x, coefficients[0])
    value += coefficients[1]
    for coefficient in coefficients[2:]:
        value *= x
        value += coefficient
    return value
