"""Two plans over the same people: equal plans differ in nothing, and every difference is that of two separate runs."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from attrs import evolve
from tests.figures.small import DAY, PLAN, START

import wakeup
from wakeup.behaviour import DefaultBehaviour
from wakeup.customers import Population, synthetic
from wakeup.diagnostics import WakeupError
from wakeup.figures.differences import Difference, Differences
from wakeup.figures.trace import Trace
from wakeup.plan.model import AmountOff, Cadence, Cap, Coupon, Incentive, Plan, Rolling, Scenario
from wakeup.sim.jobs import Job, Setting, run, tally
from wakeup.sim.pairs import Staged, compare
from wakeup.sim.replications import simulate
from wakeup.terms.lists import Reason, Row

CAMPAIGN = evolve(
    PLAN,
    scenarios=(
        Scenario("storm", START, START + DAY, organic="0.5"),
        Scenario("outage", START, START + 2 * DAY, down=("sms", "popup")),
    ),
)
CAPPED = evolve(CAMPAIGN, cadence=Cadence(caps=(Cap(1, Rolling(30 * DAY)),)))
PEOPLE = synthetic(80, seed=3, as_of=START)


def compared(old: Plan = CAMPAIGN, new: Plan = CAPPED, people: Population = PEOPLE, **options: Any) -> Differences:
    return compare(Staged(old, people), Staged(new, people), **({"replications": 3, "engine": "array"} | options))


def every(found: Differences) -> Sequence[Difference]:
    """All differences of a comparison."""
    lines = [amount for line in found.budget for amount in (line.spent, line.open, line.tail)]
    tables = [
        found.figures,
        found.reasons,
        found.delays,
        *found.scenarios.values(),
        *(each.figures for each in found.groups),
    ]
    return [*lines, *(each for table in tables for each in table.values())]


def test_equal_plans_differ_in_exactly_nothing() -> None:
    found = compared(CAMPAIGN, CAMPAIGN, scenarios=["storm"])
    known = [each for each in every(found) if each.change is not None]
    assert len(known) > 300
    assert {(each.change, each.higher, each.lower) for each in known} == {(0, 0, 0)}
    assert {edge for each in known if each.error is not None for edge in (each.low, each.high, each.error)} == {0}
    assert not found.changes
    moved = [(each.newly, each.no_longer) for each in found.people.refused.values()]
    assert moved == [(0, 0)] * len(moved)
    assert (found.people.reached.only_old, found.people.reached.only_new) == (0, 0)
    assert found.people.reached.both > 0


def test_the_other_way_round_every_sign_turns() -> None:
    there, back = compared(), compared(CAPPED, CAMPAIGN)
    assert there.changes
    pairs = list(zip(every(there), every(back), strict=True))
    assert len(pairs) > 300
    for one, other in pairs:
        assert (one.old, one.new, one.higher, one.lower) == (other.new, other.old, other.lower, other.higher)
        assert one.error == other.error
        turned = [None if value is None else -value for value in (other.change, other.high, other.low)]
        assert [one.change, one.low, one.high] == turned
    for name, each in there.people.refused.items():
        mirror = back.people.refused[name]
        assert (each.newly, each.newly_sent_before) == (mirror.no_longer, mirror.no_longer_sent_now)


@pytest.mark.parametrize("engine", ["reference", "array"])
def test_both_sides_are_what_two_separate_runs_give(engine: str) -> None:
    options: Any = {"engine": engine, "scenarios": ["outage"], "seed": 5, "replications": 3}
    found = compared(**options)
    for plan, side in ((CAMPAIGN, "old"), (CAPPED, "new")):
        alone = simulate(plan, PEOPLE, **options)
        assert {name: getattr(each, side) for name, each in found.figures.items()} == {
            name: each.value for name, each in alone.figures.items()
        }
        outage = {name: getattr(each, side) for name, each in found.scenarios["outage"].items()}
        assert outage == {name: each.value for name, each in alone.scenarios["outage"].items()}
        assert {name: getattr(each, side) for name, each in found.reasons.items()} == {
            name: alone.reasons.get(name, 0.0) for name in found.reasons
        }
        by = {each.by: {name: getattr(one, side) for name, one in each.figures.items()} for each in found.groups}
        for segment in alone.segments:
            assert by[segment.by] == {name: each.value for name, each in segment.figures.items()}
        for line, other in zip(found.budget, alone.budget, strict=True):
            assert (line.line, getattr(line.spent, side)) == (other.line, other.spent)
        assert found.results[side == "new"].to_json() == alone.to_json()


def test_a_difference_is_taken_replication_by_replication() -> None:
    found = compared(replications=4, engine="reference")
    settings = [Setting(plan, PEOPLE, DefaultBehaviour(), 1, "reference") for plan in (CAMPAIGN, CAPPED)]
    sent = [[tally(setting, Job(n)).totals.total("sent") for n in range(1, 5)] for setting in settings]
    less = np.subtract(sent[1], sent[0])
    change = found.figures["sent"]
    assert len(set(less)) > 1
    assert change.change == less.mean() < 0
    assert change.error == pytest.approx(less.std(ddof=1) / 2)
    assert change.lower == (less < 0).mean()
    # t with 3 degrees of freedom: 2.353
    assert change.high == pytest.approx(less.mean() + 2.3533634 * less.std(ddof=1), rel=1e-6)


def test_workers_never_show() -> None:
    assert compared(engine="array", workers=2).to_json() == compared(engine="array").to_json()


def test_progress_is_told_of_both_runs() -> None:
    seen: list[tuple[int, int]] = []
    compared(progress=lambda *step: seen.append(step), replications=2)
    assert seen == [(1, 4), (2, 4), (3, 4), (4, 4)]


def who(plan: Plan, row: Row, reason: Reason = Reason.NONE) -> set[int]:
    """People with a row of a kind and reason in replication 0, by the whole trace."""
    trace = Trace()
    run(Setting(plan, PEOPLE, DefaultBehaviour(), 1, "reference"), Job(0), trace)
    rows = trace.table()
    return set(rows["who"][(rows["row"] == row) & (rows["reason"] == reason)].tolist())


@pytest.mark.parametrize("engine", ["reference", "array"])
def test_who_is_newly_refused_is_as_the_trace_says(engine: str) -> None:
    found = compared(engine=engine).people
    before, after = (who(plan, Row.REFUSED, Reason.CAP) for plan in (CAMPAIGN, CAPPED))
    sent, still = (who(plan, Row.SENT) for plan in (CAMPAIGN, CAPPED))
    cap = found.refused["cap"]
    assert cap.newly == len(after - before) > 0
    assert cap.newly_sent_before == len((after - before) & sent)
    assert (cap.old, cap.new, cap.no_longer) == (len(before), len(after), 0)
    assert (found.reached.both, found.reached.only_old) == (len(sent & still), len(sent - still))
    assert "none" not in found.refused


def test_nobody_is_left_when_a_plan_reaches_none() -> None:
    outage = evolve(CAMPAIGN, cadence=Cadence(caps=(Cap(0, Rolling(DAY)),)))
    found = compared(new=outage)
    assert found.people.reached.both == found.people.reached.only_new == 0
    assert found.people.reached.only_old == len(who(CAMPAIGN, Row.SENT))
    assert found.figures["sent"].new == 0
    assert found.figures["complaint_rate"].new is None, "nothing was delivered"
    assert found.figures["complaint_rate"].change is None


def test_what_only_one_plan_has_is_marked_and_has_no_change() -> None:
    tier = CAMPAIGN.tiers[0]
    other = evolve(CAMPAIGN, tiers=(evolve(tier, bands=(evolve(tier.bands[0], name="top"), tier.bands[1])),))
    groups = {each.by: each for each in compared(new=other).groups}
    assert {by: each.within for by, each in groups.items() if by.startswith("tier:")} == {
        "tier:value=high": "old", "tier:value=low": "both", "tier:value=top": "new",
    }  # fmt: skip
    gone, come = (groups[f"tier:value={name}"].figures["targeted"] for name in ("high", "top"))
    assert (gone.old, gone.new, gone.change) == (come.new, come.old, come.change)
    assert gone.new is None
    assert gone.changes


@pytest.mark.parametrize(
    ("other", "told"),
    [
        (evolve(CAMPAIGN, currency="USD"), "the two plans differ in their currency: 'CNY' and 'USD'"),
        (
            evolve(CAMPAIGN, zone="Europe/London"),
            "the two plans differ in their timezone: 'Asia/Shanghai' and 'Europe/London'",
        ),
    ],
    ids=["currency", "zone"],
)
def test_plans_of_two_kinds_are_not_compared(other: Plan, told: str) -> None:
    with pytest.raises(WakeupError) as caught:
        compared(new=other)
    (each,) = caught.value.diagnostics
    assert (each.code, each.message) == ("WK6061", told)


@pytest.mark.parametrize(
    ("options", "code"),
    [({"scenarios": ["calm"]}, "WK5101"), ({"replications": 0}, "WK5107"), ({"workers": 0}, "WK5107")],
    ids=["scenario", "replications", "workers"],
)
def test_slips_are_those_of_a_simulation(options: dict[str, Any], code: str) -> None:
    with pytest.raises(WakeupError) as caught:
        compared(**options)
    assert [each.code for each in caught.value.diagnostics] == [code]


def test_the_control_group_is_known_to_be_another() -> None:
    assert compared(replications=1).same_control
    assert not compared(new=evolve(CAMPAIGN, holdout_salt="other"), replications=1).same_control


def with_larger_coupons(plan: Plan, more: int) -> Plan:
    """The plan with so many minor units more off in every rung of every coupon."""

    def larger(each: Incentive) -> Incentive:
        if not isinstance(each, Coupon):
            return each
        rungs = [(rung, rung.discount) for rung in each.rungs]
        return evolve(
            each,
            rungs=tuple(
                evolve(rung, discount=evolve(off, amount=off.amount + more)) if isinstance(off, AmountOff) else rung
                for rung, off in rungs
            ),
        )

    return evolve(plan, incentives=tuple(map(larger, plan.incentives)))


def test_larger_coupons_cost_what_the_rows_say(checkout: Path) -> None:
    old = wakeup.load(checkout / "campaigns" / "beauty_autumn.wake")
    new, people = with_larger_coupons(old, 1_000), synthetic(1_000, seed=7, as_of=old.start)
    found = compared(old, new, people, engine="array", replications=3)
    costs = []
    for number in range(1, 4):
        paid = []
        for plan in (old, new):
            trace = Trace()
            run(Setting(plan, people, DefaultBehaviour(), 1, "array"), Job(number), trace)
            rows = trace.table()
            paid.append(int(rows["amount"][(rows["row"] == Row.REDEEMED) & (rows["t"] < plan.end)].sum()))
        costs.append((paid[1] - paid[0]) / 100)
    change = found.figures["discount_cost"]
    assert change.change == pytest.approx(np.mean(costs))
    assert change.change is not None
    assert change.change > 0
    assert (change.higher, change.lower) == (np.mean(np.array(costs) > 0), np.mean(np.array(costs) < 0))
    assert {each["kinds"][0] for each in found.to_dict()["changes"]} == {"offer"}
    # Nobody is asked another question before the first redemption: who is targeted and when is the same.
    assert [found.figures[name].change for name in ("targeted", "held_out", "enrolled")] == [0, 0, 0]
