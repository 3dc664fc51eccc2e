import io

import pytest
from attrs import evolve
from rich.console import Console
from tests.report import made

from wakeup.figures.result import Result
from wakeup.report.terminal import show


def printed(result: Result, width: int = 80, *, terminal: bool = False) -> str:
    out = io.StringIO()
    show(result, Console(file=out, width=width, force_terminal=terminal))
    return out.getvalue()


def cells(text: str, start: str) -> list[str]:
    """The cells of the first line that starts with a text."""
    line = next(line for line in text.splitlines() if line.strip().startswith(start))
    return line.strip().removeprefix(start).split()


def test_figures_are_grouped_and_what_the_campaign_caused_stands_beneath() -> None:
    lines = [line.strip() for line in printed(made.result()).splitlines()]
    assert [line for line in lines if line in {"People", "Answers", "Money", "Ratios", "After the run"}] == [
        "People", "Answers", "Money", "Ratios", "After the run",
    ]  # fmt: skip
    woken = next(n for n, line in enumerate(lines) if line.startswith("Woken"))
    assert lines[woken].split() == ["Woken", "7,012", "5,960", "8,064"]
    assert lines[woken + 1].split() == ["caused", "by", "the", "campaign", "+4,100", "+3,485", "+4,715"]


@pytest.mark.parametrize(
    ("start", "rest"),
    [
        ("Revenue", "2,100,000 1,785,000 2,415,000 CNY"),
        ("Wake rate", "18.4 15.6 21.2 %"),
        ("Order value change", "– – – %"),
        ("goal     wake_rate >= 12%", "78 % –"),
        ("expect   wake_rate >= 8% sure 90%", "97 % 90 % met"),
        ("value: high", "7,622 18.4 % +462 −70,400 −94,400 to −50,400"),
        ("promotion", "180,000 35,000 5,000 200,000 90.0 %"),
        ("budget   ", "not sent The budget line or the total was spent 40"),
        ("quiet", "held Quiet hours 8,000"),
        ("rival_sale", "26,678 18.4 % +1,617 +105,600 +21,600 to +175,600"),
    ],
)
def test_every_part_is_there(start: str, rest: str) -> None:
    assert cells(printed(made.result()), start) == rest.split()


def test_80_columns_hold_every_line_and_cut_no_number() -> None:
    text = printed(made.result())
    assert max(map(len, text.splitlines())) <= 80
    assert "…" not in text


def test_a_narrow_terminal_is_no_error() -> None:
    assert max(map(len, printed(made.result(), width=40).splitlines())) <= 40


def test_it_is_plain_where_there_is_no_terminal() -> None:
    assert "\x1b" not in printed(made.result())
    assert "\x1b[" in printed(made.result(), terminal=True)


def test_names_are_text_not_markup() -> None:
    result = made.result()
    hostile = evolve(result, plan={**result.plan, "name": "[red]a\x1b[2J:smile:"})
    assert "[red]a\ufffd[2J:smile:" in printed(hostile)


def test_a_result_with_nothing_says_why_there_are_no_intervals() -> None:
    text = printed(made.bare_result())
    assert cells(text, "Woken") == ["0", "–", "–"]
    assert "A single replication has no intervals" in text
    assert "Budget" not in text
    assert "1 replication," in text


def test_guesses_are_counted() -> None:
    assert "1 of 3 assumptions have no source (!)" in printed(made.result())


def test_what_each_channel_adds_is_told_where_it_was_simulated() -> None:
    text = printed(made.result())
    added = text[text.index("What each channel adds") :]
    assert cells(added, "cn.sms") == ["+310", "+264", "to", "+356", "+61,000", "+51,850", "to", "+70,150"]
    assert "What each channel adds" not in printed(made.bare_result())


def test_a_ratio_of_the_woken_is_not_called_the_work_of_the_campaign() -> None:
    lines = [line.strip() for line in printed(made.result()).splitlines()]
    conversion = next(n for n, line in enumerate(lines) if line.startswith("Conversion"))
    assert not lines[conversion + 1].startswith("caused by the campaign")
    assert "46.0" not in printed(made.result())
