"""Names: who declares what, and whom a reference means.

Each kind of thing has a namespace of its own, so a coupon and a journey may share a name; the four kinds of incentive
share one, because `send … with` names any of them.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from attrs import field, frozen

from wakeup.diagnostics import Bag, Diagnostic, Fix, Label, diagnostic, suggest
from wakeup.lang.project import Module, Project
from wakeup.source import Span
from wakeup.syntax.nodes import Decl, Ref

NAMESPACE: Final[Mapping[str, str]] = {
    "tier": "tier",
    "segment": "segment",
    "coupon": "incentive",
    "gift": "incentive",
    "service": "incentive",
    "challenge": "incentive",
    "draw": "incentive",
    "membership": "incentive",
    "cost": "cost",
    "staff": "staff",
    "channel": "channel",
    "message": "message",
    "journey": "journey",
    "scenario": "scenario",
    "guard": "guard",
}
"""Kind of a named declaration -> its namespace."""

ONCE: Final = frozenset({"campaign", "budget", "cadence"})
"""Kinds of which a campaign has one."""

SHARED: Final = frozenset(
    {"tier", "segment", "coupon", "gift", "service", "challenge", "staff", "channel", "message", "assume"}
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
class Names:
    """All named declarations: by module, namespace and the name as written there."""

    project: Project
    table: Mapping[tuple[str, str, str], Entity] = field(factory=dict)

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
                here = Label(found.span, f"`{ref.written}` is declared here")
                bag.add(
                    diagnostic(
                        "WK2008", ref.span, labels=(here,), name=ref.written, actual=found.kind, wanted=namespace
                    )
                )
                return
        bag.add(unknown(ref.written, ref.span, namespace, self.visible(module, namespace)))


def unknown(name: str, span: Span, kind: str, known: list[str]) -> Diagnostic:
    """The diagnostic for a name that nobody declared, with what may have been meant."""
    near = suggest(name, known) or tuple(each for each in known if each.split(".")[-1] == name)[:1]
    if near:
        fix = Fix(span, near[0], "use")
        return diagnostic("WK2001", span, fix=fix, help=f"did you mean {_or(near)}?", kind=kind, name=name)
    if not known:
        return diagnostic("WK2001", span, help=f"no {kind} is declared", kind=kind, name=name)
    shown = ", ".join(f"`{each}`" for each in known[:8])
    return diagnostic("WK2001", span, help=f"known: {shown}{', …' if len(known) > 8 else ''}", kind=kind, name=name)


def _or(names: tuple[str, ...]) -> str:
    return " or ".join(f"`{name}`" for name in names)


def collect(project: Project, bag: Bag) -> Names:
    """Gather every named declaration; report those declared twice and those that no import may bring."""
    table: dict[tuple[str, str, str], Entity] = {}
    for module in project:
        once: dict[str, Decl] = {}
        for decl in module.file.decls:
            if module is not project.main and decl.kind not in SHARED:
                bag.add(diagnostic("WK2009", decl.head, kind=decl.kind, file=module.source.name))
            if decl.kind in ONCE:
                first = once.setdefault(decl.kind, decl)
                if first is not decl:
                    name = decl.kind if decl.name is None else decl.name.written
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
        tiers = {decl.name.written: decl for decl in module.file.of("tier") if decl.name is not None}
        for each in module.file.imports:
            tier = tiers.get(each.alias.written)
            if tier is not None and tier.name is not None:
                bag.add(_twice(tier.name.span, each.alias.span, "import", each.alias.written))


def _twice(span: Span, first: Span, kind: str, name: str) -> Diagnostic:
    return diagnostic("WK2002", span, labels=(Label(first, "first declared here"),), kind=kind, name=name)
