"""SARIF, workflow commands and JUnit: valid against what is published, and read back as they were told."""

import json
import re
import xml.etree.ElementTree as ET
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
import xmlschema
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from wakeup.diagnostics import Diagnostic, Fix, Label, Severity, diagnostic, registry
from wakeup.diagnostics.page import page
from wakeup.diagnostics.render_github import render_github
from wakeup.diagnostics.render_junit import render_junit
from wakeup.diagnostics.render_sarif import render_sarif
from wakeup.source import Source, Span

SCHEMAS = Path(__file__).resolve().parents[1] / "data" / "schemas"
TEXT = 'wakeup 1\nmessage 😀笑 via sms { text: "满300减80 😀 now" }\nsend nudge\nwith\nc3000\n'
SOURCE = Source("campaigns/老客 100%.wake", TEXT)
SOURCES = {SOURCE.name: SOURCE}


def span_of(piece: str) -> Span:
    start = TEXT.index(piece)
    return SOURCE.span(start, start + len(piece))


def problem(span: Span | None, message: str = "x", **more: Any) -> Diagnostic:
    return Diagnostic("WK1001", more.pop("severity", Severity.ERROR), message, span, **more)


RICH = (
    problem(
        span_of("减80"),
        "one, 100%: wrong",
        labels=(Label(span_of("nudge"), "the other party"), Label(Span("far.wake", 3, 4), "elsewhere")),
        notes=("a note",),
        help="do, that: 5%",
        fix=Fix(span_of("减80"), "减 80", "write"),
    ),
    diagnostic("WK1006", span_of("nudge\nwith\nc3000"), limit=40),
    problem(None, "no place", severity=Severity.WARNING),
    problem(Span("unknown.wake", 7, 9), "a text that is not at hand", severity=Severity.NOTE),
    problem(SOURCE.span(len(TEXT), len(TEXT)), "at the end", fix=Fix(SOURCE.span(0, 0), "# hi\n", "add")),
)


# --- SARIF -----------------------------------------------------------------------------------------------------------


@cache
def sarif_schema() -> Draft202012Validator:
    return Draft202012Validator(json.loads((SCHEMAS / "sarif-2.1.0.json").read_text("utf-8")))


def sarif(*found: Diagnostic) -> dict[str, Any]:
    document = json.loads(render_sarif(found, SOURCES, version="1.2.3"))
    assert [error.message for error in sarif_schema().iter_errors(document)] == []
    (run,) = document["runs"]
    assert isinstance(run, dict)
    return run


def cut(text: str, region: dict[str, int]) -> tuple[int, int]:
    """The code points under a region, found as an editor does: lines, then UTF-16 units in the line."""
    ends = []
    for line, column in (("startLine", "startColumn"), ("endLine", "endColumn")):
        before = "".join(each + "\n" for each in text.split("\n")[: region[line] - 1])
        units = text.split("\n")[region[line] - 1].encode("utf-16-le")[: 2 * (region[column] - 1)]
        ends.append(len(before) + len(units.decode("utf-16-le")))
    return ends[0], ends[1]


def test_sarif_is_valid_with_everything_in_it() -> None:
    run = sarif(*RICH)
    assert run["columnKind"] == "utf16CodeUnits"
    assert run["tool"]["driver"]["version"] == "1.2.3"
    assert [result["level"] for result in run["results"]] == ["error", "error", "warning", "note", "error"]
    assert "locations" not in run["results"][2]
    assert "region" not in run["results"][3]["locations"][0]["physicalLocation"]
    assert run["results"][0]["message"]["text"] == "one, 100%: wrong\na note\nhelp: do, that: 5%"
    assert [each["message"]["text"] for each in run["results"][0]["relatedLocations"]] == [
        "the other party",
        "elsewhere",
    ]


def test_sarif_without_a_problem_is_a_run_without_results() -> None:
    run = sarif()
    assert run["results"] == []
    assert run["tool"]["driver"]["rules"] == []


@pytest.mark.parametrize("piece", ["减80", "😀 now", "nudge\nwith\nc3000", "", " now"])
def test_sarif_counts_in_utf16(piece: str) -> None:
    span = span_of(piece)
    located = sarif(problem(span))["results"][0]["locations"][0]["physicalLocation"]
    assert cut(TEXT, located["region"]) == (span.start, span.end)
    assert unquote(located["artifactLocation"]["uri"]) == SOURCE.name
    assert located["artifactLocation"]["uri"].isascii()


def test_a_fix_of_sarif_can_be_applied() -> None:
    (fix,) = sarif(RICH[0])["results"][0]["fixes"]
    (change,) = fix["artifactChanges"]
    (replacement,) = change["replacements"]
    start, end = cut(TEXT, replacement["deletedRegion"])
    mended = TEXT[:start] + replacement["insertedContent"]["text"] + TEXT[end:]
    assert mended == TEXT.replace("减80", "减 80")


def test_every_code_is_a_valid_rule_with_its_page() -> None:
    found = [Diagnostic(entry.code, entry.severity, "told") for entry in registry().values()]
    run = sarif(*found, *found)
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == list(registry())
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
    for rule in rules:
        entry = registry()[rule["id"]]
        assert rule["help"]["text"] == page(entry)
        assert not entry.wrong or entry.wrong.strip() in rule["help"]["markdown"]


def test_an_absolute_path_is_a_file_uri() -> None:
    run = sarif(problem(Span("/home/me/a b.wake", 0, 1)))
    location = run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert location == {"uri": "file:///home/me/a%20b.wake"}


# --- workflow commands -----------------------------------------------------------------------------------------------


def commands(*found: Diagnostic) -> list[tuple[str, dict[str, str], str]]:
    """What a runner reads: command, properties, message."""
    read = []
    for line in render_github(found, SOURCES).splitlines():
        match = re.fullmatch(r"::(\w+) ([^:]*)::(.*)", line)
        assert match, line
        properties = dict(each.split("=", 1) for each in match[2].split(","))
        read.append((match[1], {key: unescaped(value) for key, value in properties.items()}, unescaped(match[3])))
    return read


def unescaped(text: str) -> str:
    for written, meant in (("%3A", ":"), ("%2C", ","), ("%0D", "\r"), ("%0A", "\n"), ("%25", "%")):
        text = text.replace(written, meant)
    return text


def test_a_command_says_place_and_help() -> None:
    first, second, third, fourth, _ = commands(*RICH)
    assert first == (
        "error",
        {"file": SOURCE.name, "line": "2", "endLine": "2", "col": "33", "endColumn": "36", "title": "WK1001"},
        "one, 100%: wrong\na note\nhelp: do, that: 5%",
    )
    assert "col" not in second[1], "columns of a range over several lines are refused"
    assert (second[1]["line"], second[1]["endLine"]) == ("3", "5")
    assert third == ("warning", {"title": "WK1001"}, "no place")
    assert fourth == ("notice", {"file": "unknown.wake", "title": "WK1001"}, "a text that is not at hand")


def test_colons_and_commas_of_a_path_do_not_end_it() -> None:
    ((_, properties, _),) = commands(problem(Span("a,b:c%2C.wake", 0, 1)))
    assert properties["file"] == "a,b:c%2C.wake"


@given(st.text(), st.text())
def test_no_text_can_become_a_second_command(message: str, help_text: str) -> None:
    told = render_github([problem(None, message, help=help_text)], {})
    assert told.count("\n") == 1
    assert not any(character in told for character in "\r\x1b\x85\u2028")


# --- JUnit -----------------------------------------------------------------------------------------------------------


@cache
def junit_schema() -> xmlschema.XMLSchema:
    return xmlschema.XMLSchema(SCHEMAS / "junit-10.xsd")


def junit(*found: Diagnostic, strict: bool = False, files: tuple[str, ...] = (SOURCE.name,)) -> ET.Element:
    failing = (Severity.ERROR, Severity.WARNING) if strict else (Severity.ERROR,)
    text = render_junit(found, SOURCES, files=files, failing=failing)
    junit_schema().validate(text)
    return ET.fromstring(text)


def test_junit_is_valid_with_everything_in_it() -> None:
    root = junit(*RICH)
    assert (root.get("tests"), root.get("failures")) == ("5", "3")
    assert [suite.get("name") for suite in root] == [SOURCE.name, "wakeup check", "unknown.wake"]
    case = root[0][0]
    assert (case.get("name"), case.get("line"), case.get("file")) == ("WK1001 2:33", "2", SOURCE.name)
    failure = case.find("failure")
    assert failure is not None
    assert failure.get("message") == "one, 100%: wrong"
    assert "help: do, that: 5%" in (failure.text or "")


def test_junit_fails_with_what_the_check_fails_with() -> None:
    assert junit(*RICH, strict=True).get("failures") == "4"
    warning = junit(RICH[2]).find(".//system-out")
    assert warning is not None
    assert "no place" in (warning.text or "")


def test_a_clean_file_is_one_passed_case() -> None:
    root = junit(files=("a.wake", "b.wake"))
    assert [(suite.get("tests"), suite.get("failures")) for suite in root] == [("1", "0"), ("1", "0")]
    assert [case.get("name") for case in root.iter("testcase")] == ["clean", "clean"]


@given(st.text(st.characters(exclude_categories=())))
def test_any_text_is_legal_xml(text: str) -> None:
    root = junit(problem(Span(text, 0, 1), text), files=())
    failure = root.find(".//failure")
    assert failure is not None
    assert len(failure.get("message", "")) == len(text)


def test_what_xml_forbids_is_shown_as_such() -> None:
    failure = junit(problem(None, 'a\x00b\x1bc\ufffe<&">')).find(".//failure")
    assert failure is not None
    assert failure.get("message") == 'a\ufffdb\ufffdc\ufffd<&">'
