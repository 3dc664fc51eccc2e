"""The audit log: only added to, and whoever changes it by hand is seen."""

import pytest
from tests.live.store.places import CAMPAIGN, Place

from wakeup.live.store.protocol import Store, Switch
from wakeup.live.store.sqlite import SqliteStore


def note(store: Store, number: int) -> None:
    with store.work() as work:
        for each in range(number):
            work.note(each, "李", f"line {each}")


def by_hand(store: Store, *statements: str) -> None:
    lifted = (
        ["DROP TRIGGER audit_update", "DROP TRIGGER audit_delete"]
        if isinstance(store, SqliteStore)
        else ["DROP TRIGGER audit_stays ON audit"]
    )
    with store.work() as work:
        for statement in [*lifted, *statements]:
            work.session.change(statement)  # type: ignore[attr-defined]  # beneath the protocol


@pytest.mark.parametrize("statement", ["UPDATE audit SET who = 'x'", "DELETE FROM audit WHERE line = 2"])
def test_the_database_refuses_to_change_it(store: Store, statement: str) -> None:
    note(store, 3)
    with pytest.raises(Exception, match="only added to"), store.work() as work:
        work.session.change(statement)  # type: ignore[attr-defined]  # beneath the protocol
    assert store.check() == []


@pytest.mark.parametrize(
    ("statement", "line"),
    [
        ("UPDATE audit SET what = 'nothing' WHERE line = 2", "2"),
        ("UPDATE audit SET t = 77 WHERE line = 1", "1"),
        ("UPDATE audit SET who = '王' WHERE line = 7", "7"),
        ("DELETE FROM audit WHERE line = 3", "3"),
        ("DELETE FROM audit WHERE line > 6", "7"),
        ("DELETE FROM audit", "1"),
        ("UPDATE audit SET seal = (SELECT a.seal FROM audit a WHERE a.line = 4) WHERE line = 5", "5"),
    ],
)
def test_a_change_by_hand_is_seen(store: Store, statement: str, line: str) -> None:
    note(store, 8)
    assert store.check() == []
    by_hand(store, statement)
    (told,) = store.check()
    assert told.code == "WK7035"
    assert told.message.endswith(f"from line {line} on")


def test_a_long_log_is_read_in_parts(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    from wakeup.live.store import audit

    monkeypatch.setattr(audit, "_LINES", audit._LINES.replace("1000", "3"))
    note(store, 9)
    assert store.check() == []
    by_hand(store, "UPDATE audit SET t = 77 WHERE line = 8")
    assert store.check()[0].message.endswith("line 8 on")


def test_another_key_cannot_continue_it(place: Place) -> None:
    from wakeup.live.seal import fresh_keys
    from wakeup.live.store import audit

    store = place.open()
    note(store, 2)
    with store.work() as work:
        session = work.session  # type: ignore[attr-defined]  # beneath the protocol
        session.keys = fresh_keys()
        audit.append(session, 5, "someone", "else")
    assert [each.code for each in store.check()] == ["WK7035"]
    store.close()


def test_orders_and_erasures_note_themselves(store: Store) -> None:
    from tests.live.store.places import person

    with store.work() as work:
        work.enrol([person(1)])
        work.order(CAMPAIGN, Switch.PAUSED, 5, "Wu")
        work.order(CAMPAIGN, Switch.PAUSED, 6, "Wu")
        work.erase(1, 7, "Li")
        rows = work.session.rows("SELECT t, who, what FROM audit ORDER BY line")  # type: ignore[attr-defined]  # beneath the protocol
    assert [tuple(each) for each in rows] == [(5, "Wu", "paused autumn"), (7, "Li", "erased a person")]
