"""The grammar keeps the promises that lark would let it break in silence."""

import logging

import pytest
from lark import logger

from wakeup.syntax.grammar import build, grammar


def test_no_conflict_and_no_nameless_terminal(caplog: pytest.LogCaptureFixture) -> None:
    logger.propagate = True
    logger.setLevel(logging.DEBUG)
    try:
        with caplog.at_level(logging.DEBUG, logger=logger.name):
            parser = build(debug=True)
    finally:
        logger.setLevel(logging.CRITICAL)
        logger.propagate = False
    assert "conflict" not in caplog.text.lower()
    assert not [each.name for each in parser.terminals if each.name.startswith("__")]


def test_a_conflict_would_be_seen(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    import wakeup.syntax.grammar as module

    text = module.packaged_text("campaign.lark").replace("off: literal OFF literal?", "off: literal OFF literal? NAME?")
    monkeypatch.setattr(module, "packaged_text", lambda _: text)
    with pytest.raises(AssertionError):
        test_no_conflict_and_no_nameless_terminal(caplog)


def test_lalr_and_contextual() -> None:
    options = grammar().lark.options
    assert (options.parser, options.lexer, options.cache) == ("lalr", "contextual", False)


def test_built_once() -> None:
    assert grammar() is grammar()
