"""What people ask for under other names is answered by words that are accepted when they are typed."""

import pytest

import wakeup
from wakeup.diagnostics import Figure
from wakeup.lang.claims import known_figures
from wakeup.lang.wanted import COMMON, common_first, said_elsewhere, wanted
from wakeup.source import Source

BASE = """wakeup 1
活动 甲 {
  货币: CNY
  时区: "Asia/Shanghai"
  日期: 2027-03-01 至 2027-04-30
  人群: 距上次下单 >= 60天
  对照组: 10%
  毛利率: 50%
}
渠道 信 { 类型: email, 成本: 每条 0元, 退订: none }
消息 问候 通过 信 { 文本: "您好" }
旅程 全部 { 发送 问候 }
"""


def told(piece: str) -> list[wakeup.Diagnostic]:
    found = wakeup.check(Source("piece.wake", BASE + piece))
    return [each for each in found if each.span is not None and each.span.start >= len(BASE)]


@pytest.mark.parametrize("figure", known_figures())
def test_a_figure_is_understood_by_the_word_that_messages_use(figure: str) -> None:
    assert "WK2110" not in {each.code for each in told(f"目标 {Figure(figure).told('zh')} >= 3")}


@pytest.mark.parametrize(
    ("written", "instead"),
    [
        ("领取", "领取数"),
        ("参与率", "参与数"),
        ("报名人数", "参与数"),
        ("点击率", "点击数"),
        ("到场人数", "到场数"),
        ("问卷回收率", "参与数"),
    ],
)
def test_another_name_leads_to_the_figure(written: str, instead: str) -> None:
    found = told(f"目标 {written} >= 3")
    assert [each.code for each in found] == ["WK2110"]
    assert found[0].fix is not None
    assert str(found[0].fix.replacement) == instead
    assert told(f"目标 {instead} >= 3") == []


def test_a_figure_that_does_not_fit_here_is_not_offered() -> None:
    assert wanted("click_rate", known_figures()) == "clicked"
    assert wanted("Click_Rate", known_figures()) == "clicked"
    assert wanted("click_rate", ("wake_rate", "conversion", "orders")) is None


def test_common_figures_come_first_and_none_is_lost() -> None:
    found = common_first(known_figures())
    assert found[: len(COMMON)] == COMMON
    assert sorted(found) == sorted(known_figures())


@pytest.mark.parametrize(
    ("piece", "word"),
    [
        ("会员权益 金卡 { 升级: 1, 延长: 6个月, 成本: 每人 30元 }", "延长"),
        ("积分 送分 { 分值: 500, 倍数: 2倍, 返积分: 1% }", "赠品"),
        ("抽奖 大奖 { 中奖率: 1%, 奖品: 每份 399元, 名额: 50 }", "份数"),
        ("优惠券 券 { 优惠: 满199减50, 有效期: 14天, 每人限领: 1张 }", "限领"),
        ("线下活动 茶会 { when: 1, 席位: 80, 成本: 每人 60元 }", "时间"),
        ("员工 客服 { 接待: 20, 人数: 3人, 每单用时: 20分钟, 工时: 10:00 到 18:00 }", "每单用时"),
    ],
)
def test_a_property_of_something_else_is_told(piece: str, word: str) -> None:
    first = next(each for each in told(piece) if each.code == "WK2101")
    assert word in str(first.help)


@pytest.mark.parametrize("listed", ["下单、点击", "下单, 点击", "下单，点击"])
def test_events_in_a_row_are_told_to_be_joined_by_or(listed: str) -> None:
    text = BASE.replace("  毛利率: 50%\n", f"  毛利率: 50%\n  唤醒: {listed}\n")
    first = next(each for each in wakeup.check(Source("piece.wake", text)) if each.code == "WK1038")
    assert first.fix is not None
    assert str(first.fix.replacement) == "下单 或 点击"
    assert {each.code for each in wakeup.check(Source("piece.wake", text.replace(listed, "下单 或 点击")))} <= {
        "WK3316"
    }


def test_a_tier_by_rule_is_told_of_causes() -> None:
    ruled, ranged = told("分层 层 { 员工: 标签(员工), 其他: 否则 }"), told("分层 层 { 高: 500元 以上 }")
    assert "沉睡原因" in str(next(each for each in ruled if each.code == "WK2118").help)
    assert next(each for each in ranged if each.code == "WK2118").help is None


def test_other_properties_are_not_explained_away() -> None:
    assert said_elsewhere("membership", "colour") is None
    assert said_elsewhere("gift", "upgrade") is None


def test_hours_may_be_called_time() -> None:
    piece = "员工 客服 { 人数: 3人, 每单用时: 20分钟, 时间: 10:00 到 18:00 }"
    assert {each.code for each in told(piece)} <= {"WK3334"}
