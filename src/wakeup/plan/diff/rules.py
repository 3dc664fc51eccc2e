"""Which kind of change each part of a plan makes: one row a class of the model, one entry a field.

A field that has no entry makes what its class makes; a class that has no row makes `other`. So a part that the model
gains is seen at once, and gets an entry here when its kind is another.
"""

from collections.abc import Mapping
from typing import Final

from attrs import field, frozen

from wakeup.plan.diff import directions as go
from wakeup.plan.diff.directions import LOOSENED, LOWERED, RAISED, TIGHTENED, Direction, always, spend
from wakeup.plan.diff.model import Kind, Kinds


@frozen
class Rule:
    """The kinds of a class: of any field, of particular ones, of being added and of being taken away."""

    any: Kinds
    parts: Mapping[str, Direction] = field(factory=dict)
    added: Kinds = ()
    removed: Kinds = ()

    def of(self, name: str) -> Direction:
        """The direction of a field."""
        return self.parts.get(name) or always(*self.any)


_OFFER: Final = (Kind.OFFER,)
_OTHER: Final = (Kind.OTHER,)
_COPY: Final = always(Kind.COPY_ONLY)
_TIMING: Final = always(Kind.TIMING)
_GOALS: Final = always(Kind.GOALS)
_ELSEWHERE: Final = always(Kind.OTHER)
_TERMS: Final[Mapping[str, Direction]] = {
    "title": _COPY,
    "line": _ELSEWHERE,
    "cost": spend(also=_OFFER),
    "limit": spend(also=_OFFER, none=1),
    "stock": spend(also=_OFFER, none=1),
    "codes": spend(also=_OFFER, none=1),
    "wins": spend(also=_OFFER, none=1),
    "places": spend(also=_OFFER, none=1),
    "odds": spend(also=_OFFER),
    "opens": always(Kind.OFFER, Kind.TIMING),
    "closes": always(Kind.OFFER, Kind.TIMING),
    "at": always(Kind.OFFER, Kind.TIMING),
    "discount": go.discount,
}

RULES: Final[Mapping[str, Rule]] = {
    "Plan": Rule(
        _OTHER,
        {
            "title": _COPY,
            "doc": _COPY,
            "zone": _TIMING,
            "start": _TIMING,
            "end": _TIMING,
            "holdout": go.holdout,
            "holdout_salt": always(Kind.EXPERIMENT),
            "awake": _GOALS,
            "follow_up": _GOALS,
            "margin": always(Kind.ASSUMPTIONS),
        },
    ),
    "Attribution": Rule((Kind.GOALS,)),
    "Budget": Rule(_OTHER, {"total": spend()}, added=LOWERED, removed=RAISED),
    "Line": Rule(_OTHER, {"limit": spend()}, added=RAISED, removed=LOWERED),
    "FixedCost": Rule(_OTHER, {"amount": spend(), "on": _TIMING}, added=RAISED, removed=LOWERED),
    "Journey": Rule(_OTHER, {"goal": go.goal}, added=(Kind.AUDIENCE_WIDENED,), removed=(Kind.AUDIENCE_NARROWED,)),
    "Wave": Rule((Kind.TIMING,)),
    "Send": Rule(_OFFER, {"expires": _TIMING, "message": _COPY}, added=LOOSENED, removed=TIGHTENED),
    "Wait": Rule((Kind.TIMING,)),
    "Branch": Rule((Kind.AUDIENCE_CHANGED,)),
    "Grant": Rule(_OFFER),
    "Exit": Rule(_OTHER, added=TIGHTENED, removed=LOOSENED),
    "Split": Rule((Kind.EXPERIMENT,)),
    "Arm": Rule((Kind.EXPERIMENT,)),
    "Promotion": Rule((Kind.EXPERIMENT,)),
    "Tier": Rule((Kind.AUDIENCE_CHANGED,), added=_OTHER, removed=_OTHER),
    "Band": Rule((Kind.AUDIENCE_CHANGED,)),
    "Channel": Rule((Kind.CHANNEL,), {"cost_micros": spend(), "quiet": go.quiet, "line": _ELSEWHERE}),
    "Message": Rule(
        (Kind.COPY_ONLY,),
        {
            "cost_micros": spend(),
            "channel": always(Kind.CHANNEL),
            "fallback": always(Kind.CHANNEL),
            "staff": always(Kind.CHANNEL),
        },
    ),
    "Variant": Rule((Kind.COPY_ONLY,), {"cost_micros": spend()}),
    "Coupon": Rule(_OFFER, _TERMS),
    "Gift": Rule(_OFFER, _TERMS),
    "Service": Rule(_OFFER, _TERMS),
    "Activity": Rule(_OFFER, _TERMS),
    "Rung": Rule(_OFFER, _TERMS),
    "Cadence": Rule(_OTHER, {"gap": go.gap, "quiet": go.quiet}),
    "Cap": Rule(_OTHER, added=TIGHTENED, removed=LOOSENED),
    "Phase": Rule(_OTHER, {"title": _COPY, "start": _TIMING, "end": _TIMING}),
    "OwnField": Rule((Kind.ASSUMPTIONS,)),
    "Label": Rule((Kind.ASSUMPTIONS,)),
    "Scenario": Rule((Kind.ASSUMPTIONS,)),
    "Cut": Rule((Kind.ASSUMPTIONS,)),
    "Assumption": Rule((Kind.ASSUMPTIONS,)),
    "Goal": Rule((Kind.GOALS,)),
    "Expectation": Rule((Kind.GOALS,)),
}


def rule(cls: type[object]) -> Rule:
    """The rule of a class of the model."""
    return RULES.get(cls.__name__, Rule(_OTHER))
