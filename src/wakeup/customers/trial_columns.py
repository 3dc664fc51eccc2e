"""Which column of a table of a randomised campaign is what: person, arm, outcome, value; and which describe people."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from attrs import frozen

from wakeup.customers.columns import ID, Role, assign, plain
from wakeup.diagnostics import Listed, Noun, Say, WakeupError, diagnostic


def names_of(text: str) -> frozenset[str]:
    """Return names that stand in a text, as they are compared."""
    return frozenset(plain(name) for name in text.split())


CUSTOMER: Final = Role("customer", ID.names, ID.best, required=False)
ARM: Final = Role(
    "arm",
    names_of(
        "group variant variation treatment treated cell segment test_group experiment_group campaign_group split bucket"
        " assignment condition experiment test_cell 组 分组 实验组别 实验分组 试验组 实验版本 测试组 分组名称"
    ),
    best=names_of("arm arm_name 组别 实验组"),
)
OUTCOME: Final = Role(
    "outcome",
    names_of(
        "ordered converted conversion purchase purchased bought buy response responded visit visited gave donated y"
        " target label success subscribed is_converted has_ordered 是否下单 下单 是否购买 购买 是否转化 转化 是否响应"
        " 响应 是否成交 成交 是否到访 到访"
    ),
    best=names_of("outcome 结果"),
)
VALUE: Final = Role(
    "value",
    names_of(
        "amount spend spent revenue sales order_value order_amount donation paid gmv 金额 消费 消费金额 订单金额"
        " 成交金额 实付金额 销售额"
    ),
    best=names_of("value 价值"),
    required=False,
)
ARM_TWINS: Final = ARM.names | ARM.best | names_of("control treat is_treated is_control treatment_group 对照 对照组")
"""Names of columns that may say the arm once more beside the column of the arm."""

ROLES: Final = (CUSTOMER, ARM, OUTCOME, VALUE)

_KEYS: Final[Mapping[str, str]] = {
    "customer": "customer", "id": "customer", "客户": "customer", "arm": "arm", "组": "arm", "outcome": "outcome",
    "结果": "outcome", "事件": "outcome", "value": "value", "价值": "value", "feature": "feature", "特征": "feature",
    "leave": "leave", "略去": "leave",
}  # fmt: skip
_AFTER: Final = re.compile(r"(?:^|[ _.-])(?:after|afterwards|later)(?:$|[ _.-])|活动后|触达后|之后", re.IGNORECASE)
"""What the name of a column holds that was measured after the campaign, as `revenue_after`."""

_ROW_NUMBERS: Final = frozenset({"", *names_of("unnamed:0 index row rowid row_id row_number rownumber 序号 行号")})


@frozen
class TrialMapping:
    """What the user said about columns: role -> column; `features` to look at alone; `left` to leave out."""

    roles: Mapping[str, str] = {}
    features: tuple[str, ...] = ()
    left: tuple[str, ...] = ()


@frozen
class TrialColumns:
    """Indices into a table's columns. outcomes: columns that look like further outcomes and are left out for it."""

    roles: Mapping[str, int]
    features: tuple[int, ...]
    outcomes: tuple[int, ...]


def parse_trial_mapping(text: str) -> TrialMapping:
    """Read `customer=…,arm=…,outcome=…,value=…`, and any number of `feature=…` and `leave=…`.

    Raises:
        WakeupError: WK6160, a part is not `role=column`, a role is unknown or named twice.
    """
    roles: dict[str, str] = {}
    named: dict[str, list[str]] = {"feature": [], "leave": []}
    for part in text.split(","):
        key, equals, column = (piece.strip() for piece in part.partition("="))
        role = _KEYS.get(key.casefold(), "")
        if not equals or not column or not role or role in roles:
            known = Listed((Noun("customer"), Noun("arm"), Noun("outcome"), Noun("value"), Noun("feature")), "or")
            wanted = Say("`ROLE=COLUMN` is wanted, with a role of {roles}, each but features once", roles=known)
            raise WakeupError([diagnostic("WK6160", part=part.strip(), option="--map", wanted=wanted)])
        if role in named:
            named[role].append(column)
        else:
            roles[role] = column
    return TrialMapping(roles, tuple(named["feature"]), tuple(named["leave"]))


def trial_columns(columns: Sequence[str], mapping: TrialMapping, *, source: str) -> TrialColumns:
    """Return what each column is. Without `feature=…` every column left describes people, but for row numbers and for
    those that are called like an outcome or `…_after`: what was measured after the campaign must not explain it.

    Raises:
        WakeupError: WK6015 a column is missing, WK6016 several fit, WK6018 a mapped column does not exist.
    """
    left = _located(columns, mapping.left, source)
    features = _located(columns, mapping.features, source)
    # A column that was left out plays no part: its name is hidden from the search, its place is kept.
    names = ["" if at in {*left, *features} else name for at, name in enumerate(columns)]
    roles = assign(names, ROLES, source=source, mapping=mapping.roles)
    others = [at for at in range(len(columns)) if at not in {*roles.values(), *left}]
    if features:
        return TrialColumns(roles, tuple(at for at in others if at in features), ())
    others = [at for at in others if plain(columns[at]) not in _ROW_NUMBERS]
    known = OUTCOME.names | OUTCOME.best | VALUE.names | VALUE.best
    outcomes = tuple(at for at in others if plain(columns[at]) in known or _AFTER.search(columns[at]))
    return TrialColumns(roles, tuple(at for at in others if at not in outcomes), outcomes)


def _located(columns: Sequence[str], wanted: Sequence[str], source: str) -> frozenset[int]:
    """Return where the named columns stand."""
    anything = (Role("feature", frozenset()),)
    return frozenset(assign(columns, anything, source=source, mapping={"feature": name})["feature"] for name in wanted)
