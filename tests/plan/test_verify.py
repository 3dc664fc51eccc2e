import pytest
from attrs import evolve
from hypothesis import given
from tests.plan.strategies import plans
from tests.plan.test_json import SMALL

from wakeup.plan.model import (
    Activity,
    AmountOff,
    Arm,
    Assumption,
    Band,
    Branch,
    Cap,
    Channel,
    Coupon,
    Cut,
    DayWindow,
    Elapsed,
    Expectation,
    Gift,
    Goal,
    Grant,
    Guard,
    Instruction,
    Jump,
    Message,
    Months,
    Plan,
    Promotion,
    Rolling,
    Rung,
    Scenario,
    Send,
    Service,
    Split,
    Staff,
    Tier,
    Variant,
    Wait,
)
from wakeup.plan.predicates import EVERYONE, Bought, Compare, Happened, InTier, Not, Or
from wakeup.plan.verify import verify


def told(plan: Plan) -> tuple[str, ...]:
    return tuple(map(str, verify(plan)))


DAY = Elapsed(86_400)


def with_program(*program: Instruction) -> Plan:
    (journey,) = SMALL.journeys
    return evolve(
        SMALL,
        channels=(Channel("sms", "sms"),),
        messages=(Message("hello", "sms", ""),),
        journeys=(evolve(journey, program=program),),
    )


@given(plans())
def test_a_generated_plan_has_no_problem(plan: Plan) -> None:
    assert verify(plan) == ()


@pytest.mark.parametrize(
    ("program", "problem"),
    [
        ((Jump(0),), "journey all, instruction 0 jumps to 0, which does not lie ahead"),
        ((Grant("g", ("x",)),), "journey all, instruction 0 names incentive 'x', which is not declared"),
        ((Wait(DAY, ("order", "sleep")),), "a wait of journey all is the unknown outcome 'sleep'"),
        ((Send("a", "hello"), Grant("a", ())), "journey all has 2 steps named a"),
        ((Jump(2),), "journey all, instruction 0 jumps to 2, which does not lie ahead"),
        ((Branch(EVERYONE, 3), Send("a", "hello")), "journey all, instruction 0 jumps to 3, which does not lie ahead"),
        ((Send("a", "hello"), Send("a", "hello")), "journey all has 2 steps named a"),
        ((Send("a", "bye"),), "journey all, instruction 0 names message 'bye', which is not declared"),
        ((Send("a", "hello", ("x",)),), "journey all, instruction 0 names incentive 'x', which is not declared"),
        (
            (Branch(Not(InTier("value", "high")), 1),),
            "journey all, instruction 0 names tier 'value', which is not declared",
        ),
        (
            (Branch(Or((Happened("dance"),)), 1),),
            "journey all, instruction 0 names outcome 'dance', which is not declared",
        ),
        (
            (Split("ab", "", (Arm("a", "0", "0.5", 1), Arm("b", "0.6", "1", 1))),),
            "journey all, split ab does not cover [0, 1) once, in order",
        ),
        (
            (Split("ab", "", (Arm("a", "0", "0.5", 1), Arm("b", "0.5", "0.9", 1))),),
            "journey all, split ab does not cover [0, 1) once, in order",
        ),
        ((Split("ab", "", ()),), "journey all, split ab does not cover [0, 1) once, in order"),
        ((Split("ab", "", (Arm("a", "0", "x", 1),)),), "journey all, split ab has a share that is no decimal"),
        (
            (Split("ab", "", (Arm("a", "0", "1", 0),)),),
            "journey all, instruction 0 jumps to 0, which does not lie ahead",
        ),
        (
            (Split("ab", "", (Arm("a", "0", "0.5", 1), Arm("a", "0.5", "1", 1))),),
            "journey all, split ab has 2 arms named a",
        ),
    ],
)
def test_a_broken_program_is_told(program: tuple[Instruction, ...], problem: str) -> None:
    assert told(with_program(*program)) == (problem,)


def test_arms_written_with_other_digits_still_meet() -> None:
    assert verify(with_program(Split("ab", "", (Arm("a", "0.0", "0.50", 1), Arm("b", "0.5", "1.00", 1))))) == ()


@pytest.mark.parametrize(
    ("edit", "problem"),
    [
        ({"minor_digits": 7}, "a currency has 0 to 6 minor digits"),
        ({"margin": "NaN"}, "margin 'NaN' is no share between 0 and 1"),
        ({"journeys": (SMALL.journeys[0], SMALL.journeys[0])}, "journey all is there 2 times"),
        ({"messages": (Message("m", "sms", ""),)}, "message m names channel 'sms', which is not declared"),
        (
            {"channels": (Channel("sms", "sms", line="x", staff=""),)},
            "channel sms names budget line 'x', which is not declared",
        ),
        (
            {"incentives": (Service("s", "", 1, DAY, "desk"),)},
            "service s names staff 'desk', which is not declared",
        ),
        (
            {"incentives": (Activity("c", "", "check_in", 3, "x", DAY),)},
            "challenge c names incentive 'x', which is not declared",
        ),
        (
            {"incentives": (Service("s", "", 1, DAY), Activity("c", "", "check_in", 3, "s", DAY))},
            "challenge c rewards with service s; only a coupon or a gift can be a reward",
        ),
        (
            {"incentives": (Activity("d", "", "", 1, "", DAY, kind="draw"),)},
            "draw d has odds ''; a draw has some and nothing else has",
        ),
        (
            {"incentives": (Activity("e", "", "", 1, "", DAY, kind="event"),)},
            "event e is at None; an event is at an instant and nothing else is",
        ),
        (
            {"incentives": (Coupon("n", "", (Rung(AmountOff(1, 2), DAY),), opens=9, closes=9, kind="flash_price"),)},
            "flash_price n closes before it opens",
        ),
        (
            {"incentives": (Gift("g", "", 1, DAY, scene=InTier("value", "high"), kind="content"),)},
            "content g names tier 'value', which is not declared",
        ),
        (
            {"tiers": (Tier("why", "", "rule", (Band("left"),)),)},
            "tier why by rule has a band left that is not by rule",
        ),
        (
            {"tiers": (Tier("value", "orders", "count", (Band("high", 1, match=EVERYONE),)),)},
            "tier value by count has a band high that is not by count",
        ),
        (
            {"messages": (Message("m", "sms", "", staff="desk"),), "channels": (Channel("sms", "sms"),)},
            "message m names staff 'desk', which is not declared",
        ),
        (
            {
                "messages": (Message("m", "sms", "", variants=(Variant(InTier("value", "high"), ""),)),),
                "channels": (Channel("sms", "sms"),),
            },
            "message m names tier 'value', which is not declared",
        ),
        (
            {
                "tiers": (Tier("value", "orders", "count", (Band("high"),)),),
                "incentives": (Coupon("c", "", (Rung(AmountOff(1, 2), DAY, "value", "low"),)),),
            },
            "coupon c names band 'low', which is not declared",
        ),
        ({"incentives": (Gift("g", "", 1, DAY, "gifts"),)}, "gift g names budget line 'gifts', which is not declared"),
        (
            {"scenarios": (Scenario("s", 0, 1, budget=(Cut("rent", "0.5"),)),)},
            "scenario s names budget line 'rent', which is not declared",
        ),
        ({"scenarios": (Scenario("s", 0, 1, down=("sms",)),)}, "scenario s names channel 'sms', which is not declared"),
        (
            {"promotions": (Promotion("all", "ab", "orders", 1, "0.9"),)},
            "a promotion in journey all names split 'ab', which is not declared",
        ),
        (
            {"cadence": evolve(SMALL.cadence, caps=(Cap(1, Rolling(1), channel="sms"),))},
            "a cap names channel 'sms', which is not declared",
        ),
    ],
)
def test_a_broken_reference_is_told(edit: dict[str, object], problem: str) -> None:
    assert told(evolve(SMALL, **edit)) == (problem,)  # type: ignore[arg-type]  # wrong on purpose


def test_messages_that_fall_back_in_a_circle_are_told() -> None:
    plan = evolve(
        SMALL,
        channels=(Channel("sms", "sms"),),
        messages=(Message("a", "sms", "", fallback="b"), Message("b", "sms", "", fallback="a")),
    )
    assert told(plan) == ("message a falls back to itself", "message b falls back to itself")


@pytest.mark.parametrize(
    ("compare", "problem"),
    [
        (Compare("orders", ">", "much", "count"), "the audience compares 'orders' with 'much', which is no count"),
        (Compare("rate", "<", "a half", "decimal"), "the audience compares 'rate' with 'a half', which is no decimal"),
        (Compare("city", "==", 3, "text"), "the audience compares 'city' with 3, which is no text"),
    ],
)
def test_a_value_that_is_none_of_its_unit_is_seen(compare: Compare, problem: str) -> None:
    assert told(evolve(SMALL, audience=compare)) == (problem,)


@pytest.mark.parametrize(
    ("edit", "problem"),
    [
        (
            {"cadence": evolve(SMALL.cadence, caps=(Cap(101, Rolling(1)),))},
            "a cap allows 101 sends; at most 100 are remembered",
        ),
        (
            {"staff": (Staff("s", 10_001, 60, DayWindow(0, 60)),)},
            "staff s has 10001 people; at most 10000 are simulated",
        ),
        ({"awake": ("\ud800",)}, "the plan has a name that is no text"),
        ({"zone": "Mars/Base"}, "there is no time zone 'Mars/Base'"),
        ({"zone": "../../etc/passwd"}, "there is no time zone '../../etc/passwd'"),
        ({"start": 2**63, "end": 2**63 + 1}, f"the plan has start {2**63}, which is not from 0 to 253370764800"),
        ({"awake": ("order", "sleep")}, "awake is the unknown outcome 'sleep'"),
        ({"channels": (Channel("sms", "pigeon"),)}, "channel sms is of the unknown kind 'pigeon'"),
        ({"channels": (Channel("sms", "sms", rate=-1),)}, f"channel sms has rate -1, which is not from 0 to {10**17}"),
        (
            {"incentives": (Gift("g", "", 10**30, DAY),)},
            f"gift g has cost {10**30}, which is not from 0 to {10**17}",
        ),
        (
            {"incentives": (Gift("g", "\ud800", 1, DAY),)},
            "gift g has a title that is no text",
        ),
        (
            {"scenarios": (Scenario("s", 0, 1, prices="0"),)},
            "scenario s has prices '0', which is no factor above 0 and up to 1000",
        ),
        (
            {"scenarios": (Scenario("s", 0, 1, budget=(Cut("", "x"),)),)},
            "scenario s has budget 'x', which is no factor above 0 and up to 1000",
        ),
        (
            {"scenarios": (Scenario("s", 0, 1, response="-1"),)},
            "scenario s has response '-1', which is no factor above 0 and up to 1000",
        ),
        (
            {"guards": (Guard("g", "satisfaction", "<", "3", "count", "stop"),)},
            "guard g watches satisfaction, which is known only after the run",
        ),
        (
            {"guards": (Guard("g", "spent", ">", "3", "money", "stop", 5, "woken"),)},
            "guard g waits for 'woken', which is no count that a guard can watch",
        ),
        (
            {"guards": (Guard("g", "incremental_orders", ">", "3", "count", "stop"),)},
            "guard g watches incremental_orders, which is known only after the run",
        ),
        (
            {"audience": Bought("tea", 1201, months=True)},
            "the plan compares with 1201 months; at most 1200 have a date",
        ),
        (
            {"audience": Compare("last_order", ">=", 1201, "months")},
            "the plan compares with 1201 months; at most 1200 have a date",
        ),
        ({"incentives": (Gift("g", "", 1, Months(1201)),)}, "gift g has months 1201, which is not from 1 to 1200"),
        ({"goals": (Goal("luck", ">=", "1", "count", ""),)}, "there is no figure 'luck'"),
        ({"goals": (Goal("orders", ">=", "many", "count", ""),)}, "orders is compared with 'many', which is no number"),
        (
            {"expectations": (Expectation("orders", ">=", "1", "count", ""),)},
            "orders is expected without saying how surely",
        ),
        (
            {"assumptions": (Assumption("clicked", "", 0.1, -1.0, "logit", "", "given"),)},
            "the plan has sd -1.0, which is not from 0 to 100",
        ),
        (
            {"tiers": (Tier("t", "orders", "count", (Band("b"),) * 127),)},
            "tier t has 127 bands; at most 100 count",
        ),
    ],
)
def test_a_number_or_a_word_that_no_simulator_takes_is_told(edit: dict[str, object], problem: str) -> None:
    assert problem in told(evolve(SMALL, **edit))  # type: ignore[arg-type]  # wrong on purpose


@pytest.mark.parametrize(
    ("edit", "problem"),
    [
        ({"messages": (Message("m", "sms", ""),)}, "消息“m”用到的渠道“sms”没有声明"),
        (
            {"incentives": (Activity("e", "", "", 1, "", DAY, kind="event"),)},
            "线下活动“e”的开场时刻是 空；线下活动必须有开场时刻，其他活动不能有",
        ),
        ({"incentives": (Gift("g", "", 10**30, DAY),)}, f"赠品“g”的成本是 {10**30}，不在 0 到 {10**17} 之间"),
        ({"tiers": (Tier("why", "", "rule", (Band("left"),)),)}, "分层“why”按规则划分，其中的档位“left”却不按规则"),
        ({"audience": Compare("orders", ">", "much", "count")}, "人群把“下单次数”与“much”比较，后者不是数量"),
        ({"awake": ("order", "sleep")}, "唤醒中的“sleep”不是可用的事件"),
        (
            {"guards": (Guard("g", "spent", ">", "3", "money", "stop", 5, "woken"),)},
            "护栏“g”等待的“唤醒人数”不是护栏能监控的计数",
        ),
    ],
)
def test_a_problem_is_told_in_chinese(edit: dict[str, object], problem: str) -> None:
    assert problem in [each.told("zh") for each in verify(evolve(SMALL, **edit))]  # type: ignore[arg-type]  # wrong on purpose


def test_a_step_of_a_program_is_told_in_chinese() -> None:
    (problem,) = verify(with_program(Jump(0)))
    assert problem.told("zh") == "旅程“all”第 0 条指令跳到第 0 条，它不在后面"
