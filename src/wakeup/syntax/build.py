"""Raw tree -> nodes: canonical words, exact literals, and what may stand where."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping

from attrs import define, field

from wakeup.diagnostics import Diagnostic, Fix, Named, Say, Word, diagnostic
from wakeup.source import Source, Span
from wakeup.syntax import nodes as n
from wakeup.syntax.attempts import said_otherwise
from wakeup.syntax.lexicon import Noun, canonical_key, lexicon
from wakeup.syntax.parser import Parsed
from wakeup.syntax.phrases import PhraseBuilder
from wakeup.syntax.raw import Raw, child, children, tokens
from wakeup.syntax.stack import Token, Tree

FIELD_KEYS = ("tags", "categories")
"""Keys of the customers' block that are words of the language; all others name fields."""

VERSION = 1
"""The version of the language that this program reads."""

_HOLDS_STATEMENTS: Mapping[str, tuple[type, ...]] = {
    "props": (),
    "bands": (),
    "fields": (),
    "caps": (n.AtMost,),
    "journey": (n.Send, n.Grant, n.Wait, n.If, n.Split, n.Promote, n.Exit, n.AtMost),
}
_WORDS: Mapping[type, str] = {
    n.Send: "send", n.Grant: "grant", n.Wait: "wait", n.If: "if", n.Split: "split", n.Promote: "promote",
    n.Exit: "exit", n.AtMost: "at most", n.Allow: "allow",
}  # fmt: skip
_LINKS: Mapping[str, str] = {"BY": "by", "VIA": "via", "FOR": "for"}


def build(source: Source, parsed: Parsed) -> tuple[n.File, tuple[Diagnostic, ...]]:
    """Turn what the drive loop left into a File; returns it with what is wrong inside single pieces."""
    raw = Raw(source)
    builder = _Builder(source, raw, PhraseBuilder(raw), parsed.docs)
    return builder.file(parsed), tuple(raw.found)


@define
class _Builder:
    source: Source
    raw: Raw
    phrases: PhraseBuilder
    docs: Mapping[int, str]
    _kind: str = field(default="", init=False)

    # ------------------------------------------------------------------ file

    def file(self, parsed: Parsed) -> n.File:
        """Build the whole file."""
        imports: list[n.Import] = []
        decls: list[n.Decl] = []
        allows: list[n.Allow] = []
        version: int | None = None
        entries = [each for each in (parsed.tree.children if parsed.tree else ()) if isinstance(each, Tree)]
        for entry in entries:
            match entry.data:
                case "version":
                    version = self._version(entry, first=entry is entries[0])
                case "import":
                    imports.append(self._import(entry))
                case "decl":
                    decls.append(self._decl(entry))
                case "budget":
                    decls.append(self._budget(entry))
                case "allow":
                    allows.append(self._allow(entry, self.raw.span(entry)))
                case _:
                    decls.append(self._claim(entry))
        if version is None and not any(entry.data == "version" for entry in entries) and not parsed.found:
            self._no_version()
        whole = self.source.span(0, len(self.source.text))
        return n.File(version, tuple(imports), tuple(decls), parsed.comments, whole, tuple(allows))

    def _no_version(self) -> None:
        start = self.source.span(0, 0)
        fix = Fix(start, f"wakeup {VERSION}\n\n", Say("add the version line"))
        self.raw.tell(diagnostic("WK1011", start, fix=fix, version=VERSION))

    def _version(self, tree: Tree, *, first: bool) -> int | None:
        span = self.raw.span(tree)
        number = tokens(tree)[1]
        if not first:
            self.raw.tell(diagnostic("WK1013", span))
        if not (number.isascii() and number.isdigit()) or not 1 <= int(number[:9]) <= VERSION:
            place = self.raw.place(number)
            fix = Fix(place, str(VERSION), Say("write"))
            self.raw.tell(diagnostic("WK1012", place, fix=fix, found=str(number), version=VERSION))
            return None
        return int(number)

    def _import(self, tree: Tree) -> n.Import:
        path = self.phrases.string(child(tree, "string"))
        return n.Import(path, self._declared(tokens(tree)[-1]), self.raw.span(tree))

    # ------------------------------------------------------------------ declarations

    def _decl(self, tree: Tree) -> n.Decl:
        words = tokens(tree)
        kind = lexicon().nouns[words[0]]
        shape = lexicon().shapes[kind]
        name = self._declared(words[1]) if len(words) > 1 else None
        head = self.raw.place(words[0]) if name is None else self.raw.place(words[0]).join(name.span)
        if shape.name == "required" and name is None:
            self.raw.tell(diagnostic("WK1061", head, kind=Named(kind)))
        if shape.name == "none" and name is not None:
            fix = Fix(name.span, "", Say("remove the name"))
            self.raw.tell(diagnostic("WK1062", name.span, fix=fix, kind=Named(kind)))
        titles = children(tree, "string")
        links = self._links(tree, shape)
        return n.Decl(
            kind=kind,
            name=name,
            title=self.phrases.string(titles[0]) if titles else None,
            subject=None,
            by=links.get("by"),
            via=links.get("via"),
            scope=links.get("for"),
            items=self._block(child(tree, "block"), shape.holds, kind, outermost=True),
            doc=self._doc(tree),
            head=head,
            span=self.raw.span(tree),
        )

    def _links(self, tree: Tree, shape: Noun) -> dict[str, n.Ref]:
        found: dict[str, n.Ref] = {}
        for link in children(tree, "link"):
            word, target = tokens(link)
            link_word = _LINKS[word.type]
            if link_word not in shape.links or link_word in found:
                self.raw.tell(diagnostic("WK1063", self.raw.span(link), word=str(word), kind=Named(shape.kind)))
            found.setdefault(link_word, self.phrases.ref(target))
        return found

    def _budget(self, tree: Tree) -> n.Decl:
        noun = self.raw.place(tokens(tree)[0])
        total = self.phrases.literal(child(tree, "literal"))
        return n.Decl(
            kind="budget",
            name=None,
            title=None,
            subject=n.Phrase(total, (), total.span),
            by=None,
            via=None,
            scope=None,
            items=self._block(child(tree, "block"), "bands", "budget", outermost=True),
            doc=self._doc(tree),
            head=noun,
            span=self.raw.span(tree),
        )

    def _claim(self, tree: Tree) -> n.Decl:
        noun = tokens(tree)[0]
        subject = self.phrases.phrase(child(tree, "phrase"))
        return n.Decl(
            kind=lexicon().claims[noun],
            name=None,
            title=None,
            subject=subject,
            by=None,
            via=None,
            scope=None,
            items=(),
            doc=self._doc(tree),
            head=self.raw.place(noun),
            span=self.raw.span(tree),
        )

    def _declared(self, token: Token) -> n.Name:
        """A name that is being given: one word, in its normal form."""
        span = self.raw.place(token)
        if "." in token:
            self.raw.tell(diagnostic("WK1064", span, name=str(token)))
        normal = unicodedata.normalize("NFKC", token)
        if normal != token:
            self.raw.tell(diagnostic("WK1065", span, fix=Fix(span, normal, Say("write")), name=normal))
        return n.Name(str(token), str(token), span)

    def _doc(self, tree: Tree) -> str | None:
        return self.docs.get(self.raw.span(tree).start)

    # ------------------------------------------------------------------ blocks

    def _block(self, tree: Tree, holds: str, kind: str, *, outermost: bool = False) -> tuple[n.Item, ...]:
        items: list[n.Item] = []
        statements = (*_HOLDS_STATEMENTS[holds], n.Allow) if outermost else _HOLDS_STATEMENTS[holds]
        for each in tree.children:
            if isinstance(each, Token):
                self._separator(each, items)
                continue
            item = self._property(each, holds, kind) if each.data == "prop" else self._statement(each)
            if not isinstance(item, (n.Property, *statements)):
                word = Word(_WORDS[type(item)])
                told = Say("write it into the declaration itself") if isinstance(item, n.Allow) else None
                self.raw.tell(diagnostic("WK1060", item.span, help=told, word=word, kind=Named(kind)))
                continue
            items.append(item)
        return tuple(items)

    def _separator(self, token: Token, items: list[n.Item]) -> None:
        if token.type == "SEP" and items and not isinstance(items[-1], n.Property):
            place = self.raw.place(token)
            self.raw.tell(diagnostic("WK1028", place, fix=Fix(place, ";", Say("write `;` or begin a new line"))))

    def _property(self, tree: Tree, holds: str, kind: str) -> n.Property:
        token = tokens(tree)[0]
        written = str(token)
        canonical = canonical_key(kind, written)
        if holds == "bands" or (holds == "fields" and canonical not in FIELD_KEYS):
            canonical = written  # a name that the author gives
        value = self.phrases.value(child(tree, "phrases"))
        key = n.Name(canonical, written, self.raw.place(token))
        return n.Property(key, value, self._doc(tree), self.raw.span(tree))

    def _statement(self, tree: Tree) -> n.Statement:
        built: Mapping[str, Callable[[Tree, Span], n.Statement]] = {
            "send": lambda tree, span: n.Send(self.phrases.ref(tokens(tree)[1]), self._names(tree), span),
            "grant": lambda tree, span: n.Grant(self._names(tree), span),
            "wait": self._wait,
            "if": self._if,
            "split": self._split,
            "promote": self._promote,
            "exit": lambda _tree, span: n.Exit(span),
            "at_most": lambda tree, span: n.AtMost(self.phrases.cap(tree), span),
            "allow": self._allow,
        }
        return built[tree.data](tree, self.raw.span(tree))

    def _allow(self, tree: Tree, span: Span) -> n.Allow:
        token = tokens(tree)[1]
        code = n.Name(str(token), str(token), self.raw.place(token))
        return n.Allow(code, self.phrases.string(child(tree, "string")), span)

    def _names(self, tree: Tree) -> tuple[n.Ref, ...]:
        return tuple(self.phrases.ref(token) for names in children(tree, "names") for token in tokens(names, "NAME"))

    def _wait(self, tree: Tree, span: Span) -> n.Wait:
        times = children(tree, "literal")
        events: list[n.Ref] = []
        known = None if times else said_otherwise(self.source, span)
        for tail in children(tree, "for") if known is None else ():
            events += self.phrases.events(tail)
        if not times:
            self.raw.tell(known or diagnostic("WK1066", span))
        return n.Wait(
            time=self.phrases.literal(times[0]) if times else None,
            until=any(token.type == "UNTIL" for token in tokens(tree)),
            events=tuple(events),
            span=span,
        )

    def _if(self, tree: Tree, span: Span) -> n.If:
        conditions, blocks = children(tree, "or_expr"), children(tree, "block")
        bodies = [self._block(block, "journey", "journey") for block in blocks]
        otherwise: tuple[n.Item, ...] = bodies[len(conditions)] if len(bodies) > len(conditions) else ()
        if self.raw.too_many(len(conditions), span):
            return n.If(self.phrases.predicate(conditions[0]), bodies[0], (), span)
        for at in range(len(conditions) - 1, 0, -1):
            inner = self.source.span(self.raw.span(conditions[at]).start, span.end)
            otherwise = (n.If(self.phrases.predicate(conditions[at]), bodies[at], otherwise, inner),)
        return n.If(self.phrases.predicate(conditions[0]), bodies[0], otherwise, span)

    def _split(self, tree: Tree, span: Span) -> n.Split:
        measuring: n.Ref | None = None
        within: n.Literal | None = None
        for part in children(tree, "measuring"):
            measuring = self.phrases.ref(tokens(part)[1])
            within = self.phrases.only(self.phrases.tails(part), "split", ("within",)).get("within")
        arms = tuple(self._arm(each) for each in children(tree, "arm"))
        return n.Split(self._declared(tokens(tree)[1]), measuring, within, arms, span)

    def _arm(self, tree: Tree) -> n.Arm:
        words = tokens(tree)
        names = tokens(tree, "NAME")
        apart = next((self.raw.place(word) for word in words if word.type == "PERCENT"), None)
        share = self.phrases.share(words[0], apart)
        titles = children(tree, "string")
        title = self.phrases.string(titles[0]) if titles else None
        body = self._block(child(tree, "block"), "journey", "journey")
        return n.Arm(share, self._declared(names[0]), title, body, self.raw.span(tree))

    def _promote(self, tree: Tree, span: Span) -> n.Promote:
        tails = self.phrases.tails(tree)
        found = self.phrases.only(tails, "promote", ("after", "sure", "of"))
        target = self.phrases.ref(tokens(tree)[1])
        of = next((tail.value for tail in tails if tail.word == "of"), None)
        return n.Promote(
            target=n.Name(target.text, target.written, target.span),
            split=of if isinstance(of, n.Ref) else None,
            after=found.get("after"),
            sure=found.get("sure"),
            span=span,
        )
