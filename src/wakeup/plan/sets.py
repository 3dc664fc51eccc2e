"""Which people a condition can hold for: enough set and interval arithmetic to prove that it holds for nobody.

A condition becomes a disjunction of cases; a case is a set of bounds, tags, bands and events. Every answer errs on the
side of "somebody": a month is between its shortest and its longest length, and a condition that is too large to take
apart is taken as satisfiable.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from decimal import Decimal
from itertools import product

from attrs import evolve, field, frozen

from wakeup.plan.model import Elapsed, Months, Tier
from wakeup.plan.periods import longest, shortest
from wakeup.plan.predicates import And, Bought, Compare, Happened, HasTag, InTier, Not, Op, Or, Predicate

MAX_CASES = 256

Leaf = Compare | HasTag | Bought | InTier | Happened
"""An elementary condition."""

_NEGATED: Mapping[Op, Op] = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}


@frozen
class Interval:
    """`low` to `high`, each end in or out of it; None is open."""

    low: Decimal | None = None
    high: Decimal | None = None
    low_in: bool = True
    high_in: bool = True

    @property
    def empty(self) -> bool:
        """Whether no number lies in it."""
        if self.low is None or self.high is None:
            return False
        return self.low > self.high or (self.low == self.high and not (self.low_in and self.high_in))

    def above(self, low: Decimal, inside: bool) -> "Interval":
        """Keep what is at least (or above) a bound."""
        if self.low is not None and (self.low > low or (self.low == low and not self.low_in)):
            return self
        return Interval(low, self.high, inside, self.high_in)

    def below(self, high: Decimal, inside: bool) -> "Interval":
        """Keep what is at most (or below) a bound."""
        if self.high is not None and (self.high < high or (self.high == high and not self.high_in)):
            return self
        return Interval(self.low, high, self.low_in, inside)

    def within(self, other: "Interval") -> "Interval":
        """Keep what lies in another, too."""
        found = self if other.low is None else self.above(other.low, other.low_in)
        return found if other.high is None else found.below(other.high, other.high_in)


ANYTHING = Interval(low=Decimal(0))
"""Where a number lies that nothing is asked of: none is below 0."""


@frozen
class Case:
    """People for whom all of this holds. `facts` are tags, bands, texts and events, true or false.

    Bounds in calendar months stand twice: in seconds, as far as that is sure, and under `monthly(attribute)` as months.
    """

    bounds: Mapping[str, Interval] = field(factory=dict)
    facts: Mapping[tuple[str, str, str], bool] = field(factory=dict)

    def among(self, attribute: str) -> Interval:
        """The bounds of an attribute."""
        return self.bounds.get(attribute, ANYTHING)


CATEGORIES = "categories"
"""The name under which it is known whether the data have categories of goods."""


def _since(category: str) -> str:
    """Where the bounds of the time since the last order of a category stand."""
    return f"{CATEGORIES} {category}"


def monthly(attribute: str) -> str:
    """Where the bounds of an attribute in calendar months stand."""
    return f"{attribute} in months"


def satisfiable(predicate: Predicate, tiers: Mapping[str, Tier]) -> bool:
    """Whether there can be somebody for whom the condition holds.

    Whoever is in a band of a tier by rules meets its rule.
    """
    found = cases(predicate, tiers)
    return found is None or bool(found)


def implies(first: Predicate, second: Predicate, tiers: Mapping[str, Tier]) -> bool:
    """Whether everybody of the first is surely one of the second.

    A missing attribute makes a comparison unknown, so the second may ask about nothing that the first does not.
    """
    return attributes(second) <= known(first, tiers) and not satisfiable(both(first, Not(second)), tiers)


def known(predicate: Predicate, tiers: Mapping[str, Tier]) -> frozenset[str]:
    """The attributes that a condition asks about, itself or by the bands of its tiers."""
    found = attributes(predicate) | {tiers[each].attribute for each in bands(predicate) if each in tiers}
    for leaf in leaves(predicate):
        rule = _rule(leaf, tiers)
        found |= frozenset() if rule is None else attributes(rule)
    return found


def both(*operands: Predicate) -> And:
    """The conjunction of some conditions."""
    return And(operands)  # type: ignore[arg-type]  # attrs' converter=tuple


def any_of(operands: Iterable[Predicate]) -> Or:
    """The disjunction of some conditions."""
    return Or(tuple(operands))  # type: ignore[arg-type]  # attrs' converter=tuple


def attributes(predicate: Predicate) -> frozenset[str]:
    """The attributes that a condition compares; categories of goods count as one."""
    found = {leaf.attribute for leaf in leaves(predicate) if isinstance(leaf, Compare)}
    return frozenset(found | {CATEGORIES for leaf in leaves(predicate) if isinstance(leaf, Bought)})


def bands(predicate: Predicate) -> frozenset[str]:
    """The tiers that a condition asks about."""
    return frozenset(leaf.tier for leaf in leaves(predicate) if isinstance(leaf, InTier))


def leaves(predicate: Predicate) -> Iterator[Leaf]:
    """The elementary conditions."""
    match predicate:
        case Not(operand=operand):
            yield from leaves(operand)
        case And(operands=operands) | Or(operands=operands):
            for operand in operands:
                yield from leaves(operand)
        case _:
            yield predicate


def cases(predicate: Predicate, tiers: Mapping[str, Tier]) -> tuple[Case, ...] | None:
    """The cases in which the condition can hold; None when there are too many to tell."""
    conjunctions = _alternatives(predicate, tiers, positive=True)
    if conjunctions is None:
        return None
    found = (_case(each, tiers) for each in conjunctions)
    return tuple(each for each in found if each is not None)


def meet(one: Case, other: Case) -> Case | None:
    """The people of both cases, or None when they contradict each other."""
    bounds, facts = dict(one.bounds), dict(one.facts)
    for name, interval in other.bounds.items():
        bounds[name] = bounds.get(name, ANYTHING).within(interval)
        if bounds[name].empty:
            return None
    if any(facts.setdefault(fact, holds) is not holds for fact, holds in other.facts.items()):
        return None
    return None if _two_at_once(facts) or _never_bought(facts) else Case(bounds, facts)


def common(some: Collection[Case] | None, others: Collection[Case] | None) -> tuple[Case, ...] | None:
    """The cases that are in some and in others; None: there are too many to tell."""
    if some is None or others is None or len(some) * len(others) > MAX_CASES:
        return None
    found = (meet(one, other) for one in some for other in others)
    return tuple(each for each in found if each is not None)


_Leaf = tuple[Leaf, bool]


def _alternatives(predicate: Predicate, tiers: Mapping[str, Tier], *, positive: bool) -> list[tuple[_Leaf, ...]] | None:
    """Disjunctive normal form: leaves with their sign."""
    match predicate:
        case Not(operand=operand):
            return _alternatives(operand, tiers, positive=not positive)
        case And(operands=operands) | Or(operands=operands):
            parts = [_alternatives(operand, tiers, positive=positive) for operand in operands]
            known = [part for part in parts if part is not None]
            if len(known) < len(parts):
                return None
            if isinstance(predicate, And) is positive:
                return _product(known)
            return [case for part in known for case in part]
        case _:
            rule = _rule(predicate, tiers) if positive else None
            alone: list[tuple[_Leaf, ...]] = [((predicate, positive),)]
            return alone if rule is None else _with(alone, _alternatives(rule, tiers, positive=True))


def _rule(leaf: Leaf, tiers: Mapping[str, Tier]) -> Predicate | None:
    """The condition that whoever is in a band of a tier by rules meets."""
    if not isinstance(leaf, InTier) or leaf.tier not in tiers:
        return None
    return next((band.match for band in tiers[leaf.tier].bands if band.name == leaf.band), None)


def _with(alone: list[tuple[_Leaf, ...]], rules: list[tuple[_Leaf, ...]] | None) -> list[tuple[_Leaf, ...]] | None:
    return None if rules is None else _product([alone, rules])


def _product(parts: Collection[list[tuple[_Leaf, ...]]]) -> list[tuple[_Leaf, ...]] | None:
    size = 1
    for part in parts:
        size *= len(part)
    if size > MAX_CASES:
        return None
    return [tuple(leaf for conjunction in chosen for leaf in conjunction) for chosen in product(*parts)]


def _case(leaves_: tuple[_Leaf, ...], tiers: Mapping[str, Tier]) -> Case | None:
    """One case, or None when it contradicts itself."""
    bounds: dict[str, Interval] = {}
    facts: dict[tuple[str, str, str], bool] = {}
    for leaf, positive in leaves_:
        for compare in _bounds_of(leaf, positive, tiers):
            before = bounds.get(compare.attribute, ANYTHING)
            bounds[compare.attribute] = _narrowed(before, compare, *_range(compare))
            if compare.unit == "months":
                key, exact = monthly(compare.attribute), Decimal(compare.value)
                bounds[key] = _narrowed(bounds.get(key, ANYTHING), compare, exact, exact)
        if isinstance(leaf, Bought):
            _bought(leaf, positive, bounds, facts)
        fact = _fact(leaf)
        if fact is not None:
            holds = positive if not (isinstance(leaf, Compare) and leaf.op == "!=") else not positive
            if facts.setdefault(fact, holds) is not holds:
                return None
    if any(interval.empty for interval in bounds.values()) or _two_at_once(facts) or _never_bought(facts):
        return None
    return Case(bounds, facts)


def _bought(leaf: Bought, positive: bool, bounds: dict[str, Interval], facts: dict[tuple[str, str, str], bool]) -> None:
    """Bought within a time: bought at all, and the last order not older than that; never bought is older than all."""
    if leaf.within is None:
        return
    length = Months(leaf.within) if leaf.months else Elapsed(leaf.within)
    key = _since(leaf.category)
    before = bounds.get(key, ANYTHING)
    if positive:
        facts["since", leaf.category, ""] = True
        bounds[key] = before.below(Decimal(longest(length)), inside=True)
    else:
        bounds[key] = before.above(Decimal(shortest(length)), inside=leaf.months)


def _never_bought(facts: Mapping[tuple[str, str, str], bool]) -> bool:
    return any(sort == "since" and facts.get(("bought", name, "")) is False for sort, name, _ in facts)


def _fact(leaf: Leaf) -> tuple[str, str, str] | None:
    match leaf:
        case HasTag(tag=tag):
            return "tag", tag, ""
        case Bought(category=category, within=None):
            return "bought", category, ""
        case InTier(tier=tier, band=band):
            return "tier", tier, band
        case Happened(outcome=outcome):
            return "event", outcome, ""
        case Compare(op="==" | "!=") if leaf.unit in ("text", "date"):
            return "text", leaf.attribute, str(leaf.value)
        case _:
            return None


def _two_at_once(facts: Mapping[tuple[str, str, str], bool]) -> bool:
    """Nobody is in two bands of a tier, and no field has two values."""
    held = [(sort, name) for (sort, name, _), holds in facts.items() if holds and sort in ("tier", "text")]
    return len(held) != len(set(held))


def _bounds_of(leaf: Leaf, positive: bool, tiers: Mapping[str, Tier]) -> Iterator[Compare]:
    """The comparisons that a leaf stands for."""
    if isinstance(leaf, Compare) and leaf.unit not in ("text", "date"):
        yield leaf if positive else evolve(leaf, op=_NEGATED[leaf.op])
    elif isinstance(leaf, InTier) and positive and leaf.tier in tiers:
        tier = tiers[leaf.tier]
        if tier.unit == "rule":
            return
        for band in tier.bands:
            if band.name == leaf.band and band.low is not None:
                yield Compare(tier.attribute, ">=", band.low, tier.unit)
            if band.name == leaf.band and band.high is not None:
                yield Compare(tier.attribute, "<", band.high, tier.unit)


def _narrowed(interval: Interval, compare: Compare, least: Decimal, most: Decimal) -> Interval:
    match compare.op:
        case ">=" | ">":
            return interval.above(least, compare.op == ">=" or least != most)
        case "<=" | "<":
            return interval.below(most, compare.op == "<=" or least != most)
        case "==":
            return interval.above(least, inside=True).below(most, inside=True)
        case "!=":
            return interval


def _range(compare: Compare) -> tuple[Decimal, Decimal]:
    if compare.unit == "months":
        length = Months(int(compare.value))
        return Decimal(shortest(length)), Decimal(longest(length))
    return Decimal(compare.value), Decimal(compare.value)
