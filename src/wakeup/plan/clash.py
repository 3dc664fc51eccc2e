"""Whether two campaigns may be after the same people at the same time."""

from wakeup.plan.model import Plan
from wakeup.plan.sets import bands, both, satisfiable


def clash(one: Plan, other: Plan) -> bool:
    """Return whether the runs overlap and somebody can be in both audiences; where it cannot be told, yes.

    Campaigns of two currencies are taken for those of two shops. Caps and gaps are each campaign's own: whoever is in
    both may be contacted by both.
    """
    if one.currency != other.currency or not (one.start < other.end and other.start < one.end):
        return False
    tiers = {tier.name: tier for plan in (one, other) for tier in plan.tiers}
    asked = {*bands(one.audience), *bands(other.audience)}
    own, others = ({tier.name: tier for tier in plan.tiers} for plan in (one, other))
    if any(name in own and name in others and own[name] != others[name] for name in asked):
        return True  # one name, two meanings
    return satisfiable(both(one.audience, other.audience), tiers)
