"""Which way a value went: an audience, an amount, a cap, quiet hours."""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from itertools import pairwise
from typing import Any, Final

from wakeup.plan.diff.model import Kind, Kinds
from wakeup.plan.model import AmountOff, Band, Calendar, Cap, DayWindow, PercentOff, Plan, Quiet, Rolling, Tier
from wakeup.plan.predicates import Predicate
from wakeup.plan.sets import implies

Direction = Callable[[Any, Any], Kinds]
"""The kinds of a change from one value to another."""

RAISED: Final = (Kind.SPEND_RAISED,)
LOWERED: Final = (Kind.SPEND_LOWERED,)
LOOSENED: Final = (Kind.CADENCE_LOOSENED,)
TIGHTENED: Final = (Kind.CADENCE_TIGHTENED,)
_DAY_S: Final = 86_400
_LONGEST_S: Final = {"day": _DAY_S, "week": 7 * _DAY_S, "month": 31 * _DAY_S}


def always(*kinds: Kind) -> Direction:
    """The same kinds whatever the values."""
    return lambda old, new: kinds


def spend(*, also: Kinds = (), none: int = 0) -> Direction:
    """More may cost more. `none`: what None counts as, above (1) or below (-1) every number."""

    def kinds(old: Any, new: Any) -> Kinds:
        before, after = ((none, 0) if value is None else (0, Decimal(value)) for value in (old, new))
        return (*also, *(RAISED if after > before else LOWERED))

    return kinds


def gap(old: int, new: int) -> Kinds:
    """A longer time between two contacts tightens."""
    return TIGHTENED if new > old else LOOSENED


def holdout(old: str, new: str) -> Kinds:
    """A smaller control group leaves more people to be contacted."""
    wider = Decimal(new) < Decimal(old)
    return (Kind.EXPERIMENT, Kind.AUDIENCE_WIDENED if wider else Kind.AUDIENCE_NARROWED)


def goal(old: str, new: str) -> Kinds:
    """Without a goal people stay in a journey to its end."""
    if not new:
        return LOOSENED
    return (Kind.OTHER,) if old else TIGHTENED


def audience(old: Predicate, new: Predicate, tiers: Mapping[str, Tier]) -> Kinds:
    """Who is selected; decided by intervals and facts, `tiers` being those that mean the same in both plans."""
    kept, back = implies(old, new, tiers), implies(new, old, tiers)
    if kept and back:
        return (Kind.OTHER,)  # the same people, said in another way
    if kept:
        return (Kind.AUDIENCE_WIDENED,)
    return (Kind.AUDIENCE_NARROWED,) if back else (Kind.AUDIENCE_CHANGED,)


def steady(old: Plan, new: Plan) -> dict[str, Tier]:
    """The tiers that are the same in both plans, by name."""
    before = {tier.name: tier for tier in old.tiers}
    return {tier.name: tier for tier in new.tiers if before.get(tier.name) == tier}


def band(old: Band, new: Band) -> Kinds:
    """A band that holds the other's values is wider; of two rules it cannot be told."""
    if old.match != new.match:
        return (Kind.AUDIENCE_CHANGED,)
    low = _compared(old.low, new.low, none=-1)
    high = _compared(new.high, old.high, none=1)
    return _either(low, high, (Kind.AUDIENCE_WIDENED,), (Kind.AUDIENCE_NARROWED,), (Kind.AUDIENCE_CHANGED,))


def discount(old: AmountOff | PercentOff, new: AmountOff | PercentOff) -> Kinds:
    """More off, or from a lower basket on, raises the spend; both ways at once, or of another sort, cannot be told."""
    if type(old) is not type(new):
        return (Kind.OFFER,)
    more = _compared(Decimal(_size(new)), Decimal(_size(old)))
    sooner = _compared(old.threshold, new.threshold)
    return (Kind.OFFER, *_either(more, sooner, RAISED, LOWERED, ()))


def cap(old: Cap, new: Cap) -> Kinds:
    """More contacts, or as many in a shorter window, loosen; where counts and windows disagree it does both."""
    more = _compared(new.count, old.count)
    shorter = _compared(_window_s(old.window), _window_s(new.window))
    if shorter == 0 and old.window != new.window:
        return (*LOOSENED, *TIGHTENED)  # a calendar month against 31 days
    return _either(more, shorter, LOOSENED, TIGHTENED, (*LOOSENED, *TIGHTENED))


def quiet(old: Quiet | Iterable[Quiet] | None, new: Quiet | Iterable[Quiet] | None) -> Kinds:
    """More hours without a contact tighten; so does leaving a contact out where it was only held."""
    before, after = _quiets(old), _quiets(new)
    kinds: Kinds = ()
    for hour in _moments((*before, *after)):
        was, now = _silence(before, hour), _silence(after, hour)
        kinds += TIGHTENED if now > was else LOOSENED if now < was else ()
    return tuple(dict.fromkeys(kinds)) or (Kind.OTHER,)


def _quiets(given: Quiet | Iterable[Quiet] | None) -> tuple[Quiet, ...]:
    if given is None:
        return ()
    return (given,) if isinstance(given, Quiet) else tuple(given)


def _moments(quiets: Iterable[Quiet]) -> tuple[int, ...]:
    """A second of the day in each stretch between two bounds."""
    bounds = sorted({0, _DAY_S, *(bound for each in quiets for bound in (each.window.start, each.window.end))})
    return tuple(start for start, _ in pairwise(bounds))


def _silence(quiets: Iterable[Quiet], second: int) -> int:
    """0: contacts are made, 1: held, 2: left out."""
    return max((1 if each.delay else 2 for each in quiets if _inside(each.window, second)), default=0)


def _inside(window: DayWindow, second: int) -> bool:
    if window.start <= window.end:
        return window.start <= second < window.end
    return second >= window.start or second < window.end


def _size(off: AmountOff | PercentOff) -> int | str:
    return off.amount if isinstance(off, AmountOff) else off.share


def _window_s(window: Rolling | Calendar) -> int:
    return window.seconds if isinstance(window, Rolling) else _LONGEST_S[window.unit]


def _compared(left: int | Decimal | None, right: int | Decimal | None, *, none: int = 0) -> int:
    """1 if left is larger, -1 if right is, else 0; `none` says where None stands."""
    first, second = ((none, Decimal(0)) if value is None else (0, Decimal(value)) for value in (left, right))
    return (first > second) - (first < second)


def _either(one: int, other: int, up: Kinds, down: Kinds, both: Kinds) -> Kinds:
    """`up` if nothing went down, `down` if nothing went up, else `both`."""
    if one >= 0 and other >= 0:
        return up
    return down if one <= 0 and other <= 0 else both
