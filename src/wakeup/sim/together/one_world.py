"""One world for several campaigns: how people live without them, and what may happen to all of them.

Organic life belongs to people, not to a campaign: what the first campaign assumes of it holds for all. A scenario of
one name is one event: the first campaign that declares it says when it is and what it does to people; channels that any
of them says are down are down for all; a budget is cut for those who say so.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from attrs import evolve

from wakeup.plan.model import Assumption, Plan, Scenario
from wakeup.sim.sharing import alike

Scenarios = tuple[Scenario, ...]
"""A scenario as it is for each campaign."""

_LIFE: Final = frozenset(
    {"lapse", "usual_gap", "gap_weight", "usual_basket", "basket_spread", "stretch"}
)  # fmt: skip
_OF_LIFE: Final = ("organic_", "season_", "weekday_")


def one_life(plans: Sequence[Plan]) -> tuple[Plan, ...]:
    """Return the plans, each with what the first one assumes of life without campaigns."""
    held = [row for row in plans[0].assumptions if _is_life(row)]
    return tuple(
        plan if number == 0 else evolve(plan, assumptions=(*held, *(r for r in plan.assumptions if not _is_life(r))))
        for number, plan in enumerate(plans)
    )


def other_life(first: Plan, plan: Plan) -> tuple[str, ...]:
    """Return the parameters of organic life that a plan assumes otherwise than the first, by name."""
    own, held = (
        {(row.parameter, row.scope): (row.median, row.sd, row.link) for row in each.assumptions if _is_life(row)}
        for each in (plan, first)
    )
    return tuple(
        dict.fromkeys(name for name, scope in (*own, *held) if own.get((name, scope)) != held.get((name, scope)))
    )


def one_event(plans: Sequence[Plan], name: str) -> Scenarios:
    """Return a scenario, which at least one of the plans declares, as it is for each of them."""
    declared = [next((each for each in plan.scenarios if each.name == name), None) for plan in plans]
    first = next(each for each in declared if each is not None)
    down = set(_down(plans, declared))
    return tuple(
        evolve(
            first,
            down=tuple(each.name for each in plan.channels if each.name in down),
            budget=() if own is None else own.budget,
        )
        for plan, own in zip(plans, declared, strict=True)
    )


def _down(plans: Sequence[Plan], declared: Sequence[Scenario | None]) -> Iterator[str]:
    for plan, own in zip(plans, declared, strict=True):
        names = alike(plans, plan)
        for channel in () if own is None else own.down:
            yield from names.get(channel, ())


def _is_life(row: Assumption) -> bool:
    return row.parameter in _LIFE or row.parameter.startswith(_OF_LIFE)
