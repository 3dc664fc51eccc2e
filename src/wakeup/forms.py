"""Documented forms as JSON: what every command writes for programs."""

import json
from typing import Any


def as_json(tree: Any) -> bytes:
    """Return a form as UTF-8 JSON: numbers rounded, sorted keys, a line end at the end.

    Raises:
        ValueError: a number is not finite.
    """
    text = json.dumps(rounded(tree), ensure_ascii=False, sort_keys=True, indent=2, allow_nan=False)
    return text.encode("utf-8") + b"\n"


def rounded(tree: Any) -> Any:
    """Return a tree of dicts, lists, texts and numbers with its numbers as they are written."""
    # Ten digits: more than any forecast is worth, and the last bits of a mean are nobody's business.
    match tree:
        case float():
            return float(f"{tree:.10g}") + 0.0  # no minus zero
        case dict():
            return {key: rounded(value) for key, value in tree.items()}
        case list() | tuple():
            return [rounded(value) for value in tree]
        case _:
            return tree
