"""The commands and their options. Each command's work stands in a module of its own, imported when it is called."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from wakeup.cli.messages import speak

app = typer.Typer(
    name="wakeup",
    help="Campaigns as code for waking dormant customers: write, check, simulate.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
people = typer.Typer(
    help="Make, import and look at customers.", no_args_is_help=True, rich_markup_mode=None, add_completion=False
)
app.add_typer(people, name="customers")


class CheckFormat(StrEnum):
    """How diagnostics are printed."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"
    GITHUB = "github"
    JUNIT = "junit"


class PlanFormat(StrEnum):
    """How a plan is printed, or what changed in it."""

    TEXT = "text"
    JSON = "json"
    MERMAID = "mermaid"


class Database(StrEnum):
    """Which database a query is for."""

    DUCKDB = "duckdb"
    POSTGRES = "postgres"


class Lang(StrEnum):
    """Language of messages."""

    EN = "en"
    ZH = "zh"


class Engine(StrEnum):
    """Which simulator runs."""

    ARRAY = "array"
    REFERENCE = "reference"


Synthetic = Annotated[int | None, typer.Option("--synthetic", metavar="N", help="N made-up customers.")]
Customers = Annotated[
    Path | None,
    typer.Option("--customers", metavar="PATH", help="An order log or a customer table (CSV, Parquet, xlsx)."),
]
AsOf = Annotated[
    str | None,
    typer.Option("--as-of", metavar="DATE", help="Read the log up to this date; default: the run's first day."),
]
Table = Annotated[
    Path | None, typer.Option("--table", metavar="PATH", help="A customer table to join: tags, fields, consents.")
]
Touches = Annotated[
    Path | None, typer.Option("--touches", metavar="PATH", help="A log of past touches: customer, time, channel.")
]
Mapping = Annotated[
    str | None,
    typer.Option("--map", metavar="id=…,time=…,amount=…,returns=…", help="Which columns of the log mean what."),
]
Output = Annotated[Path, typer.Option("-o", "--output", metavar="PATH", help="Where to write.")]
Sharded = Annotated[
    int | None,
    typer.Option(
        "--shards",
        metavar="N",
        min=1,
        max=10_000,
        help="Write a folder of N files; above 10 million customers by itself.",
    ),
]
Speaking = Annotated[Lang | None, typer.Option("--lang", help="Language of what is printed.")]
Seed = Annotated[int, typer.Option("--seed", metavar="S", min=0, help="Seed of every draw.")]


@app.command()
def init(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="Where; the folder is made if it is not there.")
    ] = Path(),
    lang: Annotated[Lang | None, typer.Option("--lang", help="Language of the campaign.")] = None,
) -> int:
    """Begin a project: wakeup.toml, channel libraries and a campaign that checks and simulates at once."""
    from wakeup.cli.init import run

    speak(lang)
    return run(folder)


@app.command()
def check(
    paths: Annotated[list[Path], typer.Argument(help="Campaign files, or folders of them.")],
    format: Annotated[CheckFormat, typer.Option("--format", help="How to print what was found.")] = CheckFormat.TEXT,
    strict: Annotated[bool, typer.Option("--strict", help="Warnings fail too.")] = False,
    lang: Speaking = None,
    synthetic: Synthetic = None,
    customers: Customers = None,
    as_of: AsOf = None,
    table: Table = None,
    touches: Touches = None,
    mapping: Mapping = None,
    seed: Seed = 1,
) -> int:
    """Check campaign files: names, units, sums, tiers, dates, policy; with customers also who is reached, what the
    control group and splits can see, and whether stock and budget are enough."""
    from wakeup.cli.check import run
    from wakeup.cli.data import DataOptions

    speak(lang)
    data = DataOptions(synthetic, customers, as_of, table, touches, mapping, seed)
    return run(paths, data, format.value, strict)


@app.command()
def fmt(
    paths: Annotated[list[Path], typer.Argument(help="Campaign files, or folders of them.")],
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing; name the files that would change, exit code 1 if any.")
    ] = False,
    lang: Annotated[
        Lang | None, typer.Option("--lang", help="Translate the words of the language; else each file keeps its own.")
    ] = None,
) -> int:
    """Put campaign files into the one canonical style, in place."""
    from wakeup.cli.fmt import run

    speak(lang)
    return run(paths, check, lang.value if lang else None)


@app.command()
def explain(
    code: Annotated[str, typer.Argument(help="A code such as WK3104.")],
    lang: Speaking = None,
) -> int:
    """Explain a code: what it means, a wrong and a right example."""
    from wakeup.cli.explain import run

    speak(lang)
    return run(code)


@app.command()
def plan(
    file: Annotated[Path, typer.Argument(help="A campaign file or a plan.json.")],
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="plan.json", help="Write the plan as JSON.")
    ] = None,
    format: Annotated[PlanFormat, typer.Option("--format", help="How to print the plan.")] = PlanFormat.TEXT,
    against: Annotated[
        Path | None, typer.Option("--against", metavar="OLD", help="Print what changed since this campaign or plan.")
    ] = None,
    gate: Annotated[
        str | None, typer.Option("--gate", metavar="KIND,…", help="Exit code 2 if a change is of one of these kinds.")
    ] = None,
    lang: Speaking = None,
) -> int:
    """Print what a campaign would do, in words, as JSON or drawn; or what changed in it."""
    from wakeup.cli.plan import run

    speak(lang)
    return run(file, output, format.value, against, gate)


@app.command()
def audience(
    file: Annotated[Path, typer.Argument(help="A campaign file or a plan.json.")],
    sql: Annotated[Database, typer.Option("--sql", help="The database that the query is for.")],
    journey: Annotated[
        str | None, typer.Option("--journey", metavar="NAME", help="Only the people of this journey.")
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option("--as-of", metavar="DATE", help="The day at whose start people are judged; default: the run's."),
    ] = None,
    lang: Speaking = None,
) -> int:
    """Print the audience as a query for your warehouse: who is meant, their tier bands, their journey."""
    from wakeup.cli.audience import run

    speak(lang)
    return run(file, sql.value, journey, as_of)


@app.command()
def simulate(
    file: Annotated[Path, typer.Argument(help="A campaign file or a plan.json.")],
    synthetic: Synthetic = None,
    customers: Customers = None,
    as_of: AsOf = None,
    table: Table = None,
    touches: Touches = None,
    mapping: Mapping = None,
    seed: Seed = 1,
    replications: Annotated[
        int | None,
        typer.Option("--replications", metavar="R", help="Runs with other draws; 20, with --precision at most 1000."),
    ] = None,
    precision: Annotated[
        str | None,
        typer.Option(
            "--precision", metavar="FIGURE=±,…", help="Stop once values are known so closely: wake_rate=0.2%."
        ),
    ] = None,
    engine: Annotated[Engine, typer.Option("--engine", help="The fast simulator or the readable one.")] = Engine.ARRAY,
    workers: Annotated[
        int, typer.Option("--workers", metavar="W", help="Processes; the figures do not depend on it.")
    ] = 1,
    cluster: Annotated[
        str | None, typer.Option("--cluster", metavar="ADDRESS", help="Run on the Dask cluster of this scheduler.")
    ] = None,
    scenario: Annotated[
        str | None, typer.Option("--scenario", metavar="NAME|all", help="Also simulate a declared scenario, or all.")
    ] = None,
    assume: Annotated[
        Path | None, typer.Option("--assume", metavar="FILE", help="Assumptions (JSON) that replace the plan's own.")
    ] = None,
    json: Annotated[
        Path | None, typer.Option("--json", metavar="OUT", help="Write the result as JSON; - prints it.")
    ] = None,
    report: Annotated[
        Path | None, typer.Option("--report", metavar="OUT.html", help="Write a report for the browser.")
    ] = None,
    events: Annotated[
        Path | None,
        typer.Option("--events", metavar="OUT.parquet", help="Write every event of the run with median assumptions."),
    ] = None,
    resume: Annotated[
        Path | None,
        typer.Option("--resume", metavar="DIR", help="Go on from an interrupted run, whose finished part is in DIR."),
    ] = None,
    lang: Speaking = None,
) -> int:
    """Forecast a campaign on made-up or real customers."""
    from wakeup.cli.data import DataOptions
    from wakeup.cli.simulate import Request, run

    speak(lang)
    return run(
        Request(
            file=file,
            data=DataOptions(synthetic, customers, as_of, table, touches, mapping, seed),
            seed=seed,
            replications=replications,
            precision=precision,
            engine=engine.value,
            workers=workers,
            cluster=cluster,
            scenario=scenario,
            assume=assume,
            json=json,
            report=report,
            events=events,
            resume=resume,
        )
    )


@app.command()
def lsp() -> int:
    """Serve an editor: messages while typing, completion, rename, formatting, over standard input and output."""
    from wakeup.cli.lsp import run

    return run()


@people.command("synth")
def synth(
    number: Annotated[int, typer.Argument(metavar="N", help="How many.")],
    output: Output,
    as_of: AsOf = None,
    seed: Seed = 1,
    shards: Sharded = None,
    lang: Speaking = None,
) -> int:
    """Make N customers with realistic joint distributions and write them as Parquet."""
    from wakeup.cli.people import synth

    speak(lang)
    return synth(number, output, as_of, seed, shards)


@people.command("import")
def import_(
    path: Annotated[Path, typer.Argument(help="An order log or a customer table.")],
    output: Output,
    as_of: Annotated[str, typer.Option("--as-of", metavar="DATE", help="Read the log up to this date.")],
    table: Table = None,
    touches: Touches = None,
    mapping: Mapping = None,
    zone: Annotated[str, typer.Option("--zone", help="Time zone of times without one.")] = "UTC",
    currency: Annotated[str, typer.Option("--currency", help="Currency of the amounts.")] = "CNY",
    shards: Sharded = None,
    lang: Speaking = None,
) -> int:
    """Read a log, compute each customer's features and write them as Parquet."""
    from wakeup.cli.people import import_

    speak(lang)
    return import_(path, output, as_of, table, touches, mapping, zone, currency, shards)


@people.command("profile")
def profile(
    synthetic: Synthetic = None,
    customers: Customers = None,
    as_of: AsOf = None,
    table: Table = None,
    touches: Touches = None,
    mapping: Mapping = None,
    seed: Seed = 1,
    campaign: Annotated[
        Path | None, typer.Option("--campaign", metavar="FILE", help="Show its tiers and causes, too.")
    ] = None,
    zone: Annotated[str | None, typer.Option("--zone", help="Time zone of times without one.")] = None,
    currency: Annotated[str | None, typer.Option("--currency", help="Currency of the amounts.")] = None,
    lang: Speaking = None,
) -> int:
    """Show how long customers have been asleep, what they are worth, and how they can be reached."""
    from wakeup.cli.data import DataOptions
    from wakeup.cli.people import profile

    speak(lang)
    return profile(DataOptions(synthetic, customers, as_of, table, touches, mapping, seed), zone, currency, campaign)
