"""What guards count, against a plain loop over rows and costs."""

import numpy as np
import pytest
from tests.sim.plans import ENTRY, START, campaign, email, journey, letter, nudge, send, sms

from wakeup.plan.model import Activity, Elapsed, Guard
from wakeup.sim.array.book import Book
from wakeup.sim.array.codes import FAR, QUARTER_HOUR
from wakeup.sim.array.guards import COUNTS, Guards
from wakeup.sim.array.rows import Rows
from wakeup.sim.array.shared import Cost
from wakeup.terms.lists import Row

FIGURES = ("sent", "completed", "attended", "send_cost", "spent")
EVENT, CHALLENGE = 0, 1
ROWS, PEOPLE = 200, 9


def watched(*guards: Guard) -> Guards:
    """Guards of a plan with two channels, an event and a challenge."""
    joined = (
        Activity("tea", "", "", 1, "", Elapsed(86_400), kind="event", at=ENTRY),
        Activity("three", "", "", 2, "", Elapsed(86_400)),
    )
    plan = campaign(
        journey(send()), channels=(sms(), email()), messages=(nudge(), letter()), incentives=joined, guards=guards
    )
    return Guards(Book(plan, None))


def happened(seed: int) -> tuple[list[Rows], list[Cost]]:
    """Rows and costs at any time of the run and behind it: of one message and of many, of one price and of many."""
    some = np.random.default_rng(seed)

    def instants() -> np.ndarray:
        return START + some.integers(0, 40 * 86_400, ROWS)

    who = some.integers(0, PEOPLE, ROWS).astype(np.int32)
    messages = some.integers(-1, 2, ROWS).astype(np.int16)
    incentives = some.integers(0, 2, ROWS).astype(np.int16)
    rows = [
        Rows(Row.SENT, who, instants(), message=1),
        Rows(Row.SENT, who, instants(), message=messages),
        Rows(Row.COMPLETED, who, instants(), message=messages, incentive=incentives),
        Rows(Row.COMPLETED, who, instants(), incentive=EVENT),
        Rows(Row.REFUSED, who, instants(), message=0),
    ]
    costs = [
        Cost("send_cost", instants(), 50_000, 1),
        Cost("send_cost", instants(), some.integers(0, 1 << 54, ROWS), 0),
        Cost("fixed_cost", instants(), some.integers(0, 1 << 54, ROWS)),
        Cost("fixed_cost", np.zeros(0, np.int64), 5),
    ]
    return rows, costs


def one_by_one(guards: Guards, rows: list[Rows], costs: list[Cost]) -> dict[str, np.ndarray]:
    """What they come to per figure, scope and quarter hour."""
    tables = {name: np.zeros_like(table) for name, table in guards.happened.items()}

    def add(name: str, t: int, channel: int, amount: int) -> None:
        place = (t - START) // QUARTER_HOUR
        if name in tables and place < tables[name].shape[1]:
            for scope in {0, channel + 1}:
                tables[name][scope, place] += amount

    for each in rows:
        columns = (np.broadcast_to(column, each.t.shape).tolist() for column in (each.message, each.incentive))
        for t, message, incentive in zip(each.t.tolist(), *columns, strict=True):
            add(COUNTS.get(each.row, ""), t, message, 1)  # message n goes by channel n
            if each.row == Row.COMPLETED and incentive == EVENT:
                add("attended", t, message, 1)
    for cost in costs:
        for t, micros in zip(cost.t.tolist(), np.broadcast_to(cost.micros, cost.t.shape).tolist(), strict=True):
            add(cost.figure, t, cost.channel, micros)
            add("spent", t, cost.channel, micros)
    return tables


@pytest.mark.parametrize("seed", range(3))
def test_figures_are_those_of_a_plain_loop(seed: int) -> None:
    guards = watched(*(Guard(name, name, ">", "1", "count", "stop") for name in FIGURES))
    rows, costs = happened(seed)
    guards.add(rows, costs)
    expected = one_by_one(guards, rows, costs)
    assert set(guards.happened) == set(FIGURES) == set(expected)
    for name, table in guards.happened.items():
        assert (table == expected[name]).all(), name
        assert table.any(axis=1).all(), name


def test_what_was_judged_and_what_lies_behind_do_not_count() -> None:
    """A block's rows lie on both sides of the quarter hours that are looked at."""
    guards = watched(Guard("many", "sent", ">=", "3", "count", "stop"))
    guards.judged = 5
    t = START + QUARTER_HOUR * np.array([0, 3, 3, 5, 6, 30])
    rows = [Rows(Row.SENT, np.zeros(len(t), np.int32), t, message=0)]
    fifth, ninth = (guards._position(number) for number in (5, 9))
    assert guards.first_breach(rows, (), fifth) == FAR
    assert guards.first_breach(rows, (), ninth) == FAR  # two
    rows.append(Rows(Row.SENT, np.zeros(1, np.int32), t[3:4], message=-1))
    assert guards.first_breach(rows, (), ninth) == guards._position(7)
