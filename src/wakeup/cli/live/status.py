"""`wakeup status`: how a run stands, beside the forecast where customers are given to forecast it with."""

from contextlib import closing
from pathlib import Path
from typing import Final

import numpy as np
from attrs import evolve, frozen

from wakeup.behaviour import DefaultBehaviour
from wakeup.cli import exits
from wakeup.cli.assume import assumptions
from wakeup.cli.data import DataOptions
from wakeup.cli.live.control import chosen
from wakeup.cli.messages import language, worded
from wakeup.cli.progress import progress
from wakeup.cli.reports import check_form
from wakeup.cli.screen import screen
from wakeup.diagnostics import Say, WakeupError, diagnostic
from wakeup.face import prepared
from wakeup.figures.eventfile import event_file
from wakeup.figures.events import named
from wakeup.files import STDOUT, check_writable, write
from wakeup.forms import as_json, rounded
from wakeup.live.clock import WallClock
from wakeup.live.forecast import Beside, alarms, beside, to_dict
from wakeup.live.sealed import id_of
from wakeup.live.standing import Standing, standing
from wakeup.live.store.opening import open_store
from wakeup.live.store.protocol import Reader, Store
from wakeup.plan.model import Plan
from wakeup.report.standing import html, show
from wakeup.sim.replications import check_numbers
from wakeup.sim.upto import expected_upto

DAY: Final = 86_400


@frozen
class Request:
    """What the user asked for. data: the customers of the run, for the forecast; none without."""

    store: str
    key: str | None
    campaign: str | None
    data: DataOptions
    seed: int
    replications: int
    assume: Path | None
    json: Path | None
    report: Path | None
    events: Path | None


def run(request: Request) -> int:
    """Print how a run stands, and write what was asked for; 2 if the forecast's alarm is raised.

    Raises:
        WakeupError: what is wrong with the store, the campaign's name, the customers; WK7004 nobody is enrolled.
    """
    check_writable(request.json, request.report, request.events, inputs=(request.assume, *request.data.files))
    check_form(request.report)
    check_numbers(seed=request.seed, replications=request.replications)
    with closing(open_store(request.store, request.key, make=False)) as store, store.read() as reader:
        name = chosen(reader, request.campaign)
        found = standing(reader, name, WallClock().now())
        if found is None:
            raise WakeupError([diagnostic("WK7004", name=name)])
        if request.events is not None:
            _export(request.events, found, store, reader)
    against = _against(request, found) if request.data.given else ()
    _deliver(request, found, against)
    return exits.EXPECTATION_FAILED if alarms(against) else exits.FINE


def _against(request: Request, found: Standing) -> tuple[Beside, ...]:
    """Forecast the run up to this instant with the customers that are given, and hold the facts against it."""
    plan = found.plan
    source = request.data.source(start=plan.start, zone=plan.zone, minor_digits=plan.minor_digits)
    assumed, population = prepared(plan, source, assumptions(request.assume))
    with progress(Say("forecasting")) as tell:
        expected = expected_upto(
            assumed,
            population,
            DefaultBehaviour(),
            until=found.at,
            seed=request.seed,
            replications=request.replications,
            progress=tell,
        )
    return beside(found.result.figures, expected, looks=_days(plan))


def _days(plan: Plan) -> int:
    return max(1, -(-(plan.end - plan.start) // DAY))


def _export(path: Path, found: Standing, store: Store, reader: Reader) -> None:
    """Write what happened as `simulate --events` does: `wakeup calibrate` reads it. The people are named by their ids;
    who was forgotten is left without one."""
    ids = [id_of(store.keys, reader.customer(key)) for key in found.part.key.tolist()]
    with event_file(path, found.plan) as sink:
        sink.begin()
        sink.add(evolve(found.part, named=named(np.array(ids, object))))


def _deliver(request: Request, found: Standing, against: tuple[Beside, ...]) -> None:
    if request.json is not None:
        tree = found.to_dict() | ({"forecast": to_dict(against)} if against else {})
        write(request.json, as_json(rounded(tree)))
    if request.report is not None:
        write(request.report, html(found, against, language()))
    if STDOUT not in {str(request.json), str(request.report)}:
        show(found, against, screen(), language())
        if request.report is not None:
            print(worded(Say("report: {file}", file=str(request.report))))
