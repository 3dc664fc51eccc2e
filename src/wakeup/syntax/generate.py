"""Grammar -> tables. The only module that loads Lark; it runs when the packaged tables do not fit the grammar."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from lark import Lark
from lark.parsers.lalr_analysis import Shift

from wakeup.syntax.grammar import grammar_text
from wakeup.syntax.tables import Rule, Tables, fingerprint, to_bytes

_States: TypeAlias = Mapping[Any, Mapping[str, tuple[Any, Any]]]


def lark(text: str, **options: Any) -> Lark:
    """Let Lark read a grammar; ``options`` go to it."""
    return Lark(text, parser="lalr", lexer="contextual", maybe_placeholders=False, **options)


def generate(text: str) -> Tables:
    """Return the tables of a grammar; the same text gives equal tables in every process."""
    made = lark(text)
    interactive = made.parse_interactive("")
    table = interactive.parser_state.parse_conf.parse_table
    lexer: Any = interactive.lexer_thread.lexer
    names = {str(each.origin.name) for each in made.rules}
    states: _States = table.states
    order = _numbered(states, table.start_states["start"])
    rules: dict[Any, int] = {}
    actions: list[Mapping[str, int]] = []
    gotos: list[Mapping[str, int]] = []
    for state in order:
        row = sorted(states[state].items())
        gotos.append({str(symbol): order[arg] for symbol, (_, arg) in row if symbol in names})
        actions.append(
            {
                str(symbol): order[arg] if kind is Shift else ~rules.setdefault(arg, len(rules))
                for symbol, (kind, arg) in row
                if symbol not in names
            }
        )
    return Tables(
        terminals={each.name: each.pattern.to_regexp() for each in lexer.root_lexer.terminals},
        rules=tuple(_rule(each) for each in rules),
        actions=tuple(actions),
        gotos=tuple(gotos),
        end=order[table.end_states["start"]],
    )


def _numbered(states: _States, start: Any) -> dict[Any, int]:
    """Number the states as they are met from the start: Lark's own numbers differ from process to process."""
    order = {start: 0}
    for state in (waiting := [start]):
        for _, (kind, arg) in sorted(states[state].items(), key=lambda each: each[0]):
            if kind is Shift and arg not in order:
                order[arg] = len(order)
                waiting.append(arg)
    return order


def _rule(rule: Any) -> Rule:
    """Take over what Lark says of a rule; hidden are rules and groups whose names begin with an underscore."""
    symbols = (rule.origin, *rule.expansion)
    hidden, *inner = (not symbol.is_term and symbol.name.startswith("_") for symbol in symbols)
    size, takes_in, single = len(inner), any(inner), hidden or bool(rule.options.expand1)
    passes = size == 1 and single and (hidden or not takes_in)
    return Rule(str(rule.origin.name), size, hidden, takes_in, single, passes)


def prebuilt() -> bytes:
    """Return what the file of packaged tables must hold; `make docs` writes it."""
    text = grammar_text()
    return to_bytes(generate(text), fingerprint(text))
