import json
import re
from itertools import pairwise

import pytest

from wakeup.diagnostics import Fix, Label, diagnostic, render_json, render_text
from wakeup.source import Source, Span
from wakeup.source.columns import cells

TEXT = "wakeup 1\n优惠券 回归券 { 满300减80 }\nsend\tnudge with c3000\n"
SOURCE = Source("campaigns/autumn.wake", TEXT)
SOURCES = {SOURCE.name: SOURCE}


def span_of(piece: str) -> Span:
    start = TEXT.index(piece)
    return SOURCE.span(start, start + len(piece))


def underlined(rendered: str, mark: str = "^") -> list[str]:
    """What a reader sees above the marks, read back by display cells."""
    lines = rendered.splitlines()
    found = []
    for above, line in pairwise(lines):
        hit = re.match(rf"[^{re.escape(mark)}]*?\| ( *)({re.escape(mark)}+)", line)
        if hit:
            shown = above.split("| ", 1)[1]
            first, last = len(hit[1]), len(hit[1]) + len(hit[2])
            found.append("".join(c for i, c in enumerate(shown) if first <= cells(shown[:i]) < last))
    return found


def test_the_whole_message() -> None:
    made = diagnostic(
        "WK1006",
        span_of("c3000"),
        limit=40,
        labels=(Label(span_of("回归券"), "the coupon is here"),),
        notes=("a note",),
        fix=Fix(span_of("c3000"), "c300", "write"),
    )
    assert render_text([made], SOURCES) == (
        "error[WK1006]: this is nested more than 40 levels deep\n"
        " --> campaigns/autumn.wake:3:17\n"
        "  |\n"
        "3 | send    nudge with c3000\n"
        "  |                    ^^^^^\n"
        " ::: campaigns/autumn.wake:2:5\n"
        "  |\n"
        "2 | 优惠券 回归券 { 满300减80 }\n"
        "  |        ------ the coupon is here\n"
        "  |\n"
        "  = note: a note\n"
        "  = help: split the journey, or name parts of the condition as segments\n"
        "  = fix: write: c300\n"
    )


def test_carets_stand_under_full_width_text() -> None:
    for piece in ("优惠券", "回归券", "满300减80", "减80", "}", "nudge"):
        rendered = render_text([diagnostic("WK1006", span_of(piece), limit=1)], SOURCES)
        assert underlined(rendered) == [piece]


def test_the_words_around_follow_the_language() -> None:
    made = diagnostic("WK1006", span_of("满300"), limit=40, lang="zh")
    rendered = render_text([made], SOURCES)
    assert rendered.startswith("错误[WK1006]: 这里的嵌套超过 40 层\n")
    assert "= 帮助：请拆分旅程" in rendered


def test_a_span_over_several_lines_is_underlined_to_the_end_of_its_first() -> None:
    made = diagnostic("WK1006", Span(SOURCE.name, TEXT.index("满"), len(TEXT)), limit=1)
    assert underlined(render_text([made], SOURCES)) == ["满300减80 }"]


def test_the_end_of_the_text_has_a_caret_of_its_own() -> None:
    rendered = render_text([diagnostic("WK1006", SOURCE.span(len(TEXT), len(TEXT)), limit=1)], SOURCES)
    assert "autumn.wake:4:1\n" in rendered
    assert "4 | \n  | ^\n" in rendered


def test_without_a_place_there_is_no_frame() -> None:
    assert render_text([diagnostic("WK1001", file="x.wake")], {}) == (
        "error[WK1001]: there is no file x.wake\n"
        " = help: check the spelling of the path; it is read from the folder you are in\n"
    )


def test_two_messages_are_parted_by_a_blank_line() -> None:
    made = diagnostic("WK1001", file="x.wake")
    assert render_text([made, made], {}).count("\n\nerror[WK1001]") == 1


def test_colour_adds_nothing_but_colour() -> None:
    made = diagnostic("WK1006", span_of("回归券"), limit=40, fix=Fix(span_of("回归券"), "", "leave it out"))
    plain, coloured = (render_text([made], SOURCES, colour=colour) for colour in (False, True))
    assert "\x1b[" not in plain
    assert "\x1b[31;1merror[WK1006]\x1b[0m" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain
    assert plain.endswith("= fix: leave it out\n")


def test_a_source_cannot_write_escape_codes_to_the_terminal() -> None:
    evil = Source("e.wake", "send \x1b[2Jx")
    rendered = render_text([diagnostic("WK1006", evil.span(0, 4), limit=1)], {evil.name: evil})
    assert "\x1b" not in rendered


def test_json_tells_places_in_every_count() -> None:
    made = diagnostic("WK1006", span_of("减80"), limit=40, fix=Fix(span_of("满"), "x", "write"))
    document = json.loads(render_json([made], SOURCES))
    assert document["format_version"] == 1
    (told,) = document["diagnostics"]
    assert told["code"] == "WK1006"
    assert told["severity"] == "error"
    assert told["message"] == "this is nested more than 40 levels deep"
    assert told["help"].startswith("split the journey")
    assert told["span"]["file"] == SOURCE.name
    assert told["span"]["start"] == {"offset": TEXT.index("减"), "line": 2, "column": 15, "utf16": 14}
    assert told["span"]["end"]["column"] == 18
    assert told["fix"]["replacement"] == "x"


def test_json_counts_astral_characters_twice_for_editors() -> None:
    source = Source("a", "😀x")
    document = json.loads(render_json([diagnostic("WK1006", source.span(1, 2), limit=1)], {"a": source}))
    assert document["diagnostics"][0]["span"]["start"] == {"offset": 1, "line": 1, "column": 2, "utf16": 1 + 1}


@pytest.mark.parametrize("at", [0, 150, 5_000, 99_990])
def test_a_long_line_is_shown_around_the_place_only(at: int) -> None:
    line = "x" * at + "wrong" + "y" * (100_000 - at)
    source = Source("long.wake", line)
    rendered = render_text([diagnostic("WK1006", source.span(at, at + 5), limit=1)], {source.name: source})
    assert underlined(rendered) == ["wrong"]
    assert max(map(len, rendered.splitlines())) < 230
    assert f"long.wake:1:{at + 1}" in rendered


def test_what_is_wrong_over_a_long_stretch_is_underlined_as_far_as_it_is_shown() -> None:
    source = Source("long.wake", "x" * 100_000)
    rendered = render_text([diagnostic("WK1006", source.span(50, 90_000), limit=1)], {source.name: source})
    assert max(map(len, rendered.splitlines())) < 230
    assert "^" * 100 in rendered
