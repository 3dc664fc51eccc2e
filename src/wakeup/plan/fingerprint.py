"""Three fingerprints of a plan: what customers get, what is forecast, how it is described.

Each is a short hex of BLAKE2b over canonical JSON (sorted keys, no white space). Where a part was written
(`Plan.origins`) belongs to none of them.
"""

import json
from hashlib import blake2b
from typing import Any

from attrs import frozen

from wakeup.plan.json import to_tree
from wakeup.plan.model import Plan

FORECAST = ("assumptions", "scenarios", "expectations", "goals", "follow_up", "attribution")
"""Fields of a plan that change what is forecast or reported and nothing that a customer gets."""

METADATA = ("title", "doc")
"""Fields of a plan that only describe it."""

_NOWHERE = ("origins", "format_version")


@frozen
class Fingerprints:
    """Hex ids of 16 digits; equal ids mean equal parts.

    `conduct` changes with everything that decides what customers get (journeys, messages, incentives and the titles
    they are shown under, caps, audience, holdout, budget, guards); `forecast` with assumptions, scenarios, goals,
    expectations, follow-up and attribution; `metadata` with the campaign's title and comments.
    """

    conduct: str
    forecast: str
    metadata: str


def fingerprints(plan: Plan) -> Fingerprints:
    """Return the three fingerprints of a plan."""
    tree = to_tree(plan)
    forecast = {key: tree.pop(key) for key in FORECAST}
    metadata = {key: tree.pop(key) for key in METADATA}
    for key in _NOWHERE:
        del tree[key]
    return Fingerprints(_hex(tree), _hex(forecast), _hex(metadata))


def _hex(tree: dict[str, Any]) -> str:
    text = json.dumps(tree, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return blake2b(text.encode("utf-8"), digest_size=8).hexdigest()
