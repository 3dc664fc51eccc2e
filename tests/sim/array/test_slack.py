"""Limits of people who live alone: they say from when on an order of events could have been refused something."""

import numpy as np
import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from tests.sim.comparing import difference, told, told_by
from tests.sim.lively import Lively
from tests.sim.people import Person, key_of
from tests.sim.plans import START, campaign, coupon, journey, letter, nudge, send, sms, wait
from tests.sim.recorder import Recorder
from tests.sim.trials import Trial, crowd

from wakeup.plan.model import Budget, Elapsed, FixedCost, Gift, Line, Plan
from wakeup.sim import reference
from wakeup.sim.array import free
from wakeup.sim.array.book import Book
from wakeup.sim.array.codes import DAY, FAR, Phase, positions
from wakeup.sim.array.columns import layout_alone
from wakeup.sim.array.slack import Slack, pool_at_start

NOBODY = np.zeros(0, np.int64)


def at(days: list[float], people: list[int] | None = None) -> np.ndarray:
    """Positions of events of people, by days since the start."""
    t = START + (np.array(days) * DAY).astype(np.int64)
    return positions(t, Phase.DUE, np.arange(len(t)) if people is None else np.array(people))


def test_what_was_taken_on_a_day_counts_from_its_start_what_came_back_from_the_next() -> None:
    limit = Slack(10, start=START)
    limit.change(at([0.1, 0.9, 2.5]), np.array([4, -2, 5]))
    limit.change(at([1.5]), 1)
    limit.settle(NOBODY)
    for need, day in ((0, FAR), (2, FAR), (3, 2), (6, 2), (7, 0)):
        limit.ask(need)
        assert limit.binds() == (FAR if day == FAR else START + day * DAY), need


@given(st.lists(st.tuples(st.floats(0, 4), st.integers(-3, 3)), max_size=12), st.integers(0, 12), st.integers(0, 3))
def test_a_limit_that_does_not_bind_never_refuses(changes: list[tuple[float, int]], most: int, need: int) -> None:
    limit = Slack(most, start=START)
    for day, amount in changes:
        limit.change(at([day]), amount)
    limit.settle(NOBODY)
    limit.ask(need)
    value, refuses = 0, need > most
    for _, amount in sorted(changes):
        value += amount
        refuses |= value + need > most
    assert limit.binds() < FAR or not refuses


def test_what_people_wrote_down_who_live_again_does_not_count() -> None:
    limit = Slack(10, start=START)
    limit.change(at([0, 1, 2], [3, 5, 7]), np.array([1, 20, 2]))
    limit.change(at([1], [5]), 20)
    limit.settle(np.array([5]))
    assert limit.binds() == FAR
    limit.ask(8)
    assert limit.binds() == START + 2 * DAY


def stands(plan: Plan, people: tuple[Person, ...], **chances: float) -> bool:
    """Say whether people may live alone in a plan; if so they tell what the reference tells."""
    task, recorder = Trial(plan, people, START, behaviour=Lively(chances=chances)).task(), Recorder()
    if free.run(task, recorder, chunk=2).ordered_from is not None:
        return False
    assert difference(told(task, reference), told_by(task, recorder)) is None
    return True


CALM = {"reach": 1.0, "first": 0.0, "next": 0.0, "order": 0.0, "take": 0.0, "out": 0.0, "complain": 0.0}
THREE = crowd(3, START - 30 * DAY)
TWO_GIFTS = campaign(
    journey(send("nudge", "kit"), wait(3), send("nudge", "kit", step="again"), goal=""),
    incentives=(Gift("kit", "", 300, Elapsed(DAY)),),
)


@pytest.mark.parametrize(("stock", "stood"), [(3, False), (4, True), (5, True), (6, True)])
def test_what_lapses_comes_back_though_nobody_waits_for_it(stock: int, stood: bool) -> None:
    """Three hold a kit at a time, and one more would find one."""
    plan = evolve(TWO_GIFTS, incentives=tuple(evolve(each, stock=stock) for each in TWO_GIFTS.incentives))
    assert stands(plan, THREE, **CALM) is stood
    assert not layout_alone(Book(plan, None)).lapsing


@pytest.mark.parametrize("lacking", range(3))
def test_who_is_not_sent_anything_in_the_end_still_asks_the_budget(lacking: int) -> None:
    """One has no name to be put into the text; whoever asks for it when the money is spent is told that first."""
    plan = campaign(
        journey(send(), goal=""),
        messages=(nudge(cost_micros=1_000_000, fields=("name",)), letter()),
        budget=Budget(200, (Line("sends", 200),), send_line="sends"),
    )
    ranked = sorted(THREE, key=lambda each: key_of(each.id))
    people = tuple(evolve(each, texts={} if place == lacking else {"name": "Li"}) for place, each in enumerate(ranked))
    assert not stands(plan, people, **CALM)
    assert stands(evolve(plan, budget=Budget(300, (Line("sends", 300),), send_line="sends")), people, **CALM)


def test_who_is_refused_before_asks_nothing_of_limits() -> None:
    given = coupon(500, line="promo", reserve_face=True, stock=0)
    plan = campaign(
        journey(send("nudge", "gift5"), goal=""),
        messages=(nudge(cost_micros=1), letter()),
        budget=Budget(0, (Line("promo", 0),)),
        incentives=(given,),
    )
    assert stands(plan, THREE, **CALM | {"reach": 0.0})
    assert not stands(plan, THREE, **CALM)


@pytest.mark.parametrize("face", [False, True])
def test_a_grant_that_costs_nothing_yet_asks_for_a_budget_that_is_not_spent(face: bool) -> None:
    """Of the coupon's line, it asks for what it reserves."""
    plan = campaign(
        journey(send("nudge", "gift5"), goal=""),
        costs=(FixedCost("wages", 300, "", START),),
        incentives=(coupon(500, line="promo", reserve_face=face),),
    )

    def of(total: int, promo: int) -> Plan:
        return evolve(plan, budget=Budget(total, (Line("promo", promo),)))

    assert not stands(of(300, 2_000), THREE, **CALM)
    assert stands(of(301, 2_000), THREE, **CALM)
    assert stands(of(301, 1_999), THREE, **CALM) is not face
    assert not stands(of(301, 0), THREE, **CALM)


@pytest.mark.parametrize(("entering", "eager"), [(0, 2), (9 * DAY, 2), (10 * DAY, 0), (60 * DAY, 0)])
def test_no_place_is_given_early_where_people_ask_again_while_others_enter(entering: int, eager: int) -> None:
    twice = journey(send("nudge"), wait(10, "order"), send("nudge"))
    book = Book(campaign(twice, channels=(sms(rate=1),), messages=(nudge(),)), None)
    (places,) = pool_at_start(book, 100, eager=True, entering=entering).places_of
    assert places.eager == eager
