"""Campaigns that are checked together and may be after the same people."""

from pathlib import Path

import pytest

from wakeup.cli import run

FILE = """wakeup 1

campaign {name} "{name}" {{
  currency: CNY
  timezone: "Asia/Shanghai"
  run:      {run}
  audience: {audience}
  holdout:  10%
  margin:   50%
}}

channel sms {{ kind: sms, cost: 0 CNY per message, optout: required }}
message hello via sms {{ text: "Hello. 拒收请回复R" }}
journey all {{ send hello }}
"""
MARCH = "2027-03-01 through 2027-03-31"


@pytest.mark.parametrize(
    ("other_run", "other_audience", "told"),
    [
        ("2027-03-31 through 2027-04-30", "days_since_order >= 200d", True),
        ("2027-04-01 through 2027-04-30", "days_since_order >= 200d", False),
        (MARCH, "days_since_order >= 10d and days_since_order < 90d", False),
        (MARCH, "days_since_order >= 90d and tag(vip)", True),
        (MARCH, "days_since_order >= 90d and not tag(asleep)", False),
    ],
)
def test_the_same_people_at_the_same_time(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], other_run: str, other_audience: str, told: bool
) -> None:
    first = FILE.format(name="first", run=MARCH, audience="days_since_order >= 90d and tag(asleep)")
    second = FILE.format(name="second", run=other_run, audience=other_audience)
    (tmp_path / "first.wake").write_text(first, "utf-8")
    (tmp_path / "second.wake").write_text(second, "utf-8")
    assert run(["check", str(tmp_path / "first.wake"), str(tmp_path / "second.wake")]) == 0
    out = "".join(capfd.readouterr())
    assert ("WK3940" in out) is told
    assert not told or ("first" in out and "second.wake:7:13" in out)
