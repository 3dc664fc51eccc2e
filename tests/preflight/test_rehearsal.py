"""What is read off the rows of a rehearsal, with rows written by hand."""

from typing import Any

import numpy as np
from tests.sim.plans import END, ENTRY, HOUR, campaign, coupon, journey, send, wait

from wakeup.plan.model import Arm, Plan, Split
from wakeup.preflight.rehearsal import Holding, Rehearsal
from wakeup.terms.lists import Reason, Row

SPLIT = Split("s", "s", (Arm("a", "0", "0.5", 1), Arm("b", "0.5", "1", 1)))
COLUMNS = ("who", "t", "row", "step", "message", "incentive", "reason", "arm", "amount")


def row(who: int, t: int, kind: Row, **columns: int) -> dict[str, int]:
    nothing = {"step": -1, "message": -1, "incentive": -1, "reason": 0, "arm": -1, "amount": 0}
    return nothing | {"who": who, "t": t, "row": kind} | columns


def rehearsed(
    *rows: dict[str, int], twins: dict[int, int] | None = None, scale: float = 1.0, **changes: Any
) -> Rehearsal:
    plan: Plan = campaign(journey(SPLIT, send("nudge", "gift5"), wait(2)), incentives=(coupon(),), **changes)
    table = {name: np.array([each[name] for each in rows], np.int64) for name in COLUMNS}
    alone = twins or {}
    orders = {"who": np.array([*alone], np.int64), "t": np.array([*alone.values()], np.int64)}
    return Rehearsal(plan, scale, 10, np.zeros(10, np.int16), table, orders)


def assigned(who: int, arm: int = 0) -> dict[str, int]:
    return row(who, ENTRY, Row.ASSIGNED, step=0, arm=arm)


def test_a_success_comes_after_the_assignment_and_inside_the_run() -> None:
    rows = [assigned(who, who % 2) for who in range(4)]
    orders = [(0, ENTRY), (1, ENTRY + 1), (2, END - 1), (3, END)]
    found = rehearsed(*rows, *(row(who, t, Row.ORDERED) for who, t in orders))
    # 0 ordered in the second of the assignment, 3 when the run had ended.
    assert found.arms(0, 0, SPLIT).rate == 2 / 4


def test_an_event_of_another_person_is_no_success() -> None:
    found = rehearsed(assigned(1), assigned(2), row(1, ENTRY + 5, Row.ORDERED), row(1, ENTRY + 6, Row.ORDERED))
    assert found.arms(0, 0, SPLIT).rate == 1 / 2


def test_only_what_counts_as_waking_up_counts() -> None:
    rows = (assigned(1), row(1, ENTRY + 5, Row.CLICKED), row(2, ENTRY + 9, Row.ORDERED))
    twins = {2: ENTRY + 9}
    clicks = (*rows, row(3, ENTRY + 5, Row.CLICKED))
    assert rehearsed(*clicks, twins=twins, awake=("click",)).uplift == 2 / 10
    # 1 by the click; 2 would have come anyway
    assert rehearsed(*rows, twins=twins, awake=("click", "order")).uplift == 1 / 10
    assert rehearsed(*rows, twins={}, awake=("click", "order")).uplift == 2 / 10
    assert rehearsed(*rows, twins={2: END}, awake=("click", "order")).uplift == 2 / 10


def test_nobody_woken_counts_as_one() -> None:
    assert rehearsed(assigned(1)).uplift == 1 / 10


def test_arms_are_counted_and_scaled() -> None:
    arms = rehearsed(assigned(1), assigned(2, 1), assigned(3, 1), scale=2.5).arms(0, 0, SPLIT)
    assert arms.people == (2.5, 5.0)


def test_what_lapses_in_a_second_is_there_for_another() -> None:
    rows = [
        row(1, ENTRY, Row.GRANTED, incentive=0, step=1),
        row(1, ENTRY + HOUR, Row.LAPSED, incentive=0),
        row(2, ENTRY + HOUR, Row.GRANTED, incentive=0, step=1),
        row(2, ENTRY + 2 * HOUR, Row.REDEEMED, incentive=0, amount=500),
    ]
    assert rehearsed(*rows, scale=3.0).holding(0) == Holding(granted=6.0, used=3.0, peak=3.0)


def test_a_refused_reward_is_no_refused_send() -> None:
    rows = [
        row(1, ENTRY, Row.SENT, message=0, step=1),
        row(1, ENTRY + HOUR, Row.REFUSED, step=1, incentive=0, reason=Reason.INCENTIVE_INVALID),
        row(2, ENTRY, Row.REFUSED, step=1, reason=Reason.INCENTIVE_INVALID),
        row(3, ENTRY, Row.REFUSED, step=1, reason=Reason.CAP),
    ]
    assert rehearsed(*rows).sends(0, 1) == (1.0, 1.0)
