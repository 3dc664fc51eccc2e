"""Faults planted by hand: one place of the array simulator's source is written otherwise for a while.

A fault is text that stands exactly once in a module, and what stands there instead. Where the text is not found the
fault is out of date, and planting it raises. The changed source is compiled, and the functions that came out otherwise
get the new code, wherever they have been imported to.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from importlib import import_module
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

from attrs import frozen


@frozen
class Fault:
    """`module` of wakeup.sim.array, the text `old` in it, the text `new` that stands there instead.

    rule: of docs/semantics that it breaks. shown_by: motifs that are made for that rule.
    """

    name: str
    rule: str
    module: str
    old: str
    new: str
    shown_by: tuple[str, ...]


class StaleFaultError(LookupError):
    """The text that a fault changes is not in the source as often as it should be: once."""


@contextmanager
def planted(fault: Fault) -> Iterator[None]:
    """Let a fault be there as long as the context lasts.

    Raises:
        StaleFaultError: the text is not found once, or changes no function.
    """
    module = import_module(f"wakeup.sim.array.{fault.module}")
    path = Path(str(module.__file__))
    source = path.read_text("utf-8")
    if source.count(fault.old) != 1:
        raise StaleFaultError(f"{fault.name}: {source.count(fault.old)} times in {fault.module}.py: {fault.old!r}")
    before = dict(_functions(compile(source, str(path), "exec")))
    after = dict(_functions(compile(source.replace(fault.old, fault.new), str(path), "exec")))
    changed = [name for name in before if before[name] != after.get(name)]
    if not changed:
        raise StaleFaultError(f"{fault.name}: no function of {fault.module}.py is changed")
    functions = [_resolved(module, name) for name in changed]
    codes = [each.__code__ for each in functions]
    try:
        for function, name in zip(functions, changed, strict=True):
            function.__code__ = after[name]
        yield
    finally:
        for function, code in zip(functions, codes, strict=True):
            function.__code__ = code


def _functions(code: CodeType) -> Iterator[tuple[str, CodeType]]:
    """Return the functions and methods of a module, by name; what stands inside a function belongs to it."""
    for const in code.co_consts:
        if isinstance(const, CodeType) and "<" not in const.co_qualname:
            if const.co_flags & 0x2:  # a function, not the body of a class
                yield const.co_qualname, const
            else:
                yield from _functions(const)


def _resolved(module: Any, name: str) -> FunctionType:
    found = module
    for part in name.split("."):
        found = found.__dict__[part] if isinstance(found, type) else getattr(found, part)
    if isinstance(found, property):
        found = found.fget
    elif isinstance(found, cached_property):
        found = found.func
    assert isinstance(found, FunctionType), name
    return found
