"""`wakeup customers`: make, import and look at customers."""

from pathlib import Path

from wakeup.cli import exits
from wakeup.cli.campaign import campaign
from wakeup.cli.data import DataOptions
from wakeup.cli.messages import language, say, worded
from wakeup.cli.screen import screen
from wakeup.customers import History, anchored, from_history, instant_from, parse_mapping, save, synthetic
from wakeup.customers import profile as portrait
from wakeup.diagnostics import Count, Say, WakeupError, diagnostic
from wakeup.face import prepared
from wakeup.files import check_writable
from wakeup.preflight import sorting
from wakeup.report.profile import show_import, show_profile
from wakeup.report.sorting import show_sorting
from wakeup.terms.currencies import MINOR_DIGITS


def synth(number: int, output: Path, as_of: str | None, seed: int) -> int:
    """Make customers and write them; without a date they belong to none and any campaign may use them."""
    check_writable(output)
    people = synthetic(number, seed=seed)
    save(people if as_of is None else anchored(people, instant_from(as_of, "UTC")), output)
    print(worded(Say("{customers}: {file}", customers=Count(number, "customer"), file=str(output))))
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
    show_import(history.report, screen(), zone=zone, lang=language())
    written = Count(len(history.population), "customer")
    print(worded(Say("{customers}: {file}", customers=written, file=str(output))))
    return exits.FINE


def profile(options: DataOptions, zone: str | None, currency: str | None, file: Path | None) -> int:
    """Print the portrait of the customers; with a campaign also how it sorts them: its tiers and causes of sleep.

    The campaign says zone, currency and as-of where the user does not.
    """
    plan = None if file is None else campaign(file)
    zone = zone or ("UTC" if plan is None else plan.zone)
    currency = (currency or ("CNY" if plan is None else plan.currency)).upper()
    digits = _digits(currency)
    people = options.people(start=None if plan is None else plan.start, zone=zone, minor_digits=digits)
    console = screen()
    if isinstance(people, History):
        show_import(people.report, console, zone=zone, lang=language())
    if plan is not None:
        plan, population = prepared(plan, people)
    else:
        population = people.population if isinstance(people, History) else people
    show_profile(portrait(population), console, currency=currency, minor_digits=digits, zone=zone, lang=language())
    if plan is not None:
        show_sorting(sorting(plan, population), console, currency=currency, minor_digits=digits, lang=language())
    return exits.FINE


def _digits(currency: str) -> int:
    try:
        return MINOR_DIGITS[currency.upper()]
    except KeyError:
        raise WakeupError([diagnostic("WK6008", currency=currency)]) from None
