"""Words of a provider are told only where they can be nothing but codes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.channels.providers.local import START, request

from wakeup.channels.http import Reply
from wakeup.channels.protocol import Received, Secret, Verdict
from wakeup.channels.single import by_status, is_text, name, number, require_token, rows_of, word


@pytest.mark.parametrize("code", ["OK", "isv.MOBILE_NUMBER_ILLEGAL", "MK:0012", "21610", "-1", "user_block"])
def test_codes_are_told(code: str) -> None:
    assert word(code) == code


@pytest.mark.parametrize(
    "code", ["13900000001", "+8613900000001", "to 13900000001 no", "a@b.example", "张三", "x" * 65]
)
def test_what_may_be_somebodys_is_not(code: str) -> None:
    assert word(code) == "other"


@given(st.from_regex(r"1[3-9]\d{9}", fullmatch=True), st.text(max_size=10), st.text(max_size=10))
def test_no_telephone_number_is_ever_told(phone: str, before: str, after: str) -> None:
    assert phone not in word(before + phone + after)


@pytest.mark.parametrize(("status", "verdict"), [(401, "policy"), (403, "policy"), (429, "throttled")])
def test_a_status_that_refuses(status: int, verdict: str) -> None:
    assert by_status(request(), Reply(status, {}, b""), START).verdict == verdict


@pytest.mark.parametrize("status", [413, 414, 431])
def test_a_call_that_is_too_long_is_refused_for_good(status: int) -> None:
    assert by_status(request(), Reply(status, {}, b""), START).verdict is Verdict.BAD_CONTENT


@pytest.mark.parametrize("status", [200, 302, 400, 404, 408, 500, 502, 503, 504])
def test_any_other_status_says_nothing(status: int) -> None:
    report = by_status(request(), Reply(status, {}, b""), START)
    assert (report.verdict, report.code) == (Verdict.DOUBT, f"http_{status}")


@pytest.mark.parametrize("value", [None, True, 1.5, "x" * 201, "a b", "é", [], {}])
def test_what_is_no_name(value: object) -> None:
    assert name(value) == ""


@pytest.mark.parametrize(
    ("value", "read"), [("12", 12), (12, 12), ("1.5", None), (True, None), (None, None), ([], None)]
)
def test_whole_numbers(value: object, read: int | None) -> None:
    assert number(value) == read


@pytest.mark.parametrize("part", ["text", "subject", "unsubscribe"])
def test_half_a_character_is_no_text(part: str) -> None:
    assert is_text(request())
    assert not is_text(request(**{part: "\ud800"}))
    assert not is_text(request(fields={"a": "\ud800"}))


@pytest.mark.parametrize("query", ["", "?token=", "?token=wor", "?token=word&token=no", "?TOKEN=word", "?x=word"])
def test_only_the_word_itself_opens(query: str) -> None:
    call = Received("POST", f"https://example.com/{query}", {}, b"[]")
    if query.startswith("?token=word"):
        require_token(call, Secret("word"))
        return
    with pytest.raises(PermissionError):
        require_token(call, Secret("word"))
    with pytest.raises(PermissionError):
        require_token(call, Secret(""))


@pytest.mark.parametrize("body", [b"", b"1", b"null", b"[1]", b'["a"]', b"{", b"\xff", b"[" * 100_000])
def test_a_body_of_another_form_is_refused(body: bytes) -> None:
    with pytest.raises(PermissionError):
        rows_of(Received("POST", "/", {}, body))
