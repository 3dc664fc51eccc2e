import json
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from tests.plan.strategies import plans

from wakeup.diagnostics import Diagnostic, WakeupError, in_language
from wakeup.plan.json import assumptions_from_json, plan_from_json, plan_to_json
from wakeup.plan.model import Attribution, Journey, Plan, Wave
from wakeup.plan.predicates import EVERYONE, And, Compare, Not, Predicate

SMALL = Plan(
    name="small",
    title="小活动",
    doc="",
    currency="CNY",
    minor_digits=2,
    zone="Asia/Shanghai",
    start=1_000,
    end=2_000,
    audience=EVERYONE,
    holdout="0.1",
    holdout_salt="h",
    awake=("order",),
    margin="0.5",
    budget=None,
    attribution=Attribution("last_touch", 604_800),
    journeys=(Journey("all", EVERYONE, Wave(1_000), ()),),
)


def tree() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(plan_to_json(SMALL))
    return loaded


def refused(data: bytes | dict[str, Any]) -> Diagnostic:
    raw = data if isinstance(data, bytes) else json.dumps(data).encode()
    with pytest.raises(WakeupError) as caught:
        plan_from_json(raw, "plan.json")
    (told,) = caught.value.diagnostics
    return told


@given(plans())
def test_a_plan_read_back_is_the_plan_written(plan: Plan) -> None:
    data = plan_to_json(plan)
    read = plan_from_json(data)
    assert read == plan
    assert plan_to_json(read) == data


def test_json_is_sorted_utf8_and_ends_with_a_line() -> None:
    data = plan_to_json(SMALL)
    assert data.endswith(b"}\n")
    assert "小活动".encode() in data
    keys = list(json.loads(data))
    assert keys == sorted(keys)


def test_lists_and_tuples_of_operands_are_the_same_plan() -> None:
    one = evolve(SMALL, audience=And([Compare("orders", ">", 1, "count")]))  # type: ignore[arg-type]  # wrong on purpose
    assert plan_from_json(plan_to_json(one)) == one


def test_unknown_fields_are_ignored_at_every_level() -> None:
    newer = tree()
    newer["moonphase"] = "full"
    newer["journeys"][0]["mood"] = 3
    assert plan_from_json(json.dumps(newer).encode()) == SMALL


def test_a_minor_version_is_read() -> None:
    assert plan_from_json(json.dumps({**tree(), "format_version": "1.7"}).encode()).name == "small"


@pytest.mark.parametrize("version", ["2", "0.9", None])
def test_another_major_version_is_refused(version: str | None) -> None:
    other = tree()
    del other["format_version"]
    if version:
        other["format_version"] = version
    told = refused(other)
    assert told.code == "WK5002"
    assert told.message == f"plan.json has format version {version or 'none'}; this wakeup reads version 1"


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "it is no JSON at line 1, column 1"),
        (b"\xff\xfe\x00", "it is not UTF-8 text"),
        (b"[" * 20_000, "it is nested too deeply"),
        (b"[]", "it has no journeys"),
        (b'{"a": NaN}', "NaN is no number of JSON"),
    ],
)
def test_what_is_no_plan_is_refused_in_words(data: bytes, problem: str) -> None:
    told = refused(data)
    assert told.code == "WK5001"
    assert problem in told.message


@pytest.mark.parametrize(
    ("key", "value", "place"),
    [
        ("start", "1000", "plan.start"),
        ("name", 3, "plan.name"),
        ("journeys", [{}], "plan.journeys[0]"),
        ("end", True, "plan.end"),
    ],
)
def test_a_wrong_type_is_refused_with_its_place(key: str, value: object, place: str) -> None:
    told = refused({**tree(), key: value})
    assert told.code == "WK5001"
    assert place in told.message


def test_a_predicate_nested_too_deeply_is_refused() -> None:
    deep: Predicate = EVERYONE
    for _ in range(200):
        deep = Not(deep)
    data = plan_to_json(evolve(SMALL, audience=deep))
    assert plan_from_json(data).audience == deep
    inner = '{"kind": "and", "operands": []}'
    text = (
        plan_to_json(SMALL)
        .decode()
        .replace('"audience": {\n    "kind": "and",\n    "operands": []\n  }', '"audience": HERE')
    )
    nested = '{"kind": "not", "operand": ' * 30_000 + inner + "}" * 30_000
    assert refused(text.replace("HERE", nested).encode()).code == "WK5001"


def test_a_plan_that_contradicts_itself_is_refused_and_all_is_told() -> None:
    told = refused({**tree(), "end": 1, "holdout": "2"})
    assert told.code == "WK5003"
    assert told.message.endswith("in 2 place(s); the first: the run ends before it starts")
    assert told.notes == ("holdout '2' is no share between 0 and 1",)


# --- in Chinese ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("edit", "en", "zh"),
    [
        ({"start": "1000"}, "invalid value for type, expected int @ plan.start", "plan.start 处类型不对，应为整数"),
        ({"journeys": [{}]}, "required field missing @ plan.journeys[0].name", "plan.journeys[0].name 处缺少必填字段"),
        (
            {"budget": 3},
            "invalid value for type, expected wakeup.plan.model.Budget | None @ plan.budget",
            "plan.budget 处类型不对，应为对象或空值",
        ),
        (
            {"tiers": [{"name": "a", "attribute": "b", "unit": "luck", "bands": []}]},
            "(luck not in literal typing.Literal['money', 'seconds', 'months', 'count', 'rule']) @ plan.tiers[0].unit",
            "plan.tiers[0].unit 处“luck”不在可选值之中：money、seconds、months、count、rule",
        ),
    ],
)
def test_a_wrong_shape_is_told_in_both_languages(edit: dict[str, Any], en: str, zh: str) -> None:
    told = refused({**tree(), **edit})
    assert told.code == "WK5001"
    assert told.message.endswith(en)
    assert in_language(told, "zh").message == f"plan.json 不是 wakeup 方案：{zh}"


def test_contradictions_are_told_in_both_languages() -> None:
    told = refused({**tree(), "end": 1, "holdout": "2", "zone": "Mars"})
    assert told.notes == ("there is no time zone 'Mars'", "holdout '2' is no share between 0 and 1")
    other = in_language(told, "zh")
    assert other.message == "plan.json 有 3 处自相矛盾，第一处：活动结束早于开始"
    assert other.notes == ("没有名为“Mars”的时区", "对照组“2”不是 0 到 1 之间的比例")


@pytest.mark.parametrize(
    ("data", "en", "zh"),
    [
        (b"", "it is no JSON at line 1, column 1", "第 1 行第 1 列不是 JSON"),
        (b"\xff\xfe", "it is not UTF-8 text", "不是 UTF-8 文本"),
        (b"[" * 20_000, "it is nested too deeply", "嵌套过深"),
        (b"[NaN]", "NaN is no number of JSON", "NaN 不是 JSON 数字"),
        (b"3", "it is no list", "不是列表"),
        (b"[" + b"9" * 5_000 + b"]", "a number in it has too many digits", "其中有位数过多的数字"),
        (
            b'[{"parameter": 1}]',
            "invalid value for type, expected str @ row[0].parameter",
            "row[0].parameter 处类型不对，应为文本",
        ),
    ],
)
def test_what_is_no_list_of_assumptions_is_told_in_both_languages(data: bytes, en: str, zh: str) -> None:
    with pytest.raises(WakeupError) as caught:
        assumptions_from_json(data, "a.json")
    (told,) = caught.value.diagnostics
    assert (told.code, told.message) == ("WK5004", f"'a.json' is no list of assumptions: {en}")
    assert in_language(told, "zh").message == f"“a.json”不是假设列表：{zh}"
