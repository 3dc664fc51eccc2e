"""Commands that simulate: what would it bring, what does an edit change, which numbers are best, why."""

from pathlib import Path
from typing import Annotated

import typer

from wakeup.cli.commands.options import (
    AsOf,
    Assuming,
    CompareFormat,
    Customers,
    Engine,
    Json,
    Mapping,
    Seed,
    Simulator,
    Speaking,
    Synthetic,
    Table,
    Touches,
    Workers,
)
from wakeup.cli.messages import speak


def simulate(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE...",
            help="A campaign file or a plan.json; several run on one clock, and the first comes first.",
        ),
    ],
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
    engine: Simulator = Engine.ARRAY,
    workers: Workers = 1,
    cluster: Annotated[
        str | None, typer.Option("--cluster", metavar="ADDRESS", help="Run on the Dask cluster of this scheduler.")
    ] = None,
    scenario: Annotated[
        str | None,
        typer.Option("--scenario", metavar="NAME|all", help="Also a scenario, or all; what guards and `else` buy."),
    ] = None,
    by_channel: Annotated[
        bool, typer.Option("--by-channel", help="Also simulate without each channel: what it adds.")
    ] = False,
    sensitivity: Annotated[
        bool, typer.Option("--sensitivity", help="Also vary every assumption: what the profit hangs on. Many runs.")
    ] = False,
    assume: Assuming = None,
    json: Json = None,
    report: Annotated[
        Path | None,
        typer.Option("--report", metavar="OUT.html", help="Write a report, for the browser; or .md, .csv."),
    ] = None,
    junit: Annotated[
        Path | None,
        typer.Option("--junit", metavar="OUT.xml", help="Write the expectations as test cases for a build server."),
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
    """Forecast a campaign on made-up or real customers, or several over the same ones."""
    from wakeup.cli import together
    from wakeup.cli.data import DataOptions
    from wakeup.cli.simulate import Request, run

    speak(lang)
    data = DataOptions(synthetic, customers, as_of, table, touches, mapping, seed)
    if len(files) > 1:
        alone = {
            "--precision": precision, "--cluster": cluster, "--by-channel": by_channel, "--sensitivity": sensitivity,
            "--junit": junit, "--events": events, "--resume": resume,
        }  # fmt: skip
        return together.run(
            together.Request(
                tuple(files), data, seed, replications, engine.value, workers, scenario, assume, json, report, alone
            )
        )
    return run(
        Request(
            file=files[0],
            data=data,
            seed=seed,
            replications=replications,
            precision=precision,
            engine=engine.value,
            workers=workers,
            cluster=cluster,
            scenario=scenario,
            by_channel=by_channel,
            sensitivity=sensitivity,
            assume=assume,
            json=json,
            report=report,
            junit=junit,
            events=events,
            resume=resume,
        )
    )


def compare(
    old: Annotated[Path, typer.Argument(help="A campaign file or a plan.json: as it was.")],
    new: Annotated[Path, typer.Argument(help="A campaign file or a plan.json: as it is to be.")],
    synthetic: Synthetic = None,
    customers: Customers = None,
    as_of: AsOf = None,
    table: Table = None,
    touches: Touches = None,
    mapping: Mapping = None,
    seed: Seed = 1,
    replications: Annotated[
        int | None, typer.Option("--replications", metavar="R", help="Runs of each plan with other draws; 20.")
    ] = None,
    engine: Simulator = Engine.ARRAY,
    workers: Workers = 1,
    scenario: Annotated[
        str | None,
        typer.Option("--scenario", metavar="NAME|all", help="Also under a scenario of both plans, or all of them."),
    ] = None,
    assume: Assuming = None,
    json: Json = None,
    format: Annotated[
        CompareFormat, typer.Option("--format", help="Tables, or a comment under a change.")
    ] = CompareFormat.TEXT,
    lang: Speaking = None,
) -> int:
    """Forecast two versions of a campaign on the same customers with the same luck: what does the edit change?"""
    from wakeup.cli.compare import Request, run
    from wakeup.cli.data import DataOptions

    speak(lang)
    return run(
        Request(
            old=old,
            new=new,
            data=DataOptions(synthetic, customers, as_of, table, touches, mapping, seed),
            seed=seed,
            replications=replications,
            engine=engine.value,
            workers=workers,
            scenario=scenario,
            assume=assume,
            json=json,
            format=format.value,
        )
    )


def tune(
    file: Annotated[Path, typer.Argument(help="A campaign with open numbers, `tune(1..5 step 1)`.")],
    synthetic: Synthetic = None,
    customers: Customers = None,
    as_of: AsOf = None,
    table: Table = None,
    touches: Touches = None,
    mapping: Mapping = None,
    seed: Seed = 1,
    replications: Annotated[
        int | None, typer.Option("--replications", metavar="R", help="Runs of the variants that come far; 20.")
    ] = None,
    workers: Workers = 1,
    assume: Assuming = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="OUT.wake", help="Write the campaign with the best values.")
    ] = None,
    json: Json = None,
    lang: Speaking = None,
) -> int:
    """Find the best values of a campaign's open numbers, and say how far the search flatters them."""
    from wakeup.cli.data import DataOptions
    from wakeup.cli.tune import Request, run

    speak(lang)
    data = DataOptions(synthetic, customers, as_of, table, touches, mapping, seed)
    return run(Request(file, data, seed, replications, workers, assume, output, json))


def why(
    customer: Annotated[str, typer.Argument(help="The customer's id.")],
    run_: Annotated[
        Path | None,
        typer.Option("--run", metavar="events.parquet", help="Events that `simulate --events` has written."),
    ] = None,
    store: Annotated[
        str | None, typer.Option("--store", metavar="URL", help="The store of a real run, in place of --run.")
    ] = None,
    key: Annotated[
        str | None, typer.Option("--key", metavar="REF", help="The store's key: env:NAME or file:PATH.")
    ] = None,
    campaign: Annotated[
        str | None, typer.Option("--campaign", metavar="NAME", help="Which campaign of the store, if it has several.")
    ] = None,
    json: Json = None,
    lang: Speaking = None,
) -> int:
    """Tell what happened to a customer of a run, simulated or real, decision by decision, and why."""
    from wakeup.cli.why import run

    speak(lang)
    if store is not None:
        from wakeup.cli.live.why import run as live

        return live(customer, store, key, campaign, run_, json)
    return run(customer, run_, json)
