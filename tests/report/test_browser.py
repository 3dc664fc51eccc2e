"""The page in a real browser, where one is installed: it renders, it fits a phone, it prints."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from tests.report import made

from wakeup.report import html


@pytest.fixture(scope="module")
def browser() -> str:
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        pytest.skip("NO BROWSER: install chromium to see the report rendered")
    return found


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_bytes(html(made.result(), made.plan(), "campaign beauty_autumn\n  高价值客户"))
    return path


def browse(browser: str, page: Path, *options: str) -> str:
    """Run the browser headless, with a profile of its own and no network; return what it prints."""
    fixed = (
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--hide-scrollbars",
        "--host-resolver-rules=MAP * ~NOTFOUND",
    )
    own = f"--user-data-dir={page.parent / 'profile'}"
    command = [browser, *fixed, own, *options, page.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    return done.stdout


def test_it_renders_whole(browser: str, page: Path) -> None:
    seen = browse(browser, page, "--dump-dom")
    assert "The plan in words" in seen
    assert "高价值客户" in seen
    assert seen.count("<svg") == 11


@pytest.mark.parametrize("width", [1280, 390])
def test_it_asks_for_nothing_and_nothing_hangs_over_the_edge(browser: str, page: Path, width: int) -> None:
    found = measured(browser, page, width)
    assert found["asked"] == [], "no request for anything but the page itself"
    assert found["width"] <= width
    assert len(found["charts"]) == 11
    for left, right, height in found["charts"]:
        assert left >= 0
        assert right <= width
        assert right - left > 300
        assert height > 50


def measured(browser: str, page: Path, width: int) -> Any:
    """Lay the page out in a frame of a width, and let the browser tell the sizes: the page itself may run no script."""
    outer = page.with_name(f"measure{width}.html")
    outer.write_text(
        f"""<iframe src="{page.name}" style="border:0;width:{width}px;height:900px"></iframe>
        <script>onload = () => {{
          const inner = frames[0].document, boxes = [...inner.querySelectorAll("svg")];
          document.title = JSON.stringify({{width: inner.documentElement.scrollWidth,
            asked: frames[0].performance.getEntriesByType("resource").map(e => e.name),
            charts: boxes.map(e => e.getBoundingClientRect()).map(b => [b.left, b.right, b.height])}});
        }}</script>""",
        "utf-8",
    )
    seen = browse(browser, outer, "--dump-dom", "--allow-file-access-from-files")
    told = re.search(r"<title>(.*?)</title>", seen)
    assert told, "the browser measured nothing"
    return json.loads(told[1])


def test_it_prints(browser: str, page: Path) -> None:
    paper = page.with_name("report.pdf")
    browse(browser, page, f"--print-to-pdf={paper}", "--no-pdf-header-footer")
    assert paper.read_bytes().startswith(b"%PDF")
    assert paper.stat().st_size > 20_000
