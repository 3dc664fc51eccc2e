"""Commands of a real run: look at it first, start it, watch it, stop it."""

from pathlib import Path
from typing import Annotated

import typer

from wakeup.cli.commands.options import (
    AsOf,
    Assuming,
    Customers,
    Json,
    Mapping,
    Seed,
    Speaking,
    Synthetic,
    Table,
    Touches,
)
from wakeup.cli.messages import speak

Stored = Annotated[
    str,
    typer.Option(
        "--store", metavar="URL", envvar="WAKEUP_STORE", help="Where the run is kept: a file, or postgresql://…"
    ),
]
KeyAt = Annotated[
    str | None,
    typer.Option("--key", metavar="REF", help="The store's key: env:NAME or file:PATH; default: beside the file."),
]
Named = Annotated[str | None, typer.Option("--campaign", metavar="NAME", help="Which campaign, if there are several.")]


def preview(
    message: Annotated[str, typer.Argument(help="Name of the message.")],
    file: Annotated[Path, typer.Argument(help="A campaign file or a plan.json.")],
    synthetic: Synthetic = None,
    customers: Customers = None,
    as_of: AsOf = None,
    table: Table = None,
    touches: Touches = None,
    mapping: Mapping = None,
    seed: Seed = 1,
    lang: Speaking = None,
) -> int:
    """Show a message as people would read it: the longest, the shortest, one with blanks."""
    from wakeup.cli.data import DataOptions
    from wakeup.cli.live.preview import run

    speak(lang)
    return run(message, file, DataOptions(synthetic, customers, as_of, table, touches, mapping, seed))


def rehearse(
    file: Annotated[Path, typer.Argument(help="A campaign file or a plan.json.")],
    synthetic: Synthetic = None,
    customers: Customers = None,
    as_of: AsOf = None,
    table: Table = None,
    touches: Touches = None,
    mapping: Mapping = None,
    seed: Seed = 1,
    assume: Assuming = None,
    store: Annotated[
        str | None, typer.Option("--store", metavar="URL", help="Keep it in this store; default: a temporary one.")
    ] = None,
    key: KeyAt = None,
    faults: Annotated[
        str | None,
        typer.Option("--faults", metavar="NAME=%,…", help="What goes wrong with calls: lost=2%,throttled=5%."),
    ] = None,
    executors: Annotated[
        int, typer.Option("--executors", metavar="N", min=1, max=16, help="Executors that share the work.")
    ] = 1,
    latency: Annotated[
        int, typer.Option("--latency", metavar="S", min=0, max=600, help="Seconds that a call takes.")
    ] = 0,
    compare: Annotated[
        bool, typer.Option("--compare/--no-compare", help="Hold it against the simulation, up to 20,000 customers.")
    ] = True,
    json: Json = None,
    report: Annotated[
        Path | None,
        typer.Option("--report", metavar="OUT.html", help="Write a report, for the browser; or .md, .csv."),
    ] = None,
    events: Annotated[
        Path | None, typer.Option("--events", metavar="OUT", help="Write all that happened: .parquet, .csv, .jsonl.")
    ] = None,
    lang: Speaking = None,
) -> int:
    """Run a campaign on simulated customers, by the executor that runs it for real; nothing is sent."""
    from wakeup.cli.data import DataOptions
    from wakeup.cli.live.rehearse import Request, run

    speak(lang)
    data = DataOptions(synthetic, customers, as_of, table, touches, mapping, seed)
    return run(
        Request(
            file=file,
            data=data,
            seed=seed,
            assume=assume,
            store=store,
            key=key,
            faults=faults,
            executors=executors,
            latency=latency,
            compare=compare,
            json=json,
            report=report,
            events=events,
        )
    )


def run(
    file: Annotated[Path, typer.Argument(help="A campaign file or a plan.json.")],
    store: Stored = "wakeup.db",
    key: KeyAt = None,
    customers: Customers = None,
    as_of: AsOf = None,
    table: Table = None,
    touches: Touches = None,
    mapping: Mapping = None,
    approve: Annotated[
        str | None, typer.Option("--approve", metavar="ID", help="The short id under the screen, instead of typing it.")
    ] = None,
    unsimulated: Annotated[
        bool, typer.Option("--unsimulated", help="Start it although this version was never simulated.")
    ] = False,
    adopt: Annotated[
        str | None, typer.Option("--adopt", metavar="copy", help="Let people under way take corrected wording (copy).")
    ] = None,
    public: Annotated[
        str,
        typer.Option("--public", metavar="URL", help="Where `wakeup ingest` is reached: for opt-out links."),
    ] = "",
    until: Annotated[
        str | None, typer.Option("--until", metavar="TIME", help="Leave at this time (ISO); go on by the same command.")
    ] = None,
    codes: Annotated[
        list[str] | None,
        typer.Option("--codes", metavar="NAME=FILE", help="The shop's codes for a coupon, one a line."),
    ] = None,
    once: Annotated[
        bool, typer.Option("--once", help="Do what is due now and leave: for a timer that starts it again and again.")
    ] = False,
    seed_list: Annotated[
        Path | None,
        typer.Option("--seed-list", metavar="FILE", help="Only send every message to these people, as a test."),
    ] = None,
    lang: Speaking = None,
) -> int:
    """Run a campaign for real, or go on with it."""
    from wakeup.cli.data import DataOptions
    from wakeup.cli.live import run as running
    from wakeup.cli.live import seeds
    from wakeup.cli.live.codes import read_codes

    speak(lang)
    if seed_list is not None:
        return seeds.run(file, seed_list)
    data = DataOptions(None, customers, as_of, table, touches, mapping, 1)
    return running.run(
        running.Request(
            file=file,
            store=store,
            key=key,
            data=data,
            approve=approve,
            unsimulated=unsimulated,
            adopt=running.adopting(adopt),
            public=public,
            until=until,
            once=once,
            codes=read_codes(codes or ()),
        )
    )


def status(
    store: Stored = "wakeup.db",
    key: KeyAt = None,
    campaign: Named = None,
    synthetic: Synthetic = None,
    customers: Customers = None,
    as_of: AsOf = None,
    table: Table = None,
    touches: Touches = None,
    mapping: Mapping = None,
    seed: Seed = 1,
    replications: Annotated[
        int, typer.Option("--replications", metavar="R", min=2, help="Runs of the forecast up to now; 20.")
    ] = 20,
    assume: Assuming = None,
    json: Json = None,
    report: Annotated[
        Path | None, typer.Option("--report", metavar="OUT.html", help="Write a page for the browser.")
    ] = None,
    events: Annotated[
        Path | None,
        typer.Option("--events", metavar="OUT", help="Write all that happened, with ids: `calibrate` reads it."),
    ] = None,
    lang: Speaking = None,
) -> int:
    """Tell how a run stands; with its customers given, beside the forecast for this hour."""
    from wakeup.cli.data import DataOptions
    from wakeup.cli.live.status import Request, run

    speak(lang)
    data = DataOptions(synthetic, customers, as_of, table, touches, mapping, seed)
    return run(Request(store, key, campaign, data, seed, replications, assume, json, report, events))


def pause(store: Stored = "wakeup.db", key: KeyAt = None, campaign: Named = None, lang: Speaking = None) -> int:
    """Send nothing until `resume`; answers are still taken."""
    from wakeup.cli.live.control import order
    from wakeup.live.store.protocol import Switch

    speak(lang)
    return order(store, key, campaign, Switch.PAUSED)


def resume(store: Stored = "wakeup.db", key: KeyAt = None, campaign: Named = None, lang: Speaking = None) -> int:
    """Go on with a paused campaign."""
    from wakeup.cli.live.control import order
    from wakeup.live.store.protocol import Switch

    speak(lang)
    return order(store, key, campaign, Switch.RUNNING)


def stop(store: Stored = "wakeup.db", key: KeyAt = None, campaign: Named = None, lang: Speaking = None) -> int:
    """Stop a campaign for good: everybody leaves."""
    from wakeup.cli.live.control import order
    from wakeup.live.store.protocol import Switch

    speak(lang)
    return order(store, key, campaign, Switch.STOPPED)


def ingest(
    store: Stored = "wakeup.db",
    key: KeyAt = None,
    file: Annotated[
        Path | None, typer.Option("--file", metavar="PATH", help="Read answers from this file (CSV, JSONL) instead.")
    ] = None,
    folder: Annotated[Path, typer.Option("--project", metavar="DIR", help="Where wakeup.toml is.")] = Path(),
    lang: Speaking = None,
) -> int:
    """Listen for deliveries, orders, opt-outs: what providers, shop and people tell."""
    from wakeup.cli.live.ingest import run

    speak(lang)
    return run(store, key, folder, file)


def tasks(
    channel: Annotated[str, typer.Argument(help="The channel that people carry.")],
    store: Stored = "wakeup.db",
    key: KeyAt = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="LIST.csv", help="Take tasks and write them to this list.")
    ] = None,
    back: Annotated[
        Path | None, typer.Option("--back", metavar="LIST.csv", help="Take back a list that was filled in.")
    ] = None,
    most: Annotated[int, typer.Option("--most", min=1, metavar="N", help="Most tasks of a list.")] = 200,
    hours: Annotated[int, typer.Option("--hours", min=1, metavar="H", help="How long the list keeps its tasks.")] = 24,
    folder: Annotated[Path, typer.Option("--project", metavar="DIR", help="Where wakeup.toml is.")] = Path(),
    lang: Speaking = None,
) -> int:
    """Hand tasks to callers and shop staff as a list, and take it back filled in."""
    from wakeup.cli.live.tasks import Request, run

    speak(lang)
    return run(Request(channel, store, key, out, back, most, hours, folder))


def erase(
    customer: Annotated[str, typer.Argument(help="The customer's id.")],
    store: Stored = "wakeup.db",
    key: KeyAt = None,
    lang: Speaking = None,
) -> int:
    """Forget a person: id, addresses, attributes; counts and costs stay."""
    from wakeup.cli.live.erase import run

    speak(lang)
    return run(customer, store, key)


def doctor(
    folder: Annotated[Path, typer.Argument(metavar="[DIR]", help="The project.")] = Path(),
    store: Annotated[
        str | None, typer.Option("--store", metavar="URL", envvar="WAKEUP_STORE", help="Also look at this store.")
    ] = None,
    key: KeyAt = None,
    lang: Speaking = None,
) -> int:
    """Look whether channels and store are fit for a run; nothing is sent."""
    from wakeup.cli.live.doctor import run

    speak(lang)
    return run(folder, store, key)


def backup(
    copy: Annotated[Path, typer.Argument(metavar="FILE", help="Where to write the copy.")],
    store: Stored = "wakeup.db",
    key: KeyAt = None,
    lang: Speaking = None,
) -> int:
    """Copy a store that is a file, while a run goes on; the key is not in it."""
    from wakeup.cli.live.backup import run

    speak(lang)
    return run(copy, store, key)
