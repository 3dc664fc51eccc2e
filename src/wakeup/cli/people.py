"""`wakeup customers`: make, import and look at customers."""

from collections.abc import Iterable
from pathlib import Path

from wakeup.cli import exits
from wakeup.cli.campaign import campaign
from wakeup.cli.data import DataOptions
from wakeup.cli.messages import language, say, worded
from wakeup.cli.screen import screen
from wakeup.customers import (
    UNANCHORED,
    History,
    Population,
    Shards,
    anchored,
    check_folder,
    instant_from,
    parse_mapping,
    reading,
    report_of,
    save,
    save_shards,
    shard_count,
    synthetic,
    synthetic_parts,
)
from wakeup.customers import profile as portrait
from wakeup.diagnostics import Count, Say, WakeupError, diagnostic
from wakeup.face import prepared
from wakeup.files import check_writable
from wakeup.preflight import sorting
from wakeup.report.profile import show_import, show_profile
from wakeup.report.sorting import show_sorting
from wakeup.terms.currencies import MINOR_DIGITS


def synth(number: int, output: Path, as_of: str | None, seed: int, shards: int | None) -> int:
    """Make customers and write them; without a date they belong to none and any campaign may use them."""
    at = UNANCHORED if as_of is None else instant_from(as_of, "UTC")
    parts = shard_count(number, shards, output)
    _check_goal(output, parts)
    if parts is None:
        save(anchored(synthetic(number, seed=seed), at), output)
    else:
        save_shards((anchored(each, at) for each in synthetic_parts(number, parts, seed=seed)), output)
    print(_written(number, output, parts))
    return exits.FINE


def import_(
    path: Path,
    output: Path,
    as_of: str,
    table: Path | None,
    touches: Path | None,
    mapping: str | None,
    zone: str,
    currency: str,
    shards: int | None,
) -> int:
    """Read a log, write each customer's features and say what was read."""
    digits = _digits(currency)
    _check_goal(output, shards, inputs=(path, table, touches))
    with reading(
        path,
        as_of=as_of,
        zone=zone,
        minor_digits=digits,
        mapping=parse_mapping(mapping) if mapping else None,
        table=table,
        touches=touches,
    ) as found:
        say(found.report.warnings)
        parts = shard_count(found.people, shards, output)
        if parts is None:
            save(found.read(0, found.people), output)
        else:
            save_shards(found.parts(parts), output, minor_digits=digits)
    show_import(found.report, screen(), zone=zone, lang=language())
    print(_written(found.people, output, parts))
    return exits.FINE


def profile(options: DataOptions, zone: str | None, currency: str | None, file: Path | None) -> int:
    """Print the portrait of the customers; with a campaign also how it sorts them: its tiers and causes of sleep.

    The campaign says zone, currency and as-of where the user does not.
    """
    plan = None if file is None else campaign(file)
    zone = zone or ("UTC" if plan is None else plan.zone)
    currency = (currency or ("CNY" if plan is None else plan.currency)).upper()
    digits = _digits(currency)
    people = options.source(start=None if plan is None else plan.start, zone=zone, minor_digits=digits)
    console = screen()
    if not isinstance(people, Population):
        report = report_of(people) if isinstance(people, Shards) else people.report
        show_import(report, console, zone=zone, lang=language())
    population = people.population if isinstance(people, History) else people
    if plan is not None:
        plan, population = prepared(plan, people)
    show_profile(portrait(population), console, currency=currency, minor_digits=digits, zone=zone, lang=language())
    if plan is not None:
        held = population.whole() if isinstance(population, Shards) else population
        show_sorting(sorting(plan, held), console, currency=currency, minor_digits=digits, lang=language())
    return exits.FINE


def _check_goal(output: Path, shards: int | None, inputs: Iterable[Path | None] = ()) -> None:
    if shards is not None or output.is_dir():
        check_folder(output)
    else:
        check_writable(output, inputs=inputs)


def _written(number: int, output: Path, parts: int | None) -> str:
    customers = Count(number, "customer")
    if parts is None:
        return worded(Say("{customers}: {file}", customers=customers, file=str(output)))
    return worded(
        Say("{customers} in {files}: {folder}", customers=customers, files=Count(parts, "file"), folder=str(output))
    )


def _digits(currency: str) -> int:
    try:
        return MINOR_DIGITS[currency.upper()]
    except KeyError:
        raise WakeupError([diagnostic("WK6008", currency=currency)]) from None
