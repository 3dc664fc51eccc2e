"""Budgets that add up, discounts that leave something, coupons that live long enough."""

from collections.abc import Iterator
from decimal import Decimal

from wakeup.diagnostics import Diagnostic, Label, Listed, Say, diagnostic
from wakeup.lang import clock, paths
from wakeup.lang.checked import Checked, Declared, Send
from wakeup.lang.kinds import PRICES
from wakeup.lang.offers import amount, discounts
from wakeup.lang.paths import Stop
from wakeup.lang.values import Offer, Prize
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


def _offers(checked: Checked) -> Iterator[tuple[Declared, Offer]]:
    """Every coupon and other price with each of its offers."""
    for incentive in checked.of("incentive"):
        if incentive.kind in PRICES:
            for offer in discounts(incentive):
                yield incentive, offer


def depth(checked: Checked) -> Iterator[Diagnostic]:
    """A discount is less than its threshold, and leaves more than the margin pays for."""
    margin = _margin(checked)
    for coupon, offer in _offers(checked):
        share = _share(offer)
        if share >= 1:
            yield diagnostic("WK3203", offer.span, name=coupon.name)
        elif margin is not None and share > margin:
            label = Label(checked.campaign.span("margin"), Say("the margin"))
            yield diagnostic("WK3204", offer.span, labels=(label,), name=coupon.name, share=_percent(share))


def _margin(checked: Checked) -> Decimal | None:
    """The margin that was said; without one nothing is beyond it."""
    margin = checked.campaign.get("margin", str)
    return None if margin is None else Decimal(margin)


def _percent(share: Decimal) -> str:
    return f"{(share * 100).quantize(Decimal('0.1'))}%"


def stacked(checked: Checked) -> Iterator[Diagnostic]:
    """One order takes the largest discount, and earns all points besides: together they leave the margin."""
    margin = _margin(checked)
    told: set[int] = set()
    for journey in checked.journeys if margin is not None else ():
        for path in paths.paths(checked, journey):
            held: dict[str, Decimal] = {}
            for stop, step in path.gives():
                held |= {name: share for name in step.incentives if (share := _deepest(checked, name))}
                points = [name for name in held if _is_points(checked, name)]
                best = max((held[name] for name in held if name not in points), default=Decimal(0))
                off = best + sum(held[name] for name in points)
                if margin is not None and off > margin >= max(held.values()) and stop.step.span.start not in told:
                    told.add(stop.step.span.start)
                    label = Label(checked.campaign.span("margin"), Say("the margin"))
                    names = Listed([name for name in held if name in points or held[name] == best], "and")
                    yield diagnostic("WK3210", step.span, labels=(label,), names=names, share=_percent(off))
                    break


def _deepest(checked: Checked, name: str) -> Decimal:
    """The largest share of a basket that an incentive can take; 0 for what is no price."""
    incentive = checked.one("incentive", name)
    if incentive is None or incentive.kind not in PRICES:
        return Decimal(0)
    return max((_share(offer) for offer in discounts(incentive)), default=Decimal(0))


def _is_points(checked: Checked, name: str) -> bool:
    incentive = checked.one("incentive", name)
    return incentive is not None and incentive.kind == "points"


def codes(checked: Checked) -> Iterator[Diagnostic]:
    """A coupon has a code for each that may be granted."""
    for coupon in checked.of("incentive"):
        codes, stock = coupon.get("codes", int), coupon.get("stock", int)
        if codes is not None and stock is not None and codes < stock:
            label = Label(coupon.span("stock"), Say("the stock"))
            yield diagnostic(
                "WK3211", coupon.span("codes"), labels=(label,), name=coupon.name, codes=f"{codes:_}",
                stock=f"{stock:_}",
            )  # fmt: skip


def prizes(checked: Checked) -> Iterator[Diagnostic]:
    """A line can pay every prize of a draw, and every seat of an event."""
    limits = {} if checked.budget is None else {line.name: line.limit for line in checked.budget.lines}
    for activity in checked.of("incentive"):
        key, cost, most = _most(activity)
        limit = limits.get(activity.get("line", str) or "")
        if limit is not None and cost * most > limit:
            yield diagnostic(
                "WK3212", activity.span(key), name=activity.name, cost=amount(cost * most, checked),
                line=activity.get("line", str), limit=amount(limit, checked),
            )  # fmt: skip


def _most(activity: Declared) -> tuple[str, int, int]:
    """What bounds the cost of an activity: the key, minor units of one, and how many at most."""
    prize = activity.get("prize", Prize)
    if prize is not None:
        return "count", prize.cost, activity.get("count", int) or 0
    key = "seats" if activity.kind == "event" else "places"
    return key, activity.get("cost", int) or 0, activity.get(key, int) or 0


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
                    if coupon is not None and coupon.kind in ("coupon", "member_price", "points"):
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
        label = Label(before.step.span, Say("granted here"))
        days = f"{(stop.early - before.late) / clock.DAY:g}"
        yield diagnostic("WK3205", send.span, labels=(label,), name=coupon.name, days=days)


def _in_time(checked: Checked, coupon: Declared, stop: Stop, first: int) -> Iterator[Diagnostic]:
    periods = _periods(coupon)
    if periods and first + stop.early + min(map(clock.shortest, periods)) > checked.run.end:
        yield diagnostic("WK3206", stop.step.span, name=coupon.name)
