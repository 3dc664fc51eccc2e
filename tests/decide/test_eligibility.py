import pytest
from attrs import evolve
from tests.sim.plans import campaign, journey, send

from wakeup.decide.assignment import arm_of
from wakeup.decide.eligibility import control_wave, eligible, held_out, journey_of, waves
from wakeup.decide.predicates import Facts
from wakeup.plan.model import Arm, Split
from wakeup.plan.predicates import Compare, HasTag

PLAN = campaign(
    journey(send(), name="vip", match=HasTag("vip")),
    journey(send(), name="old", match=Compare("orders", ">=", 3, "count")),
    audience=Compare("orders", ">=", 1, "count"),
    holdout="0.1",
)


def facts(orders: int | None = None, tags: frozenset[str] = frozenset()) -> Facts:
    return Facts({} if orders is None else {"orders": orders}, 0, "UTC", tags)


def test_only_yes_is_eligible() -> None:
    assert [eligible(PLAN, facts(orders)) for orders in (1, 0, None)] == [True, False, False]


def test_the_first_journey_that_matches_takes_the_person() -> None:
    vip = frozenset({"vip"})
    assert journey_of(PLAN, facts(5, vip)) == 0
    assert journey_of(PLAN, facts(5)) == 1
    assert journey_of(PLAN, facts(2)) is None
    assert journey_of(PLAN, facts(None)) is None


def test_the_holdout_is_a_half_open_range() -> None:
    assert [held_out(PLAN, share) for share in (0.0, 0.0999, 0.1, 0.5)] == [True, True, False, False]
    assert not held_out(evolve(PLAN, holdout="0"), 0.0)


def test_waves_go_by_rank_of_share_then_key() -> None:
    places = [(0.9, 1), (0.1, 9), (0.5, 7), (0.5, 3), (0.2, 5)]
    assert waves(places, 2) == [2, 0, 1, 1, 0]
    assert waves(places, 1) == [4, 0, 3, 2, 1]
    assert waves(places, None) == [0] * 5


@pytest.mark.parametrize(("share", "wave"), [(0.0, 0), (0.19, 0), (0.2, 1), (0.999, 4)])
def test_the_control_waits_as_its_share_would(share: float, wave: int) -> None:
    assert control_wave(share, 10, 2) == wave
    assert control_wave(share, 10, None) == 0


SPLIT = Split("kit", "salt", (Arm("a", "0", "0.3", 1), Arm("b", "0.3", "1", 4)))


def test_arms_own_half_open_ranges() -> None:
    assert [arm_of(SPLIT, share) for share in (0.0, 0.2999, 0.3, 0.9999)] == [0, 0, 1, 1]


def test_a_winner_takes_everybody() -> None:
    assert [arm_of(SPLIT, share, 0) for share in (0.0, 0.5)] == [0, 0]


def test_a_gap_between_arms_is_an_error() -> None:
    with pytest.raises(ValueError, match="no arm of split kit"):
        arm_of(evolve(SPLIT, arms=SPLIT.arms[:1]), 0.5)
