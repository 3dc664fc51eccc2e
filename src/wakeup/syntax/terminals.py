"""Groups of terminals, and what people call them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from wakeup.diagnostics import Noun, Say, Text

DECLARES: Final = frozenset({"NOUN", "BUDGET", "CLAIM", "IMPORT", "WAKEUP"})
"""Words that begin a declaration."""

STATEMENTS: Final = frozenset(
    {"SEND", "WAIT", "IF", "SPLIT", "PROMOTE", "GRANT", "EXIT", "AT_MOST", "EVERY_AT_MOST", "ALLOW"}
)
"""Words that begin a statement."""

ITEM_STARTS: Final = DECLARES | STATEMENTS | {"KEY"}

AT_ITEM: Final = frozenset({"LBRACE", "RBRACE", "SEMI", "SEP"})
"""Tokens behind which an item may begin (behind a closing brace only after a new line or `;`)."""

VALUES: Final = frozenset(
    {"AMOUNT", "DATE", "TIME", "STRING", "FULL_CUT", "ZHE", "EACH", "BELOW", "NAME", "NOT", "NO", "NO_EVENT", "LPAR"}
    | {"PAUSE", "TUNE"}
)
"""What a value can begin with."""

SPOKEN: Final[Mapping[str, Text]] = {
    "LBRACE": "{",
    "RBRACE": "}",
    "LPAR": "(",
    "RPAR": ")",
    "COLON": ":",
    "COMMA": ",",
    "DOTS": "..",
    "SEMI": ";",
    "OP": Say("a comparison such as `>=`"),
    "NAME": Say("a name"),
    "KEY": Say("a property, `key: value`"),
    "STRING": Say("a text in quotes"),
    "AMOUNT": Say("a number"),
    "DATE": Say("a date such as `2026-09-01`"),
    "TIME": Say("a time such as `09:00`"),
    "NOUN": Say("a declaration such as `coupon`"),
    "CLAIM": Noun("goal"),
}
"""Terminals in people's words, for lists of what was expected; keywords are shown by their spelling."""
