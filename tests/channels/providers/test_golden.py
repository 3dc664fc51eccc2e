"""Every adapter's calls are, to the byte, those written down with their source, and answers are read as written."""

import json
from typing import Any

import pytest
from tests.channels.providers.cases import CASES, Case
from tests.channels.providers.golden import FOLDER, played


def pairs() -> list[Any]:
    return [
        pytest.param(case, pair, id=f"{case.name}-{pair['name']}")
        for case in CASES
        for pair in json.loads((FOLDER / f"{case.name}.json").read_text())["pairs"]
    ]


@pytest.mark.parametrize(("case", "pair"), pairs())
def test_golden_pair(case: Case, pair: dict[str, Any]) -> None:
    assert played(case, pair["answers"]) == {"calls": pair["calls"], "report": pair["report"]}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_sources_are_dated(case: Case) -> None:
    file = json.loads((FOLDER / f"{case.name}.json").read_text())
    assert len(file["source"]) > 20
    assert file["date"] == "2026-11-22"
    assert len(file["pairs"]) >= 3
