"""`wakeup tune`: a campaign with open numbers and customers in, the campaign with the best of them out."""

from pathlib import Path

from attrs import frozen

from wakeup.cli import exits
from wakeup.cli.assume import assumptions
from wakeup.cli.campaign import campaign
from wakeup.cli.data import DataOptions
from wakeup.cli.messages import language, worded
from wakeup.cli.progress import progress
from wakeup.cli.screen import screen
from wakeup.diagnostics import Say
from wakeup.files import STDOUT, check_writable, write
from wakeup.tuning import tune


@frozen
class Request:
    """What the user asked for."""

    file: Path
    data: DataOptions
    seed: int
    replications: int | None
    workers: int
    assume: Path | None
    output: Path | None
    json: Path | None


def run(request: Request) -> int:
    """Tune, write or print the campaign with the best values, and return 2 if even that fails an expectation."""
    inputs = (request.file, request.assume, *request.data.files)
    check_writable(request.output, request.json, inputs=inputs, new_campaign=True)
    plan = campaign(request.file)
    people = request.data.source(start=plan.start, zone=plan.zone, minor_digits=plan.minor_digits)
    with progress(Say("simulating")) as tell:
        tuned = tune(
            request.file,
            people,
            seed=request.seed,
            replications=request.replications,
            workers=request.workers,
            assume=assumptions(request.assume),
            progress=tell,
        )
    if request.output is not None:
        write(request.output, tuned.text.encode())
    if request.json is not None:
        write(request.json, tuned.to_json())
    if STDOUT not in {str(request.json), str(request.output)}:
        from wakeup.report.tuning import show

        show(tuned.found, tuned.numbers, tuned.plan, screen(), language())
        told = Say("the campaign with these values: {file}", file=str(request.output))
        print("\n" + (tuned.text if request.output is None else worded(told)))
    return exits.EXPECTATION_FAILED if tuned.found.best.broken else exits.FINE
