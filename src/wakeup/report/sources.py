"""Where an assumption comes from, in Chinese: sources of ours as they are listed, fitted ones part by part."""

import re
from collections.abc import Mapping
from functools import cache
from string import Formatter
from typing import Final

from wakeup.diagnostics.words import table

_COUNTED: Final = re.compile(r"([\d,]+) ([a-z ]+?)s?")
"""`1,234 opened messages`"""


def chinese_source(text: str) -> str:
    """Return a source in Chinese; what an author wrote stays as it is."""
    known = table("sources").get(text)
    if known is not None:
        return known
    for pattern, template in _fitted().items():
        found = pattern.fullmatch(text)
        if found is not None:
            return template.format_map({name: _part(name, part) for name, part in found.groupdict().items()})
    return text


def _part(name: str, text: str) -> str:
    """Return a part of a source: another source, a count of things, or what is the same in both languages."""
    if name in ("source", "sample") and (told := chinese_source(text)) != text:
        return told
    counted = _COUNTED.fullmatch(text)
    thing = None if counted is None else table("counts").get(counted[2])
    return text if counted is None or thing is None else f"{counted[1]} {thing}"


@cache
def _fitted() -> Mapping[re.Pattern[str], str]:
    """Return what the fitted sources look like, and how they are told."""
    return {_pattern(english): chinese for english, chinese in table("fitted").items()}


def _pattern(template: str) -> re.Pattern[str]:
    parts = Formatter().parse(template)
    return re.compile("".join(re.escape(before) + (f"(?P<{name}>.+?)" if name else "") for before, name, _, _ in parts))
