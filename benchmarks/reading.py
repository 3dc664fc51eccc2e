"""How fast a campaign's text becomes a tree, and a project is checked.

    python -m benchmarks.reading [LINES]

The peer of the parser is Lark's own run of the same grammar: text to Lark's tree, without our lines, recovery, spans,
literals and nodes. Cold times are of a new process; the floor under them is Python itself.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.texts import CAMPAIGNS, big_campaign, long_text
from wakeup.face import examine
from wakeup.source import Source
from wakeup.syntax import generate, grammar, parse
from wakeup.syntax.parser import drive

LINES = 10_000
ROUNDS = 5


def best(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Return the least wall time of some rounds, in seconds."""
    took = []
    for _ in range(rounds):
        begun = time.perf_counter()
        work()
        took.append(time.perf_counter() - begun)
    return min(took)


def parsing(lines: int) -> None:
    """Text to tree, beside Lark's own."""
    text = long_text(lines).replace("pause channel", "pause it")  # in the grammar alone a noun is never a name
    count = text.count("\n")
    layout = "\n%ignore /\\s+/\n%ignore /#[^\\n]*/\n"
    peer = generate.lark(grammar.grammar_text() + layout)
    lark = best(lambda: peer.parse(text), 3)
    source = Source("long.wake", text)
    raw = best(lambda: drive(source), 3)
    whole = best(lambda: parse(source), 3)
    print(f"text to tree, {count:,} lines")
    for name, seconds in (("Lark alone", lark), ("ours, raw tree", raw), ("ours, nodes", whole)):
        print(f"  {name:22}{count / seconds:10,.0f} lines/s {lark / seconds:6.2f} x Lark")


def checking(lines: int) -> None:
    """A project of many campaigns, and one campaign that is as long as may be."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "shared").symlink_to(CAMPAIGNS / "shared")
        text = (CAMPAIGNS / "beauty_autumn.wake").read_text("utf-8")
        paths = [folder / f"campaign_{n}.wake" for n in range(lines // text.count("\n"))]
        for path in paths:
            path.write_text(text, encoding="utf-8")
        seconds = best(lambda: [examine(path) for path in paths], 3)
    each = text.count("\n")
    total = len(paths) * each
    print(f"check, {len(paths)} campaigns of {each} lines {seconds:6.2f} s {total / seconds:10,.0f} lines/s")
    for size in (800, 1_600, 3_200):
        source = Source("big.wake", big_campaign(size))
        seconds = best(lambda source=source: examine(source), 2)  # type: ignore[misc]
        count = source.text.count("\n")
        print(f"check, one campaign of {count:,} lines {seconds:6.2f} s {count / seconds:10,.0f} lines/s")


def cold() -> None:
    """What a person waits for: a new process each time."""
    campaign = str(CAMPAIGNS / "gift_shop_winback.wake")
    run = "import sys; sys.argv = ['wakeup', 'check', sys.argv[1]]; from wakeup.cli import main; main()"
    rebuilt = f"from wakeup.syntax import grammar; grammar.packaged = lambda name: b''; {run}"
    commands = {
        "python": "pass",
        "import wakeup": "import wakeup",
        "wakeup check FILE": run,
        "the same, tables made": rebuilt,
    }
    print("cold, a new process")
    for name, code in commands.items():
        command = [sys.executable, "-c", code, campaign]
        seconds = best(lambda command=command: subprocess.run(command, capture_output=True, check=True))  # type: ignore[misc]
        print(f"  {name:22}{1000 * seconds:6.0f} ms")


def main(lines: int = LINES) -> None:
    """Print all of it."""
    parsing(lines)
    checking(lines)
    cold()


if __name__ == "__main__":
    main(*(int(each) for each in sys.argv[1:]))
