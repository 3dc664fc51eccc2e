"""Causes of sleep: a tier by rules, of which the first that a person meets is the person's."""

from typing import Final

from wakeup.diagnostics import Fix, Listed, Say, Typed, diagnostic
from wakeup.lang import properties
from wakeup.lang.checked import Bands
from wakeup.lang.names import Entity
from wakeup.lang.predicates import Conditions
from wakeup.lang.reader import Reader
from wakeup.plan import sets
from wakeup.plan.model import Band, Tier
from wakeup.plan.predicates import EVERYONE, InTier, Predicate
from wakeup.syntax import nodes
from wakeup.syntax.nodes import Property, Ref

_MEANT: Final = frozenset({"else", "other", "others", "rest", "the_rest", "default", "其他", "其它", "剩余", "剩下"})
"""What people write for `otherwise`."""


def read(reader: Reader, entity: Entity) -> Bands | None:
    """The causes in the order of the file, or None when one could not be read."""
    decl = entity.decl
    if not decl.props:
        reader.bag.add(diagnostic("WK3105", entity.span, name=entity.name))
        return None
    props = properties.each_once(reader, decl)
    rules = {name: _rule(reader, prop) for name, prop in props.items()}
    bands = tuple(Band(name, match=rule) for name, rule in rules.items() if rule is not None)
    if len(bands) < len(decl.props):
        return None
    spans = {name: prop.value.span for name, prop in props.items()}
    return Bands(Tier(entity.name, "", "rule", bands), entity, spans)


def _rule(reader: Reader, prop: Property) -> Predicate | None:
    """A condition, or `otherwise`: everybody who is left."""
    reader.tails(prop.value, prop.key.text)
    head = prop.value.head
    if isinstance(head, nodes.Otherwise):
        return EVERYONE
    if isinstance(head, Ref) and head.written.casefold() in _MEANT:
        otherwise = Typed("otherwise")
        told = Say("write {word} for everybody who is left", word=Listed((otherwise,)))
        fix = Fix(head.span, otherwise, Say("use"))
        reader.bag.add(diagnostic("WK2112", head.span, fix=fix, help=told, found=head.written))
        return None
    rule = Conditions(reader, events=False).read(head)
    if rule is None:
        return None
    band = next((leaf for leaf in sets.leaves(rule) if isinstance(leaf, InTier)), None)
    if band is not None:
        # Bands are settled together, at the start of the run: one cannot wait for another.
        reader.bag.add(diagnostic("WK3108", prop.value.span, name=prop.key.written, band=f"{band.tier}.{band.band}"))
        return None
    return rule
