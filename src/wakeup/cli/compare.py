"""`wakeup compare`: two versions of a campaign and customers in, what the edit changes out."""

import time
from pathlib import Path
from typing import Literal, cast

from attrs import evolve, frozen

from wakeup.cli import exits
from wakeup.cli.assume import assumptions
from wakeup.cli.campaign import campaign, tell_open
from wakeup.cli.data import DataOptions
from wakeup.cli.messages import language
from wakeup.cli.progress import progress
from wakeup.cli.screen import screen
from wakeup.diagnostics import Say
from wakeup.face import Comparison, load
from wakeup.face import compare as compared
from wakeup.figures.differences import Clock
from wakeup.files import STDOUT, check_writable, write
from wakeup.plan.model import Plan


@frozen
class Request:
    """What the user asked for; `json` may be `-` for standard output."""

    old: Path
    new: Path
    data: DataOptions
    seed: int
    replications: int | None
    engine: str
    workers: int
    scenario: str | None
    assume: Path | None
    json: Path | None
    format: str

    @property
    def inputs(self) -> tuple[Path | None, ...]:
        """The files that are read."""
        return (self.old, self.new, self.assume, *self.data.files)


def run(request: Request) -> int:
    """Compare, write what was asked for, print it, and return 2 if an expectation of the new plan failed.

    Raises:
        WakeupError: what reading plans and customers raises, and what comparing does.
    """
    check_writable(request.json, inputs=request.inputs)
    old, new = load(request.old), campaign(request.new)
    tell_open(request.old, request.new)
    found = _compared(request, old, new)
    if request.json is not None:
        write(request.json, found.to_json())
    if str(request.json) != STDOUT:
        _print(found, request.format)
    return exits.EXPECTATION_FAILED if found.failed else exits.FINE


def _compared(request: Request, old: Plan, new: Plan) -> Comparison:
    from wakeup.sim.pairs import comparable

    comparable(old, new)  # before customers are read by the clock and in the money of one of them
    begun = time.perf_counter()
    people = request.data.source(start=min(old.start, new.start), zone=new.zone, minor_digits=new.minor_digits)
    read = time.perf_counter()
    with progress(Say("simulating")) as tell:
        found = compared(
            old,
            new,
            people,
            seed=request.seed,
            replications=request.replications,
            engine=cast(Literal["array", "reference"], request.engine),
            workers=request.workers,
            scenarios=_scenarios(old, new, request.scenario),
            assume=assumptions(request.assume),
            progress=tell,
        )
    done = time.perf_counter()
    return evolve(found, timing=Clock(population_s=read - begun, simulate_s=done - read, wall_s=done - begun))


def _scenarios(old: Plan, new: Plan, named: str | None) -> tuple[str, ...]:
    """Return the scenarios asked for; all: those of both plans."""
    if named is None or named == "base":
        return ()
    known = {each.name for each in old.scenarios}
    return tuple(each.name for each in new.scenarios if each.name in known) if named == "all" else (named,)


def _print(found: Comparison, format: str) -> None:
    if format == "markdown":
        write(Path(STDOUT), found.markdown(language()).encode("utf-8"))
    else:
        from wakeup.report.compare import show

        show(found, screen(), language())
