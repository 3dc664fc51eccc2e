import numpy as np
import pytest
from attrs import evolve
from tests.behaviour.returns import expected_return
from tests.behaviour.shop import (
    CHALLENGE,
    COUPON,
    DAY,
    EMAIL,
    GIFT,
    KINDS,
    SERVICE,
    SMS,
    START,
    everybody,
    given,
    model,
    offer,
    population,
    state,
)

from wakeup.behaviour import NEVER_AGAIN, Answers, Offer, State
from wakeup.behaviour.organic import Law
from wakeup.behaviour.timing import redemption
from wakeup.customers.population import NEVER, Population
from wakeup.plan.model import Assumption, Scenario

COUNT = 100_000
LAW = Law(level=-0.1, dormancy=-0.42, orders=0.95, shape=0.95)
PEOPLE = population(COUNT, days=120, orders=2)
AT = np.full(COUNT, START)
FIRST = np.zeros(COUNT, np.int32)
SEEN = given("seen", 1.0), given("delivered", 1.0), given("response_spread", 0.0)


def touch(
    *rows: Assumption,
    people: Population = PEOPLE,
    message: int = EMAIL,
    offers: tuple[Offer, ...] = (),
    found: State | None = None,
    scenario: Scenario | None = None,
    seed: int = 1,
) -> Answers:
    size = len(people)
    bound = model(people, *rows, seed=seed, scenario=scenario)
    return bound.touch(everybody(people), AT[:size], message, offers, FIRST[:size], found or state(people))


def share(instants: np.ndarray) -> float:
    return float((instants < NEVER_AGAIN).mean())


def odds_ratio(induced: float, people: Population = PEOPLE) -> float:
    """Odds multiplier behind a share of induced orders among people who are all alike."""
    days = np.array([(START - people.last_order[0]) / DAY])
    p0 = float(expected_return(LAW, days, people.orders[:1], 14)[0])
    p1 = 1 - (1 - p0) * (1 - induced)
    return p1 / (1 - p1) / (p0 / (1 - p0))


def close(expected: float, size: int = COUNT) -> float:
    return 4.5 * float(np.sqrt(expected * (1 - expected) / size)) + 1e-9


@pytest.mark.parametrize("message", range(len(KINDS)))
def test_the_funnel_has_the_declared_shares(message: int) -> None:
    rows = (given("delivered", 0.9), given("seen", 0.4), given("clicked", 0.25), given("opt_out", 0.02))
    answers = touch(*rows, given("complaint", 0.01), message=message)
    assert answers.delivered.mean() == pytest.approx(0.9, abs=close(0.9))
    assert share(answers.opened) == pytest.approx(0.36, abs=close(0.36))
    assert share(answers.clicked) == pytest.approx(0.09, abs=close(0.09))
    assert share(answers.opted_out) == pytest.approx(0.018, abs=close(0.018))
    assert share(answers.complained) == pytest.approx(0.009, abs=close(0.009))


@pytest.mark.parametrize(
    ("factor", "within", "expected"), [("50", True, 50 / 149), ("50", False, 0.01), ("1", True, 0.01)]
)
def test_a_scenario_multiplies_the_odds_of_complaints_and_opt_outs(factor: str, within: bool, expected: float) -> None:
    start = START - DAY if within else START + 1
    scenario = Scenario("press", start, START + 2 * DAY, complaints=factor)
    rows = (*SEEN, given("opt_out", 0.01), given("complaint", 0.01))
    answers, usual = touch(*rows, scenario=scenario), touch(*rows)
    assert share(answers.opted_out) == pytest.approx(expected, abs=close(expected))
    assert share(answers.complained) == pytest.approx(expected, abs=close(expected))
    assert (answers.ordered == usual.ordered).all()
    assert (answers.opened == usual.opened).all()


def test_what_is_certain_stays_certain_in_a_scenario() -> None:
    scenario = Scenario("press", START, START + DAY, complaints="5")
    answers = touch(*SEEN, given("opt_out", 1.0), given("complaint", 0.0), scenario=scenario)
    assert (share(answers.opted_out), share(answers.complained)) == (1.0, 0.0)


def test_answers_come_in_order() -> None:
    offers = tuple(offer(one, COUNT) for one in (COUPON, GIFT, SERVICE, CHALLENGE))
    answers = touch(given("opt_out", 0.2), given("complaint", 0.1), given("take_up", 0.3), offers=offers, message=SMS)
    opened = answers.opened < NEVER_AGAIN
    assert not (opened & ~answers.delivered).any()
    assert (answers.opened > START).all()
    for later in (answers.clicked, *answers.taken, answers.opted_out, answers.complained, answers.ordered):
        happened = later < NEVER_AGAIN
        assert not (happened & ~opened).any()
        assert (later[happened] > answers.opened[happened]).all()
        assert happened.any() or later is answers.taken[0]
    assert share(answers.taken[0]) == 0.0, "a coupon is not claimed"


def test_probabilities_of_nought_and_one_are_certain() -> None:
    assert not touch(given("delivered", 0.0)).delivered.any()
    assert share(touch(given("seen", 0.0)).opened) == 0.0
    assert share(touch(given("seen", 1.0), given("delivered", 1.0)).opened) == 1.0
    assert share(touch(given("seen", 0.0), given("opt_out", 1.0)).opted_out) == 0.0


def test_openings_take_the_measured_time() -> None:
    """27 % within 1 h, 55 % within 6 h, 78.5 % within 24 h, 95 % within 7 days of an e-mail."""
    opened = touch(*SEEN).opened - START
    for hours, expected in ((1, 0.27), (6, 0.55), (24, 0.785), (168, 0.95)):
        assert (opened <= hours * 3_600).mean() == pytest.approx(expected, abs=0.015)
    by_sms = touch(*SEEN, message=SMS).opened - START
    assert (by_sms <= 900).mean() == pytest.approx(0.43, abs=0.03)
    assert (by_sms <= 2_700).mean() == pytest.approx(0.60, abs=0.03)


# --- how much a contact moves ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("multiplier", [1.0, 1.5, 3.0])
def test_advertising_multiplies_the_odds_at_120_days(multiplier: float) -> None:
    induced = share(touch(*SEEN, given("advertising", multiplier)).ordered)
    assert odds_ratio(induced) == pytest.approx(multiplier, rel=0.05)


def test_harm_is_no_induced_order() -> None:
    assert share(touch(*SEEN, given("advertising", 0.5)).ordered) == 0.0


def test_the_lift_grows_with_dormancy_up_to_thirteen_months() -> None:
    def lift(days: float) -> float:
        people = population(COUNT, days=days, orders=5)
        return float(np.log(odds_ratio(share(touch(*SEEN, given("advertising", 2.0), people=people).ordered), people)))

    assert lift(395) / lift(120) == pytest.approx((395 / 120) ** 0.35, rel=0.08)
    assert lift(900) == pytest.approx(lift(395), rel=0.08)
    assert lift(30) / lift(120) == pytest.approx((30 / 120) ** 0.35, rel=0.15)


def test_fatigue_takes_from_the_lift_and_adds_to_the_harm() -> None:
    fresh = touch(*SEEN, given("advertising", 3.0), given("opt_out", 0.01))
    tired = touch(*SEEN, given("advertising", 3.0), given("opt_out", 0.01), found=state(PEOPLE, 3.0))
    expected = 3.0 ** np.exp(-0.16 * 3)
    assert odds_ratio(share(tired.ordered)) == pytest.approx(expected, rel=0.05)
    assert share(tired.opted_out) / share(fresh.opted_out) == pytest.approx(np.exp(0.2 * 3), rel=0.12)


def test_people_differ_in_how_they_respond() -> None:
    """The same people respond again and again, and the mean response level is one."""
    rows = given("seen", 1.0), given("delivered", 1.0), given("response_spread", 0.8)
    first = touch(*rows, message=EMAIL).ordered < NEVER_AGAIN
    second = touch(*rows, message=SMS).ordered < NEVER_AGAIN
    assert second[first].mean() > 1.3 * second.mean()


def test_a_scenario_acts_on_what_is_sent_in_its_time() -> None:
    rows = *SEEN, given("advertising", 3.0)
    now = Scenario("now", START, START + 1, response="0.7")
    over = Scenario("over", START - DAY, START, response="0.7", organic="0.1")
    assert odds_ratio(share(touch(*rows, scenario=now).ordered)) == pytest.approx(3 * 0.7, rel=0.05)
    assert np.array_equal(touch(*rows, scenario=over).ordered, touch(*rows).ordered)
    slump = Scenario("slump", START, START + 1, organic="0.5")
    assert share(touch(*rows, scenario=slump).ordered) < 0.6 * share(touch(*rows).ordered)


# --- what offers add -------------------------------------------------------------------------------------------------


def lift_by(amount: int, threshold: int) -> float:
    """Log-odds that a coupon adds at a basket of 100.00 and 120 dormant days."""
    shown = (offer(COUPON, COUNT, amount, threshold),)
    return float(np.log(odds_ratio(share(touch(*SEEN, given("advertising", 2.0), offers=shown).ordered)) / 2.0))


def test_a_coupon_is_worth_its_share_of_what_must_be_paid() -> None:
    assert lift_by(2_000, 0) == pytest.approx(1.5 * 0.2, abs=0.05)
    assert lift_by(2_000, 10_000) == pytest.approx(1.5 * 0.2, abs=0.05)
    assert lift_by(50_000, 0) == pytest.approx(1.5, abs=0.05), "never worth more than the basket"
    # threshold half as much again as the basket: 20 of 150, and e^(-.7 x .5) of it
    assert lift_by(2_000, 15_000) == pytest.approx(1.5 * 2 / 15 * np.exp(-0.35), abs=0.05)
    assert lift_by(2_000, 40_000) == pytest.approx(0.0, abs=0.05)


def test_a_challenge_adds_its_perceived_value() -> None:
    rows = *SEEN, given("advertising", 2.0), given("perceived_value", 1.5, "kind:challenge")
    induced = share(touch(*rows, offers=(offer(CHALLENGE, COUNT),)).ordered)
    assert odds_ratio(induced) == pytest.approx(3.0, rel=0.05)


def test_offers_are_taken_by_who_has_seen_them() -> None:
    rows = *SEEN, given("take_up", 0.15, "kind:gift"), given("take_up", 0.05, "incentive:advice")
    answers = touch(*rows, offers=(offer(GIFT, COUNT), offer(SERVICE, COUNT)))
    assert share(answers.taken[0]) == pytest.approx(0.15, abs=close(0.15))
    assert share(answers.taken[1]) == pytest.approx(0.05, abs=close(0.05))


def test_the_density_of_redemption_has_two_modes() -> None:
    start, end = np.zeros(200_000, np.int64), np.full(200_000, 1_000_000, np.int64)
    used = redemption(0.35, 0.75, 0.5).between(start, end, (np.arange(200_000) + 0.5) / 200_000)
    assert used.min() >= 1
    assert used.max() < 1_000_000
    tenths = np.histogram(used, bins=10, range=(0, 1_000_000))[0] / 200_000
    x = np.linspace(0, 1, 100_001)[:-1] + 5e-6
    density = (0.75 * np.exp(-x / 0.35) + 0.25) * (1 + 0.5 * (x >= 0.8))
    assert tenths == pytest.approx(density.reshape(10, -1).sum(axis=1) / density.sum(), abs=1e-4)
    assert tenths[8] > 1.3 * tenths[7], "the bump before the end"


def test_orders_with_a_coupon_follow_its_validity_and_others_the_purchase_lag() -> None:
    rows = *SEEN, given("advertising", 20.0), given("open_delay", 0.01), given("open_delay_spread", 0.0)
    short, long = offer(COUPON, COUNT, days=7), offer(COUPON, COUNT, days=60)
    for offers in ((short,), (long, short), (short, long), (short, offer(GIFT, COUNT))):
        ordered = touch(*rows, offers=offers).ordered
        instants = ordered[ordered < NEVER_AGAIN]
        assert instants.max() < START + 7 * DAY
        assert (instants > START + 5.6 * DAY).mean() == pytest.approx(0.175, abs=0.01)
    for offers in ((), (offer(COUPON, COUNT, days=-1),)):
        ordered = touch(*rows, offers=offers).ordered
        waits = ordered[ordered < NEVER_AGAIN] - START
        assert np.median(waits) == pytest.approx(24 * 3_600, rel=0.05)


@pytest.mark.parametrize("seconds", [1, 2, 5, 3_600])
def test_a_coupon_about_to_end_is_used_after_its_opening_and_before_its_end(seconds: int) -> None:
    u = np.concatenate([[2.0**-53, 1 - 2.0**-53], np.linspace(0.001, 0.999, 999)])
    at = np.full(len(u), 1_000)
    used = redemption(0.35, 0.75, 0.5).between(at, at + seconds, u)
    assert used.min() == 1_001
    assert used.max() == 1_000 + max(seconds - 1, 1)


# --- against the trials ----------------------------------------------------------------------------------------------


def active_base() -> Population:
    """People who bought within the last twelve months, two thirds of them once."""
    rng = np.random.default_rng(7)
    orders = np.where(rng.random(COUNT) < 0.65, 1, rng.integers(2, 6, COUNT)).astype(np.int32)
    return evolve(PEOPLE, last_order=START - (rng.uniform(15, 365, COUNT) * DAY).astype(np.int64), orders=orders)


def intention_to_treat(people: Population, *rows: Assumption, offers: tuple[Offer, ...] = ()) -> tuple[float, float]:
    """Share of buyers within 14 days without and with the message, over everybody it is sent to."""
    days = (START - people.last_order) / DAY
    organic = expected_return(LAW, days, people.orders, 14)
    induced = np.mean(
        [touch(*rows, people=people, offers=offers, seed=s).ordered < NEVER_AGAIN for s in range(6)], axis=0
    )
    return float(organic.mean()), float((1 - (1 - organic) * (1 - induced)).mean())


def test_an_email_does_what_it_did_in_the_trial() -> None:
    without, with_ = intention_to_treat(active_base())
    assert 1.6 < with_ / (1 - with_) / (without / (1 - without)) < 2.0


def test_an_email_does_more_for_the_longer_asleep_as_in_the_trial() -> None:
    """+26.6 % buyers 13 months after the last order against +11.2 % after 4: 2.4 times."""
    lifts = []
    for days in (122, 395):
        without, with_ = intention_to_treat(population(COUNT, days=days, orders=1))
        lifts.append(with_ / without - 1)
    assert lifts[1] / lifts[0] == pytest.approx(26.6 / 11.2, rel=0.2)


def test_an_offer_of_a_fifth_does_what_it_did_in_the_letter_trial() -> None:
    people = population(COUNT, days=500, orders=1)
    rows = given("seen", 0.5), given("advertising", 2.0)
    _, plain = intention_to_treat(people, *rows)
    _, offered = intention_to_treat(people, *rows, offers=(offer(COUPON, COUNT, 2_000, 0),))
    assert 1.2 < offered / plain < 1.55


# --- the small ones --------------------------------------------------------------------------------------------------


def test_pressure_halves_in_its_half_life() -> None:
    pressure = model(PEOPLE).press(
        np.array([2.0, 2.0, 0.0, 5.0]),
        np.array([START, START - 14 * DAY, START, NEVER]),
        np.full(4, START),
    )
    assert pressure == pytest.approx([2.0, 1.0, 0.0, 0.0])


def test_reach_is_a_fact_of_the_person_and_channel() -> None:
    bound = model(PEOPLE, given("reach", 0.3))
    reached = [bound.reach(channel, everybody(PEOPLE)) for channel in (EMAIL, SMS)]
    assert reached[0].mean() == pytest.approx(0.3, abs=close(0.3))
    assert (reached[0] & reached[1]).mean() == pytest.approx(0.09, abs=close(0.09))
    assert np.array_equal(reached[0], bound.reach(EMAIL, everybody(PEOPLE)))


def test_a_service_and_a_reward_prompt_orders() -> None:
    bound = model(PEOPLE, given("response_spread", 0.0), given("service_lift", 2.0))
    served = bound.prompt(everybody(PEOPLE), AT, SERVICE, None, FIRST, state(PEOPLE))
    assert odds_ratio(share(served)) == pytest.approx(2.0, rel=0.05)
    reward = offer(COUPON, COUNT, 2_000, 0)
    rewarded = bound.prompt(everybody(PEOPLE), AT, CHALLENGE, reward, FIRST, state(PEOPLE))
    assert np.log(odds_ratio(share(rewarded))) == pytest.approx(0.3, abs=0.05)
    assert rewarded[rewarded < NEVER_AGAIN].max() < START + 7 * DAY
    assert rewarded.min() > START


def test_the_remaining_chances() -> None:
    bound = model(PEOPLE, given("remembers", 0.25), given("keeps_up", 0.7), given("stretch", 0.9))
    who, number = everybody(PEOPLE), np.ones(COUNT, np.int32)
    assert bound.remembers(who, COUPON, number).mean() == pytest.approx(0.25, abs=close(0.25))
    assert bound.completes(who, CHALLENGE, number).mean() == pytest.approx(0.49, abs=close(0.49))
    assert bound.stretch == 0.9
    seconds = bound.handling(who, 0, number)
    assert seconds.min() >= 1
    assert seconds.mean() == pytest.approx(600.5, rel=0.02)
    assert seconds.std() == pytest.approx(600, rel=0.02)


@pytest.mark.parametrize("occurrence", [1, 2])
def test_another_time_is_another_draw(occurrence: int) -> None:
    again = np.full(COUNT, occurrence, np.int32)
    bound = model(PEOPLE)
    first = bound.touch(everybody(PEOPLE), AT, SMS, (), FIRST, state(PEOPLE))
    second = bound.touch(everybody(PEOPLE), AT, SMS, (), again, state(PEOPLE))
    both = (first.opened < NEVER_AGAIN) & (second.opened < NEVER_AGAIN)
    assert both.mean() == pytest.approx(share(first.opened) * share(second.opened), abs=close(0.2))
