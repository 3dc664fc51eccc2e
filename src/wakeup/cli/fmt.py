"""`wakeup fmt`: campaign files in canonical style, in place."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from wakeup.cli import exits
from wakeup.cli.messages import say
from wakeup.cli.sources import campaign_files
from wakeup.diagnostics import Bag, Diagnostic, Language, WakeupError, diagnostic
from wakeup.files import read, write
from wakeup.format import format_source
from wakeup.source import Source, SourceError


def run(paths: Sequence[Path], check: bool, lang: Language | None) -> int:
    """Format each file, or with `check` only name those that would change; return the exit code.

    A file with errors is not touched: they are printed, and the other files are formatted all the same.
    """
    bag = Bag()
    sources: dict[str, Source] = {}
    changed = 0
    files = campaign_files(paths)
    for file in files:
        try:
            new = _formatted(file, lang, bag, sources)
            if new is None:
                continue
            if not check:
                _replace(file, new)
        except WakeupError as error:
            bag.extend(error.diagnostics)
            continue
        changed += 1
        print(file)
    say(bag.shown(), sources)
    done = "would change" if check else "formatted"
    print(f"{len(files)} file{'s' * (len(files) != 1)} read, {changed} {done}", file=sys.stderr)
    return _code(list(bag), failing=check and changed > 0)


def _formatted(file: Path, lang: Language | None, bag: Bag, sources: dict[str, Source]) -> bytes | None:
    """Return the new bytes of a file, None when it stays as it is; what is wrong with it goes into the bag."""
    data = read(file)
    try:
        source = Source.from_bytes(str(file), data)
    except SourceError as error:
        fields: dict[str, Any] = error.fields
        raise WakeupError([diagnostic(error.code, **fields)]) from None
    sources[source.name] = source
    text, found = format_source(source, lang)
    bag.extend(found)
    return None if text is None or text.encode() == data else text.encode()


def _replace(file: Path, data: bytes) -> None:
    """Write a file anew, where a link leads to if it is one, with the permissions that it had."""
    target = file.resolve()
    mode = target.stat().st_mode
    write(target, data)
    target.chmod(mode)


def _code(found: Sequence[Diagnostic], *, failing: bool) -> int:
    if any(each.code == "WK9002" for each in found):
        return exits.OUR_BUG
    return exits.WRONG_INPUT if found or failing else exits.FINE
