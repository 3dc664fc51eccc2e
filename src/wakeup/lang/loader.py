"""Load a campaign file and its imports: static, inside the project, without a cycle, within limits."""

import posixpath
from collections.abc import Mapping
from functools import lru_cache
from pathlib import PurePath

from attrs import define, evolve, field

from wakeup.diagnostics import Bag, Diagnostic, Fix, Label, Listed, Noun, Say, diagnostic, reason, suggest, unreadable
from wakeup.lang.files import PROJECT_FILE, FileSystem, LocalFiles
from wakeup.lang.project import Module, Project
from wakeup.source import Source, SourceError, Span
from wakeup.syntax import parse
from wakeup.syntax.nodes import File, Import

MAX_FILES = 100
"""Files that one campaign may consist of."""

MAX_TOTAL = 8 * 1024 * 1024
"""Characters that the files of one campaign may have together."""


@define
class _Loading:
    files: FileSystem
    root: str
    bag: Bag = field(factory=Bag)
    modules: dict[str, Module] = field(factory=dict)
    trail: list[tuple[str, str]] = field(factory=list)  # (path, name shown) of the files being read, outermost first
    size: int = 0


def load(
    origin: str | PurePath | Source, files: FileSystem | None = None
) -> tuple[Project | None, tuple[Diagnostic, ...]]:
    """Read a campaign (a path, or a text held in memory) and everything it imports.

    The root of the project is the nearest folder above the file that holds `wakeup.toml`, else the file's own
    folder. Returns None when the file itself cannot be read, and a project that is not `whole` when something in it, or
    one of its imports, is wrong.
    """
    files = LocalFiles() if files is None else files
    if isinstance(origin, Source):
        path, name, text = files.resolve(origin.name), origin.name, origin
    else:
        name = str(PurePath(origin).as_posix())
        path, text = files.resolve(name), None
    loading = _Loading(files, _root(files, path))
    if text is None:
        text = _read(loading, path, name, None)
    if text is not None:
        _module(loading, path, text)
    found = tuple(loading.bag)
    if path not in loading.modules:
        return None, found
    modules = _named(loading.modules, path)
    return Project(loading.root, modules, modules[path], whole=not loading.bag.has_errors), found


def _named(modules: Mapping[str, Module], main: str) -> dict[str, Module]:
    """Give every module the prefix of the shortest chain of aliases that leads to it, the campaign file first."""
    named = {main: modules[main]}
    waiting = [modules[main]]
    for module in waiting:
        for alias, path in sorted(module.aliases.items()):  # the order of imports says nothing
            if path not in named:
                named[path] = evolve(modules[path], prefix=f"{named[module.path].prefix}{alias}.")
                waiting.append(named[path])
    return named


def _root(files: FileSystem, path: str) -> str:
    folder = own = posixpath.dirname(path)
    while True:
        if files.exists(posixpath.join(folder, PROJECT_FILE)):
            return folder
        above = posixpath.dirname(folder)
        if above == folder:
            return own
        folder = above


def _read(loading: _Loading, path: str, name: str, span: Span | None) -> Source | None:
    """Read a file's text; `span` is the import that names it."""
    try:
        source = Source.from_bytes(name, loading.files.read(path))
    except SourceError as error:
        loading.bag.add(unreadable(error, span))
        return None
    except FileNotFoundError:
        loading.bag.add(diagnostic("WK1001", span, file=name))
        return None
    except OSError as error:
        loading.bag.add(diagnostic("WK1008", span, file=name, reason=reason(error)))
        return None
    if not source.text.strip():
        loading.bag.add(diagnostic("WK1002", span, file=name))
        return None
    return source


@lru_cache(maxsize=16)
def _parsed(source: Source) -> tuple[File | None, tuple[Diagnostic, ...]]:
    """Parse a file; of many campaigns checked in one run each reads the same libraries."""
    return parse(source)


def _module(loading: _Loading, path: str, source: Source) -> None:
    file, found = _parsed(source)
    loading.bag.extend(found)
    if file is None:
        return
    loading.size += len(source.text)
    loading.trail.append((path, source.name))
    aliases: dict[str, str] = {}
    seen: dict[str, Import] = {}
    for each in file.imports:
        target = _import(loading, path, each)
        if target is None:
            continue
        _told_twice(loading, each, target, aliases, seen)
        aliases[each.alias.written] = target
        seen[each.alias.written] = each
    loading.trail.pop()
    loading.modules[path] = Module(path, "", source, file, aliases)


def _told_twice(
    loading: _Loading, each: Import, target: str, aliases: Mapping[str, str], seen: Mapping[str, Import]
) -> None:
    alias = each.alias.written
    if alias in seen:
        first = Label(seen[alias].alias.span, Say("first used here"))
        loading.bag.add(diagnostic("WK2002", each.alias.span, labels=(first,), kind=Noun("import"), name=alias))
    for other, path in aliases.items():
        if path == target and other != alias:
            first = Label(seen[other].path.span, Say("first imported here"))
            loading.bag.add(diagnostic("WK2006", each.path.span, labels=(first,), file=each.path.value, alias=other))


def _import(loading: _Loading, importer: str, each: Import) -> str | None:
    """Load what an import names and return its path, or tell why not and return None."""
    target = _find(loading, importer, each)
    if target is None:
        return None
    names = [name for path, name in loading.trail]
    paths = [path for path, name in loading.trail]
    if target in paths:
        cycle = " → ".join([*names[paths.index(target) :], names[paths.index(target)]])
        loading.bag.add(diagnostic("WK2005", each.path.span, cycle=cycle))
        return None
    if target in loading.modules:
        return target
    if len(loading.modules) + len(loading.trail) >= MAX_FILES or loading.size > MAX_TOTAL:
        loading.bag.add(diagnostic("WK2007", each.path.span, files=MAX_FILES, size=MAX_TOTAL))
        return None
    source = _read(loading, target, _shown(loading, target), each.path.span)
    if source is None:
        return None
    _module(loading, target, source)
    return target if target in loading.modules else None


def _find(loading: _Loading, importer: str, each: Import) -> str | None:
    written = each.path.value
    parts = written.split("/")
    if posixpath.isabs(written) or ".." in parts or "\\" in written or ":" in written or not written:
        return _from_here(loading, importer, each)
    for folder in dict.fromkeys((loading.root, posixpath.dirname(importer))):
        candidate = posixpath.join(folder, written)
        target = loading.files.resolve(candidate)
        if not loading.files.exists(target):
            continue
        if not _inside(loading.root, target):
            loading.bag.add(diagnostic("WK2004", each.path.span, file=written))
            return None
        return target
    near = suggest(written, (_relative(loading.root, path) for path in loading.modules))
    help_text = Say("did you mean {names}?", names=Listed(near[:1])) if near else None
    loading.bag.add(diagnostic("WK2003", each.path.span, help=help_text, file=written))
    return None


def _from_here(loading: _Loading, importer: str, each: Import) -> str | None:
    """A path that goes up or starts at the top: one that leads to a file of the project is told and followed."""
    written = each.path.value
    target = loading.files.resolve(posixpath.normpath(posixpath.join(posixpath.dirname(importer), written)))
    if posixpath.isabs(written) or not _inside(loading.root, target) or not loading.files.exists(target):
        loading.bag.add(diagnostic("WK2004", each.path.span, file=written))
        return None
    right = _relative(loading.root, target)
    fix = Fix(each.path.span, f'"{right}"', Say("use"))
    loading.bag.add(diagnostic("WK2011", each.path.span, fix=fix, file=written, right=right))
    return target


def _inside(root: str, path: str) -> bool:
    return path.startswith(root.rstrip("/") + "/")


def _relative(root: str, path: str) -> str:
    return path[len(root.rstrip("/")) + 1 :]


def _shown(loading: _Loading, path: str) -> str:
    """Name an imported file the way the campaign file was named: beside it, or below the project."""
    main_path, main_name = loading.trail[0]
    folder = posixpath.dirname(main_path)
    own = posixpath.dirname(main_name)
    if path.startswith(folder.rstrip("/") + "/"):
        return posixpath.join(own, _relative(folder, path))
    return _relative(loading.root, path)
