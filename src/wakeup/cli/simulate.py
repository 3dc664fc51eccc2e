"""`wakeup simulate`: a campaign and customers in, a forecast out."""

import sys
import time
from concurrent.futures import Executor
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

from attrs import frozen

from wakeup.cli import exits
from wakeup.cli.assume import assumptions
from wakeup.cli.campaign import campaign, tell_open
from wakeup.cli.data import DataOptions
from wakeup.cli.messages import language, say, worded
from wakeup.cli.progress import progress
from wakeup.cli.record import record
from wakeup.cli.reports import FORMS, check_form
from wakeup.cli.screen import screen
from wakeup.diagnostics import Count, Figure, Say, WakeupError, diagnostic
from wakeup.face import Forecast, forecast, prepared
from wakeup.figures.result import Result
from wakeup.files import STDOUT, check_writable, write
from wakeup.plan.model import Plan

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
    by_channel: bool
    sensitivity: bool
    assume: Path | None
    json: Path | None
    report: Path | None
    junit: Path | None
    events: Path | None
    resume: Path | None

    @property
    def inputs(self) -> tuple[Path | None, ...]:
        """The files that are read."""
        return (self.file, self.assume, *self.data.files)

    @property
    def outputs(self) -> tuple[Path | None, ...]:
        """The files that are written."""
        return (self.json, self.report, self.junit, self.events)


def run(request: Request) -> int:
    """Simulate, write what was asked for, print the table, and return 2 if an expectation failed, 130 if the run was
    interrupted; then the figures are those of the replications that were done."""
    check_writable(*request.outputs, inputs=request.inputs)
    check_form(request.report, FORMS)
    plan = campaign(request.file)
    tell_open(request.file)
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
    plan, population = prepared(plan, people, assumptions(request.assume))
    if request.sensitivity:
        _tell_paths(plan, request.seed)
    made = time.perf_counter()
    with _cluster(request) as executor, progress(Say("simulating")) as tell:
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
                by_channel=request.by_channel,
                sensitivity=request.sensitivity,
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


def _tell_paths(plan: Plan, seed: int) -> None:
    """Say what the sensitivity costs before it is begun."""
    from wakeup.sim.sensitivity import paths_of

    found = paths_of(plan, seed)
    told = Say(
        "sensitivity: {paths} paths through {count} assumptions, {runs} more replications",
        paths=len(found.paths), count=len(found.rows), runs=found.runs,
    )  # fmt: skip
    print(worded(told), file=sys.stderr)


def _cluster(request: Request) -> AbstractContextManager[Executor | None]:
    if request.cluster is None:
        return nullcontext()
    if request.workers != 1:
        raise WakeupError([diagnostic("WK5121", option="--cluster", other="--workers")])
    from wakeup.sim.cluster import cluster

    return cluster(request.cluster)


def _deliver(request: Request, found: Forecast) -> None:
    if request.report is not None and not found.partial:
        write(request.report, reported(request.report, found))
    if request.json is not None:
        write(request.json, found.to_json())
    if request.junit is not None and not found.partial:
        from wakeup.report.junit import junit

        write(request.junit, junit(found, language()))
    if STDOUT not in {str(request.json), str(request.report), str(request.junit)}:
        from wakeup.report.terminal import show

        show(found, screen(), language())
        _tell_precision(found)
        if request.report is not None and not found.partial:
            print(worded(Say("report: {file}", file=str(request.report))))


def reported(output: Path, found: Forecast) -> bytes:
    """Return the report in the form that the output's ending asks for: .md, .csv, else HTML."""
    from wakeup.report.sheet import sheet
    from wakeup.report.summary import summary

    assert found.about is not None
    match output.suffix.lower():
        case ".md":
            return summary(found, found.about, language())
        case ".csv":
            return sheet(found, language())
        case _:
            return found.html(language())


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
    print(worded(Say("no report and no test cases are written of a part of a run")), file=sys.stderr)


def _tell_how_to_go_on(kept: "Kept | None") -> None:
    if kept is not None and kept.trouble is None:
        print(worded(Say("go on with: --resume {folder}", folder=str(kept.folder))), file=sys.stderr)


def _scenarios(plan: Plan, named: str | None) -> tuple[str, ...]:
    if named is None or named == "base":
        return ()
    return tuple(each.name for each in plan.scenarios) if named == "all" else (named,)
