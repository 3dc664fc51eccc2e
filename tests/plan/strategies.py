"""Plans that Hypothesis makes: every kind of instruction, incentive and predicate, and consistent with itself."""

from decimal import Decimal
from typing import Any

from attrs import evolve
from hypothesis import strategies as st

from wakeup.plan.model import (
    Activity,
    AmountOff,
    Arm,
    Assumption,
    Attribution,
    Band,
    Branch,
    Budget,
    Cadence,
    Calendar,
    Cap,
    Channel,
    Coupon,
    Cut,
    DayWindow,
    Elapsed,
    Exit,
    Expectation,
    FixedCost,
    Gift,
    Goal,
    Grant,
    Guard,
    Incentive,
    Instruction,
    Journey,
    Jump,
    Label,
    Line,
    Message,
    Months,
    Origin,
    OwnField,
    PercentOff,
    Phase,
    Plan,
    Promotion,
    Quiet,
    Rolling,
    Rung,
    Scenario,
    Send,
    Service,
    Split,
    Staff,
    Tier,
    Until,
    Variant,
    Wait,
    Wave,
)
from wakeup.plan.predicates import EVERYONE, And, Bought, Compare, Happened, HasTag, InTier, Not, Or, Predicate
from wakeup.terms.lists import Outcome

texts = st.text(max_size=8)
money = st.integers(0, 10**9)
instants = st.integers(1_700_000_000, 1_800_000_000)
seconds = st.integers(1, 10**7)
shares = st.decimals(0, 1, places=4).map(str)
names = st.sampled_from(("a", "b", "c", "会员"))
given = (
    "coupon", "night", "vip", "triple", "gift", "guide", "half_year", "service", "challenge", "lucky", "how", "tea",
    "club",
)  # fmt: skip

leaves: st.SearchStrategy[Predicate] = st.one_of(
    st.builds(Compare, texts, st.sampled_from(("<", ">=", "==")), money, st.sampled_from(("money", "count"))),
    st.builds(Compare, texts, st.sampled_from(("==", "!=")), texts, st.just("text")),
    st.builds(HasTag, texts),
    st.builds(Bought, texts, st.none() | st.integers(1, 10**7), st.just(False)),
    st.builds(Bought, texts, st.integers(1, 1200), st.just(True)),
    st.just(InTier("value", "high")),
    st.builds(Happened, st.sampled_from(tuple(map(str, Outcome)))),
)
predicates: st.SearchStrategy[Predicate] = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(And, st.lists(inner, max_size=3)),
        st.builds(Or, st.lists(inner, max_size=3)),
    ),
    max_leaves=6,
)
lengths = st.one_of(st.builds(Elapsed, seconds), st.builds(Months, st.integers(1, 12)), st.builds(Until, instants))
periods = st.one_of(st.builds(Elapsed, seconds), st.builds(Months, st.integers(1, 12)))
discounts = st.one_of(st.builds(AmountOff, money, money), st.builds(PercentOff, shares, money))
windows = st.one_of(st.builds(Rolling, seconds), st.builds(Calendar, st.sampled_from(("day", "week", "month"))))
quiets = st.builds(Quiet, st.builds(DayWindow, st.integers(0, 86_399), st.integers(0, 86_399)), st.booleans())
grades = st.sampled_from(("given", "rct", "none"))
medians, spreads = st.floats(-1e12, 1e12), st.floats(0, 100)
assumptions = st.builds(
    Assumption, texts, texts, medians, spreads, st.sampled_from(("identity", "log", "logit")), texts, grades
)


@st.composite
def splits(draw: st.DrawFn, index: int, length: int) -> Split:
    """A split at `index` of a program of `length` instructions."""
    inner = sorted(draw(st.sets(st.integers(1, 99), max_size=3)))
    edges = [Decimal(0), *(Decimal(edge) / 100 for edge in inner), Decimal(1)]
    targets = st.integers(index + 1, length)
    arms = [Arm(f"arm{i}", str(edges[i]), str(edges[i + 1]), draw(targets)) for i in range(len(edges) - 1)]
    return Split(f"split{index}", draw(texts), tuple(arms))


@st.composite
def programs(draw: st.DrawFn) -> tuple[Instruction, ...]:
    """Instructions whose jumps lead forward."""
    length = draw(st.integers(0, 6))
    program: list[Instruction] = []
    for index in range(length):
        ahead = st.integers(index + 1, length)
        sends = st.builds(
            Send,
            st.just(f"step{index}"),
            st.sampled_from(("hello", "nudge")),
            st.lists(st.sampled_from(given), max_size=2, unique=True).map(tuple),
            seconds,
        )
        grants = st.builds(
            Grant, st.just(f"step{index}"), st.lists(st.sampled_from(given), min_size=1, max_size=2).map(tuple)
        )
        outcomes = st.lists(st.sampled_from(tuple(map(str, Outcome))), max_size=2, unique=True).map(tuple)
        waits = st.builds(Wait, lengths, outcomes)
        branches, jumps = st.builds(Branch, predicates, ahead), st.builds(Jump, ahead)
        program.append(draw(st.one_of(sends, grants, waits, branches, jumps, splits(index, length), st.just(Exit()))))
    return tuple(program)


variants = st.builds(Variant, leaves, texts, st.just(90_000), st.just(2))
rungs = st.builds(Rung, discounts, periods, st.just("value"), st.sampled_from(("high", "low")))


@st.composite
def incentives(draw: st.DrawFn) -> tuple[Incentive, ...]:
    """One of every kind, in the order of `given`."""
    rung, valid, opens = draw(rungs), draw(periods), draw(instants)
    bond, some, scene = draw(st.none() | periods), draw(st.none() | st.integers(1, 10**6)), draw(st.none() | leaves)
    return (
        Coupon("coupon", draw(texts), (rung,), limit=some, codes=some),
        Coupon("night", "", (rung,), opens=opens, closes=opens + draw(seconds), kind="flash_price"),
        Coupon("vip", "", (rung,), reusable=True, kind="member_price"),
        Coupon("triple", "", (rung,), reusable=True, rebate=True, kind="points"),
        Gift("gift", "", draw(money), valid),
        Gift("guide", "", 0, valid, scene=scene, kind="content"),
        Gift("half_year", "", 1_200, valid, bond=bond, kind="membership"),
        Service("service", "", 3_500, valid, "desk"),
        Activity("challenge", "", "check_in", 3, "coupon", valid),
        Activity("lucky", "", "", 1, "", valid, odds=draw(shares), wins=some, cost=5, kind="draw"),
        Activity("how", "", "", 1, "gift", valid, kind="survey"),
        Activity("tea", "", "", 1, "", valid, places=some, at=opens, kind="event"),
        Activity("club", "", "", 1, "vip", valid, places=some, bond=bond, kind="community"),
    )


@st.composite
def journeys(draw: st.DrawFn) -> tuple[Journey, ...]:
    """One to three journeys."""
    programs_of = {name: draw(programs()) for name in draw(st.lists(names, min_size=1, max_size=3, unique=True))}
    wave = st.builds(Wave, instants, st.none() | st.integers(1, 10**6))
    return tuple(
        Journey(name, draw(predicates), draw(wave), program, draw(st.sampled_from(("order", ""))), draw(texts))
        for name, program in programs_of.items()
    )


@st.composite
def promotions(draw: st.DrawFn, of: tuple[Journey, ...]) -> tuple[Promotion, ...]:
    """A promotion of every split of the journeys."""
    return tuple(
        Promotion(journey.name, split.name, "wake_rate", draw(seconds), draw(shares))
        for journey in of
        for split in journey.program
        if isinstance(split, Split)
    )


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """A plan that `verify` finds nothing wrong with."""
    start = draw(instants)
    lines = (Line("promotion", draw(money)), Line("gifts", draw(money)))
    of = draw(journeys())
    return Plan(
        name=draw(names),
        title=draw(texts),
        doc=draw(texts),
        currency=draw(st.sampled_from(("CNY", "GBP", "JPY"))),
        minor_digits=draw(st.sampled_from((0, 2))),
        zone="Asia/Shanghai",
        start=start,
        end=start + draw(seconds),
        audience=draw(predicates),
        holdout=draw(shares),
        holdout_salt=draw(texts),
        awake=("order", "claim"),
        margin=draw(shares),
        budget=draw(st.none() | st.just(Budget(10**9, lines, "promotion"))),
        attribution=Attribution("last_touch", draw(seconds)),
        journeys=of,
        tiers=(
            Tier("value", "average_order_value", "money", (Band("high", 50_000), Band("low", None, 50_000))),
            Tier("why", "", "rule", (Band("left", match=draw(leaves)), Band("other", match=EVERYONE))),
        ),
        channels=(Channel("sms", "sms", 45_000, True, 10, 60, draw(st.none() | quiets)), Channel("popup", "push")),
        messages=(
            Message("hello", "popup", draw(texts), staff="desk"),
            Message(
                "nudge", "sms", "", 45_000, 1, "hello", "", ("x",), (Variant(draw(predicates), draw(texts), 90_000, 2),)
            ),
        ),
        incentives=draw(incentives()),
        staff=(Staff("desk", 2, 600, DayWindow(9 * 3600, 18 * 3600)),),
        costs=(FixedCost("materials", draw(money), "", start),),
        cadence=Cadence((Cap(2, draw(windows), "value", "high"), Cap(3, Rolling(86_400), channel="sms")), 3600),
        promotions=draw(promotions(of)),
        scenarios=(
            Scenario("outage", start, start + 60, down=("sms",)),
            Scenario("crisis", start, start + 60, complaints="5", prices="0.9", budget=(Cut("", "0.7"),)),
        ),
        guards=(Guard("spending", "spent", ">", "0.95", "budget_share", "stop"),),
        goals=(Goal("wake_rate", ">=", "0.12", "share", draw(texts)),),
        expectations=(Expectation("profit", ">=", "0", "money", draw(texts), sure=draw(shares)),),
        assumptions=tuple(draw(st.lists(assumptions, max_size=3))),
        phases=(Phase("prepare", draw(texts), start - 60, start, ("texts", "codes")),),
        own=(
            OwnField("skin", "text", (Label("dry", "0.4"), Label("oily", "0.6"))),
            OwnField("loyalty", "number", low="0", high="5"),
        ),
        origins=(Origin("journeys/a", "a.wake", 1, 1),),
    )


parts: dict[str, st.SearchStrategy[Any]] = {
    "title": texts,
    "currency": st.sampled_from(("CNY", "GBP", "JPY")),
    "audience": predicates,
    "holdout": shares,
    "holdout_salt": texts,
    "margin": shares,
    "awake": st.sampled_from((("order",), ("claim", "order"))),
    "attribution": st.builds(Attribution, st.just("last_touch"), seconds),
    "journeys": journeys(),
    "channels": st.builds(lambda quiet: (Channel("sms", "sms", 45_000, quiet=quiet), Channel("popup", "push")), quiets),
    "incentives": incentives(),
    "cadence": st.builds(lambda window, gap: Cadence((Cap(2, window),), gap), windows, seconds),
    "assumptions": st.lists(assumptions, max_size=3).map(tuple),
    "origins": st.just(()),
}
"""Fields of a plan that can be drawn anew without contradicting the rest."""


@st.composite
def edits(draw: st.DrawFn) -> tuple[Plan, Plan]:
    """A plan and the same with up to three of its parts drawn anew.

    Two plans drawn each for itself would differ nearly everywhere, and be more than Hypothesis cares to draw at once.
    """
    old = draw(plans())
    anew = {name: draw(parts[name]) for name in draw(st.lists(st.sampled_from(tuple(parts)), max_size=3, unique=True))}
    if "journeys" in anew:
        anew["promotions"] = draw(promotions(anew["journeys"]))
    return old, evolve(old, **anew)
