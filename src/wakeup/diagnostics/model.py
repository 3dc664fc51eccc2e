"""What a diagnostic is: a value with a code, a place, and what to do about it."""

from collections.abc import Iterable
from enum import StrEnum

from attrs import field, frozen

from wakeup.source import Span


class Severity(StrEnum):
    """How bad it is; only errors fail (and warnings too, when strict)."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@frozen
class Label:
    """A text at a second place, such as the other party of a conflict."""

    span: Span
    text: str


@frozen
class Fix:
    """An edit that can be applied: put ``replacement`` in place of ``span``. ``title`` says what it does."""

    span: Span
    replacement: str
    title: str

    @property
    def described(self) -> str:
        """What it does, with the text that it puts in."""
        return f"{self.title}: {self.replacement}" if self.replacement else self.title


@frozen
class Diagnostic:
    """One problem, told to a person.

    Made by `wakeup.diagnostics.diagnostic` from the registry. ``span`` is None when the problem has no place in a text.
    ``fields`` are the values of the message's template, kept so that the message can be told in the other language.
    """

    code: str
    severity: Severity
    message: str
    span: Span | None = None
    labels: tuple[Label, ...] = ()
    help: str | None = None
    fix: Fix | None = None
    notes: tuple[str, ...] = ()
    fields: tuple[tuple[str, object], ...] = field(default=(), eq=False, repr=False)


class WakeupError(Exception):
    """Something that a person can put right; carries the diagnostics that say how."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics: tuple[Diagnostic, ...] = tuple(diagnostics)
        super().__init__("\n".join(f"{d.code}: {d.message}" for d in self.diagnostics))

    def __reduce__(self) -> tuple[type["WakeupError"], tuple[tuple[Diagnostic, ...]]]:
        return type(self), (self.diagnostics,)  # so that it comes back whole from a worker process
