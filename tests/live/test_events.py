"""Events in the words of a shop, and files of them: every value read, every slip told with its place, nothing half."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.live.store.places import CAMPAIGN, FilePlace, person

from wakeup.channels.protocol import Answer, AnswerKind
from wakeup.diagnostics import Say, WakeupError, in_language
from wakeup.live.events import Rules, read_body, read_events
from wakeup.live.ingest_files import ingest_file, read_file
from wakeup.live.sealed import sealed_customer

NOW = 1_795_000_000
RULES = Rules("CNY", "Asia/Shanghai", NOW)
PLAIN = {"id": "e1", "kind": "clicked", "time": NOW, "customer": "li"}


def read(**more: Any) -> Answer:
    answers, wrong = read_events([(Say("event {number}", number=1), {**PLAIN, **more})], RULES)
    assert not wrong, [each.message for each in wrong]
    return answers[0]


def told(**more: Any) -> list[str]:
    answers, wrong = read_events([(Say("event {number}", number=1), {**PLAIN, **more})], RULES)
    assert not answers
    assert all(in_language(each, "zh").message != each.message for each in wrong)
    return [each.code for each in wrong]


@pytest.mark.parametrize(
    ("written", "t"),
    [
        (1_790_000_000, 1_790_000_000),
        ("1790000000", 1_790_000_000),
        ("2026-09-21T13:33:20Z", 1_789_997_600),
        ("2026-09-21T21:33:20+08:00", 1_789_997_600),
        ("2026-09-21 21:33:20", 1_789_997_600),
        ("2026-09-21", 1_789_920_000),
        (NOW + 300, NOW + 300),
    ],
)
def test_times(written: object, t: int) -> None:
    assert read(time=written).t == t


@pytest.mark.parametrize(
    "written",
    ["", None, True, 1.5, 0, -1, "yesterday", "2026-13-01", NOW + 301, "9" * 30, "１７９００００００", [], 10**30],
)
def test_what_is_no_time(written: object) -> None:
    assert told(time=written) == (["WK7102"] if written in ("", None) else ["WK7104"])


@pytest.mark.parametrize(
    ("written", "minor"),
    [("128.50", 12_850), (128.5, 12_850), (0, 0), ("0.005", 1), ("0.0049", 0), ("999999999999.99", 99_999_999_999_999)],
)
def test_amounts_are_major_units_rounded_half_up(written: object, minor: int) -> None:
    assert read(kind="ordered", amount=written).amount == minor


@pytest.mark.parametrize("written", ["-1", "1e13", "NaN", "Infinity", "12,50", "元", True, [], 10**12, "1" * 5000])
def test_what_is_no_amount(written: object) -> None:
    assert told(kind="ordered", amount=written) == ["WK7104"]


def test_another_currency_is_refused_and_digits_are_the_currency_s() -> None:
    assert told(kind="ordered", amount=5, currency="USD") == ["WK7104"]
    yen = Rules("JPY", "Asia/Tokyo", NOW)
    event = {**PLAIN, "kind": "ordered", "amount": "500", "currency": "JPY"}
    answers, _ = read_events([(Say("event {number}", number=1), event)], yen)
    assert answers[0].amount == 500


def test_scores_are_hundredths() -> None:
    assert read(kind="rated", score="4.5").amount == 450
    assert told(kind="rated", score=5.01) == ["WK7104"]
    assert told(kind="rated") == ["WK7102"]
    assert told(kind="ordered") == ["WK7102"]


def test_coupons_in_a_file_and_in_a_call() -> None:
    pairs = (("AB", 8_000), ("C:D", 5))
    assert read(redeemed="AB:80; C:D:0.05").redeemed == pairs
    assert read(redeemed=[{"code": "AB", "amount": 80}, {"code": "C:D", "amount": "0.05"}]).redeemed == pairs
    for wrong in ("AB", [{"code": "A"}], [{"code": "A", "amount": 1, "x": 1}], 5, [{"code": "A", "amount": 1}] * 21):
        assert told(redeemed=wrong) == ["WK7106"]


def test_whom_it_is_about_must_be_said() -> None:
    assert told(customer="") == ["WK7105"]
    assert read(customer="", code="X").code == "X"
    assert read(customer="", ref="0" * 32).ref == "0" * 32
    assert told(customer="", ref="0" * 31) == ["WK7104"]


leaves = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
json_values = leaves | st.lists(leaves, max_size=3) | st.dictionaries(st.text(max_size=3), leaves, max_size=2)
names = (
    st.sampled_from([*PLAIN, "amount", "score", "redeemed", "ref", "code", "currency", "channel", "staff"]) | st.text()
)


@settings(max_examples=40)
@given(st.dictionaries(names, json_values, max_size=6))
def test_any_object_is_read_or_told_and_what_is_read_can_be_kept(event: dict[str, Any]) -> None:
    answers, wrong = read_events([(Say("event {number}", number=1), event)], RULES)
    assert len(answers) == (not wrong)
    for answer in answers:
        assert abs(answer.t) < 2**62
        assert abs(answer.amount) < 2**62
        for text in (answer.event_id, answer.customer, answer.code, answer.channel, answer.staff):
            assert "\0" not in text.encode().decode()


@given(st.binary(max_size=60))
def test_any_body_is_read_or_told(body: bytes) -> None:
    answers, wrong = read_body(body, RULES)
    assert answers or wrong or body.strip().startswith(b"{")


# --- files -----------------------------------------------------------------------------------------------------------

CSV = """id,kind,time,customer,amount,redeemed
o1,ordered,2026-09-21 21:33:20,li,128.50,AB:80
c1,clicked,1790000000,li,,
"""
JSONL = '{"id": "c1", "kind": "clicked", "time": 1790000000, "customer": "li"}\n\n'


def written(folder: Path, name: str, text: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_csv_of_any_spreadsheet(tmp_path: Path, encoding: str) -> None:
    data = CSV.replace("li,", "李雷,").encode(encoding)
    answers = read_file(written(tmp_path, "a.csv", data), RULES)
    assert [each.customer for each in answers] == ["李雷", "李雷"]
    assert [(each.kind, each.t, each.amount, each.redeemed) for each in answers] == [
        (AnswerKind.ORDERED, 1_789_997_600, 12_850, (("AB", 8_000),)),
        (AnswerKind.CLICKED, 1_790_000_000, 0, ()),
    ]


def test_a_line_of_json_each(tmp_path: Path) -> None:
    assert [each.event_id for each in read_file(written(tmp_path, "a.jsonl", JSONL), RULES)] == ["c1"]


@pytest.mark.parametrize(
    ("name", "text", "codes"),
    [
        ("a.csv", "", ["WK7108"]),
        ("a.csv", "customer,amount\nli,5\n", ["WK7108"]),
        ("a.csv", "id,kind,time,time\n", ["WK7108"]),
        ("a.csv", CSV + "x1,clicked\n", ["WK7107"]),
        ("a.csv", CSV + 'x1,clicked,1,"li\n', ["WK7107"]),
        ("a.csv", CSV + "x1,clicked,1790000000,li,,,more\n", ["WK7107"]),
        ("a.csv", CSV + "x1,cliked,soon,,abc,\n", ["WK7104", "WK7104", "WK7104", "WK7105"]),
        ("a.jsonl", JSONL + "{", ["WK7107"]),
        ("a.jsonl", JSONL + "[1]", ["WK7107"]),
        ("a.jsonl", b"\xff\xff\xff", ["WK7107"]),
    ],
)
def test_one_wrong_row_and_nothing_is_taken(tmp_path: Path, name: str, text: str | bytes, codes: list[str]) -> None:
    store = FilePlace(tmp_path).open()
    with pytest.raises(WakeupError) as error:
        ingest_file(store, written(tmp_path, name, text), RULES)
    assert [each.code for each in error.value.diagnostics] == codes
    with store.read() as reader:
        assert reader.inbox_length() == 0
    store.close()


def test_row_column_and_value_are_told(tmp_path: Path) -> None:
    with pytest.raises(WakeupError) as error:
        read_file(written(tmp_path, "a.csv", CSV + "x1,cliked,1790000000,li,,\n"), RULES)
    assert error.value.diagnostics[0].message.startswith("row 4, kind: 'cliked' is not one of `sent`")
    with pytest.raises(WakeupError) as error:
        read_file(written(tmp_path, "a.csv", "id,kind,time,customer\n" + "x,y,1790000000,li\n" * 50), RULES)
    assert [each.code for each in error.value.diagnostics] == ["WK7104"] * 20 + ["WK1007"]


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(WakeupError, match="WK7107"):
        read_file(tmp_path / "none.csv", RULES)


def test_a_file_reaches_the_inbox_once(tmp_path: Path) -> None:
    store = FilePlace(tmp_path).open()
    with store.work() as work:
        work.add_customers([sealed_customer(store.keys, 7, "li", {})])
        work.enrol([person(7)])
    path = written(tmp_path, "a.csv", CSV)
    assert ingest_file(store, path, RULES) == (2, 2)
    assert ingest_file(store, path, RULES) == (2, 0)
    with store.read() as reader:
        queued = reader.waiting(CAMPAIGN, NOW, 10)
    assert [(each.answer.event_id, each.customer) for each in queued] == [("o1", 7), ("c1", 7)]
    store.close()
