import io

import numpy as np
from attrs import evolve
from rich.console import Console

from wakeup.customers.imported import ImportReport, Problem
from wakeup.customers.population import NEVER, NO, YES, Field, Population
from wakeup.customers.profile import DAY, Profile, profile
from wakeup.report.profile import BAR, show_import, show_profile

AS_OF = 1_306_882_800  # 2011-06-01 00:00 in London


def portrait() -> Profile:
    """Six customers: one never ordered, three asleep under 30 days, two between 180 and 269 days."""
    days = np.array([0, 5, 10, 12, 200, 250])
    last = np.where(days == 0, NEVER, AS_OF - days * DAY)
    worth = np.array([0, 5_000, 20_000, 30_000, 30_000, 90_000], np.int64)
    found = profile(
        Population(
            key=np.arange(6, dtype=np.uint64),
            ids=np.array(list("abcdef"), object),
            as_of=AS_OF,
            first_order=last,
            last_order=last,
            last_interaction=last,
            orders=np.array([0, 1, 2, 2, 5, 30], np.int32),
            monetary=worth,
            average_order_value=worth,
            gap=np.full(6, np.nan, np.float32),
            consents={"sms": np.array([YES, YES, NO, 0, 0, YES], np.uint8)},
            tags={"rare": np.array([True, False, False, False, False, True])},
            fields={"skin": Field("text", np.array([0, 1, -1, -1, 0, 1], np.int32), ("dry", "oily"))},
        ),
        value_edges=(20_000, 50_000),
    )
    assert found.tags == ()  # two of six: who has it might be told by it
    return evolve(found, tags=(("[bold]vip", 12),))


def printed() -> list[str]:
    out = io.StringIO()
    show_profile(portrait(), Console(file=out, width=80), currency="GBP", minor_digits=2, zone="Europe/London")
    assert max(map(len, out.getvalue().splitlines())) <= 80
    return [" ".join(line.split()) for line in out.getvalue().splitlines()]


def test_the_head_counts_and_dates_in_the_campaigns_zone() -> None:
    assert printed()[0] == "6 customers as of 2011-06-01: 5 have ordered, 1 never."


def test_histograms_have_bars_as_long_as_their_counts() -> None:
    lines = printed()
    assert f"below 30 3 60.0 % {'█' * BAR}" in lines
    assert "30 to 59 0 0.00 %" in lines
    assert f"180 to 269 2 40.0 % {'█' * round(BAR * 2 / 3)}" in lines
    assert f"2 2 40.0 % {'█' * BAR}" in lines, "orders"
    assert f"200 up to 500 3 60.0 % {'█' * BAR}" in lines, "value in major units"


def test_quantiles_are_said_in_words() -> None:
    text = " ".join(printed())
    assert "Of them 10% have at most 5; 25% have at most 10; 50% have at most 12;" in text
    assert "50% have at most 300" in text


def test_dormancy_is_crossed_with_value() -> None:
    lines = printed()
    assert "days, by GBP below 200 200 up to 500 500 and up" in lines
    assert "below 30 1 2 0" in lines
    assert "180 to 269 0 1 1" in lines


def test_reach_tags_and_fields_are_counted() -> None:
    lines = printed()
    assert "sms 3 1 2 50.0 %" in lines
    assert "any of them 3 50.0 %" in lines
    assert "[bold]vip 12" in lines
    assert "skin text 4" in lines


def test_recency_is_crossed_with_frequency() -> None:
    lines = printed()
    cells = [line.split()[1:] for line in lines if line[:2] in ("R1", "R2", "R3", "R4", "R5")]
    assert len(cells) == 5
    assert sum(int(row[at]) for row in cells for at in range(0, 15, 3)) == 5


def test_causes_are_guessed_by_rules_that_are_shown() -> None:
    text = " ".join(printed())
    assert "Why they may sleep: a guess for those asleep 90 days or more" in text
    assert "failed contact 1 50.0 % 200 300" in text
    assert "broken experience 1 50.0 % 250 900" in text
    assert "broken experience: sent back 20% or more of what they bought" in text


def test_an_import_is_told_with_its_problems() -> None:
    report = ImportReport(
        "log", 1_000, 900, 300, "gb18030", {"id": "客户编号"}, (Problem("log", "unreadable_time", 7, (3, 1_009)),),
        AS_OF - 10 * DAY, AS_OF - DAY,
    )  # fmt: skip
    out = io.StringIO()
    show_import(report, Console(file=out, width=80), zone="Europe/London")
    lines = [" ".join(line.split()) for line in out.getvalue().splitlines()]
    for said in (
        "rows 1,000", "orders 900", "customers 300", "times 2011-05-22 to 2011-05-31", "encoding gb18030",
        "column of id 客户编号", "log unreadable time 7 3, 1,009",
    ):  # fmt: skip
        assert said in lines
