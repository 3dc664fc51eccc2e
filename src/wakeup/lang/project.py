"""A campaign file with everything it imports, read and parsed."""

from collections.abc import Iterator, Mapping
from functools import cached_property

from attrs import field, frozen

from wakeup.source import Source
from wakeup.syntax.language import language
from wakeup.syntax.nodes import File
from wakeup.terms.language import Language


@frozen
class Module:
    """One file. `prefix` is what its names carry in the plan ("" for the campaign file, "cn." for an import).

    `aliases` leads from the alias of each import to the path of the module it names.
    """

    path: str
    prefix: str
    source: Source
    file: File
    aliases: Mapping[str, str] = field(factory=dict)

    def qualified(self, name: str) -> str:
        """Return the name as the plan knows it."""
        return self.prefix + name


@frozen
class Project:
    """The campaign file first, then its imports, each once, in the order in which they are met.

    `whole`: everything was read and parsed. Only then is there any sense in looking up names.
    """

    root: str
    modules: Mapping[str, Module]
    main: Module
    whole: bool = True

    @property
    def sources(self) -> Mapping[str, Source]:
        """The texts by their shown name, as the renderers of diagnostics want them."""
        return {module.source.name: module.source for module in self.modules.values()}

    @property
    def files(self) -> Mapping[str, Source]:
        """The texts by their path below the root, as the plan names them: the same on every machine."""
        return {self.below_root(module): module.source for module in self.modules.values()}

    @cached_property
    def languages(self) -> Mapping[str, Language]:
        """The language that each file is written in, by its shown name."""
        return {module.source.name: language(module.source, module.file) for module in self.modules.values()}

    def below_root(self, module: Module) -> str:
        """The path of a module below the root of the project."""
        return module.path.removeprefix(self.root.rstrip("/") + "/")

    def __iter__(self) -> Iterator[Module]:
        """Iterate over the modules, the campaign file first."""
        return iter(self.modules.values())
