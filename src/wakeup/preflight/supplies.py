"""Stock, limits per person and desks against what people are expected to ask for."""

from collections.abc import Iterator
from typing import Any, Final

from wakeup.diagnostics import Diagnostic, diagnostic
from wakeup.plan.model import Send, Service
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
                    incentives=", ".join(send.incentives),
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
