"""Made-up order logs of known truth."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np

START = int(datetime(2024, 1, 1, tzinfo=UTC).timestamp())
DAY = 86_400


def steady(path: Path, *, people: int, days: int, gap: float, seed: int) -> Path:
    """Write a log of people who all order at one rate for ever, `gap` days apart on average, from their first order on.

    Whoever they are and however long they slept, the chance of an order within h days is 1 - exp(-h / gap).
    """
    rng = np.random.default_rng(seed)
    first = rng.uniform(0, days * 0.25, people)
    rows = [np.column_stack([np.arange(people), first])]
    at, who = first, np.arange(people)
    while len(who):
        at = at + rng.exponential(gap, len(who))
        some = at < days
        at, who = at[some], who[some]
        rows.append(np.column_stack([who, at]))
    return write(path, np.concatenate(rows))


def write(path: Path, rows: np.ndarray) -> Path:
    """Write rows of (customer, days since the start)."""
    rows = rows[np.argsort(rows[:, 1], kind="stable")]
    instants = np.datetime64(START, "s") + (rows[:, 1] * DAY).astype("timedelta64[s]")
    text = [f"c{int(who)},{str(at).replace('T', ' ')},10" for who, at in zip(rows[:, 0], instants, strict=True)]
    path.write_text("\n".join(["customer_id,time,amount", *text]) + "\n", encoding="utf-8")
    return path
