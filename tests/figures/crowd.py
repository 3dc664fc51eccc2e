"""A few dozen people of the small campaign to whom anything may happen, and cuts of them into parts."""

import numpy as np
from attrs import evolve
from tests.figures.small import DAY, END, PLAN, START, rows

from wakeup.figures.events import Closing, EventBatch, Membership, Part, named
from wakeup.plan.model import Activity, Attribution, Coupon, Elapsed, Expectation, PercentOff, Plan, Rung, Variant
from wakeup.plan.predicates import EVERYONE
from wakeup.terms.lists import Reason, Row

WEEK = Elapsed(7 * DAY)
RICH = evolve(
    PLAN,
    awake=("order", "claim", "attend"),
    attribution=Attribution("linear", 3 * DAY),
    incentives=(
        *PLAN.incentives,
        Activity("tea", "", "", 1, "", WEEK, line="gifts", at=START + DAY, places=9, cost=700, kind="event"),
        Coupon("points", "", (Rung(PercentOff("0.02"), WEEK),), "promotion", reusable=True, rebate=True, kind="points"),
    ),
    messages=(evolve(PLAN.messages[0], variants=(Variant(EVERYONE, "", 90_000, 2),)), PLAN.messages[1]),
    expectations=(
        *PLAN.expectations,
        Expectation("touches_per_person", "<=", "2", "ratio", "2 an hour", always=True, per=3600),
    ),
)
"""With variants, points, an event and two windows to look at."""

UNPROMOTED = evolve(RICH, promotions=())
CLOSING = Closing(reserved=(("promotion", 5_000), ("", 7)), promoted=(("main/ab", "b"),), tripped=())


def crowd(seed: int, people: int) -> Part:
    """All that happened to so many people, each drawn at random."""
    some = np.random.default_rng(seed)
    n = people
    members = Membership(
        journey=some.integers(0, 2, n).astype(np.int16),
        held_out=some.random(n) < 0.3,
        wave=np.zeros(n, np.int32),
        entry=np.full(n, START),
        bands=(some.integers(-1, 2, n).astype(np.int8),),
        eligible=n + 4,
        no_journey=4,
        orders=some.integers(0, 4, n).astype(np.int32),
        monetary=some.integers(0, 50_000, n),
    )
    many = some.integers(0, 4 * n + 1, len(Row))
    batches = [_batch(some, row, int(m), members) for row, m in zip(Row, many, strict=True) if m]
    who = some.integers(0, n, 2 * n).astype(np.int32)
    # Some orders share their second with a coupon of the same person, as they do in a run.
    ordered, redeemed = (next((b for b in batches if b.row == row), None) for row in (Row.ORDERED, Row.REDEEMED))
    if ordered is not None and redeemed is not None:
        batches.append(evolve(ordered, who=redeemed.who, t=redeemed.t, **_of(ordered, len(redeemed.who))))
    return Part(
        people=np.sort(some.choice(10 * n, n, replace=False)).astype(np.int32),
        key=some.integers(0, 1 << 63, n).astype(np.uint64),
        named=named(np.array([f"c{i}" for i in range(n)], object)),
        membership=members,
        written=batches,
        twins=(who, START + some.integers(0, 60 * DAY, len(who)), some.integers(1, 30_000, len(who))),
    )


def _batch(some: np.random.Generator, row: Row, many: int, members: Membership) -> EventBatch:
    who = some.integers(0, len(members.journey), many).astype(np.int32)
    if row in (Row.ASSIGNED, Row.SENT, Row.DELIVERED, Row.REDEEMED):
        who = who[~members.held_out[who]]
    if row == Row.ASSIGNED:
        who = np.unique(who[members.journey[who] == 0])
    late = END + 40 * DAY if row in (Row.ORDERED, Row.REDEEMED) else END
    message = some.integers(0, 2, len(who)).astype(np.int16)
    return evolve(
        rows(row, *((0, 0) for _ in who), step=0),
        who=who,
        t=some.integers(START, late, len(who)),
        message=message,
        incentive=some.integers(0, len(RICH.incentives), len(who)).astype(np.int16),
        reason=some.integers(1, len(Reason), len(who)).astype(np.uint8),
        arm=some.integers(0, 2, len(who)).astype(np.int16) if row == Row.ASSIGNED else -(message | some.integers(0, 2)),
        amount=some.integers(0, 9_000, len(who)),
        subsidised=some.random(len(who)) < 0.5,
    )


def _of(batch: EventBatch, many: int) -> dict[str, np.ndarray]:
    names = ("step", "message", "incentive", "occurrence", "reason", "arm", "subsidised", "amount")
    return {name: np.resize(getattr(batch, name), many) for name in names}


def apart(part: Part, pile: np.ndarray) -> list[Part]:
    """The people of each pile, int (m,) from 0 on, in a part of their own; who looked at whom goes with the first."""
    return [_those(part, np.flatnonzero(pile == number), number == 0) for number in range(int(pile.max()) + 1)]


def _those(part: Part, people: np.ndarray, first: bool) -> Part:
    place = np.full(len(part.people), -1, np.int32)
    place[people] = np.arange(len(people))
    mine = place[part.twins[0]] >= 0
    members = part.membership.of(people)
    return Part(
        people=part.people[people],
        key=part.key[people],
        named=named(part.ids[people]),
        membership=members if first else evolve(members, eligible=0, no_journey=0),
        written=[_rows_of(batch, place) for batch in part.batches],
        twins=(place[part.twins[0]][mine], part.twins[1][mine], part.twins[2][mine]),
    )


def _rows_of(batch: EventBatch, place: np.ndarray) -> EventBatch:
    mine = place[batch.who] >= 0
    names = ("t", "step", "message", "incentive", "occurrence", "reason", "arm", "amount", "subsidised")
    return evolve(batch, who=place[batch.who][mine], **{name: getattr(batch, name)[mine] for name in names})


def rich(promoted: bool) -> Plan:
    """The plan with or without a promotion."""
    return RICH if promoted else UNPROMOTED
