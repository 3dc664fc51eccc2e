"""A plan with a channel of each kind and an incentive of each kind, and people of every sort."""

import numpy as np
from attrs import evolve

from wakeup.behaviour import DefaultBehaviour, DefaultModel, Offer, State
from wakeup.customers.population import NEVER, Population
from wakeup.plan.model import (
    Activity,
    AmountOff,
    Assumption,
    Attribution,
    Channel,
    Coupon,
    DayWindow,
    Elapsed,
    Gift,
    Message,
    Months,
    PercentOff,
    Plan,
    Rung,
    Scenario,
    Service,
    Staff,
)
from wakeup.plan.predicates import EVERYONE
from wakeup.terms.behaviour import parameters
from wakeup.terms.lists import ChannelKind

DAY = 86_400
START = 1_790_000_000
WEEK = Elapsed(7 * DAY)
KINDS = tuple(ChannelKind)
EMAIL, SMS = KINDS.index(ChannelKind.EMAIL), KINDS.index(ChannelKind.SMS)
COUPON, GIFT, SERVICE, CHALLENGE, FLASH, MEMBER, POINTS, CONTENT, MEMBERSHIP, DRAW, SURVEY, EVENT, COMMUNITY = range(13)
PRICES = (COUPON, FLASH, MEMBER, POINTS)

PLAN = Plan(
    name="shop",
    title="",
    doc="",
    currency="CNY",
    minor_digits=2,
    zone="Asia/Shanghai",
    start=START,
    end=START + 60 * DAY,
    audience=EVERYONE,
    holdout="0",
    holdout_salt="",
    awake=("order",),
    margin="0.5",
    budget=None,
    attribution=Attribution("last_touch", 7 * DAY),
    journeys=(),
    channels=tuple(Channel(f"cn.{kind}", kind) for kind in KINDS),
    messages=tuple(Message(f"by_{kind}", f"cn.{kind}", "text") for kind in KINDS),
    incentives=(
        Coupon("c20", "", (Rung(AmountOff(2_000, 10_000), WEEK),)),
        Gift("kit", "", 1_800, WEEK),
        Service("advice", "", 3_500, WEEK, staff="advisors"),
        Activity("three_days", "", "check_in", 3, "c20", WEEK),
        Coupon(
            "night",
            "",
            (Rung(PercentOff("0.3"), WEEK),),
            opens=START + 2 * DAY,
            closes=START + 3 * DAY,
            kind="flash_price",
        ),
        Coupon("vip", "", (Rung(PercentOff("0.1"), WEEK),), reusable=True, kind="member_price"),
        Coupon("triple", "", (Rung(PercentOff("0.02"), WEEK),), reusable=True, rebate=True, kind="points"),
        Gift("guide", "", 0, WEEK, kind="content"),
        Gift("half_year", "", 1_200, WEEK, bond=Months(6), kind="membership"),
        Activity("lucky", "", "", 1, "", WEEK, odds="0.02", wins=500, cost=20_000, kind="draw"),
        Activity("how", "", "", 1, "c20", WEEK, kind="survey"),
        Activity("tea", "", "", 1, "", WEEK, places=80, at=START + 5 * DAY, cost=5_000, kind="event"),
        Activity("club", "", "", 1, "", WEEK, bond=Months(12), kind="community"),
    ),
    staff=(Staff("advisors", 20, 600, DayWindow(0, DAY)),),
)
"""Message i goes over the channel of kind i."""


def population(count: int, *, days: float | None = None, orders: int | None = None, seed: int = 1) -> Population:
    """`count` people, all dormant for `days` with `orders`; by default of every sort, some never ordered."""
    rng = np.random.default_rng(seed)
    dormant = np.exp(rng.uniform(0, 7, count)) if days is None else np.full(count, days)
    number = rng.integers(0, 12, count).astype(np.int32) if orders is None else np.full(count, orders, np.int32)
    last = np.where(number > 0, START - (dormant * DAY).astype(np.int64), NEVER)
    value = np.where(number > 0, rng.integers(0, 30_000, count) if orders is None else 10_000, 0).astype(np.int64)
    gap = np.where(number > 1, rng.uniform(1, 300, count), np.nan).astype(np.float32)
    return Population(
        key=np.sort(rng.integers(0, 2**64, count, dtype=np.uint64)),
        ids=np.array([""] * count, object),
        as_of=START,
        first_order=last,
        last_order=last,
        last_interaction=last,
        orders=number,
        monetary=value * number,
        average_order_value=value,
        gap=gap,
        consents={},
        tags={},
        fields={},
    )


def everybody(people: Population) -> np.ndarray:
    return np.arange(len(people), dtype=np.int32)


def given(parameter: str, value: float, scope: str = "") -> Assumption:
    return Assumption(parameter, scope, value, 0.0, parameters()[parameter].link, "a test", "given")


def model(
    people: Population, *rows: Assumption, seed: int = 1, replication: int = 0, scenario: Scenario | None = None
) -> DefaultModel:
    plan = evolve(PLAN, assumptions=rows)
    return DefaultBehaviour().model(plan, people, seed, replication, scenario)


def state(
    people: Population, pressure: float = 0.0, *, bonded: bool = False, matched: bool = False, band: int = -1
) -> State:
    count = len(people)
    return State(
        people.last_order,
        people.orders,
        np.full(count, pressure),
        bonded=np.full(count, bonded),
        matched=np.full(count, matched),
        bands=np.full((count, len(PLAN.tiers)), band, np.int8),
    )


def offer(incentive: int, count: int, amount: int = 2_000, threshold: int = 10_000, days: float = 7) -> Offer:
    coupon = incentive in PRICES
    return Offer(
        incentive,
        np.full(count, amount if coupon else 0),
        np.full(count, threshold if coupon else 0),
        np.full(count, START + int(days * DAY)),
        np.zeros(count, np.bool_),
    )
