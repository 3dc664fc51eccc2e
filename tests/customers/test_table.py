"""Customer tables: beside a log, and alone."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from wakeup.customers import BLANK, NEVER, NO, YES, Population, from_history
from wakeup.customers.table_columns import TableColumn, table_columns
from wakeup.diagnostics import Diagnostic

Write = Callable[..., Path]
Refusal = Callable[[Callable[[], object]], Diagnostic]
DAY = 86_400


def person(people: Population, who: str) -> int:
    (row,) = np.flatnonzero(people.ids == who)
    return int(row)


@pytest.fixture
def log(write: Write) -> Path:
    return write("orders.csv", "customer_id,date,amount", "a,2026-01-05,80", "b,2026-02-06,120", "c,2026-02-07,5")


def test_a_table_is_joined(write: Write, log: Path) -> None:
    table = write(
        "people.csv",
        "customer_id,tags,tag_vip,sms_consent,phone,email,consent_wecom,cn.app consent,时区,"
        "Skin Type,points,birthday,postcode",
        "a,office_worker; 新妈妈,yes,yes,138,a@x,no,1,Asia/Tokyo,dry,10.5,1990-02-03,0012",
        "b,,no,yes,,b@x,,0,Mars/Olympus,oily,,,1200",
        "d,新妈妈,,no,139,,maybe,,,,7,19911231,",
    )
    history = from_history(log, as_of="2026-03-01", zone="Asia/Shanghai", table=table)
    people = history.population
    a, b, c, d = (person(people, who) for who in "abcd")
    assert list(people.orders[[a, b, c, d]]) == [1, 1, 1, 0]
    assert people.last_order[d] == NEVER
    assert people.average_order_value[d] == 0
    assert set(people.tags) == {"office_worker", "新妈妈", "vip"}
    assert list(people.tags["新妈妈"][[a, b, c, d]]) == [True, False, False, True]
    assert list(people.tags["vip"][[a, b, c, d]]) == [True, False, False, False]
    # A phone reaches by SMS and by call; for SMS the consent counts too.
    assert list(people.consents["sms"][[a, b, c, d]]) == [YES, BLANK, BLANK, NO]
    assert list(people.consents["phone"][[a, b, c, d]]) == [YES, BLANK, BLANK, YES]
    assert list(people.consents["email"][[a, b, c, d]]) == [YES, YES, BLANK, BLANK]
    assert list(people.consents["wecom"][[a, b, c, d]]) == [NO, BLANK, BLANK, NO]
    assert list(people.consents["cn.app"][[a, b, c, d]]) == [YES, NO, BLANK, BLANK]
    assert people.zone_names == ("Asia/Tokyo",)
    assert people.zones is not None
    assert list(people.zones[[a, b, c, d]]) == [0, -1, -1, -1]
    assert {name: field.kind for name, field in people.fields.items()} == {
        "Skin_Type": "text", "points": "number", "birthday": "date", "postcode": "text",
    }  # fmt: skip
    skin = people.fields["Skin_Type"]
    assert skin.labels == ("dry", "oily")
    assert list(skin.values[[a, b, c, d]]) == [0, 1, -1, -1]
    assert np.array_equal(people.fields["points"].values[[a, b, d]], [10.5, np.nan, 7], equal_nan=True)
    assert people.fields["birthday"].values[b] == NEVER
    assert people.fields["birthday"].values[d] == 694137600 - 8 * 3600  # 1991-12-31 00:00 in Shanghai
    assert people.fields["postcode"].labels == ("0012", "1200")
    assert {(p.source, p.kind, p.first_rows) for p in history.report.problems} == {
        ("table", "unreadable_value", (4,)),
        ("table", "unknown_zone", (3,)),
    }


def test_summaries_beside_a_log_are_computed_from_the_log(write: Write, log: Path) -> None:
    table = write("people.csv", "customer_id,orders,city", "a,99,Bath")
    history = from_history(log, as_of="2026-03-01", table=table)
    assert list(history.population.orders) == [1, 1, 1]
    assert set(history.population.fields) == {"city"}
    assert "WK6033" in [w.code for w in history.report.warnings]


def test_missing_ids_in_the_table_are_counted(write: Write, log: Path) -> None:
    table = write("people.csv", "customer_id,city", ",Bath", "a,York")
    (problem, *_) = from_history(log, as_of="2026-02-09", table=table).report.problems
    assert (problem.source, problem.kind, problem.first_rows) == ("table", "missing_id", (2,))


def test_two_columns_of_one_meaning_are_refused(write: Write, log: Path, refusal: Refusal) -> None:
    table = write("people.csv", "customer_id,consent_sms,短信同意", "a,1,1")
    found = refusal(lambda: from_history(log, table=table))
    assert found.code == "WK6027"
    assert "`consent_sms`, `短信同意`" in found.message


def test_a_table_alone(write: Write) -> None:
    table = write(
        "people.csv",
        "customer_id,last_order,orders,average_order_value,first_order,last_interaction",
        "a,2026-01-31,3,200.005,2026-01-01,2026-02-02",
        "b,2025-01-31,1,50,,",
        "c,,0,,,",
    )
    history = from_history(table, as_of="2026-03-01", zone="UTC")
    people = history.population
    a, b, c = (person(people, who) for who in "abc")
    assert history.report.kind == "table"
    assert history.report.columns["orders"] == "orders"
    assert len(history.snapshots.n) == 0
    assert people.gap[a] == pytest.approx(15)
    assert (people.monetary[a], people.average_order_value[a]) == (3 * 20_001, 20_001)
    assert people.last_interaction[a] - people.last_order[a] == 2 * DAY
    assert people.first_order[b] == people.last_order[b] == people.last_interaction[b]
    assert (people.orders[c], people.last_order[c], people.last_interaction[c]) == (0, NEVER, NEVER)
    assert np.isnan(people.gap[[b, c]]).all()


def test_a_table_of_last_orders_only(write: Write) -> None:
    table = write("people.csv", "客户编号,最后下单时间,累计消费", "a,2026-01-31,80", "b,,")
    people = from_history(table).population
    a, b = person(people, "a"), person(people, "b")
    assert people.as_of == 1769904000  # 2026-02-01
    assert (people.orders[a], people.average_order_value[a]) == (1, 8000)
    assert (people.orders[b], people.monetary[b]) == (0, 0)


def test_a_table_that_knows_the_future_is_refused(write: Write, refusal: Refusal) -> None:
    table = write("people.csv", "customer_id,last_order", "a,2026-01-31", "b,2025-01-31")
    found = refusal(lambda: from_history(table, as_of="2026-01-31"))
    assert found.code == "WK6030"
    assert "1 customers" in found.message


def test_a_table_beside_a_table_is_refused(write: Write, refusal: Refusal) -> None:
    table = write("people.csv", "customer_id,last_order", "a,2026-01-31")
    assert refusal(lambda: from_history(table, table=table)).code == "WK6034"


@pytest.mark.parametrize(
    ("name", "kind", "key"),
    [
        ("SMS Consent", "consent", "sms"), ("同意短信", "consent", "sms"),
        ("consent_mini_program", "consent", "mini_program"),
        ("marketing_consent", "own", "marketing_consent"),
        ("手机号", "address", "phone"), ("WeCom ID", "address", "wecom"),
        ("标签_健身", "tag", "健身"), ("Tags", "tags", ""), ("time zone", "zone", ""),
        ("客单价", "summary", "average_order_value"),
        ("首单时间", "summary", "first_order"), ("favourite  colour", "own", "favourite_colour"), ("", "nothing", ""),
    ],
)  # fmt: skip
def test_what_a_column_is(name: str, kind: str, key: str) -> None:
    identity, columns = table_columns(("customer_id", name), source="people.csv")
    assert identity == 0
    assert columns == (TableColumn(1, kind, key),)
