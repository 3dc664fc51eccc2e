"""Every kind of incentive, texts for some people, and grants, as the plan has them."""

import pytest
from tests.lang.texts import campaign, compiled

from wakeup.plan.model import (
    Activity,
    AmountOff,
    Coupon,
    Elapsed,
    Gift,
    Grant,
    Incentive,
    Months,
    PercentOff,
    Rung,
    Send,
    Staff,
    Variant,
    Wait,
)
from wakeup.plan.predicates import And, Compare, Happened, HasTag, InTier

DAY = 86_400
START = 1_788_192_000  # 2026-09-01 in Shanghai


def only(text: str, *more: str) -> Incentive:
    """The one incentive of a campaign that sends `x`."""
    plan = compiled(campaign(text, *more, journey="journey all { send hello with x }\n"))
    return next(each for each in plan.incentives if each.name == "x")


NOON = START + 12 * DAY + 43_200  # 2026-09-13 at 12:00
WEEK = Elapsed(7 * DAY)
UNTIL_IT_BEGINS = Elapsed(int(12.5 * DAY))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "coupon x { discount: 50 CNY off 150 CNY, valid: 7d, stock: 9, codes: 8 }",
            Coupon("x", "", (Rung(AmountOff(5_000, 15_000), WEEK),), stock=9, codes=8),
        ),
        (
            "points x { multiplier: 3x, earn: 1%, threshold: 100 CNY, valid: 7d, limit: 2 per person }",
            Coupon(
                "x", "", (Rung(PercentOff("0.02", 10_000), WEEK),), limit=2, reusable=True, rebate=True, kind="points"
            ),
        ),
        (
            "member_price x { discount: 10% off 100 CNY, valid: 7d }",
            Coupon("x", "", (Rung(PercentOff("0.1", 10_000), WEEK),), reusable=True, kind="member_price"),
        ),
        (
            "flash_price x { discount: 30% off, from: 2026-09-10 20:00 until 2026-09-11 02:00, valid: 7d }",
            Coupon(
                "x",
                "",
                (Rung(PercentOff("0.3"), WEEK),),
                opens=START + 9 * DAY + 72_000,
                closes=START + 10 * DAY + 7_200,
                kind="flash_price",
            ),
        ),
        (
            "membership x { extend: 6 months, cost: 12 CNY per person }",
            Gift("x", "", 1_200, Elapsed(14 * DAY), bond=Months(6), kind="membership"),
        ),
        (
            'content x "A guide" { scene: tag(new_mother), valid: 7d }',
            Gift("x", "A guide", 0, WEEK, scene=HasTag("new_mother"), kind="content"),
        ),
        (
            "draw x { odds: 2%, prize: 200 CNY each, count: 5, valid: 7d }",
            Activity("x", "", "", 1, "", WEEK, odds="0.02", wins=5, cost=20_000, kind="draw"),
        ),
        (
            "event x { on: 2026-09-13 at 12:00, seats: 80, cost: 50 CNY per person }",
            Activity(
                "x", "", "", 1, "", UNTIL_IT_BEGINS, places=80, at=START + 12 * DAY + 43_200, cost=5_000, kind="event"
            ),
        ),
        (
            "community x { valid: 7d, places: 5 }",
            Activity("x", "", "", 1, "", WEEK, places=5, bond=Months(12), kind="community"),
        ),
        (
            "community x { valid: 7d, lasts: 90d, cost: 3 CNY per person }",
            Activity("x", "", "", 1, "", WEEK, cost=300, bond=Elapsed(90 * DAY), kind="community"),
        ),
    ],
)
def test_incentive(text: str, expected: Incentive) -> None:
    assert only(text) == expected


def test_a_prize_may_be_an_incentive_that_is_in_the_plan_then() -> None:
    kit = "gift kit { cost: 1 CNY }"
    draw = only("draw x { odds: 10%, prize: kit, count: 5 }", kit)
    assert isinstance(draw, Activity)
    assert (draw.reward, draw.cost) == ("kit", 0)
    survey = only("survey x { reward: kit }", kit)
    assert isinstance(survey, Activity)
    assert (survey.reward, survey.kind) == ("kit", "survey")


def test_a_flash_price_is_open_until_it_closes() -> None:
    price = only("flash_price x { discount: 30% off, from: 2026-09-10 through 2026-09-11 }")
    assert isinstance(price, Coupon)
    assert price.rungs[0].valid == Elapsed(11 * DAY)
    assert price.closes == START + 11 * DAY


def test_a_bundle_is_what_it_holds() -> None:
    things = "gift kit { cost: 1 CNY }\ngift card { cost: 2 CNY }\nbundle pack { items: kit, card }"
    plan = compiled(campaign(things, journey="journey all { send hello with pack; grant pack }\n"))
    assert plan.journeys[0].program == (
        Send("hello", "hello", ("kit", "card")),
        Grant("grant kit, card", ("kit", "card")),
    )
    assert [each.name for each in plan.incentives] == ["kit", "card"]


def test_a_bundle_of_a_library_names_what_the_library_has() -> None:
    shared = "wakeup 1\ngift kit { cost: 1 CNY }\ngift card { cost: 2 CNY }\nbundle pack { items: kit, card }\n"
    text = campaign('import "lib.wake" as lib', journey="journey all { send hello with lib.pack }\n")
    assert compiled(text, lib=shared).journeys[0].program == (Send("hello", "hello", ("lib.kit", "lib.card")),)


def test_grants_have_names_of_their_own() -> None:
    off = "coupon off { discount: 20% off, valid: 7d }"
    plan = compiled(campaign(off, journey="journey all { grant off; wait 7d; grant off }\n"))
    assert plan.journeys[0].program == (
        Grant("grant off", ("off",)),
        Wait(WEEK),
        Grant("grant off#2", ("off",)),
    )


def test_texts_are_asked_in_order_and_priced_each() -> None:
    tier = "tier value by average_order_value { high: 500 CNY and up, low: below 500 CNY }"
    sms = "channel sms { kind: sms, cost: 0.05 CNY per part, optout: none, quiet: 21:00 to 09:00 otherwise delay }"
    long = "x" * 161
    told = f'"{long}" for value.high, "Dear {{{{ city }}}}" for tag(vip) and clicked, "Hello"'
    text = f"message m via sms {{ text: {told} }}"
    plan = compiled(campaign(tier, sms, text, journey="journey all { send m }\n"))
    (message,) = (each for each in plan.messages if each.name == "m")
    assert (message.text, message.cost_micros, message.parts, message.fields) == ("Hello", 50_000, 1, ())
    assert message.variants == (
        Variant(InTier("value", "high"), long, 100_000, 2),
        Variant(And((HasTag("vip"), Happened("click"))), "Dear {{ city }}", 50_000, 1, ("city",)),
    )


def test_staff_of_messages_and_channels_are_in_the_plan() -> None:
    staff = "staff {} {{ people: 2, handles: 5min, hours: 09:00 to 18:00 }}"
    phone = "channel phone { kind: phone, cost: 1 CNY per message, staff: desk, quiet: 21:00 to 09:00 otherwise delay }"
    calls = 'message a via phone { text: "A" }\nmessage b via phone { text: "B", staff: experts }'
    names = ("desk", "experts", "idle")
    plan = compiled(campaign(*map(staff.format, names), phone, calls, journey="journey all { send a; send b }\n"))
    assert [each.name for each in plan.staff if isinstance(each, Staff)] == ["desk", "experts"]
    assert plan.channels[0].staff == "desk"
    assert [each.staff for each in plan.messages] == ["", "experts"]


def test_waiting_for_the_first_of_several() -> None:
    event = "event tea { on: 2026-09-10 at 14:00, seats: 5 }"
    plan = compiled(
        campaign(event, journey="journey all { goal: none; send hello with tea; wait 20d for attend or order }\n")
    )
    assert plan.journeys[0].program[1] == Wait(Elapsed(20 * DAY), ("attend", "order"))


def test_a_scene_is_a_condition() -> None:
    guide = only("content x { scene: tag(new_mother) and orders >= 2 }")
    assert isinstance(guide, Gift)
    assert guide.scene == And((HasTag("new_mother"), Compare("orders", ">=", 2, "count")))
