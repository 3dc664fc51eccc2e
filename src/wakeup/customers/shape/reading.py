"""A shape as JSON: readable, diffable, equal bytes for equal shapes; read back as written or refused."""

import json
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from wakeup.customers.kept import from_tree
from wakeup.customers.shape.model import DIMENSIONS, FORMAT, Choice, Margin, Shape
from wakeup.diagnostics import WakeupError, diagnostic

if TYPE_CHECKING:
    from cattrs import Converter

_MARK: Final = "wakeup_shape"
_WIDE: Final = 110


def to_json(shape: Shape) -> bytes:
    """Return a shape as UTF-8 JSON."""
    tree = {_MARK: FORMAT, **_converter().unstructure(shape)}
    return (_laid_out(tree, "") + "\n").encode()


def from_json(data: bytes, name: str) -> Shape:
    """Read a shape; `name` is what messages call its file.

    Raises:
        WakeupError: WK6053, it is none, or of another version.
    """
    from cattrs.errors import BaseValidationError

    try:
        tree = json.loads(data)
        if not isinstance(tree, dict) or tree.pop(_MARK, None) != FORMAT:
            raise ValueError
        shape = _converter().structure(tree, Shape)
        from_tree(shape.snapshots)
        _check(shape)
    except (ValueError, KeyError, TypeError, BaseValidationError):
        raise WakeupError([diagnostic("WK6053", file=name)]) from None
    return shape


def looks_like_shape(path: Path) -> bool:
    """Return whether a file begins as a shape does."""
    try:
        with path.open("rb") as stream:
            return stream.read(64).lstrip().startswith(b"{")
    except OSError:
        return False


def _check(shape: Shape) -> None:
    """Refuse what no population has.

    Raises:
        ValueError: the shape contradicts itself.
    """
    if not shape.cells or any(cell.people < 1 or not cell.values for cell in shape.cells):
        raise ValueError
    for margin in _all(shape, Margin):
        falling = any(b < a for row in (margin.p, margin.x) for a, b in pairwise(row))
        if len(margin.p) != len(margin.x) or len(margin.p) < 2 or falling:
            raise ValueError
    for choice in _all(shape, Choice):
        wrong = any(len(counts) != len(choice.labels) + 1 or sum(counts) < 1 for counts in choice.cells.values())
        if wrong or not choice.cells or not choice.by or not set(choice.by) <= set(DIMENSIONS):
            raise ValueError


def _all(value: Any, kind: type) -> Iterator[Any]:
    """Yield every value of a class within a value."""
    if isinstance(value, kind):
        yield value
    elif hasattr(value, "__attrs_attrs__"):
        for each in value.__attrs_attrs__:
            yield from _all(getattr(value, each.name), kind)
    elif isinstance(value, (tuple, dict)):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _all(each, kind)


def _laid_out(value: Any, indent: str) -> str:
    """Return JSON with short values on one line, so that a person can read it."""
    flat = json.dumps(value, ensure_ascii=False, allow_nan=False)
    if len(flat) + len(indent) <= _WIDE or not isinstance(value, (dict, list, tuple)) or not value:
        return flat
    inner = indent + " "
    if isinstance(value, dict):
        rows = [f"{json.dumps(key, ensure_ascii=False)}: {_laid_out(each, inner)}" for key, each in value.items()]
        return "{\n" + ",\n".join(inner + row for row in rows) + f"\n{indent}}}"
    if isinstance(value[0], (dict, list, tuple)):
        return "[\n" + ",\n".join(inner + _laid_out(each, inner) for each in value) + f"\n{indent}]"
    return flat


@cache
def _converter() -> "Converter":
    # Late: only reading and writing JSON needs cattrs, and importing wakeup must stay quick.
    from cattrs.preconf.json import make_converter

    return make_converter(forbid_extra_keys=True)
