"""What was asked of something that has an order, and what is known of the answers (`waiting.py`)."""

from typing import Any

import numpy as np
from attrs import define, field, frozen
from numpy.typing import NDArray

from wakeup.sim.array.codes import FAR, I64, SECONDS, Bools, Index, among, person_of, position, second_of, seconds_of

_INSTANT = (1 << SECONDS) - 1


@frozen(eq=False)
class Answers:
    """Answers (m,) to requests of the people with some numbers. key: the person in the high bits, the instant of asking
    in the low, ascending; a last one, to nobody, lies behind all. next: per person, where their next answer lies.
    """

    key: I64 = field(factory=lambda: np.full(1, FAR))
    answer: I64 = field(factory=lambda: np.full(1, -1))
    next: Index = field(factory=lambda: np.zeros(0, np.intp))

    def to(self, where: I64) -> tuple[I64, Bools]:
        """Return the answers to requests at positions (k,), and to which of them there is one."""
        key = _by_person(where)
        place = np.searchsorted(self.key, key)
        return self.answer[place], self.key[place] == key

    def in_turn(self, where: I64, rows: Index) -> tuple[I64, Bools]:
        """Do the same for people at some places of the numbers, who ask in the order of their lives.

        Mostly what they ask next is what they asked next in the life before.
        """
        if len(self.key) == 1:
            return np.full(len(where), -1, np.int64), np.zeros(len(where), np.bool_)
        key, place = _by_person(where), self.next[rows]
        coming = self.key[place]
        skipped = np.flatnonzero(coming < key)
        if len(skipped):
            place[skipped] = np.searchsorted(self.key, key[skipped])
            coming[skipped] = self.key[place[skipped]]
        found = coming == key
        self.next[rows] = place + found
        return self.answer[place], found


@define(eq=False)
class Known:
    """All answers, as they have become known."""

    _tables: list[tuple[I64, I64]] = field(factory=list)  # keys as in `Answers`, ascending; the answers

    def add(self, where: I64, answer: I64) -> None:
        """Add answers (m,) to requests at positions."""
        key = _by_person(where)
        order = np.argsort(key)
        self._tables.append((key[order], answer[order]))

    def before(self, t: int) -> "Known":
        """Return what is known to those who asked before an instant."""
        found = [(key, answer, np.flatnonzero((key & _INSTANT) < t)) for key, answer in self._tables]
        return Known([(key[asked], answer[asked]) for key, answer, asked in found])

    def about(self, numbers: Index) -> Answers:
        """Return what is known of people with some numbers, ascending, and of those between them."""
        if not len(numbers) or not self._tables:
            return Answers()
        span = int(numbers[0]) << SECONDS, (int(numbers[-1]) + 1) << SECONDS
        cuts = [(each, *np.searchsorted(each[0], span).tolist()) for each in self._tables]
        found = [(each[0][low:high], each[1][low:high]) for each, low, high in cuts if low < high]
        key = np.concatenate([*(each[0] for each in found), np.full(1, FAR)])
        answer = np.concatenate([*(each[1] for each in found), np.full(1, -1)])
        if len(found) > 1:
            order = np.argsort(key)
            key, answer = key[order], answer[order]
        return Answers(key, answer, np.searchsorted(key, numbers << SECONDS))


@define(eq=False)
class Journal:
    """Requests in columns (m,), the first of them positions, the last what was told (-1: nothing yet).

    What people asked of whom nothing more is to be learned stands; what the others asked is open: they will live again.
    """

    width: int
    _new: list[tuple[NDArray[Any], ...]] = field(factory=list)
    _open: list[tuple[NDArray[Any], ...]] = field(factory=list)
    _stand: list[tuple[NDArray[Any], ...]] = field(factory=list)

    def add(self, *columns: NDArray[Any]) -> None:
        """Write down requests."""
        if len(columns[0]):
            self._new.append(columns)

    def settle(self, waiting: I64) -> None:
        """Let what was asked stand, but for people with some numbers, ascending, who will live again."""
        for piece in self._new:
            theirs = among(person_of(piece[0]), waiting)
            if theirs.all():
                self._open.append(piece)
            elif not theirs.any():
                self._stand.append(piece)
            else:
                self._open.append(tuple(column[theirs] for column in piece))
                self._stand.append(tuple(column[~theirs] for column in piece))
        self._new = []

    def within(self, since: int, until: int) -> list[NDArray[Any]]:
        """Return the requests that were asked at instants from `since` on and before `until`, in order."""
        found, first, last = [], position(since, 0), _begins(until)
        for piece in (*self._stand, *self._open, *self._new):
            inside = (piece[0] >= first) & (piece[0] < last)
            if inside.all():
                found.append(piece)
            elif inside.any():
                found.append(tuple(column[inside] for column in piece))
        if not found:
            return [np.zeros(0, np.int64) for _ in range(self.width)]
        columns = [np.concatenate(column) for column in zip(*found, strict=True)]
        order = np.argsort(columns[0])
        return [column[order] for column in columns]

    def count(self, until: int) -> int:
        """Return how many requests were asked before an instant."""
        pieces = (*self._stand, *self._open, *self._new)
        return sum(int(np.count_nonzero(piece[0] < _begins(until))) for piece in pieces)

    def first_open(self) -> int:
        """Return the instant of the first request that was told nothing, FAR if there is none."""
        asked = [int(piece[0][piece[-1] < 0].min(initial=FAR)) for piece in (*self._open, *self._new)]
        first = min(asked, default=FAR)
        return first if first == FAR else second_of(first)

    def forget(self, people: Bools) -> list[tuple[NDArray[Any], ...]]:
        """Forget the requests of the people for whom `people` is set, by number; return what is forgotten."""
        forgotten, kept = [], []
        for piece in (*self._open, *self._new):
            theirs = people[person_of(piece[0])]
            if theirs.all():
                forgotten.append(piece)
            elif not theirs.any():
                kept.append(piece)
            else:
                forgotten.append(tuple(column[theirs] for column in piece))
                kept.append(tuple(column[~theirs] for column in piece))
        self._open, self._new = kept, []
        return forgotten


def _begins(t: int) -> int:
    """Return the first position of an instant."""
    return FAR if t > _INSTANT else position(t, 0)


def _by_person(where: I64) -> I64:
    """Return positions with the person before the instant, so that those of one person lie together."""
    return (person_of(where) << SECONDS) | seconds_of(where)
