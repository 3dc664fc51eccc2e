"""The types of properties: one function per type.

`READERS` is what the table in `wakeup.lang.schema` names. Every function tells which prepositions it understands; any
other is reported, so that nothing is accepted and ignored.
"""

from collections.abc import Mapping
from typing import Final

from wakeup.lang import claims
from wakeup.lang.readers import amounts, campaign, moves, things
from wakeup.lang.readers.shared import ReadProperty

READERS: Final[Mapping[str, ReadProperty]] = {
    "alarm": claims.alarm,
    "channel_kind": things.channel_kind,
    "count": amounts.count,
    "credit": campaign.credit,
    "currency": campaign.currency,
    "elapsed": amounts.elapsed,
    "entry": moves.entry,
    "events": campaign.events,
    "face": things.face,
    "factor": amounts.factor,
    "goal": campaign.goal,
    "headcount": amounts.headcount,
    "holdout": campaign.holdout,
    "hours": amounts.hours,
    "line": things.line,
    "message": things.named("message"),
    "moment": amounts.moment,
    "money": amounts.money,
    "offer": things.offer,
    "optout": things.optout,
    "outage": moves.outage,
    "people": campaign.people,
    "per_person": amounts.per_person,
    "percent": amounts.percent,
    "period": amounts.period,
    "price": amounts.price,
    "quiet": amounts.quiet,
    "rate": things.rate,
    "reaction": claims.reaction,
    "reward": things.named("incentive", "coupon", "gift"),
    "run": campaign.run,
    "staff": things.named("staff"),
    "task": things.task,
    "text": things.text,
    "unit_cost": amounts.unit_cost,
    "waiting_staff": things.waiting_staff,
    "window": campaign.window,
    "zone": campaign.zone,
}
"""Type of a property, as the table of kinds names it -> the function that reads it."""
