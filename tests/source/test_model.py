import pytest
from hypothesis import given
from hypothesis import strategies as st

from wakeup.source import MAX_SOURCE_BYTES, Source, SourceError, Span

TEXTS = st.text(alphabet="ab\n优😀\t", max_size=60)


def test_line_ends_and_byte_order_mark_are_normalised() -> None:
    source = Source.from_bytes("a.wake", b"\xef\xbb\xbfone\r\ntwo\rthree\n")
    assert source.text == "one\ntwo\nthree\n"
    assert source.line_count == 4
    assert [source.line_text(line) for line in (1, 2, 3, 4)] == ["one", "two", "three", ""]


@pytest.mark.parametrize(
    ("data", "code", "fields"),
    [
        ("wakeup 1\n活动".encode("gbk"), "WK1003", {"file": "a.wake", "line": 2}),
        ("wakeup 1".encode("utf-16"), "WK1003", {"file": "a.wake", "line": 1}),
        (b"PK\x03\x04\x00\x00", "WK1004", {"file": "a.wake"}),
        (
            b"#" * (MAX_SOURCE_BYTES + 1),
            "WK1005",
            {"file": "a.wake", "limit": MAX_SOURCE_BYTES},
        ),
    ],
)
def test_what_is_no_source_text_is_refused_with_a_code(data: bytes, code: str, fields: dict[str, object]) -> None:
    with pytest.raises(SourceError) as caught:
        Source.from_bytes("a.wake", data)
    assert (caught.value.code, caught.value.fields) == (code, fields)


def test_the_largest_file_is_still_read() -> None:
    assert len(Source.from_bytes("a.wake", b"#" * MAX_SOURCE_BYTES).text) == MAX_SOURCE_BYTES


def test_position_counts_code_points_from_one() -> None:
    source = Source("a.wake", "ab\n优惠券 x\n")
    assert source.position(0) == (1, 1)
    assert source.position(2) == (1, 3)
    assert source.position(3) == (2, 1)
    assert source.position(source.text.index("x")) == (2, 5)
    assert source.position(len(source.text)) == (3, 1)
    with pytest.raises(ValueError, match="outside"):
        source.position(len(source.text) + 1)


@given(TEXTS)
def test_offset_is_the_inverse_of_position(text: str) -> None:
    source = Source("a.wake", text)
    for offset in range(len(text) + 1):
        line, column = source.position(offset)
        assert source.offset(line, column) == offset
        assert line == text[:offset].count("\n") + 1
    assert "\n".join(source.line_text(line) for line in range(1, source.line_count + 1)) == text


def test_join_covers_both_spans() -> None:
    assert Span("a", 5, 9).join(Span("a", 2, 6)) == Span("a", 2, 9)
    with pytest.raises(ValueError, match="different sources"):
        Span("a", 0, 1).join(Span("b", 0, 1))


@pytest.mark.parametrize(("start", "end"), [(-1, 3), (4, 3)])
def test_a_span_that_runs_backwards_is_refused(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="span"):
        Span("a", start, end)


def test_text_of_a_span() -> None:
    source = Source("a.wake", "send nudge")
    assert source.text_of(source.span(5, 10)) == "nudge"
    with pytest.raises(ValueError, match="another source"):
        source.text_of(Span("b.wake", 0, 1))
