"""Channels and messages: what a send costs, and which fields its text needs."""

from attrs import evolve

from wakeup.compile.frame import used
from wakeup.lang import offers
from wakeup.lang.checked import Checked, Declared
from wakeup.lang.values import Price, Rate, Wording
from wakeup.plan import template
from wakeup.plan.model import Channel, Message, Plan, Quiet, Variant
from wakeup.plan.predicates import EVERYONE


def channels(checked: Checked, plan: Plan) -> Plan:
    """The channels that are used."""
    names = used(checked).channels
    return evolve(plan, channels=tuple(_channel(each) for each in checked.of("channel") if each.name in names))


def _channel(declared: Declared) -> Channel:
    price = declared.get("cost", Price) or Price(0, per_part=False)
    rate = declared.get("rate", Rate) or Rate(0, 1)
    return Channel(
        name=declared.name,
        channel_kind=declared.get("kind", str) or "",
        cost_micros=price.micros,
        cost_per_part=price.per_part,
        rate=rate.count,
        rate_seconds=rate.seconds,
        quiet=declared.get("quiet", Quiet),
        staff=declared.get("staff", str) or "",
        line=declared.get("line", str) or "",
    )


def messages(checked: Checked, plan: Plan) -> Plan:
    """The messages that are sent, as such or as a fallback."""
    names = used(checked).messages
    by_name = {channel.name: channel for channel in plan.channels}
    found = (each for each in checked.of("message") if each.name in names)
    return evolve(plan, messages=tuple(_message(checked, each, by_name) for each in found))


def _message(checked: Checked, declared: Declared, by_name: dict[str, Channel]) -> Message:
    channel = by_name[declared.get("via", str) or ""]
    told = offers.wordings(checked, declared.name)
    *variants, base = (_rendered(each, channel, told) for each in declared.texts())
    return Message(
        name=declared.name,
        channel=channel.name,
        text=base.text,
        cost_micros=base.cost_micros,
        parts=base.parts,
        fallback=declared.get("else", str) or "",
        staff=declared.get("staff", str) or "",
        fields=base.fields,
        variants=tuple(variants),
    )


def _rendered(wording: Wording, channel: Channel, told: tuple[str, ...]) -> Variant:
    """A text with what its longest rendering costs on a channel."""
    text = template.read(wording.text)
    parts = text.parts(told) if channel.channel_kind == "sms" else 1
    return Variant(
        match=EVERYONE if wording.match is None else wording.match,
        text=wording.text,
        cost_micros=channel.cost_micros * (parts if channel.cost_per_part else 1),
        parts=parts,
        fields=text.fields(),
    )
