"""Coupons over many people: rungs, discounts, faces (rules 23, 32). Money int64 minor units, exact."""

from collections.abc import Callable, Sequence
from fractions import Fraction

import numpy as np
from attrs import frozen

from wakeup.plan.model import AmountOff, Coupon, Elapsed, Months, Until
from wakeup.sim.array.codes import I16, I64, Bools
from wakeup.sim.array.localtime import Zone


@frozen(eq=False)
class Rungs:
    """The rungs of one coupon: amount off, or above / below of the share off; threshold; each (rungs,)."""

    valid: Sequence[Elapsed | Months | Until]
    percent: Bools
    amount: I64
    above: I64
    below: I64
    threshold: I64

    def face(self, rung: I16, average: I64) -> I64:
        """Return the face at average order values (m,): the amount, or the share of it, at least of the threshold."""
        if not self.percent.any():
            return self.amount[rung]
        share = self._share(rung, np.maximum(average, self.threshold[rung]))
        return np.where(self.percent[rung], share, self.amount[rung])

    def discount(self, rung: I16, basket: I64) -> I64:
        """Return what comes off baskets (m,)."""
        return np.where(self.percent[rung], self._share(rung, basket), np.minimum(self.amount[rung], basket))

    def end(self, rungs: Callable[[], I16], t: I64, zone: Zone) -> I64:
        """Return the end of grants made at `t` (m,); rungs: gives people's, if there is more than one."""
        if len(self.valid) == 1:
            return zone.end_of(t, self.valid[0])
        rung = rungs()
        end = np.empty(len(t), np.int64)
        for number, length in enumerate(self.valid):
            mine = rung == number
            if mine.any():
                end[mine] = zone.end_of(t[mine], length)
        return end

    def _share(self, rung: I16, value: I64) -> I64:
        below = self.below[rung]
        half_up: I64 = (2 * self.above[rung] * value + below) // (2 * below)
        return half_up


def rungs_of(coupon: Coupon) -> Rungs:
    """Return a coupon's rungs as columns."""
    discounts = [each.discount for each in coupon.rungs]
    shares = [Fraction(0) if isinstance(each, AmountOff) else Fraction(each.share) for each in discounts]
    return Rungs(
        valid=[each.valid for each in coupon.rungs],
        percent=np.array([not isinstance(each, AmountOff) for each in discounts], np.bool_),
        amount=np.array([each.amount if isinstance(each, AmountOff) else 0 for each in discounts], np.int64),
        above=np.array([each.numerator for each in shares], np.int64),
        below=np.array([each.denominator for each in shares], np.int64),
        threshold=np.array([each.threshold for each in discounts], np.int64),
    )
