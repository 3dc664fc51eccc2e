"""A comparison in words: its first sentence, its tables, Markdown that nobody's names can break."""

import io
from typing import Any

import numpy as np
import pytest
from attrs import evolve
from rich.console import Console
from tests.figures.test_differences import PEOPLE, made

from wakeup.figures.differences import Difference, Differences, Reached, Touched
from wakeup.figures.differing import difference
from wakeup.report import markdown as md
from wakeup.report.compare import headline, markdown, show
from wakeup.report.speech import Speech
from wakeup.terms.language import Language

NOBODY = Touched(Reached(9, 0, 0), {})


def of(old: list[float], new: list[float], unit: str) -> Difference:
    return difference(np.array(old, np.float64), np.array(new, np.float64), unit)


def with_figures(people: Touched = NOBODY, **figures: Difference) -> Differences:
    """A comparison in which only these figures change."""
    found = made()
    same = {name: of([1, 1], [1, 1], each.unit) for name, each in found.figures.items()}
    return evolve(found, figures={**same, **figures}, people=people, replications=2)


def printed(found: Differences, lang: Language = "en", width: int = 80) -> str:
    out = io.StringIO()
    show(found, Console(file=out, width=width), lang)
    return out.getvalue()


SENT = of([61_230, 61_230], [73_630, 73_630], "count")
CAP = PEOPLE.refused["cap"]


@pytest.mark.parametrize(
    ("found", "en", "zh"),
    [
        (
            with_figures(
                evolve(PEOPLE, refused={"cap": evolve(CAP, newly=410)}),
                sent=SENT,
                incremental_profit=of([1000] * 3, [960, 970, 980], "CNY"),
            ),
            "+12,400 sends, −3 % incremental profit (−5.9 to −0.1), 410 people newly over the cap.",
            "发送数 +12,400，增量利润 −3%（−5.9 到 −0.1），新增 410 人超出频次上限。",
        ),
        (
            with_figures(sent=SENT, incremental_profit=of([-1000] * 3, [-960, -970, -980], "CNY")),
            "+12,400 sends, +30 CNY incremental profit (+0.80 to +59.20 CNY).",
            "发送数 +12,400，增量利润 +30 元（+0.80 到 +59.20 元）。",
        ),
        (
            with_figures(incremental_profit=of([1.0], [5000.0], "CNY")),
            "As many sends, +4,999 CNY incremental profit.",
            "发送数不变，增量利润 +4,999 元。",
        ),
        (
            with_figures(incremental_profit=of([200.0], [150.0], "CNY")),
            "As many sends, −25 % incremental profit.",
            "发送数不变，增量利润 −25%。",
        ),
        (
            with_figures(evolve(PEOPLE, refused={"cap": evolve(CAP, newly=0, no_longer=1)}), sent=SENT),
            "+12,400 sends, the same incremental profit, 1 person no longer over the cap.",
            "发送数 +12,400，增量利润不变，1 人不再超出频次上限。",
        ),
        (with_figures(), "Every figure stays the same.", "所有指标都不变。"),
    ],
    ids=["relative", "of a loss", "of next to nothing", "no interval", "no longer", "nothing"],
)
def test_the_first_sentence_says_it_all(found: Differences, en: str, zh: str) -> None:
    plain = {"\N{NO-BREAK SPACE}": " "}
    assert headline(found, Speech("en")).translate(str.maketrans(plain)) == en
    assert headline(found, Speech("zh")).translate(str.maketrans(plain)) == zh


def test_doubt_is_said() -> None:
    doubtful = with_figures(incremental_profit=of([1000] * 4, [900, 1100, 1020, 1000], "CNY"))
    told = printed(evolve(doubtful, replications=4))
    assert "Of 4 replications the new plan earns more in 2, less in 1." in told
    assert "the interval holds zero" in told
    assert "the interval holds zero" not in printed(with_figures(sent=SENT))


def test_every_part_is_there() -> None:
    told = printed(made(), width=120)
    for line in (
        "Newly sent a message: 0 people. Sent none any more: 1 person.",
        "budget line extra",
        "Revenue, CNY",
        "caused by the campaign",
        "expect sent >= 1 –",
        "extra (only in the new plan)",
        "promotion (only in the old plan)",
        "Figures that stay the same, or nearly, are left out",
        "They are not what a live A/B test would show",
    ):
        assert line in told or line in " ".join(told.split()), line
    cap = next(line.split() for line in told.splitlines() if line.strip().startswith("cap"))
    assert cap == ["cap", "not", "sent", "1", "302", "+301", "+296", "+306", "2", "0"]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_80_columns_hold_every_line_and_cut_no_number(lang: Language) -> None:
    told = printed(made(), lang)
    assert max(map(len, told.splitlines())) <= 80
    assert "…" not in told


def test_chinese_is_chinese() -> None:
    told = printed(made(), "zh") + markdown(made(), "zh")
    for word in ("Figure", "Change", "replication", "caused", "Newly", "plan"):
        assert word not in told


def test_a_single_replication_promises_no_interval() -> None:
    told = printed(evolve(made(), replications=1))
    assert "A single replication has no intervals" in told
    assert "Intervals hold" not in told


def test_markdown_begins_with_the_sentence_and_folds_the_tables() -> None:
    told = markdown(made())
    assert told.startswith(f"**{md.escaped(headline(made(), Speech('en')))}**\n\n")
    assert told.count("<details>") == told.count("</details>") >= 3
    head = next(line for line in told.splitlines() if line.startswith("| Figure"))
    assert head == "| Figure | Old | New | Change | Low | High |"
    assert "| &nbsp;&nbsp;caused by the campaign |" in told
    assert told.endswith(".\n")


EVIL = "a|b `c` *d* @team #12 <img src=x> [e](f) _g_ $h$\nnext"


def test_a_name_formats_nothing_and_calls_nobody() -> None:
    line = evolve(made().budget[0], line=EVIL)
    told = markdown(evolve(made(), budget=(line,)))
    for raw in ("@team", "#12", "<img", "a|b", "*d*", "[e](f)"):
        assert raw not in told.replace("\\" + raw, ""), raw
    row = next(each for each in told.splitlines() if "team" in each)
    assert row == row.strip("\n")
    assert md.escaped("a|b") == r"a\|b"
    assert md.escaped(EVIL).count("\n") == 0


def test_a_block_of_code_cannot_be_left() -> None:
    told = md.fenced("one\n```\n# two")
    assert told == "````text\none\n```\n# two\n````"


def test_escaping_leaves_numbers_alone() -> None:
    assert md.escaped("+12,400 sends, −3.0 % (−5 to +1)") == "+12,400 sends, −3.0 % (−5 to +1)"


def figures_shown(found: Differences) -> Any:
    return [line for line in printed(found).splitlines() if line.startswith(" Sent ")]


def test_what_stays_the_same_is_left_out() -> None:
    assert figures_shown(with_figures(sent=SENT))
    assert not figures_shown(with_figures(orders=SENT))
    assert not figures_shown(with_figures(sent=of([61_230, 61_230], [61_230.01, 61_230.01], "count")))
    assert figures_shown(with_figures(sent=of([], [5, 5], "count"))), "the old plan has none"
