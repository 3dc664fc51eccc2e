"""Each wall of the architecture is broken on purpose, in a copy, and seen to be guarded."""

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

BREACHES = [
    ("plan", "import wakeup.compile", "From text to plan"),
    ("syntax", "import wakeup.lang", "From text to plan"),
    ("format", "import wakeup.lang", "From text to plan"),
    ("format", "import wakeup.draws", "What reads a text never loads"),
    ("decide", "import wakeup.sim", "From plan to report"),
    ("report", "import wakeup.preflight", "From plan to report"),
    ("sim", "import wakeup.compile", "What runs a plan never loads"),
    ("compile", "import wakeup.decide", "What reads a text never loads"),
    ("plan", "import numpy", "load neither NumPy nor lark"),
    ("diagnostics", "import lark", "load neither NumPy nor lark"),
    ("lang", "import lark", "Only syntax touches lark"),
    ("format", "import lark", "Only syntax touches lark"),
    ("figures", "import simpy", "Only sim touches SimPy"),
    ("sim", "import duckdb", "Only customers and figures touch DuckDB"),
    ("sql", "import wakeup.customers", "A query is made of a plan alone"),
    ("customers", "import sqlglot", "Only sql touches sqlglot"),
    ("behaviour", "import random", "Randomness comes from draws"),
    ("lang", "import pygls", "Only lsp touches pygls"),
    ("cli", "import lsprotocol", "Only lsp touches pygls"),
    ("lsp", "import wakeup.sim", "What reads a text never loads"),
    ("compile", "import wakeup.lsp", "From text to plan"),
    ("live", "import wakeup.sim", "From plan to report"),
    ("live", "import wakeup.lang", "What runs a plan never loads"),
    ("channels", "import wakeup.decide", "A channel adapter knows"),
    ("live/executor", "import wakeup.behaviour", "What runs live knows no behaviour"),
    ("live/core", "import apsw", "Only the store touches"),
    ("cli", "import httpx", "Only channels call out"),
]

OPENS_FILES = (
    "customers", "figures", "lang", "cli", "files.py", "terms/data.py", "live", "channels/files.py",
    "channels/settings.py", "channels/smtp/returned.py", "memory.py",
)  # fmt: skip
"""Parts of src/wakeup that may open files: readers, sinks, the import loader, the faces, packaged data; the live side's
store, keys and answers, of the channels the lists, the secrets that settings refer to, and the mailbox; and what the
system says of memory."""

FILE_CALLS = {"open", "read_text", "read_bytes", "write_text", "write_bytes"}


@pytest.fixture(scope="module")
def copy(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what import-linter reads."""
    folder = tmp_path_factory.mktemp("walls")
    shutil.copytree(checkout / "src", folder / "src", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(checkout / "pyproject.toml", folder)
    return folder


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder / "src"), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_walls_stand(copy: Path) -> None:
    result = lint(copy)
    assert result.returncode == 0, result.stdout
    assert "0 broken" in result.stdout


@pytest.mark.parametrize(("package", "line", "wall"), BREACHES, ids=lambda value: value.replace(" ", "-"))
def test_a_breach_is_seen(copy: Path, package: str, line: str, wall: str) -> None:
    breach = copy / "src" / "wakeup" / package / "breach.py"
    breach.write_text(f"{line}\n", encoding="utf-8")
    try:
        result = lint(copy)
    finally:
        breach.unlink()
    assert result.returncode == 1
    broken = [text for text in result.stdout.splitlines() if text.endswith("BROKEN")]
    assert any(wall in text for text in broken), result.stdout


def test_files_are_opened_only_where_data_comes_in_or_goes_out(checkout: Path) -> None:
    root = checkout / "src" / "wakeup"
    found = [
        f"{path.relative_to(root)}:{node.lineno}"
        for path in sorted(root.rglob("*.py"))
        if not path.relative_to(root).as_posix().startswith(OPENS_FILES)
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and _called(node) in FILE_CALLS
    ]
    assert found == []


def _called(call: ast.Call) -> str:
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""
