"""Logs of touches and outcomes: the long format in both languages, what belongs to what, what is wrong with a log."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from wakeup.customers.past import Past, PastFiles, Stage
from wakeup.customers.population import NEVER
from wakeup.diagnostics import WakeupError

ORDERS = "customer_id,date,amount\n" + "".join(f"c{i},2026-01-{1 + i % 28:02d},{50 + i}\n" for i in range(80))

TOUCHES = """customer_id,time,channel,message,incentive
c1,2026-03-01 10:00,shop.sms,hello,
c2,2026-03-01 10:00,shop.email,news,c20
c2,2026-03-05 10:00,shop.email,news,c20 + sample
c3,2026-03-01 11:00,shop.email,news,c20
"""

OUTCOMES = """customer_id,time,kind,message,incentive,valid_until
c2,2026-03-01 12:00,open,news,,
c2,2026-03-01 12:01,click,news,,
c2,2026-03-06 09:00,opened,news,,
c3,2026-03-02 11:00,opt-out,news,,
c2,2026-03-06 10:00,claimed,,sample,
"""


def at(text: str) -> int:
    """Seconds of a UTC time."""
    return int(np.datetime64(text, "s").astype(np.int64))


def read(
    folder: Path, *, orders: str = ORDERS, touches: str = TOUCHES, outcomes: str | None = OUTCOMES, **more: Any
) -> Past:
    """Write logs and read them."""
    (folder / "orders.csv").write_text(orders, encoding="utf-8")
    (folder / "touches.csv").write_text(touches, encoding="utf-8")
    if outcomes is not None:
        (folder / "outcomes.csv").write_text(outcomes, encoding="utf-8")
    stage = Stage(incentives={"c20": "coupon", "sample": "gift"})
    files = PastFiles(
        folder / "orders.csv",
        folder / "touches.csv",
        None if outcomes is None else folder / "outcomes.csv",
        stage=stage,
        **more,
    )
    return files.read()


def codes(past: Past) -> list[str]:
    """What was said."""
    return [each.code for each in past.warnings]


def refused(folder: Path, **logs: str) -> list[str]:
    """The codes of a refusal."""
    with pytest.raises(WakeupError) as caught:
        read(folder, **logs)
    return [each.code for each in caught.value.diagnostics]


def test_an_answer_belongs_to_the_last_send_of_its_message(tmp_path: Path) -> None:
    contacts = read(tmp_path).contacts
    assert contacts is not None
    assert contacts.channels == ("shop.email", "shop.sms")
    assert contacts.kinds == {"shop.email": "email", "shop.sms": "sms"}
    assert contacts.sends.t.tolist() == [
        at(f"2026-03-0{day}T{hour}:00") for day, hour in ((1, 10), (1, 10), (1, 11), (5, 10))
    ]
    assert contacts.sends.channel.tolist() == [1, 0, 0, 0]
    opened = contacts.sends.answers["opened"].tolist()
    assert opened == [NEVER, at("2026-03-01T12:00"), NEVER, at("2026-03-06T09:00")]
    assert contacts.sends.answers["clicked"].tolist()[1] == at("2026-03-01T12:01")
    assert contacts.sends.answers["opted_out"].tolist() == [NEVER, NEVER, at("2026-03-02T11:00"), NEVER]


def test_several_offers_of_a_send_stand_in_one_cell(tmp_path: Path) -> None:
    contacts = read(tmp_path).contacts
    assert contacts is not None
    assert contacts.incentives == ("c20", "sample")
    assert list(zip(contacts.offers.send.tolist(), contacts.offers.incentive.tolist(), strict=True)) == [
        (1, 0), (2, 0), (3, 0), (3, 1),
    ]  # fmt: skip
    assert contacts.offers.taken.tolist() == [NEVER, NEVER, NEVER, at("2026-03-06T10:00")]
    assert contacts.offers.had.tolist() == [False] * 4


def test_an_offer_that_was_taken_before_is_marked(tmp_path: Path) -> None:
    contacts = read(tmp_path, touches=TOUCHES + "c2,2026-03-09 10:00,shop.email,news,sample\n").contacts
    assert contacts is not None
    assert contacts.offers.had.tolist() == [False] * 4 + [True]


def test_a_chinese_log_in_one_file_says_the_same(tmp_path: Path) -> None:
    touches = """客户编号,时间,事件,渠道,消息
c1,2026年3月1日 10:00,发送,短信,唤醒
c1,2026-03-01 10:20,打开,短信,唤醒
c2,2026-03-01 10:00,发送,短信,唤醒
c2,2026-03-01 11:00,退订,短信,唤醒
"""
    contacts = read(tmp_path, touches=touches, outcomes=None).contacts
    assert contacts is not None
    assert contacts.kinds == {"短信": "sms"}
    assert contacts.sends.answers["opened"].tolist() == [at("2026-03-01T10:20"), NEVER]
    assert contacts.sends.answers["opted_out"].tolist() == [NEVER, at("2026-03-01T11:00")]


def test_what_is_wrong_with_a_log_is_said_with_rows_and_counts(tmp_path: Path) -> None:
    outcomes = (
        OUTCOMES + "c9,2026-03-02 10:00,opened,news,,\nc2,2026-02-01 10:00,opened,news,,\nc2,someday,opened,news,,\n"
    )
    outcomes += "c2,2026-03-01 12:00,open,news,,\n,2026-03-02 10:00,opened,news,,\nc2,2026-03-02 10:00,danced,news,,\n"
    past = read(tmp_path, outcomes=outcomes)
    assert sorted(codes(past)) == ["WK6035", "WK6036", "WK6039", "WK6068", "WK6103", "WK6105"]
    told = {each.code: each.message for each in past.warnings}
    assert told["WK6105"] == "outcomes: 2 answers have no send of theirs at or before their time and are left out: 7, 8"
    assert told["WK6103"] == "outcomes: 1 rows are of kinds that are not known (danced) and are left out: 12"
    assert told["WK6036"].endswith("9")
    assert "c9" not in " ".join(told.values())


def test_what_lies_after_the_as_of_is_not_read_and_said(tmp_path: Path) -> None:
    past = read(tmp_path, as_of="2026-03-04")
    assert past.contacts is not None
    assert len(past.contacts.sends.t) == 3
    assert codes(past).count("WK6104") == 2


def test_names_of_no_known_kind_teach_nothing_and_are_named(tmp_path: Path) -> None:
    past = read(tmp_path, touches=TOUCHES.replace("shop.sms", "blue"))
    assert past.contacts is not None
    assert "blue" not in past.contacts.kinds
    (told,) = [each.message for each in past.warnings if each.code == "WK6106"]
    assert told == "nothing tells the kind of `blue`: nothing is learnt about them"


def test_a_log_that_cannot_be_a_log_of_touches_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path, touches="") == ["WK6012"]
    assert refused(tmp_path, touches=TOUCHES.replace("time", "when")) == ["WK6015"]
    assert refused(tmp_path, touches=TOUCHES.replace("2026", "soon")) == ["WK6022"]
    assert refused(tmp_path, outcomes=OUTCOMES.replace("kind", "what")) == ["WK6015"]
    nonsense = "customer_id,time,kind\nc1,2026-03-01,x\nc2,2026-03-01,y\n"
    assert refused(tmp_path, outcomes=nonsense) == ["WK6102"]
    assert refused(tmp_path, touches="customer_id,time,kind\nc1,2026-03-01,opened\n") == ["WK6107"]


HELD = "customer_id,time,kind,campaign,channel\n" + "".join(
    f"c{i},2026-03-01 10:00,{'held_out' if i % 2 else 'sent'},spring,{'' if i % 2 else 'sms'}\n" for i in range(80)
)


def test_who_was_held_out_is_watched_beside_who_was_contacted(tmp_path: Path) -> None:
    orders = ORDERS + "c1,2026-03-04,70\nc2,2026-03-10,30\nc2,2026-03-20,30\nc4,2026-06-01,9\n"
    units = read(tmp_path, touches=HELD, outcomes=None, orders=orders).units
    assert units is not None
    assert units.held_out.sum() == 40
    people = [f"c{i}" for i in range(80)]
    place = {name: number for number, name in enumerate(sorted(people))}
    assert units.ordered[place["c1"]] == at("2026-03-04T00:00")
    assert units.ordered[place["c2"]] == at("2026-03-10T00:00")
    assert units.orders[place["c2"]] == 1
    assert units.last_order[place["c2"]] == at("2026-01-03T00:00")
    assert units.basket[place["c2"]] == 5_200
    assert set(units.until.tolist()) == {at("2026-03-29T10:00")}
    assert sorted(units.unit.tolist()) == sorted(place[f"c{i}"] for i in range(0, 80, 2))


def test_who_was_held_out_and_contacted_all_the_same_is_left_out(tmp_path: Path) -> None:
    past = read(tmp_path, touches=HELD + "c1,2026-03-02 10:00,sent,spring,sms\n", outcomes=None)
    assert past.units is not None
    assert past.units.held_out.sum() == 39
    assert "WK6108" in codes(past)


def test_without_a_holdout_there_is_no_comparison(tmp_path: Path) -> None:
    assert read(tmp_path).units is None
    assert read(tmp_path, touches=HELD.replace("held_out", "sent"), outcomes=None).units is None


def test_logs_that_name_customers_differently_are_told_apart(tmp_path: Path) -> None:
    past = read(
        tmp_path, touches=TOUCHES.replace("c1", "0001").replace("c2", "0002").replace("c3", "c4"), outcomes=None
    )
    (told,) = [each.message for each in past.warnings if each.code == "WK6111"]
    assert told == "2 of the 3 customers who were contacted have no order in 'orders.csv'"
    assert "WK6111" not in codes(read(tmp_path))


def test_one_huge_customer_does_not_make_everybody_s_basket(tmp_path: Path) -> None:
    rows = "".join(f"c{i},2026-0{1 + i % 6}-{1 + i % 28:02d},{80 + i % 41}\n" for i in range(600))
    plain = read(tmp_path, orders="customer_id,date,amount\n" + rows).baskets
    huge = read(tmp_path, orders="customer_id,date,amount\n" + rows + "whale,2026-02-01,40000\n").baskets
    assert plain.first_orders == 600
    assert plain.first_mean == pytest.approx(10_000, rel=0.01)
    assert huge.first_mean == pytest.approx(plain.first_mean, rel=0.01)
    assert huge.first_sd < 0.02


def test_baskets_that_move_from_quarter_to_quarter_are_less_sure(tmp_path: Path) -> None:
    steady = [100 + i % 7 for i in range(400)]
    told = []
    for factor in (1.0, 1.6):
        rows = "".join(
            f"c{i},{2024 + i // 200}-0{1 + 6 * (i % 2)}-{1 + i % 28:02d},{each * (factor if i % 2 else 1.0):.2f}\n"
            for i, each in enumerate(steady)
        )
        told.append(read(tmp_path, orders="customer_id,date,amount\n" + rows).baskets.first_sd)
    assert told[0] < 0.01
    assert 0.15 < told[1] < 0.5


def test_the_spread_of_baskets_is_that_of_a_person_s_own(tmp_path: Path) -> None:
    draw = np.random.default_rng(3)
    rows = ""
    for who in range(800):
        usual = np.exp(draw.normal(4.0, 1.0))
        rows += "".join(f"c{who},2025-{1 + n:02d}-05,{usual * np.exp(0.5 * draw.normal()):.2f}\n" for n in range(6))
    baskets = read(tmp_path, orders="customer_id,date,amount\n" + rows).baskets
    assert baskets.repeated == 800
    assert baskets.spread == pytest.approx(0.5 * (1 + 1 / 5) ** 0.5, rel=0.12)
