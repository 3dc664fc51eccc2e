"""Did you mean: the names that a mistyped word is closest to."""

import unicodedata
from collections.abc import Iterable

MAX_SUGGESTIONS = 3
"""More than three guesses are no help."""


def suggest(word: str, candidates: Iterable[str]) -> tuple[str, ...]:
    """Return at most three candidates that a word may have been meant as, the closest first.

    Closeness is the Damerau-Levenshtein distance (optimal string alignment) between case-folded, width-folded words:
    at most 1 for words of up to 4 characters, 2 up to 8, a quarter of the length beyond.
    """
    folded = _fold(word)
    limit = _limit(len(folded))
    near: list[tuple[int, str]] = []
    for candidate in dict.fromkeys(candidates):
        other = _fold(candidate)
        if abs(len(other) - len(folded)) > limit:
            continue
        distance = edit_distance(folded, other)
        # A word of which nothing is left is no misspelling of the other.
        if distance <= limit and distance < max(len(folded), len(other)):
            near.append((distance, candidate))
    return tuple(candidate for _, candidate in sorted(near)[:MAX_SUGGESTIONS])


def edit_distance(a: str, b: str) -> int:
    """Return how many insertions, deletions, replacements and swaps of neighbours turn ``a`` into ``b``.

    Optimal string alignment distance (Damerau 1964, restricted form: no piece is edited twice).
    """
    before: list[int] = []
    previous = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        current = [i]
        for j, y in enumerate(b, 1):
            cost = min(previous[j] + 1, current[j - 1] + 1, previous[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cost = min(cost, before[j - 2] + 1)
            current.append(cost)
        before, previous = previous, current
    return previous[-1]


def _fold(word: str) -> str:
    return unicodedata.normalize("NFKC", word).casefold()


def _limit(length: int) -> int:
    if length <= 4:
        return 1
    return 2 if length <= 8 else length // 4
