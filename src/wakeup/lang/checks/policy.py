"""What platforms and the law ask: a way to stop, the purpose of a channel, the hours of a text message."""

import re
from collections.abc import Iterator
from typing import Final

from wakeup.diagnostics import Diagnostic, Label, diagnostic
from wakeup.lang import template
from wakeup.lang.attributes import OFFER_VARIABLES
from wakeup.lang.checked import Checked, Declared, Send, walk
from wakeup.plan.model import DayWindow, Quiet
from wakeup.terms.lists import ChannelKind

_OPT_OUT: Final = re.compile(
    r"\bstop\b|\bopt[ -]?out\b|\bunsubscribe\b|\breply\s+(?:[A-Z]|no|end|quit)\b|退订|拒收|回复?\s*[A-Z]{1,4}\s*退?",
    re.IGNORECASE,
)
_MAINLAND: Final = frozenset({"Asia/Shanghai", "Asia/Urumqi", "Asia/Chongqing", "Asia/Harbin", "PRC"})
_NIGHT: Final = ((22 * 3600, 24 * 3600), (0, 8 * 3600))
"""Hours in which marketing text messages may not be sent in mainland China (22:00 to 08:00)."""


def control(checked: Checked) -> Iterator[Diagnostic]:
    """Without a control group nobody can tell what the campaign brought; that must be waived in words."""
    if checked.campaign.entity.decl.prop("holdout") is None:
        yield diagnostic("WK4005", checked.campaign.entity.span)


def opt_out(checked: Checked) -> Iterator[Diagnostic]:
    """Where the channel asks for it, every text says how to stop."""
    for message in checked.of("message"):
        channel = checked.channel_of(message)
        text = message.get("text", str)
        if channel is None or text is None or _OPT_OUT.search(text):
            continue
        rule = channel.get("optout", str)
        if rule == "required" or (rule is None and channel.get("kind", str) == ChannelKind.SMS):
            label = Label(channel.entity.span, "the channel asks for it")
            yield diagnostic("WK4001", message.span("text"), labels=(label,), channel=channel.name)


def purpose(checked: Checked) -> Iterator[Diagnostic]:
    """A template message tells of a transaction; a subscription is one grant for one message."""
    for send, message, channel in _sends(checked):
        kind = channel.get("kind", str)
        text = template.read(message.get("text", str) or "")
        if kind == ChannelKind.SERVICE_TEMPLATE and (send.incentives or text.uses(OFFER_VARIABLES)):
            label = Label(message.entity.span, f"`{message.name}` goes by {channel.name}")
            yield diagnostic("WK4002", send.span, labels=(label,), channel=channel.name)
        if kind == ChannelKind.MINI_SUBSCRIBE:
            yield diagnostic("WK2120", send.span, what="a subscription message (one grant for one message)")


def hours(checked: Checked) -> Iterator[Diagnostic]:
    """Marketing text messages in mainland China keep to 08:00 to 22:00."""
    if checked.zone.key not in _MAINLAND:
        return
    told: set[str] = set()
    for _, _, channel in _sends(checked):
        own = channel.get("quiet", Quiet)
        windows = [each.window for each in (*checked.quiet, *((own,) if own is not None else ()))]
        if channel.get("kind", str) == ChannelKind.SMS and channel.name not in told and not _covers(windows):
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


def _covers(windows: list[DayWindow]) -> bool:
    pieces = sorted(
        piece
        for window in windows
        for piece in (
            [(window.start, window.end)] if window.start < window.end else [(window.start, 24 * 3600), (0, window.end)]
        )
    )
    for start, end in _NIGHT:
        at = start
        for low, high in pieces:
            if low <= at:
                at = max(at, high)
        if at < end:
            return False
    return True
