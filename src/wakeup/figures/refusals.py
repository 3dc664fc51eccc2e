"""The sink behind a comparison: who was sent anything and who was refused, and why; one number per person."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from wakeup.figures.differences import Reached, Refused, Touched
from wakeup.figures.events import Closing, Part
from wakeup.terms.lists import Reason, Row

_SENT: Final = 1
"""Bit of who was sent at least one message; bit 1 << reason: who was refused for it at least once."""

_REFUSALS: Final = (Row.REFUSED, Row.NOT_ENTERED)


class Refusals:
    """Takes one replication (a `wakeup.figures.events.Sink`) over so many people; 4 bytes a person."""

    def __init__(self, people: int) -> None:
        self.marks: NDArray[np.uint32] = np.zeros(people, np.uint32)

    def begin(self) -> None:
        """Make ready for a replication; what was taken before is void."""
        self.marks.fill(0)

    def add(self, part: Part) -> None:
        """Take a part."""
        for batch in part.batches:
            who = part.people[batch.who]
            if batch.row == Row.SENT:
                self.marks[who] |= np.uint32(_SENT)
            elif batch.row in _REFUSALS:
                for reason in np.unique(batch.reason):
                    self.marks[who[batch.reason == reason]] |= np.uint32(1 << int(reason))

    def close(self, closing: Closing) -> None:
        """Nothing is left to do."""


def between(old: Refusals, new: Refusals) -> Touched:
    """Return what becomes of people between two plans over the same people, each of which has been taken."""
    was_sent, is_sent = (_has(each, _SENT) for each in (old, new))
    refused = {}
    for reason in Reason:
        was, now = (_has(each, 1 << reason) for each in (old, new))
        if reason != Reason.NONE and (was.any() or now.any()):
            newly, no_longer = now & ~was, was & ~now
            refused[reason.name.lower()] = Refused(
                old=_count(was),
                new=_count(now),
                newly=_count(newly),
                newly_sent_before=_count(newly & was_sent),
                no_longer=_count(no_longer),
                no_longer_sent_now=_count(no_longer & is_sent),
            )
    reached = Reached(_count(was_sent & is_sent), _count(was_sent & ~is_sent), _count(is_sent & ~was_sent))
    return Touched(reached, refused)


def _has(refusals: Refusals, bit: int) -> NDArray[np.bool_]:
    there: NDArray[np.bool_] = (refusals.marks & np.uint32(bit)) != 0
    return there


def _count(people: NDArray[np.bool_]) -> int:
    return int(np.count_nonzero(people))
