"""The grammar keeps the promises that lark would let it break in silence."""

import logging

import pytest
from lark import logger

from wakeup.syntax import generate, grammar


def test_no_conflict_and_no_nameless_terminal(caplog: pytest.LogCaptureFixture) -> None:
    logger.propagate = True
    logger.setLevel(logging.DEBUG)
    try:
        with caplog.at_level(logging.DEBUG, logger=logger.name):
            parser = generate.lark(grammar.grammar_text(), debug=True)
    finally:
        logger.setLevel(logging.CRITICAL)
        logger.propagate = False
    assert "conflict" not in caplog.text.lower()
    assert not [each.name for each in parser.terminals if each.name.startswith("__")]


def test_a_conflict_would_be_seen(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    text = grammar.grammar_text().replace("off: literal OFF literal?", "off: literal OFF literal? NAME?")
    monkeypatch.setattr(grammar, "grammar_text", lambda: text)
    with pytest.raises(AssertionError):
        test_no_conflict_and_no_nameless_terminal(caplog)


def test_lalr_and_contextual() -> None:
    options = generate.lark(grammar.grammar_text()).options
    assert (options.parser, options.lexer, options.cache) == ("lalr", "contextual", False)


def test_the_grammar_uses_only_what_the_automaton_knows() -> None:
    """No aliases, no templates, no hidden tokens, no flags: `generate` does not carry them over."""
    parser = generate.lark(grammar.grammar_text())
    for rule in parser.rules:
        assert rule.alias is None
        assert rule.options.template_source is None
        assert not rule.options.keep_all_tokens
        assert not any(symbol.is_term and symbol.filter_out for symbol in rule.expansion)
    assert not parser.ignore_tokens
    assert not any(each.pattern.flags for each in parser.terminals)


def test_made_once() -> None:
    assert grammar.lexers() is grammar.lexers()
