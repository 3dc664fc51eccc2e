"""Draws, surveys, events, communities: what the worked examples leave out (rules 64-67, 77, 78)."""

import pytest
from attrs import evolve
from tests.sim.plans import DAY, END, ENTRY, HOUR, START, at, campaign, coupon, journey, send, wait
from tests.sim.reference.runs import ANN, BEN, simulate
from tests.sim.scripted import Life, Reply

from wakeup.plan.model import Activity, Arm, Branch, Budget, Elapsed, Gift, Line, Months, Promotion, Split
from wakeup.plan.predicates import Happened

WEEK = Elapsed(7 * DAY)
DRAW = Activity("lucky", "", "", 1, "gift5", WEEK, odds="0.5", kind="draw")
SURVEY = Activity("how", "", "", 1, "", WEEK, kind="survey")
CLUB = Activity("club", "", "", 1, "", WEEK, bond=Months(1), kind="community")
EVENT = Activity("tea", "", "", 1, "", WEEK, at=ENTRY + 2 * DAY, cost=5_000, kind="event")


def takes(*incentives: str, delay: int = HOUR) -> dict[tuple[str, int], Reply]:
    return {("nudge", 0): Reply(taken=dict.fromkeys(incentives, delay))}


def test_who_loses_a_draw_leaves_no_trace_but_the_join() -> None:
    plan = campaign(journey(send("nudge", "lucky")), incentives=(coupon(), DRAW))
    rows = simulate(plan, {"ann": Life(replies=takes("lucky"))}, ANN).rows("ann")
    assert rows[-1] == "joined nudge lucky"


def test_the_prize_of_a_draw_may_be_a_coupon() -> None:
    plan = campaign(journey(send("nudge", "lucky")), incentives=(coupon(), DRAW))
    life = Life(replies=takes("lucky"), wins=frozenset({("lucky", 0)}), prompts={("gift5", 0): HOUR})
    assert simulate(plan, {"ann": life}, ANN).rows("ann")[5:] == [
        "joined nudge lucky", "completed nudge lucky", "granted nudge gift5", "ordered 10000", "redeemed gift5 500",
    ]  # fmt: skip


def test_the_score_comes_last_in_its_second() -> None:
    plan = campaign(journey(send("nudge", "how"), wait(1)), incentives=(SURVEY,))
    life = Life(replies=takes("how"), scores={("how", 0): 400}, prompts={("how", 0): HOUR})
    assert simulate(plan, {"ann": life}, ANN).of("ann")[4:] == [
        (ENTRY + HOUR, "joined nudge how"), (ENTRY + HOUR, "completed nudge how"),
        (ENTRY + HOUR, "rated nudge how 400"),
        (ENTRY + 2 * HOUR, "ordered 10000"), (ENTRY + 2 * HOUR, "exited"),
    ]  # fmt: skip


@pytest.mark.parametrize("goal", ["complete", "attend", "join"])
def test_an_event_can_be_the_goal(goal: str) -> None:
    plan = campaign(journey(send("nudge", "tea"), wait(5), goal=goal), incentives=(EVENT,))
    life = Life(replies=takes("tea"), completes=frozenset({"tea"}))
    left = ENTRY + HOUR if goal == "join" else ENTRY + 2 * DAY
    rows = simulate(plan, {"ann": life}, ANN).of("ann")
    assert (left, "exited") in rows
    assert (ENTRY + 2 * DAY, "completed nudge tea 5000") in rows


@pytest.mark.parametrize(("begins", "happens"), [(END - 1, True), (END, False)])
def test_an_event_happens_before_the_end_or_not_at_all(begins: int, happens: bool) -> None:
    event = Activity("tea", "", "", 1, "", Elapsed(60 * DAY), at=begins, kind="event")
    plan = campaign(journey(send("nudge", "tea")), incentives=(event,))
    life = Life(replies=takes("tea"), completes=frozenset({"tea"}))
    assert ("completed nudge tea" in simulate(plan, {"ann": life}, ANN).rows("ann")) is happens


@pytest.mark.parametrize("comes", [True, False])
def test_a_seat_is_paid_by_the_line_when_somebody_sits_on_it(comes: bool) -> None:
    event, kit = evolve(EVENT, line="gifts"), Gift("kit", "", 0, WEEK, line="gifts")
    program = (send("nudge", "tea"), wait(3), send("letter", "kit", step="l"))
    plan = campaign(
        journey(*program, goal=""), incentives=(event, kit), budget=Budget(100_000, (Line("gifts", 5_000),))
    )
    life = Life(replies=takes("tea"), completes=frozenset({"tea"} if comes else ()))
    assert ("refused letter budget" in simulate(plan, {"ann": life}, ANN).rows("ann")) is comes


def test_complete_and_attend_are_asked_of_the_last_message_only() -> None:
    program = (
        send("nudge", "tea"), wait(3), Branch(Happened("attend"), 4), send("letter", step="l"),
        Branch(Happened("complete"), 6), send("letter", step="m"),
    )  # fmt: skip
    plan = campaign(journey(*program, goal=""), incentives=(EVENT,))
    life = Life(replies=takes("tea"), completes=frozenset({"tea"}))
    run = simulate(plan, {"ann": life}, ANN, BEN)
    assert run.rows("ann").count("sent letter") == 1  # after it nothing was completed
    assert run.rows("ben").count("sent letter") == 0


def test_the_bond_of_a_reward_is_there_before_the_reward_is_thanked_for() -> None:
    year = Gift("year", "", 1_200, WEEK, bond=Months(12), kind="membership")
    draw = Activity("lucky", "", "", 1, "year", WEEK, odds="0.5", kind="draw")
    plan = campaign(journey(send("nudge", "lucky")), incentives=(year, draw))
    life = Life(
        replies=takes("lucky"),
        wins=frozenset({("lucky", 0)}),
        prompts={("year", 0): HOUR},
        needs_bond=frozenset({"year"}),
    )
    rows = simulate(plan, {"ann": life}, ANN).rows("ann")
    assert rows[5:] == [
        "joined nudge lucky", "completed nudge lucky", "granted nudge year", "gifted nudge year 1200", "ordered 10000",
    ]  # fmt: skip


@pytest.mark.parametrize(("days", "holds"), [(31, True), (31 + 1 / 24, False)])
def test_bonds_do_not_add_up(days: float, holds: bool) -> None:
    # A month of the club from 1 May 11:00 lasts to 1 June 11:00; the week that begins later changes nothing.
    week = Gift("week", "", 0, WEEK, bond=WEEK, kind="membership")
    program = (send("nudge", "club", "week"), wait(days), send("letter", step="l"))
    plan = campaign(journey(*program, goal=""), incentives=(CLUB, week), end=END + 30 * DAY)
    replies = {("nudge", 0): Reply(taken={"club": HOUR, "week": 2 * HOUR}), ("letter", 0): Reply(ordered=60)}
    life = Life(replies=replies, needs_bond=frozenset({"letter"}))
    assert ("ordered 10000" in simulate(plan, {"ann": life}, ANN).rows("ann")) is holds


def test_two_completions_with_one_reward_in_one_second() -> None:
    # The survey is declared first: its completion grants the coupon, that of the draw finds it live.
    survey = Activity("how", "", "", 1, "gift5", WEEK, kind="survey")
    plan = campaign(
        journey(send("nudge", "lucky"), send("letter", "how", step="l"), wait(1)), incentives=(coupon(), survey, DRAW)
    )
    life = Life(
        replies=takes("lucky") | {("letter", 0): Reply(taken={"how": HOUR})},
        wins=frozenset({("lucky", 0)}),
        prompts={("gift5", 0): 2 * HOUR, ("gift5", 1): HOUR},
    )
    rows = simulate(plan, {"ann": life}, ANN).of("ann")
    assert [row for _, row in rows if "granted" in row and "gift5" in row] == ["granted letter gift5"]
    assert (ENTRY + 2 * HOUR, "ordered 10000") in rows  # the second prompt came, with the live coupon


def test_claims_of_a_second_come_before_joins_whatever_is_declared_first() -> None:
    # The kit spends the line in the second in which the survey is answered: nothing is left for the reward.
    survey = Activity("how", "", "", 1, "gift5", WEEK, kind="survey")
    plan = campaign(
        journey(send("nudge", "how", "kit")),
        incentives=(coupon(line="gifts"), survey, Gift("kit", "", 1_800, WEEK, line="gifts")),
        budget=Budget(100_000, (Line("gifts", 1_800),)),
    )
    rows = simulate(plan, {"ann": Life(replies=takes("how", "kit"))}, ANN).rows("ann")
    assert "refused nudge gift5 budget" in rows


def test_a_reward_that_is_refused_prompts_nothing() -> None:
    plan = campaign(journey(send("nudge", "lucky")), incentives=(coupon(stock=0), DRAW))
    life = Life(
        replies=takes("lucky"), wins=frozenset({("lucky", 0)}), prompts={("gift5", 0): HOUR, ("lucky", 0): HOUR}
    )
    assert simulate(plan, {"ann": life}, ANN).rows("ann")[-1] == "refused nudge gift5 out_of_stock"


def test_a_seat_refused_is_refused_for_good() -> None:
    # Ben's second message shows the live grant again, but his claim is spent.
    event = Activity("tea", "", "", 1, "", WEEK, at=ENTRY + 3 * DAY, places=1, kind="event")
    plan = campaign(
        journey(send("nudge", "tea"), wait(1), send("letter", "tea", step="l"), goal=""), incentives=(event,)
    )
    ben = Life(replies=takes("tea", delay=2 * HOUR) | {("letter", 0): Reply(taken={"tea": HOUR})})
    run = simulate(plan, {"ann": Life(replies=takes("tea")), "ben": ben}, ANN, BEN)
    assert [row for row in run.rows("ben") if "tea" in row] == [
        "granted nudge tea", "refused nudge tea out_of_stock", "lapsed tea",
    ]  # fmt: skip


def test_a_completion_wakes_and_counts_for_a_promotion() -> None:
    split = Split("ab", "s", (Arm("a", "0", "0.5", 1), Arm("b", "0.5", "1", 1)))
    plan = campaign(
        journey(split, send("nudge", "how"), wait(1), goal=""),
        incentives=(SURVEY,),
        awake=("complete",),
        promotions=(Promotion("wake", "ab", "wake_rate", 2 * DAY, "0.6", DAY),),
    )
    run = simulate(plan, {"ann": Life(replies=takes("how"))}, ANN, BEN)
    assert run.recorder.closing is not None
    assert run.recorder.closing.promoted[0][1] != ""
    nobody = simulate(plan, {}, ANN, BEN)
    assert nobody.recorder.closing is not None
    assert nobody.recorder.closing.promoted[0][1] == ""


def test_an_event_that_has_begun_before_the_entry_is_not_offered() -> None:
    event = Activity("tea", "", "", 1, "", WEEK, at=ENTRY, kind="event")
    plan = campaign(journey(send("nudge", "tea")), incentives=(event,), start=START)
    assert simulate(plan, {}, ANN).rows("ann") == ["entered", "refused nudge incentive_invalid", "exited"]
    assert at(1, 10) == ENTRY
