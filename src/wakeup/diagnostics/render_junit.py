"""Diagnostics as a JUnit report, which every build server can show.

Form: `junit-10.xsd` of the xUnit plugin of Jenkins. A file is a test suite; each problem is a test case of it, failed
if it fails the check, else passed with the problem in its output; a file without any is one passed case.
"""

import re
import xml.etree.ElementTree as ET
from collections.abc import Collection, Iterable, Mapping, Sequence

from wakeup.diagnostics.model import Diagnostic, Severity
from wakeup.diagnostics.render_text import render_text
from wakeup.source import Source

SUITES = "wakeup check"
CLEAN = "clean"
"""Name of the case of a file without problems."""

_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 (section 2.2) does not allow, not even escaped."""


def render_junit(
    diagnostics: Iterable[Diagnostic],
    sources: Mapping[str, Source],
    *,
    files: Iterable[str],
    failing: Collection[Severity] = (Severity.ERROR,),
) -> str:
    """Return the report as XML that ends in a line end.

    ``files`` are the files that were checked, ``failing`` the severities that fail the check. Problems without a place
    stand in a suite of their own.
    """
    by_file: dict[str, list[Diagnostic]] = {name: [] for name in files}
    for each in diagnostics:
        by_file.setdefault(SUITES if each.span is None else each.span.source, []).append(each)
    suites = [_suite(name, found, sources, failing) for name, found in by_file.items()]
    totals = {key: str(sum(int(suite.attrib[key]) for suite in suites)) for key in ("tests", "failures", "errors")}
    root = ET.Element("testsuites", {"name": SUITES, **totals})
    root.extend(suites)
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _suite(
    name: str,
    found: Sequence[Diagnostic],
    sources: Mapping[str, Source],
    failing: Collection[Severity],
) -> ET.Element:
    failures = sum(each.severity in failing for each in found)
    counts = {"tests": str(len(found) or 1), "failures": str(failures), "errors": "0"}
    suite = ET.Element("testsuite", {"name": legal(name), **counts})
    for each in found:
        suite.append(_case(name, each, sources, failing))
    if not found:
        ET.SubElement(suite, "testcase", {"name": CLEAN, "classname": legal(name)})
    return suite


def _case(name: str, each: Diagnostic, sources: Mapping[str, Source], failing: Collection[Severity]) -> ET.Element:
    case = ET.Element("testcase", {"name": each.code, "classname": legal(name)})
    source = sources.get(name)
    if each.span is not None and source is not None:
        line, column = source.position(min(each.span.start, len(source.text)))
        case.attrib |= {"name": f"{each.code} {line}:{column}", "file": legal(name), "line": str(line)}
    told = legal(render_text([each], sources))
    if each.severity in failing:
        failure = ET.SubElement(case, "failure", {"type": each.severity.value, "message": legal(each.message)})
        failure.text = told
    else:
        ET.SubElement(case, "system-out").text = told
    return case


def legal(text: str) -> str:
    """Return a text with what XML does not allow replaced."""
    return _ILLEGAL.sub("\N{REPLACEMENT CHARACTER}", text)
