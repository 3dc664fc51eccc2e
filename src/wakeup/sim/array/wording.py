"""Which text of a message each person gets: the first variant that matches, else the message's own (rule 68)."""

from collections.abc import Sequence

import numpy as np

from wakeup.sim.array.block import Block
from wakeup.sim.array.codes import I16, I64, Bools, Index
from wakeup.sim.array.facts import holds

Wordings = dict[int, I16]
"""Number of the wording (see `Book.first_wording`) of m people, per message that has variants."""


def wordings(block: Block, rows: Index, t: I64, chain: Sequence[int]) -> Wordings:
    """Choose the wordings of some messages for people at `t`."""
    messages = block.stage.plan.messages
    return {message: _chosen(block, rows, t, message) for message in chain if messages[message].variants}


def some(worded: Wordings, places: Index | slice) -> Wordings:
    """Return the wordings of some of the people."""
    return {message: numbers[places] for message, numbers in worded.items()}


def price(block: Block, worded: Wordings, message: int, places: Index | slice = slice(None)) -> I64 | int:
    """Return the cost in micros of sending a message: one for all, or each person's own (m,)."""
    prices = block.stage.book.prices
    return prices[worded[message][places]] if message in worded else int(prices[message])


def blank(block: Block, rows: Index, worded: Wordings, message: int, places: Index | slice) -> Bools:
    """Return whether a field that the text needs is blank, for the people at some places of `rows`."""
    flags: Bools = block.stage.blank[
        worded[message][places] if message in worded else message, block.places(rows[places])
    ]
    return flags


def variant(block: Block, worded: Wordings, message: int) -> I16 | int:
    """Return the index of the variant that each gets, -1 for the message's own text."""
    if message not in worded:
        return -1
    number = worded[message]
    found: I16 = np.where(number == message, -1, number - block.stage.book.first_wording[message]).astype(np.int16)
    return found


def _chosen(block: Block, rows: Index, t: I64, message: int) -> I16:
    found = np.full(len(rows), message, np.int16)
    first = block.stage.book.first_wording[message]
    for number, each in enumerate(block.stage.plan.messages[message].variants):
        rest = (found == message).nonzero()[0]
        found[rest[holds(block, rows[rest], t[rest], each.match)]] = first + number
    return found
