"""Reading the table of a randomised campaign: whatever columns are called, and what must be refused or said."""

import csv
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from wakeup.customers.trial_columns import TrialMapping, parse_trial_mapping, trial_columns
from wakeup.customers.trial_table import TrialTable, read_trial
from wakeup.diagnostics import WakeupError

HEAD = ("customer_id", "arm", "recency", "region", "joined", "outcome", "value")


def rows(people: int = 60, arms: Sequence[str] = ("control", "mail")) -> list[list[object]]:
    return [
        [f"C{at:03d}", arms[at % len(arms)], 10 + at, "NS"[at % 3 == 0], f"2020-01-{1 + at % 28:02d}", int(at % 5 == 0),
         0 if at % 5 else 12.5]
        for at in range(people)
    ]  # fmt: skip


def write(path: Path, head: Sequence[str], body: Sequence[Sequence[object]], encoding: str = "utf-8") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows([head, *body])
    return path


def refused(path: Path, mapping: str = "", control: str | None = None) -> dict[str, str]:
    with pytest.raises(WakeupError) as error:
        read_trial(path, mapping=parse_trial_mapping(mapping) if mapping else None, control=control)
    return {each.code: each.message for each in error.value.diagnostics}


def warned(table: TrialTable) -> dict[str, str]:
    return {each.code: each.message for each in table.warnings}


def test_a_table_is_read(tmp_path: Path) -> None:
    table = read_trial(write(tmp_path / "mail.csv", HEAD, rows()))
    assert table.arms == ("control", "mail")
    assert (len(table), table.rows) == (60, 60)
    assert np.bincount(table.arm).tolist() == [30, 30]
    assert int(table.outcome.sum()) == 12
    assert table.value is not None
    assert int(table.value.sum()) == 12 * 1250
    assert bool((table.value[table.outcome] == 1250).all())
    assert {name: field.kind for name, field in table.features.items()} == {
        "recency": "number", "region": "text", "joined": "number",
    }  # fmt: skip
    assert table.features["region"].labels == ("N", "S")
    assert bool((np.diff(table.key.astype(np.float64)) >= 0).all())
    # A row stays together when people are sorted.
    recency = np.asarray(table.features["recency"].values)
    assert bool((table.outcome == ((recency - 10) % 5 == 0)).all())
    assert bool((table.arm == (recency % 2)).all())
    assert warned(table) == {}


@pytest.mark.parametrize(
    ("head", "arms", "control"),
    [
        (("客户编号", "组别", "最近天数", "地区", "入会日期", "是否下单", "消费金额"), ("对照组", "短信"), "对照组"),
        (("household_id", "Segment", "a", "b", "since", "Visit", "Spend"), ("No E-Mail", "E-Mail"), "No E-Mail"),
        (("uid", "treatment", "a", "b", "c", "gave", "amount"), ("0", "1"), "0"),
        (("id", "variant", "a", "b", "c", "converted", "revenue"), ("B", "holdout"), "holdout"),
        (("id", "group", "a", "b", "c", "是否转化", "gmv"), ("未触达", "电话"), "未触达"),
    ],
    ids=["zh", "segments", "0/1", "holdout", "mixed"],
)
def test_columns_and_the_control_are_found_by_their_names(
    tmp_path: Path, head: Sequence[str], arms: Sequence[str], control: str
) -> None:
    table = read_trial(
        write(tmp_path / "t.csv", head, rows(arms=arms), "gb18030" if head[0] == "客户编号" else "utf-8")
    )
    assert table.arms[0] == control
    assert set(table.columns) == {"customer", "arm", "outcome", "value"}
    assert set(table.features) == set(head[2:5])
    assert int(table.outcome.sum()) == 12


def test_a_mapping_says_which_column_is_what(tmp_path: Path) -> None:
    head = ("k", "who_got_what", "recency", "conversion", "c", "visit", "spend")
    body = [[*each[:3], int(each[3] == "N"), *each[4:]] for each in rows(arms=("a", "b", "c"))]
    path = write(tmp_path / "t.csv", head, body)
    table = read_trial(path, mapping=parse_trial_mapping("customer=k, arm=who_got_what, outcome=visit"), control="b")
    assert table.arms == ("b", "a", "c")
    assert table.columns == {"customer": "k", "arm": "who_got_what", "outcome": "visit", "value": "spend"}
    # Called like an outcome: left out, and said.
    assert set(table.features) == {"recency", "c"}
    assert "conversion" in warned(table)["WK6168"]
    chosen = parse_trial_mapping("arm=who_got_what,outcome=visit,feature=recency,feature=conversion,客户=k")
    assert set(read_trial(path, mapping=chosen, control="a").features) == {"recency", "conversion"}
    left = parse_trial_mapping("arm=who_got_what,customer=k,leave=c,leave=visit,leave=recency")
    assert read_trial(path, mapping=left, control="a").columns["outcome"] == "conversion"


@pytest.mark.parametrize("text", ["arm", "arm=", "price=x", "arm=a,arm=b", "arm=a,,outcome=b"])
def test_a_mapping_that_cannot_be_read(text: str) -> None:
    with pytest.raises(WakeupError) as error:
        parse_trial_mapping(text)
    assert [each.code for each in error.value.diagnostics] == ["WK6160"]


def test_columns_that_are_missing_or_several(tmp_path: Path) -> None:
    path = write(tmp_path / "t.csv", ("id", "arm", "visit", "conversion"), [[1, "a", 0, 1]])
    assert refused(path).keys() == {"WK6016"}
    assert refused(path, "outcome=visits").keys() == {"WK6018"}
    assert refused(write(tmp_path / "u.csv", ("id", "age"), [[1, 2]])).keys() == {"WK6015"}
    assert refused(path, "outcome=visit,leave=age").keys() == {"WK6018"}


def test_without_a_customer_column_a_row_is_a_person(tmp_path: Path) -> None:
    body = [each[1:] for each in rows()]
    table = read_trial(write(tmp_path / "t.csv", HEAD[1:], body))
    assert len(table) == 60
    assert "customer" not in table.columns


@pytest.mark.parametrize("control", ["1", "mailed", "Mail"])
def test_the_control_must_be_known(tmp_path: Path, control: str) -> None:
    path = write(tmp_path / "t.csv", HEAD, rows(arms=("letter", "mail")))
    assert "none of the arms" in refused(path)["WK6162"]
    if control == "Mail":
        assert read_trial(path, control=control).arms == ("mail", "letter")
    else:
        assert f"`{control}`" in refused(path, control=control)["WK6162"]


def test_two_arms_that_look_like_a_control_are_asked_about(tmp_path: Path) -> None:
    assert "WK6162" in refused(write(tmp_path / "t.csv", HEAD, rows(arms=("control", "none", "mail"))))


def test_one_arm_or_far_too_many(tmp_path: Path) -> None:
    assert "1 arm;" in refused(write(tmp_path / "t.csv", HEAD, rows(arms=("mail",))))["WK6161"]
    many = [[*each[:1], at, *each[2:]] for at, each in enumerate(rows())]
    assert "60 arms" in refused(write(tmp_path / "t.csv", HEAD, many))["WK6161"]


def test_outcomes_other_than_0_and_1_are_refused_with_their_rows(tmp_path: Path) -> None:
    body = rows()
    body[3][5], body[8][5] = 2, "perhaps"
    message = refused(write(tmp_path / "t.csv", HEAD, body))["WK6163"]
    assert "2 rows" in message
    assert message.endswith("5, 10")
    assert "perhaps" not in message
    body = rows()
    body[0][6] = "much"
    assert "amount" in refused(write(tmp_path / "t.csv", HEAD, body))["WK6163"]


@pytest.mark.parametrize(("no", "yes"), [("no", "yes"), ("FALSE", "TRUE"), ("否", "是"), ("0.0", "1.0")])
def test_outcomes_may_be_words(tmp_path: Path, no: str, yes: str) -> None:
    body = [[*each[:5], yes if each[5] else no, each[6]] for each in rows()]
    assert int(read_trial(write(tmp_path / "t.csv", HEAD, body)).outcome.sum()) == 12


def test_a_person_in_two_arms_or_two_rows_is_refused(tmp_path: Path) -> None:
    body = rows()
    body[7][0] = body[2][0]  # in the other arm
    message = refused(write(tmp_path / "t.csv", HEAD, body))["WK6164"]
    assert "more than one arm" in message
    assert "9" in message
    assert "C00" not in message
    body = rows()
    body[10][0] = body[2][0]  # in the same arm, with another outcome
    assert "more than one row" in refused(write(tmp_path / "t.csv", HEAD, body))["WK6164"]


def test_rows_are_left_out_and_counted(tmp_path: Path) -> None:
    body = rows(80)
    body[4][1], body[5][5], body[7][5], body[9][0] = "", "", " ", ""
    body.append(list(body[20]))
    table = read_trial(write(tmp_path / "t.csv", HEAD, body))
    assert len(table) == 76
    assert table.rows == 81
    assert table.missing == ((39, 0), (40, 2))
    told = [each.message for each in table.warnings if each.code == "WK6167"]
    assert len(told) == 4
    assert any("2 rows" in each and "7, 9" in each for each in told)


def test_an_arm_needs_people(tmp_path: Path) -> None:
    body = rows(60)
    for each in body[:45]:
        each[1] = "control"
    assert "'mail'" in refused(write(tmp_path / "t.csv", HEAD, body))["WK6166"]


def test_columns_that_tell_nothing_are_left_out_and_named(tmp_path: Path) -> None:
    head = ("customer_id", "arm", "same", "name", "Unnamed: 0", "outcome", "city")
    body = [[f"C{at}", "control" if at % 2 else "mail", 7, f"Li {at}", at, 0, f"city {at % 20}"] for at in range(100)]
    table = read_trial(write(tmp_path / "t.csv", head, body))
    assert set(table.features) == {"city"}
    assert len(table.features["city"].labels) == 13  # twelve and the others
    assert "same" in warned(table)["WK6168"]
    assert "name" in warned(table)["WK6168"]


def test_blank_features_stay_blank(tmp_path: Path) -> None:
    body = rows()
    body[3][2], body[4][3], body[5][4] = "", "", ""
    table = read_trial(write(tmp_path / "t.csv", HEAD, body))
    assert int(np.isnan(np.asarray(table.features["recency"].values)).sum()) == 1
    assert int((np.asarray(table.features["region"].values) == -1).sum()) == 1
    assert int(np.isnan(np.asarray(table.features["joined"].values)).sum()) == 1


def test_what_statistics_programs_write_for_nothing_is_blank(tmp_path: Path) -> None:
    body = rows(80)
    body[3][2], body[5][3], body[6][5], body[8][6] = "NA", "nan", "NULL", "NaN"
    table = read_trial(write(tmp_path / "t.csv", HEAD, body))
    assert len(table) == 79
    assert table.features["recency"].kind == "number"
    assert table.features["region"].labels == ("N", "S")
    assert np.bincount(np.asarray(table.features["region"].values) + 1)[0] == 1
    assert read_trial(write(tmp_path / "n.csv", HEAD, rows(arms=("None", "mail")))).arms == ("None", "mail")


def test_files_that_are_none(tmp_path: Path) -> None:
    assert refused(tmp_path / "nowhere.csv").keys() == {"WK6011"}
    (tmp_path / "empty.csv").write_text("")
    assert refused(tmp_path / "empty.csv").keys() == {"WK6012"}


def test_row_numbers_are_no_features() -> None:
    found = trial_columns(("", "customer", "arm", "outcome", "index", "age"), TrialMapping(), source="t.csv")
    assert found.features == (5,)
