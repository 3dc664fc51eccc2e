"""The fenced blocks and links of the documentation, read from Markdown."""

import re
from collections.abc import Iterator
from pathlib import Path

from attrs import frozen

ROOT = Path(__file__).resolve().parents[2]

OTHERWISE_TESTED = ("docs/errors.md", "docs/errors.zh.md", "docs/semantics/examples")
"""Snippets of the registry, written by `make docs`; worked examples, which both simulators run."""

_FENCE = re.compile(r"^(?P<ticks>`{3,})(?P<info>[^`]*)$")
_LINK = re.compile(r"(?<!!)\[[^\]]*\]\((?P<target>[^)\s]+)\)")


@frozen
class Block:
    """A fenced block: its language, the words behind it, its text and the line it starts on."""

    page: str
    line: int
    language: str
    tags: tuple[str, ...]
    text: str

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"

    def tag(self, name: str) -> str | None:
        """The value of `name=value` among the tags."""
        return next((tag.removeprefix(f"{name}=") for tag in self.tags if tag.startswith(f"{name}=")), None)


def pages() -> list[str]:
    """The pages whose blocks are run, relative to the checkout."""
    found = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
    names = (path.relative_to(ROOT).as_posix() for path in found)
    return [name for name in names if not name.startswith(OTHERWISE_TESTED)]


def blocks(page: str) -> Iterator[Block]:
    """The fenced blocks of a page, in order."""
    opened: tuple[int, str, tuple[str, ...], str] | None = None
    body: list[str] = []
    for number, line in enumerate((ROOT / page).read_text("utf-8").splitlines(), start=1):
        fence = _FENCE.match(line)
        if opened is None and fence:
            language, *tags = fence["info"].split() or [""]
            opened, body = (number, language, tuple(tags), fence["ticks"]), []
        elif opened is not None and line.startswith(opened[3]):
            yield Block(page, opened[0], opened[1], opened[2], "\n".join(body) + "\n")
            opened = None
        elif opened is not None:
            body.append(line)
    assert opened is None, f"{page}:{opened and opened[0]}: a block is never closed"


def links(page: str) -> Iterator[str]:
    """The links of a page that lead to files of the project, outside its blocks."""
    inside = False
    for line in (ROOT / page).read_text("utf-8").splitlines():
        inside ^= bool(_FENCE.match(line))
        if not inside:
            yield from (each["target"] for each in _LINK.finditer(line) if "://" not in each["target"])


def anchors(page: Path) -> set[str]:
    """The anchors that the headings of a page have on a Git host."""
    headings = re.findall(r"^#+ +(.+?) *$", page.read_text("utf-8"), re.MULTILINE)
    plain = (re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower() for heading in headings)
    return {re.sub(r"[^\w\- ]", "", heading).replace(" ", "-") for heading in plain}
