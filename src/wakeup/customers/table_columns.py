"""What the columns of a customer table are: tags, consents, addresses, zone, summaries of past orders, own fields."""

import re
from collections.abc import Mapping, Sequence
from typing import Final, Literal

from attrs import frozen

from wakeup.customers.columns import ID, assign, plain
from wakeup.diagnostics import Listed, WakeupError, diagnostic
from wakeup.terms.lists import ChannelKind

Kind = Literal["tags", "tag", "consent", "address", "zone", "summary", "own", "nothing"]


@frozen
class TableColumn:
    """One column: `key` is the tag, consent key, address sort, summary name or field name; `index` into the file's."""

    index: int
    kind: Kind
    key: str = ""


def _plain_names(text: str) -> frozenset[str]:
    return frozenset(plain(name) for name in text.split())


SUMMARIES: Final[Mapping[str, frozenset[str]]] = {
    "orders": _plain_names(
        "orders order_count n_orders num_orders number_of_orders frequency 订单数 订单数量 下单次数 购买次数"
    ),
    "first_order": _plain_names(
        "first_order first_order_date first_order_at first_purchase 首单时间 首次下单时间 首次购买时间"
    ),
    "last_order": _plain_names(
        "last_order last_order_date last_order_at last_order_time last_purchase last_purchase_date 最后下单时间"
        " 最近下单时间 最近下单 最后购买时间 最近购买时间 上次下单时间"
    ),
    "last_interaction": _plain_names(
        "last_interaction last_interaction_date last_interaction_at last_contact 最后互动时间 最近互动时间 上次互动时间"
    ),
    "monetary": _plain_names("monetary total_spent total_spend lifetime_value 累计消费 累计金额 消费总额 累计消费金额"),
    "average_order_value": _plain_names(
        "average_order_value avg_order_value aov mean_order_value 客单价 平均客单价 平均订单金额"
    ),
    "gap": _plain_names("gap mean_gap gap_days mean_gap_days 平均间隔 平均间隔天数"),
}
"""Summary columns of a table that stands without a log, and the names that people give them."""

ADDRESSES: Final[Mapping[str, tuple[ChannelKind, ...]]] = {
    "phone": (ChannelKind.SMS, ChannelKind.PHONE),
    "email": (ChannelKind.EMAIL,),
    "wecom": (ChannelKind.WECOM,),
    "openid": (
        ChannelKind.MINI_PROGRAM,
        ChannelKind.MINI_SUBSCRIBE,
        ChannelKind.SERVICE_ACCOUNT,
        ChannelKind.SERVICE_TEMPLATE,
    ),
    "push": (ChannelKind.PUSH,),
    "community": (ChannelKind.COMMUNITY,),
}
"""Sort of address -> the kinds of channels that reach a person by it."""

_ADDRESS_NAMES: Final = {
    "phone": _plain_names(
        "phone phone_number mobile mobile_phone cell telephone tel 手机 手机号 手机号码 电话 电话号码 联系电话"
    ),
    "email": _plain_names("email e_mail email_address mail 邮箱 电子邮箱 邮件 邮件地址"),
    "wecom": _plain_names("wecom wecom_id wecom_user_id external_userid 企微 企业微信 企业微信号 企业微信id"),
    "openid": _plain_names("openid open_id wechat_openid wx_openid 微信openid"),
    "push": _plain_names("push_token device_token push_id"),
    "community": _plain_names("community_id group_id 社群 社群id 微信群"),
}
_ZONES: Final = _plain_names("zone timezone time_zone tz 时区")
_TAGS: Final = _plain_names("tags tag labels 标签")
_CHANNELS: Final = {plain(kind.value): kind.value for kind in ChannelKind} | {
    "短信": "sms", "邮件": "email", "邮箱": "email", "企微": "wecom", "企业微信": "wecom", "小程序": "mini_program",
    "订阅消息": "mini_subscribe", "社群": "community", "服务号": "service_account", "模板消息": "service_template",
    "电话": "phone", "推送": "push",
}  # fmt: skip
_CONSENT = re.compile(
    r"(?:consent|optin|opt_in|同意)[ _-]?(?P<after>.+)|(?P<before>.+?)[ _-]?(?:consent|optin|opt_in|同意)",
    re.IGNORECASE,
)
_TAG = re.compile(r"(?:tag|标签)[ _-](?P<name>.+)", re.IGNORECASE)


def has_summaries(columns: Sequence[str]) -> bool:
    """Tell a customer table from an order log: it has a column of summaries."""
    return any(_summary(plain(name)) for name in columns)


def table_columns(columns: Sequence[str], *, source: str) -> tuple[int, tuple[TableColumn, ...]]:
    """Return the index of the id column, and what every other column is.

    Raises:
        WakeupError: WK6015 no id, WK6016 several, WK6027 two columns are the same thing.
    """
    identity = assign(columns, (ID,), source=source, mappable=False)["id"]
    found = tuple(_column(i, name) for i, name in enumerate(columns) if i != identity)
    named = [(each.kind, each.key) for each in found if each.kind not in ("address", "tags", "nothing")]
    twice = [columns[each.index] for each in found if named.count((each.kind, each.key)) > 1]
    if twice:
        raise WakeupError([diagnostic("WK6027", source=source, columns=Listed(twice))])
    return identity, found


def _column(index: int, name: str) -> TableColumn:
    bare = plain(name)
    tag = _TAG.fullmatch(name)
    kinds: tuple[tuple[Kind, str | None], ...] = (
        ("nothing", None if bare else ""),
        ("tags", "" if bare in _TAGS else None),
        ("zone", "" if bare in _ZONES else None),
        ("tag", tag["name"].strip() if tag else None),
        ("summary", _summary(bare)),
        ("consent", _consent(name)),
        ("address", next((sort for sort, names in _ADDRESS_NAMES.items() if bare in names), None)),
        ("own", re.sub(r"[\s\u3000]+", "_", name.strip())),
    )
    return next(TableColumn(index, kind, key) for kind, key in kinds if key is not None)


def _summary(bare: str) -> str | None:
    return next((summary for summary, names in SUMMARIES.items() if bare in names), None)


def _consent(name: str) -> str | None:
    """Return the channel kind, or an "alias.name" as written, that a column gives consent for."""
    match = _CONSENT.fullmatch(name.strip())
    if match is None:
        return None
    channel = (match["after"] or match["before"]).strip()
    if re.fullmatch(r"\w+\.\w+", channel):
        return channel
    return _CHANNELS.get(plain(channel))
