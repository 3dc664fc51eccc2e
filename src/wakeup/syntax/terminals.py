"""Groups of terminals, and what people call them."""

from __future__ import annotations

from typing import Final

DECLARES: Final = frozenset({"NOUN", "BUDGET", "CLAIM", "IMPORT", "WAKEUP"})
"""Words that begin a declaration."""

STATEMENTS: Final = frozenset({"SEND", "WAIT", "IF", "SPLIT", "PROMOTE", "GRANT", "EXIT", "AT_MOST", "EVERY_AT_MOST"})
"""Words that begin a statement."""

ITEM_STARTS: Final = DECLARES | STATEMENTS | {"KEY"}

AT_ITEM: Final = frozenset({"LBRACE", "RBRACE", "SEMI", "SEP"})
"""Tokens behind which an item may begin (behind a closing brace only after a new line or `;`)."""

VALUES: Final = frozenset(
    {"AMOUNT", "DATE", "TIME", "STRING", "FULL_CUT", "EACH", "BELOW", "NAME", "NOT", "NO", "NO_EVENT", "LPAR", "PAUSE"}
)
"""What a value can begin with."""

SPOKEN: Final = {
    "LBRACE": "`{`",
    "RBRACE": "`}`",
    "LPAR": "`(`",
    "RPAR": "`)`",
    "COLON": "`:`",
    "COMMA": "`,`",
    "SEMI": "`;`",
    "OP": "a comparison such as `>=`",
    "NAME": "a name",
    "KEY": "a property, `key: value`",
    "STRING": "a text in quotes",
    "AMOUNT": "a number",
    "DATE": "a date such as `2026-09-01`",
    "TIME": "a time such as `09:00`",
    "NOUN": "a declaration such as `coupon`",
    "CLAIM": "`goal`",
}
"""Terminals in people's words, for lists of what was expected; keywords are shown by their spelling."""
