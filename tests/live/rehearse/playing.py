"""Rehearsals of tasks that the tests of the simulators play, on a store in a temporary file."""

from pathlib import Path

import pytest
from attrs import evolve
from tests.sim.comparing import Told, told_by
from tests.sim.recorder import Recorder
from tests.sim.trials import Trial

from wakeup.live.rehearse.drive import Rehearsed, Script, rehearse
from wakeup.live.store.opening import open_store
from wakeup.plan.model import Plan, Send
from wakeup.sim.task import Task


def played(task: Task, folder: Path, script: Script | None = None) -> Rehearsed:
    """Rehearse a task."""
    store = open_store(str(folder / f"{len(list(folder.iterdir()))}.db"), durable=False)
    try:
        return rehearse(task.plan, task.people, task.behaviour, store, script or Script(task.seed, task.replication))
    finally:
        store.close()


def told_of(task: Task, found: Rehearsed) -> Told:
    """What a rehearsal told, as the simulators tell it."""
    recorder = Recorder()
    recorder.begin()
    recorder.add(found.part)
    recorder.close(found.closing)
    return told_by(task, recorder)


def lasting(trial: Trial) -> Trial:
    """A trial whose sends are wanted for a second at least: what is over when it is decided never leaves."""
    journeys = tuple(
        evolve(
            journey,
            program=tuple(
                evolve(each, expires=max(each.expires, 1)) if isinstance(each, Send) else each
                for each in journey.program
            ),
        )
        for journey in trial.plan.journeys
    )
    return evolve(trial, plan=evolve(trial.plan, journeys=journeys))


def calm(trial: Trial) -> Trial:
    """A trial in which nothing comes from outside: what a scenario assumes is no part of a live run."""
    return evolve(trial, scenario=None)


@pytest.fixture
def unverified(monkeypatch: pytest.MonkeyPatch) -> None:
    """Plans of the generators contradict themselves on purpose (budget lines that nobody declares)."""

    def nothing(plan: Plan) -> list[str]:
        return []

    monkeypatch.setattr("wakeup.plan.json.verify", nothing)
