"""Read and write the Markdown files of `tests/cases/format`: a source and its canonical text in both languages."""

import re
from pathlib import Path

from attrs import frozen

from wakeup.diagnostics import Language
from wakeup.format import format_source
from wakeup.source import Source

FOLDER = Path(__file__).resolve().parents[1] / "cases" / "format"
LANGUAGES: tuple[Language, ...] = ("en", "zh")

# Inside a block a line may begin with `##` too: a heading is one that a block follows.
_HEADING = r"^## (?P<title>[^\n]+)\n\n(?=```wake\n)"
_CASE = re.compile(rf"(?ms){_HEADING}(?P<body>.*?)(?={_HEADING.replace('P<title>', ':')}|\Z)")
_BLOCK = re.compile(r"(?ms)^```wake(?: (?P<lang>en|zh))?\n(?P<text>.*?)^```$")


@frozen
class Case:
    """A text as somebody might write it, and what the formatter makes of it in each language."""

    file: Path
    title: str
    source: str
    expected: dict[str, str]

    def printed(self, lang: Language | None = None) -> str:
        """What the formatter makes of the source."""
        return formatted(self.source, lang)


def formatted(text: str, lang: Language | None = None) -> str:
    """The canonical form of a text that is right."""
    made, found = format_source(Source("case.wake", text), lang)
    assert made is not None, found
    return made


def all_cases() -> list[Case]:
    """Every case of every file, in order."""
    return [case for path in sorted(FOLDER.glob("*.md")) if path.name != "README.md" for case in _cases(path)]


def _cases(path: Path) -> list[Case]:
    found = []
    for each in _CASE.finditer(path.read_text("utf-8")):
        blocks = {block["lang"] or "": block["text"] for block in _BLOCK.finditer(each["body"])}
        source = blocks.pop("")
        found.append(Case(path, each["title"], source, blocks))
    return found


def rewrite(case: Case) -> None:
    """Write what comes out into the case's file."""
    text = case.file.read_text("utf-8")
    each = next(found for found in _CASE.finditer(text) if found["title"] == case.title)
    made = "\n\n".join(f"```wake {lang}\n{case.printed(lang)}```" for lang in LANGUAGES)
    body = f"```wake\n{case.source}```\n\n{made}\n\n"
    new = text[: each.start("body")] + body + text[each.end("body") :]
    case.file.write_text(new.rstrip() + "\n", "utf-8")
