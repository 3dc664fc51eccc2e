"""Exact sums of whole numbers by place: per day, per quarter hour."""

import numpy as np

from wakeup.sim.array.codes import I64


def sums_by(place: I64, amount: I64 | int) -> tuple[int, I64]:
    """Return the sums of amounts (m,), or of one for each, that have the same place (m,): the least place, and the sums
    from there on, int64."""
    first = int(place.min()) if len(place) else 0
    places = place - first
    if np.ndim(amount) == 0:
        return first, amount * np.bincount(places)
    sums = np.zeros(int(places.max(initial=-1)) + 1, np.int64)
    np.add.at(sums, places, amount)  # the weights of np.bincount are floats
    return first, sums


def grown(sums: I64, first: int, more: I64) -> I64:
    """Return sums, from place 0 on, with `more` added from place `first` on; as long as that takes."""
    found = np.zeros(max(len(sums), first + len(more)), np.int64)
    found[: len(sums)] = sums
    found[first : first + len(more)] += more
    return found
