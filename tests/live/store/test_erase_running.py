"""Erasing a person in the middle of a run: the run goes on, nothing more reaches them, and nobody else is touched."""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.live.executor.stage import Post, Script, Stage, accepted, in_turn, people, says
from tests.sim.people import key_of
from tests.sim.plans import (
    DAY,
    END,
    ENTRY,
    HOUR,
    START,
    campaign,
    coupon,
    email,
    journey,
    letter,
    nudge,
    send,
    sms,
    wait,
    window,
)

from wakeup.channels.protocol import AnswerKind, Capabilities, Verdict
from wakeup.live.seal import fresh_keys
from wakeup.live.store.sqlite import SqliteStore
from wakeup.plan.model import Plan, Staff

ERASED, OTHER = key_of("c0"), key_of("c1")
SCRIPTS: dict[str, Callable[[], Script]] = {
    "accepted": lambda: accepted,
    "throttled": lambda: in_turn(says(Verdict.THROTTLED, retry_after=7_200), accepted),
    "doubtful": lambda: in_turn(says(Verdict.DOUBT), accepted),
    "handed over": lambda: says(Verdict.HANDED_OVER),
}
"""What the provider says; each run has its own."""


def plan() -> Plan:
    return campaign(
        journey(send("nudge", "gift5"), wait(1), send("letter", step="t"), wait(1), send("nudge", step="u")),
        channels=(sms(), email()),
        messages=(nudge(), letter()),
        incentives=(coupon(),),
    )


def run(folder: Path, script: str, at: int | None) -> tuple[Stage, list[object]]:
    keys = fresh_keys()
    store = SqliteStore(folder / f"{at}.db", keys, durable=False)
    stage = Stage(plan(), people(2), store=store, keys=keys)
    sms_post = {"script": SCRIPTS[script](), "capabilities": Capabilities(key_window=86_400)}
    stage.start(sms=sms_post)
    if at is not None:
        if at > START:
            stage.until(at)
        with store.work() as work:
            assert work.erase(ERASED, stage.clock.now(), "test")
    stage.until(END)
    # What comes late about them is about nobody.
    for each in stage.sends:
        stage.tell(AnswerKind.CLICKED, END - 1, "c0", ref=each.ref)
    stage.until(END + DAY)
    rows = [each for each in stage.trace if each.customer == OTHER]
    return stage, list(rows)


def calls_to(post: Post, customer: int) -> list[int]:
    return [t for t, each in post.calls if each.address.reveal() == f"to:{customer}"]


@pytest.mark.parametrize("script", SCRIPTS)
@pytest.mark.parametrize("at", [START, ENTRY, ENTRY + HOUR, ENTRY + DAY + 5])
def test_the_run_goes_on_without_them(tmp_path: Path, script: str, at: int) -> None:
    stage, rows = run(tmp_path, script, at)
    assert all(t <= at for post in stage.posts.values() for t in calls_to(post, ERASED))
    assert all(each.customer != ERASED for each in stage.trace)
    assert all(each.customer != ERASED for each in stage.sends)
    assert stage.store.check() == []
    stage.store.close()
    without, expected = run(tmp_path, script, None)
    without.store.close()
    assert rows == expected


def test_who_is_erased_in_the_line_of_the_staff_is_not_called(tmp_path: Path) -> None:
    keys = fresh_keys()
    store = SqliteStore(tmp_path / "shop.db", keys, durable=False)
    served = campaign(
        journey(send()),
        channels=(sms(staff="desk"),),
        messages=(nudge(),),
        staff=(Staff("desk", 1, 600, window(0, 24)),),
    )
    stage = Stage(served, people(3), store=store, keys=keys).start().until(ENTRY)
    called = [each.customer for each in stage.sends]
    assert len(called) == 1
    waiting = [f"c{n}" for n in range(3) if key_of(f"c{n}") not in called]
    with store.work() as work:
        assert work.erase(key_of(waiting[0]), ENTRY + 1, "test")
    first = next(f"c{n}" for n in range(3) if key_of(f"c{n}") in called)
    stage.tell(AnswerKind.HANDLED, ENTRY + 60, first, staff="desk", ref=stage.sends[0].ref)
    stage.until(ENTRY + HOUR)
    assert {each.customer for each in stage.sends} <= {*called, key_of(waiting[1])}
    assert len(stage.sends) == 2
    stage.until(END)
    store.close()
