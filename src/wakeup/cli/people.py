"""`wakeup customers`: make, import and look at customers."""

from pathlib import Path

from wakeup.cli import exits
from wakeup.cli.data import DataOptions
from wakeup.cli.messages import say
from wakeup.cli.screen import screen
from wakeup.customers import History, anchored, from_history, instant_from, parse_mapping, save, synthetic
from wakeup.customers import profile as portrait
from wakeup.diagnostics import WakeupError, diagnostic
from wakeup.files import check_writable
from wakeup.report.profile import show_import, show_profile
from wakeup.terms.currencies import MINOR_DIGITS


def synth(number: int, output: Path, as_of: str | None, seed: int) -> int:
    """Make customers and write them; without a date they belong to none and any campaign may use them."""
    check_writable(output)
    people = synthetic(number, seed=seed)
    save(people if as_of is None else anchored(people, instant_from(as_of, "UTC")), output)
    print(f"{number} customers: {output}")
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
) -> int:
    """Read a log, write each customer's features and say what was read."""
    check_writable(output, inputs=(path, table, touches))
    history = from_history(
        path,
        as_of=as_of,
        zone=zone,
        minor_digits=_digits(currency),
        mapping=parse_mapping(mapping) if mapping else None,
        table=table,
        touches=touches,
    )
    say(history.report.warnings)
    save(history.population, output)
    show_import(history.report, screen(), zone=zone)
    print(f"{len(history.population)} customers: {output}")
    return exits.FINE


def profile(options: DataOptions, zone: str, currency: str) -> int:
    """Print the portrait of the customers."""
    digits = _digits(currency)
    people = options.people(start=None, zone=zone, minor_digits=digits)
    console = screen()
    if isinstance(people, History):
        show_import(people.report, console, zone=zone)
        people = people.population
    show_profile(portrait(people), console, currency=currency.upper(), minor_digits=digits, zone=zone)
    return exits.FINE


def _digits(currency: str) -> int:
    try:
        return MINOR_DIGITS[currency.upper()]
    except KeyError:
        raise WakeupError([diagnostic("WK6008", currency=currency)]) from None
