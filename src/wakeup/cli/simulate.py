"""`wakeup simulate`: a campaign and customers in, a forecast out."""

import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

from attrs import frozen
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from wakeup.cli import exits
from wakeup.cli.campaign import campaign
from wakeup.cli.data import DataOptions
from wakeup.cli.messages import language, say, worded
from wakeup.cli.record import record
from wakeup.cli.screen import screen
from wakeup.diagnostics import Count, Figure, Say, WakeupError, diagnostic
from wakeup.face import Forecast, forecast, prepared
from wakeup.figures.result import Result
from wakeup.files import STDOUT, check_writable, read, write
from wakeup.plan.model import Assumption, Plan

if TYPE_CHECKING:  # NumPy comes with it, and usage is checked before
    from wakeup.sim.kept import Kept

KEPT_SUFFIX = ".partial"
"""Of the folder beside the first output in which finished replications are kept while a run is under way."""


@frozen
class Request:
    """What the user asked for; paths may be `-` for standard output where they are written to."""

    file: Path
    data: DataOptions
    seed: int
    replications: int | None
    precision: str | None
    engine: str
    workers: int
    cluster: str | None
    scenario: str | None
    assume: Path | None
    json: Path | None
    report: Path | None
    events: Path | None
    resume: Path | None

    @property
    def inputs(self) -> tuple[Path | None, ...]:
        """The files that are read."""
        return (self.file, self.assume, *self.data.files)

    @property
    def outputs(self) -> tuple[Path | None, ...]:
        """The files that are written."""
        return (self.json, self.report, self.events)


def run(request: Request) -> int:
    """Simulate, write what was asked for, print the table, and return 2 if an expectation failed, 130 if the run was
    interrupted; then the figures are those of the replications that were done."""
    check_writable(*request.outputs, inputs=request.inputs)
    plan = campaign(request.file)
    with _keeping(request) as kept:
        found = _simulated(request, plan, kept)
        if kept is not None and kept.trouble is not None:
            say([kept.trouble])
        try:
            _deliver(request, found)
        except WakeupError:
            _tell_how_to_go_on(kept)
            raise
        if found.partial:
            _tell_what_there_is(found)
            _tell_how_to_go_on(kept)
            return exits.INTERRUPTED
        if kept is not None:
            kept.discard()
    return exits.EXPECTATION_FAILED if found.failed else exits.FINE


def _keeping(request: Request) -> AbstractContextManager["Kept | None"]:
    """Give the folder for finished replications: the one to resume, else one beside the first output, if any."""
    from wakeup.sim.kept import Kept

    if request.resume is not None:
        return Kept(request.resume)
    files = [each for each in request.outputs if each is not None and str(each) != STDOUT]
    return Kept(files[0].with_name(files[0].name + KEPT_SUFFIX), anew=True) if files else nullcontext()


def _simulated(request: Request, plan: Plan, kept: "Kept | None") -> Forecast:
    from wakeup.sim.precision import parse_precision
    from wakeup.sim.replications import Interrupted, simulate

    precision = None if request.precision is None else parse_precision(request.precision)
    begun = time.perf_counter()
    people = request.data.source(start=plan.start, zone=plan.zone, minor_digits=plan.minor_digits)
    plan, population = prepared(plan, people, _assumptions(request.assume))
    made = time.perf_counter()
    with _cluster(request) as executor, _progress() as tell:
        result: Result
        try:
            result = simulate(
                plan,
                population,
                seed=request.seed,
                replications=request.replications,
                precision=precision,
                engine=cast(Literal["array", "reference"], request.engine),
                workers=request.workers,
                executor=executor,
                scenarios=_scenarios(plan, request.scenario),
                progress=tell,
                events=request.events,
                kept=kept,
            )
        except Interrupted as stop:
            result = stop.result
    done = time.perf_counter()
    if not result.partial:
        record(request.file, plan, population)
    timed = result.timed(population_s=made - begun, simulate_s=done - made, wall_s=done - begun)
    return forecast(timed, plan)


def _cluster(request: Request) -> AbstractContextManager[Executor | None]:
    if request.cluster is None:
        return nullcontext()
    if request.workers != 1:
        raise WakeupError([diagnostic("WK5121", option="--cluster", other="--workers")])
    from wakeup.sim.cluster import cluster

    return cluster(request.cluster)


def _deliver(request: Request, found: Forecast) -> None:
    if request.report is not None and not found.partial:
        write(request.report, found.html(language()))
    if request.json is not None:
        write(request.json, found.to_json())
    if STDOUT not in {str(request.json), str(request.report)}:
        from wakeup.report.terminal import show

        show(found, screen(), language())
        _tell_precision(found)
        if request.report is not None and not found.partial:
            print(worded(Say("report: {file}", file=str(request.report))))


def _tell_precision(found: Forecast) -> None:
    for name, sought in found.stopped.precision.items():
        share = found.figures[name].unit == "share"
        asked, reached = (
            "–" if each is None else f"{100 * each:.3g} %" if share else f"{each:.4g}"
            for each in (sought.asked, sought.reached)
        )
        told = Say(
            "{figure}: the value is known to ± {reached} after {done} (asked: ± {asked})",
            figure=Figure(name),
            reached=reached,
            done=Count(found.replications, "replication"),
            asked=asked,
        )
        print(worded(told))


def _tell_what_there_is(found: Forecast) -> None:
    done = Count(found.replications, "replication")
    told = Say("interrupted: these are the figures of {done} out of {most}", done=done, most=found.stopped.most)
    print(worded(told), file=sys.stderr)


def _tell_how_to_go_on(kept: "Kept | None") -> None:
    if kept is not None and kept.trouble is None:
        print(worded(Say("go on with: --resume {folder}", folder=str(kept.folder))), file=sys.stderr)


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
