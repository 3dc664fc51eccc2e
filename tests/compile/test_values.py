import math

import pytest
from tests.lang.texts import CAMPAIGN, campaign, compiled

from wakeup.plan.model import (
    AmountOff,
    Attribution,
    Band,
    Calendar,
    Cap,
    Challenge,
    Coupon,
    DayWindow,
    Elapsed,
    Expectation,
    Gift,
    Guard,
    Months,
    PercentOff,
    Quiet,
    Rolling,
    Rung,
    Scenario,
    Service,
    Tier,
)
from wakeup.plan.predicates import And, Compare, HasTag, InTier, Not, Or, Predicate

DAY = 86_400
MORE = Compare("orders", ">", 1, "count")


def audience(text: str) -> Predicate:
    return compiled(campaign(head=CAMPAIGN.replace("days_since_order >= 90d", text))).audience


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("days_since_order >= 90d", Compare("days_since_order", ">=", 90 * DAY, "seconds")),
        ("days_since_order >= 3 months", Compare("days_since_order", ">=", 3, "months")),
        ("days_since_order >= 1 year", Compare("days_since_order", ">=", 12, "months")),
        ("90d <= days_since_order", Compare("days_since_order", ">=", 90 * DAY, "seconds")),
        ("average_order_value > 12.5 CNY", Compare("average_order_value", ">", 1_250, "money")),
        ("total_spent >= 100 CNY", Compare("total_spent", ">=", 10_000, "money")),
        ("orders == 1", Compare("orders", "==", 1, "count")),
        ("tag(employee)", HasTag("employee")),
        ("not tag(employee)", Not(HasTag("employee"))),
        ('last_category == "lipstick"', Compare("last_category", "==", "lipstick", "text")),
        ("field(age) >= 30", Compare("age", ">=", "30", "decimal")),
        ("field(skin_type) != dry", Compare("skin_type", "!=", "dry", "text")),
        ("field(birthday) < 2000-01-01", Compare("birthday", "<", "2000-01-01", "date")),
        ("orders > 1 and (tag(a) or tag(b))", And((MORE, Or((HasTag("a"), HasTag("b")))))),
    ],
)  # fmt: skip
def test_conditions(text: str, expected: Predicate) -> None:
    assert audience(text) == expected


def test_a_segment_is_its_condition() -> None:
    plan = compiled(
        campaign(
            "segment loyal { where: orders >= 5 }",
            "segment loyal_vip { where: loyal and tag(vip) }",
            journey="journey vip for loyal_vip { send hello }\njourney rest { send hello }",
        )
    )
    assert plan.journeys[0].match == And((Compare("orders", ">=", 5, "count"), HasTag("vip")))


def test_tiers_and_laddered_coupons() -> None:
    plan = compiled(
        campaign(
            "tier sleep by days_since_order { short: 90d up to 180d, long: 180d and up }",
            "coupon back by sleep { short: 80 CNY off 300 CNY valid 7d, long: 30% off 500 CNY, valid: 15d }",
            journey="journey long for sleep.long { send hello with back }",
        )
    )
    bands = Band("short", 90 * DAY, 180 * DAY), Band("long", 180 * DAY, None)
    assert plan.tiers == (Tier("sleep", "days_since_order", "seconds", bands),)
    assert plan.incentives == (
        Coupon(
            "back",
            "",
            (
                Rung(AmountOff(8_000, 30_000), Elapsed(7 * DAY), "sleep", "short"),
                Rung(PercentOff("0.3", 50_000), Elapsed(15 * DAY), "sleep", "long"),
            ),
        ),
    )
    assert plan.journeys[0].match == InTier("sleep", "long")


def test_incentives_and_their_defaults() -> None:
    plan = compiled(
        campaign(
            'gift kit "A kit" { cost: 18.50 CNY, stock: 20_000 }',
            "staff team { people: 3, handles: 10min, hours: 09:00 to 18:00 }",
            "service advice { cost: 35 CNY, staff: team, valid: 1 month, limit: 2 per person }",
            "coupon c { discount: 20% off, valid: 7d, reserve: face }",
            "challenge days { task: check_in for 3 days in a row, reward: c }",
            journey="journey all { send hello with kit, advice, days }",
        )
    )
    assert {each.name: each for each in plan.incentives} == {
        "kit": Gift("kit", "A kit", 1_850, Elapsed(14 * DAY), stock=20_000),
        "advice": Service("advice", "", 3_500, Months(1), staff="team", limit=2),
        "c": Coupon("c", "", (Rung(PercentOff("0.2", 0), Elapsed(7 * DAY)),), reserve_face=True),
        "days": Challenge("days", "", "check_in", 3, "c", Elapsed(14 * DAY)),
    }
    assert [(each.people, each.handles, each.hours) for each in plan.staff] == [(3, 600, DayWindow(32_400, 64_800))]


def test_what_a_message_costs() -> None:
    sms = "channel sms { kind: sms, cost: 0.045 CNY per part, rate: 100 per 10min, quiet: 22:00 to 08:00 }"
    text = "亲" * 80 + "退订回T"
    plan = compiled(campaign(sms, f'message long via sms {{ text: "{text}" }}', journey="journey a { send long }"))
    (channel,) = plan.channels
    assert (channel.cost_micros, channel.cost_per_part) == (45_000, True)
    assert (channel.rate, channel.rate_seconds) == (100, 600)
    assert channel.quiet == Quiet(DayWindow(79_200, 28_800), True)
    (message,) = plan.messages
    assert (message.parts, message.cost_micros) == (2, 90_000)


def test_yen_have_no_digits() -> None:
    head = CAMPAIGN.replace("CNY", "JPY").replace("Asia/Shanghai", "Asia/Tokyo")
    push = 'channel push { kind: push, cost: 0.5 JPY per message }\nmessage hello via push { text: "Hello" }'
    plan = compiled(
        campaign("gift kit { cost: 300 JPY }", journey="journey a { send hello with kit }", head=head, push=push)
    )
    assert plan.minor_digits == 0
    assert plan.incentives[0].cost == 300  # type: ignore[union-attr]
    assert plan.messages[0].cost_micros == 500_000


@pytest.mark.parametrize(("name", "line"), [("promotion", "promotion"), ("gifts", "")])
def test_the_promotion_line_pays_for_sends(name: str, line: str) -> None:
    plan = compiled(campaign(f"budget 100 CNY {{ {name}: 100 CNY }}"))
    assert plan.budget is not None
    assert plan.budget.send_line == line


def test_cadence() -> None:
    plan = compiled(
        campaign(
            "tier value by orders { many: 5 and up, few: below 5 }",
            "cadence {\n at most 2 per calendar month for value.few\n at most 3 per 30d via push\n gap: 3d\n"
            " quiet: 21:00 to 09:00 otherwise skip\n quiet: 12:00 to 13:00\n}",
        )
    )
    assert plan.cadence.caps == (
        Cap(2, Calendar("month"), "value", "few"),
        Cap(3, Rolling(30 * DAY), channel="push"),
    )
    assert plan.cadence.gap == 3 * DAY
    assert plan.cadence.quiet == (Quiet(DayWindow(75_600, 32_400), False), Quiet(DayWindow(43_200, 46_800), True))


def test_scenarios_guards_and_claims() -> None:
    plan = compiled(
        campaign(
            "budget 100 CNY { other: 100 CNY }",
            "scenario rival { from: 2026-09-10 through 2026-09-12, response: 0.7x }",
            "scenario outage { down: push from 2026-09-03 09:00 for 6h }",
            "scenario weak { organic: 0.5x }",
            "guard g { when: complaint_rate > 0.3% after 500 sent, do: pause channel for 24h }",
            "guard s { when: spent > 95% of budget, do: stop }",
            "expect touches_per_person <= 3 per 30d always",
            "expect incremental_profit >= -5 CNY sure 80%",
            "goal wake_rate >= 12%",
        )
    )
    start = plan.start
    assert plan.scenarios == (
        Scenario("rival", start + 9 * DAY, start + 12 * DAY, response="0.7"),
        Scenario("outage", start + 2 * DAY + 32_400, start + 2 * DAY + 54_000, down=("push",)),
        Scenario("weak", start, plan.end, organic="0.5"),
    )
    assert plan.guards == (
        Guard("g", "complaint_rate", ">", "0.003", "share", "pause_channel", 500, "sent", DAY),
        Guard("s", "spent", ">", "0.95", "budget_share", "stop"),
    )
    assert plan.expectations[0] == Expectation(
        "touches_per_person", "<=", "3", "ratio", "touches_per_person <= 3 per 30d always", always=True, per=30 * DAY
    )
    assert (plan.expectations[1].value, plan.expectations[1].unit, plan.expectations[1].sure) == (
        "-500",
        "money",
        "0.8",
    )
    assert [(each.figure, each.value, each.text) for each in plan.goals] == [("wake_rate", "0.12", "wake_rate >= 12%")]


def test_assumptions() -> None:
    plan = compiled(
        campaign(
            'assume { clicked: 3% between 2% and 5% source "pilot of May" grade pilot }',
            "assume for push { advertising: 1.5x }",
        )
    )
    clicked, advertising = plan.assumptions
    assert (clicked.parameter, clicked.scope, clicked.median, clicked.link) == ("clicked", "", 0.03, "logit")
    assert clicked.sd == pytest.approx((math.log(0.05 / 0.95) - math.log(0.02 / 0.98)) / 3.29)
    assert (clicked.source, clicked.grade) == ("pilot of May", "pilot")
    assert (advertising.scope, advertising.median, advertising.sd, advertising.grade) == (
        "channel:push",
        1.5,
        0.0,
        "given",
    )


def test_defaults_of_the_campaign() -> None:
    plan = compiled(campaign(head=CAMPAIGN.replace(", holdout: 10%", ", holdout: none")))
    assert plan.holdout == "0"
    assert plan.awake == ("order",)
    assert plan.attribution == Attribution("last_touch", 7 * DAY)
    assert plan.follow_up == 180 * DAY
    assert (plan.end - plan.start) == 30 * DAY


def test_origins_tell_where_each_part_stands() -> None:
    plan = compiled(campaign())
    found = {each.address: (each.file, each.line, each.column) for each in plan.origins}
    assert found["journey:all/step:hello"] == ("campaign.wake", 10, 15)
    assert found["message:hello"] == ("campaign.wake", 8, 9)
