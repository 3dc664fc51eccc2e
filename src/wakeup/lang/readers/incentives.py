"""Types of what incentives say of themselves: prizes, rewards, multipliers, the items of a bundle."""

from decimal import Decimal

from wakeup.diagnostics import Label, Noun, Say, Typed, diagnostic
from wakeup.lang.kinds import INCENTIVES, REWARDS
from wakeup.lang.reader import Reader
from wakeup.lang.readers.shared import per
from wakeup.lang.values import Prize
from wakeup.syntax import nodes
from wakeup.syntax.nodes import Property, Ref, Value


def multiplier(reader: Reader, prop: Property) -> Decimal | None:
    """`3x`: more than once, else nothing is earned besides the ordinary points."""
    reader.tails(prop.value, prop.key.text)
    factor = reader.factor(prop.value.head, prop.key.text)
    if factor is not None and factor <= 1:
        reader.outside(prop.key.text, Typed("> 1x"), prop.value.head.span)
        return None
    return factor


def reward(reader: Reader, prop: Property) -> str | None:
    """A coupon, a price, points, a gift, content or a membership, by name."""
    reader.tails(prop.value, prop.key.text)
    return _reward(reader, prop.key.text, prop.value.head)


def _reward(reader: Reader, key: str, value: Value) -> str | None:
    if not isinstance(value, Ref):
        reader.shape(key, Typed("c150"), value.span)
        return None
    entity = reader.names.resolve(reader.bag, reader.module, value, "incentive")
    if entity is None:
        return None
    if entity.kind not in REWARDS:
        here = Label(entity.span, Say("declared here"))
        reader.bag.add(diagnostic("WK2121", value.span, labels=(here,), name=value.written, actual=Noun(entity.kind)))
        return None
    return entity.name


def prize(reader: Reader, prop: Property) -> Prize | None:
    """`200 CNY each`, or what is won: a coupon, a gift."""
    key, head = prop.key.text, prop.value.head
    if isinstance(head, Ref):
        reader.tails(prop.value, key)
        won = _reward(reader, key, head)
        return None if won is None else Prize(0, won)
    reader.tails(prop.value, key, "per")
    per(reader, prop, ("item", "person"))
    cost = reader.money(head, key)
    return None if cost is None else Prize(cost, "")


def items(reader: Reader, prop: Property) -> tuple[str, ...] | None:
    """`sample_kit, skin_advice`: two or more incentives, none of them a bundle."""
    head = prop.value.head
    phrases = head.items if isinstance(head, nodes.ValueList) else (prop.value,)
    found = [_item(reader, prop.key.text, phrase) for phrase in phrases]
    known = tuple(name for name in found if name is not None)
    if len(known) < len(found):
        return None
    for index, name in enumerate(known):
        if name in known[:index]:
            reader.bag.add(diagnostic("WK2125", phrases[index].span, name=reader.text(phrases[index].span)))
            return None
    return known


def _item(reader: Reader, key: str, phrase: nodes.Phrase) -> str | None:
    reader.tails(phrase, key)
    if not isinstance(phrase.head, Ref):
        reader.shape(key, Typed("sample_kit, c150"), phrase.head.span)
        return None
    entity = reader.names.resolve(reader.bag, reader.module, phrase.head, "incentive")
    if entity is None:
        return None
    if entity.kind not in INCENTIVES:
        here = Label(entity.span, Say("declared here"))
        reader.bag.add(diagnostic("WK2122", phrase.head.span, labels=(here,), name=phrase.head.written))
        return None
    return entity.name
