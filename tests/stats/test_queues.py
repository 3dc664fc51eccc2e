import math

import pytest

from wakeup.stats import erlang_c, erlang_c_wait


def by_the_sum(servers: int, load: float) -> float:
    top = load**servers / math.factorial(servers) * servers / (servers - load)
    return top / (sum(load**k / math.factorial(k) for k in range(servers)) + top)


@pytest.mark.parametrize(("servers", "load"), [(1, 0.5), (2, 1.9), (20, 15.0), (50, 0.0)])
def test_the_recursion_is_the_sum(servers: int, load: float) -> None:
    assert erlang_c(servers, load) == pytest.approx(by_the_sum(servers, load), rel=1e-12)


def test_one_server_waits_as_in_the_textbook() -> None:
    assert erlang_c_wait(1, 0.8, 60.0) == pytest.approx(0.8 / 0.2 * 60.0)


def test_an_overloaded_desk_has_no_steady_state() -> None:
    with pytest.raises(ValueError, match="more than 2 servers"):
        erlang_c(2, 2.0)
