"""Text to tree: grammar loading, parsing with recovery, the attrs tree, literals. The only package that knows lark."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from wakeup.diagnostics import Bag, Diagnostic, diagnostic
from wakeup.source import MAX_SOURCE_BYTES, Source
from wakeup.syntax import layout, nodes
from wakeup.syntax.build import build
from wakeup.syntax.nodes import File
from wakeup.syntax.parser import drive

__all__ = ["nodes", "parse"]


def parse(source: Source) -> tuple[File | None, tuple[Diagnostic, ...]]:
    """Parse one file.

    Returns the tree and what is wrong, sorted by place. With errors the tree holds what could be read: good for an
    editor, not for a plan. It is None when the text is beyond a limit (size, depth, number of tokens).
    """
    if len(source.text.encode("utf-8", "surrogatepass")) > MAX_SOURCE_BYTES:
        told = diagnostic("WK1005", source.span(0, 0), file=source.name, limit=MAX_SOURCE_BYTES)
        return None, (told,)
    deep = layout.too_deep(source.text)
    if deep is not None:
        return None, (diagnostic("WK1006", source.span(deep, deep + 1), limit=layout.MAX_DEPTH),)
    if not source.text.strip():
        return None, (diagnostic("WK1002", source.span(0, 0), file=source.name),)
    with _no_collections():
        parsed = drive(source)
        bag = Bag()
        bag.extend(parsed.found)
        if parsed.tree is None:
            return None, tuple(bag)
        file, found = build(source, parsed)
    # On a line that did not parse, what else seems wrong is mostly an echo.
    broken = {source.position(each.span.start)[0] for each in parsed.found if each.span}
    bag.extend(each for each in found if each.span is None or source.position(each.span.start)[0] not in broken)
    return file, tuple(bag)


@contextmanager
def _no_collections() -> Iterator[None]:
    """Keep the garbage collector from walking the growing trees again and again: half of the time went there.

    Neither tree has a cycle, and the limits on a file bound what is made meanwhile.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
