from tests.lang.texts import campaign, compiled

from wakeup.plan.explain import explain


def lines(journey: str, *more: str) -> list[str]:
    told = explain(compiled(campaign(*more, journey=journey)))
    start = told.index("Journey ")
    return told[start : told.index("\n\n", start)].splitlines()


def test_steps_are_indented_and_dated() -> None:
    assert lines(
        "journey all {\n send hello\n wait 5d for click\n if no click { send hello } else { exit }\n wait 1d }"
    ) == [
        "Journey all, for everybody else",
        "  all enter at 2026-09-01",
        "  who is in it leaves at once with an order",
        "  day 0: send hello by push",
        "  wait up to 5 days for a click",
        "  if no click:",
        "    day 5: send hello#2 by push",
        "  else:",
        "    leave",
        "  wait 1 day",
    ]


def test_arms_stand_under_their_split_and_meet_again() -> None:
    body = """
    start: 1_000 per day from 2026-09-01 at 10:00
    goal: none
    split s measuring wake_rate { 60% a { send hello; wait 2d } 40% b { wait 1d } }
    promote winner after 14d sure 95%
    send hello
    """
    assert lines(f"journey all {{{body}}}")[3:] == [
        "  split s (the better wake rate takes all newcomers after 14 days if 95% sure):",
        "    60% a:",
        "      day 0: send hello by push",
        "      wait 2 days",
        "    40% b:",
        "      wait 1 day",
        "  day 2: send hello#2 by push",
    ]


def test_a_nested_split_at_the_end_of_an_arm_stays_in_its_arm() -> None:
    body = "split s { 50% a { split t { 50% c { send hello } 50% d { exit } } } 50% b { wait 1d } }\nsend hello"
    assert lines(f"journey all {{{body}}}")[3:] == [
        "  split s:",
        "    50% a:",
        "      split t:",
        "        50% c:",
        "          day 0: send hello by push",
        "        50% d:",
        "          leave",
        "    50% b:",
        "      wait 1 day",
        "  day 1: send hello#2 by push",
    ]
