"""The texts of a message: one for everybody, or several, each for some people, and the last for the rest."""

from typing import Final

from wakeup.diagnostics import Count, Typed, diagnostic
from wakeup.lang.predicates import Conditions
from wakeup.lang.reader import Reader
from wakeup.lang.values import Texts, Wording
from wakeup.syntax import nodes
from wakeup.syntax.nodes import Property

MAX_TEXT: Final = 20_000
"""Characters of a message's text: what is longer is a page, and belongs behind a link."""


def texts(reader: Reader, prop: Property) -> Texts | None:
    """`"…"`, or `"…" for value.high, "…" for tag(new_mother), "…"`."""
    head = prop.value.head
    phrases = head.items if isinstance(head, nodes.ValueList) else (prop.value,)
    found = [_wording(reader, prop.key.text, phrase) for phrase in phrases]
    read = [each for each in found if each is not None]
    if len(read) < len(found) or not _in_order(reader, prop, read):
        return None
    return Texts(read[-1], tuple(read[:-1]))


def _in_order(reader: Reader, prop: Property, read: list[Wording]) -> bool:
    """Whether every text but the last says whom it is for, and the last does not."""
    early = next((each for each in read[:-1] if each.match is None), None)
    if early is not None:
        reader.bag.add(diagnostic("WK2124", early.span))
    elif read[-1].match is not None:
        reader.bag.add(diagnostic("WK2123", prop.value.span))
    return early is None and read[-1].match is None


def _wording(reader: Reader, key: str, phrase: nodes.Phrase) -> Wording | None:
    reader.tails(phrase, key, "for")
    head, whom = phrase.head, phrase.tail("for")
    match = None
    if whom is not None and whom.value is not None:
        match = Conditions(reader, events=True).read(whom.value)
    if not isinstance(head, nodes.String):
        reader.shape(key, Typed('"…"'), head.span)
        return None
    if not head.value.strip():
        reader.outside(key, Typed('"…"'), head.span)
        return None
    if len(head.value) > MAX_TEXT:
        reader.outside(key, Count(MAX_TEXT, "character"), head.span)
        return None
    return None if whom is not None and match is None else Wording(head.value, match, head.span)
