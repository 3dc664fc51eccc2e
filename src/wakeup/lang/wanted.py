"""What people ask for at first under a name of their own, and how it is said here.

Figures: `click_rate`, `报名人数`. Properties that a kind of thing does not have, and that something else does.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from wakeup.diagnostics import Say

COMMON: Final = (
    "wake_rate", "conversion", "incremental_profit", "incremental_orders", "redemptions", "spent", "profit",
    "complaint_rate", "opt_out_rate", "attended",
)  # fmt: skip
"""Named first where only some of all figures can be shown: what campaigns are mostly judged by."""

_CALLED: Final[Mapping[str, Sequence[str]]] = {
    "delivered": ("delivery_rate", "deliveries", "送达率", "送达", "送达人数"),
    "opened": ("open_rate", "opens", "打开率", "打开", "打开人数", "阅读率"),
    "clicked": ("click_rate", "click", "clicks", "ctr", "点击率", "点击", "点击人数"),
    "claimed": ("claim_rate", "claim", "claims", "take_up", "领取率", "领取", "领取人数"),
    "joined": (
        *("join_rate", "join", "joins", "response_rate", "participation", "participants", "answers", "seats_taken"),
        *("参与率", "参与", "参与人数", "参加人数", "报名率", "报名数", "报名人数", "回收率"),
    ),
    "completed": ("completion_rate", "complete", "completions", "完成率", "完成", "完成人数"),
    "attended": ("attendance", "attendance_rate", "attend", "attendees", "guests", "到场率", "到场", "到场人数"),
    "opt_out_rate": ("unsubscribe_rate", "unsub_rate", "拒收率"),
    "opted_out": ("unsubscribes", "unsubscribed", "opt_outs", "退订", "退订数"),
    "complained": ("complaints", "complaint", "投诉", "投诉数"),
    "redemptions": ("redeemed", "核销", "核销人数", "用券数"),
    "conversion": ("conversion_rate", "下单率", "转化"),
    "woken": ("wakes", "woken_people", "唤醒数", "唤醒"),
    "revenue": ("sales", "turnover", "gmv", "成交额", "营业额", "收入"),
    "spent": ("spend", "cost", "cost_per_wake", "花费", "成本", "单个唤醒成本", "获客成本"),
    "roi": ("return", "roas", "投产比", "回报率"),
}

_FIGURE_OF: Final[Mapping[str, str]] = {name: figure for figure, names in _CALLED.items() for name in names}

_ENDINGS: Final = sorted((each for each in _FIGURE_OF if not each.isascii() and len(each) > 2), key=len, reverse=True)
"""问卷回收率 is a 回收率."""


def wanted(written: str, known: Collection[str]) -> str | None:
    """Return the figure that is meant by such a name, if it is one of those known."""
    figure = _FIGURE_OF.get(written.lower()) or next(
        (_FIGURE_OF[each] for each in _ENDINGS if written.endswith(each)), None
    )
    return figure if figure in known else None


_LEVEL: Final = Say("a higher level is a membership with a name of its own; `extend:` says for how long")
_FIXED_POINTS: Final = Say(
    "`multiplier:` and `earn:` say what orders earn; a fixed number of points is a `gift` with its `cost:`"
)
_EFFORT: Final = Say("say how long one takes on average: `handles: 20min`")
_PRIZES: Final = Say("say how many prizes there are: `count: 10`")
_WHEN: Final = Say("say when: `on: 2026-04-10 15:00`")

_SAID: Final[Mapping[str, Mapping[str, Say]]] = {
    "membership": dict.fromkeys(("upgrade", "level", "to", "tier", "升级", "等级", "级别"), _LEVEL),
    "draw": dict.fromkeys(("number", "quantity", "amount", "prizes", "winners", "名额", "中奖人数"), _PRIZES),
    "event": dict.fromkeys(("date", "when", "at", "time", "starts"), _WHEN),
    "points": dict.fromkeys(
        ("amount", "value", "points", "bonus", "number", "价值", "分值", "积分", "赠送"), _FIXED_POINTS
    ),
    "staff": dict.fromkeys(("calls", "capacity", "per_day", "daily", "每天", "每日", "通话", "接待", "产能"), _EFFORT),
}


def said_elsewhere(kind: str, key: str) -> Say | None:
    """Return how a kind of thing says what was meant by a property that it does not have, where that is known."""
    return _SAID.get(kind, {}).get(key.lower())


def common_first(known: Sequence[str]) -> tuple[str, ...]:
    """Return the same figures, the common ones first."""
    return (*(each for each in COMMON if each in known), *(each for each in known if each not in COMMON))
