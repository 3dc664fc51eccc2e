"""What a contact finds of people, and what it shows them: gathered when the behaviour looks at it, since many look at
little of it."""

from functools import cached_property

import numpy as np

from wakeup.behaviour.protocol import Offer, State
from wakeup.sim.array.block import Block
from wakeup.sim.array.codes import F64, I8, I16, I32, I64, Bools, Index


class Found(State):
    """The state of people (m,) at a contact. It looks at their columns: good until something is written to them."""

    _block: Block
    _rows: Index
    _t: I64
    _matched: Bools | None

    @classmethod
    def of(cls, block: Block, rows: Index, t: I64, matched: Bools | None = None) -> "Found":
        """Return what a contact at `t` finds; matched: whether a text or content is made for each (None: nothing)."""
        made = cls.__new__(cls)
        vars(made).update(_block=block, _rows=rows, _t=t, _matched=matched)
        return made

    @cached_property
    def last_order(self) -> I64:
        """Column of `State`, as are the following."""
        return self._block.columns.last_order.take(self._rows)

    @cached_property
    def orders(self) -> I32:
        """Column."""
        return self._block.columns.orders.take(self._rows)

    @cached_property
    def pressure(self) -> F64:
        """Column."""
        c, rows = self._block.columns, self._rows
        return self._block.stage.model.press(c.pressure.take(rows), c.pressed_at.take(rows), self._t)

    @cached_property
    def bonded(self) -> Bools:
        """Column."""
        if not self._block.stage.book.bonds:
            return np.zeros(len(self._rows), np.bool_)
        holds: Bools = self._block.columns.bonded[0].take(self._rows) > self._t
        return holds

    @cached_property
    def matched(self) -> Bools:
        """Column."""
        return np.zeros(len(self._rows), np.bool_) if self._matched is None else self._matched

    @cached_property
    def bands(self) -> I8:
        """Columns."""
        return self._block.stage.banded.take(self._block.places(self._rows), axis=0)


class Shown(Offer):
    """An incentive as people (m,) are shown it; its worth is looked up when it is asked for."""

    _block: Block
    _rows: Index

    @classmethod
    def to(cls, block: Block, rows: Index, incentive: int, end: I64, live: Bools) -> "Shown":
        """Return the offer of a grant that ends at `end` (m,); live: who had it before."""
        made = cls.__new__(cls)
        vars(made).update(_block=block, _rows=rows)
        for name, value in (("incentive", incentive), ("end", end), ("live", live)):
            object.__setattr__(made, name, value)
        return made

    @cached_property
    def amount(self) -> I64:
        """Column of `Offer`."""
        return face(self._block, self._rows, self.incentive)

    @cached_property
    def threshold(self) -> I64:
        """Column of `Offer`."""
        coupon = self._block.stage.coupons.get(self.incentive)
        if coupon is None:
            return np.zeros(len(self._rows), np.int64)
        return coupon.threshold.take(rung(self._block, self._rows, self.incentive))


def face(block: Block, rows: Index, incentive: int) -> I64:
    """Return the face of a coupon for people (minor units; zeros for other incentives), int64 (m,)."""
    coupon = block.stage.coupons.get(incentive)
    if coupon is None:
        return np.zeros(len(rows), np.int64)
    return coupon.face(rung(block, rows, incentive), block.columns.average.take(rows))


def rung(block: Block, rows: Index, incentive: int) -> I16:
    """Return the index of people's rung of a coupon, int16 (m,)."""
    found: I16 = block.stage.rungs[incentive].take(block.places(rows))
    return found
