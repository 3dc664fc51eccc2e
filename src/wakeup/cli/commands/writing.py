"""Commands for who writes a campaign."""

from pathlib import Path
from typing import Annotated

import typer

from wakeup.cli.commands.options import (
    AsOf,
    CheckFormat,
    Customers,
    Database,
    Lang,
    Mapping,
    PlanFormat,
    Seed,
    Speaking,
    Synthetic,
    Table,
    Touches,
)
from wakeup.cli.messages import speak


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


def explain(
    code: Annotated[str, typer.Argument(help="A code such as WK3104.")],
    lang: Speaking = None,
) -> int:
    """Explain a code: what it means, a wrong and a right example."""
    from wakeup.cli.explain import run

    speak(lang)
    return run(code)


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


def lsp() -> int:
    """Serve an editor: messages while typing, completion, rename, formatting, over standard input and output."""
    from wakeup.cli.lsp import run

    return run()
