from wakeup.diagnostics import Noun
from wakeup.report.markup import element
from wakeup.report.speech import Speech
from wakeup.report.words import FIGURES, GRADES, GROUPS, REASONS, SHORT_REASONS
from wakeup.terms.behaviour import parameters
from wakeup.terms.lists import FIGURES_COUNT, FIGURES_MONEY, FIGURES_RATIO, Grade, Reason


def test_every_figure_has_words() -> None:
    assert set(FIGURES) == {*FIGURES_COUNT, *FIGURES_MONEY, *FIGURES_RATIO}
    assert {words.group for words in FIGURES.values()} == set(GROUPS)


def test_every_reason_and_grade_has_words() -> None:
    assert {reason.name.lower() for reason in Reason} - {"none"} <= REASONS.keys()
    assert REASONS.keys() == SHORT_REASONS.keys()
    assert set(GRADES) == {grade.value for grade in Grade}


def test_every_unit_of_a_parameter_has_a_chinese_word() -> None:
    assert all(Noun(each.unit).told("zh") != each.unit for each in parameters().values())


def test_labels_say_what_they_compare() -> None:
    english, chinese = Speech("en"), Speech("zh")
    assert [english.label(name) for name in ("wake_rate", "incremental_orders", "uplift_profit")] == [
        "Wake rate",
        "Incremental orders",
        "Uplift profit",
    ]
    assert [chinese.label(name) for name in ("wake_rate", "incremental_orders", "uplift_profit")] == [
        "唤醒率",
        "增量订单数",
        "利润提升",
    ]


def test_a_scope_is_said_in_words() -> None:
    assert Speech("en").scope("tier:value=high") == "value: high"
    assert Speech("en").scope("journey:high") == "journey: high"
    assert Speech("zh").scope("tier:客群=高") == "客群：高"
    assert Speech("zh").scope("journey:高价值") == "旅程：高价值"


def test_every_source_of_ours_is_told_in_chinese() -> None:
    sources = {prior.source for parameter in parameters().values() for prior in parameter.priors}
    assert [source for source in sorted(sources) if Speech("zh").source(source) == source] == []
    assert Speech("zh").source("our six mailings of 2025") == "our six mailings of 2025"


def test_pieces_of_a_page_are_put_into_a_text_without_being_escaped_twice() -> None:
    told = Speech("zh").safely("It costs {amount}{within}.", amount=element("strong", "5元"), within=" <1>")
    assert told == "花费 <strong>5元</strong> &lt;1&gt;。"
