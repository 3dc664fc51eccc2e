"""Write the pages that come from the program itself: today the page of all diagnostic codes."""

import sys
from collections.abc import Iterator
from pathlib import Path

from wakeup.diagnostics import Code, registry

HERE = Path(__file__).resolve().parent

HEADINGS = {
    "WK1": "Syntax",
    "WK2": "Names, types and units",
    "WK3": "Time, money and logic",
    "WK4": "Policy and consent",
    "WK5": "Plan and state",
    "WK6": "Customer data",
    "WK9": "Our bugs",
}


def errors_page() -> str:
    """Return the Markdown page of all codes."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "# Diagnostic codes"
    yield ""
    yield "Written by `make docs` from `src/wakeup/diagnostics/codes/`. `wakeup explain CODE` shows one of them."
    for prefix, heading in HEADINGS.items():
        entries = [entry for code, entry in registry().items() if code.startswith(prefix)]
        if entries:
            yield from ("", f"## {heading}")
        for entry in entries:
            yield from _entry(entry)


def _entry(entry: Code) -> Iterator[str]:
    yield from ("", f"### {entry.code}: {entry.title}", "")
    yield f"*{entry.severity.value}* · `{entry.en}` · `{entry.zh}`"
    yield from ("", " ".join(entry.why.split()))
    for kind, text in (("Help", entry.help_en), ("帮助", entry.help_zh)):
        if text is not None:
            yield from ("", f"{kind}: {text}")
    for kind, snippet in (("Wrong", entry.wrong), ("Right", entry.right)):
        if snippet is not None:
            yield from ("", f"{kind}:", "", "```wake", snippet.strip("\n"), "```")


def main() -> int:
    """Write the pages beside this file."""
    (HERE / "errors.md").write_text(errors_page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
