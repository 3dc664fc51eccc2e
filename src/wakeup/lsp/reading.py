"""One reading of a campaign file and its imports, from which every question about it is answered."""

from collections.abc import Mapping
from functools import cached_property

from attrs import frozen

from wakeup.compile import compile_project
from wakeup.diagnostics import Bag, Diagnostic, Language, diagnostic
from wakeup.lang import Project, load
from wakeup.lsp.texts import Overlay, Text
from wakeup.lsp.uses import NO_USES, Uses, uses
from wakeup.source import MAX_SOURCE_BYTES, Source
from wakeup.syntax.language import language
from wakeup.syntax.nodes import File

NO_CAMPAIGN = "WK2010"
"""A library has no campaign, and nothing is wrong with it."""


@frozen
class Reading:
    """What was read: the text of the main file, its project if it could be parsed at all, and what is wrong with both.

    `asked` is what the loader looked for, see `Overlay`; `default` the language of files that do not show theirs.
    """

    path: str
    source: Source
    project: Project | None
    found: tuple[Diagnostic, ...]
    asked: Mapping[str, Text | None]
    default: Language = "en"

    @property
    def file(self) -> File | None:
        """The tree of the main file."""
        return None if self.project is None else self.project.main.file

    @cached_property
    def lang(self) -> Language:
        """The language of the main file."""
        return _language(self.source, self.file, self.default)

    @cached_property
    def uses(self) -> Uses:
        """Every name of the project with the places where it is used."""
        return NO_USES if self.project is None else uses(self.project)

    @cached_property
    def texts(self) -> Mapping[str, tuple[str, Source, Language]]:
        """By the name that spans carry: path, text and language of each file."""
        found = {self.source.name: (self.path, self.source, self.lang)}
        for module in () if self.project is None else self.project:
            found[module.source.name] = (
                module.path,
                module.source,
                _language(module.source, module.file, self.default),
            )
        return found

    @cached_property
    def problems(self) -> tuple[Diagnostic, ...]:
        """Everything that `wakeup check` would find, sorted by place; our own failure, too, as the command says it."""
        bag = Bag()
        bag.extend(self.found)
        try:
            bag.extend(() if self.project is None else compile_project(self.project)[1])
        except Exception as error:  # noqa: BLE001 what was found before it is worth showing all the same
            bag.add(diagnostic("WK9001", self.source.span(0, 0), error=f"{type(error).__name__}: {error}"))
        return tuple(each for each in bag if each.code != NO_CAMPAIGN)


def read(path: str, files: Overlay, default: Language = "en") -> Reading:
    """Read the file at a resolved path; it is open, or on disk."""
    project, found = load(path, files)
    source = _text(path, files) if project is None else project.main.source
    return Reading(path, source, project, found, dict(files.asked), default)


def _language(source: Source, file: File | None, default: Language) -> Language:
    """The language of a file; of one that declares nothing yet, Chinese if it has Chinese letters."""
    if file is not None and (file.decls or file.imports):
        return language(source, file)
    return "zh" if any("\u4e00" <= letter <= "\u9fff" for letter in source.text) else default


def _text(path: str, files: Overlay) -> Source:
    """The text of a file of which there is no tree, as far as it is one: what is wrong with it was said."""
    text = files.read(path)[:MAX_SOURCE_BYTES].decode("utf-8-sig", "replace")
    return Source(path, text.replace("\r\n", "\n").replace("\r", "\n"))
