"""Read the properties of a declaration by the table of kinds."""

from collections.abc import Mapping

from wakeup.diagnostics import Fix, Label, diagnostic, suggest
from wakeup.lang.reader import Reader, examples
from wakeup.lang.readers import READERS
from wakeup.lang.schema import KINDS, REPEATABLE, Key
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
            guessed |= set(unknown(reader, decl.kind, prop, [*keys, *named]))
            continue
        known = found.setdefault(key, [])
        if known and (decl.kind, key) not in REPEATABLE:
            twice(reader, prop, known[0])
            continue
        known.append(prop)
    return found


def unknown(reader: Reader, kind: str, prop: Property, known: list[str]) -> tuple[str, ...]:
    """Report a key that this kind does not have, and return what may have been meant."""
    near = suggest(prop.key.written, known)
    fix = Fix(prop.key.span, near[0], "use") if near else None
    help_text = f"did you mean {examples(near)}?" if near else f"known: {examples(known)}" if known else None
    reader.bag.add(diagnostic("WK2101", prop.key.span, fix=fix, help=help_text, kind=kind, key=prop.key.written))
    return near


def twice(reader: Reader, prop: Property, first: Property) -> None:
    """Report a key that was said before."""
    label = Label(first.key.span, "first said here")
    reader.bag.add(diagnostic("WK2103", prop.key.span, labels=(label,), key=prop.key.written))


def _missing(reader: Reader, decl: Decl, keys: Mapping[str, Key], guessed: set[str]) -> None:
    said = {prop.key.text for prop in decl.props} | guessed
    span = decl.head if decl.name is None else decl.name.span
    for key, known in keys.items():
        if known.required and key not in said:
            name = decl.kind if decl.name is None else f"{decl.kind} {decl.name.written}"
            reader.bag.add(diagnostic("WK2102", span, name=name, key=key))
