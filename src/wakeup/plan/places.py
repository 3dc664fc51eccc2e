"""From parts of a plan to places in the text, by the plan's table of origins."""

import re
from collections.abc import Mapping
from typing import Final

from attrs import frozen

from wakeup.plan.model import Origin, Plan
from wakeup.source import Source, Span

_WORD: Final = re.compile(r"[^\s{}(),;:，；：（）｛｝]+")


@frozen
class Places:
    """Where the parts of a plan stand, as far as the texts are at hand."""

    origins: Mapping[str, Origin]
    sources: Mapping[str, Source]

    @staticmethod
    def of(plan: Plan, sources: Mapping[str, Source]) -> "Places":
        """Return the places of a plan; `sources` by the paths that its origins name."""
        return Places({each.address: each for each in plan.origins}, sources)

    def at(self, *addresses: str) -> Span | None:
        """Return the word that stands at the first of the addresses that was written, None without its text."""
        origin = next((self.origins[each] for each in addresses if each in self.origins), None)
        source = None if origin is None else self.sources.get(origin.file)
        if origin is None or source is None or origin.line > source.line_count:
            return None
        start = source.offset(origin.line, origin.column)
        word = _WORD.match(source.text, start)
        return source.span(start, word.end() if word else start)
