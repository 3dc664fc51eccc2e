"""One mistake gives one message, on its line: every kind of single mistake at many places of texts that are right.

`pytest -s` prints the table: per kind of mistake how many still parse (what they then mean is for the checks), and of
the others how many give one, two, three or more messages, how many are told on the line of the mistake, and how many of
the first fixes leave a text that parses.
"""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice

import pytest
from attrs import define, field
from tests.syntax.corpus import CAMPAIGNS, HERE
from tests.syntax.mutations import Mutant, mutants

from wakeup.diagnostics import Diagnostic
from wakeup.source import Source
from wakeup.syntax import parse

DOCS = HERE.parents[1] / "docs"


def texts() -> Iterator[str]:
    """Every campaign, and every example of the documentation that stands by itself."""
    for path in sorted([*CAMPAIGNS.rglob("*.wake"), *HERE.glob("*.wake")]):
        yield path.read_text("utf-8")
    for page in sorted(DOCS.glob("*.md")):
        for block in re.findall(r"^```wake\n(.*?)^```", page.read_text("utf-8"), re.MULTILINE | re.DOTALL):
            text = block if block.startswith("wakeup") else f"wakeup 1\n{block}"
            if parse(Source("block", text))[1] == ():
                yield text


@define
class Tally:
    """What came of the mistakes of one kind."""

    messages: Counter[int] = field(factory=Counter)
    placed: int = 0
    fixes: int = 0
    good_fixes: int = 0

    @property
    def told(self) -> int:
        return self.messages.total() - self.messages[0]

    def add(self, mutant: Mutant) -> None:
        source = Source("mutant", mutant.text)
        _, found = parse(source)
        self.messages[min(len(found), 3)] += 1
        if found:
            self.placed += bool(mutant.lines & lines(source, found[0]))
            if found[0].fix is not None:
                self.fixes += 1
                self.good_fixes += mends(source, found[0])


def lines(source: Source, told: Diagnostic) -> set[int]:
    spans = [told.span, *(label.span for label in told.labels)]
    return {
        line
        for span in spans
        if span is not None
        for line in range(source.position(span.start)[0], source.position(span.end)[0] + 1)
    }


def mends(source: Source, told: Diagnostic) -> bool:
    assert told.fix is not None
    start, end = told.fix.span.start, told.fix.span.end
    return parse(Source("mended", source.text[:start] + str(told.fix.replacement) + source.text[end:]))[1] == ()


def measured(step: int) -> dict[str, Tally]:
    tallies: dict[str, Tally] = {}
    for text in texts():
        for mutant in islice(mutants(text), 0, None, step):
            tallies.setdefault(mutant.kind, Tally()).add(mutant)
    return tallies


def printed(tallies: dict[str, Tally]) -> None:
    print(f"\n{'mistake':22}{'parse':>6}{'one':>6}{'two':>5}{'more':>5}{'on its line':>12}{'fix mends':>12}")
    for kind, tally in [*sorted(tallies.items()), ("all", summed(tallies))]:
        counts = tally.messages
        placed = f"{tally.placed / tally.told:.0%}" if tally.told else ""
        mended = f"{tally.good_fixes} of {tally.fixes}" if tally.fixes else ""
        print(f"{kind:22}{counts[0]:6}{counts[1]:6}{counts[2]:5}{counts[3]:5}{placed:>12}{mended:>12}")


def summed(tallies: dict[str, Tally]) -> Tally:
    whole = Tally()
    for each in tallies.values():
        whole.messages += each.messages
        whole.placed += each.placed
        whole.fixes += each.fixes
        whole.good_fixes += each.good_fixes
    return whole


def good(tally: Tally) -> None:
    assert tally.messages[1] >= 0.98 * tally.told
    assert tally.placed >= 0.98 * tally.told
    assert tally.good_fixes >= 0.93 * tally.fixes


def test_one_mistake_one_message() -> None:
    tallies = measured(step=67)
    printed(tallies)
    whole = summed(tallies)
    assert whole.told > 200
    good(whole)


@pytest.mark.proof
def test_one_mistake_one_message_everywhere() -> None:
    tallies = measured(step=1)
    printed(tallies)
    good(summed(tallies))
    for kind, tally in tallies.items():
        assert tally.messages[1] >= 0.9 * tally.told, kind
