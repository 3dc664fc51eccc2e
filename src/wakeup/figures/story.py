"""What happened to one customer in a simulated run, read back from the events file that the run has written."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from attrs import frozen

from wakeup.customers.files import literal
from wakeup.customers.identity import customer_keys
from wakeup.diagnostics import WakeupError, diagnostic
from wakeup.draws import share
from wakeup.figures.eventfile import ABOUT, FORMAT_VERSION, PLAN
from wakeup.plan.json import plan_from_json
from wakeup.plan.model import Plan

LIVE: Final = "live"
"""Key in `Story.about` of a run that really happened."""

_ROWS: Final = """
    select t, seq, kind, coalesce(journey, ''), coalesce(step, ''), coalesce(message, ''), coalesce(channel, ''),
        coalesce(incentive, ''), occurrence, coalesce(reason, ''), amount_minor, coalesce(arm, ''), subsidised
    from read_parquet($path) where customer_id = $customer order by t, seq
"""

_NOTES: Final = "select decode(key), decode(value) from parquet_kv_metadata($path)"


@frozen
class Event:
    """A row of the events file; texts are "" for none. t: seconds UTC. seq: number of the row among those of the same
    second. amount_minor: minor units; `wakeup.terms.lists.Row` says what of, by the kind."""

    t: int
    seq: int
    kind: str
    journey: str
    step: str
    message: str
    channel: str
    incentive: str
    occurrence: int
    reason: str
    amount_minor: int
    arm: str
    subsidised: bool


@frozen(eq=False)
class Story:
    """What happened to a customer, in order, and the plan it happened under.

    about: what the file says of its run (`wakeup.figures.eventfile.about`). held_out: whether the plan leaves this
    person alone for comparison.
    """

    customer: str
    plan: Plan
    about: Mapping[str, Any]
    held_out: bool
    events: tuple[Event, ...]


def read_story(path: str | os.PathLike[str], customer: str) -> Story:
    """Read what happened to a customer.

    Raises:
        WakeupError: the file is missing (WK1001), is no Parquet file of events (WK6062) or does not hold its plan
            (WK6063), nothing happened to the customer (WK6064), or DuckDB is missing (WK6065).
    """
    file = Path(path)
    about, plan = _notes(file)
    events = tuple(Event(*row) for row in _asked(file, _ROWS, customer=customer))
    if not events:
        raise WakeupError([diagnostic("WK6064")])
    place = float(share(customer_keys([customer]), plan.holdout_salt)[0])
    return Story(customer, plan, about, place < float(plan.holdout), events)


def _notes(file: Path) -> tuple[Mapping[str, Any], Plan]:
    """Return what a file says of its run, and the plan that it holds."""
    notes = dict(_asked(file, _NOTES))
    about = json.loads(notes[ABOUT]) if ABOUT in notes else {}
    if PLAN not in notes or about.get("format_version") != FORMAT_VERSION:
        raise WakeupError([diagnostic("WK6063", file=file.name)])
    return about, plan_from_json(notes[PLAN].encode(), file.name)


def _asked(file: Path, query: str, **fields: str) -> list[tuple[Any, ...]]:
    """Ask DuckDB about a file."""
    duckdb = _engine()
    if not file.exists():
        raise WakeupError([diagnostic("WK1001", file=str(file))])
    try:
        with duckdb.connect() as connection:
            found: list[tuple[Any, ...]] = connection.execute(query, {"path": literal(file), **fields}).fetchall()
    except duckdb.Error:
        raise WakeupError([diagnostic("WK6062", file=file.name)]) from None
    return found


def _engine() -> ModuleType:
    # Late: loading DuckDB takes a while.
    try:
        import duckdb
    except ImportError as error:
        raise WakeupError([diagnostic("WK6065")]) from error
    return duckdb
