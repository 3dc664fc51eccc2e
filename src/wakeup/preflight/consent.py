"""Channels by which nobody may be contacted, as far as the data say."""

from collections.abc import Iterator

import numpy as np

from wakeup.customers.population import YES
from wakeup.diagnostics import Diagnostic, diagnostic
from wakeup.plan.model import Channel, Send
from wakeup.preflight.conditions import count, percent
from wakeup.preflight.facts import Facts, Index

FEW = 0.05
"""Below this share of the people whom a channel is meant for, its messages reach next to nobody."""


def consents(facts: Facts) -> Iterator[Diagnostic]:
    """A channel whose consent column says yes for few of those whom journeys write to by it, or for nobody."""
    for channel in facts.plan.channels:
        given = facts.population.consents.get(channel.name, facts.population.consents.get(channel.channel_kind))
        if given is None:
            continue
        meant = _meant(facts, channel)
        willing = int((given[meant] == YES).sum())
        if len(meant) and willing < FEW * len(meant):
            yield diagnostic(
                "WK3925",
                facts.places.at(f"channel:{channel.name}"),
                channel=channel.name,
                willing=count(willing),
                people=count(len(meant)),
                share=percent(willing / len(meant)),
            )


def _meant(facts: Facts, channel: Channel) -> Index:
    """The treated in journeys that send by the channel, as such or as a fallback."""
    by = {message.name for message in facts.plan.messages if message.channel == channel.name}
    falls = {message.name: message.fallback for message in facts.plan.messages}
    found = [np.empty(0, np.intp)]
    for index, journey in enumerate(facts.plan.journeys):
        sent = {step.message for step in journey.program if isinstance(step, Send)}
        for _ in falls:
            sent |= {falls[name] for name in sent if falls.get(name)}
        if sent & by:
            found.append(facts.of(index, facts.cast.treated))
    return np.unique(np.concatenate(found))
