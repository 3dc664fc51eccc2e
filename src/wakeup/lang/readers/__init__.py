"""The types of properties: one function per type.

`READERS` is what the table in `wakeup.lang.schema` names. Every function tells which prepositions it understands; any
other is reported, so that nothing is accepted and ignored.
"""

from collections.abc import Mapping
from typing import Final

from wakeup.lang import claims
from wakeup.lang.readers import amounts, campaign, incentives, moves, texts, things
from wakeup.lang.readers.shared import ReadProperty

READERS: Final[Mapping[str, ReadProperty]] = {
    "alarm": claims.alarm,
    "cap": claims.own_cap,
    "chance": amounts.chance,
    "channel_kind": things.channel_kind,
    "count": amounts.count,
    "credit": campaign.credit,
    "currency": campaign.currency,
    "cut": amounts.cut,
    "duties": campaign.duties,
    "elapsed": amounts.elapsed,
    "entry": moves.entry,
    "events": campaign.events,
    "face": things.face,
    "factor": amounts.factor,
    "goal": campaign.goal,
    "headcount": amounts.headcount,
    "holdout": campaign.holdout,
    "hours": amounts.hours,
    "items": incentives.items,
    "line": things.line,
    "message": things.named("message"),
    "moment": amounts.moment,
    "money": amounts.money,
    "multiplier": incentives.multiplier,
    "offer": things.offer,
    "optout": things.optout,
    "outage": moves.outage,
    "people": campaign.people,
    "per_person": amounts.per_person,
    "percent": amounts.percent,
    "period": amounts.period,
    "price": amounts.price,
    "prize": incentives.prize,
    "quiet": amounts.quiet,
    "rate": things.rate,
    "reaction": claims.reaction,
    "reward": incentives.reward,
    "run": campaign.run,
    "staff": things.named("staff"),
    "task": things.task,
    "texts": texts.texts,
    "unit_cost": amounts.unit_cost,
    "window": campaign.window,
    "zone": campaign.zone,
}
"""Type of a property, as the table of kinds names it -> the function that reads it."""
