"""The CI examples are run: every command of the page, and of the pre-commit hooks, in a project of `wakeup init`."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.docs.pages import ROOT, blocks

from wakeup.plan.diff import Kind

PAGE = "docs/ci.md"
_STEP = re.compile(r"(?m)^ *(?:- )?run: (?!\|)(.+)$|^ *run: \|\n((?: {10}.+\n)+)|^ {4}- (.+)$")
BASH = shutil.which("bash") or ""
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not (BASH and shutil.which("git")), reason="needs bash and git"),
]


def commands(name: str) -> list[str]:
    """What the steps of an example run, but for what installs wakeup; an upload or a checkout is no command."""
    (block,) = (block for block in blocks(PAGE) if block.tags == (name,))
    found = re.findall(
        r"^ *(?:- )?run: (?!\|)(.+)$|^ *run: \|\n((?:          .+\n)+)|^    - (.+)$", block.text, re.MULTILINE
    )
    lines = (("".join(each)).replace("          ", "").strip() for each in found)
    return [line for line in lines if not line.startswith("pip install")]


def hooks() -> dict[str, str]:
    """The entry of each pre-commit hook, with its arguments: a file, or the whole project."""
    found = {}
    for block in re.split(r"(?m)^- ", (ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))[1:]:
        keys = dict(re.findall(r"(?m)^ *(\w+): (.+)$", block))
        found[keys["id"]] = f"{keys['entry']} {keys.get('args', '[winback.wake]').strip('[]')}"
    return found


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A clone of a Git repository with a fresh project, on a branch of its own."""
    origin, clone = tmp_path / "origin", tmp_path / "work" / "clone"
    shell("wakeup init origin --lang en", tmp_path)
    shell("git init --quiet --initial-branch main && git add . && git commit --quiet --message first", origin)
    shell(f"git clone --quiet {origin} {clone} && cd {clone} && git checkout --quiet -b edit", tmp_path)
    return clone


def shell(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    found = run(command, folder)
    assert found.returncode == 0, found.stderr
    return found


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a step as a runner does, with the wakeup of this environment."""
    env = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "GITHUB_BASE_REF": "main",
        "LC_ALL": "C.UTF-8",
        **{f"GIT_{who}_{what}": "ci@example.com" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
    }
    return subprocess.run([BASH, "-e", "-c", command], cwd=folder, env=env, capture_output=True, text=True, check=False)


def edit(project: Path, old: str, new: str) -> None:
    path = project / "winback.wake"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def test_every_step_passes_on_a_fresh_project(project: Path) -> None:
    steps = commands(".github/workflows/campaigns.yml")
    assert len(steps) == 5
    for step in steps:
        shell(step, project)
    assert (project / "wakeup.sarif").stat().st_size > 0
    assert (project / "forecast.json").stat().st_size > 0
    for step in commands(".gitlab-ci.yml"):
        shell(step, project)
    assert "<testsuites" in (project / "wakeup.xml").read_text("utf-8")


def test_a_mistake_stops_the_check(project: Path) -> None:
    edit(project, ">= 180d", ">= 180")
    codes = {step.split(" --")[0]: run(step, project).returncode for step in commands(".gitlab-ci.yml")}
    assert codes["wakeup check"] == 1
    style, notes, scanning, *_ = commands(".github/workflows/campaigns.yml")
    assert run(notes, project).returncode == 1
    assert run(scanning, project).returncode == 0
    assert "WK2104" in (project / "wakeup.sarif").read_text("utf-8")
    edit(project, "budget 5_000 GBP {", "budget 5_000 GBP   {")
    assert run(style, project).returncode == 1


def test_the_gate_stops_a_wider_audience_and_lets_words_pass(project: Path) -> None:
    gate = next(step for step in commands(".github/workflows/campaigns.yml") if "--gate" in step)
    edit(project, ">= 180d", ">= 120d")
    found = run(gate, project)
    assert found.returncode == 2, found.stderr
    assert "audience_widened" in found.stdout
    edit(project, ">= 120d", ">= 180d")
    edit(project, "is waiting for you", "awaits you")
    found = run(gate.splitlines()[1], project)
    assert found.returncode == 0
    assert "copy_only" in found.stdout


def test_the_hooks_run(project: Path) -> None:
    assert {*hooks()} == {"wakeup-check", "wakeup-fmt"}
    for command in hooks().values():
        shell(command, project)
    edit(project, ">= 180d", ">=  180")
    for command in hooks().values():
        assert run(command, project).returncode == 1


def test_the_page_names_every_kind_of_change_and_the_hooks() -> None:
    text = (ROOT / PAGE).read_text("utf-8")
    assert [kind for kind in Kind if f"`{kind}`" not in text] == []
    assert [hook for hook in hooks() if f"- id: {hook}" not in text] == []
