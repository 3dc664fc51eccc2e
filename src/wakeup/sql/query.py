"""The query: table `customers` cleaned, scored, sorted into bands, then asked for the audience and the journeys."""

from collections.abc import Iterator
from typing import Final

from attrs import evolve, frozen
from sqlglot import exp

from wakeup.diagnostics import Listed, WakeupError, diagnostic, suggest
from wakeup.plan.model import Band, Plan, Tier
from wakeup.plan.predicates import EVERYONE, Bought, Compare, HasTag, Op, Predicate
from wakeup.plan.sets import any_of, both, leaves
from wakeup.sql.customers import ID, RESERVED, SCORED, TABLE, Table, bought_column, own_fields, tag_column
from wakeup.sql.dialects import Dialect
from wakeup.sql.predicates import Asked, condition, tier_column, value
from wakeup.sql.terms import column, distinct, known, named, number, select_as, text

JOURNEY: Final = "journey"

_SCORES: Final = 5
"""RFM scores go from 1 to 5, 5 best."""


def written(plan: Plan, dialect: Dialect, at: int, journey: str | None) -> str:
    """Return the query; see `wakeup.sql.audience_sql`."""
    asked = _Query(plan, Asked(dialect, at, plan.zone, plan.minor_digits))
    steps = asked.steps()
    query = asked.audience(steps[-1].name)
    if journey is not None:
        steps.append(_Step("audience", query))
        query = _of_journey("audience", _declared(plan, journey), dialect)
    for step in steps:
        query = query.with_(step.name, as_=step.query, copy=False)
    return query.sql(dialect=dialect.value, pretty=True) + "\n"


def _declared(plan: Plan, journey: str) -> str:
    names = [each.name for each in plan.journeys]
    if journey not in names:
        raise WakeupError([diagnostic("WK5305", name=journey, known=Listed(suggest(journey, names) or names or ["-"]))])
    return journey


def _of_journey(source: str, journey: str, dialect: Dialect) -> exp.Select:
    """Ask the audience for one journey's people: who belongs to an earlier one does not belong to this one."""
    mine = exp.EQ(this=column(JOURNEY), expression=text(journey, dialect))
    return exp.select("*").from_(source).where(mine)


@frozen
class _Step:
    """A common table expression: its name, and the query that it stands for."""

    name: str
    query: exp.Select


@frozen
class _Query:
    plan: Plan
    asked: Asked

    def steps(self) -> list[_Step]:
        """The steps before the audience, each reading the one before: columns, scores, bands."""
        steps = [_Step("people", self._people())]
        scores = [name for name in SCORED if name in self._attributes()]
        if scores:
            steps.append(_added("scored", steps[-1], [_score(name) for name in scores]))
        if self.plan.tiers:
            steps.append(_added("sorted", steps[-1], [self._tier(tier) for tier in self.plan.tiers]))
        return steps

    def audience(self, source: str) -> exp.Select:
        """Who is in the audience, their bands and their journey."""
        tiers = [exp.column(self._tier_name(tier)) for tier in self.plan.tiers]
        query = exp.select(column(ID), *tiers, self._journey()).from_(source)
        return query.where(condition(self.plan.audience, self.asked))

    def _people(self) -> exp.Select:
        """The columns that the query needs, cleaned."""
        table = Table(self.asked.dialect, self.asked.minor_digits)
        needed = tuple(self._leaves())
        tags = sorted({leaf.tag for leaf in needed if isinstance(leaf, HasTag)})
        categories = sorted({leaf.category for leaf in needed if isinstance(leaf, Bought)})
        own = own_fields(needed)
        tiers = [tier_column(tier.name) for tier in self.plan.tiers]
        given = [*map(tag_column, tags), *map(bought_column, categories), *own, *tiers]
        distinct(given, RESERVED, self.asked.dialect)
        return exp.select(
            column(ID),
            *table.built_in(self._attributes()),
            *(table.tag(tag) for tag in tags),
            *(table.bought(category) for category in categories),
            *(table.own(name, kind) for name, kind in own.items()),
        ).from_(TABLE)

    def _attributes(self) -> frozenset[str]:
        return frozenset(leaf.attribute for leaf in self._leaves() if isinstance(leaf, Compare))

    def _leaves(self) -> Iterator[Predicate]:
        """The elementary conditions on columns: of the audience, the journeys and the tiers."""
        for predicate in (self.plan.audience, *(each.match for each in self.plan.journeys)):
            yield from leaves(predicate)
        for tier in self.plan.tiers:
            for band in tier.bands:
                yield from leaves(EVERYONE if band.match is None else band.match)
            if tier.unit != "rule":
                yield Compare(tier.attribute, ">=", 0, tier.unit)

    def _tier_name(self, tier: Tier) -> exp.Identifier:
        return named(tier_column(tier.name), self.asked.dialect)

    def _tier(self, tier: Tier) -> exp.Expr:
        """The band of each person, NULL for none."""
        bands = [(self._inside(tier, band), band.name) for band in tier.bands]
        return select_as(self._first(bands), self._tier_name(tier))

    def _inside(self, tier: Tier, band: Band) -> exp.Expr:
        if tier.unit == "rule":
            rules = evolve(self.asked, bands=False)
            return condition(any_of(()) if band.match is None else band.match, rules)
        bounds: tuple[tuple[Op, int | None], ...] = ((">=", band.low), ("<", band.high))
        inside = [Compare(tier.attribute, op, at, tier.unit) for op, at in bounds if at is not None]
        if not inside:
            return known(value(tier.attribute, self.asked))
        return condition(both(*inside), self.asked)

    def _journey(self) -> exp.Expr:
        """The first journey, in the order of the file, that takes the person; NULL for none."""
        journeys = [(condition(each.match, self.asked), each.name) for each in self.plan.journeys]
        return select_as(self._first(journeys), exp.to_identifier(JOURNEY))

    def _first(self, cases: list[tuple[exp.Expr, str]]) -> exp.Expr:
        """The name of the first case that holds."""
        found = exp.Case()
        for holds, name in cases:
            found = found.when(holds, text(name, self.asked.dialect), copy=False)
        return found if cases else exp.cast(exp.null(), exp.DType.TEXT)


def _added(name: str, before: _Step, columns: list[exp.Expr]) -> _Step:
    """A step that adds columns to the one before."""
    return _Step(name, exp.select("*", *columns).from_(before.name))


def _score(name: str) -> exp.Expr:
    """1 + floor(5 x share of those who have ordered that lie lower); NULL for who has not ordered."""
    ordered = exp.GT(this=column("orders"), expression=number(0))
    ranks = exp.Ordered(this=column(SCORED[name]), nulls_first=True)
    rank = exp.Window(this=exp.func("RANK"), partition_by=[ordered.copy()], order=exp.Order(expressions=[ranks]))
    people = exp.Window(this=exp.Count(this=exp.Star()), partition_by=[ordered.copy()])
    lower = exp.paren(exp.Sub(this=rank, expression=number(1)))
    share = exp.IntDiv(this=exp.Mul(this=number(_SCORES), expression=lower), expression=people)
    score = exp.Add(this=number(1), expression=share)
    return select_as(exp.Case().when(ordered, score), exp.to_identifier(name))
