"""Stock, codes, places, limits per person and desks against what people are expected to ask for."""

from collections.abc import Iterator
from typing import Any, Final

from wakeup.diagnostics import Diagnostic, Key, Listed, diagnostic
from wakeup.plan.model import Activity, Coupon, Send, Service
from wakeup.preflight.conditions import count, length, percent, typed
from wakeup.preflight.facts import Facts

TOLD_FROM: Final = 0.05
"""Share of refused sends, or of claims never served, from which it is worth a word."""


def stock(facts: Facts) -> Iterator[Diagnostic]:
    """Stock against what is held at once: an open grant keeps its piece until it lapses, a used one for ever."""
    if facts.rehearsal is None:
        return
    for index, incentive in enumerate(facts.plan.incentives):
        if incentive.stock is None:
            continue
        asked, most = facts.rehearsal.holding(index), float(facts.worst.uses[index])
        where = facts.places.at(f"incentive:{incentive.name}/stock", f"incentive:{incentive.name}")
        told: dict[str, Any] = {
            "name": incentive.name,
            "stock": count(incentive.stock),
            "peak": count(asked.peak),
            "granted": count(asked.granted),
            "used": count(asked.used),
        }
        if asked.peak > incentive.stock:
            yield diagnostic("WK3920", where, enough=typed(asked.peak), **told)
        elif most > incentive.stock:
            yield diagnostic("WK3921", where, most=count(most), **told)


def codes(facts: Facts) -> Iterator[Diagnostic]:
    """Codes against grants: a code that was given is gone, whether it is used or not."""
    if facts.rehearsal is None:
        return
    for index, coupon in enumerate(facts.plan.incentives):
        if not isinstance(coupon, Coupon) or coupon.codes is None:
            continue
        granted = facts.rehearsal.holding(index).granted
        if granted > coupon.codes:
            yield diagnostic(
                "WK3929",
                facts.places.at(f"incentive:{coupon.name}/codes", f"incentive:{coupon.name}"),
                name=coupon.name,
                codes=count(coupon.codes),
                granted=count(granted),
                enough=typed(granted),
            )


def places(facts: Facts) -> Iterator[Diagnostic]:
    """Places against those who want to join, prizes against those who would win."""
    if facts.rehearsal is None:
        return
    for index, activity in enumerate(facts.plan.incentives):
        if not isinstance(activity, Activity):
            continue
        joins, completions = facts.rehearsal.joined(index)
        if activity.places is not None and joins > activity.places:
            key = "seats" if activity.kind == "event" else "places"
            where = facts.places.at(f"incentive:{activity.name}/{key}", f"incentive:{activity.name}")
            yield diagnostic(
                "WK3926", where, name=activity.name, places=count(activity.places), joins=count(joins), key=Key(key),
                enough=typed(joins),
            )  # fmt: skip
        if activity.wins is not None and completions > activity.wins:
            where = facts.places.at(f"incentive:{activity.name}/count", f"incentive:{activity.name}")
            yield diagnostic(
                "WK3927", where, name=activity.name, prizes=count(activity.wins), wins=count(completions),
                joins=count(joins), enough=typed(completions),
            )  # fmt: skip


def limits(facts: Facts) -> Iterator[Diagnostic]:
    """Sends that will not happen because their incentive is used up, or has nothing for the person."""
    if facts.rehearsal is None:
        return
    for number, journey in enumerate(facts.plan.journeys):
        for step, send in enumerate(journey.program):
            if not isinstance(send, Send):
                continue
            sent, refused = facts.rehearsal.sends(number, step)
            if refused > TOLD_FROM * (sent + refused):
                yield diagnostic(
                    "WK3922",
                    facts.places.at(f"journey:{journey.name}/step:{send.step}", f"journey:{journey.name}"),
                    name=send.step,
                    incentives=Listed(send.incentives),
                    refused=count(refused),
                    asked=count(sent + refused),
                )


def desks(facts: Facts) -> Iterator[Diagnostic]:
    """Services that are claimed and never given, because the staff do not get to them."""
    if facts.rehearsal is None:
        return
    staff = {each.name: each for each in facts.plan.staff}
    for index, service in enumerate(facts.plan.incentives):
        if not isinstance(service, Service) or not service.staff:
            continue
        claimed, served = facts.rehearsal.claims(index)
        desk = staff[service.staff]
        if claimed - served > TOLD_FROM * claimed:
            yield diagnostic(
                "WK3923",
                facts.places.at(f"staff:{desk.name}", f"incentive:{service.name}"),
                name=service.name,
                staff=desk.name,
                claimed=count(claimed),
                unserved=count(claimed - served),
                share=percent((claimed - served) / claimed),
                people=count(desk.people),
                handles=length(desk.handles),
            )


def callers(facts: Facts) -> Iterator[Diagnostic]:
    """Messages that are never sent, because the staff who serve each send do not get to them."""
    if facts.rehearsal is None:
        return
    by_channel = {each.name: each.staff for each in facts.plan.channels}
    staff = {each.name: each for each in facts.plan.staff}
    for index, message in enumerate(facts.plan.messages):
        desk = staff.get(message.staff or by_channel[message.channel])
        if desk is None:
            continue
        asked, left = facts.rehearsal.unserved(index)
        if left > TOLD_FROM * asked:
            yield diagnostic(
                "WK3928",
                facts.places.at(f"staff:{desk.name}", f"message:{message.name}"),
                name=message.name,
                staff=desk.name,
                asked=count(asked),
                left=count(left),
                share=percent(left / asked),
                people=count(desk.people),
                handles=length(desk.handles),
            )
