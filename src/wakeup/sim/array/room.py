"""Whether everybody fits in memory: whoever is played in one order is kept, with all that happens, until the end.

How much a person takes depends on the plan, so a few are played and what they hold is counted. That is less than the
peak: those of a day are copied, figures are added up. So whoever may just fit is let try.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from sys import getsizeof
from typing import Any, Final

import attrs
import numpy as np
from attrs import evolve

from wakeup import memory
from wakeup.customers.population import Population
from wakeup.customers.shards import Shards
from wakeup.customers.slices import sliced
from wakeup.diagnostics import Say, WakeupError, diagnostic
from wakeup.sim.task import Task

FEW: Final = 8_192
"""So many fit anywhere, and are played to see what a person takes. The first by key, a hash, are as good as any."""

_AT_MOST: Final = 16_384
"""Bytes that nobody's part in a plan comes near: where there are as many for everybody, nobody is played."""

_PEAK: Final = 2
"""The peak is less than so many times what is counted (1.3 to 1.6 times where it was measured)."""

_GB: Final = 10**9

_FORCING: Final[Mapping[str, Say]] = {
    "several campaigns": Say("several campaigns run together"),
    "staff": Say("staff serve customers"),
    "promotion": Say("the arm that wins is promoted"),
    "guard": Say("a guard acts"),
    "waiting": Say("customers wait for each other again and again"),
    "budget": Say("the budget runs out"),
}
_FORCING_NAMED: Final[Mapping[str, Callable[[str], Say]]] = {
    "stock of ": lambda name: Say("the stock of `{name}` runs out", name=name),
    "codes of ": lambda name: Say("the codes of `{name}` run out", name=name),
    "places of ": lambda name: Say("the places of `{name}` run out", name=name),
    "prizes of ": lambda name: Say("the prizes of `{name}` run out", name=name),
    "budget line ": lambda name: Say("the budget line `{name}` runs out", name=name),
    "rate of ": lambda name: Say("customers wait for the rate of `{name}`", name=name),
    "staff ": lambda name: Say("customers wait for `{name}`", name=name),
}
"""What makes an order necessary, by what `Played.because` begins with."""

Held = Callable[[Sequence[Task]], object]
"""Plays campaigns in one order, and returns all that is kept of their people until the end."""


def require(tasks: Sequence[Task], because: str, held: Held) -> None:
    """See that the people of campaigns on one clock, mostly one, take no more memory in one order than there is.

    because: what makes the order necessary, as in `Played`. Where the system does not tell what there is, all is well.

    Raises:
        WakeupError: they take more (WK5142).
    """
    count = len(tasks[0].population)
    there = memory.obtainable() if count > FEW else None
    if there is None or count * _AT_MOST <= there:
        return
    each = _bytes_each(tasks, held)
    if each * count > there:
        problem = diagnostic(
            "WK5142",
            because=_told(because),
            customers=f"{count:,}",
            needed=f"{each * count / _GB:,.1f}",
            there=f"{there / _GB:,.1f}",
            fitting=f"{_rounded(there // (_PEAK * each)):,}",
        )
        raise WakeupError([problem])


def _bytes_each(tasks: Sequence[Task], held: Held) -> int:
    """Return how much memory each of the people takes, they themselves included."""
    few = [evolve(task, population=_few(task.population)) for task in tasks]
    return _bytes([few, held(few)], set()) // FEW


def _few(people: Population | Shards) -> Population:
    return people.read(0, FEW) if isinstance(people, Shards) else sliced(people, 0, FEW)


def _bytes(part: object, counted: set[int]) -> int:
    """Return the bytes of all arrays in a value, each once; counted: addresses of those that need not be any more."""
    if isinstance(part, np.ndarray):
        place = part.__array_interface__["data"][0]
        if place in counted or 0 in part.strides:  # one value for all takes no room
            return 0
        counted.add(place)
        return part.nbytes + (sum(map(getsizeof, part.tolist())) if part.dtype == object else 0)
    return sum(_bytes(each, counted) for each in _parts(part))


def _parts(of: object) -> Iterable[object]:
    """Return what a value is made of, as far as it may hold arrays."""
    if isinstance(of, Mapping):
        return of.values()
    if isinstance(of, list | tuple):
        return of
    kind: Any = type(of)
    return [getattr(of, each.name) for each in attrs.fields(kind)] if attrs.has(kind) else ()


def _told(because: str) -> Say:
    for start, say in _FORCING_NAMED.items():
        if because.startswith(start):
            return say(because.removeprefix(start))
    return _FORCING[because]


def _rounded(count: int) -> int:
    """Return a number cut to its first two digits."""
    unit: int = 10 ** max(len(str(count)) - 2, 0)
    return count // unit * unit
