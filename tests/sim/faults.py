"""Faults that somebody could make in the array simulator, each of which the motifs must show."""

from typing import Final

from tests.sim.planting import Fault

FAULTS: Final = (
    Fault(
        "a rolling cap counts the send of a whole window ago", "18", "asking",
        "return t - (window.seconds - 1)", "return t - window.seconds",
        ("cap rolling",),
    ),
    Fault(
        "calendar caps look at the campaign's zone", "18", "asking",
        "return block.stage.zones.each(block.places(rows), t, lambda zone, at: zone.window_start(at, unit))",
        "return block.stage.zone.window_start(t, unit)",
        ("cap day", "cap week", "cap month"),
    ),
    Fault(
        "a cap of one channel counts for all", "18", "asking",
        "if cap.channel and stage.book.channel[cap.channel] != asking.channel:", "if False:",
        ("cap week",),
    ),
    Fault(
        "the gap is a second short", "18", "asking",
        "asking.block.columns.last_send.take(asking.rows) + gap",
        "asking.block.columns.last_send.take(asking.rows) + gap - 1",
        ("gap sent",),
    ),
    Fault(
        "quiet hours end a second late", "19", "asking",
        "Reason.QUIET, end if quiet.delay else None", "Reason.QUIET, end + 1 if quiet.delay else None",
        ("quiet sent",),
    ),
    Fault(
        "quiet hours are those of the campaign's zone", "19", "asking",
        "end = zones.each(people, asking.t, lambda zone, at: zone.window_end(at, quiet.window))",
        "end = asking.block.stage.zone.window_end(asking.t, quiet.window)",
        ("quiet in spring, own zones", "quiet in autumn, own zones"),
    ),
    Fault(
        "an outage does not hold in its first second", "20", "asking",
        "down = (t >= trouble.start) & (t < trouble.end)", "down = (t > trouble.start) & (t < trouble.end)",
        ("outage sent",),
    ),
    Fault(
        "a place in a rate leaves one free", "21", "rate",
        "places[index] = rank + np.maximum(", "places[index] = rank + 1 + np.maximum(",
        ("dry rate",),
    ),
    Fault(
        "an opt-out does not hold in its own second", "15", "asking",
        "columns.silenced[heard].take(asking.rows) <= asking.t",
        "columns.silenced[heard].take(asking.rows) < asking.t",
        ("same second",),
    ),
    Fault(
        "whoever opts out of a channel opts out of the first", "36", "asking",
        "columns.silenced[heard].take(asking.rows)", "columns.silenced[0].take(asking.rows)",
        ("addressed", "promotion"),
    ),
    Fault(
        "a complaint is heard on one channel only", "15", "sending",
        "for silenced in c.silenced:", "for silenced in c.silenced[:1]:",
        ("addressed", "promotion"),
    ),
    Fault(
        "caps that touches before the run do not fill are not asked", "18", "book",
        "return past + max(*sends, 1) - 1", "return past",
        ("chained fallbacks", "cap rolling"),
    ),
    Fault(
        "caps forget the sends of their journey", "18", "book",
        "self.common is not None or any(isinstance(each, Send) for each in rest)", "False",
        ("cap rolling", "cap day"),
    ),
    Fault(
        "what comes after the last send does not feel it", "25", "sending",
        "if later or stage.book.prompting:", "if later:",
        ("offer service", "offer challenge", "offer event"),
    ),
    Fault(
        "only guards look at costs", "47", "book",
        "return self.plan.budget is not None or bool(self.plan.guards)", "return bool(self.plan.guards)",
        ("dry total",),
    ),
    Fault(
        "the second time a message is sent counts as the first", "6", "sending",
        "occurrence[:] = sent.take(rows)", "occurrence[:] = 0",
        ("chained fallbacks", "cap day"),
    ),
    Fault(
        "a send expires by its last release, not its first", "26", "sending",
        "expiry = first_due + each.expires", "expiry = t + each.expires",
        ("gap too long", "quiet too long"),
    ),
    Fault(
        "a delay to the very moment of expiry still holds", "26", "sending",
        "held = queued | delayed & (until < end) & (until < expiry)",
        "held = queued | delayed & (until < end) & (until <= expiry)",
        ("outage expired", "gap expired"),
    ),
    Fault(
        "the first message is refused for the fallback's reason", "27", "sending",
        "outcome.refused[places, 0] = outcome.reason[places]", "outcome.refused[places, 0] = spare.reason[stands]",
        ("chained fallbacks",),
    ),
    Fault(
        "a hold gives way to a fallback that does not send", "27", "sending",
        "stands = (spare.sends | stuck | (outcome.held_until[tries] == FAR))",
        "stands = (spare.sends | stuck | (outcome.held_until[tries] <= FAR))",
        ("outage fallback at release", "rate fallback at release"),
    ),
    Fault(
        "stock is counted a second late", "17", "grants",
        "supply[incentive].change(block.at(rows, t, phase), 1)",
        "supply[incentive].change(block.at(rows, t + 1, phase), 1)",
        ("dry stock", "dry codes"),
    ),
    Fault(
        "what lapses does not come back to the stock", "33", "grants",
        "block.shared.stock[incentive].change(where, -1)", "block.shared.stock[incentive].change(where, 0)",
        ("dry stock",),
    ),
    Fault(
        "a grant is live in the second of its end", "17", "grants",
        "alive: Bools = c.end[incentive].take(rows) > t", "alive: Bools = c.end[incentive].take(rows) >= t",
        ("offer coupon", "offer gift", "dry stock"),
    ),
    Fault(
        "a live grant is granted again", "17", "grants",
        "alive: Bools = c.end[incentive].take(rows) > t", "alive: Bools = c.end[incentive].take(rows) > t + 43_200",
        ("offer coupon",),
    ),
    Fault(
        "percent are rounded down", "32", "coupons",
        "(2 * self.above[rung] * value + below) // (2 * below)", "(2 * self.above[rung] * value) // (2 * below)",
        ("offer coupon", "offer member_price"),
    ),
    Fault(
        "the smallest discount is taken, not the greatest", "32", "orders",
        "(value >= threshold) & (discount > reached[1][mine])",
        "(value >= threshold) & ((discount < reached[1][mine]) | (reached[1][mine] < 0))",
        ("offer coupon", "offer member_price"),
    ),
    Fault(
        "no basket is topped up to a threshold", "32", "orders",
        "(value >= stretch * threshold)", "(value >= threshold)",
        ("offer coupon", "offer member_price"),
    ),
    Fault(
        "an organic order looks at coupons that nobody remembers", "32", "orders",
        "if len(looking):", "if False:",
        ("offer coupon", "offer flash_price"),
    ),
    Fault(
        "an order has the basket of the next one", "6", "orders",
        "stage.living.basket(who, number)", "stage.living.basket(who, number + 1)",
        ("offer coupon",),
    ),
    Fault(
        "the average order value stays as it was", "41", "orders",
        "c.average[rows] = average(spent, count)", "c.average[rows] = c.average[rows]",
        ("addressed", "dry line of faces"),
    ),
    Fault(
        "a challenge takes a day too long", "31", "activities",
        "t + (each.days - 1) * DAY", "t + each.days * DAY",
        ("offer challenge",),
    ),
    Fault(
        "the holdout has the share of another salt", "3", "people",
        "share(people.key, plan.holdout_salt)", "share(people.key, 'another')",
        ("late waves",),
    ),
    Fault(
        "waves are one person short", "4", "people",
        "firsts = np.arange(size, count, size)", "firsts = np.arange(size - 1, count, size)",
        ("late waves",),
    ),
    Fault(
        "the first of a wave comes with the one before", "4", "people",
        "count += following.take(count) <= place", "count += following.take(count) < place",
        ("late waves",),
    ),
    Fault(
        "whoever has ordered enters all the same", "7", "journey",
        "qualifies = holds(block, rows, t, stage.plan.audience)",
        "qualifies = holds(block, rows, t, stage.plan.audience) | True",
        ("late waves",),
    ),
    Fault(
        "a wait does not see that what it waits for has happened", "8", "journey",
        "until = np.where(happened[outcome], t, until)", "until = np.where(happened[outcome], until, until)",
        ("outcome claim", "waits"),
    ),
    Fault(
        "a guard waits for one event more", "37", "guards",
        "sums[guard.after_figure][scope] >= guard.after", "sums[guard.after_figure][scope] > guard.after",
        ("guard pauses to the end",),
    ),
    Fault(
        "a pause lasts a quarter of an hour longer", "37", "guards",
        "until = t + each.lasts if each.lasts else plan.end",
        "until = t + each.lasts + 900 if each.lasts else plan.end",
        ("guard pauses for a while",),
    ),
    Fault(
        "a promotion is judged a quarter of an hour late", "38", "promotions",
        "earliest = first + max(promotion.after, 1)", "earliest = first + max(promotion.after, 1) + 900",
        ("promotion",),
    ),
    Fault(
        "a permission counts from the second after its click", "80", "asking",
        "(block.columns.brought.take(asking.rows, axis=1) <= asking.t)",
        "(block.columns.brought.take(asking.rows, axis=1) < asking.t)",
        ("same second",),
    ),
    Fault(
        "those who are seated chunk by chunk get the window of the one behind them", "21", "waiting",
        "np.maximum(free, 0))[:count]",
        "np.maximum(free, 0))[1 : count + 1]",
        ("dry rate",),
    ),
    Fault(
        "a stock that one person cannot use up is taken for endless", "17", "slack",
        "each.limit < people * _pieces_at_most(plan, i)", "each.limit < _pieces_at_most(plan, i)",
        ("dry stock",),
    ),
    Fault(
        "of two things in one second the later one is played first", "3", "free",
        "for number in range(len(when) - 2, -1, -1):", "for number in range(len(when) - 1):",
        ("outcome join",),
    ),
    Fault(
        "a desk's openings are a day late", "30", "queue",
        "np.maximum(t, opens[real][np.searchsorted(closes[real], t, side=\"right\")])",
        "np.maximum(t, opens[real][np.searchsorted(closes[real], t + DAY, side=\"right\")])",
        ("dry desk for sends",),
    ),
    Fault(
        "staff are taken for enough while eight times as many are served", "30", "queue",
        "_most_at_once(starts, span) > self.people", "_most_at_once(starts, span) > 8 * self.people",
        ("dry desk for sends",),
    ),
)  # fmt: skip
