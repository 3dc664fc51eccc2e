"""What the kinds of incentives and texts come to in sums and figures, by hand on the small campaign."""

from attrs import evolve
from tests.figures.small import BATCHES, DAY, HELLO, PLAN, START, rows, totals

from wakeup.figures.assemble import assemble
from wakeup.figures.definitions import evaluate
from wakeup.figures.events import EventBatch
from wakeup.figures.totals import Totals
from wakeup.plan.model import Activity, Coupon, Elapsed, PercentOff, Phase, Plan, Rung, Variant
from wakeup.plan.predicates import EVERYONE
from wakeup.terms.lists import Row

DRAW, SURVEY, EVENT, POINTS = 3, 4, 5, 6
WEEK = Elapsed(7 * DAY)
RICH = evolve(
    PLAN,
    awake=("attend",),
    incentives=(
        *PLAN.incentives,
        Activity("draw", "", "", 1, "", WEEK, line="gifts", odds="0.1", cost=2_000, kind="draw"),
        Activity("survey", "", "", 1, "", WEEK, kind="survey"),
        Activity("tea", "", "", 1, "", WEEK, line="gifts", at=START + DAY, places=9, cost=700, kind="event"),
        Coupon("points", "", (Rung(PercentOff("0.02"), WEEK),), "promotion", reusable=True, rebate=True, kind="points"),
    ),
    messages=(evolve(PLAN.messages[0], variants=(Variant(EVERYONE, "", 90_000, 2),)), PLAN.messages[1]),
)
MORE = (
    rows(Row.COMPLETED, (0, 300), incentive=DRAW, amount=2_000),
    rows(Row.COMPLETED, (0, 310), (1, 320), incentive=SURVEY),
    rows(Row.RATED, (0, 310), incentive=SURVEY, amount=500),
    rows(Row.RATED, (1, 320), incentive=SURVEY, amount=350),
    rows(Row.COMPLETED, (1, DAY), incentive=EVENT, amount=700),
    rows(Row.REDEEMED, (0, DAY + 100), incentive=POINTS, amount=400, subsidised=1),
    rows(Row.REDEEMED, (1, 2 * DAY), incentive=POINTS, amount=320),
    rows(Row.SENT, (2, 90), message=HELLO, step=1, arm=0),
)


def found(plan: Plan = RICH, more: tuple[EventBatch, ...] = MORE) -> Totals:
    return totals(plan, (*BATCHES, *more))


def figures(more: tuple[EventBatch, ...] = MORE) -> dict[str, float]:
    return {name: float(values[0, 0]) for name, values in evaluate(RICH, found(more=more)).items()}


def test_completions_and_attendance_are_told_apart() -> None:
    assert (figures()["completed"], figures()["attended"]) == (4, 1)


def test_prizes_seats_and_points_are_gifts_and_no_discounts() -> None:
    before, after = figures(()), figures()
    assert after["gift_cost"] - before["gift_cost"] == 2_000 + 700 + 400
    for name in ("discount_cost", "redemptions", "subsidised_orders", "revenue", "tail_discount_cost"):
        assert after[name] == before[name], name
    assert after["subsidy_cost"] - before["subsidy_cost"] == 400


def test_satisfaction_is_the_mean_score_and_nothing_without_a_survey() -> None:
    assert figures()["satisfaction"] == 4.25
    assert figures(())["satisfaction"] != figures(())["satisfaction"]  # not a number


def test_attending_wakes_and_completing_something_else_does_not() -> None:
    assert figures()["woken"] == 1
    assert figures(MORE[:4])["woken"] == 0


def test_a_variant_costs_its_own_price() -> None:
    (sms, _) = found().channels.sum(axis=0)
    assert sms[-1] == 3 * 45_000 + 90_000
    assert found().total("send_micros") == 145_000 + 90_000


def test_every_cost_finds_its_line() -> None:
    lines = {each.line: each for each in found().spending}
    before = {each.line: each for each in found(more=()).spending}
    assert lines["gifts"].spent - before["gifts"].spent == 2_000 + 700
    # 400 of points, and 9 fen for the dearer text (23.5 fen of sends, half up, instead of 14.5 on two lines).
    assert lines["promotion"].spent - before["promotion"].spent == 400 + 9
    assert lines["promotion"].tail - before["promotion"].tail == 320


def test_a_phase_has_the_days_of_the_run_that_lie_in_it() -> None:
    phases = (
        Phase("ready", "Get ready", START - 5 * DAY, START, ("texts approved",)),
        Phase("go", "", START, START + DAY),
        Phase("late", "", START + DAY, START + 9 * DAY),
    )
    plan = evolve(PLAN, phases=phases)
    result = assemble(plan, seed=1, customers=6, replications=(totals(plan),), scenarios={}, basis=())
    assert [(each.first, each.last, each.sent, each.orders) for each in result.phases] == [
        ("2026-08-27", "2026-08-31", 0, 0),
        ("2026-09-01", "2026-09-01", 3, 1),
        ("2026-09-02", "2026-09-09", 2, 2),
    ]
    assert result.phases[0].duties == ("texts approved",)
    assert result.phases[1].revenue == 250.0
