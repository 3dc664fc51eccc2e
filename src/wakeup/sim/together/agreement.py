"""Whether campaigns can run together, and what must be said where they do not quite agree."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from wakeup.diagnostics import Diagnostic, Key, Listed, Say, WakeupError, diagnostic, suggest
from wakeup.plan.model import Plan
from wakeup.sim.sharing import desk_of, rate_of
from wakeup.sim.together.one_world import other_life


def agree(plans: Sequence[Plan], scenarios: Sequence[str] = ()) -> None:
    """See that campaigns can run together: names of their own, one currency, one zone, scenarios that one knows.

    Raises:
        WakeupError: they cannot (WK5101, WK5124, WK5125).
    """
    problems = [*_names(plans), *_apart(plans), *_unknown(plans, scenarios)]
    if problems:
        raise WakeupError(problems)


def remarks(plans: Sequence[Plan]) -> Iterator[Diagnostic]:
    """Give what must be said of campaigns that can run together (WK5126 to WK5129); the plans as their files say it."""
    for first, second in combinations(sorted(plans, key=lambda each: each.start), 2):
        if first.end <= second.start:
            yield diagnostic("WK5126", first=first.name, second=second.name)
    first = plans[0]
    for plan in plans[1:]:
        if names := other_life(first, plan):
            yield diagnostic("WK5127", campaign=plan.name, first=first.name, parameters=Listed(names, "and"))
        if plan.margin != first.margin:
            own, other = (f"{float(each.margin) * 100:g} %" for each in (first, plan))
            yield diagnostic("WK5128", first=first.name, second=plan.name, own=own, other=other)
    for first, second in combinations(plans, 2):
        if things := tuple(_declared_apart(first, second)):
            yield diagnostic("WK5129", first=first.name, second=second.name, things=Listed(things, "and"))


def _names(plans: Sequence[Plan]) -> Iterator[Diagnostic]:
    for name, count in Counter(plan.name for plan in plans).items():
        if count > 1:
            yield diagnostic("WK5124", name=name, count=count)


def _apart(plans: Sequence[Plan]) -> Iterator[Diagnostic]:
    first = plans[0]
    for plan in plans[1:]:
        for what, own, other in (("currency", first.currency, plan.currency), ("timezone", first.zone, plan.zone)):
            if own != other:
                yield diagnostic("WK5125", first=first.name, second=plan.name, what=Key(what), own=own, other=other)


def _unknown(plans: Sequence[Plan], scenarios: Sequence[str]) -> Iterator[Diagnostic]:
    known = tuple(dict.fromkeys(each.name for plan in plans for each in plan.scenarios))
    for name in scenarios:
        if name not in known:
            help_ = None if known else Say("this plan declares no scenario")
            yield diagnostic("WK5101", help=help_, name=name, known=Listed(suggest(name, known) or known))


def _declared_apart(first: Plan, second: Plan) -> Iterator[str]:
    """Give the channels with a rate, and the staff, that have one name in both but are not the same."""
    for own, other in (
        ({each.name: rate_of(first, each) for each in first.channels if each.rate},
         {each.name: rate_of(second, each) for each in second.channels if each.rate}),
        ({each.name: desk_of(first, each) for each in first.staff},
         {each.name: desk_of(second, each) for each in second.staff}),
    ):  # fmt: skip
        yield from _differing(own, other)


def _differing(own: Mapping[str, object], other: Mapping[str, object]) -> Iterator[str]:
    return (name for name in own if name in other and own[name] != other[name])
