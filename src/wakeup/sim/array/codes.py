"""Codes and array types of the array simulator, and the position of an event in the order of a run.

A position packs (instant, phase of the second, person) into one int64 whose order is the order in which things happen
(docs/semantics, rule 3). People are numbered in ascending order of their key.
"""

from enum import IntEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

I8 = NDArray[np.int8]
I16 = NDArray[np.int16]
I32 = NDArray[np.int32]
I64 = NDArray[np.int64]
U8 = NDArray[np.uint8]
F64 = NDArray[np.float64]
Bools = NDArray[np.bool_]
Index = NDArray[np.intp]

FAR: Final = int(np.iinfo(np.int64).max)
"""Instant (and position) of what will not happen."""

DAY: Final = 86_400
QUARTER_HOUR: Final = 900

_PERSON_BITS: Final = 27
_PHASE_BITS: Final = 3
_SECOND_BITS: Final = _PERSON_BITS + _PHASE_BITS
SECONDS: Final = 33
"""Bits of an instant."""
_LAST_SECOND: Final = (1 << SECONDS) - 1
MOST_PEOPLE: Final = 1 << _PERSON_BITS


class Phase(IntEnum):
    """The steps a-f of one second."""

    FREED = 0
    ANSWERS = 1
    LAPSES = 2
    GUARDS = 3
    DESKS = 4
    DUE = 5


class State(IntEnum):
    """Where a person stands with their journey."""

    COMING = 0  # the wave has not entered
    INSIDE = 1  # at a wait, or between two instructions
    HELD = 2  # at a delayed send
    OVER = 3


def position(t: int, phase: int, person: int = 0) -> int:
    """Return the position of one event; `t` seconds UTC below 2^33."""
    return (t << _SECOND_BITS) | (phase << _PERSON_BITS) | person


def positions(t: I64, phase: int | I64, person: I64) -> I64:
    """Return the positions of events, shape (m,); instants that never come lie behind every other."""
    packed = np.minimum(t, _LAST_SECOND) << _SECOND_BITS
    packed |= np.asarray(phase, np.int64) << _PERSON_BITS
    packed |= person
    return packed


def begins_phase(place: int, phase: int) -> bool:
    """Say whether a position is the very beginning of a phase of its second."""
    return place == position(second_of(place), phase)


def second_of(place: int) -> int:
    """Return the instant of a position."""
    return place >> _SECOND_BITS


def seconds_before(limit: int, phase: int) -> int:
    """Return the first instant whose phase does not begin before a position."""
    return ((limit - 1 - (phase << _PERSON_BITS)) >> _SECOND_BITS) + 1


def seconds_of(places: I64) -> I64:
    """Return the instants of positions (m,)."""
    return places >> _SECOND_BITS


def person_of(places: I64) -> I64:
    """Return the numbers of the people of positions (m,)."""
    return places & (MOST_PEOPLE - 1)


def among(values: I64, some: I64) -> Bools:
    """Say which of the values (m,) are among some, which ascend."""
    if not len(some):
        return np.zeros(len(values), np.bool_)
    first, span = int(some[0]), int(some[-1] - some[0])
    if span > 32 * len(values):
        place = np.minimum(np.searchsorted(some, values), len(some) - 1)
        found: Bools = some[place] == values
        return found
    table = np.zeros(span + 2, np.bool_)
    table[some - first] = True
    beyond = (values - first).view(np.uint64)  # what is less than the first lies beyond the last
    return table[np.minimum(beyond, np.uint64(span + 1)).view(np.int64)]
