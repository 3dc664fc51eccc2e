"""The reference against results that are known in closed form.

Seeds are fixed, so a test is green or red for good; the bounds say how often a right simulator with another seed would
be red: 4 standard errors, about 1 in 16,000 a figure.
"""

import math

import numpy as np
from tests.sim.people import Person
from tests.sim.plans import DAY, START, at, campaign, coupon, journey, send, window
from tests.sim.recorder import Recorder
from tests.sim.reference.runs import simulate
from tests.sim.scripted import Life, Reply, ScriptedModel

from wakeup.behaviour import DefaultBehaviour
from wakeup.customers.synthetic import anchored, synthetic
from wakeup.draws import uniform
from wakeup.plan.model import Activity, Arm, Assumption, Elapsed, Split, Staff
from wakeup.sim.reference import run
from wakeup.sim.reference.clock import Clock, Phase
from wakeup.sim.reference.desk import Desk, Request
from wakeup.sim.task import Task
from wakeup.stats.queues import erlang_c, erlang_c_wait
from wakeup.terms.lists import Row

SURE = 4.0


def test_a_desk_waits_as_erlang_c_says() -> None:
    """M/M/3 at load 2.4: means of 25 batches of 1,600 callers, the first left out, against C(3, 2.4) and its wait."""
    callers, service, gap = 41_600, 600.0, 250.0
    keys = np.arange(1, callers + 1, dtype=np.uint64)
    arrivals = np.cumsum(np.ceil(-gap * np.log(uniform(1, 0, keys, "arrival")))).astype(int)
    lengths = np.ceil(-service * np.log(uniform(1, 0, keys, "service"))).astype(int)
    clock = Clock(0, 10**10)
    desk = Desk(Staff("advisers", 3, int(service), window(0, 24)), "UTC", clock)
    waits = np.zeros(callers)

    def arrive(caller: int) -> None:
        def begin() -> None:
            waits[caller] = clock.now - arrivals[caller]
            desk.take()
            desk.free_after(int(lengths[caller]))

        desk.ask(Request((clock.now, caller, 0), begin), clock.now)

    for caller, t in enumerate(arrivals.tolist()):
        clock.at(t, Phase.ANSWER, lambda who=caller: arrive(who), caller)  # type: ignore[misc]
    clock.run()
    load = (service + 0.5) / (gap + 0.5)  # rounding up to whole seconds adds half a second to each mean
    batches = waits[1_600:].reshape(25, 1_600)
    for found, expected in (
        (batches.mean(axis=1), erlang_c_wait(3, load, service + 0.5)),
        ((batches > 0).mean(axis=1), erlang_c(3, load)),
    ):
        error = found.std(ddof=1) / math.sqrt(len(found))
        assert error < 0.1 * expected  # else the test would pass with anything
        assert abs(found.mean() - expected) < SURE * error


def test_challenges_are_kept_geometrically() -> None:
    """Who is reached joins; a day is kept up with 0.8, so three days in a row with 0.8 ^ 2."""
    joined = {("nudge", 0): Reply(taken={"days": 60})}
    plan = campaign(
        journey(send("nudge", "days")),
        incentives=(coupon(), Activity("days", "", "check_in", 3, "gift5", Elapsed(DAY))),
        assumptions=(Assumption("keeps_up", "incentive:days", 0.8, 0.0, "logit", "given", "given"),),
    )
    people = anchored(synthetic(2_000, seed=3), START)

    class Joining(DefaultBehaviour):
        def model(self, *task):  # type: ignore[no-untyped-def]
            model = super().model(*task)
            everybody = Life(replies=joined)
            model.touch = ScriptedModel(plan, [everybody] * len(people), 0.8).touch
            return model

    recorder = Recorder()
    run(Task(plan, people, Joining(), 5, 0), recorder)
    counts = {Row(batch.row): len(batch.t) for batch in recorder.batches}
    expected, error = 0.8**2, math.sqrt(0.64 * 0.36 / counts[Row.JOINED])
    assert counts[Row.JOINED] > 1_000  # who can be reached
    assert abs(counts[Row.COMPLETED] / counts[Row.JOINED] - expected) < SURE * error


def test_holdout_and_split_take_their_shares() -> None:
    """4,000 people: 20 % held out, the others split 30 to 70."""
    split = Split("kit", "kit", (Arm("a", "0", "0.3", 1), Arm("b", "0.3", "1", 1)))
    plan = campaign(journey(split), holdout="0.2", follow_up=0)
    found = simulate(plan, {}, *(Person(f"c{number}", at(1, year=2025)) for number in range(4_000)))
    assert found.recorder.membership is not None
    held = int(found.recorder.membership.held_out.sum())
    arms = [line[8] for line in found.lines if line[2] == "assigned"]
    assert len(arms) == 4_000 - held
    assert abs(held / 4_000 - 0.2) < SURE * math.sqrt(0.2 * 0.8 / 4_000)
    assert abs(arms.count("0") / len(arms) - 0.3) < SURE * math.sqrt(0.3 * 0.7 / len(arms))
