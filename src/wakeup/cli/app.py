"""The command line as a whole: which commands there are, in the order in which help lists them."""

from collections.abc import Callable, Mapping

import typer

from wakeup.cli.commands import customers, forecasting, learning, live, writing

app = typer.Typer(
    name="wakeup",
    help="Campaigns as code for waking dormant customers: write, check, simulate, run.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
people = typer.Typer(
    help="Make, import and look at customers.", no_args_is_help=True, rich_markup_mode=None, add_completion=False
)
app.add_typer(people, name="customers")

COMMANDS: tuple[Callable[..., int], ...] = (
    writing.init,
    writing.check,
    writing.fmt,
    writing.explain,
    writing.plan,
    writing.audience,
    forecasting.simulate,
    forecasting.compare,
    forecasting.tune,
    forecasting.why,
    learning.calibrate,
    learning.backtest,
    live.preview,
    live.rehearse,
    live.run,
    live.status,
    live.pause,
    live.resume,
    live.stop,
    live.ingest,
    live.tasks,
    live.erase,
    live.doctor,
    live.backup,
    writing.lsp,
)
PEOPLE: Mapping[str, Callable[..., int]] = {
    "synth": customers.synth,
    "shape": customers.shape,
    "import": customers.import_,
    "profile": customers.profile,
}

for each in COMMANDS:
    app.command()(each)
for name, each in PEOPLE.items():
    people.command(name)(each)
