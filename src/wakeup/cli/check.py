"""`wakeup check`: campaign files in, diagnostics out."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from wakeup.cli import exits
from wakeup.cli.messages import language, say
from wakeup.diagnostics import Bag, Diagnostic, Language, Severity, WakeupError, diagnostic, in_language, render_json
from wakeup.face import examine
from wakeup.source import Source

SUFFIX = ".wake"
NO_CAMPAIGN = "WK2010"
"""A library has no campaign: nothing can be made of it alone, but there is nothing wrong with it either."""


def run(paths: Sequence[Path], format: str, strict: bool, lang: Language | None) -> int:
    """Check each file, print what was found, and return 1 if anything fails."""
    bag = Bag()
    sources: dict[str, Source] = {}
    files = list(dict.fromkeys(each for path in paths for each in _files(path)))
    for file in files:
        checked = examine(file)
        bag.extend(each for each in checked.diagnostics if each.code != NO_CAMPAIGN)
        sources |= checked.sources
    shown = bag.shown(lang or language())
    if format == "json":
        told = [in_language(each, lang or language()) for each in shown]
        sys.stdout.write(render_json(told, sources))
    else:
        say(shown, sources, lang)
        _summary(len(files), tuple(bag))
    failing = bag.count(Severity.ERROR) + (bag.count(Severity.WARNING) if strict else 0)
    return exits.WRONG_INPUT if failing else exits.FINE


def _files(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    found = sorted(path.rglob(f"*{SUFFIX}"))
    if not found:
        raise WakeupError([diagnostic("WK1001", file=str(path / f"*{SUFFIX}"))])
    yield from found


def _summary(files: int, found: Sequence[Diagnostic]) -> None:
    counts = {each: sum(one.severity is each for one in found) for each in Severity}
    said = ", ".join(f"{count} {severity.value}{'s' * (count != 1)}" for severity, count in counts.items() if count)
    print(f"{files} file{'s' * (files != 1)} checked: {said or 'clean'}", file=sys.stderr)
