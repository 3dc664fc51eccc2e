"""Three ways to count along a line: code points (ours), UTF-16 units (editors), display cells (terminals)."""

import unicodedata

TAB = "    "
"""What a tab is shown as."""

_WIDE = frozenset("WF")
_ZERO = frozenset({"Mn", "Me"})
_UNPRINTABLE = frozenset({"Cc", "Cf", "Cs"})


def utf16_units(text: str) -> int:
    """Return the length of a text in UTF-16 code units, which editors count in."""
    return len(text) + sum(character > "\uffff" for character in text)


def cells(text: str) -> int:
    """Return the number of terminal cells that a text made by `shown` takes.

    Wide and full-width characters (Unicode East Asian Width W and F) take two, combining marks none, others one.
    """
    return sum(map(_cells_of, text))


def shown(text: str) -> str:
    """Return a text as it is put on a terminal: tabs spread, invisible characters and control codes made visible."""
    return "".join(map(_shown, text))


def _cells_of(character: str) -> int:
    if unicodedata.east_asian_width(character) in _WIDE:
        return 2
    return 0 if unicodedata.category(character) in _ZERO else 1


def _shown(character: str) -> str:
    if character == "\t":
        return TAB
    # A source file must not be able to move the cursor or reorder what a reader sees.
    return "\N{REPLACEMENT CHARACTER}" if unicodedata.category(character) in _UNPRINTABLE else character
