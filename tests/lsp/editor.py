"""An editor for tests: `wakeup lsp` as a process of its own, spoken to over its standard input and output."""

import asyncio
import queue
import sys
import threading
from collections.abc import Coroutine, Sequence
from pathlib import Path
from typing import Any, TypeVar

from lsprotocol import types
from pygls.lsp.client import LanguageClient

T = TypeVar("T")

PATIENCE = 30.0
"""Seconds to wait for the server, on a busy machine."""

SERVER = (sys.executable, "-c", "from wakeup.cli import main; main()", "lsp")


def capabilities(*encodings: str) -> types.ClientCapabilities:
    """What an able editor says of itself."""
    return types.ClientCapabilities(
        general=types.GeneralClientCapabilities(position_encodings=list(encodings) or None),
        text_document=types.TextDocumentClientCapabilities(
            completion=types.CompletionClientCapabilities(
                completion_item=types.ClientCompletionItemOptions(snippet_support=True)
            ),
            rename=types.RenameClientCapabilities(prepare_support=True),
        ),
        workspace=types.WorkspaceClientCapabilities(
            workspace_edit=types.WorkspaceEditClientCapabilities(document_changes=True)
        ),
    )


class Editor:
    """One server and what it has sent by itself. All positions are (line, column), from 0."""

    def __init__(
        self,
        capable: types.ClientCapabilities | None = None,
        command: Sequence[str] = SERVER,
        locale: str | None = None,
    ) -> None:
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        self.published: queue.Queue[types.PublishDiagnosticsParams] = queue.Queue()
        self.messages: queue.Queue[str] = queue.Queue()
        self.registered: list[types.Registration] = []
        self.client = LanguageClient("editor", "1")
        self._listen()
        self.run(self.client.start_io(*command))
        asked = types.InitializeParams(capabilities=capable or capabilities("utf-16"), locale=locale)
        self.able = self.run(self.client.initialize_async(asked)).capabilities
        self.tell(lambda: self.client.initialized(types.InitializedParams()))

    def _listen(self) -> None:
        @self.client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        def publish(params: types.PublishDiagnosticsParams) -> None:
            self.published.put(params)

        @self.client.feature(types.WINDOW_LOG_MESSAGE)
        def log(params: types.LogMessageParams) -> None:
            self.messages.put(params.message)

        @self.client.feature(types.WINDOW_SHOW_MESSAGE)
        def show(params: types.ShowMessageParams) -> None:
            self.messages.put(params.message)

        @self.client.feature(types.CLIENT_REGISTER_CAPABILITY)
        def register(params: types.RegistrationParams) -> None:
            self.registered += params.registrations

    # ------------------------------------------------------------------ speaking

    def run(self, speaking: Coroutine[Any, Any, T]) -> T:
        """Wait for an answer."""
        return asyncio.run_coroutine_threadsafe(speaking, self.loop).result(PATIENCE)

    def tell(self, say: Any) -> None:
        """Send a notification from the loop's own thread."""

        async def said() -> None:
            say()

        self.run(said())

    def open(self, path: Path | str, text: str | None = None) -> str:
        """Open a file, or another text in its place, and return its URI."""
        uri = path if isinstance(path, str) else path.as_uri()
        text = path.read_text("utf-8") if text is None and isinstance(path, Path) else text or ""
        item = types.TextDocumentItem(uri, "wakeup", 1, text)
        self.tell(lambda: self.client.text_document_did_open(types.DidOpenTextDocumentParams(item)))
        return uri

    def change(self, uri: str, text: str, version: int = 2) -> None:
        """Put another text in place of an open one."""
        params = types.DidChangeTextDocumentParams(
            types.VersionedTextDocumentIdentifier(version=version, uri=uri),
            [types.TextDocumentContentChangeWholeDocument(text)],
        )
        self.tell(lambda: self.client.text_document_did_change(params))

    def close(self, uri: str) -> None:
        """Close a text."""
        params = types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(uri))
        self.tell(lambda: self.client.text_document_did_close(params))

    # ------------------------------------------------------------------ asking

    def problems(self, uri: str, version: int | None = 1) -> list[types.Diagnostic]:
        """Wait for what is wrong with a version of a text."""
        while True:
            published = self.published.get(timeout=PATIENCE)
            if published.uri == uri and published.version == version:
                return list(published.diagnostics)

    def hover(self, uri: str, at: tuple[int, int]) -> str:
        """What is said about a place; "" if nothing is."""
        found = self.run(self.client.text_document_hover_async(types.HoverParams(_document(uri), _position(at))))
        if found is None:
            return ""
        assert isinstance(found.contents, types.MarkupContent)
        return found.contents.value

    def complete(self, uri: str, at: tuple[int, int]) -> list[types.CompletionItem]:
        """What can be written at a place."""
        params = types.CompletionParams(_document(uri), _position(at))
        found = self.run(self.client.text_document_completion_async(params))
        assert isinstance(found, types.CompletionList)
        return list(found.items)

    def definition(self, uri: str, at: tuple[int, int]) -> list[types.Location]:
        """Where what stands at a place is declared."""
        params = types.DefinitionParams(_document(uri), _position(at))
        found = self.run(self.client.text_document_definition_async(params))
        return [each for each in found or () if isinstance(each, types.Location)]  # type: ignore[union-attr]  # never a link

    def references(self, uri: str, at: tuple[int, int], *, declaration: bool = True) -> list[types.Location]:
        """Where what stands at a place is used."""
        context = types.ReferenceContext(declaration)
        params = types.ReferenceParams(context, _document(uri), _position(at))
        return list(self.run(self.client.text_document_references_async(params)) or ())

    def rename(self, uri: str, at: tuple[int, int], new: str) -> dict[str, list[types.TextEdit]]:
        """The edits of a rename, by URI."""
        params = types.RenameParams(_document(uri), _position(at), new)
        found = self.run(self.client.text_document_rename_async(params))
        return {} if found is None else edits_of(found)

    def prepare(self, uri: str, at: tuple[int, int]) -> Any:
        """What would be renamed at a place."""
        params = types.PrepareRenameParams(_document(uri), _position(at))
        return self.run(self.client.text_document_prepare_rename_async(params))

    def format(self, uri: str) -> list[types.TextEdit] | None:
        """The edits of the formatter."""
        params = types.DocumentFormattingParams(_document(uri), types.FormattingOptions(2, True))
        found = self.run(self.client.text_document_formatting_async(params))
        return None if found is None else list(found)

    def actions(self, uri: str, found: types.Diagnostic) -> list[types.CodeAction]:
        """The fixes of a diagnostic."""
        params = types.CodeActionParams(_document(uri), found.range, types.CodeActionContext([found]))
        actions = self.run(self.client.text_document_code_action_async(params)) or ()
        return [each for each in actions if isinstance(each, types.CodeAction)]

    def symbols(self, uri: str) -> list[types.DocumentSymbol]:
        """The outline of a text."""
        params = types.DocumentSymbolParams(_document(uri))
        found = self.run(self.client.text_document_document_symbol_async(params)) or ()
        return [each for each in found if isinstance(each, types.DocumentSymbol)]

    def folds(self, uri: str) -> list[tuple[int, int]]:
        """What can be folded: first and last line."""
        found = self.run(self.client.text_document_folding_range_async(types.FoldingRangeParams(_document(uri))))
        return [(each.start_line, each.end_line) for each in found or ()]

    # ------------------------------------------------------------------ leaving

    def leave(self) -> tuple[int | None, str]:
        """End the server as the protocol wants; return its exit code and what it wrote to standard error."""
        self.run(self.client.shutdown_async(None))
        return self.drop()

    def drop(self, *, say: bool = True) -> tuple[int | None, str]:
        """End the server without good-bye, or with nothing at all."""
        server = self.client._server
        assert server is not None
        if say:
            self.tell(lambda: self.client.exit(None))
        else:
            assert server.stdin is not None
            self.tell(server.stdin.close)
        assert server.stderr is not None
        told = self.run(server.stderr.read()).decode("utf-8")
        code = self.run(server.wait())
        self.run(self.client.stop())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(PATIENCE)
        self.loop.close()
        return code, told


def _document(uri: str) -> types.TextDocumentIdentifier:
    return types.TextDocumentIdentifier(uri)


def _position(at: tuple[int, int]) -> types.Position:
    return types.Position(*at)


def edits_of(found: types.WorkspaceEdit) -> dict[str, list[types.TextEdit]]:
    """The edits of a workspace edit, by URI."""
    changes = {uri: list(edits) for uri, edits in (found.changes or {}).items()}
    for each in found.document_changes or ():
        assert isinstance(each, types.TextDocumentEdit)
        changes[each.text_document.uri] = [edit for edit in each.edits if isinstance(edit, types.TextEdit)]
    return changes


def applied(text: str, edits: Sequence[types.TextEdit]) -> str:
    """A text after edits, with positions counted in UTF-16 units as editors do."""
    units = text.encode("utf-16-le")
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(f"{line}\n".encode("utf-16-le")))

    def place(position: types.Position) -> int:
        return starts[position.line] + 2 * position.character

    for edit in sorted(edits, key=lambda edit: place(edit.range.start), reverse=True):
        new = edit.new_text.encode("utf-16-le")
        units = units[: place(edit.range.start)] + new + units[place(edit.range.end) :]
    return units.decode("utf-16-le")


def where(text: str, part: str, nth: int = 0, *, within: int = 0) -> tuple[int, int]:
    """The place of the nth occurrence of a part of a text, `within` characters into it; column in UTF-16 units."""
    at = -1
    for _ in range(nth + 1):
        at = text.index(part, at + 1)
    before = text[: at + within]
    return before.count("\n"), len(before.rpartition("\n")[2].encode("utf-16-le")) // 2


def end_of(text: str) -> tuple[int, int]:
    """The place behind a text's last character; column in UTF-16 units."""
    return text.count("\n"), len(text.rpartition("\n")[2].encode("utf-16-le")) // 2


def under(text: str, found: types.Range) -> str:
    """The text of a range, with positions counted in UTF-16 units."""
    lines = text.split("\n")
    if found.start.line == found.end.line:
        line = lines[found.start.line].encode("utf-16-le")
        return line[2 * found.start.character : 2 * found.end.character].decode("utf-16-le")
    first = lines[found.start.line].encode("utf-16-le")[2 * found.start.character :].decode("utf-16-le")
    last = lines[found.end.line].encode("utf-16-le")[: 2 * found.end.character].decode("utf-16-le")
    return "\n".join([first, *lines[found.start.line + 1 : found.end.line], last])
