"""The formatter for the editor: one edit of the lines that change, none on any doubt."""

from lsprotocol import types

from wakeup.format import format_source
from wakeup.lsp.places import Places
from wakeup.lsp.reading import Reading


def edits(reading: Reading, places: Places) -> list[types.TextEdit] | None:
    """Return the edits that put the text into canonical style; None when it has syntax errors or on any doubt."""
    new, _ = format_source(reading.source)
    if new is None:
        return None
    return [] if new == reading.source.text else [_edit(reading, new, places)]


def _edit(reading: Reading, new: str, places: Places) -> types.TextEdit:
    """The smallest run of whole lines that has all changes: the cursor and folds elsewhere stay."""
    source = reading.source
    before, after = source.text.splitlines(keepends=True), new.splitlines(keepends=True)
    same = min(len(before), len(after))
    head = next((at for at in range(same) if before[at] != after[at]), same)
    tail = next((at for at in range(same - head) if before[-1 - at] != after[-1 - at]), same - head)
    start = sum(map(len, before[:head]))
    end = len(source.text) - sum(map(len, before[len(before) - tail :]))
    changed = "".join(after[head : len(after) - tail])
    return types.TextEdit(places.span(source, source.span(start, end)), places.lines(reading.path, changed))
