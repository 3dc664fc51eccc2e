import math

import pytest
from tests.lang.texts import CAMPAIGN, campaign, compiled

from wakeup.plan.model import (
    Activity,
    AmountOff,
    Attribution,
    Band,
    Calendar,
    Cap,
    Coupon,
    DayWindow,
    Elapsed,
    Expectation,
    Gift,
    Guard,
    Label,
    Months,
    OwnField,
    PercentOff,
    Quiet,
    Rolling,
    Rung,
    Scenario,
    Service,
    Tier,
)
from wakeup.plan.predicates import EVERYONE, And, Bought, Compare, HasTag, InTier, Not, Or, Predicate
from wakeup.terms.lists import ChannelKind

DAY = 86_400
MORE = Compare("orders", ">", 1, "count")
TOP = Compare("top_category", "==", "大衣", "text")


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
        ('top_category == "coats"', Compare("top_category", "==", "coats", "text")),
        ('bought("coats")', Bought("coats")),
        ("bought(coats) within 90d", Bought("coats", 90 * DAY)),
        ('not bought("coats") within 2 years', Not(Bought("coats", 24, months=True))),
        ('买过("大衣") 近 3个月 or 常购品类 == 大衣', Or((Bought("大衣", 3, months=True), TOP))),
        ("field(age) >= 30", Compare("age", ">=", "30", "decimal")),
        ('field("age") >= 30', Compare("age", ">=", "30", "decimal")),
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


def test_causes_are_a_tier_by_rules() -> None:
    plan = compiled(
        campaign(
            "causes why { gone: days_since_interaction >= 365d, other: otherwise }",
            "coupon back by why { gone: 80 CNY off 300 CNY valid 7d, other: 20 CNY off 100 CNY valid 7d }",
            "cadence { at most 1 per 7d for why.gone }",
            journey="journey gone for why.gone { send hello with back }\njourney rest { send hello }",
        )
    )
    gone = Compare("days_since_interaction", ">=", 365 * DAY, "seconds")
    assert plan.tiers == (Tier("why", "", "rule", (Band("gone", match=gone), Band("other", match=EVERYONE))),)
    assert plan.journeys[0].match == InTier("why", "gone")
    assert plan.cadence.caps == (Cap(1, Rolling(7 * DAY), "why", "gone"),)
    (coupon,) = plan.incentives
    assert isinstance(coupon, Coupon)
    assert [(rung.tier, rung.band) for rung in coupon.rungs] == [("why", "gone"), ("why", "other")]


def test_own_fields() -> None:
    plan = compiled(
        campaign(
            """customers {
  skin_type: dry 40%, "very oily" 60%
  city: Paris, Rome
  loyalty: 0 to 5
  credit: 0.50 CNY to 500 CNY
  birthday: 1960-01-01 through 2005-12-31
  tags: employee 2%, vip
  categories: coats 30%
}"""
        )
    )
    assert plan.own == (
        OwnField("skin_type", "text", (Label("dry", "0.4"), Label("very oily", "0.6"))),
        OwnField("city", "text", (Label("Paris"), Label("Rome"))),
        OwnField("loyalty", "number", (), "0", "5"),
        OwnField("credit", "number", (), "0.5", "500"),
        OwnField("birthday", "date", (), "1960-01-01", "2005-12-31"),
        OwnField("employee", "tag", (Label("employee", "0.02"),)),
        OwnField("vip", "tag", (Label("vip"),)),
        OwnField("coats", "category", (Label("coats", "0.3"),)),
    )


def test_own_fields_of_a_shared_library() -> None:
    shared = "wakeup 1\ncustomers { loyalty: 0 to 5 }\ncauses why { loyal: field(loyalty) >= 4, other: otherwise }\n"
    text = campaign('import "shop.wake" as shop', journey="journey all for shop.why.loyal { send hello }")
    plan = compiled(text, shop=shared)
    assert [own.name for own in plan.own] == ["loyalty"]
    assert plan.journeys[0].match == InTier("shop.why", "loyal")


def test_phases_in_the_order_of_time() -> None:
    plan = compiled(
        campaign(
            "phase review { from: 2026-10-01 until 2026-10-08 }",
            'phase prepare "Get ready" { from: 2026-08-01 through 2026-08-31, duties: "texts", "codes" }',
        )
    )
    (first, second) = plan.phases
    assert (first.name, first.title, first.duties) == ("prepare", "Get ready", ("texts", "codes"))
    assert (second.end - second.start, first.end - first.start) == (7 * DAY, 31 * DAY)
    assert plan.start - first.end == 0


@pytest.mark.parametrize("model", ["first_touch", "linear", "time_decay", "position", "shapley"])
def test_credit_models(model: str) -> None:
    head = CAMPAIGN.replace("margin: 50%", f"margin: 50%, attribution: {model} within 3d")
    assert (compiled(campaign(head=head)).attribution.model, 3 * DAY) == (model, 259_200)


@pytest.mark.parametrize("kind", list(ChannelKind))
def test_every_kind_of_channel(kind: str) -> None:
    quiet = "quiet: 21:00 to 09:00 otherwise delay, cap: 1 per calendar day"
    channel = f"channel way {{ kind: {kind}, cost: 0 CNY per message, optout: none, {quiet} }}"
    plan = compiled(campaign(channel, 'message m via way { text: "Hello" }', journey="journey a { send m }"))
    assert [(each.name, each.channel_kind) for each in plan.channels] == [("way", kind)]
    assert plan.cadence.caps == (Cap(1, Calendar("day"), channel="way"),)


def test_caps_of_a_channel_follow_the_campaign_s_and_only_where_it_is_used() -> None:
    channels = "channel a { kind: push, cost: 0 CNY per message, cap: 2 per 7d, cap: 5 per calendar month }"
    other = "channel b { kind: push, cost: 0 CNY per message, cap: 9 per 7d }"
    plan = compiled(
        campaign(
            channels, other, 'message m via a { text: "Hello" }', "cadence { at most 3 per 30d }",
            journey="journey x { send m }",
        )
    )  # fmt: skip
    assert plan.cadence.caps == (
        Cap(3, Rolling(30 * DAY)), Cap(2, Rolling(7 * DAY), channel="a"), Cap(5, Calendar("month"), channel="a")
    )  # fmt: skip


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
        "days": Activity("days", "", "check_in", 3, "c", Elapsed(14 * DAY)),
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
