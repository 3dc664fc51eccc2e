"""Channels and messages: what a send costs, and which fields its text needs."""

from attrs import evolve

from wakeup.compile.frame import used
from wakeup.lang import offers, template
from wakeup.lang.checked import Checked, Declared
from wakeup.lang.values import Price, Rate
from wakeup.plan.model import Channel, Message, Plan, Quiet


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
        line=declared.get("line", str) or "",
    )


def messages(checked: Checked, plan: Plan) -> Plan:
    """The messages that are sent, as such or as a fallback."""
    names = used(checked).messages
    by_name = {channel.name: channel for channel in plan.channels}
    found = (each for each in checked.of("message") if each.name in names)
    return evolve(plan, messages=tuple(_message(checked, each, by_name) for each in found))


def _message(checked: Checked, declared: Declared, by_name: dict[str, Channel]) -> Message:
    text = template.read(declared.get("text", str) or "")
    channel = by_name[declared.get("via", str) or ""]
    parts = text.parts(offers.wordings(checked, declared.name)) if channel.channel_kind == "sms" else 1
    return Message(
        name=declared.name,
        channel=channel.name,
        text=text.text,
        cost_micros=channel.cost_micros * (parts if channel.cost_per_part else 1),
        parts=parts,
        fallback=declared.get("else", str) or "",
        fields=text.fields(),
    )
