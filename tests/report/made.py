"""A result and its plan, made by hand: every part of the report has something to show, names try to break it."""

import math
from collections.abc import Mapping

from attrs import evolve

from wakeup.figures.result import (
    ArmFigures,
    Basis,
    BudgetLine,
    Contribution,
    Countermeasure,
    Credit,
    Day,
    ExpectationResult,
    Figure,
    GoalResult,
    Result,
    Risk,
    SegmentFigures,
    Sensitivity,
    Stopped,
)
from wakeup.plan.model import Attribution, Budget, Plan
from wakeup.plan.predicates import And, Compare, HasTag, Not

EVIL = "<script>alert(1)</script>"
CURRENCY = "CNY"

_COUNTS = {
    "targeted": 38_112, "held_out": 4_230, "enrolled": 37_800, "touched": 31_200, "sent": 61_230, "delivered": 58_000,
    "opened": 18_220, "clicked": 6_100, "claimed": 3_900, "joined": 1_500, "woken": 7_012, "converted": 5_100,
    "orders": 5_900, "redemptions": 1_800, "grants": 21_000, "subsidised_orders": 640, "opted_out": 310,
    "complained": 44, "tail_orders": 120, "tail_redemptions": 60, "incremental_woken": 4_100,
    "incremental_orders": 2_310, "incremental_converted": 1_900,
}  # fmt: skip
_MONEY = {
    "revenue": 2_100_000, "discount_cost": 180_000, "subsidy_cost": 51_000, "gift_cost": 70_000, "send_cost": 4_203.55,
    "staff_cost": 136_500, "fixed_cost": 300_000, "margin": 1_200_000, "profit": 690_000, "spent": 690_703.55,
    "tail_revenue": 40_000, "tail_discount_cost": 5_000, "incremental_revenue": 820_000, "incremental_margin": 460_000,
}  # fmt: skip
_PEOPLE = {
    "targeted",
    "held_out",
    "enrolled",
    "touched",
    "woken",
    "converted",
    "incremental_woken",
    "incremental_converted",
}
_SHARES = {
    "wake_rate": 0.184, "conversion": 0.727, "complaint_rate": 0.00076, "opt_out_rate": 0.0053,
    "redemption_rate": 0.0857, "incremental_wake_rate": 0.107, "aov_change": None,
}  # fmt: skip


def figure(value: float | None, unit: str, spread: float = 0.15) -> Figure:
    """A figure whose interval reaches `spread` of its value to both sides; without value it has none."""
    if value is None:
        return Figure(None, None, None, unit, {})
    return Figure(
        value, value - abs(value) * spread, value + abs(value) * spread, unit, {"parameter": abs(value) * 0.09}
    )


def figures(part: float = 1.0) -> Mapping[str, Figure]:
    """All figures of a `part` of the people."""
    found = {name: figure(value * part, "people" if name in _PEOPLE else "count") for name, value in _COUNTS.items()}
    found |= {name: figure(value * part, CURRENCY) for name, value in _MONEY.items()}
    found |= {name: figure(value, "share") for name, value in _SHARES.items()}
    profit = 352_000 * (part - 0.4)
    found["incremental_profit"] = Figure(profit, profit - 120_000 * part, profit + 100_000 * part, CURRENCY, {})
    found["incremental_conversion"] = figure(-0.46, "share")
    found["aov"] = figure(355.9, CURRENCY)
    found["active_months"] = figure(1.31, "months")
    found["touches_per_person"] = figure(1.96, "per person")
    found["roi"] = figure(0.31, "ratio")
    return found


def result() -> Result:
    """A result of 20 replications with all its parts filled."""
    return Result(
        plan={"name": "beauty_autumn", "behaviour_id": "b3f1" * 16, "forecast_id": "99aa" * 16},
        currency=CURRENCY,
        seed=7,
        replications=20,
        customers=100_000,
        eligible=42_342.0,
        figures=figures(),
        segments=(
            SegmentFigures("tier:value=high", figures(0.2)),
            SegmentFigures("tier:value=potential", figures(0.5)),
            SegmentFigures("tier:value=普通会员", figures(0.3)),
            SegmentFigures("journey:potential", figures(0.5)),
            SegmentFigures("channel:cn.sms", {name: figures(0.4)[name] for name in ("sent", "delivered", "send_cost")}),
        ),
        arms=(
            ArmFigures("potential", "kit_or_coupon", "kit", 9_560.0, figures(0.26)),
            ArmFigures("potential", "kit_or_coupon", EVIL, 9_500.0, figures(0.24)),
        ),
        reasons={"cap": 4_200.0, "no_consent": 12_300.0, "budget": 40.2, "not_entered": 312.0},
        delays={"quiet": 8_000.4, "gap": 3.0},
        budget=(
            BudgetLine("promotion", 200_000.0, 180_000.0, 35_000.0, 5_000.0),
            BudgetLine("gifts", 450_000.0, 70_000.0, 0.0, 0.0),
            BudgetLine("", None, 4_203.55, 0.0, 0.0),
        ),
        goals=(GoalResult("wake_rate >= 12%", 0.78), GoalResult(f"conversion >= 40% {EVIL}", 0.998)),
        expectations=(
            ExpectationResult("wake_rate >= 8% sure 90%", 0.97, 0.9, "ok"),
            ExpectationResult("incremental_profit >= 0 CNY sure 80%", 0.41, 0.8, "failed"),
            ExpectationResult("woken >= 7_000 sure 50%", 0.52, 0.5, "undecided"),
            ExpectationResult("touches_per_person <= 3 per 30d always", 1.0, None, "ok"),
        ),
        scenarios={"rival_sale": figures(0.7)},
        basis=(
            Basis("organic_level", "fitted to the order log", "fitted", 0.41, -0.97, -1.21, -0.73),
            Basis("click kind:sms", "a guess", "none", None, 0.02, 0.0076, 0.0518),
            Basis("advertising_lift", f"large randomised e-mail trial {EVIL}", "rct", 0.22, 1.8, 1.8, 1.8),
        ),
        attribution=(
            Credit("cn.sms", 1_820.5, 640_000.0, {"last_touch": 1_820.5, "linear": 1_700.0}),
            Credit(None, 4_079.5, 1_460_000.0, {"last_touch": 4_079.5, "linear": 4_079.5}),
        ),
        contributions=(
            Contribution("cn.sms", figure(310.0, "count"), figure(420.0, "people"), figure(61_000.0, CURRENCY)),
        ),
        risks=(
            Risk("", 120_000.0, -41_000.0, 0.22, {"wake_rate >= 12%": 0.22, f"conversion >= 40% {EVIL}": 0.002}),
            Risk("rival_sale", 80_000.0, -77_000.0, 0.31, {"wake_rate >= 12%": 0.5, f"conversion >= 40% {EVIL}": 0.1}),
        ),
        days=tuple(_day(number) for number in range(91)),
        promoted={"potential/kit_or_coupon": {"kit": 0.7, "": 0.3}},
        tripped={"complaints cn.sms": 0.05},
        unclassified={"value": 12.0},
        stopped=Stopped("all", 20, scenarios={"rival_sale": 20}),
        countermeasures=(
            Countermeasure("rival_sale", "guards", ("complaints", "<b>"), 3, _bought(-1_200.0, -44.0), {}),
            Countermeasure(
                "rival_sale", "fallbacks", ("nudge",), 20, _bought(4_800.0, 2.0), {"wake_rate >= 12%": -0.1}
            ),
        ),
        sensitivity=(
            Sensitivity("organic_level", 90_000.0, 90_000.0, 4_000.0),
            Sensitivity("clicked kind:sms", -20_000.0, 21_000.0, None),
            Sensitivity("season_june", 0.0, 0.0, 0.0),
        ),
    )


def _bought(profit: float, complained: float) -> Mapping[str, Figure]:
    """What a counter-measure buys."""
    return {
        "incremental_profit": figure(profit, CURRENCY), "incremental_orders": figure(31.0, "count"),
        "opted_out": figure(-7.0, "count"), "complained": figure(complained, "count"),
    }  # fmt: skip


def bare_result() -> Result:
    """A result of one replication in which next to nothing happened: no interval, no segment, no budget, no day."""
    full = result()
    nothing = {
        name: Figure(0.0 if each.unit != "share" else None, None, None, each.unit, {})
        for name, each in full.figures.items()
    }
    return evolve(
        full, replications=1, figures=nothing, segments=(), arms=(), reasons={}, delays={}, budget=(), goals=(),
        expectations=(), scenarios={}, basis=(), attribution=(), contributions=(),
        risks=(Risk("", 0.0, None, 0.0, {}),), days=(), promoted={}, tripped={}, unclassified={},
        stopped=Stopped("all", 1), countermeasures=(), sensitivity=(),
    )  # fmt: skip


def plan() -> Plan:
    """The plan of that result; its title is Chinese and hostile."""
    return Plan(
        name="beauty_autumn",
        title=f"Autumn wake-up 秋季唤醒 {EVIL}",
        doc="Wake beauty-shop customers who have bought nothing for six months.",
        currency=CURRENCY,
        minor_digits=2,
        zone="Asia/Shanghai",
        start=1_788_192_000,
        end=1_796_054_400,
        audience=And((Compare("days_since_order", ">=", 180 * 86_400, "seconds"), Not(HasTag("employee")))),
        holdout="0.1",
        holdout_salt="salt",
        awake=("order",),
        margin="0.55",
        budget=Budget(120_000_000, ()),
        attribution=Attribution("last_touch", 604_800),
        journeys=(),
    )


def _day(number: int) -> Day:
    sent = max(0.0, 3_000 - 30 * number + 400 * math.sin(number)) if number < 60 else 0.0
    twins = 50 + 10 * math.cos(number / 4)
    orders = twins + max(0.0, 60 - number)
    date = f"2026-{9 + number // 30:02d}-{1 + number % 30:02d}"
    band = (0.8 * sent, 1.2 * sent, 0.5 * orders, 1.6 * orders)
    return Day(date, sent, orders, orders * 356, twins, twins * 356, *band)
