"""Past touches."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from wakeup.customers import from_history

Write = Callable[..., Path]
HEADER = "customer_id,date,amount"


def test_touches_feed_caps_and_last_interaction(write: Write) -> None:
    log = write("orders.csv", HEADER, "a,2026-01-05,80", "b,2026-02-06,120", "c,2026-02-07,5")
    touches = write(
        "touches.csv",
        "customer_id,sent_at,channel",
        "b,2026-02-10 10:00,sms",
        "a,2026-02-09 10:00,SMS",
        "b,2026-01-01 10:00,email",
        "b,2026-02-10 10:00,sms",
        "nobody,2026-02-10,sms",
        "a,soon,sms",
        ",2026-02-10,sms",
        "a,2026-02-11,sms",
        "a,2026-02-08,",
    )
    history = from_history(log, as_of="2026-02-11", touches=touches)
    people, past = history.population, history.population.touches
    assert past is not None
    assert past.channels == ("", "email", "sms")
    rows = {str(who): i for i, who in enumerate(people.ids)}
    own = {
        who: [(int(t), past.channels[c]) for t, c in zip(past.t[low:high], past.channel[low:high], strict=True)]
        for who, i in rows.items()
        for low, high in [(past.offset[i], past.offset[i + 1])]
    }
    at = {day: int(np.datetime64(f"2026-{day}T10:00", "s").astype(int)) for day in ("01-01", "02-09", "02-10")}
    assert own == {
        "a": [(at["02-09"] - 34 * 3600, ""), (at["02-09"], "sms")],
        "b": [(at["01-01"], "email"), (at["02-10"], "sms")],
        "c": [],
    }
    assert people.last_interaction[rows["a"]] == at["02-09"]
    assert people.last_interaction[rows["b"]] == at["02-10"]
    assert people.last_interaction[rows["c"]] == people.last_order[rows["c"]]
    assert {(p.kind, p.first_rows) for p in history.report.problems if p.source == "touches"} == {
        ("duplicate", (5,)), ("unknown_customer", (6,)), ("unreadable_time", (7,)), ("missing_id", (8,)),
    }  # fmt: skip


def test_an_older_touch_does_not_move_last_interaction(write: Write) -> None:
    log = write("orders.csv", HEADER, "a,2026-01-05,80")
    touches = write("touches.csv", "客户编号,触达时间,渠道", "a,2025-01-05,sms")
    people = from_history(log, touches=touches).population
    assert people.last_interaction[0] == people.last_order[0]
