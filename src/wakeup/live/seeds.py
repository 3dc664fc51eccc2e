"""A seed list: every message to one's own people before anybody else, marked as a test; nothing counts."""

import os
from collections.abc import Iterator, Mapping, Sequence

from attrs import evolve, frozen

from wakeup.channels.protocol import Adapter, Offered, Report, Request, Secret, Verdict
from wakeup.decide.calendar import DAY
from wakeup.live.preview import SAMPLE_CODE
from wakeup.live.requests import Carried, told_settings
from wakeup.live.texts import Filling, fill, variables
from wakeup.plan.model import Message, Plan, Send

MARK = "[TEST] "
"""Before the text and the subject of a test message."""


@frozen
class Tested:
    """What became of one message to one of the seeds: the message, the wording (-1: its own), the place of the seed in
    the list from 0, the report."""

    message: str
    variant: int
    seed: int
    report: Report


def test_sends(
    plan: Plan,
    seeds: Sequence[Mapping[str, str]],
    channels: Mapping[str, Adapter],
    carried: Mapping[str, Carried],
    now: int,
) -> Iterator[Tested]:
    """Send every wording of every message to every seed who has an address for its channel; yield what became of it.

    seeds: what the list says of each, by sort of address and by name, as `customers.addresses` reads it. A variable of
    which the list knows nothing shows its own name in brackets.
    """
    for message in plan.messages:
        way = carried[message.channel]
        for variant, text in enumerate(each.text for each in message.variants):
            yield from _to_all(plan, message, variant, text, seeds, channels[message.channel], way, now)
        yield from _to_all(plan, message, -1, message.text, seeds, channels[message.channel], way, now)


def _to_all(
    plan: Plan,
    message: Message,
    variant: int,
    text: str,
    seeds: Sequence[Mapping[str, str]],
    adapter: Adapter,
    way: Carried,
    now: int,
) -> Iterator[Tested]:
    offers = _offers(plan, message.name, now)
    for place, seed in enumerate(seeds):
        address = seed.get(way.address, "") if way.address else ""
        if way.address and not address:
            yield Tested(message.name, variant, place, Report("", Verdict.BAD_ADDRESS, code="no_address"))
            continue
        request = _request(plan, message, text, seed, Secret(address), way, offers, now)
        yield Tested(message.name, variant, place, adapter.send([request])[0])


def _request(
    plan: Plan,
    message: Message,
    text: str,
    seed: Mapping[str, str],
    address: Secret,
    way: Carried,
    offers: tuple[Offered, ...],
    now: int,
) -> Request:
    own = {each.field: f"[{each.name}]" for each in variables(text).variables if each.field is not None}
    filling = Filling(
        plan=plan, t=now, zone=plan.zone, last_order=now - 100 * DAY, orders=1, fields={**own, **seed},
        bands=_bands(plan, offers), offers=offers,
    )  # fmt: skip
    settings = told_settings(way.messages.get(message.name, {}), evolve(filling, fields=_Anything(filling.fields)))
    subject = str(settings.pop("subject", plan.title or plan.name))
    return Request(
        ref=os.urandom(16).hex(),
        attempt=1,
        campaign=plan.name,
        message=message.name,
        address=address,
        text=MARK + fill(text, filling),
        subject=MARK + subject,
        fields=settings.pop("fields", {}),
        settings=settings,
        offers=offers,
        deadline=now + DAY,
        test=True,
    )


class _Anything(dict[str, str]):
    """Values by name; an unknown one is its own name in brackets."""

    def get(self, name: str, default: object = None) -> str:
        return dict.get(self, name) or f"[{name}]"


def _offers(plan: Plan, message: str, now: int) -> tuple[Offered, ...]:
    """What the message is first sent with, under a code that nobody can use."""
    for journey in plan.journeys:
        for each in journey.program:
            if isinstance(each, Send) and each.message == message:
                return tuple(Offered(name, SAMPLE_CODE, now + 7 * DAY) for name in each.incentives)
    return ()


def _bands(plan: Plan, offers: Sequence[Offered]) -> Mapping[str, str]:
    """The bands in which the first coupon shown has a rung: its own first."""
    for incentive in plan.incentives:
        if incentive.kind == "coupon" and any(each.incentive == incentive.name for each in offers):
            return {rung.tier: rung.band for rung in incentive.rungs[:1] if rung.tier}
    return {}
