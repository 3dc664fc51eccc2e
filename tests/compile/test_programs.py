from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from tests.lang.texts import campaign, compiled

from wakeup.plan.model import Arm, Branch, Elapsed, Exit, Jump, Months, Promotion, Send, Split, Until, Wait, Wave
from wakeup.plan.predicates import Happened, Not


def program(body: str, *more: str) -> tuple[object, ...]:
    return compiled(campaign(*more, journey=f"journey all {{\n{body}\n}}\n")).journeys[0].program


def test_steps_in_order_with_names_of_their_own() -> None:
    assert program("send hello; wait 5d for order; send hello; wait 1 month") == (
        Send("hello", "hello"),
        Wait(Elapsed(432_000), ("order",)),
        Send("hello#2", "hello"),
        Wait(Months(1)),
    )


def test_if_without_else_jumps_behind_it() -> None:
    assert program("if no order { send hello }\nwait 1d") == (
        Branch(Not(Happened("order")), 2),
        Send("hello", "hello"),
        Wait(Elapsed(86_400)),
    )


def test_if_with_else_joins_behind_both() -> None:
    assert program("send hello\nif clicked { send hello; exit } else { wait 1d }\nwait 2d") == (
        Send("hello", "hello"),
        Branch(Happened("click"), 5),
        Send("hello#2", "hello"),
        Exit(),
        Jump(6),
        Wait(Elapsed(86_400)),
        Wait(Elapsed(172_800)),
    )


def test_else_if_is_an_if_in_the_else() -> None:
    assert program("send hello\nif clicked { wait 1d } else if opened { wait 2d } else { wait 3d }") == (
        Send("hello", "hello"),
        Branch(Happened("click"), 4),
        Wait(Elapsed(86_400)),
        Jump(8),
        Branch(Happened("open"), 7),
        Wait(Elapsed(172_800)),
        Jump(8),
        Wait(Elapsed(259_200)),
    )


def test_arms_own_ranges_and_join_behind() -> None:
    assert program("split s { 50% a { send hello } 30% b { wait 1d } 20% c { exit } }\nwait 2d") == (
        Split("s", "c/all/s", (Arm("a", "0", "0.5", 1), Arm("b", "0.5", "0.8", 3), Arm("c", "0.8", "1", 5))),
        Send("hello", "hello"),
        Jump(6),
        Wait(Elapsed(86_400)),
        Jump(6),
        Exit(),
        Wait(Elapsed(172_800)),
    )


@given(st.lists(st.integers(1, 999), min_size=2, max_size=6, unique=False))
def test_shares_are_exact_decimals_that_end_at_one(weights: list[int]) -> None:
    rest = 100_000 - sum(weights)
    shares = [Decimal(weight) / 1000 for weight in weights] + [Decimal(rest) / 1000]
    arms = "\n".join(f"{share}% a{index} {{ wait {index + 1}d }}" for index, share in enumerate(shares))
    (split,) = (each for each in program(f"send hello\nsplit s {{\n{arms}\n}}") if isinstance(each, Split))
    assert [Decimal(arm.high) - Decimal(arm.low) for arm in split.arms] == [share / 100 for share in shares]
    assert (split.arms[0].low, split.arms[-1].high) == ("0", "1")


def test_a_message_says_when_a_held_send_expires() -> None:
    more = 'message late via push { text: "Late", expires: 12h }'
    assert program("send late; send hello", more) == (
        Send("late", "late", expires=43_200),
        Send("hello", "hello", expires=259_200),
    )


def test_a_moment_is_an_instant() -> None:
    assert program("wait until 2026-09-10 at 10:00") == (Wait(Until(1_789_005_600)),)  # 02:00 UTC


def test_entry_salts_and_goal() -> None:
    body = "start: 50 per day from 2026-09-02 at 10:00\ngoal: none\nsend hello"
    journey = compiled(campaign(journey=f"journey all {{\n{body}\n}}\n")).journeys[0]
    assert journey.wave == Wave(1_788_314_400, 50)
    assert (journey.goal, journey.salt) == ("", "c/all")
    plan = compiled(campaign())
    assert plan.journeys[0].wave == Wave(plan.start, None)
    assert plan.journeys[0].goal == "order"
    assert plan.holdout_salt not in {each.salt for each in plan.journeys}


def test_promotions() -> None:
    body = """start: 50 per day from 2026-09-02 at 10:00
    split s measuring conversion within 5d { 50% a { send hello } 50% b { wait 1d } }
    promote winner after 14d sure 95%"""
    plan = compiled(campaign(journey=f"journey all {{\n{body}\n}}\n"))
    assert plan.promotions == (Promotion("all", "s", "conversion", 1_209_600, "0.95", 432_000),)
