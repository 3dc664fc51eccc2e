"""Send, wait, if, the goal, the twin: what the worked examples leave out."""

from typing import Any

from attrs import evolve
from tests.sim.people import population
from tests.sim.plans import (
    DAY,
    END,
    ENTRY,
    HOUR,
    MINUTE,
    START,
    at,
    campaign,
    coupon,
    journey,
    letter,
    nudge,
    send,
    wait,
)
from tests.sim.recorder import Recorder
from tests.sim.reference.runs import ANN, BEN, simulate
from tests.sim.scripted import Life, Reply, Scripted, ScriptedModel

from wakeup.behaviour.protocol import State
from wakeup.plan.model import AmountOff, Branch, Exit, Jump, Months, Rung, Until, Wait, Wave
from wakeup.plan.predicates import Compare, Happened, Not
from wakeup.sim.reference import run as run_reference
from wakeup.sim.task import Task

ORDERS_ON_8_MAY = Life(first=at(8), baskets=(3_000,))


def test_a_wait_for_an_outcome_ends_in_the_second_it_happens() -> None:
    program = (send(), wait(5, "click"), Branch(Happened("click"), 4), send("letter"))
    replies = {("nudge", 0): Reply(clicked=2 * HOUR)}
    run = simulate(campaign(journey(*program)), {"ann": Life(replies=replies)}, ANN, BEN)
    assert (ENTRY + 2 * HOUR, "sent letter") in run.of("ann")
    assert run.of("ben")[-1] == (ENTRY + 5 * DAY, "exited")


def test_an_outcome_that_has_happened_ends_a_wait_at_once() -> None:
    program = (send(), wait(1), wait(5, "click"), send("letter"))
    run = simulate(campaign(journey(*program)), {"ann": Life(replies={("nudge", 0): Reply(clicked=HOUR)})}, ANN)
    assert (ENTRY + DAY, "sent letter") in run.of("ann")


def test_if_and_wait_look_at_the_last_message_only() -> None:
    program = (
        send(),
        wait(1),
        send("letter"),
        wait(5, "click"),
        Branch(Not(Happened("click")), 6),
        send("nudge", step="again"),
    )
    run = simulate(campaign(journey(*program)), {"ann": Life(replies={("nudge", 0): Reply(clicked=2 * DAY)})}, ANN)
    assert run.rows("ann").count("sent nudge") == 2
    assert (ENTRY + 2 * DAY, "clicked nudge") in run.of("ann")
    assert (ENTRY + 6 * DAY, "sent nudge") in run.of("ann")


def test_an_order_stays_known_after_the_next_message() -> None:
    program = (send(), wait(1), send("letter"), Branch(Happened("order"), 5), send("nudge", step="again"))
    plan = campaign(journey(*program, goal=""))
    run = simulate(plan, {"ann": Life(first=ENTRY + HOUR)}, ANN, BEN)
    assert run.rows("ann").count("sent nudge") == 2
    assert run.rows("ben").count("sent nudge") == 1


def test_a_click_may_be_the_goal_even_of_an_older_message() -> None:
    program = (send(), wait(1), send("letter"), wait(5))
    run = simulate(
        campaign(journey(*program, goal="click")), {"ann": Life(replies={("nudge", 0): Reply(clicked=2 * DAY)})}, ANN
    )
    assert run.of("ann")[-2:] == [(ENTRY + 2 * DAY, "clicked nudge"), (ENTRY + 2 * DAY, "exited")]


def test_an_order_in_the_second_of_entry_comes_before_it() -> None:
    run = simulate(campaign(journey(send(), wait(1))), {"ann": Life(first=ENTRY)}, ANN)
    assert run.rows("ann") == ["ordered 10000", "entered", "sent nudge", "delivered nudge", "exited"]


def test_branches_see_attributes_of_now_and_unknown_is_not_yes() -> None:
    program = (
        send(),
        wait(10),
        Branch(Compare("orders", ">=", 2, "count"), 4),
        send("letter"),
        Branch(Compare("gap", ">", 0, "count"), 6),
        send("nudge", step="no"),
    )
    run = simulate(campaign(journey(*program, goal="")), {"ann": ORDERS_ON_8_MAY}, ANN, BEN)
    assert "sent letter" in run.rows("ann")
    assert "sent letter" not in run.rows("ben")
    assert run.rows("ben").count("sent nudge") == 1


def test_an_order_moves_recency_and_value() -> None:
    recent = Compare("days_since_order", "<", 3 * DAY, "seconds")
    rich = Compare("average_order_value", "==", 6_500, "money")  # (10,000 + 3,000) / 2
    program = (Wait(Until(at(10))), Branch(recent, 3), send(), Branch(rich, 5), send("letter"))
    run = simulate(campaign(journey(*program, goal="")), {"ann": ORDERS_ON_8_MAY}, ANN)
    assert {"sent nudge", "sent letter"} <= set(run.rows("ann"))


def test_jumps_skip_and_exit_leaves() -> None:
    run = simulate(campaign(journey(Jump(2), send(), send("letter"), Exit(), send())), {}, ANN)
    assert run.rows("ann") == ["entered", "sent letter", "delivered letter", "exited"]


def test_a_wait_of_no_length_is_none() -> None:
    run = simulate(campaign(journey(Wait(Until(START)), send())), {}, ANN)
    assert run.of("ann")[-1] == (ENTRY, "exited")


def test_orders_stop_at_the_horizon() -> None:
    plan = campaign(journey(), follow_up=DAY)
    for first, count in ((END + DAY - 1, 1), (END + DAY, 0)):
        run = simulate(plan, {"ann": Life(first=first)}, ANN)
        assert run.rows("ann").count("ordered 10000") == count == len(run.recorder.twin)


def test_later_induced_times_are_dropped_with_their_spell() -> None:
    program = (send(), send("letter", step="l"))
    replies = {("nudge", 0): Reply(ordered=DAY), ("letter", 0): Reply(ordered=2 * DAY)}
    plan = campaign(journey(*program))
    run = simulate(plan, {"ann": Life(replies=replies, later=(20 * DAY,), baskets=(1_000, 2_000))}, ANN)
    orders = [row for row in run.of("ann") if "ordered" in row[1]]
    assert orders == [(ENTRY + DAY, "ordered 1000"), (ENTRY + 21 * DAY, "ordered 2000")]


def test_orders_before_the_start_count_but_have_no_row() -> None:
    life = Life(first=START - DAY, later=(3 * DAY,), baskets=(1_000, 2_000))
    run = simulate(
        campaign(journey(), audience=Compare("orders", ">=", 2, "count")),
        {"ann": life},
        ANN,
        BEN,
        as_of=START - 5 * DAY,
    )
    membership = run.recorder.membership
    assert membership is not None
    assert run.recorder.people == [0]
    assert membership.orders.tolist() == [2]
    assert membership.monetary.tolist() == [11_000]
    assert membership.journey.tolist() == [0]
    assert (membership.eligible, membership.no_journey) == (1, 0)
    assert run.of("ann")[0] == (ENTRY, "entered")
    assert [row for row in run.of("ann") if "ordered" in row[1]] == [(START + 2 * DAY, "ordered 2000")]
    assert run.recorder.twin_orders(run.people) == [(START + 2 * DAY, "ann", 2_000)]


def test_who_no_journey_takes_is_only_counted() -> None:
    plan = campaign(journey(send(), match=Compare("orders", ">", 5, "count")))
    run = simulate(plan, {}, ANN)
    assert run.recorder.membership is not None
    assert (run.recorder.membership.eligible, run.recorder.membership.no_journey) == (1, 1)
    assert run.lines == []


def test_an_order_of_the_last_second_is_no_tail_and_reaches_the_goal() -> None:
    plan = campaign(journey(wait(60)))
    early = simulate(plan, {"ann": Life(first=END - 1)}, ANN)
    assert early.of("ann")[-2:] == [(END - 1, "ordered 10000"), (END - 1, "exited")]
    late = simulate(plan, {"ann": Life(first=END)}, ANN)
    assert late.of("ann")[-2:] == [(END, "ordered 10000"), (END, "ended")]


def test_a_bounced_message_is_answered_by_nobody_but_costs_and_counts() -> None:
    plan = campaign(
        journey(send("nudge", "gift5")), messages=(nudge(cost_micros=45_000), letter()), incentives=(coupon(),)
    )
    life = Life(
        first=ENTRY + HOUR,
        remembers=frozenset({"gift5"}),
        replies={("nudge", 0): Reply(delivered=False, opened=MINUTE)},
    )
    assert simulate(plan, {"ann": life}, ANN).rows("ann") == [
        "entered", "sent nudge 5", "granted nudge gift5", "exited", "ordered 10000", "lapsed gift5",
    ]  # fmt: skip


def test_rows_are_the_same_whoever_else_is_there() -> None:
    plan = campaign(journey(send(), wait(2, "order"), send("letter", step="l"), wave=Wave(ENTRY)))
    lives = {
        "ann": Life(replies={("nudge", 0): Reply(ordered=HOUR)}),
        "ben": Life(replies={("letter", 0): Reply(opened=5)}),
    }
    together, alone = simulate(plan, lives, ANN, BEN), simulate(plan, lives, BEN)
    assert together.of("ben") == alone.of("ben")


def test_a_rung_in_calendar_months_ends_by_the_calendar() -> None:
    monthly = coupon(rungs=(Rung(AmountOff(500, 0), Months(1)),))
    plan = campaign(journey(send("nudge", "gift5"), wave=Wave(at(31, 10))), incentives=(monthly,))
    assert simulate(plan, {}, ANN).of("ann")[-1] == (at(30, 10, month=6), "lapsed gift5")


def test_who_is_not_in_the_audience_has_no_row() -> None:
    plan = evolve(campaign(journey(send())), audience=Not(Compare("orders", ">", 0, "count")))
    assert simulate(plan, {}, ANN).lines == []


def test_a_click_before_the_last_message_ends_no_wait_after_it() -> None:
    program = (send(), wait(1), send("letter"), wait(5, "click"))
    run = simulate(campaign(journey(*program)), {"ann": Life(replies={("nudge", 0): Reply(clicked=HOUR)})}, ANN)
    assert run.of("ann")[-1] == (ENTRY + 6 * DAY, "exited")


def test_the_second_order_of_a_spell_is_organic_again() -> None:
    # The induced order uses no coupon (its basket is too small), the organic one after it forgets the coupon.
    plan = campaign(journey(send("nudge", "gift5")), incentives=(coupon(),))
    life = Life(baskets=(100, 9_000), later=(DAY,), replies={("nudge", 0): Reply(ordered=HOUR)})
    assert simulate(plan, {"ann": life}, ANN).rows("ann")[-3:] == ["ordered 100", "ordered 9000", "lapsed gift5"]


def test_what_was_paid_counts_not_what_was_in_the_basket() -> None:
    rich = Compare("total_spent", "==", 10_000 + 9_000 - 500, "money")
    program = (send("nudge", "gift5"), wait(3), Branch(rich, 4), send("letter"))
    life = Life(baskets=(9_000,), replies={("nudge", 0): Reply(ordered=HOUR)})
    run = simulate(campaign(journey(*program, goal=""), incentives=(coupon(),)), {"ann": life}, ANN)
    assert "sent letter" in run.rows("ann")


def test_an_order_in_the_first_second_has_a_row() -> None:
    run = simulate(campaign(journey()), {"ann": Life(first=START)}, ANN)
    assert run.of("ann")[0] == (START, "ordered 10000")
    assert run.recorder.membership is not None
    assert run.recorder.membership.orders.tolist() == [1]
    assert run.recorder.twin_orders(run.people) == [(START, "ann", 10_000)]


def test_scores_are_those_of_the_start_among_everybody() -> None:
    # Ann has the one order of the lowest fifth, and keeps score 1 when she orders twice more; Ben has three orders.
    program = (
        wait(9),
        Branch(Compare("frequency_score", "==", 1, "count"), 3),
        send(),
        Branch(Compare("frequency_score", ">=", 3, "count"), 5),
        send("letter"),
    )
    plan = campaign(journey(*program, goal=""))
    run = simulate(plan, {"ann": Life(first=at(2), later=(DAY,))}, ANN, evolve(BEN, orders=3))
    assert [row for row in run.rows("ann") if "sent" in row] == ["sent nudge"]
    assert [row for row in run.rows("ben") if "sent" in row] == ["sent letter"]


class Felt(Scripted):
    """Scripted lives whose pressure doubles from send to send; keeps what each touch and prompt found."""

    def model(self, *task: Any) -> Any:
        model, seen = super().model(*task), FOUND

        class Feeling(ScriptedModel):
            def press(self, pressure: Any, pressed_at: Any, at: Any) -> Any:
                return pressure * 2

            def touch(self, who: Any, at: Any, message: int, offers: Any, occurrence: Any, state: State) -> Any:
                offer = [(int(each.amount[0]), int(each.threshold[0]), bool(each.live[0])) for each in offers]
                seen.append((int(state.orders[0]), float(state.pressure[0]), int(occurrence[0]), offer))
                return super().touch(who, at, message, offers, occurrence, state)

        return Feeling(model.plan, model.lives, model.stretch)


FOUND: list[tuple[int, float, int, list[tuple[int, int, bool]]]] = []


def test_a_touch_finds_history_pressure_and_what_it_shows() -> None:
    FOUND.clear()
    program = (send("nudge", "gift5"), wait(1), send("letter", step="l"), wait(1), send("nudge", "gift5", step="again"))
    plan = campaign(journey(*program, goal=""), incentives=(coupon(),))
    crowd = population(plan.start, [ANN])
    run_reference(Task(plan, crowd, Felt({"ann": Life(first=ENTRY + HOUR)}), 1, 0), Recorder())
    assert FOUND == [(1, 0.0, 0, [(500, 5_000, False)]), (2, 2.0, 0, []), (2, 6.0, 1, [(500, 5_000, True)])]
