"""Local time of many instants at once, against the calendar of one instant that all others use."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from wakeup.decide import calendar
from wakeup.plan.model import DayWindow
from wakeup.sim.array.codes import FAR
from wakeup.sim.array.localtime import Zone, Zones

NAMES = ("Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Sao_Paulo", "UTC")
ZONES = {name: Zone(name) for name in NAMES}

names = st.sampled_from(NAMES)
# Around the changes of clocks in March, April, October, November 2026, and anywhere.
instants = st.one_of(
    st.integers(1_774_000_000, 1_775_600_000), st.integers(1_790_500_000, 1_793_800_000), st.integers(0, 2_000_000_000)
)
several = st.lists(instants, min_size=1, max_size=20).map(lambda values: np.array(values, np.int64))
seconds = st.integers(0, 48).map(lambda halves: halves * 1_800)


@given(names, several, st.integers(-30, 30))
def test_months(name: str, t: np.ndarray, months: int) -> None:
    assert ZONES[name].add_months(t, months).tolist() == [calendar.add_months(int(each), months, name) for each in t]


@given(names, several, st.sampled_from(("day", "week", "month")))
def test_window_starts(name: str, t: np.ndarray, unit: str) -> None:
    expected = [calendar.window_start(int(each), unit, name) for each in t]  # type: ignore[arg-type]
    assert ZONES[name].window_start(t, unit).tolist() == expected  # type: ignore[arg-type]


@given(names, several, seconds, seconds)
def test_window_ends(name: str, t: np.ndarray, start: int, end: int) -> None:
    window = DayWindow(start % 86_400, end)
    ends = [calendar.window_end(int(each), window, name) for each in t]
    assert ZONES[name].window_end(t, window).tolist() == [FAR if each is None else each for each in ends]


def test_everybody_is_asked_in_their_own_zone() -> None:
    zones = Zones([ZONES["UTC"], ZONES["Asia/Shanghai"]], np.array([0, 1, 0], np.int16))
    noon = np.full(3, 1_777_636_800, np.int64)
    starts = zones.each(np.array([0, 1, 2]), noon, lambda zone, t: zone.window_start(t, "day"))
    assert (noon - starts).tolist() == [12 * 3_600, 20 * 3_600, 12 * 3_600]
