"""`wakeup customers`: make, import and look at customers."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from attrs import frozen

from wakeup.cli import exits
from wakeup.cli.campaign import campaign
from wakeup.cli.data import DataOptions
from wakeup.cli.messages import language, say, worded
from wakeup.cli.reports import check_form
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
    shape_of,
    shard_count,
    synthetic,
    synthetic_parts,
)
from wakeup.customers import like as likeness
from wakeup.customers import profile as portrait
from wakeup.customers.kept import from_tree
from wakeup.customers.shape import LEAST, MOST_LOOKED_AT, Shape, drawn, from_json, looks_like_shape, to_json
from wakeup.customers.synthetic_parts import made_in_parts
from wakeup.diagnostics import Count, Say, WakeupError, diagnostic
from wakeup.face import prepared
from wakeup.files import STDOUT, check_writable, read, write
from wakeup.preflight import sorting
from wakeup.report.profile import show_import, show_profile
from wakeup.report.profile_json import profile_json
from wakeup.report.profile_page import profile_html
from wakeup.report.sorting import show_sorting
from wakeup.terms.currencies import MINOR_DIGITS

_PARQUET: Final = Say("customers are written as Parquet: call it …`.parquet`")


@frozen
class Log:
    """A log or customers, and what the user said of them: the options of `import`."""

    path: Path
    as_of: str | None
    table: Path | None
    touches: Path | None
    mapping: str | None
    zone: str
    currency: str

    @property
    def digits(self) -> int:
        """Decimal digits of the currency."""
        return _digits(self.currency)

    def shape(self, least: int) -> Shape:
        """Return the shape of the customers, told of in cells of `least` people or more."""
        with reading(
            self.path,
            as_of=self.as_of,
            zone=self.zone,
            minor_digits=self.digits,
            mapping=parse_mapping(self.mapping) if self.mapping else None,
            table=self.table,
            touches=self.touches,
        ) as found:
            say(found.report.warnings)
            people = found.read(0, min(found.people, MOST_LOOKED_AT))
            shape = shape_of(
                people, found.snapshots, currency=self.currency.upper(), minor_digits=self.digits, least=least
            )
        if shape.left_out:
            say([diagnostic("WK6054", count=shape.left_out, least=least)])
        return shape


def shape(log: Log, output: Path, least: int) -> int:
    """Write the shape of customers: what they are like, and nobody of them."""
    check_writable(output, inputs=(log.path, log.table, log.touches))
    made = log.shape(least)
    write(output, to_json(made))
    if str(output) != STDOUT:
        told = Say(
            "the shape of {customers}, in cells of at least {least}: {file}",
            customers=Count(made.people, "customer"),
            least=made.least,
            file=str(output),
        )
        print(worded(told))
    return exits.FINE


def synth_like(number: int, output: Path, log: Log, stated: str | None, seed: int, shards: int | None) -> int:
    """Make customers as those of a log or a shape, and write them together with how those came back.

    stated: the currency that the user named, None without.
    """
    parts = shard_count(number, shards, output)
    _check_goal(output, parts, inputs=(log.path, log.table, log.touches))
    shaped, at = _shaped(log)
    if stated is not None and stated.upper() != shaped.currency:
        told = diagnostic("WK6069", file=log.path.name, found=shaped.currency, wanted=stated.upper())
        raise WakeupError([told])
    past = from_tree(shaped.snapshots)
    if parts is None:
        save(likeness(shaped, number, seed=seed, as_of=at), output, past)
    else:
        made = made_in_parts(number, parts, lambda ids, keys: drawn(shaped, ids, keys, seed=seed, as_of=at))
        save_shards(made, output, minor_digits=shaped.minor_digits, snapshots=past)
    print(_written(number, output, parts))
    return exits.FINE


def _shaped(log: Log) -> tuple[Shape, int | None]:
    """Return a shape, read or made, and the instant that its customers are moved to; None: they stay."""
    if not looks_like_shape(log.path):
        return log.shape(LEAST), None
    for given in (log.table, log.touches, log.mapping):
        if given is not None:
            raise WakeupError([diagnostic("WK6034", file=log.path.name)])
    return from_json(read(log.path), log.path.name), None if log.as_of is None else instant_from(log.as_of, log.zone)


def refuse_without_like(options: Mapping[str, object]) -> None:
    """Refuse options about a log where none is given.

    Raises:
        WakeupError: WK6055.
    """
    for option, value in options.items():
        if value is not None:
            raise WakeupError([diagnostic("WK6055", option=option)])


def synth(number: int, output: Path, as_of: str | None, zone: str, seed: int, shards: int | None) -> int:
    """Make customers and write them; without a date they belong to none and any campaign may use them."""
    at = UNANCHORED if as_of is None else instant_from(as_of, zone)
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
            save(found.read(0, found.people), output, found.snapshots)
        else:
            save_shards(found.parts(parts), output, minor_digits=digits, snapshots=found.snapshots)
    show_import(found.report, screen(), zone=zone, lang=language())
    print(_written(found.people, output, parts))
    return exits.FINE


def profile(
    options: DataOptions,
    zone: str | None,
    currency: str | None,
    file: Path | None,
    json: Path | None,
    report: Path | None,
) -> int:
    """Print the portrait of the customers; with a campaign also how it sorts them: its tiers and causes of sleep.

    The campaign says zone, currency and as-of where the user does not.
    """
    check_writable(json, report, inputs=(*options.files, file))
    check_form(report)
    plan = None if file is None else campaign(file)
    zone = zone or ("UTC" if plan is None else plan.zone)
    assumed = currency is None and plan is None
    currency = (currency or ("CNY" if plan is None else plan.currency)).upper()
    digits = _digits(currency)
    people = options.source(start=None if plan is None else plan.start, zone=zone, minor_digits=digits)
    population = people.population if isinstance(people, History) else people
    if plan is not None:
        plan, population = prepared(plan, people)
    # A campaign that declares causes is asked instead of the rules of ours.
    causes = plan is None or not any(tier.unit == "rule" for tier in plan.tiers)
    made = portrait(population)
    if json is not None:
        write(json, profile_json(made, currency=currency, minor_digits=digits, causes=causes))
    if report is not None:
        page = profile_html(made, currency=currency, minor_digits=digits, zone=zone, lang=language(), causes=causes)
        write(report, page)
    if STDOUT in {str(json), str(report)}:
        return exits.FINE
    console = screen()
    if not isinstance(people, Population):
        found = report_of(people) if isinstance(people, Shards) else people.report
        show_import(found, console, zone=zone, lang=language())
    if assumed:
        print(worded(Say("amounts are taken to be in {currency}; `--currency` says another", currency=currency)))
    show_profile(made, console, currency=currency, minor_digits=digits, zone=zone, lang=language(), causes=causes)
    if plan is not None:
        held = population.whole() if isinstance(population, Shards) else population
        show_sorting(sorting(plan, held), console, currency=currency, minor_digits=digits, lang=language())
    return exits.FINE


def _check_goal(output: Path, shards: int | None, inputs: Iterable[Path | None] = ()) -> None:
    if shards is not None or output.is_dir():
        check_folder(output)
    elif output.suffix.lower() not in ("", ".parquet"):
        raise WakeupError([diagnostic("WK6001", name=str(output), reason=_PARQUET)])
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
