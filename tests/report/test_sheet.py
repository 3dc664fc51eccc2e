"""A result for spreadsheets and wikis."""

import csv
import io

from attrs import evolve
from tests.report.made import EVIL, bare_result, plan, result

from wakeup.figures.result import SegmentFigures
from wakeup.report.sheet import sheet
from wakeup.report.summary import summary


def test_every_figure_is_a_row_with_its_interval() -> None:
    rows = list(csv.reader(io.StringIO(sheet(result()).decode("utf-8-sig"))))
    assert rows[0] == ["Of", "Figure", "Name", "Value", "Low", "High", "Unit"]
    found = {(row[0], row[1]): row[2:] for row in rows[1:]}
    own = result().figures
    assert len([row for row in rows if row[0] == "beauty_autumn"]) == len(own)
    assert float(found["beauty_autumn", "incremental_profit"][1]) == own["incremental_profit"].value
    assert ("value: high", "wake_rate") in found
    assert ("Scenario rival_sale", "orders") in found


def test_no_cell_is_a_formula() -> None:
    bad = '=HYPERLINK("http://x","y")'
    segments = (SegmentFigures(f"tier:{bad}=@SUM(A1)", result().figures),)
    named = evolve(result(), plan={**result().plan, "name": "+1+1"}, segments=segments)
    for row in csv.reader(io.StringIO(sheet(named).decode("utf-8-sig"))):
        texts, numbers = (row[0], row[1], row[2], row[6]), row[3:6]
        assert not any(text.startswith(("=", "+", "-", "@", "\t", "\r")) for text in texts)
        for number in filter(None, numbers[0:3]):
            assert number in ("Value", "Low", "High") or float(number) is not None
    assert "'+1+1" in sheet(named).decode()


def test_markdown_says_first_whether_to_launch() -> None:
    text = summary(result(), plan()).decode()
    head, verdict, *_ = text.split("\n\n")
    assert head.startswith("# Autumn wake-up")
    assert verdict == "**Do not launch it as it is: it fails 1 of its 4 expectations.**"
    assert "| Woken |" in text
    assert "| rival\\_sale | +80,000 | −77,000 | 31" in text
    assert EVIL not in text  # the script is text
    assert "<script" not in text
    assert "不宜启动" in summary(result(), plan(), "zh").decode()


def test_markdown_tells_what_each_channel_adds_and_nothing_where_it_was_not_simulated() -> None:
    assert "| cn.sms | +310 | +264 to +356 | +61,000 | +51,850 to +70,150 |" in summary(result(), plan()).decode()
    assert "+ orders" not in summary(bare_result(), plan()).decode()


def test_markdown_names_what_comes_after_the_run_and_leaves_out_what_the_campaign_has_not() -> None:
    text = summary(result(), plan()).decode()
    assert "| Orders, after the run | 120 |" in text
    assert text.count("| Orders |") == 1
    assert "| Gifts |" in text
    few = summary(bare_result(), plan()).decode()
    assert "after the run" not in few
    assert "| Gifts |" not in few
    assert "| Orders | 0 |" in few


def test_markdown_calls_no_ratio_of_the_woken_the_work_of_the_campaign() -> None:
    row = next(line for line in summary(result(), plan()).decode().splitlines() if line.startswith("| Conversion"))
    assert row.replace(" ", "").endswith("|||")
