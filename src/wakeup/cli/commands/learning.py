"""Commands that learn from the past, and say how far to believe a forecast."""

from pathlib import Path
from typing import Annotated

import typer

from wakeup.cli.commands.options import (
    Json,
    LogCurrency,
    LogZone,
    Mapping,
    Seed,
    Speaking,
    Table,
)
from wakeup.cli.messages import speak


def calibrate(
    orders: Annotated[Path, typer.Option("--orders", metavar="LOG", help="The order log (CSV, Parquet, xlsx).")],
    output: Annotated[
        Path, typer.Option("-o", "--output", metavar="shop.assume.wake", help="A library to import, or a .json file.")
    ],
    touches: Annotated[
        Path | None, typer.Option("--touches", metavar="LOG", help="Who was contacted when, how, or held out.")
    ] = None,
    outcomes: Annotated[
        Path | None, typer.Option("--outcomes", metavar="LOG", help="Who opened, clicked, claimed, redeemed when.")
    ] = None,
    campaign: Annotated[
        Path | None,
        typer.Option("--campaign", metavar="FILE", help="The past campaign: its channels and offers."),
    ] = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="DATE", help="Read the logs up to this date; default: all of them.")
    ] = None,
    table: Table = None,
    mapping: Mapping = None,
    zone: LogZone = None,
    currency: LogCurrency = None,
    lang: Speaking = None,
) -> int:
    """Learn from your own logs how your customers behave, as assumptions that a campaign imports."""
    from wakeup.cli.calibrate import Request, run

    speak(lang)
    return run(
        Request(
            orders=orders,
            touches=touches,
            outcomes=outcomes,
            campaign=campaign,
            as_of=as_of,
            table=table,
            mapping=mapping,
            zone=zone,
            currency=currency,
            output=output,
        )
    )


def backtest(
    orders: Annotated[
        Path | None, typer.Option("--orders", metavar="LOG", help="The order log (CSV, Parquet, xlsx).")
    ] = None,
    campaign: Annotated[
        Path | None,
        typer.Option("--campaign", metavar="TABLE", help="A past campaign with a control group, one row a person."),
    ] = None,
    origins: Annotated[
        int | None, typer.Option("--origins", metavar="N", help="Days in the log's past to forecast from; 12.")
    ] = None,
    horizon: Annotated[
        str | None, typer.Option("--horizon", metavar="DAYS", help="How far to forecast from each; 90d.")
    ] = None,
    splits: Annotated[
        int | None, typer.Option("--splits", metavar="N", help="Halvings of the campaign's people; 100.")
    ] = None,
    control: Annotated[
        str | None, typer.Option("--control", metavar="ARM", help="Which arm of the campaign was left alone.")
    ] = None,
    shares: Annotated[
        str | None,
        typer.Option("--shares", metavar="ARM=SHARE,…", help="Planned shares of the arms, to check the counts."),
    ] = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="DATE", help="Read the log up to this date; default: all of it.")
    ] = None,
    mapping: Annotated[
        str | None, typer.Option("--map", metavar="ROLE=COLUMN,…", help="Which columns of the file mean what.")
    ] = None,
    zone: LogZone = None,
    currency: LogCurrency = None,
    seed: Seed = 1,
    json: Json = None,
    report: Annotated[
        Path | None, typer.Option("--report", metavar="OUT.html", help="Write a report for the browser.")
    ] = None,
    lang: Speaking = None,
) -> int:
    """Hold forecasts against the past: of an order log, or of a past campaign whose arms were random."""
    from wakeup.cli.backtest import Request, run

    speak(lang)
    return run(
        Request(
            orders=orders,
            campaign=campaign,
            origins=origins,
            horizon=horizon,
            as_of=as_of,
            mapping=mapping,
            zone=zone,
            currency=currency,
            splits=splits,
            control=control,
            shares=shares,
            seed=seed,
            json=json,
            report=report,
        )
    )
