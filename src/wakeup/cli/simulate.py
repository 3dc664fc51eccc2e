"""`wakeup simulate`: a campaign and customers in, a forecast out."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, cast

from attrs import frozen
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from wakeup.cli import exits
from wakeup.cli.campaign import campaign
from wakeup.cli.data import DataOptions
from wakeup.cli.messages import language, worded
from wakeup.cli.record import record
from wakeup.cli.screen import screen
from wakeup.diagnostics import Say, WakeupError, diagnostic
from wakeup.face import Forecast, forecast, prepared
from wakeup.files import STDOUT, check_writable, read, write
from wakeup.plan.model import Assumption, Plan


@frozen
class Request:
    """What the user asked for; paths may be `-` for standard output where they are written to."""

    file: Path
    data: DataOptions
    seed: int
    replications: int
    engine: str
    workers: int
    scenario: str | None
    assume: Path | None
    json: Path | None
    report: Path | None
    events: Path | None

    @property
    def inputs(self) -> tuple[Path | None, ...]:
        """The files that are read."""
        return (self.file, self.assume, *self.data.files)


def run(request: Request) -> int:
    """Simulate, write what was asked for, print the table, and return 2 if an expectation failed."""
    check_writable(request.json, request.report, request.events, inputs=request.inputs)
    plan = campaign(request.file)
    found = _simulated(request, plan)
    _deliver(request, found)
    return exits.EXPECTATION_FAILED if found.failed else exits.FINE


def _simulated(request: Request, plan: Plan) -> Forecast:
    from wakeup.sim.replications import simulate

    begun = time.perf_counter()
    people = request.data.people(start=plan.start, zone=plan.zone, minor_digits=plan.minor_digits)
    plan, population = prepared(plan, people, _assumptions(request.assume))
    made = time.perf_counter()
    with _progress() as tell:
        result = simulate(
            plan,
            population,
            seed=request.seed,
            replications=request.replications,
            engine=cast(Literal["array", "reference"], request.engine),
            workers=request.workers,
            scenarios=_scenarios(plan, request.scenario),
            progress=tell,
            events=request.events,
        )
    done = time.perf_counter()
    record(request.file, plan, population)
    timed = result.timed(population_s=made - begun, simulate_s=done - made, wall_s=done - begun)
    return forecast(timed, plan)


def _deliver(request: Request, found: Forecast) -> None:
    if request.report is not None:
        write(request.report, found.html(language()))
    if request.json is not None:
        write(request.json, found.to_json())
    if STDOUT not in {str(request.json), str(request.report)}:
        from wakeup.report.terminal import show

        show(found, screen(), language())
        if request.report is not None:
            print(worded(Say("report: {file}", file=str(request.report))))


def _scenarios(plan: Plan, named: str | None) -> tuple[str, ...]:
    if named is None or named == "base":
        return ()
    return tuple(each.name for each in plan.scenarios) if named == "all" else (named,)


def _assumptions(path: Path | None) -> tuple[Assumption, ...]:
    if path is None:
        return ()
    from wakeup.plan.json import assumptions_from_json

    if path.suffix != ".json":
        raise WakeupError([diagnostic("WK6007", name=str(path))])
    return assumptions_from_json(read(path), str(path))


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None] | None]:
    """Show a bar on a terminal; elsewhere nothing."""
    if not sys.stderr.isatty():
        yield None
        return
    console = Console(stderr=True)
    columns = (TextColumn(worded(Say("simulating"))), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("simulating", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
