import pytest
from hypothesis import given
from hypothesis import strategies as st

from wakeup.diagnostics.suggest import edit_distance, suggest

WORDS = st.text(alphabet="abc", max_size=6)


@pytest.mark.parametrize(
    ("word", "candidates", "found"),
    [
        ("nudgee", ["nudge", "post"], ("nudge",)),
        ("wati", ["wait", "send"], ("wait",)),  # two neighbours swapped is one slip
        ("WAKE_RATE", ["wake_rate"], ("wake_rate",)),
        ("ｓｅｎｄ", ["send", "wait"], ("send",)),
        ("cap", ["gap", "map", "tap", "lap"], ("gap", "lap", "map")),
        ("abcd", ["abxy"], ()),  # 4 letters: one slip at most
        ("abcde", ["abcxy"], ("abcxy",)),  # up to 8: two
        ("abcdefgh", ["abcdexyz"], ()),
        ("incremental_profit", ["incremntal_proift"], ("incremntal_proift",)),
        ("下但", ["下单", "点击"], ("下单",)),
        ("x", ["y"], ()),
    ],
)
def test_suggestions(word: str, candidates: list[str], found: tuple[str, ...]) -> None:
    assert suggest(word, candidates) == found


def test_the_closest_comes_first() -> None:
    assert suggest("nudges", ["fudger", "nudge"]) == ("nudge", "fudger")


@given(WORDS, WORDS)
def test_distance_is_a_symmetric_count_of_edits(a: str, b: str) -> None:
    distance = edit_distance(a, b)
    assert distance == edit_distance(b, a)
    assert (distance == 0) == (a == b)
    assert abs(len(a) - len(b)) <= distance <= max(len(a), len(b))
