"""`assume` about a band of a tier, and about what only the campaign knows that imports the file."""

from pathlib import Path

import pytest

import wakeup
from wakeup.diagnostics import in_language

HEAD = """wakeup 1
import "shop.wake" as shop
campaign c {
  currency: CNY, timezone: "Asia/Shanghai", run: 2026-09-01 through 2026-09-30
  audience: days_since_order >= 90d, holdout: 10%, margin: 50%
}
tier value by average_order_value { high: 500 CNY and up, low: below 500 CNY }
channel push { kind: push, cost: 0 CNY per message }
coupon c8 { discount: 8 CNY off 40 CNY, valid: 7d, limit: 1 per person }
message hello via push { text: "Hello" }
journey all { send hello with c8 }
"""


def scopes(folder: Path, own: str, shared: str) -> list[tuple[str, str, float]]:
    """Parameter, scope and median of the plan's assumptions."""
    (folder / "shop.wake").write_text(f"wakeup 1\n{shared}\n", "utf-8")
    (folder / "c.wake").write_text(HEAD + own, "utf-8")
    return [(row.parameter, row.scope, row.median) for row in wakeup.load(folder / "c.wake").assumptions]


def test_a_band_of_a_tier(tmp_path: Path) -> None:
    found = scopes(tmp_path, "assume for value.high { tier_response: 1.3x between 1.1x and 1.6x }\n", "")
    assert found == [("tier_response", "tier:value=high", 1.3)]


def test_in_chinese(tmp_path: Path) -> None:
    (tmp_path / "c.wake").write_text(
        HEAD.replace('import "shop.wake" as shop\n', "") + "假设 适用于 value.low { 分层响应: 0.8倍 }\n", "utf-8"
    )
    (row,) = wakeup.load(tmp_path / "c.wake").assumptions
    assert (row.parameter, row.scope, row.median) == ("tier_response", "tier:value=low", 0.8)


def test_a_shared_file_speaks_of_what_the_campaign_has(tmp_path: Path) -> None:
    shared = """
assume for value.low { tier_response: 0.7x }
assume for push { clicked: 3% }
assume for c8 { remembers: 30% }
"""
    assert scopes(tmp_path, "", shared) == [
        ("tier_response", "tier:value=low", 0.7),
        ("clicked", "channel:push", 0.03),
        ("remembers", "incentive:c8", 0.3),
    ]


def test_what_a_shared_file_declares_itself_goes_first(tmp_path: Path) -> None:
    shared = """
tier value by orders { high: 3 and up, low: below 3 }
assume for value.low { tier_response: 0.7x }
"""
    assert scopes(tmp_path, "", shared) == [("tier_response", "tier:shop.value=low", 0.7)]


@pytest.mark.parametrize("band", ["value.middle", "worth.high", "value"])
def test_a_band_that_nobody_has_is_refused(tmp_path: Path, band: str) -> None:
    with pytest.raises(wakeup.WakeupError) as caught:
        scopes(tmp_path, "", f"assume for {band} {{ tier_response: 1.3x }}")
    assert [each.code for each in caught.value.diagnostics] == ["WK2110"]


def test_what_is_out_of_bounds_is_told_in_the_readers_language(tmp_path: Path) -> None:
    with pytest.raises(wakeup.WakeupError) as caught:
        scopes(tmp_path, "assume { satisfaction: 7 }\n", "")
    (found,) = caught.value.diagnostics
    assert "mean score that a survey is answered with" in found.message
    assert "问卷打分的平均值" in in_language(found, "zh").message
