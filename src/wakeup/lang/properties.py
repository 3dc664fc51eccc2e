"""Read the properties of a declaration by the table of kinds."""

from collections.abc import Mapping, Sequence

from wakeup.diagnostics import Fix, Label, Listed, Named, Piece, Say, Text, diagnostic
from wakeup.diagnostics import Key as KeyWord
from wakeup.lang.reader import Reader, did_you_mean, meant
from wakeup.lang.readers import READERS
from wakeup.lang.schema import KINDS, REPEATABLE, Key
from wakeup.lang.wanted import said_elsewhere
from wakeup.syntax.nodes import Decl, Property


def read(reader: Reader, decl: Decl, named: frozenset[str] = frozenset()) -> dict[str, object]:
    """The values of a declaration by key; `named` are keys that the author chose, read elsewhere.

    A repeatable property gives a tuple of its values.
    """
    keys = KINDS[decl.kind]
    values: dict[str, object] = {}
    guessed: set[str] = set()
    for key, props in _by_key(reader, decl, keys, named, guessed).items():
        found = [READERS[keys[key].type](reader, prop) for prop in props]
        told = tuple(value for value in found if value is not None)
        if told:
            values[key] = told if (decl.kind, key) in REPEATABLE else told[0]
    _missing(reader, decl, keys, guessed)
    return values


def _by_key(
    reader: Reader, decl: Decl, keys: Mapping[str, Key], named: frozenset[str], guessed: set[str]
) -> dict[str, list[Property]]:
    """Properties by known key; `guessed` takes the keys that unknown ones may have been meant as."""
    found: dict[str, list[Property]] = {}
    for prop in decl.props:
        key = prop.key.text
        if prop.key.written in named:
            continue
        if key not in keys:
            guessed |= set(unknown(reader, Named(decl.kind), prop, [*map(KeyWord, keys), *named]))
            continue
        known = found.setdefault(key, [])
        if known and (decl.kind, key) not in REPEATABLE:
            twice(reader, prop, known[0])
            continue
        known.append(prop)
    return found


def unknown(reader: Reader, kind: Piece, prop: Property, known: Sequence[Text]) -> tuple[str, ...]:
    """Report a key that this kind does not have, and return what may have been meant, by its English name."""
    instead = said_elsewhere(kind.kind, prop.key.written) if isinstance(kind, Named) else None
    near = meant(prop.key.written, known) if instead is None else ()
    fix = Fix(prop.key.span, near[0], Say("use")) if near else None
    told = did_you_mean(near) if near else instead or (Say("known: {names}", names=Listed(known)) if known else None)
    reader.bag.add(diagnostic("WK2101", prop.key.span, fix=fix, help=told, kind=kind, key=prop.key.written))
    return tuple(map(str, near))


def each_once(reader: Reader, decl: Decl) -> dict[str, Property]:
    """The properties of a block whose keys are names that the author chose; one that was said before is told of."""
    found: dict[str, Property] = {}
    for prop in decl.props:
        first = found.setdefault(prop.key.written, prop)
        if first is not prop:
            twice(reader, prop, first)
    return found


def twice(reader: Reader, prop: Property, first: Property) -> None:
    """Report a key that was said before."""
    label = Label(first.key.span, Say("first said here"))
    reader.bag.add(diagnostic("WK2103", prop.key.span, labels=(label,), key=prop.key.written))


def _missing(reader: Reader, decl: Decl, keys: Mapping[str, Key], guessed: set[str]) -> None:
    said = {prop.key.text for prop in decl.props} | guessed
    span = decl.head if decl.name is None else decl.name.span
    for key, known in keys.items():
        if known.required and key not in said:
            name = Named(decl.kind, "" if decl.name is None else decl.name.written)
            reader.bag.add(diagnostic("WK2102", span, name=name, key=KeyWord(key)))
