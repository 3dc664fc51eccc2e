"""What several campaigns come to, in sentences."""

from collections.abc import Iterator

from wakeup.figures.together import Presence, Together
from wakeup.report.numbers import bare
from wakeup.report.speech import Speech

PROFIT = "incremental_profit"
_NOTHING_LOST = 0.005
"""Part of the profit below which nothing is said of what campaigns take from each other."""


def headline(found: Together, s: Speech) -> str:
    """Return what all bring together in one sentence."""
    orders, profit = found.figures["incremental_orders"], found.figures[PROFIT]
    if profit.low is None:
        return s.say(
            "Together: {orders} orders and {profit} of profit that would not have come without them.",
            orders=bare(orders.value, orders.unit, change=True),
            profit=s.quantity(profit.value, profit.unit, change=True),
        )
    return s.say(
        "Together: {orders} orders and {profit} of profit ({interval}) that would not have come without them.",
        orders=bare(orders.value, orders.unit, change=True),
        profit=s.quantity(profit.value, profit.unit, change=True),
        interval=s.interval(profit.low, profit.high, profit.unit, change=True),
    )


def findings(found: Together, s: Speech) -> Iterator[str]:
    """Give what else is to be known before any table."""
    yield _overlap(found, s)
    yield _shared(found, s)
    for each in found.presence:
        yield from _pushed_aside(each, s)
    for result in found.campaigns:
        for claim in result.expectations:
            if claim.status == "failed":
                yield s.say(
                    "{campaign} does not meet an expectation beside the others: {claim}.",
                    campaign=result.plan["name"],
                    claim=claim.text,
                )


def notes(found: Together, s: Speech) -> Iterator[str]:
    """Give what must be known to read the tables."""
    yield s.say(
        "A campaign's own figures count all that its people do, also what another campaign brings about; so they do "
        "not add up. Under All, people and orders count once. What would have come anyway is told by twins whom no "
        "campaign touches."
    )
    yield s.say(
        "Where two of them want the same moment, place or member of staff, {first} comes first, the others follow in "
        "their order.",
        first=found.names[0],
    )
    yield s.say(
        "The same {customers} customers with the same luck, {number} times (seed {seed}): all campaigns together, each "
        "alone, and all but each.",
        customers=f"{found.customers:,}",
        number=found.replications,
        seed=found.seed,
    )
    if found.replications > 1:
        yield s.say("Low and high: where 90 % of live runs would end, counting chance and what nobody knows.")
    else:
        yield s.say("A single replication has no intervals: simulate more of them.")
    if any(each.newly for one in found.presence for each in one.beside.people.refused.values()):
        yield s.say("People newly refused: in one run with every assumption at its median.")


def _overlap(found: Together, s: Speech) -> str:
    """Return how much less, or more, all bring than the sum of each alone."""
    each = found.overlap[PROFIT]
    if each.old is None or each.change is None:
        return ""
    if abs(each.change) <= _NOTHING_LOST * abs(each.old):
        return s.say("Together they bring as much, or nearly, as the sum of each alone.")
    told = s.quantity(each.old, each.unit, change=True)
    by = s.quantity(each.change, each.unit, change=True)
    if each.low is None or each.high is None:
        return s.say("Each alone, they would bring {sum} in sum; side by side, {by}.", sum=told, by=by)
    text = s.say(
        "Each alone, they would bring {sum} in sum; side by side, {by} ({interval}).",
        sum=told,
        by=by,
        interval=s.interval(each.low, each.high, each.unit, change=True),
    )
    if each.low < 0 < each.high:
        return s.run_on((text, s.say("Whether they help or hinder each other is not sure: the interval holds zero.")))
    return text


def _shared(found: Together, s: Speech) -> str:
    both, touched, most = (found.people[name] for name in ("targeted_by_several", "touched_by_several", "most_sent"))
    return s.say(
        "{targeted} people are targeted by more than one campaign, {touched} get messages of more than one; the most "
        "that one person gets within 30 days is {most}.",
        targeted=bare(both.value, both.unit),
        touched=bare(touched.value, touched.unit),
        most=bare(most.value, "count"),
    )


def _pushed_aside(each: Presence, s: Speech) -> Iterator[str]:
    """Say by how much a campaign sends less (or more) beside the others, and what refuses it most."""
    sent = each.beside.figures["sent"]
    worst = max(each.beside.reasons.items(), key=lambda item: item[1].change or 0.0, default=None)
    if not sent.change or not sent.old or abs(sent.change) < _NOTHING_LOST * sent.old:
        return
    number = bare(abs(sent.change), "count")
    if sent.change > 0:
        yield s.say("{campaign} sends {number} messages more than alone.", campaign=each.campaign, number=number)
    elif worst is None or not worst[1].change or worst[1].change <= 0:
        yield s.say("{campaign} sends {number} messages fewer than alone.", campaign=each.campaign, number=number)
    else:
        yield s.say(
            "{campaign} sends {number} messages fewer than alone; refused more often: {reason} ({more}).",
            campaign=each.campaign,
            number=number,
            reason=s.short_reason(worst[0]),
            more=bare(worst[1].change, "count", change=True),
        )
