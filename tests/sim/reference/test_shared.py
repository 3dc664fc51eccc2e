"""Rate, budget, stock, guards, scenarios, template, suppression: what the worked examples leave out."""

import pytest
from attrs import evolve
from tests.sim.people import Person
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
    email,
    journey,
    letter,
    nudge,
    send,
    sms,
    wait,
)
from tests.sim.reference.runs import ANN, BEN, DAN, EMIL, FINN, simulate
from tests.sim.scripted import Life, Reply

from wakeup.plan.model import (
    Arm,
    Budget,
    Cadence,
    DayWindow,
    FixedCost,
    Guard,
    Line,
    Promotion,
    Quiet,
    Scenario,
    Split,
    Wave,
)
from wakeup.plan.predicates import HasTag
from wakeup.sim.reference import watch

CROWD = (ANN, BEN, DAN, EMIL, FINN)
EUR = 1_000_000


def test_expired_requests_leave_their_places_to_others() -> None:
    # One message an hour, and each expires after two: three are sent, the others are refused at once.
    plan = campaign(journey(send(expires=3 * HOUR)), channels=(sms(rate=1, rate_seconds=HOUR), email()))
    run = simulate(plan, {}, *CROWD)
    assert [run.of(each.id)[-2] for each in CROWD[:3]] == [
        (ENTRY, "delivered nudge"), (ENTRY + HOUR, "delivered nudge"), (ENTRY + 2 * HOUR, "delivered nudge"),
    ]  # fmt: skip
    assert [run.of(each.id)[1] for each in CROWD[3:]] == [(ENTRY, "refused nudge expired")] * 2


def test_no_place_is_taken_at_or_after_the_end() -> None:
    plan = campaign(
        journey(send(), wave=Wave(END - HOUR)),
        channels=(sms(rate=1, rate_seconds=HOUR), email()),
        messages=(nudge(fallback="letter"), letter()),
    )
    run = simulate(plan, {}, ANN, BEN)
    assert "sent nudge" in run.rows("ann")
    assert run.rows("ben") == ["entered", "refused nudge ended", "sent letter", "delivered letter", "exited"]


def test_a_fallback_that_goes_out_leaves_the_place_of_the_first_spent() -> None:
    channels = (sms(rate=1, rate_seconds=HOUR), email())
    messages = (nudge(fallback="letter"), letter(), nudge(name="plain"))
    plan = campaign(
        journey(send("plain"), name="plain", match=HasTag("plain"), salt="a"),
        journey(send()),
        channels=channels,
        messages=messages,
    )
    run = simulate(plan, {}, ANN, BEN, Person("dan", at(1, year=2025), tags=frozenset({"plain"})))
    assert "sent nudge" in run.rows("ann")
    assert "sent letter" in run.rows("ben")  # its place at ENTRY + 1 h stays spent
    assert (ENTRY + 2 * HOUR, "sent plain") in run.of("dan")


def test_at_the_release_the_whole_decision_runs_again() -> None:
    # Ben waits for a place; meanwhile a guard has nothing to say, but a complaint about an earlier message has.
    channels = (sms(rate=1, rate_seconds=DAY), email())
    program = (send("letter"), send("nudge", step="n", expires=5 * DAY))
    lives = {"ben": Life(replies={("letter", 0): Reply(complained=HOUR)})}
    run = simulate(campaign(journey(*program), channels=channels), lives, ANN, BEN)
    release = at(2)
    assert run.of("ben")[-2:] == [(release, "refused nudge suppressed"), (release, "exited")]


def test_a_release_into_quiet_hours_is_held_again() -> None:
    quiet = Cadence(quiet=(Quiet(DayWindow(11 * HOUR, 13 * HOUR)),))
    channels = (sms(rate=1, rate_seconds=HOUR), email())
    run = simulate(campaign(journey(send()), cadence=quiet, channels=channels), {}, ANN, BEN)
    assert run.of("ben")[1:4] == [
        (ENTRY, "delayed nudge rate"),
        (ENTRY + HOUR, "delayed nudge quiet"),
        (at(1, 13), "sent nudge"),
    ]


def test_a_blank_field_refuses_and_a_column_that_is_not_there_does_not() -> None:
    people = (
        Person("ann", at(1, year=2025), texts={"first_name": ""}),
        Person("ben", at(1, year=2025), texts={"first_name": "Ben"}),
    )
    plan = campaign(journey(send()), messages=(nudge(fields=("first_name", "city")), letter()))
    run = simulate(plan, {}, *people)
    assert run.rows("ann") == ["entered", "refused nudge template", "exited"]
    assert "sent nudge" in run.rows("ben")


def test_consent_columns_go_by_the_name_then_the_kind_of_a_channel() -> None:
    channels = (sms(name="cn.sms"), email())
    plan = campaign(journey(send()), channels=channels, messages=(nudge(channel="cn.sms"), letter()))
    kind = Person("ann", at(1, year=2025), consents={"sms": "no"})
    named = Person("ben", at(1, year=2025), consents={"cn.sms": "yes", "sms": "no"})
    assert "refused nudge no_consent" in simulate(plan, {}, kind).rows("ann")
    assert "sent nudge" in simulate(plan, {}, named).rows("ben")


def test_without_a_column_reach_is_asked_of_the_behaviour() -> None:
    lives = {"ann": Life(unreachable=frozenset({"sms"}))}
    assert "refused nudge unreachable" in simulate(campaign(journey(send())), lives, ANN, BEN).rows("ann")


def test_a_complaint_closes_every_channel_an_opt_out_only_its_own() -> None:
    program = (send(), wait(1), send("letter"), send("nudge", step="again"))
    lives = {
        "ann": Life(replies={("nudge", 0): Reply(opted_out=DAY)}),
        "ben": Life(replies={("nudge", 0): Reply(complained=DAY)}),
    }
    run = simulate(campaign(journey(*program)), lives, ANN, BEN)
    assert run.rows("ann")[3:] == [
        "opted_out nudge", "refused nudge suppressed", "sent letter", "delivered letter", "exited",
    ]  # fmt: skip
    assert {"refused letter suppressed", "refused nudge suppressed"} <= set(run.rows("ben"))


def budget(total: int, **lines: int) -> Budget:
    return Budget(total, tuple(Line(name, limit) for name, limit in lines.items()), send_line="sends")


def test_fixed_costs_are_booked_on_their_day_and_fill_the_total() -> None:
    plan = campaign(
        journey(send(), wait(2), send("nudge", step="again")),
        budget=budget(1_000, sends=1_000),
        messages=(nudge(cost_micros=10_000), letter()),
        costs=(FixedCost("wages", 999, "", START - 5 * DAY), FixedCost("print", 5, "", ENTRY + DAY)),
    )
    assert simulate(plan, {}, ANN).rows("ann") == [
        "entered",
        "sent nudge 1",
        "delivered nudge",
        "refused nudge budget",
        "exited",
    ]


def test_a_spent_line_refuses_new_coupons_but_honours_those_granted() -> None:
    plan = campaign(
        journey(send("nudge", "gift5"), wave=Wave(ENTRY, per_day=2)),
        budget=budget(10_000, promo=500),
        incentives=(coupon(line="promo"),),
    )
    lives = {each.id: Life(replies={("nudge", 0): Reply(ordered=HOUR)}) for each in (ANN, BEN, DAN)}
    run = simulate(plan, lives, ANN, BEN, DAN)
    refused = [line[1] for line in run.lines if line[2] == "refused"]
    redeemed = [line[1] for line in run.lines if line[2] == "redeemed"]
    assert len(redeemed) == 2  # 1,000 of 500: overdrawn
    assert len(refused) == 1
    assert set(refused).isdisjoint(redeemed)


def test_reserved_face_is_told_at_the_end() -> None:
    plan = campaign(
        journey(send("nudge", "gift5"), wave=Wave(END - HOUR)),
        budget=budget(10_000, promo=5_000, sends=1),
        incentives=(coupon(line="promo", reserve_face=True),),
    )
    run = simulate(plan, {}, ANN, BEN)
    assert run.recorder.closing is not None
    assert run.recorder.closing.reserved == (("promo", 1_000), ("sends", 0))


def test_a_used_up_limit_refuses_a_new_grant() -> None:
    program = (send("nudge", "gift5"), wait(2), send("nudge", "gift5", step="again"))
    plan = campaign(journey(*program, goal=""), incentives=(coupon(limit=1),))
    run = simulate(plan, {"ann": Life(replies={("nudge", 0): Reply(ordered=HOUR)})}, ANN)
    assert "refused nudge incentive_invalid" in run.rows("ann")


STOP = Guard("spending", "spent", ">", "0.5", "budget_share", "stop")


def test_a_stop_ends_everybody_and_keeps_later_waves_out() -> None:
    plan = campaign(
        journey(send(), wait(5), wave=Wave(ENTRY, per_day=2)),
        budget=budget(10, sends=10),
        messages=(nudge(cost_micros=40_000), letter()),
        guards=(STOP,),
    )
    run = simulate(plan, {}, ANN, BEN, DAN)
    assert run.recorder.closing is not None
    (tripped,) = run.recorder.closing.tripped
    assert tripped == ("spending", "", ENTRY + 15 * MINUTE)
    ends = sorted((line[2], line[0]) for line in run.lines if line[2] in ("ended", "not_entered"))
    assert ends == [("ended", ENTRY + 15 * MINUTE)] * 2 + [("not_entered", ENTRY + DAY)]


def test_a_stop_refuses_what_is_held() -> None:
    quiet = Cadence(quiet=(Quiet(DayWindow(9 * HOUR, 20 * HOUR)),))
    plan = campaign(
        journey(send()),
        budget=budget(10, sends=10),
        costs=(FixedCost("wages", 6, "", START),),
        guards=(STOP,),
        cadence=quiet,
    )
    wages = simulate(plan, {}, ANN)
    assert wages.rows("ann") == ["not_entered not_entered"]
    later = evolve(plan, costs=(FixedCost("wages", 6, "", ENTRY + 1),))
    assert simulate(later, {}, ANN).of("ann") == [
        (ENTRY, "entered"), (ENTRY, "delayed nudge quiet"),
        (ENTRY + 15 * MINUTE, "refused nudge ended"), (ENTRY + 15 * MINUTE, "ended"),
    ]  # fmt: skip


def test_guards_see_nothing_of_their_own_second_and_nothing_of_the_control() -> None:
    guard = Guard("orders", "orders", ">=", "1", "count", "stop")
    plan = campaign(journey(wait(20, "click"), goal=""), guards=(guard,), holdout="0.4")
    lives = {each.id: Life(first=ENTRY + 15 * MINUTE if each is EMIL else START + HOUR) for each in (ANN, EMIL)}
    run = simulate(plan, lives, ANN, EMIL)  # Ann is held out
    assert run.rows("ann") == ["ordered 10000"]
    assert run.of("emil")[-1] == (ENTRY + 30 * MINUTE, "ended")


def test_a_pause_is_of_the_channel_in_breach_and_only_once() -> None:
    guard = Guard("clicks", "clicked", ">=", "1", "count", "pause_channel", lasts=HOUR)
    program = (
        send(),
        send("letter"),
        wait(1 / 24),
        send("nudge", step="a"),
        send("letter", step="b"),
        wait(1),
        send("nudge", step="c"),
    )
    lives = {"ann": Life(replies={("nudge", 0): Reply(clicked=50 * MINUTE)})}
    run = simulate(campaign(journey(*program), guards=(guard,)), lives, ANN)
    assert [row for row in run.rows("ann") if "sent" in row or "refused" in row] == [
        "sent nudge", "sent letter", "refused nudge paused", "sent letter", "sent nudge",
    ]  # fmt: skip
    assert run.recorder.closing is not None
    assert run.recorder.closing.tripped == (("clicks", "sms", ENTRY + HOUR),)


def test_a_channel_down_to_the_end_falls_back() -> None:
    trouble = Scenario("down", START, END + DAY, down=("sms",))
    plan = campaign(journey(send()), messages=(nudge(fallback="letter"), letter()), scenarios=(trouble,))
    assert simulate(plan, {}, ANN, scenario=trouble).rows("ann") == [
        "entered", "refused nudge ended", "sent letter", "delivered letter", "exited",
    ]  # fmt: skip


@pytest.mark.parametrize(("days", "sent"), [(2, True), (10, False)])
def test_an_outage_holds_no_longer_than_the_message_lives(days: int, sent: bool) -> None:
    trouble = Scenario("down", START, ENTRY + days * DAY, down=("sms",))
    run = simulate(campaign(journey(send())), {}, ANN, scenario=trouble)
    assert ("sent nudge" in run.rows("ann")) is sent
    assert ("refused nudge expired" in run.rows("ann")) is not sent


def test_places_that_nobody_took_are_there_for_later_requests() -> None:
    # Five ask at once and two expire; whoever asks three hours later finds the window empty.
    late = journey(send(expires=3 * HOUR), name="late", match=HasTag("late"), wave=Wave(ENTRY + 3 * HOUR), salt="late")
    plan = campaign(late, journey(send(expires=3 * HOUR)), channels=(sms(rate=1, rate_seconds=HOUR), email()))
    run = simulate(plan, {}, *CROWD, Person("una", at(1, year=2025), tags=frozenset({"late"})))
    assert (ENTRY + 3 * HOUR, "sent nudge") in run.of("una")


def test_a_promotion_counts_who_was_assigned_long_enough_ago(monkeypatch: pytest.MonkeyPatch) -> None:
    judged: list[tuple[list[int], list[int]]] = []

    def keep(successes: list[int], people: list[int], sure: float) -> None:
        judged.append((successes, people))

    monkeypatch.setattr(watch, "promoted", keep)
    split = Split("kit", "kit", (Arm("a", "0", "0.0001", 1), Arm("b", "0.0001", "1", 1)))
    plan = campaign(
        journey(split, wait(20), wave=Wave(ENTRY, per_day=2), goal=""),
        promotions=(Promotion("wake", "kit", "wake_rate", after=DAY + HOUR + 1, sure="0.9", within=2 * HOUR),),
    )
    lives = {each.id: Life(first=ENTRY + DAY + MINUTE) for each in CROWD}
    run = simulate(plan, lives, *CROWD)
    # Judged once, at the first quarter hour after 25 h and a second: the second wave has had only an hour.
    assert judged == [([0, 0], [0, 2])]
    assert run.recorder.closing is not None
    assert run.recorder.closing.promoted == (("wake/kit", ""),)
