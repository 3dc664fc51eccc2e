"""A replication cut into parts, in any order, comes to the same sums to the bit."""

import numpy as np
import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.figures.crowd import CLOSING, RICH, apart, crowd, rich
from tests.figures.small import HOUR, MEMBERS, PEOPLE, part, rows
from tests.figures.test_tally import same

from wakeup.figures.definitions import evaluate
from wakeup.figures.events import Part
from wakeup.figures.sums import Sums, added
from wakeup.figures.tally import Tally
from wakeup.figures.totals import METRICS, Segment, Totals
from wakeup.plan.model import Attribution, Plan, Scenario
from wakeup.terms.lists import Row

MODELS = ("last_touch", "first_touch", "linear", "time_decay", "position", "shapley")


DEARER = Scenario("dearer", RICH.start, RICH.end, prices="1.5")


def tallied(plan: Plan, parts: list[Part], scenario: Scenario | None = DEARER) -> Totals:
    tally = Tally(plan, scenario)
    for each in parts:
        tally.add(each)
    tally.close(CLOSING)
    return tally.totals()


@settings(max_examples=80)
@given(st.integers(0, 10_000), st.integers(1, 40), st.sampled_from((1, 2, 5)), st.booleans(), st.sampled_from(MODELS))
def test_no_cut_and_no_order_of_parts_shows(seed: int, people: int, piles: int, promoted: bool, model: str) -> None:
    plan = evolve(rich(promoted), attribution=Attribution(model, 86_400))  # type: ignore[arg-type]
    some = np.random.default_rng(seed)
    whole = crowd(seed, people)
    parts = apart(whole, some.integers(0, piles, people))
    shuffled = [parts[place] for place in some.permutation(len(parts))]
    assert same(tallied(plan, shuffled), tallied(plan, [whole]))


def test_the_crowd_has_something_of_every_figure() -> None:
    """What is 0 everywhere is not compared."""
    found = [tallied(RICH, [crowd(seed, 40)]) for seed in range(5)]
    met = sum(np.abs(each.sums).sum(axis=(0, 1, 2)) for each in found)
    assert [name for name, total in zip(METRICS, met, strict=True) if not total] == []
    assert sum(each.credit for each in found).min() > 0
    assert sum(each.days for each in found).min() > 0
    assert sum(each.channels.sum(axis=0) for each in found).min() > 0
    assert all(max(each.most_touches.values()) > 1 for each in found[1:])
    assert all(line.spent for each in found for line in each.spending)
    for counts in ("reasons", "delays", "unclassified"):
        assert any(getattr(each, counts) for each in found), counts


def test_a_scenarios_prices_change_what_is_earned_on_goods_and_nothing_else() -> None:
    usual, dearer = tallied(RICH, [crowd(3, 40)], None), tallied(RICH, [crowd(3, 40)])
    value, markup = usual.total("value"), dearer.total("markup")
    assert abs(markup - value / 3) <= usual.total("orders")  # baskets were 1.5 times what the goods usually sell for
    assert usual.total("markup") == usual.total("twin_markup") == 0
    before, after = evaluate(RICH, usual), evaluate(RICH, dearer)
    goods = 1 - float(RICH.margin)
    assert after["margin"][0, 0] - before["margin"][0, 0] == pytest.approx(goods * markup, abs=1)
    assert after["revenue"][0, 0] == before["revenue"][0, 0]
    calm = Scenario("later", RICH.end, RICH.end + 1, prices="1.5")
    assert same(tallied(RICH, [crowd(3, 40)], calm), usual)


def test_a_part_of_nobody_adds_nothing() -> None:
    nobody = apart(crowd(3, 20), np.array([1] * 20))[0]
    assert len(nobody.people) == 0
    assert same(tallied(RICH, [nobody, *apart(crowd(3, 20), np.array([1] * 20))[1:]]), tallied(RICH, [crowd(3, 20)]))


def test_the_winner_is_taken_from_the_first_assignment_of_all_parts() -> None:
    # First assigned at 1 s, judged at 1 h 15 min: one of three comes after it. Each alone would come before its own.
    whole = part((rows(Row.ASSIGNED, (0, 1), (1, HOUR + 899), (2, HOUR + 900), step=0, arm=1),), ())
    found = tallied(RICH, apart(whole, np.array([0, 1, 2, 0, 0])))
    assert found.total("people", found.segments.index(Segment("arm", "main/ab", "b"))) == 2


def test_beginning_once_more_makes_void_what_was_taken() -> None:
    tally = Tally(rich(False))
    tally.add(crowd(4, 30))
    tally.close(CLOSING)
    tally.begin()
    tally.add(crowd(5, 30))
    with pytest.raises(ValueError, match="not run to its end"):
        tally.totals()
    tally.close(CLOSING)
    assert same(tally.totals(), tallied(rich(False), [crowd(5, 30)], None))


def test_who_has_no_journey_is_in_no_part() -> None:
    everybody = np.arange(len(PEOPLE), dtype=np.int32)
    stray = Part(everybody, PEOPLE.key, lambda: PEOPLE.ids, MEMBERS, (), part((), ()).twins)
    with pytest.raises(ValueError, match="people who have a journey"):
        Tally(rich(False)).add(stray)


def test_every_column_of_the_sums_is_added() -> None:
    columns = {name: 0 for name in Sums.__slots__ if name != "__weakref__"}
    one = Sums(**{**columns, "segments": ("a",), "most_touches": np.array([3, 5])})
    other = Sums(**{name: n for n, name in enumerate(columns)} | {"segments": ("a",), "most_touches": np.array([4, 2])})
    found = added((one, other, other))
    assert found.segments == ("a",)
    assert found.most_touches.tolist() == [4, 5]
    for n, name in enumerate(columns):
        if name not in ("segments", "most_touches"):
            assert getattr(found, name) == 2 * n, name
