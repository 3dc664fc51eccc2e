"""A backtest for people, in both languages: what it says follows from what was found."""

import io
import re
from pathlib import Path

import numpy as np
import pytest
from attrs import evolve
from rich.console import Console
from tests.report.test_browser import browser, measured

from wakeup.behaviour.backtest.coverage import Coverage
from wakeup.behaviour.backtest.judging import Judged
from wakeup.behaviour.backtest.origins import Origins
from wakeup.behaviour.backtest.rolling_origin import Backtest
from wakeup.behaviour.backtest.summary import Summary, summarise
from wakeup.report.backtest import html, show
from wakeup.terms.language import Language

DAY = 86_400
START = 1_735_689_600  # 2025-01-01 UTC


def judged(value: np.ndarray, half: float, actual: np.ndarray) -> Judged:
    levels = half * np.array([0.4, 0.8, 1.0])[:, None, None]
    low, high = np.clip(value - levels, 0, 1), np.clip(value + levels, 0, 1)
    inside = np.where(np.isnan(value), np.nan, ((low <= actual) & (actual <= high)).astype(float))
    return Judged(value, low, high, inside, 2 * half + 0 * value, half / 4 + 0 * value, 0.4 + 0 * value)


def made(shift: float = 0.0, *, block: int = 3, origins: int = 6) -> tuple[Backtest, Summary]:
    """Six origins, two bins and one without enough people; forecasts too high by `shift`."""
    people = np.full((origins, 7), 200)
    people[:, 2:] = 0
    people[0, 1] = 12
    used = people >= 30
    actual = np.where(used, 0.3, np.nan)
    came = np.where(used, 60, 0)
    value = np.where(used, 0.3 + shift, np.nan)
    instants = tuple(START + 30 * DAY * each for each in range(origins))
    test = Backtest(
        origins=Origins(instants, 90 * DAY, 30 if origins > 1 else 0, origins),
        zone="UTC",
        first_time=START - 300 * DAY,
        end=START + 300 * DAY,
        people=people,
        came=came,
        used=used,
        learnt=(False, *[True] * (origins - 1)),
        ours=judged(value, 0.05, actual),
        baselines={"last_period": judged(value, 0.2, actual), "bg_nbd": judged(value, 0.01, actual)},
        seed=1,
        draws=10,
    )
    assert test.origins.block == (block if origins > 1 else 1)
    return test, summarise(test)


def printed(test: Backtest, summary: Summary, lang: Language = "en") -> str:
    out = io.StringIO()
    show(test, summary, "[bold]shop.csv", Console(file=out, width=80), lang)
    return re.sub(r"\s+", " ", out.getvalue())


def test_what_was_found_is_said_in_sentences() -> None:
    told = printed(*made())
    assert "From each of 6 origins, 2025-01-01 to 2025-05-31" in told
    assert "Of 11 intervals that claim 90 %, 11 held (100 %" in told
    assert "[bold]shop.csv" in told
    assert "runs of 3 neighbouring origins, and there are about 2 such runs" in told
    assert "Left out: 1 group with fewer than 30 people." in told
    assert "At 1 origin there was too little to learn from" in told
    assert "The largest bias" not in told
    assert "last period 11 40.0 10.0 0.25" in told
    assert "BG/NBD 11 2.00 10.0 5.00" in told


def test_a_bias_is_said_with_its_direction() -> None:
    assert "fewer came than was forecast, 30.0 % instead of 42.0 %" in printed(*made(0.12))
    assert "more came than was forecast, 30.0 % instead of 18.0 %" in printed(*made(-0.12))
    assert "来的比预测的少，实际 30.0 %，预测 42.0 %" in printed(*made(0.12), "zh").replace(" %", " %")


@pytest.mark.parametrize(
    ("share", "low", "high", "words"),
    [
        (0.6, 0.5, 0.7, "keep less"),
        (0.99, 0.96, 1.0, "keep more"),
        (0.85, 0.7, 0.95, "As far as this log can tell"),
    ],
)
def test_the_verdict_follows_the_range(share: float, low: float, high: float, words: str) -> None:
    test, summary = made()
    fair = {0.5: Coverage(11, 5, 0.5, 0.32, 0.7), 0.8: Coverage(11, 9, 0.8, 0.6, 0.9)}
    found = evolve(summary, coverage={**fair, 0.9: Coverage(11, 9, share, low, high)})
    assert words in printed(test, found)


def test_a_share_that_might_be_anything_gets_no_verdict() -> None:
    test, summary = made()
    wide = {0.5: Coverage(11, 5, 0.5, 0.2, 0.78), 0.9: Coverage(11, 10, 0.9, 0.7, 1.0)}
    assert "Too few origins for a verdict" in printed(test, evolve(summary, coverage=wide))
    assert "样本太少，还不能下定论" in printed(test, evolve(summary, coverage=wide), "zh")


@pytest.mark.parametrize(
    ("shift", "lang", "words"),
    [
        (0.02, "en", "All groups are forecast too high, by 2.00 points on average."),
        (-0.02, "en", "All groups are forecast too low, by 2.00 points on average."),
        (0.02, "zh", "各组预测都偏高，平均高2.00个百分点。"),
    ],
)
def test_forecasts_that_lean_to_one_side_are_said_to(shift: float, lang: Language, words: str) -> None:
    told = printed(*made(shift), lang)
    assert words in (told.replace(" ", "") if lang == "zh" else told)
    assert "too high, by" not in printed(*made())


def test_one_origin_speaks_of_one() -> None:
    told = printed(*made(origins=1))
    assert "From 2025-01-01, what came in the 90 days after" in told
    assert "see common days" not in told


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_page_is_whole_and_runs_no_script(lang: Language) -> None:
    test, summary = made(0.12)
    page = html(test, summary, "<shop>.csv", lang).decode()
    assert page == html(test, summary, "<shop>.csv", lang).decode()
    assert "<script" not in page
    assert "&lt;shop&gt;.csv" in page
    assert page.count("<svg") == 5 + len(summary.bins)
    assert page.count("<table") == page.count("<svg")
    assert "2025-05-31" in page
    if lang == "zh":
        words = re.sub(r"<svg.*?</svg>|<style.*?</style>|<[^>]+>|&[a-z]+;|https?://\S+", " ", page, flags=re.DOTALL)
        assert set(re.findall(r"[A-Za-z]{3,}", words)) <= {
            "wakeup", "csv", "shop", "CRPS", "NBD", "Fader", "Hardie", "Lee", "UTC",
        }  # fmt: skip


__all__ = ["browser"]


def test_the_page_fits_a_phone(browser: str, tmp_path: Path) -> None:
    page = tmp_path / "backtest.html"
    page.write_bytes(html(*made(0.12), "shop.csv", "zh"))
    found = measured(browser, page, 390)
    assert found["asked"] == []
    assert found["width"] <= 390
    assert len(found["charts"]) == 7
    for left, right, height in found["charts"]:
        assert left >= 0
        assert right <= 390
        assert right - left > 300
        assert height > 50
