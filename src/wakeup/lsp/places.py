"""Spans as an editor's locations: URIs, ranges, edits."""

from collections.abc import Mapping, Sequence

from attrs import frozen
from lsprotocol import types
from pygls.uris import from_fs_path

from wakeup.lsp.positions import Encoding, to_offset, to_range
from wakeup.lsp.reading import Reading
from wakeup.lsp.texts import Text
from wakeup.source import Source, Span


@frozen
class Places:
    """How one editor names files and counts columns. `open` are the texts open in it, `uris` its names, by path.

    `versioned`: it takes edits with the version of the text that they are meant for.
    """

    open: Mapping[str, Text]
    uris: Mapping[str, str]
    encoding: Encoding
    versioned: bool

    def uri(self, path: str) -> str:
        """Return the URI of a file, as the editor itself writes it if it has named it before."""
        return self.uris.get(path) or from_fs_path(path) or path

    def lines(self, path: str, text: str) -> str:
        """Return a text with the line ends of the open text that it goes into."""
        into = self.open.get(path)
        return text.replace("\n", "\r\n") if into is not None and "\r\n" in into.text else text

    def span(self, source: Source, span: Span) -> types.Range:
        """Return a span of a text as a range."""
        return to_range(source, span, self.encoding)

    def found(self, reading: Reading, range: types.Range) -> Span:
        """Return a range of the main file of a reading as a span."""
        start, end = (to_offset(reading.source, each, self.encoding) for each in (range.start, range.end))
        return reading.source.span(start, max(start, end))

    def offset(self, reading: Reading, position: types.Position) -> int:
        """Return a position in the main file of a reading as an offset."""
        return to_offset(reading.source, position, self.encoding)

    def range(self, reading: Reading, span: Span) -> types.Range:
        """Return a span of any file of a reading as a range of that file."""
        return to_range(reading.texts[span.source][1], span, self.encoding)

    def location(self, reading: Reading, span: Span) -> types.Location:
        """Return a span of any file of a reading as a location."""
        return types.Location(self.uri(reading.texts[span.source][0]), self.range(reading, span))

    def edit(self, changes: Mapping[str, Sequence[types.TextEdit]]) -> types.WorkspaceEdit:
        """Return edits by URI in the form that the editor takes."""
        if not self.versioned:
            return types.WorkspaceEdit(changes=dict(changes))
        versions = {text.uri: text.version for text in self.open.values()}
        return types.WorkspaceEdit(
            document_changes=[
                types.TextDocumentEdit(
                    types.OptionalVersionedTextDocumentIdentifier(uri, versions.get(uri)), list(edits)
                )
                for uri, edits in changes.items()
            ]
        )
