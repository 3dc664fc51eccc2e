"""Flash prices, member prices, points and codes: what the worked examples leave out (rules 60-63, 69, 76)."""

import pytest
from attrs import evolve
from tests.sim.plans import DAY, ENTRY, HOUR, at, campaign, coupon, journey, send, wait
from tests.sim.reference.runs import ANN, BEN, DAN, simulate
from tests.sim.scripted import Life, Reply

from wakeup.plan.model import AmountOff, Budget, Coupon, Elapsed, Gift, Grant, Guard, Line, PercentOff, Rung
from wakeup.plan.predicates import Compare

WEEK = Elapsed(7 * DAY)
BUYS = {("nudge", 0): Reply(ordered=HOUR)}


def member_price(**changes: object) -> Coupon:
    base = {"name": "vip", "title": "", "rungs": (Rung(PercentOff("0.1"), WEEK),), "reusable": True}
    return Coupon(**base | {"kind": "member_price"} | changes)  # type: ignore[arg-type]


def points(**changes: object) -> Coupon:
    return member_price(**{"name": "triple", "rebate": True, "kind": "points"} | changes)


def test_what_a_member_price_reserves_stays_reserved_until_its_grant_closes() -> None:
    # Line 20.00. Ann's grant reserves 10.00, her order spends 5.00: a day later Ben's 10.00 do not fit; once hers is
    # over, they do.
    price = member_price(line="promo", reserve_face=True)
    plan = campaign(
        journey(send("nudge", "vip"), goal="", match=Compare("orders", "==", 1, "count")),
        journey(wait(1), send("nudge", "vip"), wait(8), send("letter", "vip", step="l"), name="later", salt="b"),
        incentives=(price,),
        budget=Budget(100_000, (Line("promo", 2_000),)),
    )
    ben = evolve(BEN, orders=2, monetary=20_000)
    run = simulate(plan, {"ann": Life(replies=BUYS, baskets=(5_000,))}, ANN, ben)
    assert (ENTRY + HOUR, "redeemed vip 500") in run.of("ann")
    assert (ENTRY + DAY, "refused nudge budget") in run.of("ben")
    assert (ENTRY + 9 * DAY, "granted letter vip") in run.of("ben")


def test_points_are_a_gift_to_the_budget() -> None:
    # 1.00 of points spends the line of gifts: no kit for anybody after that.
    plan = campaign(
        journey(send("nudge", "triple"), wait(1), send("letter", "kit", step="l"), goal=""),
        incentives=(points(line="gifts"), Gift("kit", "", 1_800, WEEK, line="gifts")),
        budget=Budget(100_000, (Line("gifts", 1_000),)),
    )
    rows = simulate(plan, {"ann": Life(replies=BUYS)}, ANN).of("ann")
    assert (ENTRY + HOUR, "redeemed triple 1000") in rows
    assert (ENTRY + DAY, "refused letter budget") in rows


@pytest.mark.parametrize(("figure", "trips"), [("gift_cost", True), ("discount_cost", False)])
def test_points_are_a_gift_to_the_guards(figure: str, trips: bool) -> None:
    plan = campaign(
        journey(send("nudge", "triple"), goal=""),
        incentives=(points(),),
        guards=(Guard("generous", figure, ">=", "10", "money", "stop"),),
    )
    closing = simulate(plan, {"ann": Life(replies=BUYS)}, ANN).recorder.closing
    assert closing is not None
    assert bool(closing.tripped) is trips


def test_points_leave_the_price_and_the_one_discount_alone() -> None:
    plan = campaign(journey(send("nudge", "gift5", "triple"), goal=""), incentives=(coupon(), points()))
    life = Life(replies=BUYS, baskets=(10_000,))
    run = simulate(plan, {"ann": life}, ANN)
    assert run.rows("ann")[-3:] == ["ordered 10000", "redeemed gift5 500", "redeemed triple 1000"]


def test_points_of_two_kinds_are_both_earned() -> None:
    more = points(name="more", rungs=(Rung(AmountOff(300, 5_000), WEEK),))
    plan = campaign(journey(send("nudge", "triple", "more"), goal=""), incentives=(points(), more))
    rows = simulate(plan, {"ann": Life(replies=BUYS, baskets=(4_999,))}, ANN).rows("ann")
    assert "redeemed triple 500" in rows
    assert "redeemed more 300" not in rows
    assert "redeemed more 300" in simulate(plan, {"ann": Life(replies=BUYS, baskets=(5_000,))}, ANN).rows("ann")


def test_points_that_are_not_known_are_not_earned() -> None:
    plan = campaign(journey(send("nudge", "triple"), goal=""), incentives=(points(),))
    for delivered in (True, False):
        life = Life(first=ENTRY + HOUR, replies={("nudge", 0): Reply(delivered=delivered)})
        rows = simulate(plan, {"ann": life}, ANN).rows("ann")
        assert "ordered 10000" in rows
        assert ("redeemed triple 1000 subsidised" in rows) is delivered


def test_a_grant_by_itself_is_asked_for_money_stock_and_rung() -> None:
    # The first of the three is refused for money, the others are granted in order, without a message.
    both = (coupon(name="a", line="promo"), coupon(name="b"), coupon(name="c", stock=1))
    plan = campaign(
        journey(Grant("g", ("a", "b", "c")), wait(1), Grant("h", ("b", "c")), goal=""),
        incentives=both,
        budget=Budget(100_000, (Line("promo", 0),)),
    )
    run = simulate(plan, {}, ANN, BEN)
    assert run.rows("ann")[:4] == ["entered", "refused a budget", "granted b", "granted c"]
    assert run.of("ben")[1:] == [
        (ENTRY, "refused a budget"), (ENTRY, "refused c out_of_stock"), (ENTRY, "granted b"),
        (ENTRY + DAY, "refused c out_of_stock"), (ENTRY + DAY, "exited"), (ENTRY + 7 * DAY, "lapsed b"),
    ]  # fmt: skip


def test_a_grant_makes_a_coupon_known_whose_message_did_not_arrive() -> None:
    plan = campaign(journey(send("nudge", "gift5"), Grant("g", ("gift5",)), goal=""), incentives=(coupon(),))
    life = Life(first=ENTRY + HOUR, remembers=frozenset({"gift5"}), replies={("nudge", 0): Reply(delivered=False)})
    assert "redeemed gift5 500 subsidised" in simulate(plan, {"ann": life}, ANN).rows("ann")


def test_a_flash_price_that_has_not_opened_leaves_the_order_to_a_coupon() -> None:
    night = Coupon("night", "", (Rung(PercentOff("0.5"), WEEK),), opens=at(2), closes=at(3), kind="flash_price")
    plan = campaign(journey(send("nudge", "night", "gift5"), goal=""), incentives=(night, coupon()))
    assert "redeemed gift5 500" in simulate(plan, {"ann": Life(replies=BUYS)}, ANN).rows("ann")
    opened = Life(replies={("nudge", 0): Reply(ordered=DAY)})
    assert "redeemed night 5000" in simulate(plan, {"ann": opened}, ANN).rows("ann")


def test_rewards_and_sends_use_the_same_codes() -> None:
    plan = campaign(journey(send("nudge", "gift5"), wait(8), Grant("g", ("gift5",))), incentives=(coupon(codes=3),))
    run = simulate(plan, {}, ANN, BEN, DAN)
    assert [run.rows(each)[-2] for each in ("ann", "ben", "dan")] == ["refused gift5 out_of_stock"] * 3
