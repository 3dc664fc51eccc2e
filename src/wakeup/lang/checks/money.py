"""Budgets that add up, discounts that leave something, coupons that live long enough."""

from collections.abc import Iterator
from decimal import Decimal

from wakeup.diagnostics import Diagnostic, Label, diagnostic
from wakeup.lang import clock, paths
from wakeup.lang.checked import Checked, Declared, Send
from wakeup.lang.offers import amount, discounts
from wakeup.lang.paths import Stop
from wakeup.lang.values import Offer
from wakeup.plan.model import AmountOff, Elapsed, Months, Period


def budget(checked: Checked) -> Iterator[Diagnostic]:
    """The lines of a budget add up to its total."""
    budget = checked.budget
    if budget is None or not budget.whole or not budget.lines:
        return
    total = sum(line.limit for line in budget.lines)
    if total != budget.total:
        yield diagnostic(
            "WK3202", budget.span, total=amount(budget.total, checked), lines=amount(total, checked),
            difference=amount(abs(budget.total - total), checked),
        )  # fmt: skip


def costs(checked: Checked) -> Iterator[Diagnostic]:
    """What is paid from a line for certain does not exceed it."""
    booked: dict[str, int] = {}
    for cost in checked.of("cost"):
        name = cost.get("line", str) or ""
        booked[name] = booked.get(name, 0) + (cost.get("amount", int) or 0)
    for line in () if checked.budget is None else checked.budget.lines:
        if booked.get(line.name, 0) > line.limit:
            yield diagnostic(
                "WK3209", line.span, name=line.name, costs=amount(booked[line.name], checked),
                limit=amount(line.limit, checked),
            )  # fmt: skip


def _coupons(checked: Checked) -> Iterator[tuple[Declared, Offer]]:
    """Every coupon with each of its offers."""
    for incentive in checked.of("incentive"):
        if incentive.kind == "coupon":
            for offer in discounts(incentive):
                yield incentive, offer


def depth(checked: Checked) -> Iterator[Diagnostic]:
    """A discount is less than its threshold, and leaves more than the margin pays for."""
    margin = checked.campaign.get("margin", str)
    for coupon, offer in _coupons(checked):
        share = _share(offer)
        if share >= 1:
            yield diagnostic("WK3203", offer.span, name=coupon.name)
        elif margin is not None and share > Decimal(margin):
            label = Label(checked.campaign.span("margin"), "the margin")
            told = f"{(share * 100).quantize(Decimal('0.1'))}%"
            yield diagnostic("WK3204", offer.span, labels=(label,), name=coupon.name, share=told)


def _share(offer: Offer) -> Decimal:
    """The largest share of the basket that the discount can take."""
    if isinstance(offer.discount, AmountOff):
        threshold = offer.discount.threshold
        return Decimal(offer.discount.amount) / threshold if threshold else Decimal(1)
    return Decimal(offer.discount.share)


def margin(checked: Checked) -> Iterator[Diagnostic]:
    """Without a margin every figure of profit takes revenue for profit."""
    if checked.campaign.entity.decl.prop("margin") is None:
        yield diagnostic("WK3208", checked.campaign.entity.span)


# --- validity --------------------------------------------------------------------------------------------------------


def validity(checked: Checked) -> Iterator[Diagnostic]:
    """A coupon lives until the message that reminds of it, and is granted early enough to be used in the run."""
    for journey in checked.journeys:
        if not journey.whole:
            continue
        for path in paths.paths(checked, journey):
            shown: dict[str, Stop] = {}
            for stop, send in path.sends():
                for name in send.incentives:
                    coupon = checked.one("incentive", name)
                    if coupon is not None and coupon.kind == "coupon":
                        yield from _reminded(coupon, shown.get(name), stop, send)
                        yield from _in_time(checked, coupon, stop, paths.entry(checked, journey))
                        shown[name] = stop


def _periods(coupon: Declared) -> list[Period]:
    common = coupon.get("valid", Elapsed) or coupon.get("valid", Months)
    found = [offer.valid or common for offer in discounts(coupon)]
    return [period for period in found if period is not None]


def _reminded(coupon: Declared, before: Stop | None, stop: Stop, send: Send) -> Iterator[Diagnostic]:
    periods = _periods(coupon)
    if before is None or not periods:
        return
    if stop.early - before.late >= max(map(clock.longest, periods)) and stop.early > before.early:
        label = Label(before.step.span, "granted here")
        days = f"{(stop.early - before.late) / clock.DAY:g}"
        yield diagnostic("WK3205", send.span, labels=(label,), name=coupon.name, days=days)


def _in_time(checked: Checked, coupon: Declared, stop: Stop, first: int) -> Iterator[Diagnostic]:
    periods = _periods(coupon)
    if periods and first + stop.early + min(map(clock.shortest, periods)) > checked.run.end:
        yield diagnostic("WK3206", stop.step.span, name=coupon.name)
