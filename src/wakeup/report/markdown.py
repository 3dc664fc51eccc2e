"""Markdown as code hosts show it: nothing that an author wrote formats the page or calls anybody."""

import re
from collections.abc import Sequence
from html import escape
from typing import Final

from wakeup.source.columns import shown

_MARKS: Final = re.compile(r"[\\`*_\[\]|~$]")
"""Characters that begin markup, a formula or a cell wherever they stand."""

_CALLS: Final = {"@": "&#64;", "#": "&#35;"}
"""What calls a person or an issue even behind a backslash."""


def escaped(text: str) -> str:
    """Return a text of one line that reads as it is."""
    quiet = escape(shown(" ".join(text.split())), quote=False)
    return "".join(_CALLS.get(each, each) for each in _MARKS.sub(r"\\\g<0>", quiet))


def fenced(text: str) -> str:
    """Return a text as it stands, as a block of code, whatever back ticks it holds."""
    clean = "\n".join(shown(line) for line in text.rstrip("\n").split("\n"))
    longest = max((len(run) for run in re.findall(r"`+", clean)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{clean}\n{fence}"


def table(head: Sequence[str], rows: Sequence[Sequence[str]], *, words: int = 1) -> str:
    """Return a table; the first `words` columns to the left, the others, numbers, to the right. Spaces before a text
    indent it."""
    rule = ["---" if at < words else "---:" for at in range(len(head))]
    lines = [[escaped(cell) for cell in head], rule, *([_cell(cell) for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cell(text: str) -> str:
    return "&nbsp;" * (len(text) - len(text.lstrip(" "))) + escaped(text)


def folded(title: str, content: str) -> str:
    """Return content that a reader unfolds by its title."""
    return f"<details><summary>{escape(shown(title))}</summary>\n\n{content}\n\n</details>"
