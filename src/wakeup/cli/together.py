"""`wakeup simulate A B …`: several campaigns and customers in, what they bring together out."""

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, cast

from attrs import evolve, frozen

from wakeup.cli import exits
from wakeup.cli.assume import assumptions
from wakeup.cli.campaign import campaign, tell_open
from wakeup.cli.data import DataOptions
from wakeup.cli.messages import language, say, worded
from wakeup.cli.progress import progress
from wakeup.cli.reports import check_form
from wakeup.cli.screen import screen
from wakeup.diagnostics import Say, WakeupError, diagnostic
from wakeup.face import Together, together
from wakeup.figures.differences import Clock
from wakeup.files import STDOUT, check_writable, write
from wakeup.plan.model import Plan


@frozen
class Request:
    """What the user asked for; `json` and `report` may be `-` for standard output. alone: what was given of the options
    that are about a single campaign."""

    files: tuple[Path, ...]
    data: DataOptions
    seed: int
    replications: int | None
    engine: str
    workers: int
    scenario: str | None
    assume: Path | None
    json: Path | None
    report: Path | None
    alone: Mapping[str, object]

    @property
    def inputs(self) -> tuple[Path | None, ...]:
        """The files that are read."""
        return (*self.files, self.assume, *self.data.files)


def run(request: Request) -> int:
    """Simulate the campaigns together, write what was asked for, print it; return 2 if an expectation failed.

    Raises:
        WakeupError: an option is about one campaign (WK5130), the campaigns cannot run together (WK5124, WK5125), the
            report has the name of another form (WK6066), or what reading plans and customers raises.
    """
    for option, given in request.alone.items():
        if given:
            raise WakeupError([diagnostic("WK5130", option=option, count=len(request.files))])
    check_writable(request.json, request.report, inputs=request.inputs)
    check_form(request.report)
    plans = [campaign(file) for file in request.files]
    tell_open(*request.files)
    found = _simulated(request, plans)
    if request.report is not None:
        write(request.report, found.html(language()))
    if request.json is not None:
        write(request.json, found.to_json())
    if STDOUT not in {str(request.json), str(request.report)}:
        from wakeup.report.together import show

        show(found, screen(), language())
        if request.report is not None:
            print(worded(Say("report: {file}", file=str(request.report))))
    return exits.EXPECTATION_FAILED if found.failed else exits.FINE


def _simulated(request: Request, plans: list[Plan]) -> Together:
    from wakeup.sim.together.agreement import agree, remarks

    agree(plans)  # before customers are read by the clock and in the money of one of them
    say(remarks(plans))
    begun = time.perf_counter()
    first = min(plans, key=lambda each: each.start)
    people = request.data.source(start=first.start, zone=first.zone, minor_digits=first.minor_digits)
    read = time.perf_counter()
    with progress(Say("simulating")) as tell:
        found = together(
            plans,
            people,
            seed=request.seed,
            replications=request.replications,
            engine=cast(Literal["array", "reference"], request.engine),
            workers=request.workers,
            scenarios=_scenarios(request.scenario),
            assume=assumptions(request.assume),
            progress=tell,
        )
    done = time.perf_counter()
    return evolve(found, timing=Clock(population_s=read - begun, simulate_s=done - read, wall_s=done - begun))


def _scenarios(named: str | None) -> str | tuple[str, ...]:
    if named is None or named == "base":
        return ()
    return named if named == "all" else (named,)
