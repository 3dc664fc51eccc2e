"""An answer as text, for the inbox: what differs from nothing, by name. The person's id and address are left out."""

import json
from typing import Any, Final

import attrs

from wakeup.channels.protocol import Answer, AnswerKind

_LEFT_OUT: Final = frozenset({"customer", "address"})
_DEFAULTS: Final = {each.name: each.default for each in attrs.fields(Answer) if each.name not in _LEFT_OUT}


def to_text(answer: Answer) -> str:
    """Return the answer as JSON without the person's id and address."""
    told = {name: value for name, default in _DEFAULTS.items() if (value := getattr(answer, name)) != default}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def from_text(text: str) -> Answer:
    """Read what `to_text` wrote."""
    told: dict[str, Any] = json.loads(text)
    told["kind"] = AnswerKind(told["kind"])
    if "redeemed" in told:
        told["redeemed"] = tuple((code, off) for code, off in told["redeemed"])
    return Answer(**told)
