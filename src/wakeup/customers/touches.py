"""Past touches: who was contacted before as-of, when and through which channel."""

import numpy as np

from wakeup.customers.columns import TOUCH_ROLES, assign
from wakeup.customers.features import Run
from wakeup.customers.files import RowFile
from wakeup.customers.imported import Problem
from wakeup.customers.log import problems_of
from wakeup.customers.population import Touches
from wakeup.customers.workspace import Workspace
from wakeup.diagnostics import WakeupError, diagnostic

_READ = """
CREATE TABLE touches AS
SELECT row, seq, t, coalesce(lower(channel), '') AS channel, CASE
    WHEN t IS NULL THEN 'unreadable_time'
    WHEN read.id IS NULL THEN 'missing_id'
    WHEN row_number() OVER (PARTITION BY read.id, t, lower(channel) ORDER BY row) > 1 THEN 'duplicate'
    WHEN seq IS NULL THEN 'unknown_customer'
    ELSE 'touch' END AS kind
FROM with_instants('touches_raw') read LEFT JOIN people ON read.id = people.id
WHERE t IS NULL OR t < ?
"""
_PROBLEMS = "SELECT kind, count(*), min(row, $first) FROM touches WHERE kind <> 'touch' GROUP BY kind ORDER BY kind"
_CHANNELS = "SELECT DISTINCT channel FROM touches WHERE kind = 'touch' ORDER BY 1"
_TOUCHED = """
CREATE TABLE touched AS
SELECT seq, t, CAST(place - 1 AS SMALLINT) AS code
FROM touches JOIN (SELECT channel, row_number() OVER (ORDER BY channel) AS place
                   FROM (SELECT DISTINCT channel FROM touches WHERE kind = 'touch')) USING (channel)
WHERE kind = 'touch' ORDER BY seq
"""
_ROWS = "SELECT seq, t, code FROM touched WHERE seq >= $low AND seq < $high"


def note_touches(work: Workspace, file: RowFile, *, as_of: int) -> tuple[tuple[str, ...], tuple[Problem, ...]]:
    """Read a log of past touches of the enrolled people into table `touched`; return its channels and problems.

    A blank channel is "".

    Raises:
        WakeupError: WK6014 damaged, WK6015..WK6016 columns, WK6022 a column of times that nobody can read.
    """
    roles = assign(file.columns, TOUCH_ROLES, source=file.name, mappable=False)
    loaded = file.load(work, "touches_raw", dict(roles))
    work.run(_READ, [as_of])
    total, timed = work.row("SELECT count(*), count(t) FROM touches")
    if total and not timed:
        raise WakeupError([diagnostic("WK6022", column=file.columns[roles["time"]])])
    channels = tuple(name for (name,) in work.rows(_CHANNELS))
    problems = problems_of(work, "touches", loaded, _PROBLEMS)
    work.run(_TOUCHED)
    work.run("DROP TABLE touches")
    return channels, problems


def read_touches(work: Workspace, channels: tuple[str, ...], run: Run) -> Touches:
    """Read the touches of a run of customers from table `touched`."""
    found = work.arrays(_ROWS, run.bounds)
    t, code = np.asarray(found["t"], np.int64), np.asarray(found["code"], np.int16)
    return compress(run.rows(found["seq"]), t, code, channels, len(run))


def compress(
    rows: np.typing.NDArray[np.int64],
    t: np.typing.NDArray[np.int64],
    code: np.typing.NDArray[np.int16],
    channels: tuple[str, ...],
    people: int,
) -> Touches:
    """Sort m touches (customer row, instant, channel code) into the compressed rows of `people` customers."""
    order = np.lexsort((code, t, rows))
    offset = np.zeros(people + 1, np.int64)
    np.cumsum(np.bincount(rows, minlength=people), out=offset[1:])
    return Touches(offset, t[order], code[order], channels)


def last_touch(touches: Touches, otherwise: np.typing.NDArray[np.int64]) -> np.typing.NDArray[np.int64]:
    """Return each customer's later instant of `otherwise` (n,) and the last touch."""
    latest = otherwise.copy()
    touched = touches.offset[1:] > touches.offset[:-1]
    latest[touched] = np.maximum(latest[touched], touches.t[touches.offset[1:][touched] - 1])
    return latest
