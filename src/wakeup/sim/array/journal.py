"""What was asked of something that has an order, and what is known of the answers (`waiting.py`, `queue.py`)."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from attrs import define, field, frozen
from numpy.typing import NDArray

from wakeup.sim.array.codes import FAR, I64, SECONDS, Bools, Index, among, person_of, position, second_of, seconds_of

_Piece = tuple[NDArray[Any], ...]
_INSTANT = (1 << SECONDS) - 1


@frozen(eq=False)
class Answers:
    """Answers (m,) to requests of the people with some numbers. key: the person in the high bits, the instant of asking
    in the low, ascending; a last one, to nobody, lies behind all. next: per person, where their next answer lies.
    """

    key: I64 = field(factory=lambda: np.full(1, FAR))
    answer: I64 = field(factory=lambda: np.full(1, -1))
    next: Index = field(factory=lambda: np.zeros(0, np.intp))

    def __len__(self) -> int:
        return len(self.key) - 1

    def to(self, where: I64) -> tuple[I64, Bools]:
        """Return the answers to requests at positions (k,), and to which of them there is one."""
        key = _by_person(where)
        place = np.searchsorted(self.key, key)
        return self.answer[place], self.key[place] == key

    def in_turn(self, where: I64, rows: Index) -> tuple[I64, Bools]:
        """Do the same for people at some places of the numbers, who ask in the order of their lives.

        Mostly what they ask next is what they asked next in the life before.
        """
        key, place = _by_person(where), self.next[rows]
        coming = self.key[place]
        skipped = np.flatnonzero(coming < key)
        if len(skipped):
            place[skipped] = np.searchsorted(self.key, key[skipped])
            coming[skipped] = self.key[place[skipped]]
        found = coming == key
        self.next[rows] = place + found
        return self.answer[place], found


@frozen(eq=False)
class Known:
    """Answers (m,) that are known, by key as in `Answers`, ascending."""

    key: I64 = field(factory=lambda: np.zeros(0, np.int64))
    answer: I64 = field(factory=lambda: np.zeros(0, np.int64))

    def about(self, numbers: Index) -> Answers:
        """Return what is known of people with some numbers, ascending, and of those between them."""
        if not len(numbers) or not len(self.key):
            return Answers()
        low, high = np.searchsorted(self.key, (int(numbers[0]) << SECONDS, (int(numbers[-1]) + 1) << SECONDS)).tolist()
        key = np.concatenate((self.key[low:high], np.full(1, FAR)))
        answer = np.concatenate((self.answer[low:high], np.full(1, -1)))
        return Answers(key, answer, np.searchsorted(key, numbers << SECONDS))


def known(where: I64, answer: I64) -> Known:
    """Return what is known by answers (m,) to requests at positions; those below 0 are none."""
    there = np.flatnonzero(answer >= 0)
    key = _by_person(where[there])
    order = np.argsort(key, kind="stable")
    return Known(key[order], answer[there][order].astype(np.int64))


@frozen(eq=False)
class Learned:
    """Answers (m,) of the order to requests at positions, ascending."""

    where: I64 = field(factory=lambda: np.zeros(0, np.int64))
    answer: I64 = field(factory=lambda: np.zeros(0, np.int64))

    def put(self, where: I64, told: I64) -> I64:
        """Return what was told at positions (k,), with the order's answer where nothing was (-1: not learned)."""
        told = told.astype(np.int64)
        open_ = np.flatnonzero(told < 0)
        if len(open_) and len(self.where):
            place = np.minimum(np.searchsorted(self.where, where[open_]), len(self.where) - 1)
            told[open_] = np.where(self.where[place] == where[open_], self.answer[place], -1)
        return told


@define(eq=False)
class Journal:
    """Requests in columns (m,), the first of them positions, the last what was told (-1: nothing yet).

    What people asked of whom nothing more is to be learned stands; what the others asked is open: they will live again.
    What somebody was told who goes on from where they wait, and then asks it again, is kept by itself until then.
    """

    width: int
    _new: list[_Piece] = field(factory=list)
    _open: list[_Piece] = field(factory=list)
    _again: list[_Piece] = field(factory=list)
    _stand: list[_Piece] = field(factory=list)

    def add(self, *columns: NDArray[Any]) -> None:
        """Write down requests."""
        if len(columns[0]):
            self._new.append(columns)

    def settle(self, waiting: I64) -> None:
        """Let what was asked stand, but for people with some numbers, ascending, who will live again."""
        theirs, others = self._parted([*self._new, *self._again], lambda piece: among(person_of(piece[0]), waiting))
        self._open += theirs
        self._stand += others
        self._new, self._again = [], []

    def within(self, since: int, until: int) -> list[NDArray[Any]]:
        """Return the requests that were asked at instants from `since` on and before `until`, in order."""
        first, last = position(since, 0), _begins(until)
        pieces = (*self._stand, *self._open, *self._again, *self._new)
        found, _ = self._parted(pieces, lambda piece: (piece[0] >= first) & (piece[0] < last))
        return _in_order(self._together(found))

    def count(self, since: int, until: int) -> int:
        """Return how many requests were asked at instants from `since` on and before `until`."""
        first, last = position(since, 0), _begins(until)
        pieces = (*self._stand, *self._open, *self._again, *self._new)
        return sum(int(np.count_nonzero((piece[0] >= first) & (piece[0] < last))) for piece in pieces)

    def first_open(self) -> int:
        """Return the instant of the first request that was told nothing, FAR if there is none."""
        asked = [int(piece[0][piece[-1] < 0].min(initial=FAR)) for piece in (*self._open, *self._new)]
        first = min(asked, default=FAR)
        return first if first == FAR else second_of(first)

    def forget(self, people: Bools) -> list[NDArray[Any]]:
        """Forget what people asked and will ask again, if `people` is set for their number; return it, unsorted."""

        def theirs(piece: _Piece) -> Bools:
            return people[person_of(piece[0])]

        forgotten, self._open = self._parted(self._open, theirs)
        again, self._again = self._parted(self._again, theirs)
        waiting, self._new = self._parted(self._new, lambda piece: (piece[-1] < 0) & theirs(piece))
        return self._together(forgotten + again + waiting)

    def mark(self) -> int:
        """Return a mark for what is asked from now on: how many pieces of new requests there are."""
        return len(self._new)

    def ask_again(self, since: int, people: I64) -> None:
        """Let some people, ascending, ask again what they were told since a mark."""
        theirs, others = self._parted(
            self._new[since:], lambda piece: (piece[-1] >= 0) & among(person_of(piece[0]), people)
        )
        self._new[since:] = others
        self._again += theirs

    def waiting(self) -> list[NDArray[Any]]:
        """Take out the new requests that were told nothing; return them in order."""
        found, self._new = self._parted(self._new, lambda piece: piece[-1] < 0)
        return _in_order(self._together(found))

    def _together(self, pieces: list[_Piece]) -> list[NDArray[Any]]:
        if not pieces:
            return [np.zeros(0, np.int64) for _ in range(self.width)]
        return [np.concatenate(column) for column in zip(*pieces, strict=True)]

    def _parted(self, pieces: Sequence[_Piece], which: Callable[[_Piece], Bools]) -> tuple[list[_Piece], list[_Piece]]:
        """Part requests into those for which something holds, and the others."""
        found, others = [], []
        for piece in pieces:
            theirs = which(piece)
            if theirs.all():
                found.append(piece)
            elif not theirs.any():
                others.append(piece)
            else:
                mine, rest = theirs.nonzero()[0], (~theirs).nonzero()[0]
                found.append(tuple(column.take(mine) for column in piece))
                others.append(tuple(column.take(rest) for column in piece))
        return found, others


def first_of(where: I64, some: Bools) -> int:
    """Return the instant of the first of some positions (m,), ascending; FAR if there is none."""
    found = np.flatnonzero(some)
    return int(seconds_of(where[found[:1]])[0]) if len(found) else FAR


def first_twice(where: I64) -> int:
    """Return the first instant in which somebody asks twice: answers are told apart by person and instant."""
    return first_of(where[1:], where[1:] == where[:-1])


def _in_order(columns: list[NDArray[Any]]) -> list[NDArray[Any]]:
    # Pieces are in order mostly, and then merging, as a stable sort does, takes a fifth of the time.
    order = np.argsort(columns[0], kind="stable")
    return [column.take(order) for column in columns]


def _begins(t: int) -> int:
    """Return the first position of an instant."""
    return FAR if t > _INSTANT else position(t, 0)


def _by_person(where: I64) -> I64:
    """Return positions with the person before the instant, so that those of one person lie together."""
    return (person_of(where) << SECONDS) | seconds_of(where)
