from datetime import date, timedelta

import numpy as np
import pytest
from attrs import evolve
from tests.figures.small import DAY, PLAN

from wakeup.decide.calendar import instant, local
from wakeup.figures.tables import Tables


@pytest.mark.parametrize(
    ("zone", "first"),
    [
        ("Asia/Shanghai", date(2026, 10, 20)),
        ("Europe/London", date(2026, 10, 20)),  # a day of 25 hours
        ("America/New_York", date(2027, 3, 10)),  # one of 23
        ("Africa/Cairo", date(2027, 4, 25)),  # one that begins at 01:00
    ],
    ids=str,
)
def test_days_are_those_of_the_zone(zone: str, first: date) -> None:
    start, end = instant(first, 9 * 3600, zone), instant(first + timedelta(days=12), 0, zone)
    tables = Tables(evolve(PLAN, zone=zone, start=start, end=end))
    t = np.concatenate([np.arange(start, end, 900), [end - 1]])
    days = [(local(int(one), zone).date() - first).days for one in t]
    assert tables.day(t).tolist() == days
    assert len(tables.days) == 12
    assert (end - start) % DAY or zone == "Asia/Shanghai"
