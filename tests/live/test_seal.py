"""Sealing: it opens with the right key in the right place, and otherwise not at all; nothing shows a key."""

import os
import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from wakeup.channels.protocol import Secret
from wakeup.live.seal import Keys, UnsealableError, fresh_keys, fresh_line, keys_at, make_key_file

OLD = "k1:" + "07" * 32
NEW = "k2:" + "08" * 32
KEYS = Keys.parse(Secret(OLD))
ROTATED = Keys.parse(Secret(f"# kept in the safe\n{OLD}\n\n{NEW}\n"))


@given(st.binary(max_size=200), st.text(max_size=20))
def test_what_is_sealed_opens(plain: bytes, place: str) -> None:
    sealed = KEYS.seal(place, plain)
    assert KEYS.open(place, sealed) == plain
    assert KEYS.seal(place, plain) != sealed, "never the same bytes twice"
    assert len(plain) < 4 or plain not in sealed


@given(st.data())
def test_any_changed_bit_is_seen(data: st.DataObject) -> None:
    sealed = bytearray(KEYS.seal("address:7", b"13800138000"))
    sealed[data.draw(st.integers(0, len(sealed) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(UnsealableError):
        KEYS.open("address:7", bytes(sealed))


@pytest.mark.parametrize("sealed", [b"", b"\x00", b"\x02k1", b"\x02k1" + bytes(5), b"\xff" * 40])
def test_what_was_never_sealed(sealed: bytes) -> None:
    with pytest.raises(UnsealableError):
        KEYS.open("x", sealed)


def test_a_sealed_thing_opens_in_its_own_place_only() -> None:
    with pytest.raises(UnsealableError):
        KEYS.open("address:8", KEYS.seal("address:7", b"13800138000"))


def test_it_is_plain_aes_gcm() -> None:
    """Read back by the library alone: name of the key, nonce, text with its tag, bound to name and place."""
    sealed = KEYS.seal("address:7", b"13800138000")
    assert sealed[:3] == b"\x02k1"
    assert AESGCM(b"\x07" * 32).decrypt(sealed[3:15], sealed[15:], b"\x02k1address:7") == b"13800138000"


def test_a_new_key_seals_and_the_old_one_still_opens() -> None:
    old = KEYS.seal("x", b"plain")
    assert ROTATED.open("x", old) == b"plain"
    sealed = ROTATED.seal("x", b"plain")
    assert (ROTATED.sealed_with(old), ROTATED.sealed_with(sealed), ROTATED.sealed_with(b"")) == ("k1", "k2", "")
    with pytest.raises(UnsealableError):
        KEYS.open("x", sealed)
    assert ROTATED.lookup("li@example.com") == KEYS.lookup("li@example.com"), "people are still found"
    assert ROTATED.derive("codes") == KEYS.derive("codes")


def test_look_ups_need_the_key() -> None:
    assert KEYS.lookup("a") != KEYS.lookup("b")
    assert KEYS.lookup("a") != fresh_keys().lookup("a")
    assert KEYS.derive("codes") != KEYS.derive("links")


def test_nothing_shows_a_key() -> None:
    for shown in (repr(ROTATED), str(ROTATED), f"{ROTATED!r}"):
        assert "07070707" not in shown
        assert "k2" in shown
    with pytest.raises(ValueError, match="no key file") as told:
        Keys.parse(Secret(OLD[:-1]))
    assert "0707" not in str(told.value)


def test_references(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WAKEUP_TEST_KEY", f"{OLD},{NEW}")
    (tmp_path / "a.key").write_text(f"{OLD}\n{NEW}\n")
    for found in (keys_at("env:WAKEUP_TEST_KEY"), keys_at(f"file:{tmp_path / 'a.key'}")):
        assert found.names == ("k1", "k2")
        assert found.lookup("x") == ROTATED.lookup("x")


def test_a_key_file_is_private_and_made_once(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        make_key_file(tmp_path / "a.key")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "a.key").stat().st_mode) == 0o600
    text = (tmp_path / "a.key").read_text()
    make_key_file(tmp_path / "a.key")
    assert (tmp_path / "a.key").read_text() == text
    assert [each.name for each in tmp_path.iterdir()] == ["a.key"]
    assert fresh_line() != fresh_line()
