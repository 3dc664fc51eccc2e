"""Lengths in words: in days wherever a day is over."""

import pytest

from wakeup.plan.model import Elapsed, Months
from wakeup.plan.wording import lasting

HOUR = 3_600
DAY = 24 * HOUR


@pytest.mark.parametrize(
    ("seconds", "en", "zh"),
    [
        (0, "0 days", "0 天"),
        (45, "45 seconds", "45 秒"),
        (5_400, "90 minutes", "90 分钟"),
        (23 * HOUR, "23 hours", "23 小时"),
        (DAY, "1 day", "1 天"),
        (36 * HOUR, "1 day 12 hours", "1 天 12 小时"),
        (1_922 * HOUR, "80 days 2 hours", "80 天 2 小时"),
        (1_921 * HOUR + 90, "80 days 1 hour 1 minute 30 seconds", "80 天 1 小时 1 分钟 30 秒"),
    ],
)
def test_a_length_is_told_in_days_first(seconds: int, en: str, zh: str) -> None:
    assert (lasting(Elapsed(seconds)), lasting(Elapsed(seconds), "zh")) == (en, zh)


def test_months_stay_months() -> None:
    assert lasting(Months(18)) == "18 months"
