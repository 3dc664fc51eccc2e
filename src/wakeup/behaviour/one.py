"""The behaviour, asked about one customer at a time: arrays of length 1 in, plain numbers out."""

from collections.abc import Sequence

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from wakeup.behaviour.protocol import Model, Offer, State


@frozen
class Reply:
    """Answers to one touch, as `behaviour.Answers` has them: instants, NEVER_AGAIN for what will not happen."""

    delivered: bool
    opened: int
    clicked: int
    taken: tuple[int, ...]
    opted_out: int
    complained: int
    ordered: int


@frozen
class Shown:
    """An incentive as the person sees it: see `behaviour.Offer`."""

    incentive: int
    amount: int
    threshold: int
    end: int
    live: bool

    def offer(self) -> Offer:
        """Return it in columns of length 1."""
        return Offer(self.incentive, _int64(self.amount), _int64(self.threshold), _int64(self.end), _bool(self.live))


def state(last_order: int, orders: int, pressure: float, *, bonded: bool, matched: bool, bands: Sequence[int]) -> State:
    """Return what a touch finds, in columns of length 1."""
    return State(
        _int64(last_order),
        _int32(orders),
        np.array([pressure], dtype=np.float64),
        _bool(bonded),
        _bool(matched),
        np.array([bands], dtype=np.int8),
    )


class One:
    """A behaviour's Model for one customer at a time; every method is the Model's of the same name."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self.stretch = model.stretch

    def first_order(self, who: int) -> int:
        """Return the organic instant of the first order after the data."""
        return int(self._model.first_order(_int32(who))[0])

    def next_order(self, who: int, at: int, number: int) -> int:
        """Return the organic instant of the order after order `number`."""
        return int(self._model.next_order(_int32(who), _int64(at), _int32(number))[0])

    def basket(self, who: int, number: int) -> int:
        """Return the value of order `number` before discount."""
        return int(self._model.basket(_int32(who), _int32(number))[0])

    def reach(self, channel: int, who: int) -> bool:
        """Return whether the customer can be reached on a channel where the data do not say."""
        return bool(self._model.reach(channel, _int32(who))[0])

    def press(self, pressure: float, pressed_at: int, at: int) -> float:
        """Return the pressure at `at`."""
        return float(self._model.press(np.array([pressure], np.float64), _int64(pressed_at), _int64(at))[0])

    def touch(self, who: int, at: int, message: int, shown: Sequence[Shown], occurrence: int, state: State) -> Reply:
        """Return the answers to a message."""
        offers = [each.offer() for each in shown]
        answers = self._model.touch(_int32(who), _int64(at), message, offers, _int32(occurrence), state)
        return Reply(
            delivered=bool(answers.delivered[0]),
            opened=int(answers.opened[0]),
            clicked=int(answers.clicked[0]),
            taken=tuple(int(each[0]) for each in answers.taken),
            opted_out=int(answers.opted_out[0]),
            complained=int(answers.complained[0]),
            ordered=int(answers.ordered[0]),
        )

    def prompt(self, who: int, at: int, incentive: int, shown: Shown | None, occurrence: int, state: State) -> int:
        """Return the instant of an order induced by a service done (None) or a reward."""
        offer = None if shown is None else shown.offer()
        return int(self._model.prompt(_int32(who), _int64(at), incentive, offer, _int32(occurrence), state)[0])

    def remembers(self, who: int, incentive: int, number: int) -> bool:
        """Return whether an organic order looks at the coupon."""
        return bool(self._model.remembers(_int32(who), incentive, _int32(number))[0])

    def completes(self, who: int, incentive: int, occurrence: int) -> bool:
        """Return whether a challenge is kept up to its last day, an event attended."""
        return bool(self._model.completes(_int32(who), incentive, _int32(occurrence))[0])

    def wins(self, who: int, incentive: int, occurrence: int) -> bool:
        """Return whether the join of a draw wins."""
        return bool(self._model.wins(_int32(who), incentive, _int32(occurrence))[0])

    def score(self, who: int, incentive: int, occurrence: int) -> int:
        """Return the score of an answer to a survey, in hundredths."""
        return int(self._model.score(_int32(who), incentive, _int32(occurrence))[0])

    def subscribes(self, who: int, message: int, occurrence: int) -> bool:
        """Return whether the click on a message permits one more send."""
        return bool(self._model.subscribes(_int32(who), message, _int32(occurrence))[0])

    def handling(self, who: int, staff: int, occurrence: int) -> int:
        """Return the seconds that a service takes."""
        return int(self._model.handling(_int32(who), staff, _int32(occurrence))[0])


def _int32(value: int) -> NDArray[np.int32]:
    return np.array([value], dtype=np.int32)


def _int64(value: int) -> NDArray[np.int64]:
    return np.array([value], dtype=np.int64)


def _bool(value: bool) -> NDArray[np.bool_]:
    return np.array([value], dtype=np.bool_)
