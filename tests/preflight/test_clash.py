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


def test_what_is_meant_so_is_not_told(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    text = FILE.format(name="first", run=MARCH, audience="days_since_order >= 90d")
    (tmp_path / "first.wake").write_text(text, "utf-8")
    second = tmp_path / "second.wake"
    for allow in ('allow WK3940 "another shop"', 'allow WK3902 "another code"'):
        second.write_text(text.replace("first", "second").replace("holdout:", f"{allow}\n  holdout:"), "utf-8")
        assert run(["check", str(tmp_path)]) == 0
        out = "".join(capfd.readouterr())
        assert ("WK3940" in out) is ("WK3902" in allow)
        assert "WK3325" not in out  # alone, the second file cannot show that it allows something


def test_a_folder_of_campaigns_is_not_read_out(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    for number in range(14):
        text = FILE.format(name=f"c{number:02}", run=MARCH, audience="days_since_order >= 90d")
        (tmp_path / f"c{number:02}.wake").write_text(text, "utf-8")
    assert run(["check", str(tmp_path)]) == 0
    out = "".join(capfd.readouterr())
    assert "`c08`, `c09` and 3 more\n" in out
    assert "`c09`\n" in out
    assert "`c10`" not in out
