"""Names that leave the house: unique, steady, and telling nothing."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wakeup.live.keys import ALPHABET, code_of, read_code, read_token, ref_of, token_of

texts = st.text(max_size=8)


def test_an_outbox_key_stays_what_it_is() -> None:
    """Written down: a changed key would send everything again."""
    assert ref_of("秋季", 2**64 - 1, 0, "short", "s1", 2) == "214504323e3d4a6622e7e67c9e6c0442"


@given(st.lists(st.tuples(texts, st.integers(0, 99), st.integers(0, 3), texts, texts, st.integers(0, 3)), unique=True))
def test_different_sends_have_different_keys(sends: list[tuple[str, int, int, str, str, int]]) -> None:
    keys = {ref_of(*each) for each in sends}
    assert len(keys) == len(sends)
    assert all(re.fullmatch("[0-9a-f]{32}", key) for key in keys)


def test_a_code_can_be_read_aloud() -> None:
    assert len(ALPHABET) == 29
    assert not set(ALPHABET) & set("AEIOU01")
    code = code_of(b"secret", "autumn", "c8", 7, 0)
    assert re.fullmatch(f"[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}", code)
    assert read_code(code.lower().replace("-", " ")) == code
    assert read_code(f" {code.replace('-', '')} ") == code


def test_codes_differ_by_everything_that_they_are_for() -> None:
    made = {
        code_of(*each)
        for each in [
            (b"s", "a", "c", 1, 0),
            (b"t", "a", "c", 1, 0),
            (b"s", "b", "c", 1, 0),
            (b"s", "a", "d", 1, 0),
            (b"s", "a", "c", 2, 0),
            (b"s", "a", "c", 1, 1),
        ]
    }
    assert len(made) == 6
    many = {code_of(b"s", "a", "c", each, 0) for each in range(20_000)}
    assert len(many) == 20_000


@given(st.integers(0, 2**64 - 1), st.data())
def test_a_slip_of_the_pen_is_seen(customer: int, data: st.DataObject) -> None:
    code = code_of(b"secret", "autumn", "c8", customer, 0).replace("-", "")
    at = data.draw(st.integers(0, 11))
    wrong = data.draw(st.sampled_from(ALPHABET).filter(lambda each: each != code[at]))
    assert read_code(code[:at] + wrong + code[at + 1 :]) is None
    at = min(at, 10)
    exchanged = code[:at] + code[at + 1] + code[at] + code[at + 2 :]
    assert exchanged == code or read_code(exchanged) is None


@pytest.mark.parametrize(
    "typed", ["", "7KQM", "7KQM-2XWD-P9RFF", "OOOO-OOOO-OOOO", "7KQM_2XWD_P9RF", "７KQM-2XWD-P9RF"]
)
def test_what_is_no_code(typed: str) -> None:
    assert read_code(typed) is None


@given(st.binary(min_size=16, max_size=16), st.integers(0, 42), st.characters())
def test_only_our_own_tokens_are_read(ref: bytes, at: int, other: str) -> None:
    token = token_of(b"secret", ref.hex())
    assert len(token) == 43
    assert read_token(b"secret", token) == ref.hex()
    assert read_token(b"another", token) is None
    changed = token[:at] + other + token[at + 1 :]
    # The last character carries two bits that stand for nothing.
    assert changed == token or read_token(b"secret", changed) is None or at == 42


@pytest.mark.parametrize("token", ["", "x", "é" * 43, "A" * 42, "A" * 44, "../../etc/passwd"])
def test_what_is_no_token(token: str) -> None:
    assert read_token(b"secret", token) is None


def test_a_token_is_made_of_an_outbox_key_only() -> None:
    with pytest.raises(ValueError, match="outbox key"):
        token_of(b"secret", "ab")
