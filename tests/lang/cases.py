"""Read and write the Markdown files of `tests/cases`."""

import re
from pathlib import Path

from attrs import frozen

from wakeup.diagnostics import Bag, Severity, in_language, render_text
from wakeup.lang import MemoryFiles, check, load

FOLDER = Path(__file__).resolve().parents[1] / "cases"
MAIN = "campaign.wake"

_HEADING = re.compile(r"(?m)^## (?P<title>.+)$")
_BLOCK = re.compile(r"(?ms)^```(?P<kind>\w+)(?: (?P<name>[^\n]+))?\n(?P<text>.*?)^```$")


@frozen
class Case:
    """A campaign (and what it imports) with the answer that is expected."""

    file: Path
    title: str
    texts: dict[str, str]
    expected: str


def all_cases() -> list[Case]:
    """Every case of every file, in order."""
    return [case for path in sorted(FOLDER.glob("*.md")) if path.name != "README.md" for case in _cases(path)]


def _cases(path: Path) -> list[Case]:
    text = path.read_text(encoding="utf-8")
    headings = list(_HEADING.finditer(text))
    ends = [heading.start() for heading in headings[1:]] + [len(text)]
    found = []
    for heading, end in zip(headings, ends, strict=True):
        texts: dict[str, str] = {}
        expected = ""
        for block in _BLOCK.finditer(text, heading.end(), end):
            if block["kind"] == "wake":
                texts[block["name"] or MAIN] = block["text"]
            else:
                expected = block["text"]
        found.append(Case(path, heading["title"], texts, expected))
    return found


def answer(texts: dict[str, str]) -> str:
    """What wakeup answers to a campaign, as text; "clean" when there is nothing to say."""
    project, found = load(MAIN, MemoryFiles(texts))
    if project is None:
        # Rendered without the lines: what could not be loaded has no text to show.
        return render_text(found, {})
    _, more = check(project)
    bag = Bag()
    langs = project.languages
    for each in (*found, *more):
        lang = langs[each.span.source if each.span else project.main.source.name]
        bag.add(in_language(each, lang, lang))
    return render_text(bag.shown(), project.sources) if len(bag) else "clean\n"


def errors(texts: dict[str, str]) -> set[str]:
    """The codes of the errors of a campaign."""
    project, found = load(MAIN, MemoryFiles(texts))
    more = () if project is None else check(project)[1]
    return {each.code for each in (*found, *more) if each.severity is Severity.ERROR}


def rewrite(cases: list[Case]) -> None:
    """Write the answers into the files."""
    for path in {case.file for case in cases}:
        text = path.read_text(encoding="utf-8")
        for case in reversed([case for case in cases if case.file == path]):
            start = text.index(f"## {case.title}\n")
            head, tail = text[:start], text[start:]
            block = next((each for each in _BLOCK.finditer(tail) if each["kind"] == "text"), None)
            following = _HEADING.search(tail, len(case.title) + 3)
            told = f"```text\n{answer(case.texts).rstrip()}\n```"
            if block is not None and (following is None or block.start() < following.start()):
                tail = tail[: block.start()] + told + tail[block.end() :]
            else:
                at = len(tail) if following is None else following.start()
                tail = f"{tail[:at].rstrip()}\n\n{told}\n\n{tail[at:]}"
            text = head + tail
        path.write_text(text.rstrip() + "\n", encoding="utf-8")
