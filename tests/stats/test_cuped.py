"""Why outcomes are not adjusted by what people did before (docs/experiments.md): from the gift shop's log."""

from pathlib import Path

import numpy as np
import pytest

QUERY = """
with log as (
    select customer_id, cast(ts as timestamp) as t, amount, timestamp '{at}' as now from '{log}' where amount > 0
)
select
    date_diff('day', max(t) filter (t < now), any_value(now)) as since,
    count(*) filter (t < now) as orders,
    sum(amount) filter (t < now) as spent,
    coalesce(sum(amount) filter (t < now and t >= now - interval 90 day), 0) as earlier,
    coalesce(sum(amount) filter (t >= now and t < now + interval 90 day), 0) as later
from log group by customer_id having min(t) < any_value(now)
"""
DATES = ("2010-12-01", "2011-03-01", "2011-06-01", "2011-09-01")


def explained(known: list[np.ndarray], outcome: np.ndarray) -> float:
    """Share of the variance that a least-squares fit explains."""
    columns = np.column_stack([np.ones(len(outcome)), *known])
    rest = outcome - columns @ np.linalg.lstsq(columns, outcome)[0]
    return 1.0 - float((rest**2).sum() / ((outcome - outcome.mean()) ** 2).sum())


@pytest.mark.parametrize(("asleep", "recent", "history"), [(0, 0.56, 0.11), (90, 0.0, 0.07)])
def test_what_earlier_spending_says_of_the_next_90_days(
    real_data: Path, asleep: int, recent: float, history: float
) -> None:
    duckdb = pytest.importorskip("duckdb")
    found = []
    for at in DATES:
        table = duckdb.sql(QUERY.format(log=real_data / "online_retail_ii" / "orders.parquet", at=at)).fetchnumpy()
        who = table["since"] >= asleep
        days, orders, spent, earlier, later = (np.asarray(column, np.float64)[who] for column in table.values())
        found.append((explained([earlier], later), explained([np.log1p(days), np.log(orders), np.log(spent)], later)))
    assert np.mean(found, axis=0) == pytest.approx([recent, history], abs=0.01)
