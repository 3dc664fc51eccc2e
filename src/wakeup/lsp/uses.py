"""Every name of a project: where it is declared, where it is used.

Read off the tolerant tree, so that names can be found while the file is being written; what the checker would resolve
is resolved here to the same declaration.
"""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Final

from attrs import define, field, frozen

from wakeup.diagnostics import Bag
from wakeup.lang import Module, Project
from wakeup.lang.attributes import ATTRIBUTES
from wakeup.lang.names import NAMESPACE, Names, collect
from wakeup.lang.own_conditions import CATEGORIES
from wakeup.lang.predicates import EVENTS
from wakeup.lang.schema import KINDS
from wakeup.lsp.values import CALLS, CONDITION, NOTHING, SCOPE, TAILS, TYPES
from wakeup.plan import template
from wakeup.source import Span
from wakeup.syntax import nodes as n

BANDED: Final = ("tier", "causes")
"""Kinds whose keys are bands."""

_LISTS: Final[Mapping[str, str]] = {"tags": "tag", "categories": "category"}

Node = n.Decl | n.Import | n.Property | n.Split | n.Arm


@frozen
class Symbol:
    """What a name stands for. `sort` is a namespace of the checker, or one of campaign, import, band, line,
    split, arm, and of what the customers have: field, tag, category.

    `path` is the file that declares it; `name` its own, after those of what it belongs to: ("value", "high").
    """

    sort: str
    path: str
    name: tuple[str, ...]


@frozen
class Use:
    """A place where a name stands; `declares` where it is given."""

    symbol: Symbol
    path: str
    span: Span
    declares: bool = False


@frozen
class Uses:
    """All places, and what was declared: symbol -> the first declaration with its file."""

    places: tuple[Use, ...]
    declared: Mapping[Symbol, tuple[Module, Node]]

    @cached_property
    def _by_path(self) -> Mapping[str, list[Use]]:
        found: dict[str, list[Use]] = {}
        for use in self.places:
            found.setdefault(use.path, []).append(use)
        return found

    def at(self, path: str, offset: int) -> Use | None:
        """The name at an offset of a file, or just before it."""
        here = [use for use in self._by_path.get(path, ()) if use.span.start <= offset <= use.span.end]
        return min(here, key=lambda use: (use.span.end == offset, use.span.end - use.span.start), default=None)

    def of(self, symbol: Symbol) -> Iterator[Use]:
        """The places of a name."""
        return (use for use in self.places if use.symbol == symbol)

    def declaration(self, symbol: Symbol) -> Use | None:
        """The place where a name is given; of several, the first."""
        return next((use for use in self.of(symbol) if use.declares), None)


NO_USES: Final = Uses((), {})


def uses(project: Project) -> Uses:
    """Find every name of a project and of what it imports."""
    walk = _Walk(project, collect(project, Bag()))
    for module in project:
        walk.customers(module)
    for module in project:
        walk.module(module)
    return Uses(tuple(dict.fromkeys(walk.found)), walk.declared)


@define
class _Walk:
    project: Project
    names: Names
    own: dict[tuple[str, str], Symbol] = field(factory=dict)
    found: list[Use] = field(factory=list)
    declared: dict[Symbol, tuple[Module, Node]] = field(factory=dict)

    # ------------------------------------------------------------------ declarations

    def module(self, module: Module) -> None:
        for each in module.file.imports:
            self.declare(module, "import", (each.alias.written,), each.alias.span, each)
        for decl in module.file.decls:
            self.decl(module, decl)

    def customers(self, module: Module) -> None:
        """What the customers' data have: fields, tags and categories, for every file of the project."""
        for decl in module.file.of("customers"):
            for prop in decl.props:
                if (sort := _LISTS.get(prop.key.text)) is None:
                    self.declare_own(module, "field", prop.key.written, prop.key.span, prop)
                    continue
                for name in _listed(prop.value):
                    self.declare_own(module, sort, _text(name), _inner(name), prop)

    def declare_own(self, module: Module, sort: str, name: str, span: Span, prop: n.Property) -> None:
        self.declare(module, sort, (name,), span, prop)
        self.own.setdefault((sort, name), Symbol(sort, module.path, (name,)))

    def use_own(self, module: Module, sort: str, name: n.Value) -> None:
        if isinstance(name, n.Ref | n.String) and (sort, _text(name)) in self.own:
            self.use(module, self.own[sort, _text(name)], _inner(name))

    def decl(self, module: Module, decl: n.Decl) -> None:
        if decl.name is not None and (sort := NAMESPACE.get(decl.kind, decl.kind)):
            self.declare(module, sort, (decl.name.written,), decl.name.span, decl)
        if decl.by is not None and decl.kind != "tier":
            self.ref(module, decl.by, ("tier",))
        if decl.via is not None:
            self.ref(module, decl.via, ("channel",))
        if decl.scope is not None:
            self.ref(module, decl.scope, SCOPE)
        if decl.subject is not None:
            self.phrase(module, decl.subject, ())
        bands = self.bands(module, decl)
        for item in decl.items:
            if isinstance(item, n.Property):
                self.property(module, decl, item, bands)
            else:
                self.statement(module, decl, item)

    def bands(self, module: Module, decl: n.Decl) -> Mapping[str, Symbol]:
        """The bands that the keys of a declaration by a tier name."""
        if decl.by is None or decl.kind == "tier":
            return {}
        tier = self.names.find(module, _written(decl.by), "tier")
        if tier is None:
            return {}
        own = _name(tier.decl)
        return {prop.key.written: Symbol("band", tier.module.path, (own, prop.key.written)) for prop in tier.decl.props}

    def property(self, module: Module, decl: n.Decl, prop: n.Property, bands: Mapping[str, Symbol]) -> None:
        key = prop.key.written
        if decl.kind in BANDED and decl.name is not None:
            self.declare(module, "band", (decl.name.written, key), prop.key.span, prop)
        elif decl.kind == "budget":
            self.declare(module, "line", (key,), prop.key.span, prop)
        elif key in bands:
            self.use(module, bands[key], prop.key.span)
        known = KINDS.get(decl.kind, {}).get(prop.key.text)
        names = () if known is None else TYPES.get(known.type, NOTHING).names
        self.phrase(module, prop.value, CONDITION if decl.kind == "causes" else names)
        if known is not None and known.type == "texts":
            for text in _strings(prop.value):
                self.template(module, text)

    def template(self, module: Module, text: n.String) -> None:
        """The own fields that a message's text is filled with, `{{ field.skin_type }}`."""
        written = module.source.text[text.span.start + 1 : text.span.end - 1]
        # Behind an escape the value and the text run apart: then nothing is said of where its variables stand.
        for variable in template.read(written).variables if written == text.value else ():
            name = variable.name.removeprefix(template.OWN)
            if name != variable.name and ("field", name) in self.own:
                start = text.span.start + 1 + written.index(variable.name, variable.start) + len(template.OWN)
                self.use(module, self.own["field", name], module.source.span(start, start + len(name)))

    def statement(self, module: Module, decl: n.Decl, item: n.Item) -> None:
        match item:
            case n.Send(message=message, incentives=incentives):
                self.ref(module, message, ("message",))
                self.refs(module, incentives, ("incentive",))
            case n.Grant(incentives=incentives):
                self.refs(module, incentives, ("incentive",))
            case n.If(condition=condition, then=then, otherwise=otherwise):
                self.value(module, condition, CONDITION)
                for inner in (*then, *otherwise):
                    self.statement(module, decl, inner)
            case n.Split():
                self.split(module, decl, item)
            case n.Promote(split=n.Ref() as split):
                self.part(module, decl, "split", split)
            case n.AtMost(limit=limit):
                self.phrase(module, limit, ())
            case _:
                pass

    def split(self, module: Module, decl: n.Decl, item: n.Split) -> None:
        own = (_name(decl), item.name.written)
        self.declare(module, "split", own, item.name.span, item)
        for arm in item.arms:
            self.declare(module, "arm", (*own, arm.name.written), arm.name.span, arm)
            for inner in arm.body:
                self.statement(module, decl, inner)

    def part(self, module: Module, decl: n.Decl, sort: str, ref: n.Ref) -> None:
        """A name of something inside the declaration."""
        self.use(module, Symbol(sort, module.path, (_name(decl), ref.written)), ref.span)

    # ------------------------------------------------------------------ values

    def phrase(self, module: Module, phrase: n.Phrase, sorts: tuple[str, ...]) -> None:
        self.value(module, phrase.head, sorts)
        for tail in phrase.tails:
            if tail.value is not None and tail.word in TAILS:
                self.value(module, tail.value, TAILS[tail.word].names)

    def value(self, module: Module, value: n.Value, sorts: tuple[str, ...]) -> None:
        """Names in a value. What is compared is no name, unless it is one of the customers' own."""
        match value:
            case n.Ref():
                if not (sorts == CONDITION and value.text in (*EVENTS, *ATTRIBUTES)):
                    self.ref(module, value, sorts)
            case n.And(items=items) | n.Or(items=items):
                for item in items:
                    self.value(module, item, sorts)
            case n.Not(item=item):
                self.value(module, item, sorts)
            case n.Call(name=name, args=(argument, *_)) if name.text in CALLS:
                self.use_own(module, CALLS[name.text], argument)
            case n.Compare(left=left, right=right):
                self.value(module, left, ())
                if isinstance(left, n.Ref) and left.text in CATEGORIES:
                    self.use_own(module, "category", right)
            case n.ValueList(items=phrases):
                for each in phrases:
                    self.phrase(module, each, sorts)
            case _:
                pass

    def refs(self, module: Module, refs: tuple[n.Ref, ...], sorts: tuple[str, ...]) -> None:
        for ref in refs:
            self.ref(module, ref, sorts)

    def ref(self, module: Module, ref: n.Ref, sorts: tuple[str, ...]) -> None:
        """A name used as one of some sorts: the first that knows it."""
        if sorts and len(ref.parts) > 1:
            self.alias(module, ref.parts[0])
        for sort in sorts:
            if self.resolved(module, ref, sort):
                return

    def alias(self, module: Module, part: n.Name) -> None:
        symbol = Symbol("import", module.path, (part.written,))
        if symbol in self.declared:
            self.use(module, symbol, part.span)

    def resolved(self, module: Module, ref: n.Ref, sort: str) -> bool:
        match sort:
            case "band":
                return self.band(module, ref)
            case "line":
                return self.line(module, ref)
            case "split":
                return False
        entity = self.names.find(module, _written(ref), sort)
        if entity is not None:
            self.use(module, Symbol(sort, entity.module.path, (_name(entity.decl),)), ref.parts[-1].span)
        return entity is not None

    def band(self, module: Module, ref: n.Ref) -> bool:
        tier = self.names.find(module, _written(ref)[:-1], "tier")
        if tier is None:
            return False
        own, path, band = _name(tier.decl), tier.module.path, ref.parts[-1]
        self.use(module, Symbol("tier", path, (own,)), ref.parts[-2].span)
        if any(prop.key.written == band.written for prop in tier.decl.props):
            self.use(module, Symbol("band", path, (own, band.written)), band.span)
        return True

    def line(self, module: Module, ref: n.Ref) -> bool:
        """A budget line is one of the campaign's, also where a library names it."""
        main = self.project.main
        known = any(prop.key.written == ref.written for budget in main.file.of("budget") for prop in budget.props)
        if known:
            self.use(module, Symbol("line", main.path, (ref.written,)), ref.span)
        return known

    # ------------------------------------------------------------------ what was found

    def declare(self, module: Module, sort: str, name: tuple[str, ...], span: Span, node: Node) -> None:
        symbol = Symbol(sort, module.path, name)
        self.declared.setdefault(symbol, (module, node))
        self.found.append(Use(symbol, module.path, span, declares=True))

    def use(self, module: Module, symbol: Symbol, span: Span) -> None:
        self.found.append(Use(symbol, module.path, span))


def _written(ref: n.Ref) -> tuple[str, ...]:
    return tuple(part.written for part in ref.parts)


def _listed(phrase: n.Phrase) -> Iterator[n.Ref | n.String]:
    """The names of a list, with a share or without."""
    for each in phrase.head.items if isinstance(phrase.head, n.ValueList) else (phrase,):
        name = each.head.name if isinstance(each.head, n.Share) else each.head
        if isinstance(name, n.Ref | n.String):
            yield name


def _strings(phrase: n.Phrase) -> Iterator[n.String]:
    """The texts of a message: one, or one for each of some people."""
    for each in phrase.head.items if isinstance(phrase.head, n.ValueList) else (phrase,):
        if isinstance(each.head, n.String):
            yield each.head


def _text(name: n.Ref | n.String) -> str:
    return name.written if isinstance(name, n.Ref) else name.value


def _inner(name: n.Ref | n.String) -> Span:
    """Where the name itself stands, without quotes."""
    span = name.span
    return span if isinstance(name, n.Ref) else Span(span.source, span.start + 1, span.end - 1)


def _name(decl: n.Decl) -> str:
    return "" if decl.name is None else decl.name.written
