"""Finished replications in a folder, so that a run that was interrupted can go on.

The folder is bound to one run: the same plan, people, behaviour, seed, simulator and version give the same replications
to the bit, so those that are there need not be played again, however many are asked for this time and whoever plays the
rest.
"""

import pickle
from hashlib import blake2b
from typing import Final

from attrs import asdict, define, field

from wakeup.customers import data_id
from wakeup.figures.shelf import Shelf
from wakeup.plan.json import plan_to_json
from wakeup.sim.jobs import Done, Job, Setting
from wakeup.sim.task import Played
from wakeup.version import VERSION

FORMAT_VERSION: Final = 1


@define(eq=False)
class Kept(Shelf):
    """The replications of one run in a folder of its own; use it in a `with`, as any shelf."""

    _scenarios: dict[str, int] = field(factory=dict)

    def bind(self, setting: Setting) -> None:
        """Say which run this is.

        Raises:
            WakeupError: the folder holds replications of another run (WK5116), or cannot be written (WK5115).
        """
        self._scenarios = {each.name: number for number, each in enumerate(setting.plan.scenarios, start=1)}
        self.claim({"format_version": FORMAT_VERSION, "wakeup": VERSION, "run": run_id(setting)})

    def done(self, job: Job) -> Done | None:
        """Return what a job came to, None if it is not kept here."""
        found = self.take(self._name(job))
        if found is None:
            return None
        totals, note = found
        return Done(totals, None if note is None else Played(**note))

    def keep(self, job: Job, done: Done) -> None:
        """Keep what a job came to; where that fails, `trouble` says so."""
        self.put(self._name(job), done.totals, None if done.played is None else asdict(done.played))

    def _name(self, job: Job) -> str:
        scenario = 0 if job.scenario is None else self._scenarios[job.scenario.name]
        return f"{scenario}-{job.replication:06}"


def run_id(setting: Setting) -> str:
    """Return a hex id (32 digits) of all that decides what a replication comes to."""
    parts = (
        plan_to_json(setting.plan),
        data_id(setting.population).encode(),
        _behaviour(setting.behaviour),
        f"{setting.seed} {setting.engine} {VERSION} {FORMAT_VERSION}".encode(),
    )
    digest = blake2b(digest_size=16)
    for part in parts:
        digest.update(len(part).to_bytes(8, "little") + part)
    return digest.hexdigest()


def _behaviour(behaviour: object) -> bytes:
    """Return what tells one behaviour from another: its class and what it holds, as far as that can be written."""
    name = f"{type(behaviour).__module__}.{type(behaviour).__qualname__}".encode()
    try:
        return name + pickle.dumps(behaviour, protocol=5)
    except (pickle.PicklingError, TypeError, AttributeError):
        return name
