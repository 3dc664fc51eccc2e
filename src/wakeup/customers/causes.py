"""Why a customer may sleep, guessed by rules that everybody can read: where no campaign declares its own.

The first rule that fits names the cause. Only what an order log and a customer table say is looked at; a competitor
leaves no trace but a rhythm that broke off. A campaign's own rules (`causes why { … }`) replace these.
"""

from typing import Final, Literal

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from wakeup.customers.population import YES, Population
from wakeup.diagnostics import Piece, Say

DAY: Final = 86_400

ASLEEP_DAYS: Final = 90
"""Days since the last order from which a cause is guessed."""

RETURNED_SHARE: Final = 0.2
NOT_YET_DUE: Final = 2.0
BROKE_OFF: Final = 4.0
"""How many of their own gaps between orders people sleep: less than the first is no sleep yet, the second tells."""

Cause = Literal["failed contact", "broken experience", "need satisfied", "competitor", "unknown"]


@frozen
class Rule:
    """A cause and the rule that names it, in words."""

    cause: Cause
    title: Piece
    told: Piece


RULES: Final = (
    Rule(
        "failed contact",
        Say("failed contact"),
        Say("the table has consents or addresses, and this person has none that says yes"),
    ),
    Rule(
        "broken experience",
        Say("broken experience"),
        Say("sent back {share} or more of what they bought", share=f"{RETURNED_SHARE:.0%}"),
    ),
    Rule(
        "need satisfied",
        Say("need satisfied for now"),
        Say("several orders, and asleep for less than {times} times their usual gap", times=f"{NOT_YET_DUE:g}"),
    ),
    Rule(
        "competitor",
        Say("perhaps a competitor"),
        Say("3 or more orders, and asleep for more than {times} times their usual gap", times=f"{BROKE_OFF:g}"),
    ),
    Rule("unknown", Say("unknown"), Say("everybody else, one-time buyers among them")),
)
"""In the order in which they are asked; the last one takes everybody."""


def cause_codes(people: Population) -> NDArray[np.int64]:
    """Return which of `RULES` names the cause of each customer's sleep, int64 (n,); -1: awake, or never ordered."""
    bought = people.orders > 0
    slept = np.where(bought, (people.as_of - np.where(bought, people.last_order, 0)) / DAY, 0.0)
    gross = people.average_order_value.astype(np.float64) * people.orders
    gaps = np.divide(slept, people.gap, out=np.full(len(slept), np.nan), where=people.gap > 0)
    fits = (
        _unreachable(people),
        people.monetary <= (1 - RETURNED_SHARE) * gross,
        (people.orders > 1) & (gaps < NOT_YET_DUE),
        (people.orders > 2) & (gaps > BROKE_OFF),
    )
    codes = np.select(fits, range(len(fits)), default=len(fits)).astype(np.int64)
    return np.where(bought & (slept >= ASLEEP_DAYS), codes, -1)


def _unreachable(people: Population) -> NDArray[np.bool_]:
    """Return who has no channel left, where the data speak of channels at all."""
    if not people.consents:
        return np.zeros(len(people), np.bool_)
    reached: NDArray[np.bool_] = np.any([codes == YES for codes in people.consents.values()], axis=0)
    return ~reached
