"""What happened to a customer, in words: every kind of event, every reason with its rule, in both languages."""

import json
from collections.abc import Iterable
from pathlib import Path

import jsonschema
import pytest
from attrs import evolve
from tests.figures.small import DAY, HOUR, PLAN, START

from wakeup.figures.eventfile import about
from wakeup.figures.story import Event, Story
from wakeup.plan.model import (
    Activity,
    Cadence,
    Calendar,
    Cap,
    Channel,
    DayWindow,
    Elapsed,
    Guard,
    Plan,
    Quiet,
    Rolling,
    Staff,
)
from wakeup.report.why import to_json, told
from wakeup.report.words import REASONS
from wakeup.terms.language import Language
from wakeup.terms.lists import Reason, Row

sms, popup = PLAN.channels
LIMITED = tuple(evolve(each, limit=1, stock=9) if each.name == "coupon" else each for each in PLAN.incentives)
RULED = evolve(
    PLAN,
    channels=(evolve(sms, rate=200, rate_seconds=60, staff="desk"), popup),
    messages=(evolve(PLAN.messages[0], fields=("first_name", "city")), PLAN.messages[1]),
    incentives=(*LIMITED, Activity("quiz", "", "", 1, "", Elapsed(DAY), kind="survey")),
    staff=(Staff("desk", 3, 600, DayWindow(9 * HOUR, 18 * HOUR)),),
    cadence=Cadence(
        caps=(Cap(1, Calendar("month"), tier="value", band="high"), Cap(2, Rolling(30 * DAY))),
        gap=2 * DAY,
        quiet=(Quiet(DayWindow(21 * HOUR, 9 * HOUR)),),
    ),
    guards=(Guard("storm", "complaint_rate", ">", "0.01", "share", "pause_channel"),),
)
"""The small campaign with a rule of every kind."""


def event(kind: str, hour: float = 12, **fields: object) -> Event:
    """An event of the hello message so many hours after the midnight that the run begins with."""
    base = Event(START + int(hour * HOUR), 0, kind, "main", "first", "hello", "sms", "", 0, "", 0, "", False)
    return evolve(base, **fields)


def story(*events: Event, plan: Plan = RULED) -> Story:
    numbered = tuple(evolve(each, seq=number) for number, each in enumerate(events))
    return Story("c1", plan, about(plan), False, numbered)


def why(refused: Event, *before: Event, plan: Plan = RULED, lang: Language = "en") -> str:
    """The reason of the last of some events."""
    return list(told(story(*before, refused, plan=plan), lang))[-1].why.replace("\N{NO-BREAK SPACE}", " ")


def refused(reason: str, hour: float = 12, **fields: object) -> Event:
    return event("refused", hour, reason=reason, **fields)


SENT = (event("sent", 1), event("sent", 2, message="nudge", channel="popup"))

REFUSALS: dict[str, tuple[Iterable[Event], str, str]] = {
    "cap": (
        SENT,
        "Frequency cap reached: allowed are 2 contacts in any 30 days; this would be number 3",
        "已达频次上限：任意 30 天内最多 2 次触达；这会是第 3 次",
    ),
    "gap": (
        SENT,
        "Too soon after the last message: 2 days between two contacts; the last was at 2026-09-01 02:00",
        "距上一条消息太近：两次触达间隔 2 天；上次在 2026-09-01 02:00",
    ),
    "rate": (
        (),
        "The channel's rate limit was reached: it sends at most 200 in 1 minute",
        "已达渠道发送速率上限：1 分钟内最多发送 200 条",
    ),
    "capacity": ((), "No staff were free: 3 of desk, 09:00 to 18:00", "没有空闲人手：desk 共 3 人，09:00 到 18:00"),
    "budget": (
        (),
        "The budget line or the total was spent: promotion 5,000 CNY",
        "预算项或总额已用完：promotion 5,000元",
    ),
    "template": (
        (),
        "The text needs a field that is blank for this person: first_name and city",
        "文本需要的字段，此人是空的：first_name和city",
    ),
    "incentive_invalid": (
        (event("redeemed", 3, incentive="coupon"),),
        "The offer is not for this person, or was used up by them: coupon at most 1 per person",
        "权益不适用于此人，或此人已用完：coupon 每人最多 1 次",
    ),
    "out_of_stock": ((), "The offer was out of stock: coupon 9", "权益已无库存：coupon 9"),
    "suppressed": (
        (event("opted_out", 5),),
        "Opted out or complained before: at 2026-09-01 05:00",
        "此前已退订或投诉：在 2026-09-01 05:00",
    ),
    "expired": (
        (event("delayed", 3, reason="rate"),),
        "Could not be sent within its time: first due at 2026-09-01 03:00, held for at most 3 days",
        "没能在时限内发出：最初应在 2026-09-01 03:00 发送，最多等 3 天",
    ),
    "paused": ((), "A guard had paused the channel: storm", "护栏已暂停该渠道：storm"),
    "no_consent": ((), "The person has not agreed to this channel", "本人未同意使用该渠道"),
    "unreachable": ((), "No address or account on this channel", "没有这个渠道的号码或账号"),
    "exited": ((), "Had reached the goal already", "已经达成"),
    "ended": ((), "The run was over", "活动已结束"),
    "control": ((), "Held out for comparison", "留作对照"),
    "no_grant": ((), "The offer could not be granted", "权益无法发放"),
    "outage": ((), "The channel was down", "渠道中断"),
}


@pytest.mark.parametrize("reason", REFUSALS)
def test_a_refusal_names_its_rule(reason: str) -> None:
    before, en, zh = REFUSALS[reason]
    assert why(refused(reason), *before) == en
    assert why(refused(reason), *before, lang="zh").replace("“", "").replace("”", "") == zh


def test_no_reason_is_left_out() -> None:
    others = {"none", "quiet", "not_entered"}
    assert {each.name.lower() for each in Reason} == REFUSALS.keys() | others
    assert REFUSALS.keys() | {"quiet", "not_entered"} <= REASONS.keys()


def test_quiet_hours_are_told_by_the_clock() -> None:
    assert why(event("delayed", 22, reason="quiet")) == "Quiet hours: nothing from 21:00 to 09:00"
    own = evolve(RULED, cadence=Cadence(), channels=(evolve(sms, quiet=Quiet(DayWindow(0, 2 * HOUR))), popup))
    assert why(event("delayed", 1, reason="quiet"), plan=own) == "Quiet hours: nothing from 00:00 to 02:00"
    assert why(event("delayed", 12, reason="quiet")) == "Quiet hours", "it was so in the person's own zone"


def test_a_cap_that_this_run_alone_does_not_reach_counts_contacts_before_it() -> None:
    said = why(refused("cap"))
    assert said.endswith("and contacts before the run count, too")
    assert "2 contacts in any 30 days" in said
    assert "1 contact per calendar month for value.high" in said


def test_a_cap_for_everybody_is_named_before_one_for_a_tier() -> None:
    assert why(refused("cap"), SENT[0]).startswith(
        "Frequency cap reached: allowed are 1 contact per calendar month for value.high; this would be number 2"
    )
    assert "any 30 days" in why(refused("cap"), *SENT)


def test_a_cap_of_one_channel_counts_that_channel() -> None:
    own = evolve(
        RULED, cadence=Cadence(caps=(Cap(1, Rolling(DAY), channel="popup"), Cap(1, Rolling(DAY), channel="sms")))
    )
    assert "1 contact in any 1 day by sms; this would be number 2" in why(refused("cap"), SENT[0], plan=own)


def test_without_rules_the_reason_stands_alone() -> None:
    bare = evolve(PLAN, budget=None, messages=tuple(evolve(each, channel="gone") for each in PLAN.messages))
    for reason in ("cap", "rate", "capacity", "budget", "template", "incentive_invalid", "expired", "paused"):
        assert ":" not in why(refused(reason), plan=bare), reason


TOLD = (
    (event("entered"), "enters journey main", "进入旅程“main”"),
    (event("assigned", step="ab", arm="a"), "split ab: arm a", "分组 ab：a"),
    (event("sent"), "message hello by sms is sent", "发送消息“hello”（sms）"),
    (event("sent", arm="2"), "message hello by sms is sent, wording 2", "发送消息“hello”（sms），第 2 种措辞"),
    (event("granted", incentive="coupon"), "coupon coupon is granted", "发放优惠券“coupon”"),
    (event("delivered"), "message hello by sms arrives", "送达消息“hello”（sms）"),
    (event("opened"), "opens message hello by sms", "打开消息“hello”（sms）"),
    (event("clicked"), "clicks message hello by sms", "点击消息“hello”（sms）"),
    (event("claimed", incentive="gift"), "claims gift gift", "领取赠品“gift”"),
    (event("gifted", incentive="gift"), "gift gift is handed over", "送出赠品“gift”"),
    (event("served", incentive="service"), "service service begins", "服务“service”开始"),
    (event("joined", incentive="quiz"), "joins survey quiz", "参与问卷“quiz”"),
    (event("completed", incentive="quiz"), "completes survey quiz", "完成问卷“quiz”"),
    (
        event("rated", incentive="quiz", amount_minor=450),
        "answers survey quiz: 4.5 of 5",
        "回答问卷“quiz”：4.5 分（满分 5 分）",
    ),
    (event("opted_out"), "opts out after message hello by sms", "收到消息“hello”（sms）后退订"),
    (event("complained"), "complains about message hello by sms", "投诉消息“hello”（sms）"),
    (event("ordered", amount_minor=12_345), "orders for 123.45 CNY", "下单 123.45元"),
    (
        event("redeemed", incentive="coupon", amount_minor=5_000),
        "uses coupon coupon, 50 CNY off",
        "使用优惠券“coupon”，优惠 50元",
    ),
    (event("lapsed", incentive="coupon"), "coupon coupon ends unused", "优惠券“coupon”未用，到期"),
    (event("delayed", reason="rate"), "message hello by sms is held", "推迟消息“hello”（sms）"),
    (event("refused", reason="rate"), "message hello by sms is not sent", "不发送消息“hello”（sms）"),
    (event("refused", reason="no_grant", message="", incentive="gift"), "gift gift is not sent", "不发送赠品“gift”"),
    (event("not_entered", reason="not_entered"), "does not enter journey main", "没有进入旅程“main”"),
    (event("exited"), "leaves journey main", "离开旅程“main”"),
    (event("ended"), "journey main ends with the run", "旅程“main”随活动结束"),
)  # fmt: skip


@pytest.mark.parametrize(("each", "en", "zh"), TOLD, ids=[f"{n}-{each.kind}" for n, (each, _, _) in enumerate(TOLD)])
def test_what_happens_is_told(each: Event, en: str, zh: str) -> None:
    assert [next(told(story(each), lang)).what for lang in ("en", "zh")] == [en, zh]
    assert next(told(story(each))).when == "2026-09-01 12:00"


def test_no_kind_of_event_is_left_out() -> None:
    assert {each.kind for each, _, _ in TOLD} == {row.name.lower() for row in Row}


def test_leaving_says_whether_the_goal_was_reached() -> None:
    assert why(event("exited"), event("ordered")) == "The goal of the journey is reached: order"
    assert why(event("exited"), event("ordered", 11)) == "Nothing is left to do in it"


def test_an_order_that_would_have_come_anyway_and_one_after_the_run_say_so() -> None:
    assert why(event("redeemed", incentive="coupon", subsidised=True)) == "The order would have come anyway"
    assert why(event("redeemed", incentive="coupon")) == ""
    assert why(event("ordered", 48)) == "After the run"
    assert why(event("ordered", 47)) == ""


def test_the_json_has_columns_and_words_and_names_nobody(checkout: Path) -> None:
    tree = json.loads(to_json(story(event("entered", message="", channel=""), refused("unreachable"))))
    first, second = tree["events"]
    assert (first["message"], first["reason"], first["why"], first["decision"]) == (None, None, None, True)
    assert (second["reason"], second["why"]) == ("unreachable", "No address or account on this channel")
    assert tree["plan"] == about(RULED)["plan"]
    assert (tree["zone"], tree["currency"], tree["held_out"]) == ("Asia/Shanghai", "CNY", False)
    assert "c1" not in json.dumps(tree)
    schema = json.loads((checkout / "docs/schema/story.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(tree, schema)
    assert set(schema["required"]) == set(tree)
    assert set(schema["properties"]["events"]["items"]["required"]) == set(first)


def test_a_channel_that_the_plan_lacks_is_no_failure() -> None:
    assert Channel("sms", "sms") in PLAN.channels
    assert why(refused("rate", channel="gone")) == "The channel's rate limit was reached"
