import runpy
from pathlib import Path

import pytest

from wakeup.diagnostics import registry


@pytest.mark.parametrize(("lang", "name"), [("en", "errors.md"), ("zh", "errors.zh.md")])
def test_the_page_of_codes_is_up_to_date(checkout: Path, lang: str, name: str) -> None:
    page = runpy.run_path(str(checkout / "docs" / "generate.py"))["errors_page"](lang)
    assert all(f"### {code}: " in page for code in registry()), "a family has no heading"
    assert (checkout / "docs" / name).read_text("utf-8") == page, "run `make docs`"
