import pytest
from hypothesis import given
from hypothesis import strategies as st

from wakeup.plan.template import read


def test_variables_with_their_places_and_defaults() -> None:
    read_ = read('Dear {{ first_name | default: "you" }}, {{field.skin_type}} {{ last_item }} {{ last_item }}')
    assert [(each.name, each.default) for each in read_.variables] == [
        ("first_name", "you"),
        ("field.skin_type", None),
        ("last_item", None),
        ("last_item", None),
    ]
    assert read_.fields() == ("skin_type", "last_item")
    assert read_.text[read_.variables[1].start : read_.variables[1].end] == "{{field.skin_type}}"
    assert read_.broken == ()


@pytest.mark.parametrize("text", ["{{ a", "a }}", "{% if x %}", "{{ a | upcase }}", "{{ a.b.c }}", "{{ 1 }}"])
def test_what_is_not_understood_is_found(text: str) -> None:
    assert read(text).broken


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("x" * 160, 1),
        ("x" * 161, 2),
        ("x" * 306, 2),
        ("x" * 307, 3),
        ("€" * 80, 1),  # two septets each
        ("€" * 81, 2),
        ("亲" * 70, 1),
        ("亲" * 71, 2),
        ("亲" * 134, 2),
        ("亲" * 135, 3),
        ("😀" * 35, 1),  # two UTF-16 units each
        ("😀" * 36, 2),
        ("亲" + "x" * 70, 2),
    ],
)
def test_parts_of_a_text_message(text: str, parts: int) -> None:
    assert read(text).parts(()) == parts


def test_the_longest_rendering_counts() -> None:
    text = "x" * 150 + "{{ offer }}"
    assert read(text).parts(("x" * 10,)) == 1
    assert read(text).parts(("x" * 10, "x" * 11)) == 2
    assert read("{{ offer }}").parts(("满300减80" * 11,)) == 2  # a Chinese offer makes the whole text Chinese


@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    assert read(text).parts(()) >= 1
