"""Errors for people: model, code registry, suggestions, renderers."""

from wakeup.diagnostics.bag import Bag
from wakeup.diagnostics.model import Diagnostic, Fix, Label, RefusedError, Severity, WakeupError
from wakeup.diagnostics.registry import Code, diagnostic, in_language, registry, unreadable
from wakeup.diagnostics.render_json import render_json
from wakeup.diagnostics.render_text import render_text
from wakeup.diagnostics.suggest import suggest
from wakeup.diagnostics.system import reason
from wakeup.diagnostics.words import (
    Count,
    Figure,
    Joint,
    Key,
    Listed,
    Named,
    Noun,
    Piece,
    Say,
    Text,
    Typed,
    Word,
    amount,
    tell,
    words,
)
from wakeup.terms.language import Language

__all__ = [
    "Bag",
    "Code",
    "Count",
    "Diagnostic",
    "Figure",
    "Fix",
    "Joint",
    "Key",
    "Label",
    "Language",
    "Listed",
    "Named",
    "Noun",
    "Piece",
    "RefusedError",
    "Say",
    "Severity",
    "Text",
    "Typed",
    "WakeupError",
    "Word",
    "amount",
    "diagnostic",
    "in_language",
    "reason",
    "registry",
    "render_json",
    "render_text",
    "suggest",
    "tell",
    "unreadable",
    "words",
]
