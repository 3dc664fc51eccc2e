from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from wakeup.report.markup import Safe, element, join, lines


class Reader(HTMLParser):
    """Collects the tags and the texts of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def read(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    reader.close()
    return reader


@given(st.text(), st.text())
def test_no_text_leaves_its_place(content: str, value: str) -> None:
    reader = read(element("p", content, title=value))
    assert [tag for tag, _ in reader.tags] == ["p"]
    assert set(reader.tags[0][1]) <= {"title"}


def test_an_element_keeps_what_it_was_given() -> None:
    assert (
        element("a", "1 < 2 & 3", class_="x", tab_index='"') == '<a class="x" tab-index="&quot;">1 &lt; 2 &amp; 3</a>'
    )
    assert element("b", element("i", "<")) == "<b><i>&lt;</i></b>"
    assert element("b", "", class_="") == "<b></b>"
    assert join(Safe("<br>"), "<br>") == "<br>&lt;br&gt;"


def test_control_codes_are_made_visible() -> None:
    assert element("p", "a\x00\x1b[31mb\u202e") == "<p>a\ufffd\ufffd[31mb\ufffd</p>"


def test_lines_keep_their_ends() -> None:
    assert lines("a <\r\n  b") == "a &lt;\n  b"
