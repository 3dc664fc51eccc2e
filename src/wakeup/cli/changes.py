"""`wakeup plan --against`: what changed since another plan, and whether a change is of a kind that is gated."""

import json
from pathlib import Path

from wakeup.cli import exits
from wakeup.cli.messages import language, say
from wakeup.diagnostics import Listed, Say, WakeupError, diagnostic, suggest
from wakeup.files import STDOUT, write
from wakeup.plan.diff import Kind, changes_text, changes_tree, diff
from wakeup.plan.model import Plan


def gates(named: str | None) -> tuple[Kind, ...]:
    """Read the kinds of `--gate`, parted by commas.

    Raises:
        WakeupError: WK5031, one of them is no kind.
    """
    words = [word.strip() for word in (named or "").split(",") if word.strip()]
    known = [kind.value for kind in Kind]
    unknown = [word for word in words if word not in known]
    if unknown:
        near = suggest(unknown[0], known)[:1]
        kinds = ", ".join(known)
        told = Say("did you mean {names}? the kinds are: {kinds}", names=Listed(near), kinds=kinds) if near else None
        raise WakeupError([diagnostic("WK5031", name=unknown[0], help=told, known=kinds)])
    return tuple(Kind(word) for word in words)


def show(old: Plan, new: Plan, format: str, gated: tuple[Kind, ...]) -> int:
    """Print what changed, and return 2 if a gated kind is among it. As JSON it is in English, whatever is spoken."""
    lang = "en" if format == "json" else language()
    changes = diff(old, new, lang)
    if format == "json":
        text = json.dumps(changes_tree(old, new, changes), ensure_ascii=False, indent=2) + "\n"
    else:
        text = changes_text(changes, lang)
    write(Path(STDOUT), text.encode("utf-8"))
    seen = {kind for each in changes for kind in each.kinds}
    stopped = [kind.value for kind in gated if kind in seen]
    if not stopped:
        return exits.FINE
    say([diagnostic("WK5032", kinds=", ".join(stopped))])
    return exits.GATE_FAILED
