"""Several comparisons at once: p-values adjusted so that the whole family errs at the level stated, not each one."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def holm(p: ArrayLike) -> Floats:
    """Return p-values adjusted for the chance of even one false finding: float64 (..., k) for k comparisons.

    Step-down of Bonferroni (Holm 1979, Scandinavian Journal of Statistics 6); holds however the comparisons depend on
    each other.
    """
    values, order = _ascending(p)
    times = np.arange(values.shape[-1], 0, -1)
    return _back(np.minimum(np.maximum.accumulate(values * times, axis=-1), 1.0), order)


def benjamini_hochberg(p: ArrayLike) -> Floats:
    """Return p-values adjusted for the expected share of false ones among the findings: float64 (..., k).

    Benjamini and Hochberg 1995, Journal of the Royal Statistical Society B 57; for comparisons that are independent or
    lean the same way, as arms against one control do.
    """
    values, order = _ascending(p)
    many = values.shape[-1]
    scaled = values * (many / np.arange(1, many + 1))
    return _back(np.minimum(np.minimum.accumulate(scaled[..., ::-1], axis=-1)[..., ::-1], 1.0), order)


def _ascending(p: ArrayLike) -> tuple[Floats, NDArray[np.intp]]:
    values = np.asarray(p, np.float64)
    order = np.argsort(values, axis=-1, kind="stable")
    return np.take_along_axis(values, order, axis=-1), order


def _back(adjusted: Floats, order: NDArray[np.intp]) -> Floats:
    placed = np.empty_like(adjusted)
    np.put_along_axis(placed, order, adjusted, axis=-1)
    return placed
