"""Read a company's past: its order log, and the logs of touches and outcomes of earlier campaigns."""

from collections.abc import Iterator, Mapping
from datetime import date
from os import PathLike
from pathlib import Path
from typing import Final

from attrs import field, frozen

from wakeup.customers.cells import define_cells
from wakeup.customers.columns import listed, plain
from wakeup.customers.files import Loaded, RowFile, open_rows
from wakeup.customers.imported import FIRST_ROWS, Snapshots
from wakeup.customers.log import read_log
from wakeup.customers.past.baskets import Baskets, read_baskets
from wakeup.customers.past.contacts import Contacts, read_contacts
from wakeup.customers.past.events import SOURCES, EventFiles, shown_rows
from wakeup.customers.past.stage import Stage
from wakeup.customers.past.units import Assigned, Units, read_units
from wakeup.customers.snapshots import take_snapshots
from wakeup.customers.suspicions import suspicious_share
from wakeup.customers.workspace import Workspace, workspace
from wakeup.customers.zones import instant_from, local_day
from wakeup.diagnostics import Diagnostic, WakeupError, diagnostic

AnyPath = str | PathLike[str]

CURRENCY: Final = frozenset({"currency", "currencycode", "币种", "货币"})
"""What a column of currencies is called, as columns are compared."""

CODES: Final = {"¥": "CNY", "￥": "CNY", "RMB": "CNY", "元": "CNY", "人民币": "CNY", "$": "USD", "£": "GBP", "€": "EUR"}
"""What currencies are called besides their codes."""

WATCHED: Final = 28 * 86_400
"""Seconds for which people are watched after the last send of their campaign."""


@frozen(eq=False)
class Past:
    """What the logs tell. as_of: seconds UTC, up to when orders were read; first_time: of the first one. orders: how
    many, of `customers` customers.

    contacts: past touches and what became of them, None without a log of them. units: who took part in campaigns that
    held people out, None without any. warnings: what the readers have to say.
    """

    as_of: int
    first_time: int
    orders: int
    customers: int
    snapshots: Snapshots
    baskets: Baskets
    contacts: Contacts | None
    units: Units | None
    warnings: tuple[Diagnostic, ...]


@frozen
class PastFiles:
    """The logs, and how they are read; the arguments are those of `wakeup.customers.from_history`. `stage`: what a past
    campaign says about the names in the logs; `assigned`: whom it held out, where the log itself does not say;
    `currency`: that of the amounts, by its code.
    """

    orders: AnyPath
    touches: AnyPath | None = None
    outcomes: AnyPath | None = None
    as_of: int | date | str | None = None
    zone: str = "UTC"
    minor_digits: int = 2
    mapping: Mapping[str, str] | None = None
    currency: str | None = None
    stage: Stage = field(factory=Stage)
    assigned: Assigned | None = None

    def read(self) -> Past:
        """Read orders up to as-of (None: the local midnight after the last order) and contacts before as-of, if given.

        Raises:
            WakeupError: WK6010..WK6026, WK6043..WK6045 a log cannot be read, WK6102 no kind of a row is known, WK6107
                no send in the log of touches, WK6110 amounts in another currency.
        """
        with workspace() as work:
            define_cells(work, self.zone)
            as_of = None if self.as_of is None else instant_from(self.as_of, self.zone)
            file = open_rows(work, Path(self.orders), name="main")
            self._refuse_other_currency(work, file)
            log = read_log(
                work, file, as_of=as_of, zone=self.zone, minor_digits=self.minor_digits, mapping=self.mapping
            )
            snapshots = take_snapshots(work, first_time=log.first_time, as_of=log.as_of, zone=self.zone)
            (customers,) = work.row("SELECT count(DISTINCT id) FROM log WHERE kind = 'order'")
            baskets = read_baskets(work)
            contacts, units, told = self._contacts(work, as_of, log.as_of)
            return Past(
                as_of=log.as_of,
                first_time=log.first_time,
                orders=log.orders,
                customers=int(customers),
                snapshots=snapshots,
                baskets=baskets,
                contacts=contacts,
                units=units,
                warnings=(*log.warnings, *suspicious_share(work, name=file.name), *told),
            )

    def _refuse_other_currency(self, work: Workspace, file: RowFile) -> None:
        """Raise if the log has a column of currencies and holds another than the one that amounts are read in."""
        columns = [place for place, name in enumerate(file.columns) if plain(name) in CURRENCY]
        if self.currency is None or not columns:
            return
        file.load(work, "currencies", {"currency": columns[0]})
        named = work.rows("SELECT DISTINCT upper(currency) FROM currencies WHERE currency IS NOT NULL ORDER BY 1")
        found = [str(each) for (each,) in named]
        work.run("DROP VIEW currencies")
        work.run("DROP TABLE currencies_cells")
        if any(CODES.get(each, each) != self.currency for each in found):
            told = diagnostic("WK6110", file=file.name, found=listed(found), wanted=self.currency)
            raise WakeupError([told])

    def _contacts(
        self, work: Workspace, as_of: int | None, orders_until: int
    ) -> tuple[Contacts | None, Units | None, tuple[Diagnostic, ...]]:
        touches, outcomes = (None if each is None else Path(each) for each in (self.touches, self.outcomes))
        if touches is None and outcomes is None:
            return None, None, ()
        loaded, told = EventFiles(touches, outcomes).read(work, as_of=as_of, minor_digits=self.minor_digits)
        (sends,) = work.row("SELECT count(*) FROM events WHERE kind = 'sent'")
        if not sends:
            raise WakeupError([diagnostic("WK6107", file=(touches or outcomes or Path()).name)])
        told = (*told, *_strangers(work, Path(self.orders).name))
        contacts, more = read_contacts(work, self.stage, loaded)
        # Where the log of outcomes has orders too, they are known for as long as it goes on.
        until = max(orders_until, contacts.known_until) if "ordered" in contacts.recorded else orders_until
        told = (*told, *_too_late(work, loaded, until, self.zone))
        by_rules = None if "held_out" in contacts.recorded else self.assigned
        units, most = read_units(work, contacts, by_rules, known_until=until, watched=WATCHED)
        return contacts, units, (*told, *more, *most)


_LATE = """
SELECT source, count(*), min(row, $first) FROM events WHERE kind = 'sent' AND t >= $until
GROUP BY source ORDER BY source
"""


def _too_late(work: Workspace, loaded: Mapping[str, Loaded], until: int, zone: str) -> Iterator[Diagnostic]:
    """Yield the sends after the last known order: what they did to orders is not known."""
    day = local_day(until, zone).isoformat()
    for source, count, rows in work.rows(_LATE, {"first": FIRST_ROWS, "until": until}):
        told = shown_rows(loaded[source], rows, count)
        yield diagnostic("WK6068", source=SOURCES[source], count=count, date=day, rows=told)


def _strangers(work: Workspace, orders: str) -> tuple[Diagnostic, ...]:
    """Say if most of who was contacted have never ordered: then the two logs hardly name customers alike."""
    people, strangers = work.row(
        "SELECT count(*), count(*) FILTER (id NOT IN (SELECT id FROM log WHERE kind = 'order'))"
        " FROM (SELECT DISTINCT id FROM events)"
    )
    return (diagnostic("WK6111", strangers=strangers, people=people, file=orders),) if 2 * strangers > people else ()
