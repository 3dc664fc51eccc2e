"""The bare plan: who, when, in which money; and what of all that is declared the campaign uses."""

from attrs import frozen

from wakeup.lang.checked import Checked, Declared, Grant, Send, walk
from wakeup.lang.values import Outage, Prize
from wakeup.plan.model import Attribution, Plan


def frame(checked: Checked) -> Plan:
    """The plan without journeys, rules and things."""
    decl = checked.campaign.entity.decl
    return Plan(
        name=checked.campaign.name,
        title=checked.campaign.title,
        doc=decl.doc or "",
        currency=checked.currency,
        minor_digits=checked.minor_digits,
        zone=checked.zone.key,
        start=checked.run.start,
        end=checked.run.end,
        audience=checked.audience,
        holdout=checked.holdout,
        # A colon cannot stand in a name, so no journey's salt is ever this one.
        holdout_salt=f"{checked.campaign.name}:holdout",
        awake=checked.awake,
        margin=checked.margin,
        budget=None,
        attribution=Attribution(checked.credit.model, checked.credit.within),
        journeys=(),
        follow_up=checked.follow_up.seconds,
    )


@frozen
class Used:
    """Names that the campaign uses, directly or not; what else a library declares stays out of the plan."""

    messages: frozenset[str]
    incentives: frozenset[str]
    channels: frozenset[str]
    staff: frozenset[str]


def used(checked: Checked) -> Used:
    """What the journeys send and give, and what caps, scenarios and assumptions speak of."""
    steps = [step for journey in checked.journeys for step in walk(journey.steps)]
    messages = {each.name for step in steps if isinstance(step, Send) for each in checked.chain(step.message)}
    incentives = {name for step in steps if isinstance(step, Send | Grant) for name in step.incentives}
    channels = {limit.channel for limit in checked.caps if limit.channel}
    for scenario in checked.of("scenario"):
        downs = scenario.get("down", tuple) or ()
        channels |= {down.channel for down in downs if isinstance(down, Outage)}
    for row in checked.assumptions:
        sort, _, name = row.scope.partition(":")
        (channels if sort == "channel" else incentives if sort == "incentive" else set()).add(name)
    for name in tuple(incentives):
        declared = checked.one("incentive", name)
        won = "" if declared is None else reward(declared)
        if won:
            incentives.add(won)
    for name in messages:
        declared = checked.one("message", name)
        channels |= {declared.get("via", str) or ""} if declared is not None else set()
    kept = (("incentive", incentives), ("message", messages), ("channel", channels))
    found = [checked.one(space, name) for space, names in kept for name in names]
    staff = {each.get("staff", str) or "" for each in found if each is not None}
    return Used(frozenset(messages), frozenset(incentives), frozenset(channels), frozenset(staff))


def reward(activity: Declared) -> str:
    """The incentive that those receive who complete an activity, "" for none."""
    prize = activity.get("prize", Prize)
    return prize.reward if prize is not None else activity.get("reward", str) or ""
