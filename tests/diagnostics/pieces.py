"""Find, in the source, the pieces that messages are filled with: what each call names, and texts that are none."""

import ast
from collections.abc import Iterator
from pathlib import Path

from attrs import frozen

TABLES = {"Say": "phrases", "say": "phrases", "safely": "phrases", "Typed": "typed", "Noun": "nouns", "Named": "nouns"}
"""What is called -> the table of words that holds its first argument."""

COUNTED = {"Count": 1, "counted": 1}
"""What is called -> which argument names what is counted."""

KINDS = {"word": 3, "unknown_word": 3}
"""Methods of the reader -> which argument is a kind of thing."""

PLACES = {"help": "", "given": "", "reason": "", "kind": "", "what": "", "wanted": "", "problem": ""}
"""Fields of `diagnostic` that would be read as English if a text stood there."""


@frozen
class Found:
    """A text in a table, and where the source names it."""

    table: str
    text: str
    where: str


def pieces(root: Path) -> Iterator[Found]:
    """Yield every literal that a piece is made with."""
    for path, call in _calls(root):
        name = _name(call)
        at = f"{path.relative_to(root)}:{call.lineno}"
        if name in TABLES and call.args:
            yield from (Found(TABLES[name], text, at) for text in _texts(call.args[0]))
        if name in COUNTED and len(call.args) > COUNTED[name]:
            yield from (Found("counts", text, at) for text in _texts(call.args[COUNTED[name]], branches=True))
        if name in KINDS and "lang" in path.parts and len(call.args) > KINDS[name]:
            yield from (Found("nouns", text, at) for text in _texts(call.args[KINDS[name]]))


def english(root: Path) -> Iterator[str]:
    """Yield where a diagnostic is given an English text instead of a piece."""
    for path, call in _calls(root):
        name = _name(call)
        given: list[ast.expr] = []
        if name == "diagnostic":
            given = [each.value for each in call.keywords if each.arg in PLACES]
        elif name in ("Label", "Fix") and len(call.args) > 1:
            given = [call.args[-1]]
        for each in given:
            if isinstance(each, ast.JoinedStr) or (isinstance(each, ast.Constant) and _is_words(each.value)):
                yield f"{path.relative_to(root)}:{call.lineno}: {ast.unparse(each)}"


def _calls(root: Path) -> Iterator[tuple[Path, ast.Call]]:
    for path in sorted(root.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                yield path, node


def _name(call: ast.Call) -> str:
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""


def _texts(node: ast.expr, *, branches: bool = False) -> Iterator[str]:
    """The texts that an argument may be: a literal, or either branch of a choice between literals."""
    match node:
        case ast.Constant(value=str() as text):
            yield text
        case ast.IfExp(body=body, orelse=other):
            yield from (*_texts(body, branches=branches), *_texts(other, branches=branches))
        case _:
            pass


def _is_words(value: object) -> bool:
    return isinstance(value, str) and any(character.isalpha() for character in value)
