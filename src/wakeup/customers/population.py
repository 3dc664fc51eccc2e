"""A population in columns: one row per customer, whatever its source (order log, customer table, synthesis)."""

from collections.abc import Mapping

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

NEVER = np.iinfo(np.int64).min
"""Instant of an event that never happened."""

BLANK, NO, YES = 0, 1, 2
"""Codes of a consent column (uint8): blank, no, yes. A column that is there is believed, blanks mean no (ruling 29)."""


@frozen(eq=False)
class Touches:
    """Past touches per customer in compressed rows: customer i owns [offset[i], offset[i+1]).

    offset: int64 (n + 1,); t: int64 seconds UTC, ascending per customer; channel: int16 code into `channels`.
    """

    offset: NDArray[np.int64]
    t: NDArray[np.int64]
    channel: NDArray[np.int16]
    channels: tuple[str, ...]


@frozen(eq=False)
class Field:
    """An own attribute: `values` are float64 (NaN missing) for numbers and money (major units), int64 seconds UTC
    (NEVER missing) for dates, int32 codes into `labels` (-1 missing) for texts."""

    kind: str  # "number" | "date" | "text"
    values: NDArray[np.float64] | NDArray[np.int64] | NDArray[np.int32]
    labels: tuple[str, ...] = ()


@frozen(eq=False)
class Population:
    """n customers as of one instant, rows in ascending order of `key`. Every array has shape (n,).

    key: uint64 BLAKE2b-64 of the UTF-8 id, unique. ids: str objects, kept for --events and `why`, never in figures.
    first_order, last_order, last_interaction: int64 seconds UTC, NEVER when none (last_interaction >= last_order).
    orders: int32 before as_of. monetary: int64 minor units, net of returns. average_order_value: int64 minor units,
    half up, 0 without orders. gap: float32 mean days between own orders, NaN below two orders.
    consents: per channel kind or "alias.name", uint8 codes BLANK/NO/YES; a missing key: the data has no such column.
    categories: per category of goods the instant of the last order of it, int64 (NEVER: none); None: the data have no
    categories. tags: per tag bool. fields: own attributes by name. zones: per-person IANA zone as int16 codes into
    `zone_names` (-1: the campaign's), None when the data has none.
    """

    key: NDArray[np.uint64]
    ids: NDArray[np.object_]
    as_of: int
    first_order: NDArray[np.int64]
    last_order: NDArray[np.int64]
    last_interaction: NDArray[np.int64]
    orders: NDArray[np.int32]
    monetary: NDArray[np.int64]
    average_order_value: NDArray[np.int64]
    gap: NDArray[np.float32]
    consents: Mapping[str, NDArray[np.uint8]]
    tags: Mapping[str, NDArray[np.bool_]]
    fields: Mapping[str, Field]
    touches: Touches | None = None
    zones: NDArray[np.int16] | None = None
    zone_names: tuple[str, ...] = ()
    categories: Mapping[str, NDArray[np.int64]] | None = None

    def __len__(self) -> int:
        """Number of customers."""
        return len(self.key)
