"""A forecast as a JUnit report, which every build server can show: each expectation a test case, failed if it fails."""

import xml.etree.ElementTree as ET

from wakeup.diagnostics.render_junit import legal
from wakeup.figures.result import ExpectationResult, Result
from wakeup.report.shortfall import shortfall
from wakeup.report.speech import Speech
from wakeup.terms.language import Language

SUITES = "wakeup simulate"


def junit(result: Result, lang: Language = "en") -> bytes:
    """Return the expectations and goals of a result as UTF-8 XML; no goal fails, no undecided expectation either."""
    s = Speech(lang)
    name = legal(str(result.plan["name"]))
    failed = sum(each.status == "failed" for each in result.expectations)
    cases = len(result.expectations) + len(result.goals)
    counts = {"tests": str(cases), "failures": str(failed), "errors": "0"}
    root = ET.Element("testsuites", {"name": SUITES, **counts})
    suite = ET.SubElement(root, "testsuite", {"name": name, **counts})
    for expected in result.expectations:
        _expectation(suite, name, expected, result, s)
    for goal in result.goals:
        case = ET.SubElement(suite, "testcase", {"name": legal(f"goal {goal.text}"), "classname": name})
        told = s.say("reached with probability {probability}", probability=s.chance(goal.probability))
        ET.SubElement(case, "system-out").text = told
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'.encode()


def _expectation(suite: ET.Element, name: str, expected: ExpectationResult, result: Result, s: Speech) -> None:
    case = ET.SubElement(suite, "testcase", {"name": legal(f"expect {expected.text}"), "classname": name})
    told = s.say(
        "{status}: holds with probability {probability}, {asked} is asked for",
        status=s.status(expected.status),
        probability=s.chance(expected.probability),
        asked=s.say("always") if expected.sure is None else s.chance(expected.sure),
    )
    if expected.status == "failed":
        why = shortfall(expected, result, s)
        whole = f"{told}\n{why}" if why else told
        ET.SubElement(case, "failure", {"type": "expectation", "message": whole}).text = whole
    else:
        ET.SubElement(case, "system-out").text = told
