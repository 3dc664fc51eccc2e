"""A small campaign and hand-made rows: six customers, two days, everything in round numbers."""

from collections.abc import Sequence

import numpy as np
from attrs import evolve

from wakeup.customers.population import Population
from wakeup.figures.events import Closing, EventBatch, Membership, Part, one_part
from wakeup.figures.tally import Tally
from wakeup.figures.totals import Totals
from wakeup.plan.model import (
    AmountOff,
    Arm,
    Attribution,
    Band,
    Budget,
    Channel,
    Coupon,
    Elapsed,
    Expectation,
    FixedCost,
    Gift,
    Goal,
    Journey,
    Line,
    Message,
    Plan,
    Promotion,
    Rung,
    Send,
    Service,
    Split,
    Tier,
    Wave,
)
from wakeup.plan.predicates import EVERYONE
from wakeup.terms.lists import Reason, Row

HOUR, DAY = 3600, 86_400
START = 1_788_192_000  # 2026-08-31 16:00 UTC: midnight of 2026-09-01 in Shanghai
END = START + 2 * DAY

PLAN = Plan(
    name="small",
    title="",
    doc="",
    currency="CNY",
    minor_digits=2,
    zone="Asia/Shanghai",
    start=START,
    end=END,
    audience=EVERYONE,
    holdout="0.2",
    holdout_salt="h",
    awake=("order", "claim"),
    margin="0.55",
    budget=Budget(1_000_000, (Line("promotion", 500_000), Line("gifts", 100_000)), "promotion"),
    attribution=Attribution("last_touch", DAY),
    journeys=(
        Journey(
            "main",
            EVERYONE,
            Wave(START),
            (
                Split("ab", "s", (Arm("a", "0", "0.5", 1), Arm("b", "0.5", "1", 2))),
                Send("first", "hello", ("coupon",)),
                Send("second", "nudge"),
            ),
        ),
        Journey("other", EVERYONE, Wave(START), (Send("first", "hello"),)),
    ),
    follow_up=60 * DAY,
    tiers=(Tier("value", "average_order_value", "money", (Band("high", 10_000), Band("low", None, 10_000))),),
    channels=(Channel("sms", "sms"), Channel("popup", "push", line="gifts")),
    messages=(Message("hello", "sms", "", cost_micros=45_000), Message("nudge", "popup", "", cost_micros=5_000)),
    incentives=(
        Coupon("coupon", "", (Rung(AmountOff(5_000, 15_000), Elapsed(DAY)),), "promotion"),
        Gift("gift", "", 1_800, Elapsed(DAY), "gifts"),
        Service("service", "", 3_500, Elapsed(DAY)),
    ),
    costs=(FixedCost("materials", 10_000, "gifts", START),),
    promotions=(Promotion("main", "ab", "wake_rate", HOUR, "0.9"),),
    goals=(Goal("wake_rate", ">=", "0.5", "share", "wake_rate >= 50%"),),
    expectations=(
        Expectation("incremental_profit", ">=", "0", "money", "incremental_profit >= 0", sure="0.8"),
        Expectation("touches_per_person", "<=", "2", "ratio", "at most 2 a day", always=True, per=DAY),
    ),
)

N = 6
PEOPLE = Population(
    key=np.arange(1, N + 1, dtype=np.uint64),
    ids=np.array([f"c{i}" for i in range(N)], dtype=object),
    as_of=START,
    first_order=np.full(N, START - 400 * DAY),
    last_order=np.full(N, START - 200 * DAY),
    last_interaction=np.full(N, START - 200 * DAY),
    orders=np.array([2, 2, 1, 0, 1, 1], np.int32),
    monetary=np.array([40_001, 20_000, 9_000, 0, 9_000, 12_000]),
    average_order_value=np.array([20_001, 10_000, 9_000, 0, 9_000, 12_000]),
    gap=np.full(N, np.nan, np.float32),
    consents={},
    tags={},
    fields={},
)

# 0, 1: main, high. 2: main, low. 3: other, in no band. 4: main, low, held out. 5: in no journey.
MEMBERS = Membership(
    journey=np.array([0, 0, 0, 1, 0, -1], np.int16),
    held_out=np.array([False, False, False, False, True, False]),
    wave=np.zeros(N, np.int32),
    entry=np.full(N, START),
    bands=(np.array([0, 0, 1, -1, 1, 0], np.int8),),
    eligible=6,
    no_journey=1,
    orders=PEOPLE.orders,
    monetary=PEOPLE.monetary,
)

CLOSING = Closing(reserved=(("promotion", 5_000),), promoted=(("main/ab", "a"),), tripped=(("spending", "", START),))


def rows(row: Row, *given: tuple[int, int], **columns: int) -> EventBatch:
    """Rows of (person, seconds after the start); the other columns are the same for all."""
    n = len(given)

    def column(name: str, kind: type[np.generic], default: int = -1) -> np.ndarray:
        return np.full(n, columns.get(name, default), kind)

    return EventBatch(
        row=row,
        who=np.array([who for who, _ in given], np.int32),
        t=np.array([START + after for _, after in given], np.int64),
        step=column("step", np.int16),
        message=column("message", np.int16),
        incentive=column("incentive", np.int16),
        occurrence=column("occurrence", np.int16, 0),
        reason=column("reason", np.uint8, 0),
        arm=column("arm", np.int16),
        amount=column("amount", np.int64, 0),
        subsidised=column("subsidised", np.bool_, 0),
    )


HELLO, NUDGE = 0, 1
COUPON, GIFT, SERVICE = 0, 1, 2

BATCHES = (
    rows(Row.ENTERED, (0, 0), (1, 0), (2, 0)),
    rows(Row.NOT_ENTERED, (3, 0)),
    rows(Row.ASSIGNED, (0, 0), step=0, arm=0),
    # The first assignment is at 0, judged an hour later: who is assigned in that very second comes after it.
    rows(Row.ASSIGNED, (1, HOUR - 1), step=0, arm=1),
    rows(Row.ASSIGNED, (2, HOUR), step=0, arm=0),
    rows(Row.SENT, (0, 10), (1, 10), (1, DAY + 9), message=HELLO, step=1),
    rows(Row.SENT, (1, DAY + 10), (2, 20), message=NUDGE, step=2),
    rows(Row.GRANTED, (0, 10), (1, 10), (1, DAY + 9), message=HELLO, incentive=COUPON),
    rows(Row.GRANTED, (2, 20), message=NUDGE, incentive=GIFT),
    rows(Row.DELIVERED, (0, 10), (1, 10), message=HELLO),
    rows(Row.DELIVERED, (2, 20), message=NUDGE),
    rows(Row.OPENED, (0, 20), (1, 30), message=HELLO),
    rows(Row.CLICKED, (0, 30), message=HELLO),
    rows(Row.COMPLAINED, (1, 40), message=HELLO),
    rows(Row.OPTED_OUT, (2, 60), message=NUDGE),
    rows(Row.CLAIMED, (2, 50), incentive=GIFT),
    rows(Row.GIFTED, (2, 50), incentive=GIFT, amount=1_800),
    rows(Row.SERVED, (2, 55), incentive=SERVICE, amount=3_500),
    # Person 0 buys twice inside the run, once with the coupon, and once after it, in another month.
    rows(Row.ORDERED, (0, 100), amount=30_000),
    rows(Row.ORDERED, (0, DAY + 100), (1, 2 * DAY - 1), amount=20_000),
    rows(Row.ORDERED, (0, 35 * DAY), amount=7_000),
    rows(Row.REDEEMED, (0, 100), incentive=COUPON, amount=5_000, subsidised=1),
    # The coupon of person 1 is redeemed in the first second after the run.
    rows(Row.ORDERED, (1, 2 * DAY), amount=16_000),
    rows(Row.REDEEMED, (1, 2 * DAY), incentive=COUPON, amount=5_000),
    rows(Row.ORDERED, (4, 500), amount=9_100),
    rows(Row.REFUSED, (2, 70), message=HELLO, step=1, reason=Reason.CAP),
    rows(Row.REFUSED, (0, 70), (1, 70), message=HELLO, step=1, reason=Reason.BUDGET),
    rows(Row.DELAYED, (1, 5), message=HELLO, step=1, reason=Reason.QUIET),
    rows(Row.LAPSED, (1, 2 * DAY + 9), incentive=COUPON),
    rows(Row.EXITED, (0, 100)),
    rows(Row.ENDED, (2, 2 * DAY)),
)

TWINS = ((0, 200, 30_000), (0, 40 * DAY, 6_000), (4, 500, 9_100))


def cut(batch: EventBatch, first: int, last: int) -> EventBatch:
    """Rows [first, last) of a batch."""
    names = ("who", "t", "step", "message", "incentive", "occurrence", "reason", "arm", "amount", "subsidised")
    return evolve(batch, **{name: getattr(batch, name)[first:last] for name in names})


def part(batches: Sequence[EventBatch] = BATCHES, twins: Sequence[tuple[int, int, int]] = TWINS) -> Part:
    """Everybody in one part."""
    who, after, amount = (np.array([each[column] for each in twins], np.int64) for column in range(3))
    return one_part(PEOPLE, MEMBERS, batches, (who.astype(np.int32), START + after, amount))


def totals(plan: Plan = PLAN, batches: tuple[EventBatch, ...] = BATCHES, closing: Closing = CLOSING) -> Totals:
    """The sums of the hand-made replication."""
    tally = Tally(plan)
    tally.begin()
    tally.add(part(batches))
    tally.close(closing)
    return tally.totals()
