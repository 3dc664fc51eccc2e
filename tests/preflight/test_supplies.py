"""Stock, limits and desks against what people take, counted by hand."""

import pytest
from attrs import evolve
from tests.preflight.made import CERTAIN, DAY, assumed, certain, facts, fields, found, people
from tests.sim.plans import ENTRY, coupon, journey, send, wait, window

from wakeup.plan.model import Activity, Coupon, Elapsed, Gift, Plan, Service, Staff, Wave

WEEK = Elapsed(7 * DAY)


def with_gift(stock: int, *, per_day: int | None = None, valid: Elapsed = WEEK, take: float = 1.0) -> Plan:
    kit = Gift("kit", "", 1_800, valid, stock=stock, limit=1)
    plan = certain(journey(send("nudge", "kit"), wait(20), wave=Wave(ENTRY, per_day)), incentives=(kit,))
    return evolve(plan, assumptions=assumed(dict(CERTAIN) | {"organic_level": -40.0, "take_up": take}))


def test_everybody_takes_one() -> None:
    told = fields(with_gift(120), people(200), "WK3920")
    assert (told["stock"], told["peak"], told["granted"], told["used"]) == ("120", "200", "200", "200")
    assert told["enough"] == "200"
    assert not found(with_gift(200), people(200)).keys() & {"WK3920", "WK3921"}


def test_what_lapses_comes_back() -> None:
    # Nobody takes any, 10 enter a day, each grant lives for 3 days: 30 are open at once.
    plan, population = with_gift(40, per_day=10, valid=Elapsed(3 * DAY), take=0.0), people(200)
    look = facts(plan, population).rehearsal
    assert look is not None
    held = look.holding(0)
    assert (held.granted, held.used, held.peak) == (200, 0, 30)
    # 200 could be asked for: a note, no warning.
    told = fields(plan, population, "WK3921")
    assert (told["most"], told["peak"], told["stock"]) == ("200", "30", "40")
    assert fields(with_gift(29, per_day=10, valid=Elapsed(3 * DAY), take=0.0), population, "WK3920")["enough"] == "30"


def test_what_is_used_stays_away() -> None:
    plan = with_gift(40, per_day=10, valid=Elapsed(3 * DAY))
    assert fields(plan, people(200), "WK3920")["peak"] == "200"


def test_counts_are_scaled_up_and_numbers_can_be_typed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wakeup.preflight.rehearsal.SAMPLE", 500)
    told = fields(with_gift(120), people(2_001), "WK3920")
    assert (told["peak"], told["enough"]) == ("2,001", "2_001")


def test_a_reward_takes_from_its_stock() -> None:
    visits = Activity("visits", "", "check_in", 2, "off", WEEK)
    off = coupon(500, 5_000, name="off", stock=60)
    plan = certain(journey(send("nudge", "visits"), wait(10)), incentives=(off, visits))
    plan = evolve(plan, assumptions=(*plan.assumptions, *assumed({"keeps_up": 1.0})))
    told = fields(plan, people(100), "WK3920")
    assert (told["name"], told["peak"], told["granted"]) == ("off", "100", "100")


# --- limits per person -----------------------------------------------------------------------------------------------


def test_a_send_whose_gift_is_used_up() -> None:
    kit = Gift("kit", "", 1_800, WEEK, limit=1)
    again = send("nudge", "kit", step="again")
    plan = certain(journey(send("nudge", "kit"), wait(2), again, wait(2)), incentives=(kit,))
    told = fields(plan, people(80), "WK3922")
    assert (told["name"], told["refused"], told["asked"], told["incentives"]) == ("again", "80", "80", "`kit`")
    assert "WK3922" not in found(evolve(plan, incentives=(evolve(kit, limit=2),)), people(80))


def test_a_coupon_without_a_rung_for_anybody() -> None:
    nothing: Coupon = evolve(coupon(name="off"), rungs=())
    plan = certain(journey(send("nudge", "off"), wait(2)), incentives=(nothing,))
    assert fields(plan, people(50), "WK3922")["refused"] == "50"


# --- desks -----------------------------------------------------------------------------------------------------------


def with_desk(staff: int) -> Plan:
    advice = Service("advice", "", 3_500, WEEK, staff="desk")
    desk = (Staff("desk", staff, 3_600, window(9, 18)),)
    plan = certain(journey(send("nudge", "advice"), wait(20)), incentives=(advice,), staff=desk)
    return evolve(plan, assumptions=(*plan.assumptions, *assumed({"take_delay": 0.1})))


def test_staff_who_do_not_keep_up() -> None:
    # Everybody claims at 10:12 on 1 May, for a week: one adviser has 62 hours until then, an hour each on average.
    told = fields(with_desk(1), people(300), "WK3923")
    assert told["claimed"] == "300"
    assert 300 - 62 * 1.6 < int(str(told["unserved"])) < 300 - 62 * 0.5
    assert (told["people"], told["handles"], told["staff"]) == ("1", "1h", "desk")
    assert "WK3923" not in found(with_desk(20), people(300))
