"""The life of a server: what it can do, how it begins and ends, what it does with nonsense."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types
from tests.lsp.editor import PATIENCE, SERVER, Editor, capabilities, where
from tests.lsp.texts import CHINESE, ENGLISH, LIBRARY


def framed(*messages: object) -> bytes:
    """Messages as they go over the line."""
    bodies = [each if isinstance(each, bytes) else json.dumps(each).encode() for each in messages]
    return b"".join(b"Content-Length: %d\r\n\r\n%s" % (len(body), body) for body in bodies)


def request(number: int, method: str, params: object) -> dict[str, object]:
    return {"jsonrpc": "2.0", "id": number, "method": method, "params": params}


def note(method: str, params: object) -> dict[str, object]:
    return {"jsonrpc": "2.0", "method": method, "params": params}


BEGIN = request(1, "initialize", {"processId": None, "rootUri": None, "capabilities": {}})
END = (request(99, "shutdown", None), note("exit", None))


def exchange(last: int, *messages: object) -> tuple[int, list[dict[str, Any]], str]:
    """Send messages without waiting, end the server when `last` is answered; return exit code, answers, errors."""
    with subprocess.Popen(SERVER, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        server.stdin.write(framed(*messages))
        server.stdin.flush()
        answers: list[dict[str, Any]] = []
        while head := server.stdout.readline():
            length = int(head.removeprefix(b"Content-Length: "))
            while server.stdout.readline() != b"\r\n":
                pass
            answers.append(json.loads(server.stdout.read(length)))
            if answers[-1].get("id") == last:
                server.stdin.write(framed(*END))
                server.stdin.flush()
        told = b"" if server.stderr is None else server.stderr.read()
        return server.wait(PATIENCE), answers, told.decode()


def opened(uri: str, text: str) -> dict[str, object]:
    item = {"uri": uri, "languageId": "wakeup", "version": 1, "text": text}
    return note("textDocument/didOpen", {"textDocument": item})


def asked(number: int, what: str, uri: str, line: int = 0, column: int = 0) -> dict[str, object]:
    where = {"position": {"line": line, "character": column}, "options": {"tabSize": 2, "insertSpaces": True}}
    return request(number, f"textDocument/{what}", {"textDocument": {"uri": uri}, **where})


def test_it_says_what_it_can_do(editor: Editor) -> None:
    able = editor.able
    assert able.position_encoding == "utf-16"
    for feature in (
        "hover_provider", "completion_provider", "definition_provider", "references_provider", "rename_provider",
        "document_symbol_provider", "folding_range_provider", "document_formatting_provider", "code_action_provider",
        "document_highlight_provider",
    ):  # fmt: skip
        assert getattr(able, feature), feature
    assert isinstance(able.rename_provider, types.RenameOptions)
    assert able.rename_provider.prepare_provider


@pytest.mark.parametrize(
    ("offered", "taken"),
    [(("x",), "utf-16"), (("utf-8", "utf-16"), "utf-8"), (("utf-32",), "utf-32")],
    ids=["unknown", "utf8", "utf32"],
)
def test_columns_are_counted_as_the_editor_wants(offered: tuple[str, ...], taken: str, tmp_path: Path) -> None:
    editor = Editor(capabilities(*offered))
    assert editor.able.position_encoding == taken
    text = 'wakeup 1\nsegment 睡 "😴" { where: tag(a) and nix }\nsegment b "😴" { where: 睡 }\n'
    uri = editor.open(tmp_path / "a.wake", text)
    (found,) = [each for each in editor.problems(uri) if "`nix`" in each.message]
    codec, width = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2), "utf-32": ("utf-32-le", 4)}[taken]

    def column(before: str) -> int:
        return len(before.encode(codec)) // width

    assert found.range.start.character == column('segment 睡 "😴" { where: tag(a) and ')
    (target,) = editor.definition(uri, (2, column('segment b "😴" { where: ')))
    assert target.range == types.Range(types.Position(1, 8), types.Position(1, 8 + column("睡")))
    assert editor.leave() == (0, "")


def test_it_asks_to_be_told_of_changes_on_disk_and_ends_with_1_without_a_good_bye() -> None:
    capable = types.ClientCapabilities(
        workspace=types.WorkspaceClientCapabilities(
            did_change_watched_files=types.DidChangeWatchedFilesClientCapabilities(dynamic_registration=True)
        )
    )
    editor = Editor(capable, locale="zh-cn")
    editor.open("untitled:one", "wakeup 1\n")
    assert "活动" in [each.label for each in editor.complete("untitled:one", (1, 0))]  # no word tells its language yet
    editor.problems("untitled:one")
    assert [each.method for each in editor.registered] == [types.WORKSPACE_DID_CHANGE_WATCHED_FILES]
    assert editor.drop() == (1, "")


NONSENSE = [
    b"{",
    b"[1, 2]",
    request(20, "textDocument/hover", {"position": "here"}),
    request(21, "textDocument/levitate", {}),
    note("$/levitate", {}),
    asked(22, "hover", "file:///not/open.wake"),
    note("textDocument/didClose", {"textDocument": {"uri": "file:///not/open.wake"}}),
    opened("::%00", "x {"),
    asked(23, "documentSymbol", "::%00"),
    opened("untitled:half", 'wakeup 1\ngoal "\ud83d'),
    asked(24, "formatting", "untitled:half"),
    asked(25, "completion", "untitled:half", 1, 7),
    opened("untitled:far", "wakeup 1"),
    asked(26, "hover", "untitled:far", 999_999, 2**31 - 1),
]


def test_nonsense_neither_ends_it_nor_shows_a_traceback() -> None:
    good = opened("untitled:good", "wakeup 1\nbudget 1 CNY {}\n")
    code, answers, told = exchange(7, BEGIN, *NONSENSE, good, asked(7, "documentSymbol", "untitled:good"))
    assert (code, told) == (0, "")
    assert "traceback" not in json.dumps(answers).lower()
    answered = {each["id"]: each for each in answers if "id" in each}
    assert {*range(21, 27), 99} <= answered.keys()  # 20 cannot be read at all, and pygls lets it fall
    assert answered[7]["result"][0]["name"] == "1 CNY"


def test_a_question_that_is_taken_back_is_not_waited_for() -> None:
    text = ENGLISH + "".join(f'message m{n} via lib.push {{ text: "Your day {n}" }}\n' for n in range(2_000))
    taken_back = [note("$/cancelRequest", {"id": number}) for number in range(30, 40)]
    questions = [asked(number, "formatting", "untitled:big") for number in range(30, 40)]
    last = asked(7, "documentSymbol", "untitled:small")
    small = opened("untitled:small", "wakeup 1\nbudget 1 CNY {}\n")
    code, answers, told = exchange(7, BEGIN, opened("untitled:big", text), *questions, *taken_back, small, last)
    assert (code, told) == (0, "")
    answered = {each["id"]: each for each in answers if "id" in each}
    assert [answered[number]["error"]["code"] for number in range(30, 40)] == [-32800] * 10


def test_what_fails_is_a_line_in_the_log_and_leaves_the_rest_alone(tmp_path: Path) -> None:
    broken = (
        "import wakeup.lsp.outline as outline, wakeup.lsp.reading as reading, wakeup.lsp.desk as desk\n"
        "def fail(*_): raise ZeroDivisionError('by zero')\n"
        "outline.symbols = reading.compile_project = desk.Desk.stir = fail\n"
        "from wakeup.cli import main; main()"
    )
    editor = Editor(command=(sys.executable, "-c", broken, "lsp"))
    uri = editor.open(tmp_path / "a.wake", ENGLISH)
    assert editor.symbols(uri) == []
    assert editor.messages.get(timeout=PATIENCE).startswith("WK9001: ")
    saved = types.DidSaveTextDocumentParams(types.TextDocumentIdentifier(uri))
    editor.tell(lambda: editor.client.text_document_did_save(saved))
    assert editor.messages.get(timeout=PATIENCE).endswith("ZeroDivisionError: by zero")
    assert editor.hover(uri, where(ENGLISH, "holdout"))
    assert sorted(str(each.code) for each in editor.problems(uri)) == ["WK2003", "WK9001"]
    assert editor.drop(say=False) == (1, "")


def test_without_the_extra_it_says_what_to_install() -> None:
    hidden = (
        "import importlib.abc, sys\n"
        "class Gone(importlib.abc.MetaPathFinder):\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name.partition('.')[0] == 'pygls':\n"
        "            raise ModuleNotFoundError(f'No module named {name!r}', name=name)\n"
        "sys.meta_path.insert(0, Gone())\n"
        "from wakeup.cli import main; main()"
    )
    ran = subprocess.run([sys.executable, "-c", hidden, "lsp"], capture_output=True, text=True, timeout=60, check=False)
    assert ran.returncode == 1
    assert "WK6060" in ran.stderr
    assert "pip install 'wakeup[lsp]'" in ran.stderr
    assert ran.stdout == ""


def test_the_command_line_loads_no_language_server() -> None:
    code = "import sys, wakeup.cli.app; print({'pygls', 'lsprotocol'} & {*sys.modules})"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "set()\n"


@pytest.mark.parametrize("text", [ENGLISH, CHINESE], ids=["english", "chinese"])
def test_every_question_has_an_answer_at_every_place_of_a_broken_text(
    editor: Editor, text: str, tmp_path: Path
) -> None:
    (tmp_path / "library.wake").write_text(LIBRARY, "utf-8")
    for number, cut in enumerate(range(20, len(text), len(text) // 9)):
        part = text[:cut]
        uri = editor.open(tmp_path / f"cut{number}.wake", part)
        lines = part.split("\n")
        for line in range(0, len(lines), 4):
            at = (line, len(lines[line].encode("utf-16-le")) // 4)
            editor.hover(uri, at)
            editor.complete(uri, at)
            editor.definition(uri, at)
            editor.prepare(uri, at)
        editor.symbols(uri)
        editor.folds(uri)
        editor.close(uri)
    assert editor.messages.empty(), editor.messages.get()
