"""What changes texts: formatting and renaming, in one file and in several, and when they refuse."""

from pathlib import Path

import pytest
from pygls.exceptions import JsonRpcException
from tests.lsp.editor import Editor, applied, where
from tests.lsp.texts import CHINESE, ENGLISH, LIBRARY

from wakeup.compile import compile_project
from wakeup.format import format_source
from wakeup.lang import MemoryFiles, load
from wakeup.source import Source


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project with the library."""
    (tmp_path / "wakeup.toml").write_text("", "utf-8")
    (tmp_path / "library.wake").write_text(LIBRARY, "utf-8")
    return tmp_path


def formatted(text: str) -> str:
    new, _ = format_source(Source("a.wake", text))
    assert new is not None
    return new


# --------------------------------------------------------------------------- formatting


@pytest.mark.parametrize("text", [ENGLISH, CHINESE], ids=["english", "chinese"])
def test_formatting_gives_what_the_command_gives(editor: Editor, folder: Path, text: str) -> None:
    ragged = text.replace("\n  ", "\n      ").replace(" { ", " {   ").replace("  gap", "gap")
    uri = editor.open(folder / "f.wake", ragged)
    edits = editor.format(uri)
    assert edits
    assert applied(ragged, edits) == formatted(ragged) == formatted(text)


def test_formatting_touches_only_the_lines_that_change(editor: Editor, folder: Path) -> None:
    text = formatted(ENGLISH)
    ragged = text.replace("  gap: 2d", "gap:    2d")
    (edit,) = editor.format(editor.open(folder / "f.wake", ragged)) or ()
    line = where(ragged, "gap:    2d")[0]
    assert (edit.range.start.line, edit.range.end.line, edit.new_text) == (line, line + 1, "  gap: 2d\n")


def test_a_formatted_text_has_no_edits_and_a_broken_one_is_left_alone(editor: Editor, folder: Path) -> None:
    text = formatted(ENGLISH)
    uri = editor.open(folder / "f.wake", text)
    assert editor.format(uri) == []
    editor.change(uri, text.replace("cadence {", "cadence"))
    assert editor.format(uri) is None


def test_line_ends_of_the_editor_are_kept(editor: Editor, folder: Path) -> None:
    text = formatted(ENGLISH).replace("  gap: 2d", "gap:    2d").replace("\n", "\r\n")
    (edit,) = editor.format(editor.open(folder / "f.wake", text)) or ()
    assert edit.new_text == "  gap: 2d\r\n"


# --------------------------------------------------------------------------- renaming

NAMES = {
    "coupon": (ENGLISH, "off with", "send hello with off", "thirty", 3),
    "message": (ENGLISH, "popup", "message popup", "window", 4),
    "segment": (ENGLISH, "vip", "not vip", "friends", 2),
    "tag": (ENGLISH, "vip", "tag(vip", "regulars", 2),
    "field": (ENGLISH, "skin", "field(skin", "complexion", 3),
    "category": (ENGLISH, "coats", '"coats', "jackets", 2),
    "cause": (ENGLISH, "bored", "bored", "tired", 1),
    "tier": (ENGLISH, "value", "tier value", "worth", 4),
    "band": (ENGLISH, "high", "value.high", "upper", 4),
    "line": (ENGLISH, "promotion", "line: promotion", "pots", 4),
    "alias": (ENGLISH, "lib", "lib.sms", "shared", 4),
    "split": (ENGLISH, "way", "of way", "fork", 2),
    "arm": (ENGLISH, "weak", "weak", "mild", 1),
    "journey": (ENGLISH, "wake", "journey wake", "back", 1),
    "campaign": (ENGLISH, "spring", "spring", "autumn", 1),
    "astral": (CHINESE, "弹窗", "备选: 弹窗", "𠀀窗", 3),
    "chinese": (CHINESE, "立减", "附 立减", "减券", 3),
    "chinese_alias": (CHINESE, "渠道", "渠道.sms", "库", 3),
}


@pytest.mark.parametrize("name", NAMES)
def test_renaming_changes_every_use_and_nothing_else(editor: Editor, folder: Path, name: str) -> None:
    text, old, place, new, count = NAMES[name]
    old = old.split()[0]
    uri = editor.open(folder / "r.wake", text)
    at = where(text, place, within=place.rindex(old) if name != "alias" else 0)
    prepared = editor.prepare(uri, at)
    assert prepared.placeholder == old
    changes = editor.rename(uri, at, new)
    assert {key: len(edits) for key, edits in changes.items()} == {uri: count}
    again = applied(text, changes[uri])
    assert again.count(new) == count
    assert problems(again) == problems(text)
    editor.change(uri, again)
    back = editor.rename(uri, where(again, new), old)
    assert applied(again, back[uri]) == text
    editor.close(uri)


def problems(text: str) -> list[str]:
    project, found = load("main.wake", MemoryFiles({"main.wake": text, "library.wake": LIBRARY}))
    assert project is not None
    return [each.code for each in (*found, *compile_project(project)[1])]


def test_a_name_of_a_library_is_renamed_in_every_file_of_the_project(editor: Editor, folder: Path) -> None:
    (folder / "deep").mkdir()
    (folder / "deep" / "chinese.wake").write_text(CHINESE, "utf-8")
    (folder / ".hidden").mkdir()
    (folder / ".hidden" / "old.wake").write_text(ENGLISH, "utf-8")
    (folder / "campaign.wake").write_text(ENGLISH, "utf-8")
    uri = editor.open(folder / "campaign.wake", ENGLISH.replace("gap: 2d", "gap: 3d"))  # not yet saved
    library = editor.open(folder / "library.wake")
    changes = editor.rename(library, where(LIBRARY, "channel sms", within=8), "text")
    chinese = (folder / "deep" / "chinese.wake").as_uri()
    assert {key: len(edits) for key, edits in changes.items()} == {library: 1, uri: 2, chinese: 1}
    assert "渠道.text {" in applied(CHINESE, changes[chinese])
    assert changes == editor.rename(uri, where(ENGLISH, "lib.sms", within=4), "text")


def refused(editor: Editor, uri: str, at: tuple[int, int], new: str) -> str:
    with pytest.raises(JsonRpcException) as refusal:
        editor.rename(uri, at, new)
    assert refusal.value.data is None
    return refusal.value.message


@pytest.mark.parametrize("new", ["", "1st", "two words", "a.b", "a-b", "ｆｕｌｌ", '"x"', "a\n"], ids=range(8))
def test_what_is_no_name_is_refused(editor: Editor, folder: Path, new: str) -> None:
    uri = editor.open(folder / "r.wake", ENGLISH)
    assert "is no name" in refused(editor, uri, where(ENGLISH, "off"), new)


@pytest.mark.parametrize(
    ("place", "within", "new", "told"),
    [
        ("with off", 5, "more", "coupon `more` is declared twice"),
        ("message popup", 8, "hello", "message `hello` is declared twice"),
        ("value.high", 6, "low", ""),
        ("segment vip", 8, "order", ""),
        ("lib.sms", 0, "value", ""),
    ],
    ids=["coupon", "message", "band", "event", "alias"],
)
def test_a_name_that_is_taken_is_refused(
    editor: Editor, folder: Path, place: str, within: int, new: str, told: str
) -> None:
    uri = editor.open(folder / "r.wake", ENGLISH)
    assert told in refused(editor, uri, where(ENGLISH, place, within=within), new)


def test_a_name_that_would_mean_more_than_before_is_refused(editor: Editor, folder: Path) -> None:
    text = f"{ENGLISH}assume for coupon {{ remembers: 50% }}\n"  # of all coupons; of one, if it has that name
    uri = editor.open(folder / "r.wake", text)
    assert editor.rename(uri, where(text, "with off", within=5), "coupons")
    told = refused(editor, uri, where(text, "with off", within=5), "coupon")
    assert told == "`coupon` would mean something else in some place"


def test_a_name_taken_in_another_file_is_refused(editor: Editor, folder: Path) -> None:
    (folder / "other.wake").write_text(ENGLISH, "utf-8")
    uri = editor.open(folder / "library.wake")
    at = where(LIBRARY, "channel sms", within=8)
    assert "declared twice" in refused(editor, uri, at, "push")


def test_the_refusal_is_in_the_language_of_the_file(editor: Editor, folder: Path) -> None:
    uri = editor.open(folder / "r.wake", CHINESE)
    assert "不能作名称" in refused(editor, uri, where(CHINESE, "立减"), "1")


def test_nothing_is_renamed_while_a_file_that_has_the_name_is_broken(editor: Editor, folder: Path) -> None:
    (folder / "other.wake").write_text(ENGLISH.replace("cadence {", "cadence"), "utf-8")
    uri = editor.open(folder / "library.wake")
    at = where(LIBRARY, "channel sms", within=8)
    assert "`other.wake`" in refused(editor, uri, at, "text")


@pytest.mark.parametrize("place", ["holdout", "180d", "# ", "wake_rate"], ids=range(4))
def test_what_is_no_name_of_the_author_cannot_be_renamed(editor: Editor, folder: Path, place: str) -> None:
    uri = editor.open(folder / "r.wake", ENGLISH)
    at = where(ENGLISH, place)
    assert editor.prepare(uri, at) is None
    assert "there is no name here" in refused(editor, uri, at, "x")
