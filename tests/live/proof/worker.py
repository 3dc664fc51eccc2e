"""An executor as a process of its own, to be killed: a parent that has loaded everything forks one at a time.

`python -m tests.live.proof.worker STORE KEY PORT POLICY ON_DOUBT` reads lines: a number n > 0 forks an executor that
kills itself behind its n-th durable change, 0 one that lives until it is killed; it prints the pid, and when the child
is gone a line "over" (everything is settled), "killed", or "failed".
"""

import os
import signal
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from attrs import define
from tests.live.executor.stage import render
from tests.live.proof.wire import Wire

from wakeup.live.clock import WallClock
from wakeup.live.executor.settings import Conduct, Settings
from wakeup.live.executor.step import Executor
from wakeup.live.rows import SendState
from wakeup.live.store.opening import open_store

CAMPAIGN = "spring"
OVER = 7
OPEN = (SendState.READY, SendState.INFLIGHT, SendState.DOUBT)


@define(eq=False)
class Counting:
    """A store whose process kills itself behind the n-th durable change."""

    store: Any
    left: int

    @contextmanager
    def work(self, campaign: str = "") -> Iterator[Any]:
        with self.store.work(campaign) as work:
            yield work
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def read(self) -> Any:
        return self.store.read()


def work(address: str, key: str, port: int, policy: str, on_doubt: str, dies_at: int) -> int:
    """Run an executor until everything is settled."""
    store = open_store(address, key or None)
    counted: Any = Counting(store, dies_at) if dies_at else store
    conduct = {"sms": Conduct(on_doubt)}  # type: ignore[arg-type]  # a word of the command line
    settings = Settings(f"worker {os.getpid()}", batch=50, slack=1, conduct=conduct)
    posts: dict[str, Any] = {"sms": Wire(port, policy)}
    executor = Executor(counted, CAMPAIGN, posts, WallClock(), settings, keys=store.keys, render=render)
    clock = WallClock()
    while True:
        executor.run(clock.now() + 1)
        with store.read() as reader:
            if set(reader.count(CAMPAIGN)) <= {"done"} and not reader.sends(CAMPAIGN, OPEN, 1):
                return OVER


def main(address: str, key: str, port: str, policy: str, on_doubt: str) -> None:
    """Fork one executor per line."""
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            code = 1
            try:
                code = work(address, key, int(port), policy, on_doubt, int(line))
            except Exception:  # noqa: BLE001 (told here: there is nobody to raise it to)
                traceback.print_exc()
            finally:
                os._exit(code)
        print(pid, flush=True)
        _, status = os.waitpid(pid, 0)
        if os.WIFSIGNALED(status):
            print("killed", flush=True)
        else:
            print("over" if os.waitstatus_to_exitcode(status) == OVER else "failed", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
