"""Every block of the documentation runs, and what it shows is what comes out."""

import re
import shlex
import shutil
from pathlib import Path

import pytest
from tests.docs.pages import ROOT, Block, anchors, blocks, links, pages

import wakeup
from wakeup.cli import run
from wakeup.cli.exits import EXPECTATION_FAILED
from wakeup.diagnostics import Severity

BASE = """wakeup 1
import "shared/intl_channels.wake" as intl
campaign base "Base" {
  currency: GBP
  timezone: "Europe/London"
  run: 2026-03-02 through 2026-04-30
  audience: days_since_order >= 90d
  holdout: 10%
  margin: 45%
}
"""
"""What a fragment is appended to."""

OWN = {
    "tier value": "tier value by average_order_value { big: 100 GBP and up, small: below 100 GBP }",
    "budget": "budget 9_000 GBP { promotion: 8_000 GBP, gifts: 500 GBP, staff: 500 GBP }",
    "coupon off15": "coupon off15 { discount: 15 GBP off 75 GBP, valid: 14d, limit: 1 per person, line: promotion }",
    "gift kit": "gift kit { cost: 4 GBP, stock: 500, line: gifts }",
    "staff advisers": "staff advisers { people: 4, handles: 10min, hours: 09:00 to 18:00 }",
    "service advice": "service advice { cost: 6 GBP, staff: advisers, line: staff }",
    "challenge visits": "challenge visits { task: check_in for 3 days in a row, reward: off15 }",
    "message hello": 'message hello via intl.email { text: "Hello" }',
    "message reminder": 'message reminder via intl.email { text: "Hello again" }',
    "message range": 'message range via intl.email { text: "New this month" }',
    "journey": "journey everybody { send hello }",
}
"""What a fragment may name without declaring it: the head of a declaration -> its text."""

ORDERS = "customer_id,order_date,amount\n" + "".join(
    f"C{number},2011-0{1 + number % 5}-{10 + number % 18},{40 + 3 * number}\n" for number in range(60)
)
"""The log that a reader has at hand: 60 customers of the gift shop's time."""

SMALLER = {
    "100_000": "300",
    "--synthetic 100000": "--synthetic 300 --replications 2",
    "--synthetic 5000": "--synthetic 600 --replications 2",
    "replications=20": "replications=2",
}
"""Sizes that a reader would take -> sizes that a test has time for."""

WAKE = [block for page in pages() for block in blocks(page) if block.language == "wake"]
LANGUAGES = {"", "wake", "python", "console", "sh", "json", "toml", "csv", "text", "yaml"}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with copies of the project's campaigns and a small order log, which commands are run in."""
    shutil.copytree(ROOT / "campaigns", tmp_path / "campaigns")
    (tmp_path / "orders.csv").write_text(ORDERS, "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.setenv(name, "en_GB.UTF-8")
    return tmp_path


@pytest.mark.parametrize("block", WAKE, ids=str)
def test_a_campaign_on_a_page_checks_as_it_says(block: Block, project: Path) -> None:
    path = project / "campaigns" / "page.wake"
    path.write_text(_complete(block), "utf-8")
    expected = block.tag("error")
    bothering = [each for each in wakeup.check(path) if each.severity is not Severity.NOTE]
    if expected is not None:
        assert {each.code for each in bothering} == {expected}, _told(bothering)
    else:
        assert not bothering, _told(bothering)


@pytest.mark.parametrize("page", [page for page in pages() if any(blocks(page))])
def test_a_page_runs_from_top_to_bottom(page: str, project: Path, capfd: pytest.CaptureFixture[str]) -> None:
    names: dict[str, object] = {}
    for block in blocks(page):
        assert block.language in LANGUAGES, f"{block}: {block.language}"
        match block.language:
            case "wake" | "csv" | "json" if block.tags and "." in block.tags[0]:
                path = project / block.tags[0]
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(block.text, "utf-8")
            case "python":
                code = compile("\n" * block.line + _smaller(block.text), str(ROOT / page), "exec")
                exec(code, names)  # noqa: S102  # the page's own example
            case "console":
                _console(block, capfd)
            case "sh" if "norun" not in block.tags:
                for command in filter(None, block.text.splitlines()):
                    _command(block, command.partition("  #")[0], 0)


@pytest.mark.parametrize("page", [*pages(), "docs/errors.md", "docs/errors.zh.md"])
def test_links_lead_somewhere(page: str) -> None:
    for link in links(page):
        name, _, anchor = link.partition("#")
        target = (ROOT / page).parent / name if name else ROOT / page
        assert target.exists(), f"{page}: {link}"
        assert not anchor or anchor in anchors(target), f"{page}: {link}"


def _complete(block: Block) -> str:
    """The whole file that a block stands for."""
    if not block.tags or block.tags[0] not in ("fragment", "statements"):
        return block.text
    text = block.text
    if block.tags[0] == "statements":
        text = f"journey of_the_page {{\nstart: 60 per day from 2026-03-02 at 10:00\n{text}}}\n"
    missing = [line for head, line in OWN.items() if not re.search(rf"^{head}\b", text, re.MULTILINE)]
    return "\n".join((BASE, text, *missing))


def _told(found: list[wakeup.Diagnostic]) -> str:
    return "\n".join(f"{each.code}: {each.message}" for each in found)


def _smaller(text: str) -> str:
    for written, run_with in SMALLER.items():
        text = text.replace(written, run_with)
    return text


def _console(block: Block, capfd: pytest.CaptureFixture[str]) -> None:
    """Run `$ command` lines; the lines below each must come out, in order; `…` stands for lines left out."""
    code = int(block.tag("exit") or 0)
    for part in re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]:
        command, *shown = part.rstrip("\n").splitlines()
        capfd.readouterr()
        _command(block, command, code)
        out, err = capfd.readouterr()
        came = iter(_words(line, command) for line in (err + out).splitlines())
        for line in shown:
            wanted = _words(line, command)
            if wanted not in ("", "…") and wanted not in came:
                pytest.fail(f"{block}: `{line}` did not come out, or earlier:\n{err}{out}", pytrace=False)


def _words(line: str, command: str) -> str:
    """A line as it is compared: without layout, and where chance plays a part, without figures and bars."""
    if "--synthetic" in command:
        line = re.sub(r"[-+−]?[0-9][0-9,.]*", "0", line).replace("█", "")
    return " ".join(line.split())


def _command(block: Block, command: str, code: int) -> None:
    words = shlex.split(_smaller(command))
    assert words[0] == "wakeup", f"{block}: {command}"
    # Whether an expectation holds is a matter of how many are simulated.
    allowed = {code, EXPECTATION_FAILED} if words[1] in ("simulate", "compare") else {code}
    assert run(words[1:]) in allowed, f"{block}: {command}"
