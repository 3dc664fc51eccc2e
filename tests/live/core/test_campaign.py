"""What belongs to the campaign: enrolment, guards, promotions, the end, a stop, fixed costs, versions of the plan."""

from typing import Any

import pytest
from attrs import evolve
from tests.live.core.driving import Drive, ann, crowd, drive
from tests.sim.people import key_of, population
from tests.sim.plans import (
    DAY,
    END,
    ENTRY,
    HOUR,
    MINUTE,
    START,
    campaign,
    coupon,
    email,
    journey,
    letter,
    nudge,
    send,
    sms,
    wait,
    window,
)

from wakeup.channels.protocol import AnswerKind, Verdict
from wakeup.decide.predicates import holds
from wakeup.live.core import next_instant, versions, watch
from wakeup.live.core.enrol import admit
from wakeup.live.core.journey import go_on
from wakeup.live.core.line import Desk, Request
from wakeup.live.core.person import load, save
from wakeup.live.core.shared import read, to_json
from wakeup.live.core.world import terms
from wakeup.plan.model import (
    Activity,
    Arm,
    Branch,
    Budget,
    Coupon,
    Elapsed,
    FixedCost,
    Guard,
    Line,
    Plan,
    Promotion,
    Quiet,
    Split,
    Staff,
    Wave,
)
from wakeup.plan.predicates import Bought, Compare, HasTag
from wakeup.plan.steps import Exit, Grant, Jump

# --- enrolment -------------------------------------------------------------------------------------------------------


def test_enrolment_sorts_people_and_says_how_many_no_journey_took() -> None:
    plan = campaign(
        journey(send(), match=HasTag("vip")), audience=Compare("days_since_order", ">=", 30 * DAY, "seconds")
    )
    people = [ann(), ann(id="bo", tags=frozenset({"vip"})), ann(id="cy", last_order=START - DAY)]
    admission = admit(plan, "spring", population(START, people))
    assert [each.customer for each in admission.people] == [key_of("bo")]
    assert (admission.eligible, admission.no_journey) == (2, 1)
    assert (admission.people[0].status, admission.people[0].due) == ("planned", ENTRY)


def test_waves_enter_day_after_day_and_who_would_enter_after_the_end_never_does() -> None:
    plan = campaign(journey(send(), wave=Wave(END - DAY, per_day=1)))
    it = drive(plan, crowd(3))
    assert sorted(each.due or 0 for each in it.people.values()) == [0, 0, END - DAY]
    it.to(END, settle=Verdict.ACCEPTED)
    told = sorted(it.told(f"p{number}") for number in range(3))
    assert told == [["entered", "sent nudge", "exited"], *[["not_entered: not_entered"]] * 2]


def test_who_does_not_belong_to_the_audience_any_more_does_not_enter() -> None:
    it = drive(campaign(journey(send()), audience=Compare("days_since_order", ">=", 30 * DAY, "seconds")))
    it.answer(AnswerKind.ORDERED, amount=100)
    it.to(ENTRY)
    assert it.told() == ["ordered", "not_entered: not_entered"]
    assert it.person().status == "done"


def test_everything_that_predicates_ask_is_kept_with_the_person() -> None:
    person = ann(
        texts={"skin": "dry"}, numbers={"age": 31.5}, tags=frozenset({"vip"}), bought={"tea": START - 5 * DAY},
        touches=((START - DAY, "sms"),), zone="Asia/Shanghai",
    )  # fmt: skip
    asked = (
        Compare("skin", "==", "dry", "text"),
        Compare("age", ">", "31", "decimal"),
        HasTag("vip"),
        Bought("tea", 10 * DAY),
        Compare("total_spent", "==", 10_000, "money"),
        Compare("average_order_value", "==", 10_000, "money"),
        Compare("orders", "==", 1, "count"),
        Compare("recency_score", "==", 1, "count"),
        Compare("days_since_interaction", ">", 90 * DAY, "seconds"),
        Compare("days_since_first_order", ">", 90 * DAY, "seconds"),
    )
    steps = [step for n, each in enumerate(asked) for step in (Branch(each, 2 * n + 2), Grant(f"g{n}", ("gift5",)))]
    plan = campaign(journey(*steps, Exit()), incentives=(coupon(limit=1),))
    it = drive(plan, [person, ann(id="bo", texts={"skin": "oily"})])
    kept = it.person()
    assert kept.zone == "Asia/Shanghai"
    assert [(each.t, each.channels) for each in kept.contacts] == [(START - DAY, ("sms",))]
    with it.work() as world:
        facts = world.facts(world.person(key_of("ann")))
        assert [holds(each, facts) for each in asked] == [True] * len(asked)
        assert set(facts.attributes) >= {"skin", "age", "orders"}
        assert len(facts.attributes) == len(list(facts.attributes))
        other = world.facts(world.person(key_of("bo")))
        assert holds(asked[1], other) is None  # a blank number
        with pytest.raises(KeyError):
            other.attributes["age"]


# --- a journey -------------------------------------------------------------------------------------------------------


def test_a_journey_goes_on_only_when_it_is_due() -> None:
    it = drive(campaign(journey(wait(1), send())), at=ENTRY)
    for t in (ENTRY + HOUR, ENTRY + DAY - 1):
        it.now = t
        with it.work() as world:
            go_on(world, world.person(key_of("ann")))
    assert it.sends == {}
    it.to(ENTRY + DAY)
    with it.work() as world:
        go_on(world, world.person(key_of("ann")))  # a claimed send is waited for
    assert len(it.sends) == 1


def test_branches_jumps_grants_and_exits() -> None:
    steps = (
        Branch(HasTag("vip"), 3), Grant("g", ("gift5", "other")), Jump(4), Exit(), send("nudge", "gift5"),
    )  # fmt: skip
    plan = campaign(journey(*steps), incentives=(coupon(), coupon(name="other", stock=0)))
    it = drive(plan, [ann(tags=frozenset({"vip"})), ann(id="bo")])
    it.to(ENTRY, settle=Verdict.ACCEPTED)
    assert it.told() == ["entered", "granted gift5", "refused other: out_of_stock", "sent nudge", "exited"]
    assert it.told("bo") == ["entered", "exited"]
    assert it.decided[it.last()].offers[0].live


# --- guards ----------------------------------------------------------------------------------------------------------

PAUSE = Guard("many", "sent", ">=", "2", "count", "pause_channel", lasts=HOUR)


def test_a_guard_sees_what_happened_strictly_before_and_pauses_its_channel() -> None:
    plan = campaign(
        journey(send(), wait(1 / 96), send(step="two"), send("letter", step="three"), wave=Wave(ENTRY)),
        guards=(PAUSE,),
    )
    it = drive(plan, crowd(2))
    it.to(ENTRY, settle=Verdict.ACCEPTED)  # a whole quarter hour: its own rows do not count
    assert it.shared.tripped == []
    it.to(ENTRY + 15 * MINUTE, settle=Verdict.ACCEPTED)
    assert it.shared.tripped == [("many", "sms", ENTRY + 15 * MINUTE)]
    assert it.told("p0")[2:] == ["refused nudge: paused", "sent letter", "exited"]
    assert it.shared.paused == {"sms": ENTRY + 75 * MINUTE}
    it.to(ENTRY + 2 * HOUR)
    assert len(it.shared.tripped) == 2  # e-mail, too; each channel once


def test_rows_of_the_present_second_are_kept_apart_and_late_ones_are_not() -> None:
    it = drive(campaign(journey(send())))
    tallies = it.shared.tallies
    tallies.add(100, "sent", 1, "sms")
    tallies.add(99, "sent", 1, "sms")
    assert (tallies.before(100, "sms"), tallies.before(100, "")) == ({"sent": 1}, {"sent": 1})
    tallies.add(101, "sent", 5, "")
    assert (tallies.before(101, "sms"), tallies.before(101, "")) == ({"sent": 2}, {"sent": 2})
    assert tallies.before(102, "") == {"sent": 7}


def test_a_guard_that_stops_lets_everybody_leave_and_nobody_enter() -> None:
    quiet = email(quiet=Quiet(window(9, 12)))
    plan = campaign(
        journey(send(), send("letter", step="two"), wait(9), wave=Wave(ENTRY, per_day=1)),
        channels=(sms(), quiet), guards=(Guard("enough", "sent", ">=", "1", "count", "stop"),),
    )  # fmt: skip
    it = drive(plan, crowd(2))
    it.to(ENTRY + 2 * DAY, settle=Verdict.ACCEPTED)
    first, second = sorted([it.told("p0"), it.told("p1")], key=len, reverse=True)
    assert first == ["entered", "sent nudge", "delayed letter: quiet", "refused letter: ended", "ended"]
    assert second == ["not_entered: not_entered"]
    assert [each.t for each in it.rows if each.row.name == "ENDED"] == [ENTRY + 15 * MINUTE]


def test_somebody_may_stop_the_run() -> None:
    it = drive(campaign(journey(send(), wait(5))), at=ENTRY)
    with it.work() as world:
        watch.stop(world)
        assert next_instant(world) == ENTRY
    it.second()
    assert it.told() == ["entered", "ended"]
    assert it.person().status == "sending"
    it.settle(it.last(), Verdict.ACCEPTED)
    assert it.told() == ["entered", "ended", "sent nudge"]
    assert it.person().status == "done"


# --- promotions ------------------------------------------------------------------------------------------------------


def test_the_better_arm_wins_and_whoever_comes_later_gets_it() -> None:
    split = Split("test", "salt", (Arm("a", "0", "0.5", 1), Arm("b", "0.5", "1", 2)))
    plan = campaign(
        journey(split, send(), send("letter", step="two"), wait(20), goal="", wave=Wave(ENTRY, per_day=30)),
        promotions=(Promotion("wake", "test", "conversion", DAY + HOUR, "0.9", 6 * HOUR),),
    )
    it = drive(plan, crowd(70))

    def buy(arm: str, since: int) -> None:
        rows = [each for each in it.rows if each.row.name == "ASSIGNED" and each.t >= since]
        for who in (f"p{number}" for number in range(70)):
            if any(each.customer == key_of(who) and each.arm == arm for each in rows):
                it.answer(AnswerKind.ORDERED, who, amount=100)

    it.to(ENTRY, settle=Verdict.ACCEPTED)
    it.now += HOUR
    buy("b", ENTRY)
    it.to(ENTRY + DAY, settle=Verdict.ACCEPTED)
    it.now += MINUTE
    buy("a", ENTRY + DAY)  # assigned too late to be measured
    it.to(ENTRY + DAY + HOUR)
    assert it.shared.promoted == {"wake/test": "b"}
    assert it.shared.winners == {"wake/test": "b"}
    it.to(ENTRY + 2 * DAY, settle=Verdict.ACCEPTED)
    later = [each.arm for each in it.rows if each.row.name == "ASSIGNED" and each.t > ENTRY + DAY]
    assert later == ["b"] * 10


# --- the end ---------------------------------------------------------------------------------------------------------


def test_the_end_comes_at_its_instant_even_if_nobody_was_there() -> None:
    quiet = sms(quiet=Quiet(window(9, 12)))
    budget = Budget(10**6, (Line("coupons", 10**6),))
    plan = campaign(
        journey(Grant("g", ("gift5",)), send()), channels=(quiet, email()), budget=budget,
        incentives=(coupon(days=60, line="coupons", reserve_face=True),),
        costs=(FixedCost("hall", 700, "coupons", START + DAY), FixedCost("crew", 5, "coupons", END + DAY)),
    )  # fmt: skip
    it = drive(plan, at=ENTRY)
    it.now = END + 3 * HOUR
    it.second()
    assert it.told()[2:] == ["delayed nudge: quiet", "refused nudge: ended", "ended"]
    assert [each.t for each in it.rows[-2:]] == [END, END]
    assert it.sends == {}
    assert it.shared.reserved == [("coupons", 500)]
    assert it.shared.booked == ["hall"]
    it.to(END + 40 * DAY)
    assert it.told()[-1] == "lapsed gift5"
    assert it.shared.booked == ["hall", "crew"]
    assert it.shared.ledger.spent["coupons"] == 705 * 10_000
    with it.work() as world:
        assert next_instant(world) is None


def test_the_next_instant_is_the_first_of_costs_guards_desks_and_the_end() -> None:
    it = drive(campaign(journey(send()), costs=(FixedCost("hall", 1, "", START + 3 * DAY),), guards=(PAUSE,)))

    def following() -> int | None:
        with it.work() as world:
            return next_instant(world)

    assert following() == START + 15 * MINUTE
    it.second()
    it.plan = evolve(it.plan, guards=())
    it.plans[terms(it.plan).version] = it.plan
    assert following() == START + 3 * DAY
    it.to(START + 3 * DAY + 1)
    it.plan = evolve(it.plan, staff=(Staff("desk", 1, 60, window(9, 10)),))
    it.plans[terms(it.plan).version] = it.plan
    assert following() == END
    with it.work() as world:
        world.shared.desk("desk").ask(Request((1, key_of("ann"), 5), "x"))
    assert following() == START + 3 * DAY + 9 * HOUR


# --- versions of the plan --------------------------------------------------------------------------------------------


def corrected(plan: Plan, **changes: Any) -> Plan:
    return evolve(plan, messages=(nudge(text="Come back!", **changes), letter()))


def adopted(it: Drive, new: Plan) -> bool:
    it.plans = {terms(each).version: each for each in (it.plan, new)}
    it.plan = new
    with it.work() as world:
        return versions.adopt(world, world.person(key_of("ann")), terms(new).version)


def test_people_under_way_take_corrected_wording_if_they_are_told_to() -> None:
    it = drive(campaign(journey(wait(1), send())), at=ENTRY)
    new = corrected(it.plan)
    assert adopted(it, new)
    assert not adopted(it, new)
    it.to(ENTRY + DAY)
    assert it.decided[it.last()].wording.text == "Come back!"


def test_without_being_told_they_keep_their_version() -> None:
    it = drive(campaign(journey(wait(1), send())), at=ENTRY)
    new = corrected(it.plan)
    it.plans = {terms(each).version: each for each in (it.plan, new)}
    it.plan = new
    it.to(ENTRY + DAY)
    assert it.decided[it.last()].wording.text == "Come back"


CHANGES = {
    "steps": lambda plan: evolve(plan, journeys=(journey(wait(2), send()),)),
    "goal": lambda plan: evolve(plan, journeys=(evolve(plan.journeys[0], goal=""),)),
    "channel": lambda plan: corrected(plan, channel="email"),
    "fallback": lambda plan: corrected(plan, fallback="letter"),
    "coupon": lambda plan: evolve(plan, incentives=(coupon(999), *plan.incentives[1:])),
    "reward": lambda plan: evolve(plan, incentives=(*plan.incentives[:2], coupon(1, name="prize"))),
    "journey": lambda plan: evolve(plan, journeys=(evolve(plan.journeys[0], name="other"),)),
}


@pytest.mark.parametrize("change", CHANGES)
def test_nothing_but_wording_is_adopted(change: str) -> None:
    play = Activity("play", "", "", 3, "prize", Elapsed(DAY))
    incentives = (coupon(), play, coupon(name="prize"))
    it = drive(campaign(journey(wait(1), send("nudge", "gift5", "play")), incentives=incentives), at=ENTRY)
    assert not adopted(it, CHANGES[change](it.plan))


def test_who_waits_for_a_claimed_send_adopts_nothing() -> None:
    it = drive(campaign(journey(send())), at=ENTRY)
    assert not adopted(it, corrected(it.plan))


def test_limits_are_those_of_the_newest_plan_also_for_people_of_an_older_version() -> None:
    budget = Budget(10**6, (Line("coupons", 10**6),))
    old = campaign(
        journey(wait(1), send("nudge", "gift5")), incentives=(coupon(stock=5, line="coupons"),), budget=budget
    )
    tight: dict[str, Plan] = {
        "out_of_stock": evolve(old, incentives=(coupon(777, stock=0, line="coupons"),)),
        "budget": evolve(old, budget=Budget(10**6, (Line("coupons", 0),))),
        "quiet": evolve(old, channels=(sms(quiet=Quiet(window(0, 24), delay=False)), email())),
    }
    for reason, new in tight.items():
        it = drive(old, at=ENTRY)
        it.plans = {terms(each).version: each for each in (old, new)}
        it.plan = new
        it.to(ENTRY + DAY)
        assert it.told()[1:] == [f"refused nudge: {reason}", "exited"]
    it = drive(old, at=ENTRY)
    new = evolve(old, incentives=(coupon(777, stock=1, line="coupons"),))
    it.plans, it.plan = {terms(each).version: each for each in (old, new)}, new
    it.to(ENTRY + DAY)
    assert it.decided[it.last()].offers[0].amount == 500  # what the person was promised


def test_an_incentive_that_the_newest_plan_has_no_more_keeps_its_own_limits() -> None:
    old = campaign(journey(wait(1), send("nudge", "gift5")), incentives=(coupon(stock=1),))
    it = drive(old, at=ENTRY)
    new = evolve(old, journeys=(journey(send()),), incentives=())
    it.plans, it.plan = {terms(each).version: each for each in (old, new)}, new
    it.to(ENTRY + DAY, settle=Verdict.ACCEPTED)
    assert it.told()[1:] == ["sent nudge", "granted gift5", "exited"]
    assert isinstance(terms(old, new).incentives["gift5"], Coupon)


# --- the durable form ------------------------------------------------------------------------------------------------


def test_a_person_whose_state_was_erased_can_be_read_and_does_nothing_more() -> None:
    it = drive(campaign(journey(send(), wait(1))), at=ENTRY)
    key = key_of("ann")
    it.people = {key: evolve(it.people[key], state="", due=None, lapse=None, status="done")}
    assert it.person().status == "done"
    it.settle(it.last(), Verdict.ACCEPTED)
    it.answer(AnswerKind.ORDERED, amount=5)
    it.to(END)
    assert it.told() == ["entered", "ordered"]


def test_reading_and_writing_again_changes_nothing() -> None:
    plan = campaign(
        journey(send("nudge", "gift5"), wait(2, "click"), send("letter", step="two")), incentives=(coupon(),)
    )
    it = drive(plan, [ann(touches=((START - DAY, "sms"),), numbers={"age": 3.0})], at=ENTRY)
    it.settle(it.last(), Verdict.ACCEPTED, delivered=True)
    it.second()
    row = it.people[key_of("ann")]
    assert save(load(row)) == row
    assert to_json(read(it.shared_text, plan)) == it.shared_text


def test_a_line_is_kept_by_place_and_read_as_it_was_written() -> None:
    desk = Desk()
    claim = Request((5, 2**64 - 1, 3), 0, "chat", "s", "nudge", "A\tB")
    send_ = Request((5, 7, 1 << 20), 99)
    first = Request((5, 7, 2), 0, "chat", "s", "nudge", "C")
    for each in (claim, send_, first):
        desk.ask(each)
    assert desk.waiting() == [first, send_, claim]
    desk.leave((5, 8, 1 << 20))
    desk.leave((5, 7, 1 << 20))
    assert desk.waiting() == [first, claim]
    assert desk.next() == first
    assert desk.waiting() == [claim]
