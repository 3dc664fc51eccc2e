"""From assumptions to numbers: which row holds for a channel or an incentive, and its value in a replication."""

import math
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from attrs import define, field, frozen

from wakeup.diagnostics import Diagnostic, Listed, Noun, Say, WakeupError, diagnostic, suggest
from wakeup.draws import normal, of_nobody
from wakeup.plan.model import Assumption, Plan
from wakeup.terms.behaviour import Parameter, parameters
from wakeup.terms.lists import ChannelKind

INCENTIVE_KINDS = (
    "coupon", "flash_price", "member_price", "points", "gift", "content", "membership", "service", "challenge", "draw",
    "survey", "event", "community",
)  # fmt: skip
_Z90 = 1.6448536269514722  # normal quantile of .95


@frozen
class Basis:
    """What a forecast stands on: one assumption in use. `low` and `high` bound the middle 90 % of its values."""

    parameter: str
    scope: str
    median: float
    low: float
    high: float
    source: str
    grade: str


@frozen
class Assumed:
    """The rows in force: what the plan declares goes before what is assumed by itself, and within either the most
    specific scope wins: a name, then a kind, then everybody. Of two rows for one scope the later holds."""

    declared: dict[tuple[str, str], Assumption]

    def row(self, parameter: str, *scopes: str) -> Assumption:
        """Return the row for the first of the scopes (most specific first; everybody is tried last) that has one.

        Raises:
            KeyError: nothing is declared and nothing assumed by itself for any of them.
        """
        own = parameters()[parameter]
        for scope in (*scopes, ""):
            if row := self.declared.get((parameter, scope)):
                return row
        for scope in (*scopes, ""):
            for prior in own.priors:
                if prior.scope == scope:
                    return Assumption(parameter, scope, prior.median, prior.sd, own.link, prior.source, prior.grade)
        raise KeyError(f"{parameter} for {scopes}")


def assume(plan: Plan) -> Assumed:
    """Return the rows in force for a plan.

    Raises:
        WakeupError: rows with an unknown parameter (WK5201), a scope that the parameter does not have (WK5202), or a
            value that its unit does not allow (WK5203).
    """
    declared = (parameters().get(name) for name in dict.fromkeys(row.parameter for row in plan.assumptions))
    allowed = {own.name: _scopes(own, plan) for own in declared if own is not None}
    problems = [problem for row in plan.assumptions for problem in _problems(row, allowed)]
    if problems:
        raise WakeupError(problems)
    return Assumed({(row.parameter, row.scope): row for row in plan.assumptions})


@define
class Values:
    """The parameters of one replication; replication 0 takes the medians (SEMANTICS 9). Remembers what it was asked.

    known: values that are known already, by parameter and scope of their rows.
    """

    assumed: Assumed
    seed: int
    replication: int
    known: Mapping[tuple[str, str], float] = field(factory=dict)
    asked: dict[tuple[str, str], Assumption] = field(factory=dict)

    def __call__(self, parameter: str, *scopes: str) -> float:
        """Return the value for the first scope that has a row; see `Assumed.row`."""
        row = self.assumed.row(parameter, *scopes)
        place = row.parameter, row.scope
        self.asked[place] = row
        return self.known[place] if place in self.known else value(row, self.seed, self.replication)


def value(row: Assumption, seed: int, replication: int) -> float:
    """Return link^-1(link(median) + sd x z), with z drawn under key 0; the median in replication 0."""
    return values_of((row,), seed, replication)[0]


def values_of(rows: Sequence[Assumption], seed: int, replication: int) -> list[float]:
    """Return the value of each row; all are drawn at once, since one draw takes nearly as long as a hundred."""
    if replication == 0:
        return [row.median for row in rows]
    drawn = _standards(seed, replication, tuple(f"parameter:{row.parameter}:{row.scope}" for row in rows))
    return [row.median if row.sd == 0.0 else moved(row, z) for row, z in zip(rows, drawn, strict=True)]


def basis_row(row: Assumption) -> Basis:
    """Return a row as a report shows it."""
    low, high = (moved(row, z) if row.sd > 0.0 else row.median for z in (-_Z90, _Z90))
    return Basis(row.parameter, row.scope, row.median, low, high, row.source, row.grade)


@lru_cache(maxsize=65_536)
def _standards(seed: int, replication: int, purposes: tuple[str, ...]) -> tuple[float, ...]:
    """Draw a standard normal number for each purpose. A backtest asks for the same of every origin."""
    return tuple(normal(of_nobody(seed, replication, purposes)).tolist())


def moved(row: Assumption, z: float) -> float:
    """Return link^-1(link(median) + sd x z)."""
    shift = row.sd * z
    if row.link == "identity":
        return row.median + shift
    if row.link == "log":
        return row.median * math.exp(shift)
    return 1.0 / (1.0 + (1.0 - row.median) / row.median * math.exp(-shift))


def _problems(row: Assumption, scopes: Mapping[str, tuple[str, ...]]) -> Iterator[Diagnostic]:
    own = parameters().get(row.parameter)
    if own is None:
        near = suggest(row.parameter, parameters())
        yield diagnostic("WK5201", parameter=row.parameter, known=Listed(near or tuple(parameters())))
        return
    allowed = scopes[own.name]
    if row.scope not in allowed:
        shown = Listed([scope or Say("everybody") for scope in allowed] or [Say("the plan has no tier")])
        yield diagnostic("WK5202", parameter=row.parameter, scope=row.scope, allowed=shown)
    wrong = _impossible(row, own)
    if wrong is not None:
        yield diagnostic(
            "WK5203", parameter=row.parameter, median=row.median, sd=row.sd, link=row.link, wrong=wrong, own=own.link,
            unit=Noun(own.unit),
        )  # fmt: skip


def _impossible(row: Assumption, own: Parameter) -> Say | None:
    """What of a row its parameter does not allow."""
    at_edge = own.link != "identity" and (row.median == 0.0 or (own.link == "logit" and row.median == 1.0))
    if row.link != own.link:
        return Say("the link must be `{own}`", own=own.link)
    if not own.holds(row.median):
        return Say("the median is no {unit}", unit=Noun(own.unit))
    if not 0.0 <= row.sd < math.inf:
        return Say("the sd must be a number of at least 0")
    return Say("at the edge of the scale the sd can only be 0") if at_edge and row.sd > 0.0 else None


def _scopes(own: Parameter, plan: Plan) -> tuple[str, ...]:
    if own.scope == "everybody":
        return ("",)
    if own.scope == "tier":
        return tuple(f"tier:{tier.name}={band.name}" for tier in plan.tiers for band in tier.bands)
    if own.scope == "channel":
        named = tuple(f"channel:{channel.name}" for channel in plan.channels)
        have = own.kinds() or frozenset(ChannelKind)
        return ("", *(f"kind:{kind}" for kind in ChannelKind if kind in have), *named)
    kinds = own.kinds() or frozenset(INCENTIVE_KINDS)
    of_kind = tuple(f"incentive:{one.name}" for one in plan.incentives if one.kind in kinds)
    return ("", *(f"kind:{kind}" for kind in INCENTIVE_KINDS if kind in kinds), *of_kind)
