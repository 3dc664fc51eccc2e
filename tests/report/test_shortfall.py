"""A failed expectation says by how much it is missed, and why; in the page, in Markdown, on the terminal, for CI."""

import xml.etree.ElementTree as ET

import pytest
from attrs import evolve
from tests.report.made import plan, result

from wakeup.figures.result import ExpectationResult, Reach, Result
from wakeup.report.junit import junit
from wakeup.report.page import html
from wakeup.report.shortfall import shortfall, shortfalls
from wakeup.report.speech import Speech
from wakeup.report.summary import summary
from wakeup.terms.language import Language

WAKE_RATE = ExpectationResult(
    "wake_rate >= 60% sure 90%", 0.0, 0.9, "failed", Reach("wake_rate", ">=", 0.6, 0.137, 0.0606)
)


def missing(*expectations: ExpectationResult) -> Result:
    return evolve(result(), expectations=expectations)


def said(
    figure: str, op: str, asked: float, mean: float, surely: float, lang: Language, sure: float | None = 0.9
) -> str:
    expected = ExpectationResult("…", 0.3, sure, "failed", Reach(figure, op, asked, mean, surely))
    return shortfall(expected, missing(expected), Speech(lang)).replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("claim", "english", "chinese"),
    [
        (("wake_rate", ">=", 0.6, 0.137, 0.061), "13.7 %, 46.3 points too low", "13.7 %，差 46.3 个百分点"),
        (("wake_rate", ">=", 0.12, 0.137, 0.061), "as surely as asked it only reaches 6.10 %", "本身达标，但把握不够"),
        (("spent", "<=", 100.0, 150.0, 180.0), "150 CNY, 50 CNY too high", "高出 50 元"),
        (("spent", "<=", 100.0, 90.0, 180.0), "only keeps below 180 CNY: 80 CNY too high", "不超过 180 元，高出 80 元"),
    ],
)  # fmt: skip
def test_by_how_much(claim: tuple[str, str, float, float, float], english: str, chinese: str) -> None:
    assert english in said(*claim, "en")
    assert chinese in said(*claim, "zh")


def test_always_is_held_against_the_worst_run() -> None:
    assert said("touches_per_person", "<=", 3.0, 2.5, 4.0, "en", None) == "In the worst run it is 4.00: 1.00 too high."


def test_why() -> None:
    people = said("wake_rate", ">=", 0.6, 0.137, 0.061, "en")
    assert "get a message at all; the campaign adds" in people
    assert "The largest cost: " in said("incremental_profit", ">=", 0.0, -5.0, -9.0, "en")
    assert "largest" not in said("spent", "<=", 100.0, 150.0, 180.0, "en")


def test_it_is_said_wherever_a_result_is_read() -> None:
    found = missing(WAKE_RATE)
    why = "46.3\N{NO-BREAK SPACE}points too low"
    (line,) = shortfalls(found, Speech("en"))
    assert line.startswith("Not met: wake_rate >= 60% sure 90%. The forecast is")
    failure = ET.fromstring(junit(found)).find(".//failure")
    assert failure is not None
    assert why in failure.attrib["message"]
    assert "as surely as asked it only reaches" in summary(found, plan()).decode()
    assert why in html(found, plan(), "the plan").decode()


def test_nothing_is_said_of_what_is_met() -> None:
    assert shortfalls(missing(evolve(WAKE_RATE, status="ok"), evolve(WAKE_RATE, reach=None)), Speech("en")) == []
