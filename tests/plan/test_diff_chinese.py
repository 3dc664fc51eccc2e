"""Changes between two plans in Chinese: the cases of changes.md once more, without an English word of ours."""

import re
from typing import Any

import pytest
from attrs import fields, has
from hypothesis import given
from tests.plan.strategies import edits
from tests.plan.test_diff import Case, base, cases, edited, plan_of

from wakeup.diagnostics.words import table
from wakeup.plan import model
from wakeup.plan.diff import Kind, changes_text, diff
from wakeup.plan.diff.plans import _NOWHERE
from wakeup.plan.diff.words import noun, part
from wakeup.plan.model import Plan

NAMES = {
    "spring",
    "value",
    "high",
    "regular",
    "promotion",
    "other",
    "sms",
    "push",
    "off80",
    "kit",
    "night",
    "lucky",
    "tea",
    "guide",
    "posters",
    "hello",
    "again",
    "party",
    "prize",
    "nudge",
    "which",
    "early",
    "late",
    "slump",
    "complaints",
    "prepare",
    "employee",
    "press",
    "vip",
    "new_mother",
}
TEXTS = r"“[^”]*”|[a-z_]+ [<>]=? [\d.]+%( sure \d+%)?|Sample \w+|Preparation|texts approved|（[a-z_]+）\d+ 处"
"""What customers read, claims and titles as the author wrote them, and the words of `--gate`."""


def chinese(old: Plan, new: Plan) -> str:
    return changes_text(diff(old, new, "zh"), "zh")


@pytest.mark.parametrize("case", cases(), ids=lambda case: str(case.title))
def test_no_english_word_is_left(case: Case) -> None:
    told = chinese(plan_of(base()), plan_of(edited(base(), case.edit)))
    assert set(re.findall(r"[A-Za-z]\w+", re.sub(TEXTS, " ", told), re.ASCII)) - NAMES == set()


def told(title: str) -> list[str]:
    (case,) = (each for each in cases() if each.title == title)
    return chinese(plan_of(base()), plan_of(edited(base(), case.edit))).splitlines()


def test_a_change_in_chinese() -> None:
    assert told("a smaller discount that lasts longer") == [
        "权益、支出减少  优惠券 off80：优惠：满 300元 减 80元 → 满 350元 减 80元",
        "权益            优惠券 off80：有效期：14 天 → 21 天",
        "",
        "2 处变化：权益（offer）2 处、支出减少（spend_lowered）1 处",
    ]
    assert told("a send for everybody")[:3] == [
        "时间      旅程 high，hello 之后的等待：新增：时长 14 天，事件 下单",
        "人群改变  旅程 high，发送 nudge：到达条件：如果 未下单 → 始终",
        "时间      旅程 high，nudge 之后的等待：去掉：时长 14 天，事件 下单",
    ]
    assert told("points in place of a coupon")[3] == "权益  积分 off80：类型：优惠券 → 积分"
    assert changes_text((), "zh") == "没有变化\n"


@given(edits())
def test_both_languages_see_the_same_changes(edit: tuple[Plan, Plan]) -> None:
    english, other = diff(*edit), diff(*edit, "zh")
    assert [each.kinds for each in other] == [each.kinds for each in english]
    assert chinese(*edit)


CLASSES: list[Any] = [each for each in vars(model).values() if isinstance(each, type) and has(each)]
SHOWN = [each for each in CLASSES if each is not model.Origin]


@pytest.mark.parametrize("cls", SHOWN, ids=lambda cls: str(cls.__name__))
def test_every_field_has_a_chinese_name(cls: Any) -> None:
    names = [each.name for each in fields(cls) if each.name not in (*_NOWHERE, "name")]
    assert [name for name in names if part(name, "zh") == part(name)] == []


def test_every_kind_and_every_declaration_has_a_chinese_name() -> None:
    assert table("changes").keys() == {kind.value for kind in Kind}
    plan = plan_of(base())
    declared = [each for row in fields(Plan) if isinstance(rows := getattr(plan, row.name), tuple) for each in rows]
    named = [each for each in declared if has(type(each)) and not isinstance(each, model.Origin)]
    assert len({type(each) for each in named}) > 10
    assert [each for each in named if noun(each, "zh").isascii()] == []
    assert part("a_field_to_come", "zh") == "a field to come"
