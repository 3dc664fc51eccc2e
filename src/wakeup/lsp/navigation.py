"""From a name to where it is declared, and to everywhere it is used."""

from lsprotocol import types

from wakeup.lsp.places import Places
from wakeup.lsp.project import everywhere
from wakeup.lsp.reading import Reading
from wakeup.lsp.texts import Overlay

_START = types.Range(types.Position(0, 0), types.Position(0, 0))


def definition(reading: Reading, offset: int, places: Places) -> list[types.Location]:
    """Return where the name at an offset is declared; for the path of an import, the file that it names."""
    imported = _imported(reading, offset)
    if imported is not None:
        return [types.Location(places.uri(imported), _START)]
    use = reading.uses.at(reading.path, offset)
    declared = None if use is None else reading.uses.declaration(use.symbol)
    return [] if declared is None else [places.location(reading, declared.span)]


def references(
    reading: Reading, offset: int, files: Overlay, places: Places, *, declaration: bool
) -> list[types.Location]:
    """Return every place of the name at an offset in its project, with its declaration or without."""
    use = reading.uses.at(reading.path, offset)
    if use is None:
        return []
    found = everywhere(reading, use.symbol, files)
    sources = {path: source for each in found.readings for path, source, _ in each.texts.values()}
    return [
        types.Location(places.uri(each.path), places.span(sources[each.path], each.span))
        for each in found.places
        if declaration or not each.declares
    ]


def highlights(reading: Reading, offset: int, places: Places) -> list[types.DocumentHighlight]:
    """Return the places in the main file of the name at an offset."""
    use = reading.uses.at(reading.path, offset)
    here = () if use is None else (each for each in reading.uses.of(use.symbol) if each.path == reading.path)
    kinds = {True: types.DocumentHighlightKind.Write, False: types.DocumentHighlightKind.Read}
    return [types.DocumentHighlight(places.range(reading, each.span), kinds[each.declares]) for each in here]


def _imported(reading: Reading, offset: int) -> str | None:
    if reading.project is None:
        return None
    main = reading.project.main
    paths = (each for each in main.file.imports if each.path.span.start <= offset <= each.path.span.end)
    return next((main.aliases.get(each.alias.written) for each in paths), None)
