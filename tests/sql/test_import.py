"""A customer table that is imported and the same table that is queried give the same people."""

from pathlib import Path

import duckdb
import pytest
from tests.sql.members import Answer, members

import wakeup
from wakeup.plan.model import Plan
from wakeup.sql import Dialect, audience_sql

TABLE = """customer_id,orders,first_order,last_order,last_interaction,total_spent,average_order_value,tag_vip,skin,size
a,3,2024-01-05,2026-01-10,,900,300,yes,dry,38
b,1,2026-01-31,2026-01-31,2026-06-01,150.50,150.50,no,oily,41.5
c,2,2023-02-28,2025-12-31,2026-03-01,99.999,49.996,,,
d,0,,,2026-05-01,0,,yes,dry,
e,0,,,,,,,  ,
f,8,2020-02-29,2026-02-28,,12000,1500,no,dry,36
g,1,2026-06-30,2026-06-30,,50,50,,,40
"""

CAMPAIGN = """wakeup 1
campaign c "C" {
  currency: CNY
  timezone: "Asia/Shanghai"
  run: 2026-08-31 through 2026-09-30
  audience: AUDIENCE
  holdout: none
  margin: 50%
}
channel sms { kind: sms, cost: 0.05 CNY per part, quiet: 22:00 to 08:00 otherwise delay, optout: required }
tier value by average_order_value { high: 150.50 CNY and up, low: below 150.50 CNY }
message hello via sms { text: "Hello. Reply R to stop." }
journey high for value.high { send hello }
journey low for value.low { send hello }
"""


@pytest.mark.parametrize(
    "audience",
    [
        "days_since_order >= 6 months",
        "days_since_order < 6 months or days_since_interaction < 3 months",
        "not days_since_order >= 90d",
        "not tag(vip)",
        'not field(skin) == "dry"',
        "field(size) >= 40",
        "total_spent < 100 CNY",
        "average_order_value <= 150.50 CNY",
        "orders >= 1 and frequency_score >= 3",
        "recency_score <= 2 or monetary_score == 5",
        "days_since_first_order > 2 years",
    ],
)
def test_the_query_takes_whom_the_import_takes(audience: str, tmp_path: Path) -> None:
    (tmp_path / "c.wake").write_text(CAMPAIGN.replace("AUDIENCE", audience), "utf-8")
    (tmp_path / "table.csv").write_text(TABLE, "utf-8")
    plan = wakeup.load(tmp_path / "c.wake")
    people = wakeup.customers.from_history(tmp_path / "table.csv", as_of=plan.start, zone=plan.zone)
    taken = members(plan, people.population)
    assert 0 < len(taken) < 7
    assert by_query(plan, tmp_path / "table.csv") == taken


def by_query(plan: Plan, table: Path) -> Answer:
    with duckdb.connect() as connection:
        connection.execute(
            """
            CREATE TABLE customers AS SELECT * REPLACE (
                first_order::TIMESTAMP AT TIME ZONE $zone AS first_order,
                last_order::TIMESTAMP AT TIME ZONE $zone AS last_order,
                last_interaction::TIMESTAMP AT TIME ZONE $zone AS last_interaction
            ) FROM read_csv($table)
            """,
            {"zone": plan.zone, "table": str(table)},
        )
        return set(connection.execute(audience_sql(plan, Dialect.DUCKDB)).fetchall())
