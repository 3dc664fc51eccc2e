import runpy
from pathlib import Path

from wakeup.diagnostics import registry


def test_the_page_of_codes_is_up_to_date(checkout: Path) -> None:
    page = runpy.run_path(str(checkout / "docs" / "generate.py"))["errors_page"]()
    assert all(f"### {code}: " in page for code in registry()), "a family has no heading"
    assert (checkout / "docs" / "errors.md").read_text("utf-8") == page, "run `make docs`"
