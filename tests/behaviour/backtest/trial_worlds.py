"""Made-up campaigns of known truth: whom they reach, what they do, and what their people pay."""

from typing import Final

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from wakeup.customers.population import Field
from wakeup.customers.trial_table import TrialTable

Floats = NDArray[np.float64]

KINDS: Final = ("none", "same for all", "by recency", "three arms", "rare", "heavy tail")


@frozen(eq=False)
class World:
    """A campaign and its true effects: the share of its people who would order in an arm less that in the control."""

    table: TrialTable
    lifts: tuple[float, ...]


def world(kind: str, people: int, seed: int) -> World:
    """Make a campaign. Recency, frequency and region matter for who orders, money spent before does not."""
    g = np.random.default_rng((KINDS.index(kind), seed))
    arms = 3 if kind == "three arms" else 2
    arm = g.integers(0, arms, people)
    recency, frequency = np.exp(g.normal(5.0, 0.8, people)), g.geometric(0.4, people).astype(np.float64)
    region, spent = g.integers(0, 5, people).astype(np.int32), np.exp(g.normal(4.0, 1.0, people))
    level = -5.9 if kind == "rare" else -2.2
    odds = level - 0.45 * (np.log(recency) - 5.0) + 0.5 * np.log(frequency) + 0.2 * (region == 2)
    shift = {
        "none": [np.zeros(people)],
        "by recency": [0.3 * (np.log(recency) - 4.5)],
        "three arms": [np.full(people, 0.1), np.full(people, 0.4)],
    }.get(kind, [np.full(people, 0.3)])
    shifts = np.stack([np.zeros(people), *shift])
    chances = 1.0 / (1.0 + np.exp(-(odds + shifts)))
    ordered = g.random(people) < chances[arm, np.arange(people)]
    spread = 1.3 if kind == "heavy tail" else 0.6
    paid = np.where(ordered, np.rint(100.0 * np.exp(g.normal(4.0, spread, people))), 0.0).astype(np.int64)
    table = TrialTable(
        name=kind,
        rows=people,
        columns={"arm": "arm", "outcome": "outcome"},
        arms=("control", "mail", "gift")[:arms],
        key=np.arange(1, people + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(seed),
        arm=arm,
        outcome=ordered,
        value=paid,
        features={
            "recency": Field("number", recency),
            "frequency": Field("number", frequency),
            "spent": Field("number", spent),
            "region": Field("text", region, tuple("NESWX")),
        },
        missing=tuple((int(n), 0) for n in np.bincount(arm, minlength=arms)),
    )
    return World(table, tuple(float(mean - chances[0].mean()) for mean in chances.mean(axis=1)[1:]))
