"""Batches of trace rows, as the simulators hand them to a sink."""

from typing import Protocol

import numpy as np
from attrs import frozen
from numpy.typing import NDArray


@frozen(eq=False)
class EventBatch:
    """m rows of one kind, in any order; every array has shape (m,).

    row: kind of all rows (terms.lists.Row). who: int32 index into the population. t: int64 seconds UTC.
    step: int16 index of the instruction in the journey's program, -1 when the row has none (the journey itself
    follows from the person). message, incentive: int16 index into Plan.messages / Plan.incentives, -1 none
    (the channel follows from the message). occurrence: int16, n-th row of this kind, message and incentive for this
    person, from 0. reason: uint8 (terms.lists.Reason). arm: int16 index of the arm for ASSIGNED, of the
    variant for SENT, else -1.
    amount: int64 minor units (see Row). subsidised: for REDEEMED rows, whether the order was organic (bool).
    """

    row: int
    who: NDArray[np.int32]
    t: NDArray[np.int64]
    step: NDArray[np.int16]
    message: NDArray[np.int16]
    incentive: NDArray[np.int16]
    occurrence: NDArray[np.int16]
    reason: NDArray[np.uint8]
    arm: NDArray[np.int16]
    amount: NDArray[np.int64]
    subsidised: NDArray[np.bool_]


@frozen(eq=False)
class Membership:
    """Who is who in one replication; every array has shape (n,) like the population.

    journey: int16 index into Plan.journeys, -1 for people who are not simulated. held_out: bool. wave: int32.
    entry: int64 planned entry instant. bands: per tier (in the order of Plan.tiers) int8 index of the band, -1 none.
    eligible: how many the audience selected; no_journey: how many of them no journey took.
    orders, monetary: int32 / int64 minor units of the population at run start (organic life before it included).
    """

    journey: NDArray[np.int16]
    held_out: NDArray[np.bool_]
    wave: NDArray[np.int32]
    entry: NDArray[np.int64]
    bands: tuple[NDArray[np.int8], ...]
    eligible: int
    no_journey: int
    orders: NDArray[np.int32]
    monetary: NDArray[np.int64]


@frozen
class Closing:
    """What the rows of a replication do not say.

    reserved: minor units still reserved per budget line at the end of the run, by line name. promoted: per split
    "journey/split" the winning arm or "". tripped: (guard, channel or "", instant).
    """

    reserved: tuple[tuple[str, int], ...]
    promoted: tuple[tuple[str, str], ...]
    tripped: tuple[tuple[str, str, int], ...]


class Sink(Protocol):
    """Takes what a replication produces: membership, then batches whose order does not matter, then the closing."""

    def begin(self, membership: Membership) -> None:
        """Take who is targeted, held out, in which band and journey."""

    def close(self, closing: Closing) -> None:
        """Take what the rows do not say; nothing follows."""

    def add(self, batch: EventBatch) -> None:
        """Take rows of the simulated people."""

    def add_twin(self, who: NDArray[np.int32], t: NDArray[np.int64], amount: NDArray[np.int64]) -> None:
        """Take orders of the untouched twins: person index, instant, value in minor units."""
