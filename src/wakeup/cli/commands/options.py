"""Options that several commands share, and the words that they take."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


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


class CompareFormat(StrEnum):
    """How a comparison is printed."""

    TEXT = "text"
    MARKDOWN = "markdown"


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
Zone = Annotated[str, typer.Option("--zone", help="Time zone of times without one.")]
Currency = Annotated[str, typer.Option("--currency", help="Currency of the amounts.")]
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
Workers = Annotated[int, typer.Option("--workers", metavar="W", help="Processes; nothing depends on how many.")]
Simulator = Annotated[Engine, typer.Option("--engine", help="The fast simulator or the readable one.")]
Assuming = Annotated[
    Path | None, typer.Option("--assume", metavar="FILE", help="Assumptions (JSON) in place of the plan's own.")
]
Json = Annotated[Path | None, typer.Option("--json", metavar="OUT", help="Write it as JSON; - prints it.")]
LogZone = Annotated[str | None, typer.Option("--zone", help="Time zone of times without one.")]
LogCurrency = Annotated[str | None, typer.Option("--currency", help="Currency of the amounts.")]
