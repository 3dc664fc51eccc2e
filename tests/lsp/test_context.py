"""What stands at the cursor, marked with |, of a text that need not be whole."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.lsp.texts import CHINESE, ENGLISH

from wakeup.lsp.context import Context, context

PLACES = [
    ("wakeup 1\n|", "top", "", ""),
    ("wakeup 1\nca|", "top", "", ""),
    ("# a comm|ent", "nothing", "", ""),
    ("message m via |", "head", "message", ""),
    ("coupon c { |", "item", "coupon", ""),
    ("coupon c { valid: 7d, |", "item", "coupon", ""),
    ("coupon c { valid: 7d, li| }", "item", "coupon", ""),
    ("coupon c {\n  valid: 7d\n  li|", "item", "coupon", ""),
    ("coupon c {\n  valid: |", "value", "coupon", "valid"),
    ("campaign c {\n  audience: days_since_order >= 90d\n    and |", "value", "campaign", "audience"),
    ("campaign c {\n  audience: days_since_order >= 90d\n  ho|", "item", "campaign", ""),
    ('message m via a { text: "x {{ |', "text", "message", "text"),
    ('message m via a { text: "x", |', "item", "message", ""),
    ("journey j {\n  send m with a, |", "statement", "journey", ""),
    ("journey j {\n  if no order { send |", "statement", "journey", ""),
    ("journey j {\n  if no order { send m } |", "item", "journey", ""),
    ("journey j {\n  split s { |", "arms", "journey", ""),
    ("journey j {\n  split s { 50% a { |", "item", "journey", ""),
    ("journey j { send m }\n|", "top", "", ""),
    ("优惠券 券 ｛ 优惠： 满300减80， |", "item", "coupon", ""),
    ("旅程 甲 {\n  等待7天 直到 |", "statement", "journey", ""),
    ("情景 甲 {\n  日期: |", "value", "scenario", "from"),
]


@pytest.mark.parametrize(
    ("text", "place", "kind", "key"), PLACES, ids=[f"{number:02}" for number in range(len(PLACES))]
)
def test_the_place_of_the_cursor(text: str, place: str, kind: str, key: str) -> None:
    found = context(text.replace("|", ""), text.index("|"))
    assert (found.place, found.kind, found.key) == (place, kind, key)


@pytest.mark.parametrize(
    ("text", "first", "last", "follows"),
    [
        ("cadence { at most 2 per 30d for |", "AT_MOST", "FOR", True),
        ("节奏 { 每自然月最多 2次 适用于 |", "AT_MOST", "FOR", True),
        ("journey j { send m with a, |", "SEND", "WITH", False),
        ("旅程 甲 { 等待7天 直到 |", "WAIT", "FOR", True),
        ("journey j { promote winner of |", "PROMOTE", "OF", True),
        ("优惠券 甲 { 优惠: 满100打8.5折 |", "OFF", "OFF", True),
    ],
    ids=["cap", "cap_zh", "list", "wait_zh", "promote", "off_zh"],
)
def test_the_keywords_of_the_statement(text: str, first: str, last: str, follows: bool) -> None:
    found = context(text.replace("|", ""), text.index("|"))
    assert (found.first, found.last, found.follows) == (first, last, follows)


def test_what_is_being_typed_is_no_word_yet() -> None:
    assert context("journey j { send he", 19) == Context("statement", "he", "journey", "", ("journey", "j"), ("send",))


@given(st.sampled_from([ENGLISH, CHINESE]), st.data())
def test_any_text_cut_anywhere_has_a_place(text: str, data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(text)))
    at = data.draw(st.integers(0, cut))
    assert text[:cut][:at].endswith(context(text[:cut], at).prefix)


@given(st.text(max_size=60))
def test_any_text_has_a_place(text: str) -> None:
    assert context(text, len(text)).place
