"""Texts with variables, `{{ first_name | default: "you" }}`: which variables a text reads, and how long it can become.

Only variables and the filter `default` are understood (the part of Liquid that can be checked without running it).
"""

import re
from collections.abc import Iterator
from typing import Final

from attrs import frozen

from wakeup.terms.variables import ENGINE_VARIABLES, FIELD_VARIABLES, OWN_FIELD_LENGTH

OWN = "field."
"""Prefix of an own column of the customer table."""

_VARIABLE: Final = re.compile(
    r"\{\{-?\s*(?P<name>[^\W\d]\w*(?:\.[^\W\d]\w*)?)\s*"
    r"(?:\|\s*default:\s*(?:\"(?P<double>[^\"{}]*)\"|'(?P<single>[^'{}]*)'|(?P<number>[0-9]+))\s*)?-?\}\}"
)
_MARK: Final = re.compile(r"\{\{|\}\}|\{%|%\}")

_GSM: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_TWO: Final = frozenset("^{}\\[~]|€\f")
"""Characters of the GSM 03.38 extension table: two septets each."""


@frozen
class Variable:
    """A variable at [start, end) of the text; `default` is None when it has none."""

    name: str
    default: str | None
    start: int
    end: int

    @property
    def field(self) -> str | None:
        """The column of the customer table it reads, or None for a variable that is always filled."""
        if self.name in FIELD_VARIABLES:
            return self.name
        return self.name.removeprefix(OWN) if self.name.startswith(OWN) else None

    @property
    def known(self) -> bool:
        """Whether there is such a variable."""
        return self.name in ENGINE_VARIABLES or self.field is not None

    def longest(self, offer: int) -> int:
        """Characters of the longest rendering counted with."""
        if self.name == "offer":
            return offer
        fallback = len(self.default or "")
        return max(fallback, ENGINE_VARIABLES.get(self.name) or FIELD_VARIABLES.get(self.name) or OWN_FIELD_LENGTH)


@frozen
class Template:
    """A text and its variables; `broken` are the places of marks that open or close nothing that is understood."""

    text: str
    variables: tuple[Variable, ...]
    broken: tuple[int, ...]

    def uses(self, names: frozenset[str]) -> Variable | None:
        """The first of its variables among these names."""
        return next((variable for variable in self.variables if variable.name in names), None)

    def fields(self) -> tuple[str, ...]:
        """Columns that must be filled: those without a default, each once, in order."""
        found = (variable.field for variable in self.variables if variable.default is None)
        return tuple(dict.fromkeys(name for name in found if name is not None))

    def parts(self, offers: tuple[str, ...]) -> int:
        """Parts that a text message of the longest rendering is billed as.

        GSM 7-bit text: 160 characters, else 153 a part; any other character makes it UCS-2: 70, else 67 a part.
        """
        fixed = self._fixed()
        offer = max(map(len, offers), default=0)
        room = sum(variable.longest(offer) for variable in self.variables)
        told = fixed + "".join(offers)
        if all(character in _GSM or character in _GSM_TWO for character in told):
            return _parts(len(fixed) + sum(character in _GSM_TWO for character in fixed) + room, 160, 153)
        return _parts(len(fixed) + sum(character > "\uffff" for character in fixed) + room, 70, 67)

    def _fixed(self) -> str:
        pieces, at = [], 0
        for variable in self.variables:
            pieces.append(self.text[at : variable.start])
            at = variable.end
        return "".join((*pieces, self.text[at:]))


def read(text: str) -> Template:
    """Find the variables of a text."""
    variables = tuple(_variables(text))
    inside = [(variable.start, variable.end) for variable in variables]
    marks = (match.start() for match in _MARK.finditer(text))
    broken = tuple(at for at in marks if not any(start <= at < end for start, end in inside))
    return Template(text, variables, broken)


def _variables(text: str) -> Iterator[Variable]:
    for match in _VARIABLE.finditer(text):
        given = (match["double"], match["single"], match["number"])
        default = next((each for each in given if each is not None), None)
        yield Variable(match["name"], default, match.start(), match.end())


def _parts(length: int, one: int, each: int) -> int:
    return 1 if length <= one else -(-length // each)
