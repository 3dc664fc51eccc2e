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


GIVEN = """
coupon kit { discount: 30 CNY off 100 CNY, valid: 7d, codes: 500 }
points triple { multiplier: 3x, earn: 1%, threshold: 100 CNY, valid: 7d }
member_price vip { discount: 10% off 100 CNY, valid: 7d }
flash_price night { discount: 30% off, from: 2026-09-10 at 20:00 until 2026-09-11 at 02:00 }
membership half_year { extend: 6 months, cost: 12 CNY per person }
content guide { scene: tag(new_mother) }
draw lucky { odds: 2%, prize: 200 CNY each, count: 50 }
survey how { reward: kit }
event tea { on: 2026-09-20 at 14:00, seats: 80, cost: 50 CNY per person }
community club { places: 500 }
"""


def test_what_each_incentive_gives() -> None:
    names = "kit, triple, vip, night, half_year, guide, lucky, how, tea, club"
    told = explain(compiled(campaign(GIVEN, journey=f"journey all {{ send hello with {names} }}")))
    start = told.index("Incentives")
    assert told[start : told.index("\n\n", start)].splitlines()[1:] == [
        "  coupon kit: 30 CNY off 100 CNY, valid 7 days, 500 codes",
        "  points triple: 2% of each order from 100 CNY back as points, valid 7 days",
        "  member price vip: 10% off from 100 CNY, on every order, valid 7 days",
        "  flash price night: 30% off, from 2026-09-10 20:00 until 2026-09-11 02:00",
        "  membership half_year: 6 months more, costs 12 CNY, valid 14 days",
        "  content guide: suits best: tagged new_mother, valid 14 days",
        "  draw lucky: 2% win 200 CNY, 50 times at most, valid 14 days",
        "  survey how: brings kit, valid 14 days",
        "  event tea: on 2026-09-20 14:00, costs 50 CNY a person, open until it begins, 80 seats",
        "  community club: for 12 months, valid 14 days, 500 places",
    ]


def test_texts_for_some_people_and_a_grant() -> None:
    text = 'message m via push { text: "Dear mum" for tag(new_mother), "Hello" }'
    off = "coupon off { discount: 30 CNY off 100 CNY, valid: 7d }"
    told = explain(compiled(campaign(text, off, journey="journey all { send m; wait 2d; grant off }"))).splitlines()
    assert "  day 2: grant off without a message" in told
    at = told.index("  m by push")
    assert told[at + 1 : at + 3] == ["    tagged new_mother: Dear mum", "    all others: Hello"]


def test_chinese_says_what_is_left_of_a_price() -> None:
    offers = ["20% off", "15% off 100 CNY", "12.5% off", "12.5% off 100 CNY"]
    coupons = (f"coupon c{at} {{ discount: {offer}, valid: 7d }}" for at, offer in enumerate(offers))
    told = explain(compiled(campaign(*coupons, journey="journey all { grant c0, c1, c2, c3 }")), "zh")
    rows = [line.split("：")[1].split("，")[0] for line in told.splitlines() if line.startswith("  优惠券")]
    assert rows == ["8折", "满 100元 打 8.5折", "减免 12.5%", "满 100元 减免 12.5%"]


def test_a_scenario_ends_with_its_last_day() -> None:
    slump = "scenario slump { from: 2026-09-03 through 2026-09-10, response: 0.8x }"
    assert "2026-09-03 through 2026-09-10" in explain(compiled(campaign(slump)))
    assert "2026-09-03 至 2026-09-10" in explain(compiled(campaign(slump)), "zh")
