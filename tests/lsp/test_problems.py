"""What is wrong, while it is being written: in whose file, in whose language, at which place, with which fix."""

from pathlib import Path

import pytest
from lsprotocol import types
from tests.lsp.editor import PATIENCE, Editor, applied, edits_of, under
from tests.lsp.texts import CHINESE, ENGLISH, LIBRARY

from wakeup.face import check


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project with the library."""
    (tmp_path / "library.wake").write_text(LIBRARY, "utf-8")
    return tmp_path


def test_the_campaigns_have_no_errors(editor: Editor, project: Path) -> None:
    for path in sorted(project.glob("*.wake")):
        found = editor.problems(editor.open(path))
        assert [each for each in found if each.severity is types.DiagnosticSeverity.Error] == []


def test_ten_mistakes_are_those_of_the_command_line(editor: Editor, checkout: Path, tmp_path: Path) -> None:
    path = tmp_path / "ten.wake"
    path.write_bytes((checkout / "tests" / "cli" / "ten_mistakes.wake").read_bytes())
    found = editor.problems(editor.open(path))
    told = check(path)
    assert [each.code for each in found] == [each.code for each in told]
    assert len(found) == 10
    assert [under(path.read_text("utf-8"), each.range) for each in found] == [
        path.read_text("utf-8")[each.span.start : each.span.end] for each in told if each.span
    ]
    assert {each.source for each in found} == {"wakeup"}


def test_a_mistake_behind_full_width_and_astral_characters_is_underlined_exactly(editor: Editor, folder: Path) -> None:
    text = CHINESE.replace("备选: 弹窗", "备选: 弹床")
    (found,) = editor.problems(editor.open(folder / "c.wake", text))
    assert under(text, found.range) == "弹床"
    assert found.code == "WK2001"
    assert not any(word in found.message for word in ("there", "help", "did you mean"))
    (action,) = editor.actions((folder / "c.wake").as_uri(), found)
    assert action.edit is not None
    assert applied(text, edits_of(action.edit)[(folder / "c.wake").as_uri()]) == CHINESE


@pytest.mark.parametrize(("text", "word"), [(ENGLISH, "help: "), (CHINESE, "帮助：")], ids=["english", "chinese"])
def test_the_message_is_in_the_language_of_the_file(editor: Editor, folder: Path, text: str, word: str) -> None:
    (found,) = editor.problems(
        editor.open(folder / "m.wake", text.replace("lib.sms {", "lib.smm {").replace("渠道.sms {", "渠道.smm {"))
    )
    assert word in found.message


def test_the_other_party_of_a_conflict_is_shown(editor: Editor, folder: Path) -> None:
    text = ENGLISH + "segment vip { where: tag(other) }\n"
    (found,) = editor.problems(editor.open(folder / "c.wake", text))
    assert found.code == "WK2002"
    (related,) = found.related_information or ()
    assert under(text, related.location.range) == "vip"
    assert related.location.range.start.line < found.range.start.line
    assert related.message


def test_a_fix_puts_it_right(editor: Editor, folder: Path) -> None:
    text = ENGLISH.replace("with more", "with mroe").replace("goal wake_rate", "goal wake_rat")
    uri = editor.open(folder / "c.wake", text)
    for found in editor.problems(uri):
        (action,) = editor.actions(uri, found)
        assert action.kind == types.CodeActionKind.QuickFix
        assert action.is_preferred
        assert list(action.diagnostics or ()) == [found]
        assert action.edit is not None
        text = applied(text, edits_of(action.edit)[uri])
    assert text == ENGLISH


def test_an_edit_names_the_version_it_is_meant_for(editor: Editor, folder: Path) -> None:
    uri = editor.open(folder / "c.wake", ENGLISH.replace("with more", "with mroe"))
    (action,) = editor.actions(uri, editor.problems(uri)[0])
    assert action.edit is not None
    (change,) = action.edit.document_changes or ()
    assert isinstance(change, types.TextDocumentEdit)
    assert change.text_document.version == 1


def test_what_is_wrong_in_an_import_is_shown_there(editor: Editor, folder: Path) -> None:
    (folder / "library.wake").write_text(LIBRARY.replace("kind: push", "kind: pusch"), "utf-8")
    uri = editor.open(folder / "c.wake", ENGLISH)
    library = (folder / "library.wake").as_uri()
    (found,) = editor.problems(library, None)
    assert "`pusch`" in found.message
    editor.close(uri)
    assert editor.problems(library, None) == []  # nobody open imports it any more


def test_what_two_campaigns_find_in_one_import_is_shown_once(editor: Editor, folder: Path) -> None:
    (folder / "library.wake").write_text(LIBRARY.replace("kind: push", "kind: pusch"), "utf-8")
    library = (folder / "library.wake").as_uri()
    first = editor.open(folder / "a.wake", ENGLISH)
    assert len(editor.problems(library, None)) == 1
    editor.open(folder / "b.wake", CHINESE)
    assert len(editor.problems(library, None)) == 1
    editor.close(first)
    assert len(editor.problems(library, None)) == 1  # the other still imports it


def test_an_open_import_counts_before_the_one_on_disk(editor: Editor, folder: Path) -> None:
    campaign = editor.open(folder / "c.wake", ENGLISH)
    assert editor.problems(campaign) == []
    library = editor.open(folder / "library.wake", LIBRARY.replace("channel push", "channel pusch"))
    (found,) = editor.problems(campaign)
    assert (found.code, under(ENGLISH, found.range)) == ("WK2001", "lib.push")
    editor.change(library, LIBRARY)
    assert editor.problems(campaign) == []
    editor.change(library, LIBRARY.replace("channel push", "channel pusch"), 3)
    assert editor.problems(campaign)
    editor.close(library)
    assert editor.problems(campaign) == []


def test_a_file_keeps_the_name_that_the_editor_gave_it(editor: Editor, tmp_path: Path) -> None:
    (tmp_path / "library.wake").write_text(LIBRARY.replace("kind: push", "kind: pusch"), "utf-8")
    odd = (tmp_path / "library.wake").as_uri().replace("library", "librar%79")
    editor.open(odd, LIBRARY)
    assert editor.problems(odd) == []
    editor.open(tmp_path / "c.wake", ENGLISH)
    editor.close(odd)
    (found,) = editor.problems(odd, None) or editor.problems(odd, None)
    assert "`pusch`" in found.message


def test_a_file_that_appears_on_disk_is_found_when_the_editor_says_so(editor: Editor, tmp_path: Path) -> None:
    uri = editor.open(tmp_path / "c.wake", ENGLISH)
    assert [each.code for each in editor.problems(uri)] == ["WK2003"]
    (tmp_path / "library.wake").write_text(LIBRARY, "utf-8")
    changed = types.FileEvent((tmp_path / "library.wake").as_uri(), types.FileChangeType.Created)
    params = types.DidChangeWatchedFilesParams([changed])
    editor.tell(lambda: editor.client.workspace_did_change_watched_files(params))
    assert editor.problems(uri) == []


def test_nothing_outside_the_project_is_read(editor: Editor, tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    (tmp_path / "library.wake").write_text(LIBRARY, "utf-8")
    (inside / "link.wake").symlink_to(tmp_path / "library.wake")
    for name in ("../library.wake", "link.wake", (tmp_path / "library.wake").as_posix()):
        uri = editor.open(inside / "c.wake", ENGLISH.replace("library.wake", name))
        assert "WK2004" in [each.code for each in editor.problems(uri)]
        editor.close(uri)


def test_a_library_alone_has_nothing_wrong(editor: Editor, folder: Path) -> None:
    assert editor.problems(editor.open(folder / "library.wake")) == []


@pytest.mark.parametrize("text", ["", "\n\n", "\ufeffwakeup 1\n", "wakeup 1\r\nbudget 1 CNY {}\r\n"], ids=range(4))
def test_texts_that_are_no_campaign_yet(editor: Editor, text: str) -> None:
    uri = editor.open(f"untitled:{len(text)}", text)
    assert all(each.range.end.line <= 2 for each in editor.problems(uri))


def test_a_text_beyond_the_limit_is_told_and_survived(editor: Editor, tmp_path: Path) -> None:
    uri = editor.open(tmp_path / "long.wake", ENGLISH + "# " + "x" * 1024 * 1024)
    assert [each.code for each in editor.problems(uri)] == ["WK1005"]
    assert editor.symbols(uri) == []


def test_typing_does_not_queue(editor: Editor, tmp_path: Path) -> None:
    more = "".join(f'message m{n} via lib.push {{\n  text: "Your day {n}"\n  expires: 3d\n}}\n' for n in range(2_500))
    (tmp_path / "library.wake").write_text(LIBRARY, "utf-8")
    text = ENGLISH + more
    assert text.count("\n") > 10_000
    uri = editor.open(tmp_path / "big.wake", text)
    last = 60
    for version in range(2, last + 1):
        editor.change(uri, f"{text}# {'x' * version}\n", version)
    seen = []
    while not seen or seen[-1].version != last:
        seen.append(editor.published.get(timeout=PATIENCE))
    assert len(seen) < 6  # not one for each key
    assert len({each.version for each in seen if each.uri == uri}) == len(seen)
