"""Right text gives the right tree: north stars, twins, every kind of value."""

import datetime as dt
from decimal import Decimal

import pytest
from tests.syntax.corpus import FILES, tree

from wakeup.source import Source
from wakeup.syntax import nodes as n
from wakeup.syntax import parse


@pytest.mark.parametrize("name", FILES)
def test_corpus_is_clean(name: str) -> None:
    file, found = parse(Source(name, FILES[name]))
    assert found == ()
    assert file is not None
    assert file.version == 1


def test_north_star_in_both_languages_is_one_tree() -> None:
    chinese, english = (parse(Source("x", FILES[name]))[0] for name in sorted(FILES) if "north_star_zh" in name)
    assert chinese == english
    assert chinese is not None
    assert len(chinese.decls) == 9


def value(text: str) -> n.Phrase:
    return tree(f"segment a {{ where: {text} }}").decls[0].props[0].value


def told(text: str) -> str:
    """A phrase as a short text: heads and tails by class and canonical content."""
    return repr(value(text))


@pytest.mark.parametrize(
    ("text", "kind", "content"),
    [
        ("12%", n.Percent, ("value", Decimal(12))),
        ("1_200_000 CNY", n.Money, ("amount", Decimal(1200000))),
        ("0.05 CNY", n.Money, ("amount", Decimal("0.05"))),
        ("-5 CNY", n.Money, ("amount", Decimal(-5))),
        ("5万元", n.Money, ("amount", Decimal(50000))),
        ("1.5万元", n.Money, ("amount", Decimal(15000))),
        ("200 元", n.Money, ("currency", "CNY")),
        ("30d", n.Elapsed, ("seconds", Decimal(30 * 86400))),
        ("3天", n.Elapsed, ("unit", "d")),
        ("10min", n.Elapsed, ("seconds", Decimal(600))),
        ("1 month", n.Calendar, ("unit", "month")),
        ("3个月", n.Calendar, ("value", Decimal(3))),
        ("0.7x", n.Multiplier, ("value", Decimal("0.7"))),
        ("0.7倍", n.Multiplier, ("value", Decimal("0.7"))),
        ("1万人", n.Number, ("value", Decimal(10000))),
        ("6_000", n.Number, ("value", Decimal(6000))),
        ("500 sent", n.Quantity, ("value", Decimal(500))),
        ("2026-09-01", n.Date, ("value", dt.date(2026, 9, 1))),
        ("2026-09-01 at 10:00", n.DateTime, ("value", dt.datetime.fromisoformat("2026-09-01T10:00"))),
        ("2026-09-01 10:00", n.DateTime, ("value", dt.datetime.fromisoformat("2026-09-01T10:00"))),
        ("21：00", n.Time, ("value", dt.time(21))),
        ('"a \\"b\\" \\n"', n.String, ("value", 'a "b" \n')),
        ("cn.sms", n.Ref, ("text", "cn.sms")),
        ("below 200 CNY", n.Range, ("low", None)),
        ("500 CNY and up", n.Range, ("high", None)),
        ("20% off", n.Discount, ("threshold", None)),
        ("打8折券", n.Ref, ("text", "打8折券")),
        ("pause channel", n.Action, ("verb", "pause")),
        ("2026-09-01 until 2026-10-01", n.DateRange, ("inclusive", False)),
        ("2026-09-01 through 2026-10-01", n.DateRange, ("inclusive", True)),
    ],
)  # fmt: skip
def test_value(text: str, kind: type, content: tuple[str, object]) -> None:
    head = value(text).head
    assert type(head) is kind
    assert getattr(head, content[0]) == content[1]


@pytest.mark.parametrize(
    ("chinese", "english"),
    [
        ("满300减80 有效 7天", "80 CNY off 300 CNY valid 7d"),
        ("满300元减80元", "80 CNY off 300 CNY"),
        ("满300减80有效7天", "80 CNY off 300 CNY valid 7d"),
        ("8折", "20% off"),
        ("85折", "15% off"),
        ("8.5折", "15% off"),
        ("8.75折", "12.5% off"),
        ("80折", "20% off"),
        ("9折 有效 7天", "10% off valid 7d"),
        ("9折有效7天", "10% off valid 7d"),
        ("0.5折", "95% off"),
        ("打 8 折", "20% off"),
        ("满100打8折", "20% off 100 CNY"),
        ("满1万减2000", "2_000 CNY off 10_000 CNY"),
        ("满1.5万元减2千元", "2_000 CNY off 15_000 CNY"),
        ("满1万打9折", "10% off 10_000 CNY"),
        ("满 1_200 元 立享 8.5折 有效 7天", "15% off 1_200 CNY valid 7d"),
        ("满100元85折", "15% off 100 CNY"),
        ("每天 1万人 自 2026-10-15 10:00", "10_000 people per day from 2026-10-15 at 10:00"),
        ("每人12元", "12 CNY per person"),
        ("12元 每人", "12 CNY per person"),
        ("21：00到09：00 顺延", "21:00 to 09:00 otherwise delay"),
        ("2026-10-15至2026-11-15", "2026-10-15 through 2026-11-15"),
        ("打卡 持续 3天 连续", "check_in for 3d in a row"),
        ("投诉率 ＞ 0.3% 满 500 发送数", "complaint_rate > 0.3% after 500 sent"),
        ("距上次下单 ≥ 180天 且 非 标签（a）", "days_since_order >= 180d and not tag(a)"),
        ("未下单 或 点击", "no order or clicked"),
        ("没有 下单", "no order"),
        ("没有下单 或 没点击", "no order or no clicked"),
        ("投诉率 ＞ 0.3% 满 500条发送", "complaint_rate > 0.3% after 500 sent"),
        ("成本 > 18 RMB", "成本 > 18 CNY"),
        ("（下单 或 领取） 且 参与", "(order or claim) and join"),
        ("3% 介于 1% 且 6% 来源 \"x\" 等级 试点", "3% between 1% and 6% source \"x\" grade pilot"),
        ("a、b", "a, b"),
        ("末次触点 限期 7天", "last_touch within 7d"),
        ("人均触达 <= 3 每 30天 始终", "touches_per_person <= 3 per 30d always"),
        ("3 每自然月", "3 per calendar month"),
    ],
)  # fmt: skip
def test_twins(chinese: str, english: str) -> None:
    assert value(chinese) == value(english)


def test_statements() -> None:
    text = """
journey a for value.high {
  start: 5 per day
  send m with x, cn.y
  wait 5d for order or click
  wait until 2026-10-01 at 10:00
  wait 1 month
  if no order { exit } else if clicked { grant x } else { send m }
  split s measuring wake_rate within 7d { 50% one "One" { exit } 50% two { send m; exit } }
  promote winner of s after 14d sure 95%
}
"""
    start, send, wait, until, month, branch, split, promote = tree(text).decls[0].items
    assert isinstance(start, n.Property)
    assert isinstance(send, n.Send)
    assert [each.text for each in send.incentives] == ["x", "cn.y"]
    assert isinstance(wait, n.Wait)
    assert [each.text for each in wait.events] == ["order", "click"]
    assert isinstance(until, n.Wait)
    assert until.until
    assert isinstance(month, n.Wait)
    assert isinstance(month.time, n.Calendar)
    assert isinstance(branch, n.If)
    assert isinstance(branch.otherwise[0], n.If)
    assert isinstance(branch.otherwise[0].otherwise[0], n.Send)
    assert isinstance(split, n.Split)
    assert isinstance(split.within, n.Elapsed)
    assert [(arm.name.text, len(arm.body)) for arm in split.arms] == [("one", 1), ("two", 2)]
    assert isinstance(promote, n.Promote)
    assert promote.split is not None
    assert (promote.after, promote.sure) == (value("14d").head, value("95%").head)


def test_chinese_caps_and_statements() -> None:
    chinese = """
节奏 {
  每自然月最多2次 适用于 层.短期
  每30天最多 3次
  最多 1次 每周
}
旅程 甲 适用于 层.短期 {
  等待7天 直到 下单
  如果 未下单 { 退出 } 否则 如果 点击 { 发放 券 } 否则 { 发送 信 附 券、礼 }
}
"""
    english = """
cadence {
  at most 2 per calendar month for 层.短期
  at most 3 per 30d
  at most 1 per week
}
journey 甲 for 层.短期 {
  wait 7d for order
  if no order { exit } else if clicked { grant 券 } else { send 信 with 券, 礼 }
}
"""
    assert tree(chinese) == tree(english)


def test_names_may_hold_any_word() -> None:
    text = "gift staff { line: staff, limit: 2 }\ngift 优惠券1 { cost: 1 CNY }\ngift 未来客户 { line: 非会员 }"
    assert [decl.name and decl.name.text for decl in tree(text).decls] == ["staff", "优惠券1", "未来客户"]
    assert told("未来客户 或 至尊会员") == told("未来客户 or 至尊会员")


def test_bands_keep_the_names_of_the_author() -> None:
    file = tree("预算 100元 { 标签: 60元, 其他: 40元 }")
    assert [prop.key.text for prop in file.decls[0].props] == ["标签", "其他"]
    assert file.decls[0].subject is not None


def test_spans_name_the_text() -> None:
    source = Source("x", "wakeup 1\n赠品 甲 { 成本: 每人 12元 }")
    file, _ = parse(source)
    assert file is not None
    prop = file.decls[0].props[0]
    assert source.text_of(prop.key.span) == prop.key.written == "成本"
    assert source.text_of(prop.value.head.span) == "12元"
    assert source.text_of(prop.value.span) == "每人 12元"
    assert source.text_of(file.decls[0].head) == "赠品 甲"


def test_comments_and_docs() -> None:
    text = "# one\n## doc a\n## doc b\ngift kit { # trailing\n  ## the cost\n  cost: 1 CNY\n}\n\n## lost\n\n# end\n"
    file = tree(text)
    assert file.decls[0].doc == "doc a\ndoc b"
    assert file.decls[0].props[0].doc == "the cost"
    assert [(each.text, each.doc, each.trailing) for each in file.comments] == [
        ("one", False, False), ("doc a", True, False), ("doc b", True, False), ("trailing", False, True),
        ("the cost", True, False), ("lost", True, False), ("end", False, False),
    ]  # fmt: skip


def test_import() -> None:
    imported = tree('import "shared/cn_channels.wake" as cn').imports[0]
    assert (imported.path.value, imported.alias.text) == ("shared/cn_channels.wake", "cn")


@pytest.mark.parametrize("gap", [" ", "", "\n", "  # a note\n", "\n\n## doc\n# # #\n"])
def test_within_belongs_to_the_call_before_it_on_whatever_line(gap: str) -> None:
    text = "segment a {{ where: bought(x){}within 2d and not bought(y) }}"
    assert tree(text.format(gap)) == tree(text.format(" "))
    (call, _) = tree(text.format(gap)).decls[0].props[0].value.head.items
    assert isinstance(call.within, n.Elapsed)


@pytest.mark.parametrize("within", ["within", "限期", "\nwithin", " # a note\n限期"])
def test_within_behind_a_group_is_a_tail(within: str) -> None:
    value = tree(f"scenario a {{ x: a and (b or c) {within} 2d }}").decls[0].props[0].value
    assert [type(each) for each in value.head.items] == [n.Ref, n.Or]
    assert [each.word for each in value.tails] == ["within"]


@pytest.mark.parametrize("key", ["within", "限期", "近"])
def test_a_key_is_no_within(key: str) -> None:
    props = tree(f"customers {{ a: bought(x)\n {key}: 2d }}").decls[0].props
    assert [prop.key.written for prop in props] == ["a", key]
    assert props[0].value.head.within is None
