"""The report card: made from the data it says, again the same, and honest about what fails."""

from pathlib import Path

import numpy as np
import pytest
from attrs import evolve
from benchmarks.report_card import calls, coupons, page, pictures
from benchmarks.report_card.card import BAND, Check, Section, Source, band, percent

from wakeup.behaviour.timing import redemption
from wakeup.stats import erlang_c_wait


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_the_card_is_what_the_data_say(real_data: Path, checkout: Path) -> None:
    for name, text in page.files(real_data).items():
        path = checkout / name
        assert path.is_file(), f"{name} is missing: make card"
        assert path.read_text("utf-8") == text, f"{name} is not what the data say: make card"


def test_every_picture_of_the_card_is_there_and_none_is_left_over(checkout: Path) -> None:
    text = (checkout / page.PAGE).read_text("utf-8")
    shown = {part.partition(")")[0] for part in text.split("](pictures/")[1:]}
    folder = checkout / "docs" / "pictures"
    assert {each.relative_to(folder).as_posix() for each in (checkout / page.PICTURES).iterdir()} == shown


def test_what_fails_is_printed_first_with_its_cause() -> None:
    good = Check("the sun rises", "a window", "it did", True)
    bad = evolve(good, claim="it rains", found="it did not", holds=False, cause="summer")
    section = Section("Weather", ("Seen from a window.",), [("day", "seen"), ("1", "sun")], (good, bad), ())
    text = page._page([section], [Source("window.csv", 3, "0123456789ab")])
    head, _, rest = text.partition("## Weather")
    assert "**1 of 2 checks hold.**" in head
    assert "* **a window**: it rains. Found: it did not. Why: summer." in head
    assert "the sun rises" not in head
    assert "| it rains | a window | it did not | **fails** |" in rest
    assert "| the sun rises | a window | it did | holds |" in rest
    assert "| window.csv | 3 | `0123456789ab…` |" in rest
    assert "* nothing." in page._page([evolve(section, checks=(good,))], [])


def test_a_band_holds_what_chance_scatters() -> None:
    g = np.random.default_rng(1)
    low, high = band(0.2, 500)
    seen = g.binomial(500, 0.2, 20_000) / 500
    assert ((low <= seen) & (seen <= high)).mean() == pytest.approx(BAND, abs=0.004)
    assert band(0.0001, 10)[0] == 0.0


def test_expected_redemptions_are_those_of_the_simulators_draws() -> None:
    expected = coupons._expected()
    assert expected.sum() == pytest.approx(1.0)
    prior = {name: coupons._prior(name).median for name in ("redemption_decay", "redemption_early", "deadline_bump")}
    made = redemption(prior["redemption_decay"], prior["redemption_early"], prior["deadline_bump"])
    u = (np.arange(100_000) + 0.5) / 100_000
    moments = made.between(np.zeros(100_000, np.int64), np.full(100_000, 1_000_000), u)
    np.testing.assert_allclose(np.bincount(moments // 100_000, minlength=10) / 100_000, expected, atol=2e-3)


def test_coupons_that_come_together_count_for_less() -> None:
    g = np.random.default_rng(2)
    alone = (g.random(4_000) < 0.3).astype(np.float64)
    assert coupons._effective(0.3, alone, np.ones(4_000)) == pytest.approx(4_000, rel=0.05)
    four = np.repeat(alone[:1_000], 4).reshape(1_000, 4).sum(axis=1)
    assert coupons._effective(0.3, four, np.full(1_000, 4.0)) == pytest.approx(1_000, rel=0.08)


def test_the_played_queue_is_erlang_s_for_exponential_calls() -> None:
    lengths = -np.log1p(-(np.arange(5_000) + 0.5) / 5_000)
    lengths *= 100.0 / lengths.mean()
    assert calls.wait(lengths, 4, 0.7) == pytest.approx(erlang_c_wait(4, 2.8, 100.0), rel=0.05)
    # Calls that all take the same time wait about half as long.
    assert calls.wait(np.full(5_000, 100.0), 1, 0.8) == pytest.approx(erlang_c_wait(1, 0.8, 100.0) / 2.0, rel=0.1)


def test_pictures_say_the_same_twice_and_mark_what_lies_outside() -> None:
    rows = [pictures.Span("in <it>", 0.1, 0.2, 0.15), pictures.Span("out", 0.1, 0.2, 0.3)]
    made = pictures.spans(rows, "title", 0.4)
    assert made == pictures.spans(rows, "title", 0.4)
    assert made.count(pictures.ORANGE) == 1
    assert "in &lt;it&gt;" in made
    dots = pictures.scatter([pictures.Dot(0.1, 0.2, True), pictures.Dot(0.9, 0.1, False)], "x", "y", 0.5)
    assert dots.count("<circle") == 2
    assert dots.count(pictures.ORANGE) == 1


def test_percent() -> None:
    assert (percent(0.1234), percent(0.5, 0)) == ("12.3 %", "50 %")
