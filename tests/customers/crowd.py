"""Customers with every kind of column, and with none but those that all have."""

import numpy as np
from attrs import evolve

from wakeup.customers import NEVER, Field, Population, Touches, synthetic

AS_OF = 1788192000


def crowd(n: int, *, seed: int = 3) -> Population:
    """Return customers with every kind of column, blanks in each that may have them."""
    made = synthetic(n, seed=seed, as_of=AS_OF)
    rng = np.random.default_rng(seed)
    counts = rng.integers(0, 4, n)
    offset = np.concatenate([np.zeros(1, np.int64), np.cumsum(counts)])
    total = int(offset[-1])
    return evolve(
        made,
        consents={"sms": rng.integers(0, 3, n).astype(np.uint8)},
        fields={
            **made.fields,
            "points": Field("number", np.where(rng.random(n) < 0.3, np.nan, rng.random(n))),
            "birthday": Field("date", np.where(rng.random(n) < 0.3, NEVER, rng.integers(0, 10**9, n))),
        },
        touches=Touches(
            offset, rng.integers(0, 10**9, total), rng.integers(0, 2, total).astype(np.int16), ("email", "sms")
        ),
        zones=rng.integers(-1, 2, n).astype(np.int16),
        zone_names=("Asia/Tokyo", "Europe/Paris"),
        categories={"care": np.where(rng.random(n) < 0.5, NEVER, made.last_order)},
    )


def bare(n: int) -> Population:
    """Return customers without the columns that may be missing."""
    return evolve(synthetic(n, as_of=AS_OF), tags={}, fields={})
