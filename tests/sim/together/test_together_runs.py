"""Two campaigns under the default behaviour: what one does not touch it does not change, and what all come to."""

from collections.abc import Sequence

import numpy as np
import pytest
from attrs import evolve
from tests.sim.plans import DAY, ENTRY, START, coupon, send, wait
from tests.sim.recorder import Recorder
from tests.sim.together.runs import ENGINES, first, second

from wakeup.behaviour import DefaultBehaviour
from wakeup.customers import anchored, synthetic
from wakeup.customers.population import Population
from wakeup.figures.definitions import evaluate
from wakeup.figures.joining import Gathering, one_plan, together
from wakeup.plan.model import Cadence, Cap, FixedCost, Plan, Rolling, Scenario, Wave
from wakeup.plan.predicates import Compare
from wakeup.sim import reference
from wakeup.sim.pairs import Staged
from wakeup.sim.task import Task
from wakeup.sim.together.apart import FAR, apart
from wakeup.sim.together.run import simulate
from wakeup.terms.lists import Row

MARCH = START - 60 * DAY
RICH = Compare("average_order_value", ">=", 20_000, "money")
POOR = Compare("average_order_value", "<", 20_000, "money")
CAPPED = Cadence(caps=(Cap(2, Rolling(10 * DAY)),))


def people(count: int = 70) -> Population:
    """Made-up people as they were two months before the run."""
    return anchored(synthetic(count, seed=3), MARCH)


def pair() -> tuple[Plan, Plan]:
    """Two campaigns that write twice each; the second starts ten days later."""
    one = first(
        send("nudge", "gift5"), wait(6, "order"), send("letter"),
        incentives=(coupon(1_000, 4_000, days=14),), holdout="0.2", cadence=CAPPED,
    )  # fmt: skip
    other = second(
        send("call", "gift9"), wait(4, "order"), send("card"), start=START + 10 * DAY, end=ENTRY + 40 * DAY,
        incentives=(coupon(2_000, 6_000, days=10, name="gift9"),), holdout="0.2", cadence=CAPPED,
    )  # fmt: skip
    started = [evolve(each, wave=Wave(ENTRY + 10 * DAY, 20)) for each in other.journeys]
    return one, evolve(other, journeys=tuple(started))


def played(engine: str, plans: Sequence[Plan], crowd: Population, replication: int = 1) -> list[Recorder]:
    """Run some campaigns on one clock under the default behaviour."""
    recorders = [Recorder() for _ in plans]
    tasks = [Task(plan, crowd, DefaultBehaviour(), 5, replication) for plan in plans]
    ENGINES[engine](tasks, recorders)
    return recorders


def alone(plan: Plan, crowd: Population, replication: int = 1) -> Recorder:
    """Run one campaign by itself on the reference."""
    recorder = Recorder()
    reference.run(Task(plan, crowd, DefaultBehaviour(), 5, replication), recorder)
    return recorder


def assert_same(one: Recorder, other: Recorder, plan: Plan, crowd: Population) -> None:
    """See that a campaign went as in another run: people, rows, twins, closing."""
    assert one.people == other.people
    assert one.lines(plan, crowd) == other.lines(plan, crowd)
    assert one.twin_orders(crowd) == other.twin_orders(crowd)
    assert one.closing == other.closing


@pytest.mark.parametrize("engine", ENGINES)
def test_a_campaign_that_does_nothing_changes_nothing(engine: str) -> None:
    one, other = pair()
    silent = evolve(other, journeys=tuple(evolve(each, program=()) for each in other.journeys))
    crowd = people()
    for plans, at in (((one, silent), 0), ((silent, one), 1)):
        assert_same(played(engine, plans, crowd)[at], alone(one, crowd), one, crowd)
    quiet = evolve(one, journeys=tuple(evolve(each, program=()) for each in one.journeys))
    for plans, at in (((quiet, other), 1), ((other, quiet), 0)):
        assert_same(played(engine, plans, crowd)[at], alone(other, crowd), other, crowd)


@pytest.mark.parametrize("engine", ENGINES)
def test_campaigns_after_different_people_do_not_meet(engine: str) -> None:
    one, other = (evolve(plan, audience=who) for plan, who in zip(pair(), (RICH, POOR), strict=True))
    other = evolve(other, start=one.start)  # judged on one state: nobody is in both
    crowd = people()
    for plans in ((one, other), (other, one)):
        for plan, recorder in zip(plans, played(engine, plans, crowd), strict=True):
            assert_same(recorder, alone(plan, crowd), plan, crowd)


def test_all_as_one_adds_up_what_is_sent_and_counts_people_and_orders_once() -> None:
    plans = pair()
    crowd = people()
    gathered = [Gathering(plan) for plan in plans]
    reference.together([Task(plan, crowd, DefaultBehaviour(), 5, 1) for plan in plans], gathered)
    totals, met = together(plans, (0, 1), gathered)
    own = [each.totals() for each in gathered]
    assert totals.total("sent") == sum(each.total("sent") for each in own)
    assert totals.total("redemptions") == sum(each.total("redemptions") for each in own)
    members = [{int(who) for part in each.parts for who in part.people} for each in gathered]
    treated = [{int(w) for part in each.parts for w in part.people[~part.membership.held_out]} for each in gathered]
    assert totals.total("people") == len(treated[0] | treated[1])
    assert totals.total("people", side=1) == len((members[0] | members[1]) - treated[0] - treated[1])
    assert met.targeted == len(treated[0] & treated[1]) > 20
    assert 0 < met.touched <= met.targeted
    orders = {
        (int(part.people[who]), int(t))
        for each in gathered
        for part in each.parts
        for batch in part.batches
        if batch.row == Row.ORDERED
        for who, t in zip(batch.who, batch.t, strict=True)
        if int(part.people[who]) in treated[0] | treated[1]
    }
    plan = one_plan(plans, (0, 1))
    inside = {each for each in orders if plan.start <= each[1] < plan.end}
    assert totals.total("orders") == len(inside) < sum(each.total("orders") for each in own)
    assert 2 <= met.most_sent <= 4


def test_of_one_campaign_all_as_one_is_the_campaign() -> None:
    one, _ = pair()
    crowd = people()
    gathered = Gathering(one)
    reference.run(Task(one, crowd, DefaultBehaviour(), 5, 1), gathered)
    totals, met = together((one,), (0,), [gathered])
    whole, own = evaluate(one_plan((one,), (0,)), totals), evaluate(one, gathered.totals())
    for name in ("targeted", "held_out", "sent", "orders", "profit", "incremental_profit", "incremental_orders"):
        np.testing.assert_array_equal(whole[name][:, 0], own[name][:, 0], name)
    assert (met.targeted, met.touched) == (0, 0)


def test_costs_are_those_of_the_group() -> None:
    one, other = pair()
    dear = evolve(other, costs=(FixedCost("film", 50_000, "", other.start),))
    assert one_plan((one, dear), (0,)).costs == ()
    assert one_plan((one, dear), (0, 1)).costs == dear.costs


def test_names_that_two_campaigns_use_draw_apart() -> None:
    one, other = pair()
    plain = DefaultBehaviour()
    assert apart(plain, (one, other), 1) is plain
    again = evolve(one, name="again", holdout_salt="again")
    behaviour = apart(plain, (one, again), 1)
    assert apart(plain, (one, again), 0) is plain
    crowd = people(400)
    models = [each.model(one, crowd, 1, 1, None) for each in (DefaultBehaviour(), behaviour)]
    who = np.arange(400, dtype=np.int32)
    first_time = np.zeros(400, np.int32)
    seen = [model.subscribes(who, 0, first_time) for model in models]
    assert (models[0].subscribes(who, 0, first_time + np.int32(FAR)) == seen[1]).all()
    assert (models[0].basket(who, first_time + 1) == models[1].basket(who, first_time + 1)).all()
    done = [model.completes(who, 0, first_time) for model in models]
    assert all(each.all() for each in done)
    looked = [model.remembers(who, 0, first_time + 1) for model in models]
    assert (looked[0] != looked[1]).any()


def test_what_one_adds_is_what_all_have_more() -> None:
    one, other = pair()
    crowd = people(120)
    found = simulate([Staged(one, crowd), Staged(other, crowd)], replications=2, seed=2)
    profit = "incremental_profit"
    whole = found.figures[profit].value
    own, others = (each.adds[profit] for each in found.presence)
    assert own.old is not None
    assert own.new is not None
    assert others.old is not None
    assert whole == pytest.approx(own.new + others.old)
    assert found.overlap[profit].old == pytest.approx(own.old + others.old)
    assert found.overlap[profit].new == pytest.approx(whole)
    assert found.names == ("spring", "summer")
    sent = [each.figures["sent"].value for each in found.campaigns]
    assert found.figures["sent"].value == pytest.approx(sum(each or 0 for each in sent))
    assert not [name for name in found.figures if name.startswith("uplift_")]


def test_of_three_campaigns_each_adds_what_the_other_two_lack() -> None:
    one, other = pair()
    third = evolve(other, name="autumn", holdout_salt="autumn", start=one.start, audience=RICH)
    crowd = people(90)
    found = simulate([Staged(each, crowd) for each in (one, other, third)], replications=2, seed=2)
    two = simulate([Staged(each, crowd) for each in (one, other)], replications=2, seed=2)
    profit = "incremental_profit"
    whole, without = found.figures[profit].value, two.figures[profit].value
    assert whole is not None
    assert without is not None
    # Both runs are looked at over one time: the third campaign neither starts first nor ends last.
    assert found.presence[2].adds[profit].new == pytest.approx(whole - without)
    assert found.overlap[profit].old == pytest.approx(sum(each.adds[profit].old or 0.0 for each in found.presence))


def test_a_scenario_that_one_campaign_declares_is_met_by_all() -> None:
    one, other = pair()
    storm = Scenario("storm", one.start, one.end, response="0.2", down=("sms",))
    crowd = people(90)
    plans = one, evolve(other, scenarios=(storm,))
    found = simulate([Staged(each, crowd) for each in plans], replications=2, seed=2, scenarios=["storm"])
    for result in found.campaigns:
        assert set(result.scenarios) == {"storm"}
        assert (result.scenarios["storm"]["sent"].value or 0) < (result.figures["sent"].value or 0)
    sent = [each.scenarios["storm"]["sent"].value or 0 for each in found.campaigns]
    assert found.scenarios["storm"]["sent"].value == pytest.approx(sum(sent))
