"""Changes for people, and for other programs."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

from wakeup.diagnostics import Count, Say
from wakeup.diagnostics.words import table
from wakeup.plan.diff.model import Change, Kind
from wakeup.plan.fingerprint import fingerprints
from wakeup.plan.model import Plan
from wakeup.source.columns import cells
from wakeup.terms.language import Language

FORMAT_VERSION = "1"


def changes_text(changes: Sequence[Change], lang: Language = "en") -> str:
    """Return one line a change (kinds, what, old and new), then how many there are of each kind; ends in a line end.

    `lang` is the language that the changes were made in. In Chinese the count names the words of `--gate` too.
    """
    if not changes:
        return f"{Say('nothing changed').told(lang)}\n"
    width = max(cells(_kinds(each, lang)) for each in changes)
    lines = []
    for each in changes:
        kinds = _kinds(each, lang)
        lines.append(f"{kinds}{' ' * (width - cells(kinds))}  {_told(each, lang)}")
    counts = Counter(kind for each in changes for kind in each.kinds)
    kinds = _COMMAS[lang].join(_counted(kind, count, lang) for kind, count in counts.items())
    return "\n".join((*lines, "", f"{Count(len(changes), 'change').told(lang)}{_COLONS[lang]}{kinds}")) + "\n"


def changes_tree(old: Plan, new: Plan, changes: Sequence[Change]) -> dict[str, Any]:
    """Return the changes as plain dicts, lists and texts: what `wakeup plan --against --format json` prints."""
    return {
        "format_version": FORMAT_VERSION,
        "old": _plan(old),
        "new": _plan(new),
        "changes": [
            {
                "kinds": [kind.value for kind in each.kinds],
                "where": each.where,
                "what": each.what,
                "old": each.old,
                "new": each.new,
            }
            for each in changes
        ],
    }


def _plan(plan: Plan) -> dict[str, str]:
    ids = fingerprints(plan)
    return {"name": plan.name, "behaviour_id": ids.conduct, "forecast_id": ids.forecast}


_COMMAS: Final[Mapping[Language, str]] = {"en": ", ", "zh": "、"}
_COLONS: Final[Mapping[Language, str]] = {"en": ": ", "zh": "："}


def _kind(kind: Kind, lang: Language) -> str:
    return kind.value if lang == "en" else table("changes")[kind.value]


def _kinds(change: Change, lang: Language) -> str:
    return _COMMAS[lang].join(_kind(kind, lang) for kind in change.kinds)


def _counted(kind: Kind, count: int, lang: Language) -> str:
    name = kind.value if lang == "en" else f"{_kind(kind, lang)}（{kind.value}）"
    return Say("{count} {kind}", count=count, kind=name).told(lang)


def _told(change: Change, lang: Language) -> str:
    return _COLONS[lang].join(part for part in (change.where, change.what, _values(change, lang)) if part)


def _values(change: Change, lang: Language) -> str:
    if change.old is None or change.new is None:
        return "".join(
            f"{word.told(lang)}{_COLONS[lang]}{value}"
            for word, value in ((Say("taken away"), change.old), (Say("added"), change.new))
            if value is not None
        )
    return f"{change.old} \N{RIGHTWARDS ARROW} {change.new}"
