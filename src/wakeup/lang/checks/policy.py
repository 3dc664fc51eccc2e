"""What platforms and the law ask: a way to stop, the purpose of a channel, the hours of a text message."""

import re
from collections.abc import Iterator
from typing import Final

from wakeup.diagnostics import Diagnostic, Label, Say, diagnostic
from wakeup.lang.checked import Checked, Declared, Send, walk
from wakeup.lang.checks.hours import Hours, covered
from wakeup.lang.checks.platforms import MAINLAND
from wakeup.plan import template
from wakeup.plan.model import Quiet
from wakeup.terms.lists import ChannelKind
from wakeup.terms.variables import OFFER_VARIABLES

_OPT_OUT: Final = re.compile(
    r"\bstop\b|\bopt[ -]?out\b|\bunsubscribe\b|\breply\s+(?:[A-Z]|no|end|quit)\b|退订|拒收|回复?\s*[A-Z]{1,4}\s*退?",
    re.IGNORECASE,
)
_MUST_OFFER: Final = (ChannelKind.SMS, ChannelKind.EMAIL)
"""Kinds whose texts say how to stop unless the channel says that its platform does."""
_NIGHT: Final[Hours] = ((22 * 3600, 24 * 3600), (0, 8 * 3600))
"""Hours in which marketing text messages may not be sent in mainland China (22:00 to 08:00)."""


def control(checked: Checked) -> Iterator[Diagnostic]:
    """Without a control group nobody can tell what the campaign brought; that must be waived in words."""
    if checked.campaign.entity.decl.prop("holdout") is None:
        yield diagnostic("WK4005", checked.campaign.entity.span)


def opt_out(checked: Checked) -> Iterator[Diagnostic]:
    """Where the channel asks for it, every text says how to stop."""
    for message in checked.of("message"):
        channel = checked.channel_of(message)
        if channel is None:
            continue
        rule = channel.get("optout", str)
        if rule == "required" or (rule is None and channel.get("kind", str) in _MUST_OFFER):
            label = Label(channel.entity.span, Say("the channel asks for it"))
            for text in message.texts():
                if not _OPT_OUT.search(text.text):
                    yield diagnostic("WK4001", text.span, labels=(label,), channel=channel.name)


def purpose(checked: Checked) -> Iterator[Diagnostic]:
    """A template message tells of a transaction and carries no offer."""
    for send, message, channel in _sends(checked):
        kind = channel.get("kind", str)
        offers = any(template.read(each.text).uses(OFFER_VARIABLES) for each in message.texts())
        if kind == ChannelKind.SERVICE_TEMPLATE and (send.incentives or offers):
            label = Label(
                message.entity.span, Say("`{message}` goes by {channel}", message=message.name, channel=channel.name)
            )
            yield diagnostic("WK4002", send.span, labels=(label,), channel=channel.name)


def hours(checked: Checked) -> Iterator[Diagnostic]:
    """Marketing text messages in mainland China keep to 08:00 to 22:00."""
    if checked.zone.key not in MAINLAND:
        return
    told: set[str] = set()
    for _, _, channel in _sends(checked):
        own = channel.get("quiet", Quiet)
        windows = [each.window for each in (*checked.quiet, *((own,) if own is not None else ()))]
        if channel.get("kind", str) == ChannelKind.SMS and channel.name not in told and not covered(windows, _NIGHT):
            told.add(channel.name)
            yield diagnostic("WK4006", channel.entity.span, channel=channel.name)


def _sends(checked: Checked) -> Iterator[tuple[Send, Declared, Declared]]:
    """Every send with each message it may become, and that message's channel."""
    for journey in checked.journeys:
        for step in walk(journey.steps):
            if isinstance(step, Send):
                for message in checked.chain(step.message):
                    channel = checked.channel_of(message)
                    if channel is not None:
                        yield step, message, channel
