"""The parameters of the default behaviour as data: what may be assumed, and what is assumed by itself."""

import tomllib
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, Final, Literal

from attrs import frozen

from wakeup.terms.data import packaged_text
from wakeup.terms.lists import Grade

Unit = Literal[
    "probability", "multiplier", "log-odds", "slope", "rate", "days", "hours", "money", "count", "spread", "score"
]  # fmt: skip
Link = Literal["identity", "log", "logit"]
Scope = Literal["everybody", "channel", "incentive", "tier"]
Learnt = Literal[
    "orders", "campaigns", "addresses", "sent", "arrived", "seen", "clicked", "joined", "openings", "clicks", "claims",
    "purchases", "answers", "holdout", "offer", "given",
]  # fmt: skip
"""What would measure a parameter: an order log; past campaigns with people held out; a count of what becomes of
addresses, of messages sent or arrived, of people who have seen, clicked or joined; the times of openings, clicks,
claims or purchases; answers to a survey; a comparison by lot of the message with none, of an offer shown or left out,
of something given or not. `wakeup.report.pilots` says each in words."""

WIDENING: Final[Mapping[str, float]] = MappingProxyType(
    {
        Grade.GIVEN: 1.0,
        Grade.FITTED: 1.0,
        Grade.PILOT: 1.0,
        Grade.RCT: 1.0,
        Grade.RCT_OTHER: 1.5,
        Grade.OBSERVATIONAL: 2.0,
        Grade.NONE: 3.0,
    }
)
"""What a grade of evidence multiplies the standard deviation on the link's scale by: worse is wider (SEMANTICS 34)."""


@frozen
class Prior:
    """What is assumed in a scope ("" or "kind:K") unless declared. `sd` is on the link's scale, already widened."""

    scope: str
    median: float
    sd: float
    source: str
    grade: str


@frozen
class Parameter:
    """One parameter: value = link^-1(link(median) + sd x z).

    `scope` says what it may differ by: nothing, the channel ("channel:NAME", "kind:K"), the incentive
    ("incentive:NAME", "kind:K") or the band of a tier ("tier:NAME=BAND").
    """

    name: str
    meaning: str
    meaning_zh: str
    learnt: Learnt
    unit: Unit
    link: Link
    scope: Scope
    priors: tuple[Prior, ...]

    def kinds(self) -> frozenset[str]:
        """Return the kinds of channels or incentives that have this parameter; empty when all of its sort do."""
        named = frozenset(prior.scope.removeprefix("kind:") for prior in self.priors if prior.scope)
        return frozenset() if any(not prior.scope for prior in self.priors) else named

    def holds(self, value: float) -> bool:
        """Whether the unit allows the value."""
        if self.unit == "probability":
            return 0.0 <= value <= 1.0
        if self.unit == "score":
            return 1.0 <= value <= 5.0
        if self.unit in ("log-odds", "slope"):
            return abs(value) < float("inf")
        if self.unit in ("rate", "spread"):
            return 0.0 <= value < float("inf")
        return 0.0 < value < float("inf")


@cache
def parameters() -> Mapping[str, Parameter]:
    """Return all parameters by name, in the order of `terms/behaviour.toml`."""
    tables = tomllib.loads(packaged_text("terms/behaviour.toml"))
    return MappingProxyType({name: _parameter(name, table) for name, table in tables.items()})


def _parameter(name: str, table: Mapping[str, Any]) -> Parameter:
    return Parameter(
        name=name,
        meaning=table["meaning"],
        meaning_zh=table["meaning_zh"],
        learnt=table["learn"],
        unit=table["unit"],
        link=table["link"],
        scope=table["scope"],
        priors=tuple(_prior(row) for row in table["priors"]),
    )


def _prior(row: Mapping[str, Any]) -> Prior:
    return Prior(
        scope=row["scope"],
        median=float(row["median"]),
        sd=float(row["sd"]) * WIDENING[row["grade"]],
        source=row["source"],
        grade=row["grade"],
    )
