"""What a rehearsal showed, on a terminal: whether it is the simulation's, and which limits held."""

from collections.abc import Mapping, Sequence
from typing import Final

from attrs import frozen
from rich.console import Console

from wakeup.diagnostics import Piece, Say
from wakeup.report.speech import Speech
from wakeup.report.terminal import plain, table
from wakeup.terms.language import Language


@frozen
class Held:
    """A limit: its word, how often it could have been broken, how often it was."""

    name: str
    looked: int
    broken: int


WORDS: Final[Mapping[str, Piece]] = {
    "once": Say("Each message reaches its person at most once"),
    "arrived": Say("What counts as sent has arrived"),
    "cap": Say("Frequency caps"),
    "gap": Say("Gap between two messages"),
    "quiet": Say("Quiet hours"),
    "consent": Say("Nothing after an opt-out or a complaint"),
    "rate": Say("Rate of the channels"),
    "budget": Say("Budget lines, by sends"),
    "supplies": Say("Stock, codes and places"),
    "codes": Say("A code has one owner"),
}
"""What each limit is called."""

_STATES: Final[Mapping[str, Piece]] = {
    "sent": Say("sent"),
    "refused": Say("refused by the provider"),
    "unknown": Say("unknown for good: counted as sent"),
    "doubt": Say("in doubt: counted as sent"),
    "ready": Say("never sent: not in time"),
    "waiting": Say("waiting for a person"),
    "inflight": Say("under way"),
}


def show_agreement(rows: int, reasons: Mapping[str, int], console: Console, lang: Language = "en") -> None:
    """Print that the trace is the simulation's, with the reasons of refusals that both have."""
    s = Speech(lang)
    told = s.say("Equal to the simulation, row by row: {rows} rows.", rows=f"{rows:,}")
    parts = [f"{s.short_reason(name)} {count:,}" for name, count in reasons.items()]
    if parts:
        told = s.run_on((told, s.say("Refusals in both: {reasons}.", reasons=", ".join(parts))))
    console.print(plain(told))


def show_limits(limits: Sequence[Held], sends: Mapping[str, int], console: Console, lang: Language = "en") -> None:
    """Print what had to hold and how often it was broken, and what became of the sends."""
    s = Speech(lang)
    rows = [(s.told(WORDS[each.name]), f"{each.looked:,}", f"{each.broken:,}") for each in limits if each.looked]
    head = (s.say("Limit"), s.say("Looked at"), s.say("Broken"))
    console.print(table(s.say("What held, by the log of the provider"), head, rows))
    parts = [f"{s.told(_STATES[name])} {sends[name]:,}" for name in _STATES if sends.get(name)]
    if parts:
        console.print(plain(s.say("Sends: {states}.", states=", ".join(parts))))
