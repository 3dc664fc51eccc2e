"""Plans that Hypothesis makes: every kind of instruction, incentive and predicate, and consistent with itself."""

from decimal import Decimal

from hypothesis import strategies as st

from wakeup.plan.model import (
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
    Challenge,
    Channel,
    Coupon,
    DayWindow,
    Elapsed,
    Exit,
    Expectation,
    FixedCost,
    Gift,
    Goal,
    Guard,
    Instruction,
    Journey,
    Jump,
    Line,
    Message,
    Months,
    Origin,
    PercentOff,
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
    Wait,
    Wave,
)
from wakeup.plan.predicates import And, Compare, Happened, HasTag, InTier, Not, Or, Predicate

texts = st.text(max_size=8)
money = st.integers(0, 10**9)
instants = st.integers(1_700_000_000, 1_800_000_000)
seconds = st.integers(1, 10**7)
shares = st.decimals(0, 1, places=4).map(str)
names = st.sampled_from(("a", "b", "c", "会员"))

leaves: st.SearchStrategy[Predicate] = st.one_of(
    st.builds(Compare, texts, st.sampled_from(("<", ">=", "==")), money, st.sampled_from(("money", "count"))),
    st.builds(Compare, texts, st.sampled_from(("==", "!=")), texts, st.just("text")),
    st.builds(HasTag, texts),
    st.just(InTier("value", "high")),
    st.builds(Happened, st.sampled_from(("order", "open", "click", "claim", "join"))),
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
            st.lists(st.sampled_from(("coupon", "gift", "service", "challenge")), max_size=2, unique=True).map(tuple),
            seconds,
        )
        waits = st.builds(Wait, lengths, st.sampled_from(("", "order", "click")))
        branches, jumps = st.builds(Branch, predicates, ahead), st.builds(Jump, ahead)
        program.append(draw(st.one_of(sends, waits, branches, jumps, splits(index, length), st.just(Exit()))))
    return tuple(program)


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """A plan that `verify` finds nothing wrong with."""
    start = draw(instants)
    lines = (Line("promotion", draw(money)), Line("gifts", draw(money)))
    programs_of = {name: draw(programs()) for name in draw(st.lists(names, min_size=1, max_size=3, unique=True))}
    wave = st.builds(Wave, instants, st.none() | st.integers(1, 10**6))
    journeys = tuple(
        Journey(name, draw(predicates), draw(wave), program, draw(st.sampled_from(("order", ""))), draw(texts))
        for name, program in programs_of.items()
    )
    promotions = tuple(
        Promotion(journey.name, split.name, "wake_rate", draw(seconds), draw(shares))
        for journey in journeys
        for split in journey.program
        if isinstance(split, Split)
    )
    rung = st.builds(Rung, discounts, periods, st.just("value"), st.sampled_from(("high", "low")))
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
        journeys=journeys,
        tiers=(Tier("value", "average_order_value", "money", (Band("high", 50_000), Band("low", None, 50_000))),),
        channels=(Channel("sms", "sms", 45_000, True, 10, 60, draw(st.none() | quiets)), Channel("popup", "push")),
        messages=(Message("hello", "popup", draw(texts)), Message("nudge", "sms", "", 45_000, 1, "hello", "", ("x",))),
        incentives=(
            Coupon("coupon", draw(texts), (draw(rung),), limit=draw(st.none() | seconds)),
            Gift("gift", "", draw(money), draw(periods)),
            Service("service", "", draw(money), draw(periods), "desk"),
            Challenge("challenge", "", "check_in", 3, "coupon", draw(periods)),
        ),
        staff=(Staff("desk", 2, 600, DayWindow(9 * 3600, 18 * 3600)),),
        costs=(FixedCost("materials", draw(money), "", start),),
        cadence=Cadence((Cap(2, draw(windows), "value", "high"), Cap(3, Rolling(86_400), channel="sms")), 3600),
        promotions=promotions,
        scenarios=(Scenario("outage", start, start + 60, down=("sms",)),),
        guards=(Guard("spending", "spent", ">", "0.95", "budget_share", "stop"),),
        goals=(Goal("wake_rate", ">=", "0.12", "share", draw(texts)),),
        expectations=(Expectation("profit", ">=", "0", "money", draw(texts), sure=draw(shares)),),
        assumptions=tuple(draw(st.lists(assumptions, max_size=3))),
        origins=(Origin("journeys/a", "a.wake", 1, 1),),
    )
