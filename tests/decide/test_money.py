from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.decide.tables import table
from tests.sim.plans import DAY, at, coupon

from wakeup.decide.incentives import Redemption, earned, face_of, fits, grant_end, redeemable, redemption, rung_of
from wakeup.decide.ledger import Account, out_of_codes, out_of_stock, refuses_cost, refuses_grant
from wakeup.decide.money import minor_of, per_minor, share_of
from wakeup.plan.model import Activity, AmountOff, Coupon, Elapsed, Gift, Months, PercentOff, Rung

PAGE = "money.md"


def discount(text: str) -> AmountOff | PercentOff:
    off, threshold = text.split(" off ")
    if off.endswith("%"):
        return PercentOff(str(Decimal(off[:-1]) / 100), int(threshold))
    return AmountOff(int(off), int(threshold))


def account(text: str) -> Account | None:
    if text == "none":
        return None
    spent, reserved, limit = (int(word) for word in text.split() if word.isdigit())
    return Account(limit, spent, reserved)


@pytest.mark.parametrize("case", table(PAGE, "The coupon of an order"), ids=str)
def test_redemption(case: dict[str, str]) -> None:
    coupons = [] if case["coupons"] == "nothing" else [discount(each) for each in case["coupons"].split(", ")]
    expected = None
    if case["used"] != "none":
        expected = Redemption(int(case["used"]) - 1, int(case["basket after"]), int(case["discount"]))
    assert redemption(coupons, int(case["basket"]), 0.8) == expected


@pytest.mark.parametrize("case", table(PAGE, "Face value"), ids=str)
def test_face(case: dict[str, str]) -> None:
    assert face_of(discount(case["coupon"]), int(case["average order value"])) == int(case["face"])


@pytest.mark.parametrize("case", table(PAGE, "Costs of a send"), ids=str)
def test_costs(case: dict[str, str]) -> None:
    refused = refuses_cost(int(case["cost"]), account(case["line"]), account(case["total"]))
    assert refused == (case["answer"] == "refused")


@pytest.mark.parametrize("case", table(PAGE, "New grants"), ids=str)
def test_grants(case: dict[str, str]) -> None:
    refused = refuses_grant(int(case["face"]), account(case["line"]), account(case["total"]))
    assert refused == (case["answer"] == "refused")


@pytest.mark.parametrize("case", table(PAGE, "Stock"), ids=str)
def test_stock(case: dict[str, str]) -> None:
    stock = None if case["stock"] == "none" else int(case["stock"])
    assert out_of_stock(stock, int(case["open"]), int(case["used"])) == (case["answer"] == "out")


@pytest.mark.parametrize("case", table(PAGE, "Codes"), ids=str)
def test_codes(case: dict[str, str]) -> None:
    codes = None if case["codes"] == "none" else int(case["codes"])
    assert out_of_codes(codes, int(case["grants ever"])) == (case["answer"] == "out")


@pytest.mark.parametrize("case", table(PAGE, "Points"), ids=str)
def test_points(case: dict[str, str]) -> None:
    found = earned([discount(each) for each in case["points"].split(", ")], int(case["basket"]))
    assert ", ".join(f"{place + 1}: {amount}" for place, amount in found) == case["earned"]


@pytest.mark.parametrize("case", table(PAGE, "Prices and events in time"), ids=str)
def test_prices_and_events_in_time(case: dict[str, str]) -> None:
    t = at(int(case["day"]), int(case["hour"]))
    rungs = coupon(days=3).rungs
    flash = Coupon("night", "", rungs, opens=at(4, 20), closes=at(6), kind="flash_price")
    event = Activity("tea", "", "", 1, "", Elapsed(3 * DAY), at=at(5, 14), kind="event")
    each = {"flash price": flash, "coupon": coupon(days=3), "event": event}[case["incentive"]]
    assert fits(each, {}, t) == (case["fits"] == "yes")
    if case["ends"]:
        day, hour = case["ends"].split()
        assert grant_end(each, {}, t, "UTC") == at(int(day), int(hour))
    if isinstance(each, Coupon):
        assert redeemable(each, t) == (case["redeems"] == "yes")


def test_a_ladder_gives_each_band_its_rung_and_others_none() -> None:
    short = Rung(AmountOff(8_000, 30_000), Elapsed(7 * DAY), "sleep", "short")
    long = Rung(AmountOff(15_000, 50_000), Months(1), "sleep", "long")
    ladder = Coupon("back", "", (short, long))
    assert rung_of(ladder, {"sleep": "short"}) is short
    assert rung_of(ladder, {"sleep": "long"}) is long
    assert rung_of(ladder, {"sleep": ""}) is None
    assert fits(ladder, {"sleep": "long"}, 0)
    assert not fits(ladder, {}, 0)
    assert grant_end(ladder, {"sleep": "short"}, at(31, 10), "UTC") == at(7, 10, month=6)
    assert grant_end(ladder, {"sleep": "long"}, at(31, 10), "UTC") == at(30, 10, month=6)
    with pytest.raises(ValueError, match="no rung"):
        grant_end(ladder, {}, 0, "UTC")


def test_what_has_no_rungs_fits_everybody() -> None:
    gift = Gift("kit", "", 1_800, Elapsed(60))
    assert fits(gift, {}, 7)
    assert grant_end(gift, {}, 7, "UTC") == 67
    assert rung_of(coupon(), {}) is coupon().rungs[0] or rung_of(coupon(), {}) == coupon().rungs[0]


@pytest.mark.parametrize(
    ("micros", "digits", "minor"), [(45_000, 2, 5), (44_999, 2, 4), (5_000, 2, 1), (4_999, 2, 0), (1_500_000, 0, 2)]
)
def test_micros_round_half_up(micros: int, digits: int, minor: int) -> None:
    assert minor_of(micros, digits) == minor


def test_a_minor_unit_in_micros() -> None:
    assert [per_minor(digits) for digits in (0, 2, 3)] == [1_000_000, 10_000, 1_000]


@given(st.integers(0, 10**9), st.integers(0, 1_000))
def test_shares_are_exact_and_half_up(amount: int, thousandths: int) -> None:
    assert share_of(str(Decimal(thousandths) / 1000), amount) == (2 * thousandths * amount + 1_000) // 2_000
