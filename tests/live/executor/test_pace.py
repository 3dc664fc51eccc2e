"""Never more than declared in any second, nor in any window of the plan's rate."""

from hypothesis import given
from hypothesis import strategies as st

from wakeup.live.executor.pace import Pace


@given(
    rates=st.tuples(st.sampled_from([0.0, 0.5, 1.0, 3.0, 7.5]), st.sampled_from([0, 1, 4]), st.sampled_from([1, 60])),
    idle=st.lists(st.floats(0, 2), min_size=1, max_size=40),
)
def test_no_window_takes_more_than_it_may(rates: tuple[float, int, int], idle: list[float]) -> None:
    per_second, rate, seconds = rates
    pace, now, went = Pace(per_second, rate, seconds), 1_000.0, []
    for pause in idle:
        now += pause
        while (wait := pace.wait(now)) > 0:
            now += wait + 1e-9
        pace.take(now, 1)
        went.append(now)
    if per_second:
        most, window = max(1, int(per_second)), max(1.0, max(1, int(per_second)) / per_second)
        assert all(sum(t <= each < t + window - 1e-6 for each in went) <= most for t in went)
    if rate:
        assert all(sum(each // seconds == t // seconds for each in went) <= rate for t in went)


def test_without_limits_nobody_waits() -> None:
    pace = Pace()
    for _ in range(1_000):
        assert pace.wait(5.0) == 0.0
        pace.take(5.0, 10)
    assert pace.left(5.0) is None


def test_a_call_takes_no_more_than_is_left_of_the_window() -> None:
    pace = Pace(rate=5, seconds=60)
    assert pace.left(0.0) == 5
    pace.take(0.0, 3)
    assert pace.left(59.9) == 2
    assert pace.left(60.0) == 5
