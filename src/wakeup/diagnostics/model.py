"""What a diagnostic is: a value with a code, a place, and what to do about it."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final

from attrs import field, frozen

from wakeup.diagnostics.words import Text, tell
from wakeup.source import Span
from wakeup.terms.language import Language


class Severity(StrEnum):
    """How bad it is; only errors fail (and warnings too, when strict)."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"

    def told(self, lang: Language) -> str:
        """Return its name in a language."""
        return _SEVERITIES[self] if lang == "zh" else self.value


_SEVERITIES: Final[Mapping[Severity, str]] = {Severity.ERROR: "错误", Severity.WARNING: "警告", Severity.NOTE: "提示"}


@frozen
class Label:
    """A text at a second place, such as the other party of a conflict."""

    span: Span
    text: Text

    def told(self, lang: Language) -> "Label":
        """Return it in a language."""
        return Label(self.span, tell(self.text, lang))


@frozen
class Fix:
    """An edit that can be applied: put ``replacement`` in place of ``span``. ``title`` says what it does."""

    span: Span
    replacement: Text
    title: Text

    def described(self, lang: Language) -> str:
        """Return what it does, with the text that it puts in; `lang` is the language that it was told in."""
        shown = str(self.replacement).strip()
        return f"{self.title}{'：' if lang == 'zh' else ': '}{shown}" if shown else str(self.title)

    def told(self, lang: Language, file_lang: Language) -> "Fix":
        """Return it in a language; what it puts into the file is in the file's."""
        return Fix(self.span, tell(self.replacement, file_lang), tell(self.title, lang))


@frozen
class Said:
    """What a diagnostic says, in neither language yet; ``help`` is None where it is the code's own."""

    fields: Mapping[str, object] = field(factory=dict)
    help: Text | None = None
    labels: tuple[Label, ...] = ()
    fix: Fix | None = None
    notes: tuple[Text, ...] = ()


@frozen
class Diagnostic:
    """One problem, told to a person in one language.

    Made by `wakeup.diagnostics.diagnostic` from the registry. ``span`` is None when the problem has no place in a text.
    ``lang`` is the language that it is told in, ``file_lang`` that of the file it is about, in which a fix writes.
    ``said`` is kept so that it can be told in the other language.
    """

    code: str
    severity: Severity
    message: str
    span: Span | None = None
    labels: tuple[Label, ...] = ()
    help: str | None = None
    fix: Fix | None = None
    notes: tuple[str, ...] = ()
    lang: Language = "en"
    file_lang: Language | None = None
    said: Said = field(factory=Said, eq=False, repr=False)


class WakeupError(Exception):
    """Something that a person can put right; carries the diagnostics that say how."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics: tuple[Diagnostic, ...] = tuple(diagnostics)
        # Its one argument, so that it comes back whole from a worker process and out of SimPy, which makes it anew.
        super().__init__(self.diagnostics)

    def __str__(self) -> str:
        return "\n".join(f"{d.code}: {d.message}" for d in self.diagnostics)


class RefusedError(WakeupError):
    """Something that is right and that is not done, for safety, until a person has said so."""
