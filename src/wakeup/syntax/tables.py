"""The parser's tables as plain data, and the file that keeps them.

Lark makes the tables from the grammar (`wakeup.syntax.generate`); reading a campaign needs only the tables. The file is
JSON: reading it runs nothing. It is believed only if it was made from the very grammar and lexicon that ship beside it
and is whole; `wakeup.syntax.grammar` makes the tables anew when it is not.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from attrs import fields, frozen

FILE = "campaign.tables.json"
"""The packaged file that holds the tables."""

FORMAT = 1
"""Form of the file and meaning of the tables: raise it when either changes."""

END = "$END"
"""The terminal that stands for the end of the text."""


@frozen
class Rule:
    """What a reduction takes off the stacks and what it makes of that.

    ``size`` symbols become a tree named ``name``, or, if the rule is ``hidden``, a list that its parent takes in. Only
    a rule that ``takes_in`` has hidden ones among its symbols. A ``single`` rule with one part becomes that part; one
    that ``passes`` has one symbol whose value stays as it is.
    """

    name: str
    size: int
    hidden: bool
    takes_in: bool
    single: bool
    passes: bool


@frozen
class Tables:
    """An LALR(1) automaton with a lexer for each state; state 0 begins.

    ``terminals`` name -> regular expression, in the order in which the lexer tries them. ``actions`` of each state:
    terminal -> the state after a shift, or ``~rule``, a negative number, for a reduction by that rule. ``gotos`` of
    each state: rule name -> the state after a reduction to it. ``end`` is the state in which the whole text was read.
    """

    terminals: Mapping[str, str]
    rules: tuple[Rule, ...]
    actions: tuple[Mapping[str, int], ...]
    gotos: tuple[Mapping[str, int], ...]
    end: int


def fingerprint(grammar: str) -> str:
    """Return what a file of tables must carry to belong to a grammar (its text with the generated terminals).

    Lark's version is not part of it: Lark reads none of this, and any version's tables for one grammar accept the same
    texts. That the file is what the pinned Lark makes is for the tests to hold.
    """
    return sha256(f"{FORMAT}\n{grammar}".encode()).hexdigest()


def to_bytes(tables: Tables, key: str) -> bytes:
    """Return the content of the file; ``key`` is the grammar's fingerprint."""
    rules = [[getattr(rule, each.name) for each in fields(Rule)] for rule in tables.rules]
    content: dict[str, Sequence[object]] = {
        "fingerprint": [key],
        "end": [tables.end],
        "terminals": [[name, pattern] for name, pattern in tables.terminals.items()],
        "rules": rules,
        "states": [[actions, gotos] for actions, gotos in zip(tables.actions, tables.gotos, strict=True)],
    }
    parts = [f"{json.dumps(name)}: {_rows(rows)}" for name, rows in content.items()]
    body = (",\n".join(parts) + "}\n").encode()
    return b'{"digest": "%s",\n%s' % (sha256(body).hexdigest().encode(), body)


def _rows(rows: Sequence[object]) -> str:
    """One row a line, so that a change of the grammar can be seen in the file's difference."""
    return "[\n" + ",\n".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in rows) + "]"


def from_bytes(data: bytes, key: str) -> Tables | None:
    """Return the tables, or None if they belong to another grammar or the file is damaged."""
    head, _, body = data.partition(b"\n")
    if head != b'{"digest": "%s",' % sha256(body).hexdigest().encode():
        return None
    content: dict[str, Any] = json.loads(data)
    if content["fingerprint"] != [key]:
        return None
    return Tables(
        terminals=dict(content["terminals"]),
        rules=tuple(Rule(*each) for each in content["rules"]),
        actions=tuple(actions for actions, _ in content["states"]),
        gotos=tuple(gotos for _, gotos in content["states"]),
        end=content["end"][0],
    )
