"""The VS Code extension: its files, its colours, and that it packages."""

import json
import re
import runpy
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.lsp.texts import CHINESE, ENGLISH

from wakeup.syntax.lexicon import lexicon


@pytest.fixture(scope="module")
def folder(checkout: Path) -> Path:
    """The extension."""
    return checkout / "editors" / "vscode"


@pytest.fixture(scope="module")
def grammar(folder: Path) -> dict[str, Any]:
    """The colours as they are shipped."""
    return json.loads((folder / "syntaxes" / "wakeup.tmLanguage.json").read_text("utf-8"))  # type: ignore[no-any-return]  # JSON


def rules(grammar: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """All rules in their order."""
    for each in grammar["patterns"]:
        yield from grammar["repository"][each["include"].removeprefix("#")]["patterns"]


def test_every_file_that_the_package_names_is_there(folder: Path) -> None:
    package = json.loads((folder / "package.json").read_text("utf-8"))
    given = package["contributes"]
    named = [package["main"], *(each["configuration"] for each in given["languages"])]
    named += [each["path"] for each in given["grammars"]]
    assert all((folder / name).is_file() for name in (*named, "README.md", "LICENSE"))
    assert [each["extensions"] for each in given["languages"]] == [[".wake"]]
    json.loads((folder / "language-configuration.json").read_text("utf-8"))
    assert not (folder / "package-lock.json").exists(), "a lock file records where packages came from"


def test_a_folder_that_is_not_trusted_cannot_say_what_is_started(folder: Path) -> None:
    package = json.loads((folder / "package.json").read_text("utf-8"))
    settings = set(package["contributes"]["configuration"]["properties"])
    assert set(package["capabilities"]["untrustedWorkspaces"]["restrictedConfigurations"]) == settings


def test_the_colours_are_those_of_the_language(checkout: Path, folder: Path) -> None:
    written = runpy.run_path(str(checkout / "editors" / "generate.py"))["text"]()
    assert (folder / "syntaxes" / "wakeup.tmLanguage.json").read_text("utf-8") == written, "run `make docs`"


def test_every_expression_can_be_read(grammar: dict[str, Any]) -> None:
    for rule in rules(grammar):
        for expression in (rule.get("match"), rule.get("begin"), rule.get("end")):
            assert expression is None or re.compile(expression)


# --------------------------------------------------------------------------- colours


def coloured(grammar: dict[str, Any], line: str) -> list[tuple[str, str]]:
    """The coloured pieces of a line with the first part of their scope, as an editor would colour them."""
    found: list[tuple[str, str]] = []
    at = 0
    while at < len(line):
        matches = [(match, rule) for rule in rules(grammar) if (match := _first(rule).search(line, at))]
        if not matches:
            break
        match, rule = min(matches, key=lambda each: each[0].start())
        if "end" in rule:
            end = re.compile(rule["end"]).search(line, match.end())
            assert end is not None
            found.append((line[match.start() : end.end()], rule["name"]))
            at = end.end()
            continue
        for group, capture in rule.get("captures", {}).items():
            if match[int(group)]:
                found.append((match[int(group)], capture["name"]))
        if "name" in rule:
            found.append((match[0], rule["name"]))
        at = max(match.end(), at + 1)
    return [(text, ".".join(name.split(".")[:2])) for text, name in found if not name.startswith("punctuation")]


def _first(rule: dict[str, Any]) -> re.Pattern[str]:
    return re.compile(rule.get("match") or rule["begin"])


LINES = [
    ("wakeup 1", [("wakeup", "keyword.other"), ("1", "constant.numeric")]),
    ("## said", [("## said", "comment.line")]),
    (
        'coupon off "Off" {',
        [("coupon", "storage.type"), ("off", "entity.name"), ('"Off"', "string.quoted")],
    ),
    (
        "  discount: 30 CNY off 100 CNY # why",
        [
            ("discount", "variable.other"), ("30", "constant.numeric"), ("CNY", "support.type"),
            ("off", "keyword.operator"), ("100", "constant.numeric"), ("CNY", "support.type"),
            ("# why", "comment.line"),
        ],
    ),
    (
        "  send hello with off",
        [("send", "keyword.control"), ("with", "keyword.operator"), ("off", "keyword.operator")],
    ),
    (
        "  at most 2 per calendar month for value.high",
        [
            ("at most", "keyword.control"), ("2", "constant.numeric"), ("per", "keyword.operator"),
            ("calendar", "keyword.operator"), ("month", "support.type"), ("for", "keyword.operator"),
        ],
    ),
    (
        "  quiet: 21:00 to 09:00",
        [
            ("quiet", "variable.other"), ("21:00", "constant.numeric"), ("to", "keyword.operator"),
            ("09:00", "constant.numeric"),
        ],
    ),
    ("  sender: x", [("sender", "variable.other")]),
    ("  send order_thanks", [("send", "keyword.control")]),
    (
        "优惠券 立减 { 优惠：满100打8.5折 有效 7天 }",
        [
            ("优惠券", "storage.type"), ("立减", "entity.name"), ("优惠", "variable.other"),
            ("满100打8.5折", "constant.numeric"), ("有效", "keyword.operator"), ("7天", "constant.numeric"),
        ],
    ),
    (
        "优惠券 立减 { 优惠：满300减80，有效期：7天 }",
        [
            ("优惠券", "storage.type"), ("立减", "entity.name"), ("优惠", "variable.other"),
            ("满300减80", "constant.numeric"), ("有效期", "variable.other"), ("7天", "constant.numeric"),
        ],
    ),
    (
        "  等待7天 直到 下单",
        [
            ("等待", "keyword.control"), ("7天", "constant.numeric"), ("直到", "keyword.operator"),
            ("下单", "support.constant"),
        ],
    ),
    (
        "  每自然月最多 2次 适用于 价值.高",
        [("每自然月最多", "keyword.control"), ("2次", "constant.numeric"), ("适用于", "keyword.operator")],
    ),
    (
        "  如果 未下单 { 退出 }",
        [
            ("如果", "keyword.control"), ("未", "keyword.operator"), ("下单", "support.constant"),
            ("退出", "keyword.control"),
        ],
    ),
    (
        "  人群: 距上次下单 >= 180天 且 非 标签(员工)",
        [
            ("人群", "variable.other"), ("距上次下单", "support.variable"), (">=", "keyword.operator"),
            ("180天", "constant.numeric"), ("且", "keyword.operator"), ("非", "keyword.operator"),
            ("标签", "support.constant"),
        ],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("line", "pieces"), LINES, ids=[f"{number:02}" for number in range(len(LINES))])
def test_a_line_has_the_colours_it_should(grammar: dict[str, Any], line: str, pieces: list[tuple[str, str]]) -> None:
    assert coloured(grammar, line) == pieces


def test_every_word_of_the_language_has_a_colour(grammar: dict[str, Any]) -> None:
    words = lexicon()
    for noun in words.nouns:
        assert (noun, "storage.type") in coloured(grammar, f"{noun} x {{")
    for claim in words.claims:
        assert (claim, "storage.type") in coloured(grammar, f"{claim} x")
    for name, spellings in words.keywords.items():
        for spelling in spellings:
            kinds = {kind for text, kind in coloured(grammar, f"  x {spelling} x") if text == spelling}
            assert kinds & {"keyword.control", "keyword.operator", "keyword.other"} or name == "WAKEUP", spelling
    for word in {*words.words, *words.events, *words.attributes}:
        assert [text for text, _ in coloured(grammar, f"  x >= {word}")] == [">=", word]


@pytest.mark.parametrize("text", [ENGLISH, CHINESE], ids=["english", "chinese"])
def test_texts_and_comments_hide_what_is_in_them(grammar: dict[str, Any], text: str) -> None:
    for line in text.split("\n"):
        if line.startswith(("message", "消息")):
            strings = [piece for piece, kind in coloured(grammar, line) if kind == "string.quoted"]
            assert strings == re.findall(r'"[^"]*"', line)


# --------------------------------------------------------------------------- packaging


@pytest.mark.proof
def test_it_packages(folder: Path, tmp_path: Path) -> None:
    """As its README says, away from the checkout: needs npm and its registry."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("NOT PACKAGED: npm is not installed")
    tools, copy = tmp_path / "tools", tmp_path / "copy"
    tools.mkdir()
    shutil.copytree(folder, copy, ignore=shutil.ignore_patterns("node_modules", "*.vsix"))
    quiet = ("--no-package-lock", "--no-audit", "--no-fund")
    for where, what in ((copy, ()), (tools, ("@vscode/vsce",))):
        ran = subprocess.run([npm, "install", *quiet, *what], cwd=where, capture_output=True, text=True, check=False)
        if ran.returncode != 0:
            pytest.skip(f"NOT PACKAGED: npm cannot install ({ran.stderr.strip().splitlines()[-1:]})")
    vsce = tools / "node_modules" / ".bin" / "vsce"
    ran = subprocess.run(
        [vsce, "package", "--allow-missing-repository", "-o", "out.vsix"],
        cwd=copy, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stdout + ran.stderr
    names = set(zipfile.ZipFile(copy / "out.vsix").namelist())
    assert {"extension/extension.js", "extension/syntaxes/wakeup.tmLanguage.json", "extension/LICENSE.txt"} <= names
    assert any(name.startswith("extension/node_modules/vscode-languageclient/") for name in names)
