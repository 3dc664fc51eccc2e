"""The codes, as data: each code's severity, templates in both languages, reason and examples.

A code's home is the TOML file of its family in ``codes/``::

    [WK2001]
    severity = "error"
    title = "Unknown name"
    title_zh = "名称不存在"
    en = "there is no {kind} named '{name}'"
    zh = "没有名为“{name}”的{kind}"
    help_en = "did you mean {candidates}?"      # optional
    help_zh = "是否想写 {candidates}？"            # optional, together with help_en
    why = "Names are references ..."
    why_zh = "名称是引用……"
    wrong = "send nudgee"                       # optional example, in both languages
    wrong_zh = "发送 催单"
    right = "send nudge"                        # optional example, in both languages
    right_zh = "发送 催领"
"""

import tomllib
from collections.abc import Mapping
from functools import cache

from attrs import frozen

from wakeup.diagnostics.model import Diagnostic, Fix, Label, Said, Severity
from wakeup.diagnostics.words import Text, tell, told_fields
from wakeup.source import SourceError, Span
from wakeup.terms.data import packaged_text
from wakeup.terms.language import Language

FAMILIES: Mapping[str, str] = {
    "WK1": "wk1_syntax",
    "WK2": "wk2_names",
    "WK3": "wk3_semantics",
    "WK4": "wk4_policy",
    "WK5": "wk5_plan",
    "WK60": "wk6_data",
    "WK610": "wk6_contacts",
    "WK611": "wk6_calibration",
    "WK614": "wk6_backtest",
    "WK616": "wk6_trials",
    "WK700 WK701": "wk7_rehearse",
    "WK702 WK703": "wk7_store",
    "WK704 WK705": "wk7_executor",
    "WK710 WK711 WK712": "wk7_service",
    "WK706": "wk7_channels",
    "WK707": "wk7_lists",
    "WK714 WK715 WK716": "wk7_running",
    "WK9": "wk9_internal",
}
"""First characters of a code -> the file in ``codes/`` that holds it: a family, or tens of one that is large (several
with a blank between)."""


@frozen
class Code:
    """One entry of the registry. Templates use ``{named}`` fields; ``wrong`` and ``right`` are .wake snippets."""

    code: str
    severity: Severity
    title: str
    en: str
    zh: str
    why: str
    title_zh: str = ""
    why_zh: str = ""
    help_en: str | None = None
    help_zh: str | None = None
    wrong: str | None = None
    wrong_zh: str | None = None
    right: str | None = None
    right_zh: str | None = None

    def message(self, lang: Language, fields: Mapping[str, object]) -> str:
        """Return the message in a language; a field that the template names and nobody gave is a KeyError."""
        return (self.zh if lang == "zh" else self.en).format_map(told_fields(fields, lang))

    def help(self, lang: Language, fields: Mapping[str, object]) -> str | None:
        """Return the code's own help in a language, or None when it has none."""
        template = self.help_zh if lang == "zh" else self.help_en
        return None if template is None else template.format_map(told_fields(fields, lang))

    def heading(self, lang: Language) -> str:
        """Return the title in a language."""
        return self.title_zh if lang == "zh" else self.title

    def reason(self, lang: Language) -> str:
        """Return why it matters, on one line."""
        return " ".join((self.why_zh if lang == "zh" else self.why).split())

    def examples(self, lang: Language) -> tuple[str | None, str | None]:
        """Return the wrong and the right example in a language, None where there is none."""
        return (self.wrong_zh, self.right_zh) if lang == "zh" else (self.wrong, self.right)


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
    help: Text | None = None,  # the word that people read; the builtin is not wanted here
    fix: Fix | None = None,
    lang: Language = "en",
    notes: tuple[Text, ...] = (),
    **fields: object,
) -> Diagnostic:
    """Make a diagnostic from the registry; ``help`` replaces the code's own help.

    What is no name, number or quotation is given as a piece (`wakeup.diagnostics.words`), so that it can be told in
    either language.

    Raises:
        KeyError: the code is not registered, or a field of its templates is missing.
    """
    return _told(code, span, Said(fields, help, labels, fix, notes), lang, None)


def unreadable(error: SourceError, span: Span | None = None) -> Diagnostic:
    """Return what a file that is no source text is told with; ``span`` is the import that names it."""
    return _told(error.code, span, Said(error.fields), "en", None)


def in_language(told: Diagnostic, lang: Language, file_lang: Language | None = None) -> Diagnostic:
    """Return the diagnostic in a language; a fix writes in the file's, if that is known, else in the same."""
    return _told(told.code, told.span, told.said, lang, file_lang or told.file_lang)


def _told(code: str, span: Span | None, said: Said, lang: Language, file_lang: Language | None) -> Diagnostic:
    entry = registry()[code]
    return Diagnostic(
        code=code,
        severity=entry.severity,
        message=entry.message(lang, said.fields),
        span=span,
        labels=tuple(label.told(lang) for label in said.labels),
        help=entry.help(lang, said.fields) if said.help is None else tell(said.help, lang),
        fix=None if said.fix is None else said.fix.told(lang, file_lang or lang),
        notes=tuple(tell(note, lang) for note in said.notes),
        lang=lang,
        file_lang=file_lang,
        said=said,
    )


def _entry(prefix: str, code: str, entry: Mapping[str, str]) -> Code:
    if not code.startswith(tuple(prefix.split())) or len(code) != len("WK1001") or not code[2:].isdigit():
        raise ValueError(f"{code} does not belong in {FAMILIES[prefix]}.toml")
    try:
        return Code(code=code, **{**entry, "severity": Severity(entry["severity"])})  # type: ignore[arg-type]
    except (TypeError, KeyError) as error:
        raise ValueError(f"{code} in {FAMILIES[prefix]}.toml: {error}") from error
