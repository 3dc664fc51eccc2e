"""What people share and can run out of: stock, budget lines, the total.

A block of people is played with everybody's events side by side, so a question to a shared limit may be answered before
an earlier change is known. Every change and every answer is therefore written down with its position, and when the
block has been played `first_wrong` finds the first answer that the true order contradicts: everything before it stands.
What the true order would have answered is a lesson for the next try, which so gets at least one answer further.
Most blocks need no look at the order at all: the lowest and the highest that the value can have been prove the answers.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from attrs import define, field, frozen
from numpy.typing import NDArray

from wakeup.sim.array.codes import FAR, I8, I64, Bools, Index

UNLIMITED = 1 << 62
_CHANGE = -1


@frozen(eq=False)
class Lesson:
    """What the true order of a try would have answered: `answer` (m,) at positions `where` (m,), ascending, unique."""

    where: I64
    answer: NDArray[Any]

    def applied(self, where: I64, answer: NDArray[Any]) -> NDArray[Any]:
        """Return answers (k,) at positions, with those that are known put in."""
        place = self._places(where)
        return np.where(self.where[place] == where, self.answer[place], answer)

    def knows(self, where: I64) -> bool:
        """Say whether it has answers at all these positions (k,)."""
        return bool((self.where[self._places(where)] == where).all())

    def _places(self, where: I64) -> Index:
        return np.minimum(np.searchsorted(self.where, where), len(self.where) - 1)


def lesson_of(where: I64, answer: NDArray[Any]) -> Lesson | None:
    """Return the lesson of answers (m,) at positions; a position with unlike answers teaches nothing."""
    order = np.argsort(where, kind="stable")
    places, found = where[order], answer[order]
    first = np.flatnonzero(np.diff(places, prepend=-1))
    alike = np.minimum.reduceat(found, first) == np.maximum.reduceat(found, first)
    return Lesson(places[first[alike]], found[first[alike]]) if alike.any() else None


@define(eq=False)
class Meter:
    """One limit: `value` counts up to `limit`. Amounts are int64: pieces of stock, or micros.

    A question with need n is answered yes if value + n <= limit. lesson: what an earlier try of the block has taught.
    """

    limit: int
    value: int = 0
    lesson: Lesson | None = None
    _changes: list[tuple[I64, I64]] = field(factory=list)
    _asked: list[tuple[int, I64, I64, Bools]] = field(factory=list)  # changes before it, positions, needs, answers
    _up: int = 0
    _down: int = 0
    _sorted: tuple[I64, I64] | None = None

    def fork(self) -> "Meter":
        """Return the meter as it stands after all changes, with nothing written down."""
        return Meter(self.limit, self.value + self._up + self._down)

    def change(self, where: I64, amount: I64 | int) -> None:
        """Write down changes by `amount` at positions `where` (m,)."""
        if not len(where):
            return
        amounts = np.broadcast_to(np.asarray(amount, np.int64), where.shape)
        self._changes.append((where, amounts))
        self._up += int(amounts[amounts > 0].sum())
        self._down += int(amounts[amounts < 0].sum())
        self._sorted = None

    def sure(self, where: I64, need: I64, ups: I64) -> int:
        """Return how many leading askers get an answer that does not depend on what those before them come to.

        Args:
            where: positions (m,), ascending.
            need: what each asks for (m,).
            ups: the most that each may add to the value, (m,).
        """
        if self.limit == UNLIMITED:
            return len(where)
        added = int(ups.sum())
        if self.value + self._up + added + int(np.max(need, initial=0)) <= self.limit or added == 0:
            return len(where)
        value = self.before(where)
        certain = value + (np.cumsum(ups) - ups) + need <= self.limit
        certain |= value + need > self.limit
        return len(where) if certain.all() else int(np.argmin(certain))

    def fits(self, where: I64, need: I64 | int) -> Bools:
        """Ask at positions (m,), and write down the answers: bool (m,)."""
        if self.limit == UNLIMITED:
            return np.ones(len(where), np.bool_)
        needs = np.broadcast_to(np.asarray(need, np.int64), where.shape)
        answer = self.room(where, needs)
        if self.lesson is not None:
            answer = self.lesson.applied(where, answer)
        self._asked.append((len(self._changes), where, needs, answer))
        return answer

    def room(self, where: I64, need: I64 | int) -> Bools:
        """Return what the answers would be at positions (m,), as far as changes are written down."""
        room: Bools = self.before(where) + need <= self.limit
        return room

    def before(self, where: I64) -> I64:
        """Return the value that each position finds, as far as changes are written down."""
        if not self._changes:
            return np.full(len(where), self.value, np.int64)
        if self._sorted is None:
            places = np.concatenate([place for place, _ in self._changes])
            order = np.argsort(places, kind="stable")
            amounts = np.concatenate([amount for _, amount in self._changes])[order]
            self._sorted = places[order], np.concatenate(([0], np.cumsum(amounts)))
        places, sums = self._sorted
        return self.value + sums[np.searchsorted(places, where, side="right")]

    def first_wrong(self) -> int:
        """Return the position of the first answer that the true order contradicts, FAR if there is none."""
        if not self._asked or self._proven():
            return FAR
        asked = [(place, need, answer) for _, place, need, answer in self._asked]
        where = _joined([place for place, _, _ in asked], [place for place, _ in self._changes])
        need = _joined([need for _, need, _ in asked], [np.zeros_like(change) for _, change in self._changes])
        amount = _joined([np.zeros_like(need) for _, need, _ in asked], [change for _, change in self._changes])
        answers = np.concatenate([answer for _, _, answer in asked])
        count = len(answers)
        # One person's own changes and questions come in the order in which they were written down.
        written = np.concatenate(
            [np.full(len(place), 2 * number) for number, place, _, _ in self._asked]
            + [np.full(len(place), 2 * number + 1) for number, (place, _) in enumerate(self._changes)]
        )
        order = np.lexsort((written, where))
        before = np.empty(len(order), np.int64)
        before[order] = self.value + np.cumsum(amount[order]) - amount[order]
        right = before[:count] + need[:count] <= self.limit
        wrong = int(where[:count][right != answers].min(initial=FAR))
        if wrong < FAR:
            rest = order[np.searchsorted(where[order], wrong) :]
            told = np.append(answers, np.full(len(where) - count, _CHANGE, np.int8))
            right[rest[rest < count]] = self._foreseen(
                int(before[rest[0]]), where[rest], need[rest], amount[rest], told[rest]
            )
        self.lesson = lesson_of(where[:count], right)
        return wrong

    def _foreseen(self, value: int, where: I64, need: I64, amount: I64, told: I8) -> list[bool]:
        """Return the answers to questions among events in order if who is told otherwise then takes nothing, or what
        they need, once; `told`: what they were told, _CHANGE for a change."""
        answers, refused, granted = [], -1, -1
        events = zip(where.tolist(), need.tolist(), amount.tolist(), told.tolist(), strict=True)
        for at, needed, change, answer in events:
            if answer == _CHANGE:
                value += change if change < 0 or at != refused else 0
                continue
            fits = at == granted or value + needed <= self.limit
            answers.append(fits)
            if answer and not fits:
                refused = at
            elif fits and not answer and at != granted:
                granted = at
                value += needed
        return answers

    def _proven(self) -> bool:
        """Say whether the answers hold in whatever order the changes came."""
        answers = [answer for _, _, _, answer in self._asked]
        needs = [need for _, _, need, _ in self._asked]
        if all(answer.all() for answer in answers):
            return self.value + self._up + max(int(need.max(initial=0)) for need in needs) <= self.limit
        if not any(answer.any() for answer in answers):
            return self.value + self._down + min(int(need.min(initial=FAR)) for need in needs) > self.limit
        return False


def _joined(first: Sequence[I64], then: Sequence[I64]) -> I64:
    return np.concatenate([*first, *then])
