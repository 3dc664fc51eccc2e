"""The kill switch, ordered by another store while an executor works without a break."""

import threading
import time
from collections.abc import Sequence
from pathlib import Path

from attrs import define, field
from tests.live.executor.stage import enrol, people, render
from tests.sim.plans import DAY, campaign, journey, nudge, send, sms, wait

from wakeup.channels.protocol import Capabilities, Report, Request, Verdict
from wakeup.live.clock import WallClock
from wakeup.live.executor.settings import Settings
from wakeup.live.executor.step import Executor
from wakeup.live.store.opening import open_store
from wakeup.live.store.protocol import Switch
from wakeup.plan.model import Wave


@define(eq=False)
class Quick:
    """Takes a millisecond, and notes when calls begin."""

    capabilities: Capabilities = field(factory=lambda: Capabilities(key_window=60, concurrency=2))
    began: list[float] = field(factory=list)

    def send(self, requests: Sequence[Request]) -> Sequence[Report]:
        self.began.append(time.monotonic())
        time.sleep(0.001)
        return [Report(each.ref, Verdict.ACCEPTED) for each in requests]


def test_a_pause_is_durable_within_a_second_and_no_call_begins_after_it(tmp_path: Path) -> None:
    now, path = int(time.time()), str(tmp_path / "shop.db")
    plan = campaign(
        journey(send(), wait(9), wave=Wave(now - 60)),
        start=now - DAY, end=now + 10 * DAY, channels=(sms(),), messages=(nudge(),),
    )  # fmt: skip
    store, other, adapter = open_store(path, durable=False), open_store(path, durable=False), Quick()
    enrol(store, plan, people(3_000))
    executor = Executor(
        store, plan.name, {"sms": adapter}, WallClock(), Settings("test"), keys=store.keys, render=render  # type: ignore[dict-item]  # Quick has what is called
    )  # fmt: skip
    running = threading.Thread(target=executor.run)
    running.start()
    try:
        for _ in range(3):
            time.sleep(0.2)
            asked = time.monotonic()
            with other.work() as work:
                work.order(plan.name, Switch.PAUSED, now, "test")
            durable = time.monotonic()
            time.sleep(0.3)
            # A call may begin that has just read the switch: between the two there is no lock.
            assert not [each for each in adapter.began if each > durable + 0.2]
            assert durable - asked < 1.0
            with other.work() as work:
                work.order(plan.name, Switch.RUNNING, now, "test")
    finally:
        executor.stop()
        running.join()
        executor.close()
    assert 0 < len(adapter.began) <= 3_000
    for each in (store, other):
        each.close()
