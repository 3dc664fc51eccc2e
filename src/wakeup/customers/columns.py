"""Which column of a file plays which role: named by the user, or found by the names that people give them."""

import unicodedata
from collections.abc import Mapping, Sequence

from attrs import frozen

from wakeup.diagnostics import Noun, Say, WakeupError, diagnostic

LISTED = 20
"""At most so many column names are listed in a message, each cut to 40 characters."""


@frozen
class Role:
    """A part that a column plays. `best` beats the other `names` when several are present."""

    name: str
    names: frozenset[str]
    best: frozenset[str] = frozenset()
    required: bool = True


def plain(name: str) -> str:
    """Return a column name as it is compared: full width folded, lower case, without spaces, `_`, `-`, `.`."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return "".join(letter for letter in folded if letter not in " _-.\t\u3000")


def _names(text: str) -> frozenset[str]:
    return frozenset(plain(name) for name in text.split())


ID = Role(
    "id",
    _names(
        "customer customer_no customer_number customer_key cust_id client_id client user_id uid user member_id"
        " member_no buyer_id account_id shopper_id household_id household_key id 客户 客户号 客户代码 顾客编号 顾客id"
        " 会员编号 会员号 会员id 会员 用户编号 用户id 用户 买家id 买家编号"
    ),
    best=_names("customer_id 客户编号 客户id"),
)
TIME = Role(
    "time",
    _names(
        "ts time timestamp date datetime date_time order_date order_time order_ts order_datetime order_timestamp"
        " ordered_at ordered_on created_at created purchase_date purchase_time purchased_at invoice_date paid_at"
        " payment_time payment_date pay_time transaction_date transaction_time 下单时间 下单日期 订单时间 订单日期"
        " 成交时间 支付时间 付款时间 购买时间 购买日期 交易时间 交易日期 消费时间 消费日期 日期 时间"
    ),
)
AMOUNT = Role(
    "amount",
    _names(
        "amount order_amount total total_amount order_total revenue sales sales_value value order_value paid"
        " paid_amount pay_amount payment gmv net_amount spend 金额 订单金额 订单总额 实付 实付金额 支付金额"
        " 付款金额 成交金额 销售额 消费金额 交易金额 总金额 总额"
    ),
)
RETURNS = Role(
    "returns",
    _names("returns return returned return_amount refund refunds refund_amount refunded 退款 退款金额 退货 退货金额"),
    required=False,
)
CATEGORY = Role(
    "category",
    _names(
        "category categories product_category category_name product_line department 品类 类目 商品类目 商品品类"
        " 产品类别 商品分类 分类"
    ),
    required=False,
)
CURRENCY = Role(
    "currency",
    _names("currency currency_code order_currency iso_currency 币种 货币 币别 结算币种"),
    required=False,
)
CHANNEL = Role("channel", _names("channel channel_name 渠道 触达渠道 发送渠道"))
SENT_AT = Role(
    "time", TIME.names | _names("sent_at sent touched_at touch_time send_time contact_date 触达时间 发送时间 发送日期")
)
LOG_ROLES = (ID, TIME, AMOUNT, RETURNS, CATEGORY)
TOUCH_ROLES = (ID, SENT_AT, CHANNEL)


_ROLES_ZH = {"客户编号": "id", "客户": "id", "时间": "time", "金额": "amount", "退款": "returns", "品类": "category"}
"""What messages in Chinese call the roles of a log."""


def parse_mapping(text: str) -> dict[str, str]:
    """Read `id=…,time=…,amount=…,returns=…,category=…` into role -> column name; roles may be in Chinese.

    Raises:
        WakeupError: WK6017, a part is not `role=column`, a role is unknown or named twice.
    """
    roles = [role.name for role in LOG_ROLES]
    mapping: dict[str, str] = {}
    for part in text.replace("，", ",").split(","):
        role, equals, column = (piece.strip() for piece in part.partition("="))
        role = _ROLES_ZH.get(role, role)
        if not equals or not column or role not in roles or role in mapping:
            raise WakeupError([diagnostic("WK6017", part=part.strip(), roles=", ".join(roles))])
        mapping[role] = column
    return mapping


def assign(
    columns: Sequence[str],
    roles: Sequence[Role],
    *,
    source: str,
    mapping: Mapping[str, str] | None = None,
    mappable: bool = True,
) -> dict[str, int]:
    """Return role name -> index into `columns`; a role that is not required may be absent. `mappable`: whether the user
    can name columns of this file.

    Raises:
        WakeupError: WK6015 a column is missing, WK6016 several fit, WK6018 a mapped column does not exist.
    """
    found: dict[str, int] = {}
    trouble = []
    for role in roles:
        wanted = (mapping or {}).get(role.name)
        fits = _mapped(columns, wanted) if wanted is not None else _fitting(columns, role)
        if len(fits) == 1:
            found[role.name] = fits[0]
        elif len(fits) > 1:
            these = [columns[i] for i in fits]
            # A name that two columns share names neither.
            rename = None if mappable and len(set(these)) == len(these) else Say("rename one of them in the file")
            told = diagnostic("WK6016", role=Noun(role.name), source=source, candidates=listed(these), help=rename)
            trouble.append(told)
        elif wanted is not None:
            trouble.append(diagnostic("WK6018", role=Noun(role.name), column=_cut(wanted), seen=listed(columns)))
        elif role.required:
            rename = None if mappable else Say("call it `{role}` in the file", role=Noun(role.name))
            told = diagnostic("WK6015", role=Noun(role.name), source=source, seen=listed(columns), help=rename)
            trouble.append(told)
    if trouble:
        raise WakeupError(trouble)
    return found


def column_of(columns: Sequence[str], role: Role) -> int | None:
    """Return the index of the one column that plays a role nobody need name; None: there is none, or several might."""
    fits = _fitting(columns, role)
    return fits[0] if len(fits) == 1 else None


def listed(columns: Sequence[str]) -> str:
    """Return column names for a message."""
    shown = ", ".join(_cut(name) for name in columns[:LISTED])
    return f"{shown}, … ({len(columns)})" if len(columns) > LISTED else shown


def _mapped(columns: Sequence[str], wanted: str) -> list[int]:
    exact = [i for i, name in enumerate(columns) if name == wanted]
    return exact or [i for i, name in enumerate(columns) if plain(name) == plain(wanted)]


def _fitting(columns: Sequence[str], role: Role) -> list[int]:
    best = [i for i, name in enumerate(columns) if plain(name) in role.best]
    return best or [i for i, name in enumerate(columns) if plain(name) in role.names]


def _cut(name: str) -> str:
    return name if len(name) <= 40 else name[:39] + "…"
