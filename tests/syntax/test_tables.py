"""The packaged tables are what the grammar says, are believed only if they are, and are read without Lark."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.syntax.corpus import CAMPAIGNS, HERE

from wakeup.source import Source
from wakeup.syntax import generate, grammar, parse
from wakeup.syntax.parser import drive
from wakeup.syntax.stack import Part, Token
from wakeup.syntax.tables import FILE, Tables, fingerprint, from_bytes, to_bytes
from wakeup.terms.data import packaged

ROOT = HERE.parents[1]
KEY = fingerprint(grammar.grammar_text())


@pytest.fixture(scope="module")
def made() -> Tables:
    """The tables that the grammar gives now."""
    return generate.generate(grammar.grammar_text())


@pytest.fixture
def anew() -> Iterator[None]:
    """The grammar is read again in this test, and again after it."""
    grammar.lexers.cache_clear()
    yield
    grammar.lexers.cache_clear()


def run(*code: str, **env: str) -> str:
    ran = subprocess.run(
        [sys.executable, "-c", "\n".join(code)], env=os.environ | env, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def test_the_file_is_up_to_date() -> None:
    assert packaged(FILE) == generate.prebuilt(), "grammar or lexicon changed: run `make docs`"


@pytest.mark.parametrize("seed", ["1", "2"])
def test_every_process_makes_the_same_file(seed: str) -> None:
    digest = "import hashlib; print(hashlib.sha256(prebuilt()).hexdigest())"
    load = "from wakeup.syntax.generate import prebuilt"
    assert run(load, digest, PYTHONHASHSEED=seed) == run(load, digest, PYTHONHASHSEED="0")


def test_the_file_reads_as_it_was_written(made: Tables) -> None:
    assert from_bytes(to_bytes(made, KEY), KEY) == made


def test_checking_a_campaign_loads_neither_lark_nor_numpy() -> None:
    if packaged(FILE) != generate.prebuilt():
        pytest.fail("grammar or lexicon changed: run `make docs`")
    told = run(
        "import sys, wakeup",
        f"wakeup.check({str(CAMPAIGNS / 'beauty_autumn.wake')!r})",
        "print(sorted({'lark', 'pickle', 'numpy'} & set(sys.modules)))",
    )
    assert told.splitlines()[-1] == "[]"


# --------------------------------------------------------------------------- what is not believed


def test_other_grammar_is_not_believed(made: Tables) -> None:
    assert from_bytes(to_bytes(made, "another"), KEY) is None
    assert fingerprint("a") != fingerprint("b")


def test_every_damage_is_seen(made: Tables) -> None:
    data = to_bytes(made, KEY)
    damaged = [
        b"",
        b"{}",
        b"null",
        b"[" * 100_000,
        data[:-1],
        data[:-2],
        data + b" ",
        b"\xff" + data,
        data[: len(data) // 2],
    ]
    damaged += [data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :] for at in range(0, len(data), 997)]
    for each in damaged:
        assert from_bytes(each, KEY) is None


@pytest.mark.usefixtures("anew")
@pytest.mark.parametrize("error", [FileNotFoundError, PermissionError])
def test_no_file_is_as_good(error: type[OSError], made: Tables, monkeypatch: pytest.MonkeyPatch) -> None:
    def unreadable(name: str) -> bytes:
        raise error(name)

    monkeypatch.setattr(grammar, "packaged", unreadable)
    assert grammar.lexers().tables == made
    assert parse(Source("a", "wakeup 1\ngoal wake_rate >= 12%"))[1] == ()


@pytest.mark.usefixtures("anew")
def test_a_damaged_file_is_as_good(made: Tables, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grammar, "packaged", lambda name: packaged(name)[:-2])
    assert grammar.lexers().tables == made


@pytest.mark.usefixtures("anew")
def test_a_changed_grammar_is_in_force_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    text = grammar.grammar_text().replace("exit: EXIT", "exit: EXIT NAME?")
    monkeypatch.setattr(grammar, "grammar_text", lambda: text)
    assert parse(Source("a", "wakeup 1\njourney a { exit now }"))[1] == ()


# --------------------------------------------------------------------------- the automaton against Lark's own


def told(tree: object) -> object:
    """A tree of ours or of Lark's as plain data."""
    if hasattr(tree, "children"):
        return str(tree.data), [told(each) for each in tree.children]
    return tree.type, str(tree)  # type: ignore[attr-defined]


FILES = sorted(path for folder in (CAMPAIGNS, HERE) for path in folder.rglob("*.wake"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_our_trees_are_larks(path: Path) -> None:
    # In the grammar alone a noun is never a name: `do: pause channel` is ours to read.
    text = path.read_text("utf-8").replace("pause channel", "pause it").replace("暂停 渠道", "暂停 甲")
    layout = "\n%ignore /\\s+/\n%ignore /#[^\\n]*/\n"
    theirs = generate.lark(grammar.grammar_text() + layout).parse(text)
    assert told(drive(Source(path.name, text)).tree) == told(theirs)


def test_tokens_know_their_place() -> None:
    def tokens(each: Part) -> Iterator[Token]:
        if isinstance(each, Token):
            yield each
        else:
            for child in each.children:
                yield from tokens(child)

    for path in FILES:
        text = path.read_text("utf-8")
        tree = drive(Source(path.name, text)).tree
        assert tree is not None
        assert all(text[each.start : each.end] == each for each in tokens(tree))
