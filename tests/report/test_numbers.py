import pytest
from hypothesis import given
from hypothesis import strategies as st

from wakeup.report.numbers import NOTHING, chance, interval, quantity

GAP = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (1_234_567.4, "CNY", "1,234,567 CNY"),
        (4_203.55, "CNY", "4,204 CNY"),
        (355.9, "CNY", "355.90 CNY"),
        (20.0, "CNY", "20 CNY"),
        (-48_000.0, "GBP", "−48,000 GBP"),
        (18_240.3, "people", "18,240"),
        (2.5, "count", "2.5"),
        (0.1235, "share", "12.3 %"),
        (0.00076, "share", "0.08 %"),
        (1.0, "share", "100.0 %"),
        (1.31, "months", "1.31 months"),
        (1.958, "per person", "1.96"),
        (-0.001, "ratio", "0.00"),
        (None, "share", NOTHING),
    ],
)
def test_a_figure_is_written_for_people(value: float | None, unit: str, said: str) -> None:
    assert quantity(value, unit) == said.replace(" ", GAP)


def test_a_change_has_a_sign_and_a_share_changes_by_points() -> None:
    assert quantity(0.107, "share", change=True) == f"+10.7{GAP}points"
    assert quantity(-2_310, "count", change=True) == "−2,310"
    assert quantity(0.0, "count", change=True) == "0"


def test_an_interval_needs_both_ends() -> None:
    assert interval(1_000, 2_000, "CNY") == f"1,000 to 2,000{GAP}CNY"
    assert interval(None, 2_000, "CNY") == NOTHING
    assert interval(1_000, None, "CNY") == NOTHING


@pytest.mark.parametrize(
    ("probability", "said"),
    [(0.78, "78 %"), (1.0, "100 %"), (0.0, "0 %"), (0.998, "over 99 %"), (0.001, "under 1 %"), (None, NOTHING)],
)
def test_a_probability_claims_no_more_than_it_knows(probability: float | None, said: str) -> None:
    assert chance(probability) == said.replace(" %", f"{GAP}%")


@given(st.floats(-1e12, 1e12), st.sampled_from(["CNY", "count", "share", "ratio", "months", "people"]))
def test_what_is_written_can_be_read_back(value: float, unit: str) -> None:
    said = quantity(value, unit).split(GAP)[0].replace(",", "").replace("−", "-")
    scaled = value * 100 if unit == "share" else value
    assert float(said) == pytest.approx(scaled, rel=0.005, abs=0.051)
