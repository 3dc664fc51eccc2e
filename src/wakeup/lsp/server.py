"""The server itself: messages in, answers out. What is answered stands in the other modules."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, BinaryIO, Protocol, TypeVar

from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcInternalError, PyglsError
from pygls.lsp.server import LanguageServer

from wakeup.diagnostics import diagnostic
from wakeup.lang.files import PROJECT_FILE
from wakeup.lsp import completion, formatting, navigation, outline, problems
from wakeup.lsp import rename as renaming
from wakeup.lsp.board import Board
from wakeup.lsp.desk import Desk, disk_of
from wakeup.lsp.hover import hover
from wakeup.lsp.places import Places
from wakeup.lsp.reading import Reading
from wakeup.lsp.texts import Overlay

T = TypeVar("T")


class At(Protocol):
    """The parameters of a question about a position."""

    text_document: types.TextDocumentIdentifier
    position: types.Position


class Server(LanguageServer):
    """A language server for one editor."""

    def __init__(self, version: str) -> None:
        # Whole texts: pygls would cut lines where editors do not (form feed, U+2028) and put edits elsewhere.
        super().__init__("wakeup", version, types.TextDocumentSyncKind.Full)
        self.board = Board()
        self.desk = Desk(self.show, self.log)
        self.asked_to_stop = False

    @property
    def places(self) -> Places:
        """How the editor counts and names, with the texts open now."""
        edits = self.client_capabilities.workspace and self.client_capabilities.workspace.workspace_edit
        return Places(
            open=dict(self.desk.texts),
            uris=dict(self.desk.uris),
            encoding=types.PositionEncodingKind(self.workspace.position_encoding).value,
            versioned=bool(edits and edits.document_changes),
        )

    def show(self, reading: Reading) -> None:
        """Publish what is wrong with a campaign and its imports."""
        self.publish(self.board.put(reading.path, problems.by_file(reading, self.places)))

    def publish(self, changed: dict[str, Sequence[types.Diagnostic]]) -> None:
        """Send the diagnostics of some files, by URI, with the version of the text that they were found in."""
        versions = {text.uri: text.version for text in self.desk.texts.values()}
        for uri, found in changed.items():
            self.text_document_publish_diagnostics(
                types.PublishDiagnosticsParams(uri=uri, diagnostics=list(found), version=versions.get(uri))
            )

    def log(self, error: BaseException) -> None:
        """Tell of a bug of ours in the editor's log: a line, never a traceback."""
        told = diagnostic("WK9001", error=f"{type(error).__name__}: {error}")
        self.window_log_message(types.LogMessageParams(types.MessageType.Error, f"{told.code}: {told.message}"))

    def report_server_error(self, error: Exception, source: type[Exception]) -> None:
        """A bug that pygls met goes to the log, not into the user's face; a refusal or a wrong message is no bug."""
        ours = isinstance(error, JsonRpcInternalError) or not isinstance(error, JsonRpcException)
        if ours and issubclass(source, PyglsError):
            self.log(error)

    @property
    def takes_snippets(self) -> bool:
        """Whether the editor can jump between places of an inserted text."""
        document = self.client_capabilities.text_document
        item = document and document.completion and document.completion.completion_item
        return bool(item and item.snippet_support)

    def files(self, uri: str) -> Overlay:
        """The files around a text, those open as they are now."""
        return Overlay(dict(self.desk.texts), disk_of(uri))

    async def at(self, params: At, answer: Callable[[Reading, int, Places], T]) -> T | None:
        """Answer a question about a position in an open text."""
        places = self.places
        return await self.ask(
            params.text_document.uri,
            lambda reading: answer(reading, places.offset(reading, params.position), places),
        )

    async def ask(self, uri: str, answer: Callable[[Reading], T]) -> T | None:
        """Answer a question about an open text from a reading of it, in the reading thread."""
        reading = await self.desk.reading(uri)
        return None if reading is None else await self.desk.work(answer, reading)


Handler = Callable[[Any], Awaitable[Any]]


def answers(server: Server, method: str, options: object = None) -> Callable[[Handler], Handler]:
    """Register a handler of requests; where it fails there is no answer and a line in the log, and the server goes on.

    Only a refusal (`JsonRpcException`) is told to the user.
    """

    def register(handler: Handler) -> Handler:
        @server.feature(method, options)
        async def guarded(params: Any) -> Any:
            try:
                return await handler(params)
            except JsonRpcException:
                raise
            except Exception as error:  # noqa: BLE001 whatever it is, the editor must be able to go on
                server.log(error)
                return None

        return handler

    return register


def build(version: str) -> Server:
    """Return a server with all its features."""
    server = Server(version)
    _texts(server)
    _edits(server)
    _questions(server)
    return server


def _texts(server: Server) -> None:
    desk = server.desk

    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    def opened(params: types.DidOpenTextDocumentParams) -> None:
        document = params.text_document
        desk.put(document.uri, document.version, document.text)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def changed(params: types.DidChangeTextDocumentParams) -> None:
        if params.content_changes:
            desk.put(params.text_document.uri, params.text_document.version, params.content_changes[-1].text)

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def closed(params: types.DidCloseTextDocumentParams) -> None:
        server.publish(server.board.drop(desk.close(params.text_document.uri)))

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    def saved(params: types.DidSaveTextDocumentParams) -> None:
        desk.stir()

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    def stirred(params: types.DidChangeWatchedFilesParams) -> None:
        desk.stir()

    @server.feature(types.INITIALIZE)
    def begun(params: types.InitializeParams) -> None:
        desk.lang = "zh" if (params.locale or "").lower().startswith("zh") else "en"

    @server.feature(types.INITIALIZED)
    def ready(params: types.InitializedParams) -> None:
        workspace = server.client_capabilities.workspace
        watch = workspace and workspace.did_change_watched_files
        if watch and watch.dynamic_registration:
            watchers = [types.FileSystemWatcher(f"**/{name}") for name in ("*.wake", PROJECT_FILE)]
            options = types.DidChangeWatchedFilesRegistrationOptions(watchers)
            wanted = types.Registration("files", types.WORKSPACE_DID_CHANGE_WATCHED_FILES, options)
            server.client_register_capability(types.RegistrationParams([wanted]))

    @server.feature(types.SHUTDOWN)
    def stopping(params: None) -> None:
        server.asked_to_stop = True


def _edits(server: Server) -> None:
    """What changes a text."""

    @answers(server, types.TEXT_DOCUMENT_FORMATTING)
    async def formatted(params: types.DocumentFormattingParams) -> list[types.TextEdit] | None:
        places = server.places
        return await server.ask(params.text_document.uri, lambda reading: formatting.edits(reading, places))

    kinds = types.CodeActionOptions(code_action_kinds=[types.CodeActionKind.QuickFix])

    @answers(server, types.TEXT_DOCUMENT_CODE_ACTION, kinds)
    async def mended(params: types.CodeActionParams) -> list[types.CodeAction] | None:
        places = server.places

        def answer(reading: Reading) -> list[types.CodeAction]:
            under = places.found(reading, params.range)
            return list(problems.fixes(reading, under, params.context.diagnostics, places))

        return await server.ask(params.text_document.uri, answer)

    @answers(server, types.TEXT_DOCUMENT_PREPARE_RENAME)
    async def renamable(params: types.PrepareRenameParams) -> types.PrepareRenamePlaceholder | None:
        return await server.at(params, renaming.prepare)

    @answers(server, types.TEXT_DOCUMENT_RENAME, types.RenameOptions(prepare_provider=True))
    async def renamed(params: types.RenameParams) -> types.WorkspaceEdit | None:
        files = server.files(params.text_document.uri)
        try:
            return await server.at(
                params, lambda reading, at, places: renaming.rename(reading, at, params.new_name, files, places)
            )
        except renaming.RefusalError as refusal:
            raise JsonRpcException(str(refusal), types.LSPErrorCodes.RequestFailed.value) from None


def _questions(server: Server) -> None:
    """What only looks at a text."""

    @answers(server, types.TEXT_DOCUMENT_HOVER)
    async def told(params: types.HoverParams) -> types.Hover | None:
        return await server.at(params, hover)

    options = types.CompletionOptions(trigger_characters=list(completion.TRIGGERS))

    @answers(server, types.TEXT_DOCUMENT_COMPLETION, options)
    async def completed(params: types.CompletionParams) -> types.CompletionList | None:
        snippets = server.takes_snippets
        found = await server.at(
            params, lambda reading, at, places: completion.complete(reading, at, places, snippets=snippets)
        )
        return None if found is None else types.CompletionList(is_incomplete=False, items=found)

    @answers(server, types.TEXT_DOCUMENT_DEFINITION)
    async def defined(params: types.DefinitionParams) -> list[types.Location] | None:
        return await server.at(params, navigation.definition)

    @answers(server, types.TEXT_DOCUMENT_REFERENCES)
    async def referred(params: types.ReferenceParams) -> list[types.Location] | None:
        files = server.files(params.text_document.uri)
        own = params.context.include_declaration
        return await server.at(
            params, lambda reading, at, places: navigation.references(reading, at, files, places, declaration=own)
        )

    @answers(server, types.TEXT_DOCUMENT_DOCUMENT_HIGHLIGHT)
    async def highlighted(params: types.DocumentHighlightParams) -> list[types.DocumentHighlight] | None:
        return await server.at(params, navigation.highlights)

    @answers(server, types.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
    async def outlined(params: types.DocumentSymbolParams) -> list[types.DocumentSymbol] | None:
        places = server.places
        return await server.ask(params.text_document.uri, lambda reading: outline.symbols(reading, places))

    @answers(server, types.TEXT_DOCUMENT_FOLDING_RANGE)
    async def folded(params: types.FoldingRangeParams) -> list[types.FoldingRange] | None:
        return await server.ask(params.text_document.uri, outline.folds)


def serve(stdin: BinaryIO, stdout: BinaryIO, version: str) -> bool:
    """Serve one editor until it says to end; return whether it said good-bye first, as the protocol wants.

    The libraries' logs hold texts of users and tracebacks: they go nowhere.
    """
    for name in ("pygls", "asyncio"):
        logging.getLogger(name).addHandler(logging.NullHandler())
        logging.getLogger(name).propagate = False
    server = build(version)
    server.start_io(stdin, stdout)
    return server.asked_to_stop
