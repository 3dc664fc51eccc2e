"""Where a backtest stands in a log."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wakeup.behaviour.backtest.origins import BURN_IN, CLOSEST, DAY, place
from wakeup.customers.zones import instant_from
from wakeup.diagnostics import Count, WakeupError

ZONE = "Europe/London"


@given(
    first=st.dates(date(2000, 1, 1), date(2030, 1, 1)),
    length=st.integers(1, 2_500),
    count=st.integers(1, 60),
    horizon=st.integers(1, 400),
)
def test_origins_lie_within_the_log(first: date, length: int, count: int, horizon: int) -> None:
    start, end = instant_from(first, ZONE) + 3_600, instant_from(first + timedelta(days=length), ZONE)
    needed = horizon + max(BURN_IN, 2 * horizon)
    if length < needed:
        with pytest.raises(WakeupError) as caught:
            place(start, end, count=count, horizon_days=horizon, zone=ZONE)
        assert caught.value.diagnostics[0].said.fields["needed"] == Count(needed, "day")
        return
    try:
        found = place(start, end, count=count, horizon_days=horizon, zone=ZONE)
    except WakeupError:
        assert length == needed  # an hour was lost to summer time
        return
    days = [datetime.fromtimestamp(at, ZoneInfo(ZONE)) for at in found.instants]
    assert all((each.hour, each.minute) == (0, 0) for each in days)
    assert 1 <= len(days) <= count
    assert found.instants[-1] + found.horizon <= end
    assert end - found.instants[-1] - found.horizon <= 2 * DAY
    assert (days[0].date() - first).days >= max(BURN_IN, 2 * horizon)
    steps = {(later.date() - each.date()).days for each, later in pairwise(days)}
    assert steps in (set(), {found.step_days})
    assert found.step_days >= CLOSEST or len(days) == 1
    assert len(days) == count or (days[0].date() - first).days < max(BURN_IN, 2 * horizon) + CLOSEST * len(days)


def test_the_whole_room_is_used() -> None:
    start, end = (int(datetime(year, 1, 1, tzinfo=UTC).timestamp()) for year in (2022, 2024))
    found = place(start, end, count=12, horizon_days=90, zone="UTC")
    assert len(found.instants) == 12
    assert found.step_days == (730 - 90 - 180) // 11
    assert found.block == 3  # 41 days apart, 90 days each
    assert place(start, end, count=1, horizon_days=90, zone="UTC").block == 1


def test_a_log_too_short_says_how_much_is_needed() -> None:
    with pytest.raises(WakeupError, match="WK6140") as caught:
        place(0, 200 * DAY, count=12, horizon_days=90, zone="UTC")
    assert "covers 200 days" in str(caught.value)
    assert "at least 270" in str(caught.value)
