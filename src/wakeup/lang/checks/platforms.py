"""What each kind of channel allows, by the rules of its platform: how often, at what hours, with which texts."""

import re
from collections.abc import Iterator
from typing import Final

from wakeup.diagnostics import Diagnostic, Label, Say, Typed, Word, diagnostic
from wakeup.lang import clock, paths
from wakeup.lang.checked import Checked, Declared, Send, walk
from wakeup.lang.checks.hours import Hours, covered
from wakeup.lang.values import Limit
from wakeup.plan import template
from wakeup.plan.model import Calendar, Quiet
from wakeup.terms.lists import ChannelKind
from wakeup.terms.variables import ENGINE_VARIABLES

MAINLAND: Final = frozenset({"Asia/Shanghai", "Asia/Urumqi", "Asia/Chongqing", "Asia/Harbin", "PRC"})
"""Zones of mainland China, whose operators' rules for text messages hold."""

NIGHT: Final[Hours] = ((21 * 3600, 24 * 3600), (0, 8 * 3600))
"""Hours in which nobody is called with an offer: the window of the United States' TCPA, stricter than most."""

PLATFORM_CAPS: Final = {
    ChannelKind.SERVICE_ACCOUNT: (4, "month"),
    ChannelKind.WECOM: (1, "day"),
}
"""Kind -> how many messages its platform delivers to one person in which part of the calendar at most: four broadcasts
of a service account to a follower in a month; one mass message of WeCom a day (what is above it is not delivered)."""

_SHOWN: Final = {(4, "month"): Typed("4 per calendar month"), (1, "day"): Typed("1 per calendar day")}

_URL: Final = re.compile(r"url|link|https?:|网址|链接", re.IGNORECASE)
_PUBLIC: Final = (ChannelKind.SOCIAL, ChannelKind.SEARCH_AD, ChannelKind.PARTNER, ChannelKind.COMMUNITY)
"""Kinds whose texts others than the customer see."""

_DAYS: Final = {"day": 1, "week": 7, "month": 28}


def limits(checked: Checked) -> Iterator[Diagnostic]:
    """Where a platform delivers so many messages a month, the campaign keeps to it by a cap of its own."""
    for channel in _used(checked):
        allowed = PLATFORM_CAPS.get(ChannelKind(channel.get("kind", str) or ChannelKind.SMS))
        unread = channel.get("cap", tuple) is None and channel.entity.decl.prop("cap") is not None
        if allowed is None or unread or any(_keeps(limit, allowed) for limit in _limits(checked, channel)):
            continue
        if not (allowed == (1, "day") and checked.gap >= clock.DAY):
            kind = Word(channel.get("kind", str) or "")
            yield diagnostic("WK4009", channel.entity.span, channel=channel.name, kind=kind, cap=_SHOWN[allowed])


def _limits(checked: Checked, channel: Declared) -> Iterator[Limit]:
    yield from (each for each in checked.caps if not each.tier and each.channel in ("", channel.name))
    yield from (each for each in channel.get("cap", tuple) or () if isinstance(each, Limit))


def _keeps(limit: Limit, allowed: tuple[int, str]) -> bool:
    count, unit = allowed
    window = limit.window
    width = _DAYS[window.unit] if isinstance(window, Calendar) else window.seconds / clock.DAY
    return limit.count <= count and width >= _DAYS[unit]


def permissions(checked: Checked) -> Iterator[Diagnostic]:
    """A subscription message spends a permission; the next needs a visit to the mini program that brings another."""
    told: set[int] = set()
    for journey in checked.journeys:
        for path in paths.paths(checked, journey):
            spent: Send | None = None
            for _, send in path.sends():
                kind = _kind(checked, send)
                if kind == ChannelKind.MINI_PROGRAM:
                    spent = None
                elif kind == ChannelKind.MINI_SUBSCRIBE and spent is not None and send.span.start not in told:
                    told.add(send.span.start)
                    label = Label(spent.span, Say("this one spends the permission"))
                    yield diagnostic("WK4010", send.span, labels=(label,), name=send.message)
                elif kind == ChannelKind.MINI_SUBSCRIBE:
                    spent = send


def _kind(checked: Checked, send: Send) -> str | None:
    message = checked.one("message", send.message)
    channel = None if message is None else checked.channel_of(message)
    return None if channel is None else channel.get("kind", str)


def links(checked: Checked) -> Iterator[Diagnostic]:
    """In mainland China no variable of a text message may hold an address of the web."""
    if checked.zone.key not in MAINLAND:
        return
    for message, channel in _messages(checked):
        if channel.get("kind", str) != ChannelKind.SMS:
            continue
        for text in message.texts():
            for variable in template.read(text.text).variables:
                if _URL.search(variable.name) or _URL.search(variable.default or ""):
                    yield diagnostic("WK4011", text.span, name=variable.name)


def calls(checked: Checked) -> Iterator[Diagnostic]:
    """Nobody is called at night."""
    for channel in _used(checked):
        own = channel.get("quiet", Quiet)
        windows = [each.window for each in (*checked.quiet, *((own,) if own is not None else ()))]
        if channel.get("kind", str) == ChannelKind.PHONE and not covered(windows, NIGHT):
            yield diagnostic("WK4012", channel.entity.span, channel=channel.name)


def public(checked: Checked) -> Iterator[Diagnostic]:
    """A text that others see says nothing of one customer."""
    for message, channel in _messages(checked):
        if channel.get("kind", str) not in _PUBLIC:
            continue
        goes = Say("`{message}` goes by {channel}", message=message.name, channel=channel.name)
        label = Label(message.entity.span, goes)
        for text in message.texts():
            for variable in template.read(text.text).variables:
                if variable.known and variable.name not in _ANYBODYS:
                    yield diagnostic("WK4013", text.span, labels=(label,), name=variable.name, channel=channel.name)


_ANYBODYS: Final = frozenset(ENGINE_VARIABLES) - {"days_since_order", "orders", "code"}


def _used(checked: Checked) -> tuple[Declared, ...]:
    """The channels that journeys send by, each once."""
    found = {channel.name: channel for _, channel in _messages(checked)}
    return tuple(found.values())


def _messages(checked: Checked) -> Iterator[tuple[Declared, Declared]]:
    """The messages that journeys send, each once, with their channels."""
    told: set[str] = set()
    for journey in checked.journeys:
        for step in walk(journey.steps):
            for message in checked.chain(step.message) if isinstance(step, Send) else ():
                channel = checked.channel_of(message)
                if channel is not None and message.name not in told:
                    told.add(message.name)
                    yield message, channel
