"""Changes for people, and for other programs."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from wakeup.plan.diff.model import Change
from wakeup.plan.fingerprint import fingerprints
from wakeup.plan.model import Plan

FORMAT_VERSION = "1"


def changes_text(changes: Sequence[Change]) -> str:
    """Return one line a change (kinds, what, old and new), then how many there are of each kind; ends in a line end."""
    if not changes:
        return "nothing changed\n"
    width = max(len(_kinds(each)) for each in changes)
    counts = Counter(kind.value for each in changes for kind in each.kinds)
    lines = [f"{_kinds(each):<{width}}  {_told(each)}" for each in changes]
    total = f"{len(changes)} change{'s' * (len(changes) != 1)}"
    return "\n".join((*lines, "", f"{total}: {', '.join(f'{count} {kind}' for kind, count in counts.items())}")) + "\n"


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


def _kinds(change: Change) -> str:
    return ", ".join(kind.value for kind in change.kinds)


def _told(change: Change) -> str:
    return ": ".join(part for part in (change.where, change.what, _values(change)) if part)


def _values(change: Change) -> str:
    if change.old is None or change.new is None:
        return "".join(
            f"{word}: {value}"
            for word, value in (("taken away", change.old), ("added", change.new))
            if value is not None
        )
    return f"{change.old} \N{RIGHTWARDS ARROW} {change.new}"
