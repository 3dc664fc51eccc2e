"""Every case of `tests/cases` gets the answer that stands there."""

import re

import pytest
from tests.lang.cases import Case, all_cases, answer, rewrite

from wakeup.diagnostics import registry

CASES = all_cases()


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.file.stem}: {case.title}")
def test_answer(case: Case, update_golden: bool) -> None:
    if update_golden:
        rewrite([case])
        return
    assert answer(case.texts).rstrip() == case.expected.rstrip()


# Codes that no single text can show: limits on size, and what a folder holds.
ELSEWHERE = {"WK2004", "WK2011", "WK2007", "WK2010", "WK3324"}


def test_every_code_of_names_semantics_and_policy_has_a_case() -> None:
    told = set(re.findall(r"\[(WK\d{4})\]", "".join(case.expected for case in CASES)))
    # WK39xx need customers: tests/preflight shows each.
    ours = {code for code in registry() if code[:3] in ("WK2", "WK3", "WK4") and not code.startswith("WK39")}
    assert ours - told - ELSEWHERE == set()


def test_titles_are_unique_in_a_file() -> None:
    titles = [(case.file, case.title) for case in CASES]
    assert len(titles) == len(set(titles))
