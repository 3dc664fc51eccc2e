"""The table of a randomised campaign of the past: one row a person, with arm, outcome, value and features."""

import re
from collections.abc import Callable, Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import Final

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from wakeup.customers.cells import define_cells
from wakeup.customers.columns import listed, plain
from wakeup.customers.files import Loaded, RowFile, open_rows
from wakeup.customers.identity import customer_keys, key_order
from wakeup.customers.population import Field
from wakeup.customers.trial_columns import ARM_TWINS, ROLES, TrialColumns, TrialMapping, names_of, trial_columns
from wakeup.customers.workspace import Workspace, workspace
from wakeup.diagnostics import Count, Diagnostic, Listed, Piece, Say, WakeupError, diagnostic

FEWEST: Final = 20
"""People that an arm needs: two halves of ten."""

MOST_ARMS: Final = 20
MOST_LABELS: Final = 12
"""Labels of a text feature that are told apart; the rarer ones are one label together."""

_FIRST_ROWS: Final = 5
_OTHERS: Final = "…"
_CONTROLS: Final = names_of(
    "control controls control_group holdout held_out holdout_group none nothing placebo untreated baseline no_contact 0"
    " false no 对照 对照组 空白组 空白对照 未触达 不触达 留白组"
)
_NOTHING_SENT: Final = re.compile(r"(?:no|not|without)[ _-].+|(?:无|不|未|没有).+", re.IGNORECASE)

# How statistics programs write that there is nothing; an arm may well be called so.
_FILLED = """
CREATE MACRO filled(x) AS CASE WHEN lower(x) NOT IN ('nan', 'na', 'n/a', '<na>', 'null', '#n/a') THEN x END
"""
_READ = "CREATE VIEW trial_read AS SELECT * REPLACE (filled(outcome) AS outcome, filled(value) AS value) FROM trial_raw"
_JUDGED = """
CREATE TABLE judged AS
SELECT * EXCLUDE (outcome, value), outcome AS written, value AS paid, minor_units(value, $digits) AS value,
    CASE WHEN plain_number(outcome) IN (0, 1) THEN CAST(plain_number(outcome) AS INTEGER)
         WHEN plain_number(outcome) IS NULL THEN yes_no(outcome) - 1 END AS outcome,
    row_number() OVER (PARTITION BY customer, arm, outcome, value ORDER BY row) > 1
        AND customer IS NOT NULL AS again
FROM trial_read
"""
_NO_OUTCOME = "SELECT count(*), min(row, $first) FROM judged WHERE written IS NOT NULL AND outcome IS NULL"
_NO_AMOUNT = "SELECT count(*), min(row, $first) FROM judged WHERE paid IS NOT NULL AND value IS NULL"
_TWICE = """
SELECT count(*), min(row, $first), coalesce(max(arms), 1) FROM (
    SELECT max(row) AS row, count(DISTINCT arm) AS arms FROM judged
    WHERE NOT again AND customer IS NOT NULL AND arm IS NOT NULL GROUP BY customer HAVING count(*) > 1)
"""
_LEFT_OUT = """
SELECT CASE WHEN again THEN 'again' WHEN $keyed AND customer IS NULL THEN 'customer' WHEN arm IS NULL THEN 'arm'
            ELSE 'outcome' END AS why, count(*), min(row, $first)
FROM judged WHERE again OR ($keyed AND customer IS NULL) OR arm IS NULL OR outcome IS NULL GROUP BY why ORDER BY why
"""
_ARMS = "SELECT arm, count(*), count(*) FILTER (outcome IS NULL) FROM judged WHERE arm IS NOT NULL AND NOT again"
_KEPT = """
CREATE TABLE trial AS SELECT * FROM judged
WHERE NOT again AND arm IS NOT NULL AND outcome IS NOT NULL AND (customer IS NOT NULL OR NOT $keyed)
"""
_PEOPLE = "SELECT row, customer, arm, outcome, coalesce(value, 0) AS value FROM trial ORDER BY row"
_CELL = "CREATE OR REPLACE VIEW cell AS SELECT row, filled(x) AS x FROM trial_cell"
_KINDS = """
SELECT count(x), count(plain_number(x)), count(local_seconds(x)), count(DISTINCT x) FROM cell
"""
_NUMBERS = "SELECT coalesce(plain_number(x), 'nan') AS value FROM cell ORDER BY row"
_DATES = "SELECT local_seconds(x) AS value FROM cell ORDER BY row"
_LABELS = "SELECT x FROM cell WHERE x IS NOT NULL GROUP BY x ORDER BY count(*) DESC, x LIMIT $most"
_TEXTS = """
SELECT CASE WHEN x IS NULL THEN -1 ELSE coalesce(nullif(list_position($labels, x), 0) - 1, $others) END AS value
FROM cell ORDER BY row
"""


@frozen(eq=False)
class TrialTable:
    """A randomised campaign of the past, people in ascending order of `key`; arrays have shape (n,).

    name: of the file. columns: role -> column. arms: names, the control first. key: uint64 of the person (of the row,
    where the table names no persons). arm: int64 code into `arms`. outcome: bool. value: int64 minor units, None
    without such a column. features: by column name, known before the campaign. missing: (people, of them without an
    outcome) by arm. warnings: what was left out.
    """

    name: str
    rows: int
    columns: Mapping[str, str]
    arms: tuple[str, ...]
    key: NDArray[np.uint64]
    arm: NDArray[np.int64]
    outcome: NDArray[np.bool_]
    value: NDArray[np.int64] | None
    features: Mapping[str, Field]
    missing: tuple[tuple[int, int], ...]
    warnings: tuple[Diagnostic, ...] = ()

    def __len__(self) -> int:
        """Number of people."""
        return len(self.key)


def read_trial(
    path: str | PathLike[str],
    *,
    mapping: TrialMapping | None = None,
    control: str | None = None,
    minor_digits: int = 2,
) -> TrialTable:
    """Read the table of a campaign whose arms were drawn at random.

    Args:
        path: CSV, Parquet or xlsx.
        mapping: which columns mean what; the others are found by their usual names.
        control: the arm that was left alone; None finds it by its name.
        minor_digits: decimals of the currency that values are in.

    Raises:
        WakeupError: the file or its columns cannot be read (WK6010..WK6018, WK6026, WK6044, WK6058); WK6161 one arm or
            too many, WK6162 no control, WK6163 outcomes that are not 0 or 1 or values that are no amounts, WK6164 a
            person in two rows, WK6166 too few people.
    """
    with workspace() as work:
        define_cells(work, "UTC")
        file = open_rows(work, Path(path), name="trial")
        found = trial_columns(file.columns, mapping or TrialMapping(), source=file.name)
        chosen: dict[str, int | None] = {role.name: found.roles.get(role.name) for role in ROLES}
        loaded = file.load(work, "trial_raw", chosen | {f"f{at}": at for at in found.features})
        for statement in (_FILLED, _READ):
            work.run(statement)
        work.run(_JUDGED, {"digits": minor_digits})
        if not work.row("SELECT count(*) FROM judged")[0]:
            raise WakeupError([diagnostic("WK6058", file=file.name)])
        return _Reading(work, file, found, loaded).table(control)


@frozen(eq=False)
class _Reading:
    """A table that is loaded: refuses what cannot be judged, leaves out and tells what is missing, reads the rest."""

    work: Workspace
    file: RowFile
    found: TrialColumns
    loaded: Loaded

    def table(self, control: str | None) -> TrialTable:
        """Read it."""
        self._refuse_unreadable()
        self._refuse_repeated()
        arms, missing = self._arms(control)
        warnings = self._left_out()
        self.work.run(_KEPT, {"keyed": self._keyed})
        people = self.work.arrays(_PEOPLE)
        self._refuse_few(arms, people["arm"])
        if self._keyed:
            key = customer_keys(people["customer"].tolist())
        else:
            key = customer_keys(map(str, people["row"].tolist()))
        order = key_order(key)
        codes = {name: code for code, name in enumerate(arms)}
        arm = np.array([codes[name] for name in people["arm"].tolist()], np.int64)[order]
        features, dull, twins = self._features(order, arm)
        return TrialTable(
            name=self.file.name,
            rows=int(self.work.row("SELECT count(*) FROM judged")[0]),
            columns={role: self.file.columns[at] for role, at in self.found.roles.items()},
            arms=arms,
            key=key[order],
            arm=arm,
            outcome=np.asarray(people["outcome"], np.int64)[order] == 1,
            value=np.asarray(people["value"]).astype(np.int64)[order] if "value" in self.found.roles else None,
            features=features,
            missing=missing,
            warnings=(*warnings, *self._columns_left_out(dull, twins)),
        )

    @property
    def _keyed(self) -> bool:
        return "customer" in self.found.roles

    def _rows(self, rows: Sequence[int], count: int) -> str:
        shown = ", ".join(str(self.loaded.row_number(row)) for row in rows)
        return shown + (", …" if count > len(rows) else "")

    def _refuse_unreadable(self) -> None:
        trouble = []
        wanted = (("outcome", _NO_OUTCOME, Say("0 or 1, yes or no")), ("value", _NO_AMOUNT, Say("an amount of money")))
        for role, sql, what in wanted:
            count, rows = self.work.row(sql, {"first": _FIRST_ROWS})
            if count:
                column = self.file.columns[self.found.roles[role]]
                told = self._rows(rows, count)
                trouble.append(diagnostic("WK6163", column=column, count=count, what=what, rows=told))
        if trouble:
            raise WakeupError(trouble)

    def _refuse_repeated(self) -> None:
        count, rows, arms = self.work.row(_TWICE, {"first": _FIRST_ROWS})
        if count:
            where = Say("in more than one arm") if arms > 1 else Say("in more than one row")
            raise WakeupError([diagnostic("WK6164", count=count, where=where, rows=self._rows(rows, count))])

    def _arms(self, control: str | None) -> tuple[tuple[str, ...], tuple[tuple[int, int], ...]]:
        """Return the arms, the control first, and how many people and missing outcomes each has."""
        found = {name: (int(n), int(lost)) for name, n, lost in self.work.rows(_ARMS + " GROUP BY arm ORDER BY arm")}
        names, column = tuple(found), self.file.columns[self.found.roles["arm"]]
        if not 2 <= len(names) <= MOST_ARMS:
            raise WakeupError([diagnostic("WK6161", column=column, arms=Count(len(names), "arm"), most=MOST_ARMS)])
        first = _control(names, control)
        if first is None:
            seen = Listed(names)
            why: Piece = Say("none of the arms is called control")
            if control is not None:
                why = Say("there is no arm `{name}`", name=control)
            raise WakeupError([diagnostic("WK6162", why=why, arms=seen, example=names[0])])
        ordered = (first, *(name for name in names if name != first))
        return ordered, tuple(found[name] for name in ordered)

    def _left_out(self) -> list[Diagnostic]:
        whys: Mapping[str, Piece] = {
            "again": Say("repeat another row"),
            "customer": Say("name no customer"),
            "arm": Say("name no arm"),
            "outcome": Say("have no outcome"),
        }
        found = self.work.rows(_LEFT_OUT, {"first": _FIRST_ROWS, "keyed": self._keyed})
        warnings = [
            diagnostic("WK6167", count=count, why=whys[why], rows=self._rows(rows, count)) for why, count, rows in found
        ]
        if self.loaded.broken:
            broken = self.loaded.broken
            rows = ", ".join(map(str, broken[:_FIRST_ROWS])) + (", …" if len(broken) > _FIRST_ROWS else "")
            warnings.append(diagnostic("WK6167", count=len(broken), why=Say("are broken"), rows=rows))
        return warnings

    def _refuse_few(self, arms: Sequence[str], of: NDArray[np.object_]) -> None:
        for name in arms:
            people = int((of == name).sum())
            if people < FEWEST:
                raise WakeupError([diagnostic("WK6166", arm=name, people=people, least=FEWEST)])

    def _features(
        self, order: NDArray[np.intp], arm: NDArray[np.int64]
    ) -> tuple[dict[str, Field], list[str], list[str]]:
        """Return the features by column name, the columns that tell nobody from anybody, or everybody, and those that
        say the arm once more."""
        features: dict[str, Field] = {}
        dull, twins = [], []
        for at in self.found.features:
            name = self.file.columns[at] or f"({at + 1})"
            field = self._feature(f"f{at}", order)
            if field is None:
                dull.append(name)
            elif plain(name) in ARM_TWINS and _same(field, arm):
                twins.append(name)
            else:
                features[name] = field
        return features, dull, twins

    def _feature(self, column: str, order: NDArray[np.intp]) -> Field | None:
        trial, duckdb = self.work.connection.table("trial"), self.work.duckdb
        cells = trial.select(duckdb.ColumnExpression("row"), duckdb.ColumnExpression(column).alias("x"))
        cells.create_view("trial_cell", replace=True)
        self.work.run(_CELL)
        filled, numbers, instants, different = self.work.row(_KINDS)
        if different < 2 and filled in (0, len(order)):
            return None
        if numbers == filled:
            return Field("number", np.asarray(self.work.arrays(_NUMBERS)["value"], np.float64)[order])
        if instants == filled:
            seconds = self.work.arrays(_DATES)["value"]
            days = np.ma.filled(np.ma.asarray(seconds, np.float64), np.nan) / 86_400
            return Field("number", days[order])
        if different > max(len(order) // 2, MOST_LABELS):
            return None
        labels = [label for (label,) in self.work.rows(_LABELS, {"most": MOST_LABELS})]
        codes = self.work.arrays(_TEXTS, {"labels": labels, "others": len(labels)})["value"]
        if different > len(labels):
            labels.append(_OTHERS)
        return Field("text", np.asarray(codes, np.int32)[order], tuple(labels))

    def _columns_left_out(self, dull: Sequence[str], twins: Sequence[str]) -> list[Diagnostic]:
        outcomes = [self.file.columns[at] for at in self.found.outcomes]
        told: list[tuple[Sequence[str], Piece]] = [
            (outcomes, Say("called like an outcome: what was measured after the campaign explains nothing")),
            (dull, Say("the same for everybody, or another for everybody")),
            (twins, Say("the arm once more")),
        ]
        return [diagnostic("WK6168", columns=listed(names), why=why) for names, why in told if names]


def _same(field: Field, arm: NDArray[np.int64]) -> bool:
    """Return whether a feature is the arm under other names: one value an arm."""
    pairs = np.unique(np.column_stack([np.asarray(field.values, np.float64), arm]), axis=0)
    return len(pairs) == len(np.unique(pairs[:, 0])) == len(np.unique(pairs[:, 1]))


def _control(names: Sequence[str], asked: str | None) -> str | None:
    """Return the arm that was left alone: the one asked for, else the only one with a name for that."""
    if asked is not None:
        return next((name for name in names if name == asked or plain(name) == plain(asked)), None)
    tests: tuple[Callable[[str], bool], ...] = (
        lambda name: plain(name) in _CONTROLS,
        lambda name: _NOTHING_SENT.fullmatch(name.strip()) is not None,
    )
    for test in tests:
        fits = [name for name in names if test(name)]
        if len(fits) == 1:
            return fits[0]
    return None
