"""`wakeup fmt`: campaign files in canonical style, in place."""

import sys
from collections.abc import Sequence
from pathlib import Path

from wakeup.cli import exits
from wakeup.cli.messages import about, say, worded
from wakeup.cli.sources import campaign_files
from wakeup.diagnostics import Bag, Count, Diagnostic, Language, Say, WakeupError, unreadable
from wakeup.files import read, write
from wakeup.format import formatted
from wakeup.source import Source, SourceError


def run(paths: Sequence[Path], check: bool, lang: Language | None) -> int:
    """Format each file, or with `check` only name those that would change; return the exit code.

    A file with errors is not touched: they are printed, and the other files are formatted all the same.
    """
    bag = Bag()
    sources: dict[str, Source] = {}
    langs: set[Language] = set()
    changed = 0
    files = campaign_files(paths)
    for file in files:
        try:
            new = _formatted(file, lang, bag, sources, langs)
            if new is None:
                continue
            if not check:
                _replace(file, new)
        except WakeupError as error:
            bag.extend(error.diagnostics)
            continue
        changed += 1
        print(file)
    about(langs.pop() if len(langs) == 1 else None)
    say(bag.shown(), sources)
    counts = {"files": Count(len(files), "file"), "changed": changed}
    done = Say("{files} read, {changed} would change" if check else "{files} read, {changed} formatted", **counts)
    print(worded(done), file=sys.stderr)
    return _code(list(bag), failing=check and changed > 0)


def _formatted(
    file: Path, lang: Language | None, bag: Bag, sources: dict[str, Source], langs: set[Language]
) -> bytes | None:
    """Return the new bytes of a file, None when it stays as it is; what is wrong with it goes into the bag."""
    data = read(file)
    try:
        source = Source.from_bytes(str(file), data)
    except SourceError as error:
        raise WakeupError([unreadable(error)]) from None
    sources[source.name] = source
    made = formatted(source, lang)
    langs.add(made.lang)
    bag.extend(made.found)
    return None if made.text is None or made.text.encode() == data else made.text.encode()


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
