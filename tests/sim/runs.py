"""A small run that everything about runs is tried on, and behaviours that go wrong in the middle of it."""

import os
import signal
import time
from pathlib import Path
from typing import Any

from attrs import evolve, frozen
from tests.figures.small import DAY, PLAN, START

from wakeup.behaviour import DefaultBehaviour
from wakeup.customers import Population, synthetic
from wakeup.figures.result import Result, Timing
from wakeup.plan.model import Scenario
from wakeup.sim.replications import simulate

SCENARIOS = (
    Scenario("storm", START, START + DAY, organic="0.5"),
    Scenario("outage", START, START + 2 * DAY, down=("sms", "popup")),
)
CAMPAIGN = evolve(PLAN, scenarios=SCENARIOS)
PEOPLE = synthetic(20, seed=3, as_of=START)


def run(people: Population = PEOPLE, **options: Any) -> Result:
    return simulate(CAMPAIGN, people, **({"replications": 4, "engine": "reference"} | options))


def bits(result: Result) -> bytes:
    """All of a result but its timing."""
    return evolve(result, timing=Timing()).to_json()


@frozen
class Once(DefaultBehaviour):
    """The default behaviour; the first process that comes to a replication has an accident."""

    folder: Path
    replication: int = 3

    def model(self, plan: Any, population: Any, seed: int, replication: int, scenario: Any) -> Any:
        if replication == self.replication and _first(self.folder / "happened"):
            self.happens()
        return super().model(plan, population, seed, replication, scenario)

    def happens(self) -> None:
        raise NotImplementedError


class Killed(Once):
    """Its process is killed from outside."""

    def happens(self) -> None:
        os.kill(os.getpid(), signal.SIGKILL)
        time.sleep(60)


class Interrupting(Once):
    """Ctrl-C."""

    def happens(self) -> None:
        raise KeyboardInterrupt


def _first(path: Path) -> bool:
    try:
        path.touch(exist_ok=False)
    except FileExistsError:
        return False
    return True
