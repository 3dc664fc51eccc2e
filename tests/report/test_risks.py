"""What can go wrong, what counter-measures buy, what the profit hangs on: on the page, in the terminal, as Markdown."""

import re
from html import unescape

import pytest
from attrs import evolve
from tests.report import made
from tests.report.test_terminal import printed

from wakeup.figures.result import Result
from wakeup.report import html
from wakeup.report.sheet import sheet
from wakeup.report.speech import Speech
from wakeup.report.summary import summary
from wakeup.terms.language import Language


def cells(page: str, heading: str) -> list[list[str]]:
    """The rows of the tables under a heading."""
    part = page.split(f"<h2>{heading}</h2>", 1)[1].split("<h2>", 1)[0]
    rows = re.findall(r"<tr>(.*?)</tr>", part, flags=re.DOTALL)
    return [[unescape(re.sub("<[^>]+>", "", cell)) for cell in re.findall(r"<t[hd].*?</t[hd]>", row)] for row in rows]


def drawn(result: Result, lang: Language = "en") -> str:
    return html(result, made.plan(), "", lang).decode().replace("\xa0", " ")


@pytest.fixture(scope="module")
def page() -> str:
    return drawn(made.result())


def test_money_at_risk_and_goals_missed_stand_on_the_first_screen_by_scenario(page: str) -> None:
    head, base, rival = cells(page, "What can go wrong")
    assert head[:5] == [
        "Scenario",
        "+ profit",
        "One run in ten earns less than",
        "Loses money",
        "Misses wake_rate >= 12%",
    ]
    assert base[:5] == ["base", "+120,000", "−41,000", "22 %", "22 %"]
    assert rival[:5] == ["rival_sale", "+80,000", "−77,000", "31 %", "50 %"]
    assert page.index("What can go wrong") < page.index("From targeted to converted")


def test_without_scenarios_the_risks_as_planned_are_told_further_down() -> None:
    calm = evolve(made.result(), scenarios={}, countermeasures=(), risks=made.result().risks[:1])
    page = drawn(calm)
    assert len(cells(page, "What can go wrong")) == 2
    assert page.index("What can go wrong") > page.index("From targeted to converted")
    assert "<h2>Scenarios</h2>" not in page


def test_what_counter_measures_buy_stands_below_the_scenarios(page: str) -> None:
    rows = cells(page, "Scenarios")
    assert [
        "rival_sale",
        "guard complaints, <b>, acts in 3 of 20",
        "−1,200",
        "−1,380 to −1,020",
        "+31",
        "−7",
        "−44",
    ] in rows
    assert ["rival_sale", "`else` of nudge", "+4,800", "+4,080 to +5,520", "+31", "−7", "+2"] in rows


def test_counter_measures_and_effects_are_told_in_chinese() -> None:
    page = drawn(made.result(), "zh")
    rows = cells(page, "情景")
    assert any("护栏 complaints, <b>，20 次中有 3 次起作用" in row for row in rows)
    assert any("nudge 的备选" in row for row in rows)
    assert "先弄清：自然回流水平；从区间一端到另一端，利润变动 90,000 元。" in page
    assert len(cells(page, "利润取决于什么（逐项）")) == 3


def test_effects_are_listed_with_a_chart_and_what_moves_nothing_is_counted(page: str) -> None:
    head, first, second = cells(page, "What the profit hangs on, one by one")
    assert head == ["Assumption", "Moves the profit by, CNY", "Upwards, CNY", "Differs by, CNY"]
    assert first == ["organic_level", "90,000", "+90,000", "4,000"]
    assert second == ["clicked (sms)", "21,000", "−20,000", "–"]
    part = page.split("<h2>What the profit hangs on, one by one</h2>")[1].split("<h2>")[0]
    assert "1 of 3 move nothing" in part
    assert part.count("<svg") == 1


def test_the_assumption_to_test_first_is_the_one_that_was_found_to_move_most(page: str) -> None:
    told = "To find out first: organic_level; from one end of its range to the other it moves the profit by"
    assert f"{told} 90,000 CNY." in page
    assert told not in drawn(evolve(made.result(), sensitivity=()))


def test_the_terminal_tells_them(page: str) -> None:
    text = " ".join(printed(made.result(), width=120).split())
    assert "1 in 10 earns less Loses money" in text
    assert "rival_sale wake_rate >= 12%: 50 %" in text
    assert "conversion >= 40% <script>alert(1)</script>: 10 %" in text[text.index("rival_sale wake_rate") :]
    assert "guard complaints, <b>, acts in 3 of 20 −1,200 −1,380 to −1,020 +31" in text
    assert "organic_level 90,000 +90,000" in text
    assert "season_june" not in text


def test_markdown_tells_them_and_the_sheet_stays_as_it_is() -> None:
    text = summary(made.result(), made.plan()).decode()
    assert "Misses wake\\_rate" in text
    assert "acts in 3 of 20" in text
    assert sheet(made.result(), "en")


@pytest.mark.parametrize(
    ("grants", "discount", "told"),
    [
        (0.0, 0.0, "What cannot be undone: 61,230 messages."),
        (21_000.0, 0.0, "61,230 messages, and the 21,000 offers that go with them, which are honoured."),
        (21_000.0, 180_000.0, "and the coupons that go with them, which are honoured (180,000 CNY of discounts)."),
    ],
)
def test_what_cannot_be_undone_speaks_of_what_the_campaign_gives(grants: float, discount: float, told: str) -> None:
    full = made.result()
    changed = {"grants": made.figure(grants, "count"), "discount_cost": made.figure(discount, made.CURRENCY)}
    assert told in drawn(evolve(full, figures={**full.figures, **changed}))


def test_below_ten_replications_the_terminal_says_where_the_assumptions_are() -> None:
    few = evolve(made.result(), basis=tuple(evolve(each, influence=None) for each in made.result().basis))
    assert "From 10 replications on the assumptions that matter most are listed here." in printed(few, width=160)
    assert "From 10 replications on" not in printed(made.result(), width=160)


def test_the_terminal_leaves_out_what_the_campaign_cannot_have() -> None:
    full = made.result()
    none = {
        name: made.figure(0.0, full.figures[name].unit) for name in ("gift_cost", "staff_cost", "claimed", "complained")
    }
    text = printed(evolve(full, figures={**full.figures, **none}))
    assert "Staff" in printed(full)
    assert "Staff" not in text
    assert "Gift cost" not in text
    assert "Complained" in text, "no complaint is good to know"


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        (
            "fitted to 4,000 customers at 12 monthly origins before 2011-06-01",
            "由 2011-06-01 之前 12 个月度起点的 4,000 位客户拟合",
        ),
        (
            "fitted to 40 customers at 1 monthly origin before 2011-06-01; 1.5 of this month seen",
            "由 2011-06-01 之前 1 个月度起点的 40 位客户拟合；这个月见过 1.5 次",
        ),
        ("only 3 returns in the log: a guess", "记录中只有 3 次回流：猜测"),
        ("fitted to 1,234 opened messages of 1 campaign before 2026-01-01", None),
        ("fitted to 800 people contacted or held out of 2 campaigns before 2026-01-01", None),
        ("our six mailings of 2025", "our six mailings of 2025"),
    ],
    ids=["customers", "month", "few", "campaign", "people", "own"],
)  # fmt: skip
def test_sources_of_fitted_assumptions_are_chinese_in_chinese(english: str, chinese: str | None) -> None:
    told = Speech("zh").source(english)
    assert told == chinese if chinese else not re.search("[a-z]{2}", told)
    assert Speech("en").source(english) == english
