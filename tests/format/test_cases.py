"""Every case of `tests/cases/format` is printed as it stands there, in both languages, and stays so."""

import pytest
from tests.format.cases import LANGUAGES, Case, all_cases, formatted, rewrite

CASES = all_cases()


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.file.stem}: {case.title}")
def test_case(case: Case, update_golden: bool) -> None:
    if update_golden:
        rewrite(case)
        return
    assert {lang: case.printed(lang) for lang in LANGUAGES} == case.expected


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.file.stem}: {case.title}")
def test_either_language_leads_to_the_other(case: Case) -> None:
    for text in case.expected.values():
        assert {lang: formatted(text, lang) for lang in LANGUAGES} == case.expected


def test_titles_are_unique_in_a_file() -> None:
    titles = [(case.file, case.title) for case in CASES]
    assert len(titles) == len(set(titles))
