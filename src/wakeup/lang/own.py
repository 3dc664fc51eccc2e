"""`customers { … }`: the own fields, tags and categories of the customers' data, as their author declares them."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Final, Literal

from attrs import define, field

from wakeup.diagnostics import Fix, Key, Listed, Named, Say, Typed, Word, diagnostic
from wakeup.diagnostics import Label as Place
from wakeup.lang.names import Names, Own
from wakeup.lang.reader import Reader, did_you_mean, plain
from wakeup.plan.model import Label, OwnField
from wakeup.source import Span
from wakeup.syntax import nodes
from wakeup.syntax.lexicon import lexicon
from wakeup.syntax.nodes import Property, Ref, Value

_SETS: Final[Mapping[str, Literal["tag", "category"]]] = {"tags": "tag", "categories": "category"}
"""Keys that list names, each a thing of its own."""

_SLIPS: Final = {"tag": "tags", "category": "categories"}
"""Keys that are no name of a field but the word of the language, misspelt."""

_EXAMPLES: Final = (Typed("dry 40%, oily 60%"), Typed("0 to 5"), Typed("1960-01-01 through 2005-12-31"))


def declared(names: Names, reader: Reader) -> Own | None:
    """What the campaign's customers have; None where no file says so, and every name is accepted."""
    blocks = [(module, decl) for module in names.project for decl in module.file.of("customers")]
    if not blocks:
        return None
    work = _Read()
    for module, decl in blocks:
        here = Reader(reader.bag, names, module, reader.currency, reader.zone)
        for prop in decl.props:
            work.property(here, prop)
    return Own(tuple(work.found.values()), dict(work.places))


@define
class _Read:
    found: dict[tuple[str, str], OwnField] = field(factory=dict)
    places: dict[tuple[str, str], Span] = field(factory=dict)

    def property(self, reader: Reader, prop: Property) -> None:
        """One line: a field, or all tags or categories."""
        key = prop.key.text
        reader.tails(prop.value, key)
        if key in _SETS:
            for name, share, span in _names(reader, key, prop.value.head):
                self.keep(reader, OwnField(name, _SETS[key], (Label(name, share),)), span)
            return
        if key in _SLIPS:
            meant = Key(_SLIPS[key])
            told = diagnostic(
                "WK2101",
                prop.key.span,
                fix=Fix(prop.key.span, meant, Say("use")),
                help=did_you_mean((meant,)),
                kind=Named("customers"),
                key=prop.key.written,
            )
            reader.bag.add(told)
            return
        attribute = lexicon().attributes.get(key)
        if attribute is not None:
            reader.bag.add(diagnostic("WK2137", prop.key.span, name=Word(attribute)))
            return
        read = _field(reader, prop)
        if read is not None:
            self.keep(reader, read, prop.key.span)

    def keep(self, reader: Reader, read: OwnField, span: Span) -> None:
        """Add a field, unless it was declared before."""
        sort = read.sort if read.sort in _SETS.values() else "field"
        first = self.places.setdefault((sort, read.name), span)
        if first is not span:
            place = Place(first, Say("first declared here"))
            reader.bag.add(diagnostic("WK2103", span, labels=(place,), key=read.name))
            return
        self.found[sort, read.name] = read


def _field(reader: Reader, prop: Property) -> OwnField | None:
    name, head = prop.key.written, prop.value.head
    match head:
        case nodes.Range(low=low, high=high) if low is not None and high is not None:
            return _between(reader, prop, low, high)
        case nodes.DateRange(start=nodes.Date(value=first), end=nodes.Date(value=last)) if head.inclusive:
            if last < first:
                reader.bag.add(diagnostic("WK2136", head.span, name=name))
                return None
            return OwnField(name, "date", (), first.isoformat(), last.isoformat())
        case nodes.Range() | nodes.DateRange():
            reader.shape(name, _EXAMPLES, head.span)
            return None
        case _:
            return _labels(reader, prop)


def _between(reader: Reader, prop: Property, low: nodes.Literal, high: nodes.Literal) -> OwnField | None:
    """`0 to 5`, `0 CNY to 500 CNY`: a number, money in major units."""
    ends = []
    for end in (low, high):
        match end:
            case nodes.Number(value=number):
                ends.append(number)
            case nodes.Money():
                amount = reader.exact(end, prop.key.text)
                if amount is None:
                    return None
                ends.append(amount)
            case _:
                reader.shape(prop.key.text, _EXAMPLES, prop.value.head.span)
                return None
    if ends[1] < ends[0]:
        reader.bag.add(diagnostic("WK2136", prop.value.head.span, name=prop.key.written))
        return None
    return OwnField(prop.key.written, "number", (), plain(ends[0]), plain(ends[1]))


def _labels(reader: Reader, prop: Property) -> OwnField | None:
    """`dry 40%, oily 60%`, or names alone."""
    name, head = prop.key.written, prop.value.head
    labels: dict[str, tuple[str, Span]] = {}
    for label, share, span in _names(reader, name, head):
        if label in labels:
            place = Place(labels[label][1], Say("first declared here"))
            reader.bag.add(diagnostic("WK2103", span, labels=(place,), key=label))
            return None
        labels[label] = share, span
    if not labels:
        return None
    if len(labels) == 1:
        reader.bag.add(diagnostic("WK2133", head.span, name=name, example=Listed(_EXAMPLES)))
        return None
    shares = [Decimal(share) for share, _ in labels.values() if share]
    if shares and (len(shares) < len(labels) or sum(shares) > 1):
        missing = [label for label, (share, _) in labels.items() if not share]
        code = "WK2135" if missing else "WK2134"
        total = f"{plain(sum(shares, Decimal(0)) * 100)}%"
        reader.bag.add(diagnostic(code, head.span, name=name, total=total, missing=Listed(missing)))
        return None
    return OwnField(name, "text", tuple(Label(label, share) for label, (share, _) in labels.items()))


def _names(reader: Reader, key: str, head: Value) -> Iterator[tuple[str, str, Span]]:
    """Names with their shares ("" where none is said), each with its place."""
    for phrase in head.items if isinstance(head, nodes.ValueList) else (nodes.Phrase(head, (), head.span),):
        reader.tails(phrase, key)
        match phrase.head:
            case nodes.Share(name=name, share=literal):
                share = reader.percent(literal, key)
                if share is not None:
                    yield _name(name), plain(share), phrase.head.span
            case Ref() | nodes.String() as name:
                yield _name(name), "", phrase.head.span
            case _:
                examples = (Typed("dry 40%, oily 60%"),) if key in _SETS else _EXAMPLES
                reader.shape(key, examples, phrase.head.span)


def _name(name: Ref | nodes.String) -> str:
    return name.written if isinstance(name, Ref) else name.value
