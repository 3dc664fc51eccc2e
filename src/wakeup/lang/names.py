"""Names: who declares what, and whom a reference means.

Each kind of thing has a namespace of its own, so a coupon and a journey may share a name; the kinds of incentive
share one, because `send … with` names any of them.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from attrs import field, frozen

from wakeup.diagnostics import Bag, Diagnostic, Fix, Label, Listed, Noun, Say, Text, diagnostic, suggest
from wakeup.lang.kinds import INCENTIVES
from wakeup.lang.project import Module, Project
from wakeup.plan.model import OwnField
from wakeup.source import Span
from wakeup.syntax.nodes import Decl, Ref

NAMESPACE: Final[Mapping[str, str]] = {
    "tier": "tier",
    "causes": "tier",
    "segment": "segment",
    **dict.fromkeys((*INCENTIVES, "bundle"), "incentive"),
    "cost": "cost",
    "staff": "staff",
    "channel": "channel",
    "message": "message",
    "journey": "journey",
    "scenario": "scenario",
    "guard": "guard",
    "phase": "phase",
}
"""Kind of a named declaration -> its namespace."""

ONCE: Final = frozenset({"campaign", "budget", "cadence", "customers"})
"""Kinds of which a campaign has one."""

SHARED: Final = frozenset(
    {"tier", "causes", "customers", "segment", *INCENTIVES, "bundle", "staff", "channel", "message", "assume"}
)
"""Kinds that a file may offer to those who import it; all others belong to one campaign."""


@frozen
class Entity:
    """A named declaration. `name` is its name in the plan ("cn.sms")."""

    kind: str
    name: str
    decl: Decl
    module: Module

    @property
    def span(self) -> Span:
        """Where the name stands."""
        return self.decl.head if self.decl.name is None else self.decl.name.span


@frozen
class Own:
    """What `customers { … }` declares, with the place of each name by ("field", "tag" or "category", name)."""

    declared: tuple[OwnField, ...]
    places: Mapping[tuple[str, str], Span]

    def field(self, name: str) -> OwnField | None:
        """The own field of this name."""
        return next(
            (each for each in self.declared if each.name == name and each.sort not in ("tag", "category")), None
        )

    def names(self, sort: str) -> list[str]:
        """All names of a sort."""
        return [name for each, name in self.places if each == sort]


@frozen
class Names:
    """All named declarations: by module, namespace and the name as written there.

    `own` is None where nobody declares what the customers' data have: then every name is taken as there.
    """

    project: Project
    table: Mapping[tuple[str, str, str], Entity] = field(factory=dict)
    own: Own | None = None

    def of(self, namespace: str) -> Iterator[Entity]:
        """The entities of a namespace, the campaign file's first, in file order."""
        return (entity for (_, space, _), entity in self.table.items() if space == namespace)

    def find(self, module: Module, parts: tuple[str, ...], namespace: str) -> Entity | None:
        """The entity that a dotted name means inside a module, or None."""
        if len(parts) == 1:
            return self.table.get((module.path, namespace, parts[0]))
        if len(parts) == 2 and parts[0] in module.aliases:
            return self.table.get((module.aliases[parts[0]], namespace, parts[1]))
        return None

    def visible(self, module: Module, namespace: str) -> list[str]:
        """The names of a namespace as they are written inside a module."""
        prefixes = {module.path: ""} | {path: f"{alias}." for alias, path in module.aliases.items()}
        return [prefixes[path] + name for path, space, name in self.table if space == namespace and path in prefixes]

    def bands(self, module: Module) -> list[str]:
        """The bands of tiers as they are written inside a module: "value.high"."""
        found = []
        for written in self.visible(module, "tier"):
            tier = self.find(module, tuple(written.split(".")), "tier")
            found += [f"{written}.{prop.key.written}" for prop in tier.decl.props] if tier else []
        return found

    def resolve(self, bag: Bag, module: Module, ref: Ref, namespace: str) -> Entity | None:
        """The entity a reference means; None after a diagnostic that says what is wrong with it."""
        parts = tuple(part.written for part in ref.parts)
        entity = self.find(module, parts, namespace)
        if entity is None:
            self.unknown(bag, module, ref, namespace)
        return entity

    def unknown(self, bag: Bag, module: Module, ref: Ref, namespace: str) -> None:
        """Report a reference that means nothing of the wanted kind."""
        parts = tuple(part.written for part in ref.parts)
        for other in dict.fromkeys(NAMESPACE.values()):
            found = self.find(module, parts, other)
            if found is not None:
                here = Label(found.span, Say("`{name}` is declared here", name=ref.written))
                bag.add(
                    diagnostic(
                        "WK2008",
                        ref.span,
                        labels=(here,),
                        name=ref.written,
                        actual=Noun(found.kind),
                        wanted=Noun(namespace),
                    )
                )
                return
        bag.add(unknown(ref.written, ref.span, namespace, self.visible(module, namespace)))


def unknown(name: str, span: Span, kind: str, known: list[str]) -> Diagnostic:
    """The diagnostic for a name that nobody declared, with what may have been meant."""
    near = suggest(name, known) or tuple(each for each in known if each.split(".")[-1] == name)[:1]
    if near:
        fix = Fix(span, near[0], Say("use"))
        told = Say("did you mean {names}?", names=Listed(near, "or"))
        return diagnostic("WK2001", span, fix=fix, help=told, kind=Noun(kind), name=name)
    told = Say("known: {names}", names=Listed(known)) if known else Say("no {kind} is declared", kind=Noun(kind))
    return diagnostic("WK2001", span, help=told, kind=Noun(kind), name=name)


def collect(project: Project, bag: Bag) -> Names:
    """Gather every named declaration; report those declared twice and those that no import may bring."""
    table: dict[tuple[str, str, str], Entity] = {}
    for module in project:
        once: dict[str, Decl] = {}
        for decl in module.file.decls:
            if module is not project.main and decl.kind not in SHARED:
                bag.add(diagnostic("WK2009", decl.head, kind=Noun(decl.kind), file=module.source.name))
            if decl.kind in ONCE:
                first = once.setdefault(decl.kind, decl)
                if first is not decl:
                    name = Noun(decl.kind) if decl.name is None else decl.name.written
                    bag.add(_twice(decl.head, first.head, decl.kind, name))
            if decl.kind in NAMESPACE and decl.name is not None:
                key = (module.path, NAMESPACE[decl.kind], decl.name.written)
                entity = Entity(decl.kind, module.qualified(decl.name.written), decl, module)
                known = table.setdefault(key, entity)
                if known is not entity:
                    bag.add(_twice(entity.span, known.span, known.kind, decl.name.written))
    _told_apart(project, bag)
    return Names(project, table)


def _told_apart(project: Project, bag: Bag) -> None:
    """An alias that is also the name of a tier would make `a.b` mean two things."""
    for module in project:
        decls = (decl for kind in ("tier", "causes") for decl in module.file.of(kind))
        tiers = {decl.name.written: decl for decl in decls if decl.name is not None}
        for each in module.file.imports:
            tier = tiers.get(each.alias.written)
            if tier is not None and tier.name is not None:
                bag.add(_twice(tier.name.span, each.alias.span, "import", each.alias.written))


def _twice(span: Span, first: Span, kind: str, name: Text) -> Diagnostic:
    return diagnostic("WK2002", span, labels=(Label(first, Say("first declared here")),), kind=Noun(kind), name=name)
