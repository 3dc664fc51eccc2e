"""Whatever a file holds: the formatted text is the same tree with the same comments, and formatting it again changes
nothing, in either language and back."""

import re
from collections import Counter
from pathlib import Path

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from tests.format.cases import LANGUAGES, formatted
from tests.format.texts import GAPS, campaigns
from tests.syntax.corpus import CAMPAIGNS, FILES
from tests.syntax.test_fuzz import PIECES, TOKEN

from wakeup.compile import compile_project
from wakeup.diagnostics import Severity
from wakeup.format import format_source
from wakeup.lang import MemoryFiles, load
from wakeup.plan.json import to_tree
from wakeup.plan.model import Plan
from wakeup.source import Source
from wakeup.syntax import parse
from wakeup.syntax.nodes import File

CORPUS = {path.relative_to(CAMPAIGNS).as_posix(): path.read_text("utf-8") for path in CAMPAIGNS.rglob("*.wake")} | FILES
LIBRARIES = {name: text for name, text in CORPUS.items() if name.startswith("shared/")}


def tree(text: str) -> File:
    file, found = parse(Source("test.wake", text))
    assert file is not None
    assert found == ()
    return file


def comments(file: File) -> Counter[str]:
    return Counter(comment.text for comment in file.comments)


def assert_round_trip(text: str) -> None:
    before = tree(text)
    printed = {lang: formatted(text, lang) for lang in LANGUAGES}
    for made in printed.values():
        after = tree(made)
        assert after == before
        assert comments(after) == comments(before)
        assert [decl.doc for decl in after.decls] == [decl.doc for decl in before.decls]
        assert {lang: formatted(made, lang) for lang in LANGUAGES} == printed
        assert all(line == line.rstrip() for line in made.splitlines())
        assert "\n\n\n" not in made


@pytest.mark.parametrize("name", CORPUS)
def test_corpus(name: str) -> None:
    assert_round_trip(CORPUS[name])


@pytest.mark.parametrize(
    "value",
    [
        "1d or active_months and 1d within 1d",
        "3 for a and b or c and d within 1d",
        "a and (b or c)\n within 1d",
        "bought(x)\n within 1d",
        "bought(x) # note\n within 1d",
    ],
)
def test_within_behind_what_ends_with_a_parenthesis(value: str) -> None:
    assert_round_trip(f"wakeup 1\ncampaign a {{\n value: {value}\n}}\n")


@pytest.mark.parametrize("comment", ["", " # note\n", "\n## note\n"])
@pytest.mark.parametrize("word", ["points grade a", "staff per person", "send", "积分 等级 a"])
def test_a_long_list_is_not_broken_before_a_word_that_begins_an_item(word: str, comment: str) -> None:
    names = ", ".join(f"name_{number}" for number in range(20))
    assert_round_trip(f"wakeup 1\nbundle a {{\n items: {names}, {comment}{names}, {word}, {names}\n}}\n")
    assert_round_trip(f"wakeup 1\nbundle a {{\n items: a{comment}, {word}, b\n}}\n")


def test_a_calendar_unit_is_not_lost() -> None:
    assert_round_trip("wakeup 1\ncampaign a {\n value: 3 per calendar item, 4 per item, 5 per calendar month\n}\n")


@given(campaigns())
def test_any_campaign(text: str) -> None:
    if parse(Source("test.wake", text))[1] == ():
        assert_round_trip(text)


@pytest.mark.proof
@given(campaigns(6))
def test_any_campaign_at_length(text: str) -> None:
    if parse(Source("test.wake", text))[1] == ():
        assert_round_trip(text)


@given(st.sampled_from(sorted(PIECES)), st.data())
def test_comments_and_new_lines_anywhere(name: str, data: st.DataObject) -> None:
    pieces = list(PIECES[name])
    for at in data.draw(st.sets(st.integers(0, len(pieces)), max_size=6)):
        pieces[at:at] = [data.draw(st.sampled_from(GAPS))]
    text = "".join(pieces)
    if parse(Source("test.wake", text))[1] == ():
        assert_round_trip(text)


@given(st.sampled_from(sorted(PIECES)), st.data())
def test_pieces_lost_doubled_swapped(name: str, data: st.DataObject) -> None:
    pieces = list(PIECES[name])
    for at in data.draw(st.lists(st.integers(0, len(pieces) - 2), max_size=3)):
        pieces[at : at + 2] = data.draw(
            st.sampled_from([pieces[at : at + 1], pieces[at : at + 2] * 2, pieces[at : at + 2][::-1]])
        )
        pieces.append("\n")
    source = Source("test.wake", "".join(pieces))
    text, found = format_source(source)
    errors = [each for each in found if each.severity is Severity.ERROR]
    assert (text is None) == bool(errors)
    assert all(each.code != "WK9002" for each in errors)


@pytest.mark.parametrize("name", PIECES)
def test_where_lines_ended_does_not_matter(name: str) -> None:
    bare = re.sub(r"\n\s*\n", "\n", re.sub(r"(?m)(^|[ ]+)#[^\n\"]*$", "", FILES[name]))
    pieces = TOKEN.findall(bare)
    wide = "".join({"{": "{\n", "}": "\n}", ",": ",\n"}.get(piece, piece) for piece in pieces)
    assert formatted(wide) == formatted("".join(pieces))


# --- the campaigns that ship ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [name for name in CORPUS if "/" in name])
def test_libraries_that_ship_are_canonical(name: str) -> None:
    assert formatted(CORPUS[name]) == CORPUS[name]


def test_the_chinese_north_star_is_canonical_but_for_its_commas() -> None:
    text = FILES["north_star_zh.wake"]
    assert formatted(text) == text.replace("，", ", ")


def plan_of(text: str) -> Plan:
    project, found = load("campaign.wake", MemoryFiles({"campaign.wake": text, **LIBRARIES}))
    assert project is not None
    plan, more = compile_project(project)
    assert (*found, *more) == ()
    assert plan is not None
    return plan


@pytest.mark.parametrize("path", sorted(CAMPAIGNS.glob("*.wake")), ids=lambda path: str(path.name))
def test_a_translated_campaign_is_the_same_campaign(path: Path) -> None:
    def said(plan: Plan) -> object:
        """All but where things stand in the file and how a claim is worded."""
        unworded = [evolve(each, text="") for each in plan.expectations], [evolve(each, text="") for each in plan.goals]
        return to_tree(evolve(plan, origins=(), expectations=(), goals=())), unworded

    text = path.read_text("utf-8")
    plans = [plan_of(text), *(plan_of(formatted(text, lang)) for lang in LANGUAGES)]
    assert said(plans[0]) == said(plans[1]) == said(plans[2])
