"""What control group and splits can see, by the formulas."""

import math

import numpy as np
import pytest
from attrs import evolve
from scipy import stats
from tests.preflight.made import (
    ASLEEP,
    CERTAIN,
    DAY,
    assumed,
    certain,
    dormant,
    facts,
    fields,
    found,
    log_logistic,
    people,
)
from tests.sim.plans import END, ENTRY, START, journey, send, wait

from wakeup.behaviour import DefaultBehaviour
from wakeup.figures.trace import Trace
from wakeup.plan.model import Arm, Jump, Plan, Promotion, Split, Wave
from wakeup.preflight.experiments import PLAUSIBLE, base_rate
from wakeup.preflight.rehearsal import SEED
from wakeup.sim import array
from wakeup.sim.task import Task
from wakeup.stats import always_valid_shift, peeking, power_of, size_needed, smallest_rise

LAW = {"organic_level": -1.5, "organic_dormancy": -0.4, "organic_orders": 0.5, "organic_shape": 0.8}
HALVES = (Arm("a", "0", "0.5", 1), Arm("b", "0.5", "1", 3))
SPLIT = Split("s", "s", HALVES)


def waking(*, holdout: str = "0.1", lift: float = 3.0, awake: tuple[str, ...] = ("order",)) -> Plan:
    """Everybody sees one message that multiplies their odds of an order."""
    effects = CERTAIN | LAW | {"advertising": lift, "dormancy_lift": 0.0, "response_spread": 0.0}
    return certain(journey(send(), wait(5)), holdout=holdout, awake=awake, assumptions=assumed(effects))


def split_of(*, within: int = 0, per_day: int | None = None, arms: tuple[Arm, ...] = HALVES, take: float = 1.0) -> Plan:
    """Two arms that send the same; a share of those who see it click."""
    program = (evolve(SPLIT, arms=arms), send(step="one"), Jump(4), send(step="two"), wait(20))
    promotions = (Promotion("wake", "s", "clicked", 4 * DAY, "0.95", within),) if within else ()
    return certain(
        journey(*program, wave=Wave(ENTRY, per_day)),
        awake=("click",),
        promotions=promotions,
        assumptions=assumed(CERTAIN | ASLEEP | {"clicked": take, "click_delay": 2.0, "click_delay_spread": 0.0}),
    )


# --- base rate -------------------------------------------------------------------------------------------------------


def test_the_base_rate_is_the_mean_of_the_law() -> None:
    population = people(500)
    asleep = (START - population.last_order) / DAY
    by_hand = np.mean(
        [
            log_logistic(-1.5, -0.4, 0.5, 0.8, (max(days, 1.0), int(orders), (END - START) / DAY))
            for days, orders in zip(asleep, population.orders, strict=True)
        ]
    )
    assert base_rate(facts(waking(), population)) == pytest.approx(by_hand, rel=1e-12)


def test_the_base_rate_is_what_people_do_untouched() -> None:
    # Everybody held out: the share with an order in the run, against the law; four standard errors of 20,000.
    plan, population = waking(holdout="1"), people(20_000)
    trace = Trace()
    array.run(Task(plan, population, DefaultBehaviour(), SEED, 0), trace)
    rows = trace.table()
    came = len(np.unique(rows["who"][rows["t"] < END])) / 20_000
    base = base_rate(facts(plan, population))
    assert came == pytest.approx(base, abs=4 * math.sqrt(base * (1 - base) / 20_000))


def test_without_orders_nobody_wakes_by_themselves() -> None:
    assert base_rate(facts(waking(awake=("click",)), people(50))) == 0.0


# --- control group ---------------------------------------------------------------------------------------------------


def directly(base: float, other: float, held: int, treated: int) -> float:
    error = math.sqrt(base * (1 - base) / held + other * (1 - other) / treated)
    bound, shift = stats.norm.isf(0.025), abs(other - base) / error
    return float(stats.norm.sf(bound - shift) + stats.norm.cdf(-bound - shift))


def test_a_control_group_that_is_too_small() -> None:
    plan, population = waking(holdout="0.02", lift=3.0), people(4_000)
    told = fields(plan, population, "WK3911")
    look = facts(plan, population)
    base, rehearsal = base_rate(look), look.rehearsal
    assert rehearsal is not None
    held = int(look.cast.membership.held_out.sum())
    expected = base + rehearsal.uplift
    assert 0 < rehearsal.uplift < 0.2
    assert told["held"] == str(held)
    assert told["treated"] == f"{4_000 - held:,}"
    assert (told["base"], told["rise"]) == (f"{100 * base:.1f}", f"{100 * rehearsal.uplift:.1f}")
    assert told["power"] == f"{100 * directly(base, expected, held, 4_000 - held):.1f}"
    smallest = smallest_rise(base, held, 4_000 - held)
    assert smallest is not None
    assert told["smallest"] == f"{100 * smallest:.1f}"
    share = int(str(told["share"]))
    enough, fewer = (4_000 * each // 100 for each in (share, share - 1))
    assert directly(base, expected, enough, 4_000 - enough) >= 0.8 > directly(base, expected, fewer, 4_000 - fewer)


def test_the_holdout_that_is_proposed_does() -> None:
    population = people(4_000)
    share = int(str(fields(waking(holdout="0.02", lift=3.0), population, "WK3911")["share"]))
    codes = found(waking(holdout=str((share + 2) / 100), lift=3.0), population)
    assert "WK3910" in codes
    assert "WK3911" not in codes


def test_too_few_people_for_any_control_group() -> None:
    plan, population = waking(lift=1.1), people(300)
    told = fields(plan, population, "WK3912")
    look = facts(plan, population)
    assert look.rehearsal is not None
    base = base_rate(look)
    assert told["needed"] == f"{2 * size_needed(base, base + look.rehearsal.uplift):,}"
    assert told["people"] == "300"


def test_who_never_enters_rises_by_nothing() -> None:
    slow = waking(lift=4.0)
    slow = evolve(slow, journeys=(evolve(slow.journeys[0], wave=Wave(ENTRY, 31)),))
    population = people(4_000)
    look = facts(slow, population)
    assert look.rehearsal is not None
    (told,) = (
        found(slow, population).get(code) for code in ("WK3910", "WK3911", "WK3912") if code in found(slow, population)
    )
    assert told is not None
    rise = look.rehearsal.uplift * 31 * 31 / len(look.cast.treated)
    assert told[0].said.fields["rise"] in (f"{100 * rise:.1f}", f"{100 * rise:.2f}")


def test_a_campaign_that_waives_the_holdout_is_not_asked() -> None:
    codes = found(waking(holdout="0"), people(100))
    assert not codes.keys() & {"WK3910", "WK3911", "WK3912"}


# --- splits ----------------------------------------------------------------------------------------------------------


def test_a_split_by_hand() -> None:
    population = people(2_000)
    told = fields(split_of(take=0.3), population, "WK3913")
    look = facts(split_of(take=0.3), population)
    assert look.rehearsal is not None
    arms = look.rehearsal.arms(0, 0, SPLIT)
    assert sum(arms.people) == 2_000
    assert arms.rate == pytest.approx(0.3, abs=4 * math.sqrt(0.3 * 0.7 / 2_000))
    smaller, larger = sorted(arms.people)
    smallest = smallest_rise(arms.rate, smaller, larger)
    assert smallest is not None
    assert (told["rate"], told["smallest"]) == (f"{100 * arms.rate:.1f}", f"{100 * smallest:.1f}")
    assert told["people"] == f"a {arms.people[0]:,.0f}, b {arms.people[1]:,.0f}"
    assert told["figure"] == "wake_rate"


def test_everybody_clicks() -> None:
    look = facts(split_of(), people(100))
    assert look.rehearsal is not None
    assert look.rehearsal.arms(0, 0, SPLIT).rate == 1.0


def test_a_success_that_nobody_has_counts_as_one() -> None:
    look = facts(split_of(take=0.0), people(100))
    assert look.rehearsal is not None
    assert look.rehearsal.arms(0, 0, SPLIT).rate == 0.01


def test_a_promotion_counts_whom_it_has_watched_long_enough() -> None:
    # 10 a day from 1 May at 10:00. Judged on 5 May at 10:00, watched for a day: those of 1 to 4 May.
    look = facts(split_of(within=DAY, per_day=10), people(100))
    assert look.rehearsal is not None
    arms = look.rehearsal.arms(0, 0, SPLIT)
    assert (sum(arms.people), arms.figure) == (40, "clicked")
    assert arms.rate == 1.0
    # A click comes two hours after the send: who is watched for one hour only has not clicked yet.
    short = facts(split_of(within=3_600, per_day=10), people(100)).rehearsal
    assert short is not None
    arms = short.arms(0, 0, SPLIT)
    assert arms.rate == pytest.approx(1 / sum(arms.people))


def test_uneven_arms_are_told_how_many_would_do() -> None:
    uneven = (Arm("a", "0", "0.05", 1), Arm("b", "0.05", "1", 3))
    plan, population = split_of(take=0.3, arms=uneven), people(1_500)
    told = fields(plan, population, "WK3914")
    look = facts(plan, population)
    assert look.rehearsal is not None
    rate = look.rehearsal.arms(0, 0, evolve(SPLIT, arms=uneven)).rate
    needed = size_needed(rate, (1 + PLAUSIBLE) * rate)
    assert (told["needed"], told["most"]) == (f"{needed:,}", 2)
    assert power_of(rate, (1 + PLAUSIBLE) * rate, needed, needed) >= 0.8
    assert "WK3913" in found(split_of(take=0.3), population)


def test_the_two_smallest_arms_are_compared() -> None:
    three = (Arm("a", "0", "0.1", 1), Arm("b", "0.1", "0.3", 3), Arm("c", "0.3", "1", 3))
    plan, population = split_of(take=0.3, arms=three), people(3_000)
    look = facts(plan, population)
    assert look.rehearsal is not None
    arms = look.rehearsal.arms(0, 0, evolve(SPLIT, arms=three))
    smallest = smallest_rise(arms.rate, arms.people[0], arms.people[1])
    assert smallest is not None
    assert fields(plan, population, "WK3913")["smallest"] == f"{100 * smallest:.1f}"


def test_too_few_people_for_a_split() -> None:
    plan, population = split_of(take=0.1), people(200)
    told = fields(plan, population, "WK3915")
    look = facts(plan, population)
    assert look.rehearsal is not None
    rate = look.rehearsal.arms(0, 0, SPLIT).rate
    needed = size_needed(rate, 1.5 * rate)
    assert (told["needed"], told["wanted"], told["all"]) == (f"{needed:,}", f"{2 * needed:,}", "200")
    assert told["plausible"] == f"{50 * rate:.1f}"


def test_where_everybody_does_it_nothing_can_be_better() -> None:
    # All click: no arm can beat that, and half of them would still be seen at once.
    assert fields(split_of(take=1.0), people(100), "WK3914")["needed"] == f"{size_needed(1.0, 0.5):,}"


# --- looking before the end ------------------------------------------------------------------------------------------


def test_looking_at_the_control_group_every_day() -> None:
    population = people(4_000)
    told = fields(waking(), population, "WK5310")
    days = round((END - START) / DAY)
    assert told["days"] == days
    assert told["peeking"] == f"{100 * peeking(days):.1f}"
    look = facts(waking(), population)
    base, held = base_rate(look), int(look.cast.membership.held_out.sum())
    # A rise of as many standard errors as the rule needs.
    rise = float(str(told["sequential"])) / 100
    error = math.sqrt(base * (1 - base) / held + (base + rise) * (1 - base - rise) / (4_000 - held))
    assert rise / error == pytest.approx(always_valid_shift(days), abs=0.06)  # a tenth of a point
    assert float(str(told["smallest"])) < float(str(told["sequential"]))


def test_looking_at_a_split_that_promotes_nothing() -> None:
    told = fields(split_of(take=0.3), people(2_000), "WK5311")
    # From the first people on 1 May until the run ends.
    days = round((END - ENTRY) / DAY)
    assert (told["name"], told["days"], told["peeking"]) == ("s", days, f"{100 * peeking(days):.1f}")
    assert not found(split_of(take=0.3), people(2_000)).keys() & {"WK5312", "WK5313"}


def test_how_sure_a_promotion_is() -> None:
    told = fields(split_of(within=DAY, per_day=200, take=0.3), people(2_000), "WK5312")
    assert (told["days"], told["arms"], told["sure"], told["crowned"]) == (4, 2, "95", "10.0")
    assert told["peeking"] == f"{100 * peeking(4):.1f}"


def test_a_split_that_is_judged_too_early() -> None:
    # 40 a day are seen; half of 30 % takes 166 people an arm, 332 in all: the last of them come on the ninth day.
    plan, population = split_of(within=DAY, per_day=40, take=0.3), people(1_000)
    told = fields(plan, population, "WK5313")
    needed = int(str(told["needed"]))
    enough = int(str(told["enough"]))
    look = facts(plan, population)
    assert look.rehearsal is not None
    rate = look.rehearsal.arms(0, 0, SPLIT).rate
    assert needed == size_needed(rate, 1.5 * rate)
    assert enough == math.ceil(2 * needed / 40)
    assert not found(plan, population).keys() & {"WK3913", "WK3914", "WK3915"}
    # What it proposes does, and half of it does not.
    for days, code in ((enough, "WK3913"), (enough // 2, "WK5313")):
        later = evolve(plan, promotions=(evolve(plan.promotions[0], after=days * DAY),))
        assert facts(later, population).rehearsal is not None
        assert code in found(later, population)


def test_the_smallest_arm_is_waited_for() -> None:
    uneven = (Arm("a", "0", "0.25", 1), Arm("b", "0.25", "1", 3))
    told = fields(split_of(within=DAY, per_day=60, take=0.3, arms=uneven), people(1_500), "WK5313")
    assert int(str(told["enough"])) == math.ceil(4 * int(str(told["needed"])) / 60)


def test_too_few_people_until_the_end_are_not_told_to_wait() -> None:
    codes = found(split_of(within=DAY, per_day=2, take=0.3), people(1_000))
    assert "WK3915" in codes
    assert "WK5313" not in codes


def test_counts_are_scaled_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wakeup.preflight.rehearsal.SAMPLE", 400)
    look = facts(split_of(take=0.3), people(2_000))
    assert look.rehearsal is not None
    arms = look.rehearsal.arms(0, 0, SPLIT)
    assert sum(arms.people) == pytest.approx(2_000)
    assert arms.people[0] % 5 == 0


def test_the_more_a_message_does_the_more_is_expected() -> None:
    population = dormant(2_000, 200)
    weak, strong = (facts(waking(lift=lift), population).rehearsal for lift in (2.0, 8.0))
    assert weak is not None
    assert strong is not None
    assert 0 < weak.uplift < strong.uplift
