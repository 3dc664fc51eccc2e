"""Changed Ws: what is changed is changed, and nothing else."""

from collections import Counter

import numpy as np
import pytest
from benchmarks.w import terms as w
from benchmarks.w.behaviour import Behaviour
from benchmarks.w.campaign import CAMPAIGN, Counts, plan_for, population
from benchmarks.w.people import people
from benchmarks.w.variants import VARIANTS, Variant

import wakeup
from wakeup.figures.events import Part
from wakeup.plan.model import Plan
from wakeup.sim import array, reference
from wakeup.sim.task import Task
from wakeup.source import Source
from wakeup.terms.lists import Reason, Row

CUSTOMERS = 2_000
BY_NAME = {each.name: each for each in VARIANTS}


class Reasons(Counts):
    """Counts rows as the peers do, and refused sends by reason."""

    reasons: Counter[str]

    def begin(self) -> None:
        super().begin()
        self.reasons = Counter()

    def add(self, part: Part) -> None:
        super().add(part)
        for batch in part.batches:
            if batch.row == Row.REFUSED:
                self.reasons.update(Reason(each).name for each in batch.reason.tolist())


def played(plan: Plan, customers: int, engine=array) -> Reasons:
    sink = Reasons(plan)
    engine.run(Task(plan, population(people(customers), plan.start), Behaviour(), 7, 1), sink)
    return sink


@pytest.fixture(scope="module")
def plain() -> Reasons:
    return played(plan_for(CUSTOMERS), CUSTOMERS)


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda each: each.name)
def test_the_compiler_has_nothing_to_say(variant: Variant) -> None:
    text = variant.change(CAMPAIGN.read_text("utf-8"), CUSTOMERS)
    assert text != CAMPAIGN.read_text("utf-8")
    assert wakeup.check(Source("changed.wake", text)) == ()


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda each: each.name)
def test_both_simulators_count_the_same(variant: Variant) -> None:
    plan = variant.plan(150)
    np.testing.assert_allclose(played(plan, 150).table, played(plan, 150, reference).table, rtol=1e-12)


def test_slack_limits_change_nothing(plain: Reasons) -> None:
    limited = played(BY_NAME["own limits, others slack"].plan(CUSTOMERS), CUSTOMERS)
    np.testing.assert_allclose(limited.table, plain.table, rtol=1e-12)
    assert limited.reasons == plain.reasons


def test_where_all_limits_are_slack_none_binds(plain: Reasons) -> None:
    limited = played(BY_NAME["all limits slack"].plan(CUSTOMERS), CUSTOMERS)
    assert plain.reasons["CAP"]
    assert set(limited.reasons) <= {"SUPPRESSED", "EXITED"}, "people who have ordered or complained"


def test_stock_and_budget_run_dry() -> None:
    reasons = played(BY_NAME["running dry"].plan(CUSTOMERS), CUSTOMERS).reasons
    assert reasons["OUT_OF_STOCK"] > CUSTOMERS / 10
    assert reasons["BUDGET"] > CUSTOMERS / 10


def test_touches_are_as_the_variants_say(plain: Reasons) -> None:
    reordered, fourth, cap = (
        played(BY_NAME[name].plan(CUSTOMERS), CUSTOMERS) for name in ("reordered", "fourth touch", "another cap")
    )
    sent = plain.table[w.SENT].sum()
    assert fourth.table[w.SENT].sum() > 1.2 * sent
    assert abs(reordered.table[w.SENT].sum() - sent) < 0.05 * sent
    assert (reordered.table != plain.table).any()
    assert 0 < cap.reasons["CAP"] != plain.reasons["CAP"]


def test_without_desk_and_rate_nothing_is_shared() -> None:
    plan = BY_NAME["no desk, no rate"].plan(CUSTOMERS)
    assert not plan.staff
    assert not any(each.rate or each.staff for each in plan.channels)
