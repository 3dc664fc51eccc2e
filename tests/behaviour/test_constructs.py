"""Prices, activities, bonds, wordings, permissions: what the newer constructs do to people."""

import numpy as np
import pytest
from attrs import evolve
from tests.behaviour.shop import (
    CHALLENGE,
    COMMUNITY,
    CONTENT,
    COUPON,
    DAY,
    DRAW,
    EVENT,
    FLASH,
    GIFT,
    KINDS,
    MEMBER,
    MEMBERSHIP,
    PLAN,
    POINTS,
    SERVICE,
    START,
    SURVEY,
    everybody,
    given,
    model,
    offer,
    state,
)
from tests.behaviour.test_contacts import AT, COUNT, FIRST, PEOPLE, SEEN, close, odds_ratio, share, touch

from wakeup.behaviour import NEVER_AGAIN, DefaultBehaviour, Offer
from wakeup.terms.lists import ChannelKind

WHO = everybody(PEOPLE)
PLAIN = (*SEEN, given("advertising", 1.0), given("fatigue", 0.0))


@pytest.mark.parametrize(("parameter", "flag"), [("bond", "bonded"), ("scene_match", "matched")])
def test_a_bond_and_a_match_multiply_the_odds(parameter: str, flag: str) -> None:
    row = given(parameter, 2.0)
    assert share(touch(*PLAIN, row).ordered) == 0.0
    found = state(PEOPLE, **{flag: True})
    assert odds_ratio(share(touch(*PLAIN, row, found=found).ordered)) == pytest.approx(2.0, rel=0.05)


def test_a_bond_multiplies_the_odds_after_a_service_too() -> None:
    bound = model(PEOPLE, given("response_spread", 0.0), given("service_lift", 1.5), given("bond", 2.0))
    for bonded, ratio in ((False, 1.5), (True, 3.0)):
        found = bound.prompt(WHO, AT, SERVICE, None, FIRST, state(PEOPLE, bonded=bonded))
        assert odds_ratio(share(found)) == pytest.approx(ratio, rel=0.05)


@pytest.mark.parametrize("incentive", [DRAW, EVENT, COMMUNITY])
def test_an_activity_done_without_a_reward_lifts(incentive: int) -> None:
    bound = model(PEOPLE, given("response_spread", 0.0), given("activity_lift", 2.5))
    assert odds_ratio(share(bound.prompt(WHO, AT, incentive, None, FIRST, state(PEOPLE)))) == pytest.approx(
        2.5, rel=0.05
    )


@pytest.mark.parametrize("incentive", [GIFT, CHALLENGE, SURVEY, MEMBERSHIP])
def test_what_has_a_reward_or_is_none_lifts_nothing_by_itself(incentive: int) -> None:
    bound = model(PEOPLE, given("response_spread", 0.0))
    assert share(bound.prompt(WHO, AT, incentive, None, FIRST, state(PEOPLE))) == 0.0


def test_points_move_less_and_hurry_more_than_money() -> None:
    induced = {}
    for incentive in (COUPON, FLASH, MEMBER, POINTS):
        shown = offer(incentive, COUNT, amount=2_000, threshold=0)
        induced[incentive] = share(touch(*PLAIN, offers=(shown,)).ordered)
    assert induced[POINTS] < induced[COUPON] < induced[FLASH]
    assert induced[MEMBER] == induced[COUPON]


def test_a_flash_price_is_used_while_it_is_open() -> None:
    night = PLAN.incentives[FLASH]
    opens, closes = START + 2 * DAY, START + 3 * DAY
    assert (night.opens, night.closes) == (opens, closes)  # type: ignore[union-attr]  # it is an activity
    shown = evolve(offer(FLASH, COUNT, threshold=0), end=np.full(COUNT, closes))
    ordered = touch(*PLAIN, given("open_delay", 0.1), offers=(shown,)).ordered
    when = ordered[ordered < NEVER_AGAIN]
    early = touch(*PLAIN, given("open_delay", 0.1), offers=(shown,)).opened[ordered < NEVER_AGAIN] < opens
    assert early.mean() > 0.9
    assert ((when[early] > opens) & (when[early] < closes)).all()


@pytest.mark.parametrize("incentive", [CONTENT, MEMBERSHIP, DRAW, SURVEY, EVENT, COMMUNITY])
def test_what_can_be_taken_is_taken_as_often_as_assumed(incentive: int) -> None:
    rows = (*SEEN, given("take_up", 0.3))
    (taken,) = touch(*rows, offers=(offer(incentive, COUNT, days=60),)).taken
    assert share(taken) == pytest.approx(0.3, abs=close(0.3))


@pytest.mark.parametrize("incentive", [FLASH, MEMBER, POINTS])
def test_prices_and_points_are_not_claimed(incentive: int) -> None:
    (taken,) = touch(*SEEN, offers=(offer(incentive, COUNT),)).taken
    assert share(taken) == 0.0


def test_points_need_no_remembering_and_members_are_remembered() -> None:
    bound = model(PEOPLE)
    assert not bound.remembers(WHO, POINTS, FIRST).any()
    assert bound.remembers(WHO, MEMBER, FIRST).mean() > bound.remembers(WHO, COUPON, FIRST).mean()


def test_a_draw_is_won_with_the_odds_of_the_plan() -> None:
    bound = model(PEOPLE)
    assert bound.wins(WHO, DRAW, FIRST).mean() == pytest.approx(0.02, abs=close(0.02))
    again = bound.wins(WHO, DRAW, FIRST + 1)
    assert again.mean() == pytest.approx(0.02, abs=close(0.02))
    assert (again != bound.wins(WHO, DRAW, FIRST)).any()
    sure = evolve(
        PLAN, incentives=tuple(evolve(each, odds="1") if each.kind == "draw" else each for each in PLAN.incentives)
    )
    assert DefaultBehaviour().model(sure, PEOPLE, 1, 0, None).wins(WHO, DRAW, FIRST).all()


def test_guests_come_as_assumed_and_challenges_are_kept_day_by_day() -> None:
    bound = model(PEOPLE, given("attendance", 0.72), given("keeps_up", 0.8))
    assert bound.completes(WHO, EVENT, FIRST).mean() == pytest.approx(0.72, abs=close(0.72))
    assert bound.completes(WHO, CHALLENGE, FIRST).mean() == pytest.approx(0.64, abs=close(0.64))


def test_scores_are_whole_points_around_the_mean() -> None:
    scores = model(PEOPLE, given("satisfaction", 3.0), given("satisfaction_spread", 0.8)).score(WHO, SURVEY, FIRST)
    assert set(np.unique(scores).tolist()) == {100, 200, 300, 400, 500}
    assert scores.mean() == pytest.approx(300, abs=1)
    assert scores.std() == pytest.approx(84, abs=3)  # 0.8 and what rounding adds
    assert (
        model(PEOPLE, given("satisfaction", 5.0), given("satisfaction_spread", 0.0)).score(WHO, SURVEY, FIRST) == 500
    ).all()


@pytest.mark.parametrize("correlation", [0.0, 0.9])
def test_who_responds_more_is_more_content(correlation: float) -> None:
    rows = (given("satisfaction_by_response", correlation), given("response_spread", 1.0))
    bound = model(PEOPLE, *rows, given("advertising", 1.5), given("seen", 1.0))
    scores = bound.score(WHO, SURVEY, FIRST)
    moved = bound.touch(WHO, AT, 0, (), FIRST, state(PEOPLE)).ordered < NEVER_AGAIN
    gap = float(scores[moved].mean() - scores[~moved].mean())
    assert (gap > 30) if correlation else (abs(gap) < 10)


def test_a_click_permits_as_often_as_assumed_and_on_two_kinds_only() -> None:
    bound = model(PEOPLE, given("subscribes", 0.4))
    for message, kind in enumerate(KINDS):
        permitted = float(bound.subscribes(WHO, message, FIRST).mean())
        asks = kind in (ChannelKind.MINI_PROGRAM, ChannelKind.MINI_SUBSCRIBE)
        assert permitted == (pytest.approx(0.4, abs=close(0.4)) if asks else 0.0)


def test_offers_of_every_kind_can_be_shown_together() -> None:
    offers: tuple[Offer, ...] = tuple(offer(each, COUNT) for each in range(len(PLAN.incentives)))
    assert len(touch(*SEEN, offers=offers).taken) == len(offers)
