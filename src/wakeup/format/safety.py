"""The last look before a formatted text is used: read again, it must say the same with the same comments."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Literal

from attrs import fields, has

from wakeup.diagnostics import Language
from wakeup.format.printer import print_file
from wakeup.source import Source
from wakeup.syntax import nodes as n
from wakeup.syntax import parse

Part = Literal["syntax", "meaning", "names", "comments", "layout"]


def changed(file: n.File, text: str, lang: Language) -> Part | None:
    """Return what a formatted text changes of a file, or None.

    ``syntax``: it cannot be read; ``meaning``: it gives another tree; ``names``: a declared name or a value of the
    data was translated; ``comments``: one is lost, or documents something else; ``layout``: formatting the text once
    more gives another one.
    """
    source = Source(file.span.source, text)
    again, found = parse(source)
    if again is None or found:
        return "syntax"
    if again != file:
        return "meaning"
    if list(_names(again)) != list(_names(file)):
        return "names"
    if _comments(again) != _comments(file) or _docs(again) != _docs(file):
        return "comments"
    return None if print_file(source, again, lang) == text else "layout"


def _comments(file: n.File) -> Counter[str]:
    return Counter(comment.text for comment in file.comments)


def _docs(file: n.File) -> list[str | None]:
    return [node.doc for node in _nodes(file) if isinstance(node, n.Decl | n.Property)]


def _names(file: n.File) -> Iterator[str]:
    """Yield, in order, what is no word of the language wherever it stands."""
    for node in _nodes(file):
        match node:
            case n.Import(alias=name) | n.Split(name=name) | n.Arm(name=name):
                yield name.written
            case n.Decl(name=given, via=via):
                yield from (each.written for each in (given, via) if each is not None)
            case n.Send(message=message, incentives=incentives):
                yield from (ref.written for ref in (message, *incentives))
            case n.Grant(incentives=incentives):
                yield from (ref.written for ref in incentives)
            case n.Call(args=args):
                yield from (arg.written for arg in args if isinstance(arg, n.Ref))
            case n.Ref(parts=(_, _, *_)):
                yield node.written


def _nodes(node: object) -> Iterator[object]:
    """Yield a node and all below it, in order."""
    kind = type(node)
    if isinstance(node, tuple):
        for each in node:
            yield from _nodes(each)
    elif has(kind):
        yield node
        for each in fields(kind):
            yield from _nodes(getattr(node, each.name))
