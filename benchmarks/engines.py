"""How much faster the array simulator is than the reference: one campaign, one replication with its twin, in one run.

    python -m benchmarks.engines [CUSTOMERS] [SAMPLE]

The reference plays a sample (its time per customer does not depend on how many there are), the array simulator all
100,000. Both times are from the task to the last row handed to the sink; making the people and reading the campaign
are not in them. Best of three runs of the array simulator, one of the reference.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path

from attrs import define

import wakeup
from wakeup.behaviour.default import DefaultBehaviour
from wakeup.customers import synthetic
from wakeup.figures.events import Closing, Part, Sink
from wakeup.plan.model import Plan
from wakeup.sim import array, reference
from wakeup.sim.task import Task

CAMPAIGN = Path(__file__).parents[1] / "campaigns" / "beauty_autumn.wake"
CUSTOMERS, SAMPLE = 100_000, 1_000


@define
class Counted:
    """A sink that counts rows, and the twins' orders."""

    rows: int = 0
    twins: int = 0

    def begin(self) -> None:
        self.rows = self.twins = 0

    def add(self, part: Part) -> None:
        self.rows += sum(len(batch.who) for batch in part.batches)
        self.twins += len(part.twins[0])

    def close(self, closing: Closing) -> None:
        pass


def measured(engine: Callable[[Task, Sink], None], plan: Plan, customers: int, times: int) -> tuple[float, Counted]:
    """Run an engine on so many customers; the best time in seconds, and what came."""
    people = synthetic(customers, seed=7, as_of=plan.start)
    task, counted, best = Task(plan, people, DefaultBehaviour(), 7, 0), Counted(), float("inf")
    for _ in range(times):
        begun = time.perf_counter()
        engine(task, counted)
        best = min(best, time.perf_counter() - begun)
    return best, counted


def main(customers: int = CUSTOMERS, sample: int = SAMPLE) -> None:
    """Print both engines' times and their ratio per customer."""
    plan = wakeup.load(CAMPAIGN)
    slow, few = measured(reference.run, plan, sample, 1)
    fast, many = measured(array.run, plan, customers, 3)
    print(f"{CAMPAIGN.stem}, one replication with its twin")
    for name, seconds, count, counted in (("reference", slow, sample, few), ("array", fast, customers, many)):
        each = 1e6 * seconds / count
        print(
            f"{name:10} {count:>8,} customers {seconds:8.2f} s {each:9.1f} µs a customer"
            f" {counted.rows:>9,} rows {counted.twins:>7,} orders of twins"
        )
    print(f"per customer the array simulator is {(slow / sample) / (fast / customers):.0f} times as fast")


if __name__ == "__main__":
    main(*(int(each) for each in sys.argv[1:]))
