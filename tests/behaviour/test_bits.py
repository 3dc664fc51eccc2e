"""Who else is in a call changes nothing, bit for bit: the reference asks one person at a time, the array engine all."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from attrs import evolve, fields
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.behaviour.shop import (
    CHALLENGE,
    DAY,
    DRAW,
    EVENT,
    KINDS,
    PLAN,
    PRICES,
    SERVICE,
    START,
    SURVEY,
    model,
    population,
)

from wakeup.behaviour import DefaultModel, Offer, State
from wakeup.customers.population import NEVER
from wakeup.plan.model import Scenario

SIZE = 1_000
PEOPLE = population(SIZE)
RIVAL = Scenario("rival", START + 5 * DAY, START + 60 * DAY, response="0.7", organic="0.8")
RNG = np.random.default_rng(2)
AT = START + RNG.integers(0, 90 * DAY, SIZE)
NUMBER = RNG.integers(0, 5, SIZE).astype(np.int32)
PRESSURE = RNG.uniform(0, 6, SIZE)
LAST_ORDER = np.where(NUMBER > 2, AT - 9 * DAY, PEOPLE.last_order)
STATE = State(
    LAST_ORDER,
    PEOPLE.orders + NUMBER,
    PRESSURE,
    bonded=NUMBER % 2 == 0,
    matched=NUMBER % 3 == 0,
    bands=(NUMBER[:, np.newaxis] % 4 - 1).astype(np.int8),
)
PRESSED_AT = np.where(NUMBER == 0, NEVER, AT - RNG.integers(0, 40 * DAY, SIZE))


def offers() -> list[Offer]:
    return [
        Offer(
            incentive,
            RNG_COUPON[0] if incentive in PRICES else np.zeros(SIZE, np.int64),
            RNG_COUPON[1] if incentive in PRICES else np.zeros(SIZE, np.int64),
            AT + RNG_COUPON[2],
            NUMBER > 1,
        )
        for incentive in range(len(PLAN.incentives))
    ]


RNG_COUPON = (
    RNG.integers(0, 20_000, SIZE),
    RNG.integers(0, 60_000, SIZE),
    RNG.integers(1, 30 * DAY, SIZE),
)
OFFERS = offers()


def only(thing: Any, rows: np.ndarray) -> Any:
    """The rows of an array, or of every array in a State or an Offer."""
    if isinstance(thing, np.ndarray):
        return np.ascontiguousarray(thing[rows])
    if isinstance(thing, State):
        return evolve(thing, **{each.name: only(getattr(thing, each.name), rows) for each in fields(State)})
    if isinstance(thing, Offer):
        return evolve(
            thing, **{name: only(getattr(thing, name), rows) for name in ("amount", "threshold", "end", "live")}
        )
    return thing


Ask = Callable[[DefaultModel, np.ndarray], Iterator[np.ndarray]]


def touched(message: int) -> Ask:
    def ask(model: DefaultModel, rows: np.ndarray) -> Iterator[np.ndarray]:
        shown = [only(offer, rows) for offer in OFFERS]
        answers = model.touch(who(rows), only(AT, rows), message, shown, only(NUMBER, rows), only(STATE, rows))
        yield from (answers.delivered, answers.opened, answers.clicked, *answers.taken)
        yield from (answers.opted_out, answers.complained, answers.ordered)

    return ask


def prompted(incentive: int, offer: Offer | None) -> Ask:
    def ask(model: DefaultModel, rows: np.ndarray) -> Iterator[np.ndarray]:
        shown = None if offer is None else only(offer, rows)
        yield model.prompt(who(rows), only(AT, rows), incentive, shown, only(NUMBER, rows), only(STATE, rows))

    return ask


def who(rows: np.ndarray) -> np.ndarray:
    return rows.astype(np.int32)


METHODS: dict[str, Ask] = {
    "first_order": lambda m, r: iter([m.first_order(who(r))]),
    "next_order": lambda m, r: iter([m.next_order(who(r), only(AT, r), only(NUMBER, r))]),
    "basket": lambda m, r: iter([m.basket(who(r), only(NUMBER, r))]),
    "reach": lambda m, r: (m.reach(channel, who(r)) for channel in range(len(KINDS))),
    "press": lambda m, r: iter([m.press(only(PRESSURE, r), only(PRESSED_AT, r), only(AT, r))]),
    "remembers": lambda m, r: (m.remembers(who(r), each, only(NUMBER, r)) for each in PRICES),
    "completes": lambda m, r: (m.completes(who(r), each, only(NUMBER, r)) for each in (CHALLENGE, EVENT)),
    "wins": lambda m, r: iter([m.wins(who(r), DRAW, only(NUMBER, r))]),
    "score": lambda m, r: iter([m.score(who(r), SURVEY, only(NUMBER, r))]),
    "subscribes": lambda m, r: (m.subscribes(who(r), message, only(NUMBER, r)) for message in range(len(KINDS))),
    "handling": lambda m, r: iter([m.handling(who(r), 0, only(NUMBER, r))]),
    "prompt after a service": prompted(SERVICE, None),
    "prompt after an event": prompted(EVENT, None),
    "prompt by a reward": prompted(CHALLENGE, OFFERS[0]),
    **{f"touch by {kind}": touched(i) for i, kind in enumerate(KINDS)},
}


@pytest.mark.parametrize("method", METHODS)
@settings(max_examples=5)
@given(
    seed=st.integers(0, 2**63),
    replication=st.integers(0, 3),
    rival=st.booleans(),
    some=st.lists(st.integers(0, SIZE - 1), min_size=2, max_size=40, unique=True),
)
def test_one_person_is_answered_as_among_a_thousand(
    method: str, seed: int, replication: int, rival: bool, some: list[int]
) -> None:
    bound = model(PEOPLE, seed=seed, replication=replication, scenario=RIVAL if rival else None)
    alone = model(PEOPLE, seed=seed, replication=replication, scenario=RIVAL if rival else None)
    together = [np.asarray(answer) for answer in METHODS[method](bound, np.arange(SIZE))]
    rows = np.array(some)
    several = list(METHODS[method](alone, rows))
    for answer, part in zip(together, several, strict=True):
        assert part.dtype == answer.dtype
        assert part.tobytes() == answer[rows].tobytes()
    for row in some[:12]:
        for answer, one in zip(together, METHODS[method](alone, np.array([row])), strict=True):
            assert one.tobytes() == answer[row : row + 1].tobytes()
