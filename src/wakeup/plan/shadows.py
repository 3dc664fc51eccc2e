"""Which of some conditions, asked one after the other, can get nobody, because those before take everybody first.

A condition does not take everybody of the next if one of them can stand outside it. One glance mostly shows it:
there is a case of people outside that asks nothing of what the next one asks. Such conditions are not even looked at;
the others are found by what that case asks.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from attrs import define, field, frozen

from wakeup.plan.model import Tier
from wakeup.plan.predicates import Not, Predicate
from wakeup.plan.sets import ANYTHING, Case, attributes, cases, common, known

Token = tuple[str, ...]
"""Something that a case asks: an attribute, a fact that holds, a fact that does not."""

_NOTHING: Final[Token] = ()
"""Stands for conditions that hold for everybody: they contradict whatever comes."""


@frozen
class _Asked:
    """A condition before, the attributes it asks for, and the cases outside of it (None: too many to tell)."""

    attributes: frozenset[str]
    outside: tuple[Case, ...] | None


@define
class Taken:
    """Conditions that were asked before; each takes everybody it holds for."""

    tiers: Mapping[str, Tier]
    _before: list[_Asked] = field(factory=list, init=False)
    _by_token: dict[Token, list[int]] = field(factory=dict, init=False)
    _left: tuple[Case, ...] | None = field(default=(Case(),), init=False)
    _attributes: frozenset[str] = field(default=frozenset(), init=False)

    def add(self, condition: Predicate) -> None:
        """Ask one more."""
        outside = cases(Not(condition), self.tiers)
        number, asked = len(self._before), attributes(condition)
        self._before.append(_Asked(asked, outside))
        self._attributes |= asked
        self._left = common(self._left, outside)
        if outside is None:
            return
        tokens = min((_tokens(each) for each in outside), key=len, default={_NOTHING})
        for token in tokens:
            self._by_token.setdefault(token, []).append(number)

    def whole(self, condition: Predicate) -> tuple[int, ...]:
        """Return which conditions before take everybody of one that somebody meets.

        The first that does so alone; else all of them, if they do so together; else none.
        """
        mine = cases(condition, self.tiers)
        if not mine:
            return ()
        has = known(condition, self.tiers)
        for number in self._rivals(mine[0]):
            each = self._before[number]
            if each.attributes <= has and common(mine, each.outside) == ():
                return (number,)
        if self._attributes <= has and common(mine, self._left) == ():
            return tuple(range(len(self._before)))
        return ()

    def _rivals(self, case: Case) -> Sequence[int]:
        """Those before whose case outside may contradict this one, in their order."""
        return sorted({number for token in _against(case) for number in self._by_token.get(token, ())})


def _tokens(case: Case) -> set[Token]:
    """What a case asks. Some token of it is among those against every case that contradicts it."""
    return {*_bounded(case), *(_token(fact, holds) for fact, holds in case.facts.items())}


def _against(case: Case) -> Iterator[Token]:
    """The tokens of the cases that may contradict this one."""
    yield _NOTHING
    yield from _bounded(case)
    for (sort, name, value), holds in case.facts.items():
        if holds:
            yield _token((sort, name, value), holds=False)
        yield _token((sort, name, value), holds=True)  # also where another value holds


def _token(fact: tuple[str, str, str], holds: bool) -> Token:
    sort, name, value = fact
    return (_sort(sort), name) if holds else (_sort(sort), name, value)


def _sort(sort: str) -> str:
    # Whoever bought something lately has bought it: the two facts are one here.
    return "bought" if sort == "since" else sort


def _bounded(case: Case) -> Iterable[Token]:
    return ((name,) for name, interval in case.bounds.items() if interval != ANYTHING)
