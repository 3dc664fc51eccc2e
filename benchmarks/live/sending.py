"""How fast the executor decides and sends, on which store, and where the time goes.

`python -m benchmarks.live.sending [null|provider|switch|profile] [--people N]`:

null: everything, with durable commits on SQLite, to an adapter that does nothing.
provider: one and two executors on PostgreSQL against a provider that takes 20 ms.
switch: how soon nothing leaves any more after a pause ordered by another process, with 100,000 due.
profile: null, with the functions that take the time.
"""

import argparse
import cProfile
import multiprocessing
import pstats
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from attrs import define, field
from tests.live.executor.stage import enrol, people, render
from tests.sim.plans import DAY, campaign, coupon, journey, nudge, send, sms, wait, window

from wakeup.channels.protocol import Capabilities, Report, Request, Verdict
from wakeup.live.clock import WallClock
from wakeup.live.executor.settings import Settings
from wakeup.live.executor.step import Executor
from wakeup.live.rows import SendState
from wakeup.live.store.opening import open_store
from wakeup.live.store.protocol import Switch
from wakeup.plan.model import Budget, Cadence, Cap, Line, Plan, Quiet, Rolling, Wave

OPEN = (SendState.READY, SendState.INFLIGHT, SendState.DOUBT)


@define(eq=False)
class Null:
    """A provider that takes everything, after a pause; it notes when."""

    pause: float = 0.0
    capabilities: Capabilities = field(factory=lambda: Capabilities(key_window=3_600, batch=1, concurrency=8))
    went: list[float] = field(factory=list)

    def send(self, requests: Sequence[Request]) -> Sequence[Report]:
        if self.pause:
            time.sleep(self.pause)
        self.went += [time.time()] * len(requests)
        return [Report(each.ref, Verdict.ACCEPTED, f"p{each.ref[:8]}") for each in requests]

    def look_up(self, requests: Sequence[Request]) -> Sequence[Any]:
        return ()

    def poll(self, since: int) -> Sequence[Any]:
        return ()

    def receive(self, received: Any) -> Any:
        raise PermissionError

    def check(self) -> str:
        return ""

    def close(self) -> None:
        """Nothing to give back."""


def plan_of(now: int) -> Plan:
    """One message with a coupon for everybody, with caps, a gap, quiet hours, a rate and a budget to look at."""
    hour = (now // 3_600 + 12) % 24
    return campaign(
        journey(send("nudge", "gift5"), wait(20), wave=Wave(now - 60)),
        start=now - DAY,
        end=now + 30 * DAY,
        channels=(sms(rate=1_000_000, line="sms"),),
        messages=(nudge(cost_micros=50_000),),
        incentives=(coupon(),),
        cadence=Cadence((Cap(2, Rolling(7 * DAY)), Cap(4, Rolling(30 * DAY), channel="sms")), 3_600,
                        (Quiet(window(hour, (hour + 1) % 24)),)),
        budget=Budget(10_000_000, (Line("sms", 10_000_000),)),
    )  # fmt: skip


def begun(address: str, key: str, count: int) -> tuple[Any, Plan]:
    """A store with a campaign in which everybody is due."""
    store, plan = open_store(address, key or None), plan_of(int(time.time()))
    enrol(store, plan, people(count))
    return store, plan


def executor(store: Any, plan: Plan, adapter: Null, batch: int) -> Executor:
    return Executor(
        store, plan.name, {"sms": adapter}, WallClock(), Settings("bench", batch=batch), keys=store.keys, render=render
    )


def drained(store: Any, plan: Plan, running: Executor) -> float:
    """Run until everybody has been sent to; return the seconds."""
    began = time.perf_counter()
    while True:
        running.run(int(time.time()) + 1)
        with store.read() as reader:
            if set(reader.count(plan.name)) == {"inside"} and not reader.sends(plan.name, OPEN, 1):
                break
    return time.perf_counter() - began


def null(count: int, batch: int, *, profiled: bool = False) -> None:
    """Decisions and sends a second on SQLite, every commit on the disk."""
    with TemporaryDirectory() as folder:
        store, plan = begun(f"{folder}/shop.db", "", count)
        adapter, profile = Null(), cProfile.Profile()
        running = executor(store, plan, adapter, batch)
        if profiled:
            profile.enable()
        busy = time.process_time()
        drained(store, plan, running)
        busy = time.process_time() - busy
        profile.disable()
        took, sent = max(adapter.went) - min(adapter.went), len(adapter.went)
        print(
            f"sqlite, null adapter, batches of {batch}: {sent / took:,.0f} decided and sent a second, "
            f"{1_000 * busy / sent:.2f} ms of one core each"
        )
        if profiled:
            pstats.Stats(profile).sort_stats("tottime").print_stats(28)


def _one(address: str, key: str, ready: Any, go: Any, told: Any) -> None:
    store = open_store(address, key)
    with store.read() as reader:
        from wakeup.plan.json import plan_from_json

        plan = plan_from_json(reader.versions("spring")[0].plan.encode())
    adapter = Null(0.02)
    running = executor(store, plan, adapter, 100)
    ready.put(1)
    go.wait()
    drained(store, plan, running)
    told.put(adapter.went)


def provider(count: int, socket: str) -> None:
    """One and two executors against a provider that takes 20 ms."""
    import psycopg

    from wakeup.live.seal import make_key_file

    rates = []
    for executors in (1, 2):
        with TemporaryDirectory() as folder:
            name, file = f"bench_{executors}", Path(folder) / "key"
            with psycopg.connect(f"host={socket} user=tester dbname=postgres", autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE {name}".encode())
            make_key_file(file)
            address, key = f"postgresql://tester@/{name}?host={socket}", f"file:{file}"
            begun(address, key, count)[0].close()
            spawn = multiprocessing.get_context("spawn")
            ready, told, go = spawn.Queue(), spawn.Queue(), spawn.Event()
            running = [spawn.Process(target=_one, args=(address, key, ready, go, told)) for _ in range(executors)]
            for each in running:
                each.start()
            for _ in running:
                ready.get()
            go.set()
            went = [t for _ in running for t in told.get()]
            for each in running:
                each.join()
        rates.append(len(went) / (max(went) - min(went)))
        assert len(went) == count
        print(f"postgresql, provider of 20 ms, {executors} executors: {rates[-1]:,.0f} a second")
    print(f"two are {rates[1] / rates[0]:.2f} times one")


def _order(address: str, orders: Any, done: Any) -> None:
    """Order from a process of its own, as `wakeup pause` does."""
    store = open_store(address)
    done.put(0.0)
    for word in iter(orders.get, ""):
        with store.work() as work:
            work.order("spring", Switch(word), int(time.time()), "bench")
        done.put(time.time())


def switch(count: int) -> None:
    """Seconds from the order of a pause, by another process, until the last message leaves."""
    with TemporaryDirectory() as folder:
        store, plan = begun(f"{folder}/shop.db", "", count)
        adapter = Null()
        running = executor(store, plan, adapter, 100)
        spawn = multiprocessing.get_context("spawn")
        orders, done = spawn.Queue(), spawn.Queue()
        other = spawn.Process(target=_order, args=(f"{folder}/shop.db", orders, done))
        other.start()
        done.get()
        thread = threading.Thread(target=running.run)
        thread.start()
        committed, last = [], []
        for _ in range(5):
            time.sleep(1.5)
            asked = time.time()
            orders.put("paused")
            committed.append(done.get() - asked)
            time.sleep(1.5)
            last.append(max((each for each in adapter.went if each > asked), default=asked) - asked)
            orders.put("running")
            done.get()
        orders.put("")
        running.stop()
        thread.join()
        running.close()
        other.join()
        print(
            f"{count:,} due, {count - len(adapter.went):,} still so: a pause was durable "
            f"{1_000 * max(committed):,.0f} ms after it was asked for, the last message left after "
            f"{1_000 * max(last):,.0f} ms (worst of 5)"
        )


@contextmanager
def server() -> Iterator[str]:
    """A PostgreSQL server of our own; it waits for the disk."""
    from tests.sql.conftest import postgres_socket

    started = postgres_socket.__wrapped__()  # type: ignore[attr-defined]
    try:
        yield next(started)
    finally:
        started.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", nargs="*", default=["null", "provider", "switch"])
    parser.add_argument("--people", type=int, default=0)
    parser.add_argument("--batch", type=int, default=100)
    arguments = parser.parse_args()
    for what in arguments.what:
        match what:
            case "null" | "profile":
                null(arguments.people or 20_000, arguments.batch, profiled=what == "profile")
            case "provider":
                with server() as socket:
                    provider(arguments.people or 4_000, socket)
            case "switch":
                switch(arguments.people or 100_000)
            case _:
                sys.exit(f"no such measure: {what}")


if __name__ == "__main__":
    main()
