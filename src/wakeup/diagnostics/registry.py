"""The codes, as data: each code's severity, templates in both languages, reason and examples.

A code's home is the TOML file of its family in ``codes/``::

    [WK2001]
    severity = "error"
    title = "Unknown name"
    en = "there is no {kind} named '{name}'"
    zh = "没有名为“{name}”的{kind}"
    help_en = "did you mean {candidates}?"      # optional
    help_zh = "是否想写 {candidates}？"            # optional, together with help_en
    why = "Names are references ..."
    wrong = "send nudgee"                       # optional example
    right = "send nudge"                        # optional example
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from typing import Literal

from attrs import evolve, frozen

from wakeup.diagnostics.model import Diagnostic, Fix, Label, Severity
from wakeup.source import Span
from wakeup.terms.data import packaged_text

Language = Literal["en", "zh"]
"""The language of a message."""

FAMILIES: Mapping[str, str] = {
    "WK1": "wk1_syntax",
    "WK2": "wk2_names",
    "WK3": "wk3_semantics",
    "WK4": "wk4_policy",
    "WK5": "wk5_plan",
    "WK6": "wk6_data",
    "WK9": "wk9_internal",
}
"""First three characters of a code -> the file in ``codes/`` that holds it."""


@frozen
class Code:
    """One entry of the registry. Templates use ``{named}`` fields; ``wrong`` and ``right`` are .wake snippets."""

    code: str
    severity: Severity
    title: str
    en: str
    zh: str
    why: str
    help_en: str | None = None
    help_zh: str | None = None
    wrong: str | None = None
    right: str | None = None

    def message(self, lang: Language, fields: Mapping[str, object]) -> str:
        """Return the message in a language; a field that the template names and nobody gave is a KeyError."""
        return (self.zh if lang == "zh" else self.en).format_map(fields)

    def help(self, lang: Language, fields: Mapping[str, object]) -> str | None:
        """Return the code's own help in a language, or None when it has none."""
        template = self.help_zh if lang == "zh" else self.help_en
        return None if template is None else template.format_map(fields)


@cache
def registry() -> Mapping[str, Code]:
    """Return all codes, by code, sorted.

    Raises:
        ValueError: a code stands in the wrong family's file, or an entry has wrong keys.
    """
    codes: dict[str, Code] = {}
    for prefix, family in FAMILIES.items():
        for code, entry in tomllib.loads(packaged_text(f"diagnostics/codes/{family}.toml")).items():
            codes[code] = _entry(prefix, code, entry)
    return dict(sorted(codes.items()))


def diagnostic(
    code: str,
    span: Span | None = None,
    *,
    labels: tuple[Label, ...] = (),
    help: str | None = None,  # the word that people read; the builtin is not wanted here
    fix: Fix | None = None,
    lang: Language = "en",
    notes: tuple[str, ...] = (),
    **fields: object,
) -> Diagnostic:
    """Make a diagnostic from the registry; ``help`` replaces the code's own help.

    Raises:
        KeyError: the code is not registered, or a field of its templates is missing.
    """
    entry = registry()[code]
    return Diagnostic(
        code=code,
        severity=entry.severity,
        message=entry.message(lang, fields),
        span=span,
        labels=labels,
        help=entry.help(lang, fields) if help is None else help,
        fix=fix,
        notes=notes,
        fields=tuple(fields.items()),
    )


def in_language(told: Diagnostic, lang: Language) -> Diagnostic:
    """Return the diagnostic with its message, and its help if that is the code's own, in another language."""
    entry = registry()[told.code]
    fields = dict(told.fields)
    own = {entry.help("en", fields), entry.help("zh", fields)}
    help_text = entry.help(lang, fields) if told.help in own else told.help
    return evolve(told, message=entry.message(lang, fields), help=help_text)


def _entry(prefix: str, code: str, entry: Mapping[str, str]) -> Code:
    if not code.startswith(prefix) or len(code) != len("WK1001") or not code[2:].isdigit():
        raise ValueError(f"{code} does not belong in {FAMILIES[prefix]}.toml")
    try:
        return Code(code=code, **{**entry, "severity": Severity(entry["severity"])})  # type: ignore[arg-type]
    except (TypeError, KeyError) as error:
        raise ValueError(f"{code} in {FAMILIES[prefix]}.toml: {error}") from error
