"""Customers from files: an order log, a customer table, or a saved population, told apart by what is in them."""

from collections.abc import Mapping
from datetime import date, timedelta
from os import PathLike
from pathlib import Path

from attrs import evolve, frozen

from wakeup.customers.affinity import Affinity, read_affinity
from wakeup.customers.cells import define_cells
from wakeup.customers.features import Roster, compute_features, enrol, no_log
from wakeup.customers.files import RowFile, open_rows
from wakeup.customers.imported import History, ImportReport, Problem, Snapshots
from wakeup.customers.log import LogSummary, read_log
from wakeup.customers.population import NEVER, Population
from wakeup.customers.snapshots import take_snapshots
from wakeup.customers.storage import read_population, saved_header
from wakeup.customers.summaries import Summaries, summarise
from wakeup.customers.table import OpenTable, TableData, no_table, open_table, read_table
from wakeup.customers.table_columns import has_summaries
from wakeup.customers.touches import last_touch, read_touches
from wakeup.customers.workspace import Workspace, workspace
from wakeup.customers.zones import instant_from, local_day
from wakeup.diagnostics import Listed, WakeupError, diagnostic

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
        path: an order log, a customer table with summary columns, or a population that `save` wrote.
        as_of: seconds UTC, a date (its local midnight), or ISO text; None: the local midnight after the last row.
        zone: IANA zone of times that name none.
        minor_digits: decimal digits of the currency's minor unit.
        mapping: role (id, time, amount, returns, category) -> column name of the log; see `parse_mapping`.
        table: a customer table joined to the log: tags, fields, consents, addresses, zones.
        touches: a log of past touches: customer id, time, channel.

    Raises:
        WakeupError: WK6010..WK6043, the input is unreadable or contradicts itself; each says what to do.
    """
    with workspace() as work:
        define_cells(work, zone)
        file = open_rows(work, Path(path), name="main")
        request = _Request(work, zone, minor_digits, as_of, mapping, table, touches)
        if saved_header(work, file) is not None:
            return request.saved(file)
        if not mapping and has_summaries(file.columns):
            return request.from_table(file)
        return request.from_log(file)


@frozen(eq=False)
class _Request:
    work: Workspace
    zone: str
    minor_digits: int
    as_of: int | date | str | None
    mapping: Mapping[str, str] | None
    table: AnyPath | None
    touches: AnyPath | None

    def instant(self) -> int | None:
        return None if self.as_of is None else instant_from(self.as_of, self.zone)

    def saved(self, file: RowFile) -> History:
        """Read a saved population; its own as-of holds."""
        self._alone(file)
        population = read_population(self.work, file)
        as_of = self.instant()
        if as_of is not None and population.as_of > as_of:
            made, wanted = (local_day(each, self.zone).isoformat() for each in (population.as_of, as_of))
            raise WakeupError([diagnostic("WK6029", file=file.name, made=made, as_of=wanted)])
        people = len(population)
        return History(
            population, ImportReport("population", people, int(population.orders.sum()), people, file.encoding, {})
        )

    def from_table(self, file: RowFile) -> History:
        """Read a customer table that carries its own summaries of past orders."""
        if self.table is not None:
            raise WakeupError([diagnostic("WK6034", file=file.name)])
        opened = open_table(self.work, file)
        no_log(self.work)
        roster, _ = enrol(self.work)
        data = read_table(self.work, opened, roster, minor_digits=self.minor_digits)
        people = summarise(data.summaries, len(roster.keys))
        as_of = self.instant()
        latest = max(
            (int(each.max(initial=NEVER)) for each in (people.last_order, people.last_interaction)), default=NEVER
        )
        if as_of is None:
            as_of = 0 if latest == NEVER else instant_from(local_day(latest, self.zone) + timedelta(days=1), self.zone)
        if latest >= as_of:
            known = people.last_interaction
            raise WakeupError(
                [
                    diagnostic(
                        "WK6030",
                        file=file.name,
                        count=int((known >= as_of).sum()),
                        date=local_day(as_of, self.zone).isoformat(),
                    )
                ]
            )
        names = {"id": opened.id_column} | {c.key: opened.names[c.index] for c in opened.columns if c.kind == "summary"}
        report = ImportReport("table", opened.rows, int(people.orders.sum()), len(roster.keys), file.encoding, names)
        return self._finished(roster, people, data, report, as_of, Snapshots.none())

    def from_log(self, file: RowFile) -> History:
        """Read an order log, and a customer table beside it if there is one."""
        log = read_log(
            self.work, file, as_of=self.instant(), zone=self.zone, minor_digits=self.minor_digits, mapping=self.mapping
        )
        compute_features(self.work)
        opened = self._open_table()
        roster, columns = enrol(self.work)
        data = TableData()
        if opened is not None:
            data = read_table(self.work, opened, roster, minor_digits=self.minor_digits)
        people = Summaries(**columns, last_interaction=columns["last_order"])
        snapshots = take_snapshots(self.work, first_time=log.first_time, as_of=log.as_of)
        report = _log_report(log, file, len(roster.keys), data)
        affinity = read_affinity(self.work, roster) if "category" in log.columns else None
        return self._finished(roster, people, data, report, log.as_of, snapshots, affinity)

    def _open_table(self) -> OpenTable | None:
        if self.table is None:
            no_table(self.work)
            return None
        return open_table(self.work, open_rows(self.work, Path(self.table), name="table"))

    def _alone(self, file: RowFile) -> None:
        if self.table is not None or self.touches is not None or self.mapping:
            raise WakeupError([diagnostic("WK6034", file=file.name)])

    def _finished(
        self,
        roster: Roster,
        people: Summaries,
        data: TableData,
        report: ImportReport,
        as_of: int,
        snapshots: Snapshots,
        affinity: Affinity | None = None,
    ) -> History:
        problems: list[Problem] = list(data.problems)
        past, last_interaction = None, people.last_interaction
        if self.touches is not None:
            file = open_rows(self.work, Path(self.touches), name="touches")
            past, found, _ = read_touches(self.work, file, roster, as_of=as_of)
            problems += found
            last_interaction = last_touch(past, last_interaction)
        population = Population(
            key=roster.keys,
            ids=roster.ids,
            as_of=as_of,
            first_order=people.first_order,
            last_order=people.last_order,
            last_interaction=last_interaction,
            orders=people.orders,
            monetary=people.monetary,
            average_order_value=people.average_order_value,
            gap=people.gap,
            consents=data.consents,
            tags=data.tags,
            fields=data.fields if affinity is None else {"top_category": affinity.top, **data.fields},
            touches=past,
            zones=data.zones,
            zone_names=data.zone_names,
            categories=None if affinity is None else affinity.last_order,
        )
        told = () if affinity is None else affinity.warnings
        warnings = (*report.warnings, *told, *(problem.told() for problem in problems))
        return History(population, evolve(report, problems=(*report.problems, *problems), warnings=warnings), snapshots)


def _log_report(log: LogSummary, file: RowFile, people: int, data: TableData) -> ImportReport:
    computed = [diagnostic("WK6033", columns=Listed(sorted(data.summaries)))] if data.summaries else []
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
        warnings=(*log.warnings, *computed),
    )
