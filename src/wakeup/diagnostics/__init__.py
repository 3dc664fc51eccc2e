"""Errors for people: model, code registry, suggestions, renderers."""

from wakeup.diagnostics.bag import Bag
from wakeup.diagnostics.model import Diagnostic, Fix, Label, Severity, WakeupError
from wakeup.diagnostics.registry import Code, Language, diagnostic, in_language, registry
from wakeup.diagnostics.render_json import render_json
from wakeup.diagnostics.render_text import render_text
from wakeup.diagnostics.suggest import suggest

__all__ = [
    "Bag",
    "Code",
    "Diagnostic",
    "Fix",
    "Label",
    "Language",
    "Severity",
    "WakeupError",
    "diagnostic",
    "in_language",
    "registry",
    "render_json",
    "render_text",
    "suggest",
]
