"""Customers from files: an order log, a customer table, or a saved population, told apart by what is in them."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import pairwise
from os import PathLike
from pathlib import Path

from attrs import evolve, frozen

from wakeup.customers.affinity import Categories, note_bought, note_categories, read_affinity
from wakeup.customers.cells import define_cells
from wakeup.customers.features import Run, compute_features, enrol, no_log, read_run
from wakeup.customers.files import RowFile, open_rows
from wakeup.customers.imported import History, ImportReport, Problem, Snapshots
from wakeup.customers.log import LogSummary, read_log
from wakeup.customers.population import NEVER, Population
from wakeup.customers.sharding import ROWS_PER_SHARD
from wakeup.customers.shards import Shards
from wakeup.customers.snapshots import take_snapshots
from wakeup.customers.storage import SavedFile, saved_header
from wakeup.customers.summaries import Summaries, summarise
from wakeup.customers.suspicions import suspicious_customers
from wakeup.customers.table import Layout, OpenTable, no_table, open_table, read_table, survey_table
from wakeup.customers.table_columns import has_summaries
from wakeup.customers.touches import last_touch, note_touches, read_touches
from wakeup.customers.workspace import Workspace, workspace
from wakeup.customers.zones import instant_from, local_day, local_days
from wakeup.diagnostics import Diagnostic, Listed, WakeupError, diagnostic

AnyPath = str | PathLike[str]


def from_history(
    path: AnyPath,
    *,
    as_of: int | date | str | None = None,
    zone: str = "UTC",
    minor_digits: int = 2,
    mapping: Mapping[str, str] | None = None,
    table: AnyPath | None = None,
    touches: AnyPath | None = None,
) -> History:
    """Read customers as of an instant; rows at or after it are never read (SEMANTICS 6).

    Args:
        path: an order log, a customer table with summary columns, or customers that `save` or `save_shards` wrote.
        as_of: seconds UTC, a date (its local midnight), or ISO text; None: the local midnight after the last row.
        zone: IANA zone of times that name none.
        minor_digits: decimal digits of the currency's minor unit.
        mapping: role (id, time, amount, returns, category) -> column name of the log; see `parse_mapping`.
        table: a customer table joined to the log: tags, fields, consents, addresses, zones.
        touches: a log of past touches: customer id, time, channel.

    Raises:
        WakeupError: WK6010..WK6051, the input is unreadable or contradicts itself; each says what to do.
    """
    with reading(
        path, as_of=as_of, zone=zone, minor_digits=minor_digits, mapping=mapping, table=table, touches=touches
    ) as found:
        return History(found.read(0, found.people), found.report, found.snapshots)


@contextmanager
def reading(
    path: AnyPath,
    *,
    as_of: int | date | str | None = None,
    zone: str = "UTC",
    minor_digits: int = 2,
    mapping: Mapping[str, str] | None = None,
    table: AnyPath | None = None,
    touches: AnyPath | None = None,
) -> Iterator["Reading"]:
    """Read what `from_history` reads, but leave the customers on disk: they are read in runs while the context is open.

    Raises:
        WakeupError: as `from_history`.
    """
    request = _Request(as_of, zone, minor_digits, mapping, table, touches)
    if Path(path).is_dir():
        yield request.from_folder(Path(path))
        return
    with workspace() as work:
        define_cells(work, zone)
        file = open_rows(work, Path(path), name="main")
        if saved_header(work, file) is not None:
            yield request.from_saved(work, file)
        elif not mapping and has_summaries(file.columns):
            yield request.from_table(work, file)
        else:
            yield request.from_log(work, file)


def open_folder(
    path: AnyPath, *, as_of: int | date | str | None = None, zone: str = "UTC", minor_digits: int = 2
) -> Shards:
    """Open customers that `save_shards` wrote and that may be more than memory holds; arguments as of `from_history`.

    Raises:
        WakeupError: as `Shards.open`; WK6029 they are known as of a later instant, WK6051 their amounts are of a
            currency with other minor units.
    """
    shards, name = Shards.open(path), Path(path).absolute().name
    _refuse_later(shards.as_of, as_of, zone, name)
    digits = shards.manifest.minor_digits
    if digits is not None and digits != minor_digits:
        raise WakeupError([diagnostic("WK6051", file=name, made=digits, wanted=minor_digits)])
    return shards


@frozen(eq=False)
class Reading:
    """Customers that are read but not yet in memory: how many, what the reader has to say, and their rows by key.

    read: the customers of the rows [first, last), 0 <= first <= last <= people.
    """

    people: int
    report: ImportReport
    snapshots: Snapshots
    read: Callable[[int, int], Population]

    def parts(self, count: int) -> Iterator[Population]:
        """Yield all customers in `count` >= 1 runs of equal size (within one), one of them in memory at a time."""
        bounds = [self.people * i // count for i in range(count + 1)]
        return (self.read(first, last) for first, last in pairwise(bounds))


@frozen(eq=False)
class _Request:
    as_of: int | date | str | None
    zone: str
    minor_digits: int
    mapping: Mapping[str, str] | None
    table: AnyPath | None
    touches: AnyPath | None

    def from_folder(self, folder: Path) -> Reading:
        """Read customers that `save_shards` wrote."""
        self._alone(folder.absolute().name)
        shards = open_folder(folder, as_of=self.as_of, zone=self.zone, minor_digits=self.minor_digits)
        return Reading(len(shards), report_of(shards), shards.snapshots, shards.read)

    def _instant(self) -> int | None:
        return None if self.as_of is None else instant_from(self.as_of, self.zone)

    def _alone(self, name: str) -> None:
        if self.table is not None or self.touches is not None or self.mapping:
            raise WakeupError([diagnostic("WK6034", file=name)])

    def from_saved(self, work: Workspace, file: RowFile) -> Reading:
        """Read a saved population; its own as-of holds."""
        self._alone(file.name)
        saved = SavedFile.open(work, file)
        _refuse_later(saved.as_of, self.as_of, self.zone, file.name)
        report = _saved(saved.people, saved.orders, file.encoding)
        return Reading(saved.people, report, saved.snapshots, saved.read)

    def from_table(self, work: Workspace, file: RowFile) -> Reading:
        """Read a customer table that carries its own summaries of past orders."""
        if self.table is not None:
            raise WakeupError([diagnostic("WK6034", file=file.name)])
        opened = open_table(work, file)
        no_log(work)
        people = enrol(work)
        layout = survey_table(work, opened)
        source = _Source(work, self.minor_digits, layout, summarised=True)
        found = [
            (int(each.last_interaction.max(initial=NEVER)), int(each.orders.sum())) for each in source.summaries(people)
        ]
        as_of = self._as_of_table(source, people, max((latest for latest, _ in found), default=NEVER), file.name)
        orders = sum(orders for _, orders in found)
        names = {"id": opened.id_column} | {c.key: opened.names[c.index] for c in opened.columns if c.kind == "summary"}
        report = ImportReport("table", opened.rows, orders, people, file.encoding, names)
        return self._finished(source, people, report, as_of, Snapshots.none())

    def _as_of_table(self, source: "_Source", people: int, latest: int, name: str) -> int:
        """Return the as-of of a table: the one asked for, else the local midnight after the latest thing it knows.

        Raises:
            WakeupError: WK6030, it knows of something at or after the as-of.
        """
        as_of = self._instant()
        if as_of is None:
            as_of = 0 if latest == NEVER else instant_from(local_day(latest, self.zone) + timedelta(days=1), self.zone)
        if latest >= as_of:
            count = sum(int((each.last_interaction >= as_of).sum()) for each in source.summaries(people))
            day = local_day(as_of, self.zone).isoformat()
            raise WakeupError([diagnostic("WK6030", file=name, count=count, date=day)])
        return as_of

    def from_log(self, work: Workspace, file: RowFile) -> Reading:
        """Read an order log, and a customer table beside it if there is one."""
        log = read_log(
            work, file, as_of=self._instant(), zone=self.zone, minor_digits=self.minor_digits, mapping=self.mapping
        )
        compute_features(work)
        told = tuple(suspicious_customers(work, name=file.name))
        opened = self._open_table(work)
        snapshots = take_snapshots(work, first_time=log.first_time, as_of=log.as_of, zone=self.zone)
        bought = "category" in log.columns
        if bought:
            note_bought(work)
        work.run("DROP TABLE log")
        people = enrol(work)
        layout = Layout() if opened is None else survey_table(work, opened)
        categories = note_categories(work) if bought else None
        source = _Source(work, self.minor_digits, layout, categories)
        return self._finished(source, people, _log_report(log, file, people, layout, told), log.as_of, snapshots)

    def _open_table(self, work: Workspace) -> OpenTable | None:
        if self.table is None:
            no_table(work)
            return None
        return open_table(work, open_rows(work, Path(self.table), name="table"))

    def _finished(
        self, source: "_Source", people: int, report: ImportReport, as_of: int, snapshots: Snapshots
    ) -> Reading:
        problems: list[Problem] = list(source.layout.problems)
        if self.touches is not None:
            file = open_rows(source.work, Path(self.touches), name="touches")
            channels, found = note_touches(source.work, file, as_of=as_of)
            source = evolve(source, channels=channels)
            problems += found
        told = () if source.categories is None else source.categories.warnings
        warnings = (*report.warnings, *told, *(problem.told() for problem in problems))
        report = evolve(report, problems=(*report.problems, *problems), warnings=warnings)
        return Reading(people, report, snapshots, lambda first, last: source.read(Run(first, last), as_of))


@frozen(eq=False)
class _Source:
    """The tables of a workspace that hold everybody, and how they become rows of a population.

    summarised: the table says what is known of orders, there is no log. channels: of past touches, None without.
    """

    work: Workspace
    minor_digits: int
    layout: Layout
    categories: Categories | None = None
    summarised: bool = False
    channels: tuple[str, ...] | None = None

    def summaries(self, people: int) -> Iterator[Summaries]:
        """Yield what the table says about orders, one run of customers after the other."""
        for first in range(0, people, ROWS_PER_SHARD):
            run = Run(first, min(first + ROWS_PER_SHARD, people))
            data = read_table(self.work, self.layout.of_summaries(), run, minor_digits=self.minor_digits)
            yield summarise(data.summaries, len(run))

    def read(self, run: Run, as_of: int) -> Population:
        columns = read_run(self.work, run)
        key, ids = columns.pop("key"), columns.pop("id")
        data = read_table(self.work, self.layout, run, minor_digits=self.minor_digits)
        if self.summarised:
            people = summarise(data.summaries, len(run))
        else:
            people = Summaries(**columns, last_interaction=columns["last_order"])
        past = None if self.channels is None else read_touches(self.work, self.channels, run)
        affinity = None if self.categories is None else read_affinity(self.work, self.categories, run)
        return Population(
            key=key,
            ids=ids,
            as_of=as_of,
            first_order=people.first_order,
            last_order=people.last_order,
            last_interaction=people.last_interaction if past is None else last_touch(past, people.last_interaction),
            orders=people.orders,
            monetary=people.monetary,
            average_order_value=people.average_order_value,
            gap=people.gap,
            consents=data.consents,
            tags=data.tags,
            fields=data.fields if affinity is None else {"top_category": affinity.top, **data.fields},
            touches=past,
            zones=data.zones,
            zone_names=self.layout.zone_names,
            categories=None if affinity is None else affinity.last_order,
        )


def _refuse_later(made: int, wanted: int | date | str | None, zone: str, name: str) -> None:
    """Refuse saved customers that are known as of a later instant than the wanted one."""
    if wanted is None:
        return
    as_of = instant_from(wanted, zone)
    if made > as_of:
        known, asked = local_days(made, as_of, zone)
        day = local_day(as_of, zone).isoformat()
        raise WakeupError([diagnostic("WK6029", file=name, made=known, as_of=asked, day=day, zone=zone)])


def report_of(shards: Shards) -> ImportReport:
    """Return what a reader says about a folder of customers.

    Raises:
        WakeupError: as `Shards.read`.
    """
    return _saved(len(shards), sum(int(each["orders"].sum()) for each in shards.core(["orders"])), "Parquet")


def _saved(people: int, orders: int, encoding: str) -> ImportReport:
    return ImportReport("population", people, orders, people, encoding, {})


def _log_report(
    log: LogSummary, file: RowFile, people: int, layout: Layout, told: tuple[Diagnostic, ...]
) -> ImportReport:
    computed = [diagnostic("WK6033", columns=Listed(sorted(layout.summaries)))] if layout.summaries else []
    return ImportReport(
        kind="log",
        rows=log.rows,
        orders=log.orders,
        customers=people,
        encoding=file.encoding,
        columns=log.columns,
        problems=log.problems,
        first_time=log.first_time,
        last_time=log.last_time,
        hidden=log.hidden,
        warnings=(*log.warnings, *told, *computed),
    )
