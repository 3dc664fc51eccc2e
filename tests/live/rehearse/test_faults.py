"""Faults of providers: how they are written, and that they come as often as they are said to."""

import pytest

from wakeup.diagnostics import WakeupError
from wakeup.live.rehearse.faults import NAMES, Faults, parse_faults


def test_faults_are_shares_of_calls() -> None:
    assert parse_faults("lost=2%, throttled=5.5%") == Faults(lost=0.02, throttled=0.055)
    assert parse_faults("") == Faults()
    assert not Faults().any
    assert Faults(late=0.1).any


@pytest.mark.parametrize("text", ["lost", "lost=2", "gone=2%", "lost=2%,lost=3%", "lost=60%,late=60%", "lost=-1%"])
def test_what_says_no_fault_is_refused(text: str) -> None:
    with pytest.raises(WakeupError) as raised:
        parse_faults(text)
    assert [each.code for each in raised.value.diagnostics] == ["WK7000"]
    assert "lost" in (raised.value.diagnostics[0].help or "")


def test_each_fault_comes_as_often_as_it_is_said_to() -> None:
    faults = Faults(lost=0.1, late=0.05, missed=0.2, refused=0.02, throttled=0.3)
    count = 4_000
    drawn = [faults.of(3, f"{number * 0x9E3779B97F4A7C15 % 2**64:016x}" + "0" * 16, 1) for number in range(count)]
    for name in NAMES:
        share = getattr(faults, name)
        # Five standard errors: red by chance in fewer than one run in a million.
        assert abs(drawn.count(name) / count - share) < 5 * (share * (1 - share) / count) ** 0.5
    assert drawn == [
        faults.of(3, f"{number * 0x9E3779B97F4A7C15 % 2**64:016x}" + "0" * 16, 1) for number in range(count)
    ]


def test_another_attempt_is_drawn_anew() -> None:
    faults = Faults(throttled=0.5)
    assert len({faults.of(1, "ab" * 16, attempt) for attempt in range(1, 20)}) == 2
