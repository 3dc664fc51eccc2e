"""Staff who serve sends, permissions, wordings: what the worked examples leave out (rules 68, 71, 72, 79-81)."""

from typing import Any

from attrs import evolve
from tests.sim.people import Person
from tests.sim.plans import (
    DAY,
    ENTRY,
    HOUR,
    MINUTE,
    at,
    campaign,
    email,
    journey,
    letter,
    nudge,
    send,
    sms,
    wait,
    window,
)
from tests.sim.reference.runs import ANN, BEN, DAN, EMIL, simulate
from tests.sim.scripted import Life, Reply

from wakeup.plan.model import Budget, Cadence, Channel, Elapsed, Guard, Message, Plan, Quiet, Service, Staff, Variant
from wakeup.plan.predicates import Compare, Happened

CALLERS = Staff("callers", 1, 10 * MINUTE, window(0, 24))
PHONE = Channel("phone", "phone", staff="callers")
CALL = Message("call", "phone", "Hello")
GONE = Life(first=ENTRY + 5 * MINUTE)


def calls(*program: Any, messages: tuple[Message, ...] = (CALL, letter()), **changes: Any) -> Plan:
    base = {"channels": (PHONE, email(), sms()), "messages": messages, "staff": (CALLERS,)}
    return campaign(journey(*(program or (send("call"),))), **base | changes)


def test_sends_and_claims_stand_in_one_line() -> None:
    # 10:00 Ann is called, Ben's call waits; 10:02 Dan claims a service of the same desk; 10:10 Ben, 10:20 Dan.
    advice = Service("advice", "", 3_500, Elapsed(DAY), staff="callers")
    plan = campaign(
        journey(send("call"), name="calls", match=Compare("orders", "==", 1, "count"), salt="a"),
        journey(send("letter", "advice", step="l"), wait(1)),
        channels=(PHONE, email()),
        messages=(CALL, letter()),
        staff=(CALLERS,),
        incentives=(advice,),
    )
    dan = evolve(DAN, orders=2)
    run = simulate(plan, {"dan": Life(replies={("letter", 0): Reply(taken={"advice": 2 * MINUTE})})}, ANN, BEN, dan)
    assert (ENTRY + 10 * MINUTE, "sent call") in run.of("ben")
    assert (ENTRY + 20 * MINUTE, "served letter advice 3500") in run.of("dan")


def test_of_one_second_the_smaller_key_comes_first_claim_or_send() -> None:
    # At 10:10 the desk is taken to 10:20. Ben's call is due and Dan claims in the same second: Ben is served first.
    advice = Service("advice", "", 3_500, Elapsed(DAY), staff="callers")
    plan = campaign(
        journey(send("call"), name="calls", match=Compare("orders", "==", 1, "count"), salt="a"),
        journey(wait(10 / 1440), send("call"), name="late", match=Compare("orders", "==", 2, "count"), salt="b"),
        journey(send("letter", "advice", step="l"), wait(1)),
        channels=(PHONE, email()),
        messages=(CALL, letter()),
        staff=(CALLERS,),
        incentives=(advice,),
    )
    ann, ben, dan = ANN, evolve(BEN, orders=2), evolve(DAN, orders=3)
    lives = {
        "ann": Life(handling={("callers", 0): 20 * MINUTE}),
        "dan": Life(replies={("letter", 0): Reply(taken={"advice": 10 * MINUTE})}),
    }
    run = simulate(plan, lives, ann, ben, dan)
    assert (ENTRY + 20 * MINUTE, "sent call") in run.of("ben")
    assert (ENTRY + 30 * MINUTE, "served letter advice 3500") in run.of("dan")


def test_who_is_kept_in_vain_is_free_a_second_later() -> None:
    # A guard pauses the channel at 10:15, after Ann's call: at their turns the others are refused one by one.
    plan = calls(
        guards=(Guard("busy", "sent", ">=", "1", "count", "pause_channel"),),
        staff=(evolve(CALLERS, handles=20 * MINUTE),),
    )
    run = simulate(plan, {}, ANN, BEN, DAN)
    assert run.of("ann")[1] == (ENTRY, "sent call")
    assert run.of("ben")[1:3] == [(ENTRY, "delayed call capacity"), (ENTRY + 20 * MINUTE, "refused call paused")]
    assert run.of("dan")[1:3] == [(ENTRY, "delayed call capacity"), (ENTRY + 20 * MINUTE + 1, "refused call paused")]


def test_a_call_that_expires_in_the_second_of_its_turn_is_not_made() -> None:
    plan = calls(send("call", expires=10 * MINUTE), messages=(evolve(CALL, fallback="letter"), letter()))
    run, late = simulate(plan, {}, ANN, BEN, DAN), ENTRY + 10 * MINUTE
    assert run.of("ben")[1:] == [
        (ENTRY, "delayed call capacity"), (late, "refused call expired"), (late, "sent letter"),
        (late, "delivered letter"), (late, "exited"),
    ]  # fmt: skip
    assert run.of("dan")[1:] == run.of("ben")[1:]


def test_an_expired_fallback_is_not_followed_by_the_first_message_again() -> None:
    messages = (nudge(fallback="call"), evolve(CALL, fallback="letter"), letter())
    plan = calls(send("nudge", expires=10 * MINUTE), messages=messages)
    run = simulate(plan, {}, *(evolve(each, consents={"sms": "no", "email": "yes"}) for each in (ANN, BEN)))
    assert [(t - ENTRY, row) for t, row in run.of("ben")[1:5]] == [
        (0, "delayed call capacity"), (0, "refused nudge no_consent"),
        (10 * MINUTE, "refused call expired"), (10 * MINUTE, "sent letter"),
    ]  # fmt: skip


def test_a_call_waits_only_if_nothing_else_keeps_it() -> None:
    # The budget is asked after the staff: it refuses at the turn, not before.
    plan = calls(
        channels=(evolve(PHONE, cost_micros=1_000_000), email(), sms()),
        messages=(evolve(CALL, cost_micros=1_000_000), letter()),
        budget=Budget(100, ()),
    )
    run = simulate(plan, {}, ANN, BEN)
    assert run.of("ben")[1:3] == [(ENTRY, "delayed call capacity"), (ENTRY + 10 * MINUTE, "refused call budget")]


def test_an_order_leaves_the_line() -> None:
    run, gone = simulate(calls(), {"ben": GONE}, ANN, BEN, DAN), ENTRY + 5 * MINUTE
    assert run.of("ben")[2:] == [(gone, "ordered 10000"), (gone, "refused call exited"), (gone, "exited")]
    assert (ENTRY + 10 * MINUTE, "sent call") in run.of("dan")


def test_an_expired_call_and_the_next_do_not_both_stand_in_line() -> None:
    # Ben's first call expires at 10:05, his second stands behind Dan's. He orders at 10:25: at 10:30 it is Emil's turn.
    programs = (
        (send("call"),),
        (send("call", expires=5 * MINUTE), send("call", step="t")),
        (wait(2 / 1440), send("call")),
        (wait(10 / 1440), send("call")),
    )
    plan = evolve(
        calls(),
        journeys=tuple(
            journey(*program, name=f"j{number}", match=Compare("orders", "==", number, "count"))
            for number, program in enumerate(programs, 1)
        ),
    )
    people = [evolve(each, orders=number) for number, each in enumerate((ANN, BEN, DAN, EMIL), 1)]
    lives = {"ann": Life(handling={("callers", 0): 20 * MINUTE}), "ben": Life(first=ENTRY + 25 * MINUTE)}
    run = simulate(plan, lives, *people)
    assert (ENTRY + 20 * MINUTE, "sent call") in run.of("dan")
    assert (ENTRY + 30 * MINUTE, "sent call") in run.of("emil")


def test_a_place_in_the_rate_is_kept_in_the_line() -> None:
    # One call an hour. Ben has the place of 11:00, when Ann's long call still keeps the desk: at 11:30 he needs none.
    plan = calls(channels=(evolve(PHONE, rate=1, rate_seconds=HOUR), email(), sms()))
    run = simulate(plan, {"ann": Life(handling={("callers", 0): 90 * MINUTE})}, ANN, BEN)
    assert run.of("ben")[1:4] == [
        (ENTRY, "delayed call rate"), (ENTRY + HOUR, "delayed call capacity"), (ENTRY + 90 * MINUTE, "sent call"),
    ]  # fmt: skip


def test_a_fallback_that_would_stand_in_line_does_not_take_the_place_of_a_delay() -> None:
    messages = (nudge(fallback="call"), CALL, letter())
    channels = (sms(rate=1, rate_seconds=HOUR), PHONE, email())
    plan = calls(send("nudge"), messages=messages, channels=channels)
    run = simulate(plan, {"ben": Life(handling={("callers", 0): 5 * HOUR})}, ANN, BEN, DAN)
    assert run.rows("ben")[1:3] == ["refused nudge rate", "sent call"]
    assert run.of("dan")[1:3] == [(ENTRY, "delayed nudge rate"), (ENTRY + 2 * HOUR, "sent nudge")]


def test_the_staff_of_the_message_go_before_those_of_the_channel() -> None:
    special = Staff("special", 1, HOUR, window(12, 13))
    plan = calls(messages=(evolve(CALL, staff="special"), letter()), staff=(CALLERS, special))
    run = simulate(plan, {}, ANN, BEN)
    assert run.of("ann")[1:3] == [(ENTRY, "delayed call capacity"), (at(1, 12), "sent call")]
    assert (at(2, 12), "sent call") in run.of("ben")  # at 13:00 the desk closes


def test_a_held_call_is_decided_anew_at_its_turn() -> None:
    # Ben's turn comes at 01:00, in quiet hours: he is held to 08:00, when somebody is free.
    plan = calls(
        wait(0.5), send("call"),
        channels=(evolve(PHONE, quiet=Quiet(window(0, 8))), email(), sms()),
        staff=(evolve(CALLERS, handles=3 * HOUR),),
    )  # fmt: skip
    run = simulate(plan, {}, ANN, BEN)
    due = ENTRY + 12 * HOUR
    assert run.of("ben")[1:4] == [
        (due, "delayed call capacity"), (due + 3 * HOUR, "delayed call quiet"), (at(2, 8), "sent call"),
    ]  # fmt: skip


# --- permissions ---


def alerts(*program: Any, **changes: Any) -> Plan:
    channels = (
        Channel("alerts", "mini_subscribe"),
        Channel("news", "mini_subscribe"),
        Channel("popup", "mini_program"),
    )
    messages = (Message("alert", "alerts", ""), Message("new", "news", ""), Message("look", "popup", ""))
    return campaign(journey(*program, goal=""), channels=channels, messages=messages, **changes)


def test_without_a_number_who_is_reached_permits_one() -> None:
    plan = alerts(send("alert"), send("alert", step="t"))
    people = [evolve(each, consents={"alerts": answer}) for each, answer in ((ANN, "yes"), (BEN, "no"), (DAN, ""))]
    run = simulate(plan, {}, *people)
    assert run.rows("ann") == ["entered", "refused alert no_grant", "sent alert", "delivered alert", "exited"]
    assert run.rows("ben")[1] == "refused alert no_consent"
    assert run.rows("dan")[1] == "refused alert unreachable"
    reached = simulate(plan, {"ben": Life(unreachable=frozenset({"alerts"}))}, ANN, BEN)
    assert "sent alert" in reached.rows("ann")
    assert reached.rows("ben")[1] == "refused alert unreachable"


def test_the_number_of_the_channel_goes_before_that_of_its_kind() -> None:
    plan = alerts(send("alert"), send("new", step="n"), send("new", step="m"))
    ann = evolve(ANN, numbers={"alerts_permissions": 0, "mini_subscribe_permissions": 2})
    rows = simulate(plan, {}, ann).rows("ann")
    assert rows.count("refused alert no_grant") == 1
    assert rows.count("sent new") == 2


def test_a_negative_number_is_none_and_a_text_is_no_number() -> None:
    plan = alerts(send("look"), send("alert"), wait(1), send("alert", step="t"))
    owing = evolve(ANN, numbers={"alerts_permissions": -3.5})
    life = Life(replies={("look", 0): Reply(clicked=HOUR)}, subscribes=frozenset({("look", 0)}))
    rows = simulate(plan, {"ann": life}, owing).rows("ann")
    assert [row for row in rows if "alert" in row] == ["refused alert no_grant", "sent alert", "delivered alert"]
    assert "sent alert" in simulate(plan, {}, evolve(ANN, texts={"alerts_permissions": "none"})).rows("ann")


def test_one_click_permits_a_send_on_every_such_channel() -> None:
    plan = alerts(send("look"), wait(1), send("alert", step="a"), send("new", step="n"), send("alert", step="b"))
    ann = evolve(ANN, numbers={"mini_subscribe_permissions": 0})
    life = Life(replies={("look", 0): Reply(clicked=HOUR)}, subscribes=frozenset({("look", 0)}))
    rows = simulate(plan, {"ann": life}, ann).rows("ann")
    assert [row for row in rows if row.split()[0] in ("sent", "refused")] == [
        "sent look", "refused alert no_grant", "sent alert", "sent new",
    ]  # fmt: skip


def test_a_click_on_other_channels_permits_nothing() -> None:
    plan = campaign(
        journey(send("nudge"), wait(1), send("alert", step="a"), goal=""),
        channels=(sms(), Channel("alerts", "mini_subscribe")),
        messages=(nudge(), Message("alert", "alerts", "")),
    )
    life = Life(replies={("nudge", 0): Reply(clicked=HOUR)}, subscribes=frozenset({("nudge", 0)}))
    ann = evolve(ANN, numbers={"alerts_permissions": 0})
    assert "refused alert no_grant" in simulate(plan, {"ann": life}, ann).rows("ann")


# --- wordings ---


def test_the_wording_is_chosen_anew_at_the_release() -> None:
    # Held from 10:00 to 12:00; Ann orders at 11:00, so at the release she has two orders and reads the other text.
    text = nudge(variants=(Variant(Compare("orders", ">=", 2, "count"), "again", 70_000, 2),), cost_micros=50_000)
    plan = campaign(
        journey(send(), goal=""), messages=(text, letter()), cadence=Cadence(quiet=(Quiet(window(10, 12)),))
    )
    run = simulate(plan, {"ann": Life(first=ENTRY + HOUR)}, ANN, BEN)
    assert "sent nudge arm 0 7" in run.rows("ann")
    assert "sent nudge 5" in run.rows("ben")


def test_a_wording_may_ask_what_happened() -> None:
    text = letter(variants=(Variant(Happened("click"), "you clicked"),))
    plan = campaign(journey(send(), wait(1), send("letter", step="l"), goal=""), messages=(nudge(), text))
    run = simulate(plan, {"ann": Life(replies={("nudge", 0): Reply(clicked=60)})}, ANN, BEN)
    assert "sent letter arm 0" in run.rows("ann")
    assert "sent letter" in run.rows("ben")


def test_a_fallback_has_wordings_of_its_own() -> None:
    other = letter(variants=(Variant(Compare("orders", ">=", 1, "count"), "again"),))
    plan = campaign(journey(send()), messages=(nudge(fallback="letter"), other))
    person = Person("emil", last_order=EMIL.last_order, consents={"sms": "no", "email": "yes"})
    assert simulate(plan, {}, person).rows("emil")[1:3] == ["refused nudge no_consent", "sent letter arm 0"]
