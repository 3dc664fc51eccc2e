"""Commands about customers: `wakeup customers …`."""

from pathlib import Path
from typing import Annotated

import typer

from wakeup.cli.commands.options import (
    AsOf,
    Currency,
    Customers,
    Mapping,
    Output,
    Seed,
    Sharded,
    Speaking,
    Synthetic,
    Table,
    Touches,
    Zone,
)
from wakeup.cli.messages import speak


def synth(
    number: Annotated[int, typer.Argument(metavar="N", help="How many.")],
    output: Output,
    like: Annotated[
        Path | None,
        typer.Option("--like", metavar="PATH", help="As the customers of an order log or of a shape.json."),
    ] = None,
    as_of: AsOf = None,
    table: Table = None,
    touches: Touches = None,
    mapping: Mapping = None,
    zone: Zone = "UTC",
    currency: Annotated[str | None, typer.Option("--currency", help="Currency of the amounts.")] = None,
    seed: Seed = 1,
    shards: Sharded = None,
    lang: Speaking = None,
) -> int:
    """Make N customers with realistic joint distributions and write them as Parquet."""
    from wakeup.cli.people import Log, refuse_without_like, synth, synth_like

    speak(lang)
    if like is None:
        refuse_without_like({"--table": table, "--touches": touches, "--map": mapping})
        return synth(number, output, as_of, zone, seed, shards)
    log = Log(like, as_of, table, touches, mapping, zone, currency or "CNY")
    return synth_like(number, output, log, currency, seed, shards)


def shape(
    path: Annotated[Path, typer.Argument(help="An order log, a customer table or imported customers.")],
    output: Output,
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="DATE", help="Read the log up to this date; default: all of it.")
    ] = None,
    table: Table = None,
    touches: Touches = None,
    mapping: Mapping = None,
    zone: Zone = "UTC",
    currency: Currency = "CNY",
    least: Annotated[
        int, typer.Option("--least", metavar="K", min=5, help="Every number tells of at least K people.")
    ] = 10,
    lang: Speaking = None,
) -> int:
    """Write what customers are like, and nobody of them, as JSON: `synth --like` makes customers of it."""
    from wakeup.cli.people import Log
    from wakeup.cli.people import shape as run

    speak(lang)
    return run(Log(path, as_of, table, touches, mapping, zone, currency), output, least)


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


def profile(
    synthetic: Synthetic = None,
    customers: Customers = None,
    as_of: Annotated[
        str | None,
        typer.Option(
            "--as-of",
            metavar="DATE",
            help="Read the log up to this date; default: the campaign's first day, else all of it.",
        ),
    ] = None,
    table: Table = None,
    touches: Touches = None,
    mapping: Mapping = None,
    seed: Seed = 1,
    campaign: Annotated[
        Path | None, typer.Option("--campaign", metavar="FILE", help="Show its tiers and causes, too.")
    ] = None,
    zone: Annotated[str | None, typer.Option("--zone", help="Time zone of times without one.")] = None,
    currency: Annotated[str | None, typer.Option("--currency", help="Currency of the amounts.")] = None,
    json: Annotated[Path | None, typer.Option("--json", metavar="OUT", help="Write it as JSON; - prints it.")] = None,
    report: Annotated[
        Path | None, typer.Option("--report", metavar="OUT.html", help="Write it as a page for the browser.")
    ] = None,
    lang: Speaking = None,
) -> int:
    """Show how long customers have been asleep, what they are worth, and how they can be reached."""
    from wakeup.cli.data import DataOptions
    from wakeup.cli.people import profile

    speak(lang)
    data = DataOptions(synthetic, customers, as_of, table, touches, mapping, seed)
    return profile(data, zone, currency, campaign, json, report)
