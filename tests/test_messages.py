"""Two lists that anybody may add to: what people write at first and what they are told (attempts.md), and messages
that are still judged poor (poor_messages.md). Both hold pieces of campaigns, read behind a campaign that is right."""

import re
from collections.abc import Iterable
from pathlib import Path

import pytest

import wakeup
from wakeup.diagnostics import Diagnostic, Severity
from wakeup.source import Source

HERE = Path(__file__).parent
BASE = """wakeup 1
campaign spring {
  currency: CNY
  timezone: "Asia/Shanghai"
  run: 2027-03-01 through 2027-04-30
  audience: days_since_order >= 60d
  holdout: 10%
  awake: order
  margin: 50%
}
goal conversion >= 4%
budget 100_000 CNY { promotion: 100_000 CNY }
channel box { kind: email, cost: 0 CNY per message, optout: none }
coupon ten { discount: 10 CNY off 50 CNY, valid: 21d, limit: 1 per person, line: promotion }
message hello via box { text: "Hello {{ first_name }}" }
segment base { where: orders >= 2 }
journey main for base {
  start: 500 per day from 2027-03-01 at 10:00
  send hello with ten
}
"""
HEAD = "wakeup 1\n"


def found(piece: str) -> tuple[Source, list[Diagnostic]]:
    """Check a piece; what is said about the campaign before it does not count."""
    base = HEAD if piece.startswith(("campaign", "活动")) else BASE
    source = Source("piece.wake", base + piece)
    return source, [each for each in wakeup.check(source) if each.span and each.span.start >= len(base)]


def test_the_base_is_right() -> None:
    assert [each for each in wakeup.check(Source("base.wake", BASE)) if each.severity is Severity.ERROR] == []


# --------------------------------------------------------------------------- what people write at first

ROWS = re.findall(r"^\| `(.+)` \| (?:`(.*)` )?\|$", (HERE / "attempts.md").read_text("utf-8"), re.MULTILINE)


@pytest.mark.parametrize(("piece", "instead"), ROWS, ids=[piece for piece, _ in ROWS])
def test_attempt(piece: str, instead: str) -> None:
    source, told = found(piece)
    assert syntax(told) == ["WK1038"], told
    first = told[0]
    assert first.help == (f"write `{instead}`" if instead else "remove it")
    if first.fix is not None:
        start, end = first.fix.span.start, first.fix.span.end
        mended = source.text[:start] + str(first.fix.replacement) + source.text[end:]
        assert syntax(wakeup.check(Source("mended.wake", mended))) == []


def syntax(told: Iterable[Diagnostic]) -> list[str]:
    return [each.code for each in told if each.code.startswith("WK1")]


def test_every_row_was_read() -> None:
    assert len(ROWS) > 50


# --------------------------------------------------------------------------- messages still judged poor

POOR = HERE / "poor_messages.md"
ENTRY = re.compile(r"^```wake\n(?P<piece>.*?)```\n\n```text\n(?P<told>.*?)```$", re.MULTILINE | re.DOTALL)


def shown(piece: str) -> str:
    source, told = found(piece)
    rows = (f"{each.code} {source.text_of(each.span)!r}: {each.message}; {each.help}" for each in told if each.span)
    return "".join(f"{row}\n" for row in rows) or "nothing\n"


ENTRIES = list(ENTRY.finditer(POOR.read_text("utf-8")))


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda each: each["piece"].strip())
def test_poor_message(entry: re.Match[str], update_golden: bool) -> None:
    """A message that became better must leave the list, or say here what it says now (`pytest --update-golden`)."""
    told = shown(entry["piece"])
    if update_golden:
        text = POOR.read_text("utf-8")
        POOR.write_text(text.replace(entry[0], entry[0].replace(entry["told"], told)), encoding="utf-8")
    else:
        assert told == entry["told"]
