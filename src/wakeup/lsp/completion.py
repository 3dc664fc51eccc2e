"""What can stand at the cursor: words of the language in the language of the file, and names that fit."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final

from attrs import define, frozen
from lsprotocol import types

from wakeup.diagnostics import Bag, Language, Severity, registry
from wakeup.format.words import Words
from wakeup.lang import Module, clock
from wakeup.lang.attributes import ATTRIBUTES
from wakeup.lang.claims import known_figures
from wakeup.lang.journeys import MEASURES
from wakeup.lang.kinds import INCENTIVES
from wakeup.lang.names import Names, collect
from wakeup.lang.predicates import EVENTS
from wakeup.lang.schema import KINDS, REPEATABLE
from wakeup.lsp import meanings
from wakeup.lsp.context import Context, context, terminals
from wakeup.lsp.places import Places
from wakeup.lsp.project import importable
from wakeup.lsp.reading import Reading
from wakeup.lsp.values import CALLS, CONDITION, KINDS_OF_CHANNEL, NOTHING, PEOPLE, TAILS, TYPES, Takes
from wakeup.source import Span
from wakeup.syntax import nodes as n
from wakeup.syntax.lexicon import lexicon
from wakeup.terms.behaviour import parameters
from wakeup.terms.variables import ENGINE_VARIABLES, FIELD_VARIABLES

TRIGGERS: Final = (" ", ".", ":", "：", '"', "{")
"""Characters behind which an editor should ask, besides those of words."""

_JOURNEY: Final = ("SEND", "WAIT", "IF", "SPLIT", "PROMOTE", "GRANT", "EXIT")
_CONDITION: Final = Takes(names=CONDITION, words=(*EVENTS, *PEOPLE.words))
_NUMERIC: Final = tuple(name for name, measure in ATTRIBUTES.items() if measure != "text")

_STATEMENTS: Final[Mapping[tuple[str, str], Takes]] = {
    ("SEND", "SEND"): Takes(names=("message",)),
    ("SEND", "WITH"): Takes(names=("incentive",)),
    ("GRANT", "GRANT"): Takes(names=("incentive",)),
    ("WAIT", "FOR"): Takes(words=EVENTS),
    ("SPLIT", "MEASURING"): Takes(words=MEASURES),
    ("PROMOTE", "PROMOTE"): Takes(words=("winner",)),
    ("PROMOTE", "OF"): Takes(names=("split",)),
    ("AT_MOST", "FOR"): Takes(names=("band",)),
    ("AT_MOST", "VIA"): Takes(names=("channel",)),
}
"""(keyword that begins a statement, keyword before the cursor) -> what follows."""

_LINKS: Final[Mapping[tuple[str, str], Takes]] = {
    ("tier", "BY"): Takes(words=_NUMERIC),
    ("message", "VIA"): Takes(names=("channel",)),
    ("journey", "FOR"): Takes(names=CONDITION),
    ("assume", "FOR"): Takes(names=("channel", "incentive"), words=KINDS_OF_CHANNEL, nouns=INCENTIVES),
}
"""(kind, keyword before the cursor) -> what follows in the head of a declaration."""

_FURTHER: Final[Mapping[str, tuple[str, ...]]] = {
    "SEND": ("WITH",),
    "WAIT": ("FOR",),
    "IF": ("AND", "OR"),
    "ELSE": ("IF",),
    "SPLIT": ("MEASURING",),
    "PROMOTE": ("AFTER", "SURE", "OF"),
    "AT_MOST": ("PER", "FOR", "VIA"),
}
"""Keyword that begins a statement -> those that go on with it."""


@frozen
class Offer:
    """One suggestion: what it is called, what kind of thing it is, and what is put in its place if not its name."""

    label: str
    kind: types.CompletionItemKind
    detail: str = ""
    meaning: str = ""
    insert: str | None = None
    snippet: str | None = None


def complete(reading: Reading, offset: int, places: Places, *, snippets: bool) -> list[types.CompletionItem]:
    """Return what can stand at an offset; `snippets`: the editor takes texts with places to fill in."""
    here = context(reading.source.text, offset)
    offers = _Offers(reading, here, offset).all()
    own = here.prefix if here.place != "text" else _last_word(here)
    where = places.span(reading.source, reading.source.span(offset - len(own), offset))
    unique = {offer.label: offer for offer in reversed(list(offers))}
    return [_item(offer, where, rank, snippets=snippets) for rank, offer in enumerate(reversed(unique.values()))]


def _item(offer: Offer, where: types.Range, rank: int, *, snippets: bool) -> types.CompletionItem:
    snippet = offer.snippet if snippets else None
    return types.CompletionItem(
        label=offer.label,
        kind=offer.kind,
        detail=offer.detail or None,
        documentation=offer.meaning or None,
        sort_text=f"{rank:04}",
        insert_text_format=types.InsertTextFormat.PlainText if snippet is None else types.InsertTextFormat.Snippet,
        text_edit=types.TextEdit(where, offer.insert or offer.label if snippet is None else snippet),
    )


def _last_word(here: Context) -> str:
    """The part of a text before the cursor that a suggestion replaces: behind `{{`, else all of it."""
    return here.prefix.rpartition("{{")[2].lstrip() if "{{" in here.prefix else here.prefix


@define
class _Offers:
    reading: Reading
    here: Context
    offset: int

    @property
    def lang(self) -> Language:
        return self.reading.lang

    @property
    def words(self) -> Words:
        return Words(self.lang)

    def all(self) -> Iterator[Offer]:
        by_place: Mapping[str, Callable[[], Iterator[Offer]]] = {
            "top": self.top,
            "head": self.head,
            "item": self.item,
            "value": self.value,
            "statement": self.statement,
            "text": self.text,
        }
        return by_place.get(self.here.place, lambda: iter(()))()

    # ------------------------------------------------------------------ between declarations, and their heads

    def top(self) -> Iterator[Offer]:
        if not self.reading.source.text.strip():
            yield Offer("wakeup 1", types.CompletionItemKind.Keyword, meaning=meanings.keyword("WAKEUP", self.lang))
        for kind in (*lexicon().shapes, *dict.fromkeys(lexicon().claims.values())):
            noun = self.words.noun(kind)
            meaning = meanings.kind(kind, self.lang)
            yield Offer(noun, types.CompletionItemKind.Keyword, "", meaning, snippet=self.skeleton(kind, noun))
        yield from self.keywords(("IMPORT", "ALLOW"))

    def skeleton(self, kind: str, noun: str) -> str | None:
        """A declaration with what it must have, with places to fill in."""
        shape = lexicon().shapes.get(kind)
        if shape is None or shape.holds == "bands":
            return None
        head = f"{noun} ${{1}}" if shape.name == "required" else noun
        if kind == "message":
            head += f" {self.words.keyword('VIA')} ${{2}}"
        keys = [key for key, known in KINDS.get(kind, {}).items() if known.required]
        lines = [f"  {self.key(kind, key)}: ${{{number}}}" for number, key in enumerate(keys, head.count("$") + 1)]
        return "\n".join([f"{head} {{", *(lines or ["  $0"]), "}"])

    def head(self) -> Iterator[Offer]:
        here = self.here
        if here.first == "ALLOW":
            yield from self.codes()
        elif here.words and not here.kind:
            yield from self.keywords(("AS",) if here.first == "IMPORT" and len(here.words) == 2 else ())
        elif here.kind in ("goal", "expect"):
            yield from self.claim()
        elif here.follows:
            takes = _LINKS.get((here.kind, here.last))
            yield from self.takes(Takes(names=("tier",)) if takes is None and here.last == "BY" else takes or NOTHING)
        else:
            shape = lexicon().shapes.get(here.kind)
            links = () if shape is None or len(here.words) < 1 + (shape.name == "required") else shape.links
            yield from self.keywords(tuple(sorted(link.upper() for link in links)))

    def claim(self) -> Iterator[Offer]:
        if len(self.here.words) == 1:
            yield from self.closed(known_figures())
        elif self.here.kind == "expect" and not self.here.follows:
            yield from self.keywords(("SURE", "ALWAYS"))

    # ------------------------------------------------------------------ inside a declaration

    def item(self) -> Iterator[Offer]:
        kind = self.here.kind
        yield from self.keys(kind)
        if kind == "journey":
            yield from self.keywords(_JOURNEY)
        elif kind == "cadence":
            yield from self.keywords(("AT_MOST",))
        yield from self.keywords(("ALLOW",))

    def keys(self, kind: str) -> Iterator[Offer]:
        """The properties that are not there yet; those that must be, first."""
        said = {(prop.key.text, prop.key.written) for decl in self.around() for prop in decl.props}
        texts, written = {text for text, _ in said}, {each for _, each in said}
        for band in self.bands():
            if band not in written:
                yield Offer(band, types.CompletionItemKind.EnumMember, insert=f"{band}: ")
        for key in self.all_keys(kind):
            if key not in texts or (kind, key) in REPEATABLE:
                told = self.key(kind, key)
                meaning = meanings.key(kind, key, self.lang)
                yield Offer(told, types.CompletionItemKind.Property, kind, meaning, insert=f"{told}: ")

    def all_keys(self, kind: str) -> list[str]:
        """The keys that a kind may have, those that it must have first."""
        if kind == "assume":
            return list(parameters())
        if kind == "customers":
            return ["tags", "categories"]
        known = KINDS.get(kind, {})
        return sorted(known, key=lambda key: not known[key].required)

    def around(self) -> Iterator[n.Decl]:
        """The declaration that the cursor is in, as far as it could be read: the last that begins before it."""
        decls = () if self.reading.file is None else self.reading.file.decls
        last = max((decl for decl in decls if decl.span.start < self.offset), key=_start, default=None)
        if last is not None and last.kind == self.here.kind:
            yield last

    def bands(self) -> Iterator[str]:
        """The bands of the tier that the declaration is by."""
        for decl in self.around():
            tier = None if decl.by is None or decl.kind == "tier" else self.find(decl.by, "tier")
            yield from () if tier is None else (prop.key.written for prop in tier.props)

    def value(self) -> Iterator[Offer]:
        here = self.here
        type_ = self.type()
        takes = PEOPLE if here.kind == "causes" else TYPES.get(type_, NOTHING)
        if here.calls:
            yield from self.parts(CALLS[here.calls])
        elif here.follows and here.last == "FOR":
            yield from self.takes(_CONDITION if type_ == "texts" else NOTHING)
        elif here.follows and here.last.lower() in TAILS:
            yield from self.takes(TAILS[here.last.lower()])
        elif not here.words:
            yield from self.takes(takes)
            yield from self.instead(type_)
        elif here.words[-1] in ",，、" or (here.last in ("AND", "OR", "NOT") and here.follows):
            yield from self.takes(takes)
        elif takes.names == CONDITION:
            yield from self.keywords(("AND", "OR"))

    def type(self) -> str:
        """The type of the property that the cursor is in, as the checker's table names it."""
        known = KINDS.get(self.here.kind, {}).get(self.here.key)
        return "" if known is None else known.type

    def instead(self, type_: str) -> Iterator[Offer]:
        """What begins with a keyword where a value begins."""
        if type_ == "reaction":
            yield Offer(self.pause(), types.CompletionItemKind.Value, meaning=meanings.keyword("PAUSE", self.lang))
        if self.here.kind == "causes":
            yield from self.keywords(("OTHERWISE",))

    def pause(self) -> str:
        return f"{self.words.keyword('PAUSE')} {self.closed_word('channel')}"

    def statement(self) -> Iterator[Offer]:
        here = self.here
        if here.follows and (takes := _STATEMENTS.get((here.first, here.last))) is not None:
            yield from self.takes(takes)
        elif here.words[-1] in ",，、" and {"WITH", "GRANT"} & {*terminals(here.words)}:
            yield from self.takes(Takes(names=("incentive",)))
        elif here.calls:
            yield from self.parts(CALLS[here.calls])
        elif here.first in ("IF", "ELSE") and here.follows and here.last != "ELSE":
            yield from self.condition()
        elif here.first == "ALLOW" and here.follows:
            yield from self.codes()
        elif not here.follows or here.first == "ELSE":
            yield from self.keywords(_FURTHER.get(here.first, ()))

    def condition(self) -> Iterator[Offer]:
        if self.here.last == "NO":
            yield from self.closed(EVENTS)
            return
        yield from self.takes(_CONDITION)
        yield from self.keywords(("NOT",))
        if self.lang == "en":
            yield from self.keywords(("NO",))
            return
        for event in EVENTS:  # one word in Chinese: 未下单
            meaning = meanings.keyword("NO", self.lang)
            yield Offer(f"未{self.closed_word(event)}", types.CompletionItemKind.Value, meaning=meaning)

    # ------------------------------------------------------------------ in texts

    def text(self) -> Iterator[Offer]:
        here = self.here
        if here.first == "IMPORT":
            yield from (Offer(path, types.CompletionItemKind.File) for path in importable(self.reading))
        elif self.type() == "zone":
            yield from (Offer(name, types.CompletionItemKind.Value) for name in clock.zone_names())
        elif here.kind == "message" and "{{" in here.prefix and "}}" not in here.prefix.rpartition("{{")[2]:
            for name in (*ENGINE_VARIABLES, *FIELD_VARIABLES):
                yield Offer(name, types.CompletionItemKind.Variable, meaning=meanings.variable(name, self.lang))

    # ------------------------------------------------------------------ words and names

    def codes(self) -> Iterator[Offer]:
        """What was found here and may be allowed."""
        found = (each for each in self.reading.problems if each.severity is not Severity.ERROR)
        for each in found if len(self.here.words) == 1 else ():
            told = registry()[each.code]
            yield Offer(each.code, types.CompletionItemKind.Constant, meaning=told.heading(self.lang))

    def takes(self, takes: Takes) -> Iterator[Offer]:
        yield from self.names(takes.names)
        yield from self.closed(takes.words)
        for noun in takes.nouns:
            meaning = meanings.kind(noun, self.lang)
            yield Offer(self.words.noun(noun), types.CompletionItemKind.Keyword, meaning=meaning)
        yield from (Offer(text, types.CompletionItemKind.Unit) for text in takes.texts)

    def keywords(self, keywords: Sequence[str]) -> Iterator[Offer]:
        for terminal in keywords:
            meaning = meanings.keyword(terminal, self.lang)
            yield Offer(self.words.keyword(terminal), types.CompletionItemKind.Keyword, "", meaning)

    def closed(self, words: Iterable[str]) -> Iterator[Offer]:
        for word in words:
            yield Offer(self.closed_word(word), types.CompletionItemKind.Value, "", meanings.word(word, self.lang))

    def closed_word(self, word: str) -> str:
        return self.words.word(_named(word), event=word in EVENTS)

    def key(self, kind: str, key: str) -> str:
        return self.words.key(kind, _named(key))

    def names(self, sorts: Iterable[str]) -> Iterator[Offer]:
        if self.reading.project is None:
            return
        main = self.reading.project.main
        table = collect(self.reading.project, Bag())
        for sort in sorts:
            match sort:
                case "band":
                    yield from self.all_bands(table, main)
                case "line":
                    yield from self.parts("line")
                case "split":
                    yield from self.parts("split")
                case _:
                    yield from self.declared(table, main, sort)

    def declared(self, table: Names, main: Module, sort: str) -> Iterator[Offer]:
        for written in table.visible(main, sort):
            entity = table.find(main, tuple(written.split(".")), sort)
            title = "" if entity is None or entity.decl.title is None else f" · {entity.decl.title.value}"
            noun = "" if entity is None else self.words.noun(entity.kind)
            doc = "" if entity is None else entity.decl.doc or ""
            yield Offer(written, types.CompletionItemKind.Reference, noun + title, doc)

    def all_bands(self, table: Names, main: Module) -> Iterator[Offer]:
        for written in table.visible(main, "tier"):
            entity = table.find(main, tuple(written.split(".")), "tier")
            for prop in () if entity is None else entity.decl.props:
                told = " ".join(entity.module.source.text_of(prop.value.span).split()) if entity else ""
                yield Offer(f"{written}.{prop.key.written}", types.CompletionItemKind.EnumMember, told)

    def parts(self, sort: str) -> Iterator[Offer]:
        symbols = (symbol for symbol in self.reading.uses.declared if symbol.sort == sort)
        yield from (Offer(symbol.name[-1], types.CompletionItemKind.Reference) for symbol in symbols)

    def find(self, ref: n.Ref, sort: str) -> n.Decl | None:
        if self.reading.project is None:
            return None
        table = collect(self.reading.project, Bag())
        entity = table.find(self.reading.project.main, tuple(part.written for part in ref.parts), sort)
        return None if entity is None else entity.decl


def _start(decl: n.Decl) -> int:
    return decl.span.start


def _named(word: str) -> n.Name:
    return n.Name(word, word, Span("", 0, 0))
