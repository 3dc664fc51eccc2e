from wakeup.report.words import FIGURES, GRADES, GROUPS, REASONS, label, scope
from wakeup.terms.lists import FIGURES_COUNT, FIGURES_MONEY, FIGURES_RATIO, Grade, Reason


def test_every_figure_has_words() -> None:
    assert set(FIGURES) == {*FIGURES_COUNT, *FIGURES_MONEY, *FIGURES_RATIO}
    assert {words.group for words in FIGURES.values()} == set(GROUPS)


def test_every_reason_and_grade_has_words() -> None:
    assert {reason.name.lower() for reason in Reason} - {"none"} <= REASONS.keys()
    assert set(GRADES) == {grade.value for grade in Grade}


def test_labels_say_what_they_compare() -> None:
    assert label("wake_rate") == "Wake rate"
    assert label("incremental_orders") == "Incremental orders"
    assert label("uplift_profit") == "Uplift profit"


def test_a_scope_is_said_in_words() -> None:
    assert scope("tier:value=high") == "value: high"
    assert scope("journey:high") == "journey: high"
