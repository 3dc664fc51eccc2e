"""`wakeup rehearse`: the executor that runs a campaign for real, on a fast clock, against simulated customers."""

import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

import numpy as np
from attrs import frozen

from wakeup.behaviour import DefaultBehaviour
from wakeup.cli import exits
from wakeup.cli.assume import assumptions
from wakeup.cli.campaign import campaign
from wakeup.cli.data import DataOptions
from wakeup.cli.messages import language, worded
from wakeup.cli.progress import progress
from wakeup.cli.reports import FORMS, check_form
from wakeup.cli.screen import screen
from wakeup.cli.simulate import reported
from wakeup.customers import Population
from wakeup.diagnostics import Diagnostic, Say, WakeupError, diagnostic
from wakeup.face import Forecast, forecast, prepared
from wakeup.figures.eventfile import event_file
from wakeup.figures.naming import Columns
from wakeup.figures.tally import Tally
from wakeup.figures.trace import Trace
from wakeup.files import STDOUT, check_writable, write
from wakeup.live.rehearse.drive import Rehearsed, Script, rehearse
from wakeup.live.rehearse.faults import parse_faults
from wakeup.live.store.opening import open_store
from wakeup.live.store.protocol import Store
from wakeup.plan.model import Plan
from wakeup.plan.wording import Wording
from wakeup.report.rehearsal import WORDS, Held, show_agreement, show_limits
from wakeup.sim.course import Outcome, Wanted
from wakeup.sim.jobs import Done, Job, Setting
from wakeup.sim.jobs import run as simulated
from wakeup.sim.needs import require
from wakeup.sim.replications import check_numbers, concluded
from wakeup.terms.lists import Reason, Row

REPLICATION: Final = 1
"""The replication of `simulate` whose customers a rehearsal has."""

COMPARED: Final = 20_000
"""Customers up to which a rehearsal is held against the readable simulator by itself."""


@frozen
class Request:
    """What the user asked for. store: None for a temporary one. faults: as typed, None for none."""

    file: Path
    data: DataOptions
    seed: int
    assume: Path | None
    store: str | None
    key: str | None
    faults: str | None
    executors: int
    latency: int
    compare: bool
    json: Path | None
    report: Path | None
    events: Path | None

    @property
    def inputs(self) -> tuple[Path | None, ...]:
        """The files that are read."""
        return (self.file, self.assume, *self.data.files)


def run(request: Request) -> int:
    """Rehearse, write what was asked for, print the figures, whether they are the simulation's, and what held.

    Raises:
        WakeupError: what is wrong with the file, the customers, the options, the store; WK7002, WK7003 where the
            rehearsal does what it must not.
    """
    check_writable(request.json, request.report, request.events, inputs=request.inputs)
    check_form(request.report, FORMS)
    check_numbers(seed=request.seed)
    faults = parse_faults(request.faults or "")
    plan = campaign(request.file)
    begun = time.perf_counter()
    source = request.data.source(start=plan.start, zone=plan.zone, minor_digits=plan.minor_digits)
    plan, people = prepared(plan, source, assumptions(request.assume))
    population = people if isinstance(people, Population) else people.whole()
    require(plan, population)
    made = time.perf_counter()
    script = Script(request.seed, REPLICATION, request.executors, request.latency, faults)
    with _store(request) as store, progress(Say("rehearsing")) as tell:
        found = rehearse(plan, population, DefaultBehaviour(), store, script, tell)
    done = time.perf_counter()
    setting = Setting(plan, population, DefaultBehaviour(), request.seed, "reference")
    result = _result(setting, found).timed(population_s=made - begun, simulate_s=done - made, wall_s=done - begun)
    _deliver(request, plan, found, forecast(result, plan))
    return _judge(request, setting, found, script)


@contextmanager
def _store(request: Request) -> Iterator[Store]:
    """Open the store that was asked for, or a temporary one, which need not outlive a power cut."""
    if request.store is not None:
        with closing(open_store(request.store, request.key)) as store:
            yield store
        return
    with (
        tempfile.TemporaryDirectory(prefix="wakeup-rehearsal-", ignore_cleanup_errors=True) as folder,
        closing(open_store(str(Path(folder) / "store.db"), durable=False)) as store,
    ):
        yield store


def _result(setting: Setting, found: Rehearsed) -> Forecast:
    """Return the figures as `simulate` would of one replication."""
    sink = Tally(setting.plan)
    sink.add(found.part)
    sink.close(found.closing)
    outcome = Outcome("all", (Done(sink.totals()),), {}, 0)
    return forecast(concluded(setting, Wanted(1, (), None), outcome), setting.plan)


def _deliver(request: Request, plan: Plan, found: Rehearsed, result: Forecast) -> None:
    if request.events is not None:
        with event_file(request.events, plan) as sink:
            sink.begin()
            sink.add(found.part)
            sink.close(found.closing)
    if request.report is not None:
        write(request.report, reported(request.report, result))
    if request.json is not None:
        write(request.json, result.to_json())
    if not _silent(request):
        from wakeup.report.terminal import show

        show(result, screen(), language())
        if request.report is not None:
            print(worded(Say("report: {file}", file=str(request.report))))


def _silent(request: Request) -> bool:
    return STDOUT in {str(request.json), str(request.report)}


def _judge(request: Request, setting: Setting, found: Rehearsed, script: Script) -> int:
    """Hold the rehearsal against the simulation, or against its limits; a difference is an error."""
    problems = []
    if script.exact and request.compare and len(setting.population) <= COMPARED:
        problems += _differences(request, setting, found, script)
    if not _silent(request):
        limits = [Held(each.name, each.looked, each.broken) for each in found.limits]
        show_limits(limits, found.sends, screen(), language())
    problems += [
        diagnostic("WK7003", count=each.broken, limit=WORDS[each.name]) for each in found.limits if each.broken
    ]
    if problems:
        raise WakeupError(problems)
    return exits.FINE


def _differences(request: Request, setting: Setting, found: Rehearsed, script: Script) -> list[Diagnostic]:
    """Play the same people on the readable simulator; return how the two traces differ, or say that they do not."""
    trace, own = Trace(), Trace()
    simulated(setting, Job(script.replication), trace)
    own.add(found.part)
    expected, rehearsed = (_rows(each.table()) for each in (trace, own))
    apart = sorted(set(expected) ^ set(rehearsed))
    if not apart:
        if not _silent(request):
            show_agreement(len(expected), _reasons(own), screen(), language())
        return []
    t, row = apart[0][:2]
    when = Wording(setting.plan).moment(t)
    return [diagnostic("WK7002", count=len(apart), rows=len(expected), row=Row(row).name.lower(), time=when)]


_COLUMNS: Final = (
    "t",
    "row",
    "who",
    "step",
    "message",
    "incentive",
    "occurrence",
    "reason",
    "arm",
    "amount",
    "subsidised",
)


def _rows(table: Columns) -> list[tuple[int, ...]]:
    """Return rows as tuples in the order of `_COLUMNS`."""
    return list(zip(*(table[name].tolist() for name in _COLUMNS), strict=True))


def _reasons(trace: Trace) -> dict[str, int]:
    """Return how many sends were refused, by reason, most first."""
    table = trace.table()
    codes, counts = np.unique(table["reason"][table["row"] == Row.REFUSED], return_counts=True)
    found = {Reason(int(code)).name.lower(): int(count) for code, count in zip(codes, counts, strict=True)}
    return dict(sorted(found.items(), key=lambda each: -each[1]))
