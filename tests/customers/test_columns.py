"""Which column plays which role."""

import pytest

from wakeup.customers.columns import LISTED, LOG_ROLES, assign, listed, parse_mapping
from wakeup.customers.identity import customer_keys, key_order
from wakeup.diagnostics import WakeupError


@pytest.mark.parametrize(
    ("columns", "found"),
    [
        (("customer_id", "ts", "amount"), {"id": 0, "time": 1, "amount": 2}),
        (("Order ID", "CustomerID", "Order Date", "Total", "Refund"), {"id": 1, "time": 2, "amount": 3, "returns": 4}),
        (("订单号", "客户编号", "下单时间", "金额", "退款金额"), {"id": 1, "time": 2, "amount": 3, "returns": 4}),
        (("会员ID", "支付时间", "实付金额"), {"id": 0, "time": 1, "amount": 2}),
        (("household_id", "transaction_timestamp", "sales_value", "timestamp"), {"id": 0, "time": 3, "amount": 2}),
    ],
)  # fmt: skip
def test_common_names(columns: tuple[str, ...], found: dict[str, int]) -> None:
    assert assign(columns, LOG_ROLES, source="orders.csv") == found


def test_all_trouble_at_once() -> None:
    with pytest.raises(WakeupError) as caught:
        assign(("id", "user", "when"), LOG_ROLES, source="orders.csv")
    assert [d.code for d in caught.value.diagnostics] == ["WK6016", "WK6015", "WK6015"]


def test_mapping() -> None:
    assert parse_mapping("id=客户, time = when ,amount=a=b") == {"id": "客户", "time": "when", "amount": "a=b"}
    columns = ("customer_id", "Buyer No", "when", "a=b")
    mapping = {"id": "buyer no", "time": "when", "amount": "a=b"}
    assert assign(columns, LOG_ROLES, source="x", mapping=mapping) == {"id": 1, "time": 2, "amount": 3}


def test_long_lists_are_cut() -> None:
    text = listed(["x" * 60] * (LISTED + 5))
    assert len(text) < LISTED * 45
    assert text.endswith("… (25)")


def test_keys_are_blake2b_of_the_id() -> None:
    keys = customer_keys(["S0000001", "客户"])
    assert keys.dtype == "uint64"
    assert [int(key) for key in keys] == [int.from_bytes(d, "little") for d in _digests("S0000001", "客户")]


def _digests(*ids: str) -> list[bytes]:
    from hashlib import blake2b

    return [blake2b(each.encode("utf-8"), digest_size=8).digest() for each in ids]


def test_a_collision_is_an_error() -> None:
    keys = customer_keys(["a", "b", "a"])
    with pytest.raises(WakeupError) as caught:
        key_order(keys)
    assert caught.value.diagnostics[0].code == "WK6020"
