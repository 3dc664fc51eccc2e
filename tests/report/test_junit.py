"""Expectations for a build server."""

import xml.etree.ElementTree as ET
from pathlib import Path

import xmlschema
from attrs import evolve
from tests.report.made import result

from wakeup.figures.result import ExpectationResult, GoalResult
from wakeup.report.junit import junit


def test_each_expectation_is_a_case_and_a_failed_one_fails(checkout: Path) -> None:
    found = evolve(
        result(),
        expectations=(
            ExpectationResult("wake_rate >= 8%", 0.4, 0.9, "failed"),
            ExpectationResult("touches_per_person <= 3 per 30d always", 1.0, None, "ok"),
            ExpectationResult("orders >= 5 \x00 & <b>", 0.8, 0.8, "undecided"),
        ),
        goals=(GoalResult("conversion >= 40%", 0.3),),
    )
    xml = junit(found)
    xmlschema.XMLSchema(checkout / "tests" / "data" / "schemas" / "junit-10.xsd").validate(xml.decode())
    root = ET.fromstring(xml)
    assert root.attrib["failures"] == "1"
    cases = root.findall("testsuite/testcase")
    assert [each.attrib["name"] for each in cases] == [
        "expect wake_rate >= 8%",
        "expect touches_per_person <= 3 per 30d always",
        "expect orders >= 5 \ufffd & <b>",
        "goal conversion >= 40%",
    ]
    assert [each.find("failure") is not None for each in cases] == [True, False, False, False]
    failure = cases[0].find("failure")
    assert failure is not None
    assert "40\N{NO-BREAK SPACE}%" in failure.attrib["message"]
    assert "达成概率" in junit(found, "zh").decode()
