"""A bag that problems are thrown into, and that gives them back in an order fit for reading."""

from collections import Counter
from collections.abc import Iterable, Iterator

from attrs import define, field

from wakeup.diagnostics.model import Diagnostic, Severity
from wakeup.diagnostics.registry import diagnostic
from wakeup.source import Span

CAP_PER_SOURCE = 20
"""How many problems of one source are shown; a reader mends the first ones and checks again."""

_RANK = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}


@define
class Bag:
    """Collects diagnostics. Equal ones (same code, place and message) are kept once."""

    _found: dict[tuple[str, Span | None, str], Diagnostic] = field(factory=dict, init=False)

    def add(self, found: Diagnostic) -> None:
        """Put one diagnostic in."""
        self._found.setdefault((found.code, found.span, found.message), found)

    def extend(self, found: Iterable[Diagnostic]) -> None:
        """Put several diagnostics in."""
        for each in found:
            self.add(each)

    def __len__(self) -> int:
        """Return the number of different diagnostics, shown or not."""
        return len(self._found)

    def __iter__(self) -> Iterator[Diagnostic]:
        """Iterate over all diagnostics, sorted by place, without the cap."""
        return iter(sorted(self._found.values(), key=_place))

    def count(self, severity: Severity) -> int:
        """Return how many diagnostics have a severity, shown or not."""
        return sum(each.severity is severity for each in self._found.values())

    @property
    def has_errors(self) -> bool:
        """Whether any diagnostic is an error."""
        return self.count(Severity.ERROR) > 0

    def shown(self) -> tuple[Diagnostic, ...]:
        """Return the diagnostics by source and place, at most `CAP_PER_SOURCE` a source, errors kept before others.

        Where some are left out, a note at the end of that source's says how many, in the language of the last.
        """
        taken: Counter[str] = Counter()
        kept: list[Diagnostic] = []
        for each in sorted(self._found.values(), key=lambda d: (_RANK[d.severity], _place(d))):
            taken[_source(each)] += 1
            if taken[_source(each)] <= CAP_PER_SOURCE:
                kept.append(each)
        kept.sort(key=_place)
        for source, total in taken.items():
            if total > CAP_PER_SOURCE:
                last = max(i for i, each in enumerate(kept) if _source(each) == source)
                lang = kept[last].lang
                kept.insert(last + 1, diagnostic("WK1007", lang=lang, count=total - CAP_PER_SOURCE, file=source))
        return tuple(kept)


def _source(each: Diagnostic) -> str:
    return each.span.source if each.span else ""


def _place(each: Diagnostic) -> tuple[str, int, int, str, str]:
    start, end = (each.span.start, each.span.end) if each.span else (0, 0)
    return _source(each), start, end, each.code, each.message
