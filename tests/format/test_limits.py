"""What can just be read can be formatted."""

import pytest
from tests.format.cases import LANGUAGES, formatted

DEEP = 62
"""Blocks inside one another in a journey: 64 braces and parentheses are read."""

LEVEL = "if x {\nexit\n} else {\n"


@pytest.mark.parametrize(
    "body",
    [
        "if x {\n" * DEEP + "exit\n" + "}\n" * DEEP,
        "if x { exit }" + " else if x { exit }" * 63,
        LEVEL * DEEP + "exit\n" + "}\n" * DEEP,
        # Two chains of `else if`, one inside the other, are longer together than one may be.
        "if x { exit }"
        + " else if x { exit }" * 39
        + " else {\nif x { exit } # a\n"
        + "else if x { exit } # b\n" * 39
        + "}",
        "if " + "(" * 60 + "clicked" + ")" * 60 + " { exit }",
        "if " + "not " * 64 + "clicked { exit }",
        "if " + "(order or (order and " * 25 + "order" + "))" * 25 + " { exit }",
    ],
    ids=["blocks", "chain", "nested chain", "two chains", "parentheses", "nots", "mixed"],
)
def test_depth(body: str) -> None:
    text = f"wakeup 1\njourney j {{\n{body}\n}}\n"
    printed = {lang: formatted(text, lang) for lang in LANGUAGES}
    for made in printed.values():
        assert {lang: formatted(made, lang) for lang in LANGUAGES} == printed
