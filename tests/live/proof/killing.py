"""The kill loop: an executor is killed and started until everything is settled; then the judge reads the provider's
log.

Instants of kills are uniform over the run; besides, an executor may kill itself behind a durable change by number.
"""

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from random import Random
from typing import Any

from attrs import define, evolve, frozen
from tests.live.executor.stage import enrol, people
from tests.live.proof.judge import Promise, Sentence, judge
from tests.live.proof.wire import read_log
from tests.sim.plans import DAY, campaign, coupon, journey, nudge, send, sms
from tests.sim.plans import wait as pause

from wakeup.live.rows import SendState
from wakeup.live.store.opening import open_store
from wakeup.plan.model import Cadence, Cap, Plan, Rolling, Wave

ROOT = Path(__file__).parents[3]
CHANGES = 9
"""Durable changes behind which, by number in turn, an executor kills itself."""

LONGEST = 600.0
"""Seconds after which a loop has failed."""


@frozen
class Case:
    """A kill loop.

    kills: the least number of kills. alive: most seconds that an executor lives before a kill. by_number: it kills
    itself behind its n-th durable change instead, n from 1 to CHANGES in turn. executors: how many at a time. contrast:
    a rule is left out, and the judge has to find that.
    """

    store: str
    policy: str
    messages: int
    kills: int
    alive: float
    pause: float
    on_doubt: str = "unknown"
    by_number: bool = False
    executors: int = 1
    contrast: bool = False
    seed: int = 1

    def __str__(self) -> str:
        told = [self.store, self.policy, "resend" if self.on_doubt == "resend" else ""]
        told += ["behind each change" if self.by_number else "", "two executors" if self.executors > 1 else ""]
        return ", ".join(filter(None, told))


@frozen
class Outcome:
    """What became of it."""

    case: Case
    kills: int
    seconds: float
    sentence: Sentence


def plan_of(now: int) -> Plan:
    """Everybody gets two messages with one coupon, and no third."""
    program = (send("nudge", "gift5", step="a"), pause(1 / 86_400), send("nudge", "gift5", step="b"), send(step="c"))
    return campaign(
        journey(*program, wave=Wave(now - 60)),
        start=now - DAY,
        end=now + DAY,
        follow_up=DAY,
        channels=(sms(),),
        messages=(nudge(),),
        incentives=(coupon(),),
        cadence=Cadence((Cap(2, Rolling(DAY)),)),
    )


def run(case: Case, address: str, key: str, folder: Path) -> Outcome:
    """Run a case over an empty store."""
    began, log = time.monotonic(), folder / "provider.log"
    store = open_store(address, key or None)
    plan = plan_of(int(time.time()))
    enrol(store, plan, people(case.messages // 2))
    store.close()
    with _process("wire", str(log), str(case.seed), case.policy, str(case.pause)) as server:
        port = server.stdout.readline().strip().decode()
        kills = _loop(case, (address, key, port, case.policy, case.on_doubt))
    store = open_store(address, key or None)
    with store.read() as reader:
        sends = reader.sends(plan.name, tuple(SendState), 10 * case.messages)
    wrong = store.check()
    store.close()
    promise: Promise = "once"
    if case.on_doubt == "resend":
        promise = "at least once"
    elif case.policy == "none":
        promise = "at most once"
    sentence = judge(plan, read_log(log), sends, promise)
    if wrong:
        sentence = evolve(sentence, faults=(*sentence.faults, *map(str, wrong)))
    return Outcome(case, kills, time.monotonic() - began, sentence)


@define(eq=False)
class _Killer:
    """Starts and kills one executor after the other. done: kills so far, of all killers of a case."""

    case: Case
    arguments: tuple[str, ...]
    random: Random
    until: float
    done: list[int]

    def __call__(self) -> None:
        """Go on until an executor says that everything is settled."""
        with _process("worker", *self.arguments) as parent:
            number, said = 0, ""
            while said != "over":
                number += 1
                said = self._one(parent, number)
                assert said in {"over", "killed"}, f"{self.case}: an executor failed"
                assert time.monotonic() < self.until, f"{self.case}: not settled after {len(self.done)} kills"

    def _one(self, parent: Any, number: int) -> str:
        wanted = len(self.done) < self.case.kills
        parent.stdin.write(b"%d\n" % (1 + number % CHANGES if wanted and self.case.by_number else 0))
        pid = int(parent.stdout.readline())
        alive = self.random.uniform(0.02, self.case.alive) if wanted and not self.case.by_number else LONGEST
        if not select.select([parent.stdout], [], [], alive)[0]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        said = parent.stdout.readline().strip().decode()
        if said == "killed":
            self.done.append(pid)
        return str(said)


def _loop(case: Case, arguments: tuple[str, ...]) -> int:
    until, done = time.monotonic() + LONGEST, list[int]()
    killers = [_Killer(case, arguments, Random(case.seed + n), until, done) for n in range(case.executors)]
    with ThreadPoolExecutor(len(killers)) as pool:
        for each in [pool.submit(killer) for killer in killers]:
            each.result()
    return len(done)


@contextmanager
def _process(module: str, *arguments: str) -> Iterator[Any]:
    """A Python process of this folder, that ends with the context."""
    paths = {"PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'src'}"}
    started = subprocess.Popen(
        [sys.executable, "-m", f"tests.live.proof.{module}", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        bufsize=0,
        cwd=ROOT,
        env={**os.environ, **paths},
    )
    try:
        yield started
    finally:
        started.stdin.close()
        started.kill()
        started.wait()
        started.stdout.close()
