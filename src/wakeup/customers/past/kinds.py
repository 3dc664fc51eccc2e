"""The long format of touches and outcomes: which column plays which role, and what the kinds of rows are called."""

from typing import Final

from wakeup.customers.columns import CHANNEL, ID, SENT_AT, Role, plain

KINDS: Final[dict[str, str]] = {
    "sent": "sent send touch touched contact contacted call called 发送 触达 外呼 推送",
    "delivered": "delivered delivery arrived 送达 已送达",
    "opened": "opened open read seen viewed answered impression 打开 已打开 阅读 已读 接听 接通",
    "clicked": "clicked click 点击 已点击",
    "opted_out": "opted_out opt_out optout unsubscribed unsubscribe stop 退订 拒收",
    "complained": "complained complaint spam abuse 投诉",
    "claimed": "claimed claim 领取 已领取",
    "joined": "joined join registered signed_up 参与 加入 报名",
    "completed": "completed complete attended attend finished 完成 到场",
    "ordered": "ordered order purchase purchased bought conversion converted 下单 购买 订单 成交",
    "redeemed": "redeemed redeem redemption used 核销 使用 用券",
    "granted": "granted grant issued 发放 发券",
    "lapsed": "lapsed expired 过期 失效",
    "held_out": "held_out holdout held control 对照 对照组 留出",
    "entered": "entered enrolled assigned treated targeted 进入 入组 实验组",
    "refused": "refused",
    # Known, and of no use here.
    "other": "bounced delayed exited ended not_entered served gifted rated skipped page_view visited 退信 延迟 退出",
}
"""Kind of a row -> what it is called, in logs and in what `simulate --events` writes."""

KIND_OF: Final = {plain(name): kind for kind, names in KINDS.items() for name in names.split()}
"""What a kind is called, as columns are compared -> kind."""


def _role(name: str, names: str, *, required: bool = False, also: frozenset[str] = frozenset()) -> Role:
    return Role(name, also | frozenset(plain(each) for each in names.split()), required=required)


_KIND = "kind event event_type event_name type action outcome 类型 事件 事件类型 行为 结果"
KIND = _role("kind", _KIND, required=True)
_TIME = _role("time", "t event_time occurred_at happened_at 发生时间 事件时间", required=True, also=SENT_AT.names)
_OTHERS = (
    Role("channel", CHANNEL.names, required=False),
    _role("message", "message message_name message_id template creative 消息 消息名称 模板 文案"),
    _role("campaign", "campaign campaign_name campaign_id 活动 活动名称"),
    _role("incentive", "incentive offer offer_name coupon coupon_name benefit 优惠 优惠券 券名 权益 礼品"),
    _role("journey", "journey 旅程"),
    _role("step", "step 步骤"),
    _role("reason", "reason 原因"),
    _role("value", "value amount amount_minor order_amount 金额 订单金额"),
    _role("valid_until", "valid_until valid_to expires expires_at expiry 有效期至 到期时间 失效时间 截止时间"),
)
TOUCH_LOG: Final = (ID, _TIME, _role("kind", _KIND), *_OTHERS)
"""Roles of a log of touches: a row without a kind is a send."""
OUTCOME_LOG: Final = (ID, _TIME, KIND, *_OTHERS)
"""Roles of a log of outcomes."""
