"""The suite's findings as JSON, and as a line of history."""

import json
import os
import platform
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import numpy as np
from attrs import asdict

from benchmarks.suite import Changed, Found, Row
from benchmarks.targets import targets
from benchmarks.w.measured import Measured
from benchmarks.w.programs import ALL_FIGURES, CHANGED, NATURAL
from benchmarks.w.variants import SLACK

FORMAT: Final = 1
HISTORY_BEGINS: Final = "<!-- history -->"
HISTORY_ENDS: Final = "<!-- end -->"
PAGE: Final = Path(__file__).parents[1] / "docs" / "performance.md"


def machine() -> dict[str, int | None]:
    """Return what is told of the machine: its cores, and its memory in GB where the system says so."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    try:
        memory = round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30)
    except (AttributeError, ValueError, OSError):
        memory = None
    return {"cores": cores, "memory_gb": memory}


def to_json(found: Found) -> str:
    """Return all of it as JSON; what has no value is null."""
    content = {
        "format": FORMAT,
        "python": platform.python_version(),
        "numpy": np.__version__,
        "machine": machine(),
        "limit_s": found.limit,
        "sizes": [
            {"customers": customers, "programs": [_row(row) for row in rows]} for customers, rows in found.sizes.items()
        ],
        "changed": {"customers": found.changed_at, "plans": [_changed(each) for each in found.changed]},
        "replications": {
            "customers": found.changed_at,
            "runs": [
                {"program": each.program, "customers": each.customers, "status": each.status, "wall_s": each.wall}
                for each in (*found.replicated, *found.shared)
            ],
            "same": found.same,
        },
        "imports_s": dict(found.imports),
        "targets": [asdict(each) for each in targets(found)],
        "wrong": found.wrong,
    }
    return json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _measured(one: Measured) -> dict[str, Any]:
    memory = None if one.peak_bytes is None else one.peak_bytes / one.customers
    return {
        "program": one.program,
        "status": one.status,
        "note": one.note,
        "ordered": one.ordered,
        "seconds": one.seconds,
        "wall_s": one.wall,
        "runs": one.runs,
        "bytes_per_customer": memory,
        "before_s": dict(one.before or {}),
    }


def _row(row: Row) -> dict[str, Any]:
    far = None if row.far is None or np.isinf(row.far) else row.far
    return {
        **_measured(row.measured),
        "farthest": far,
        "farthest_count": row.where,
        "agrees": row.agrees,
        "to_numpy": row.to_numpy,
        "to_wakeup": row.to_wakeup,
    }


def _changed(each: Changed) -> dict[str, Any]:
    return {
        **_measured(each.measured),
        "customers": each.measured.customers,
        "what": each.what,
        "one_path": each.one_path,
        "events_per_customer": each.events,
        "per_event_to_w": each.to_w,
        "to_numpy": each.to_numpy,
    }


def remember(found: Found, page: Path = PAGE) -> None:
    """Append a dated line of ratios to the history on a page.

    Raises:
        ValueError: the page has no place for it.
    """
    text = page.read_text("utf-8")
    begins = text.find(HISTORY_BEGINS)
    ends = text.find(HISTORY_ENDS, begins)
    if begins < 0 or ends < 0:
        raise ValueError(f"{page} has no {HISTORY_BEGINS} … {HISTORY_ENDS}")
    page.write_text(text[:ends] + "".join(f"{line}\n" for line in history(found)) + text[ends:], "utf-8")


def history(found: Found) -> list[str]:
    """Return rows of the history table: one for each size."""
    today = datetime.now(UTC).date().isoformat()
    about = machine()
    kind = f"{about['cores']} cores, {about['memory_gb'] or '?'} GB"
    return [_line(today, kind, customers, found) for customers in found.sizes]


def _line(today: str, kind: str, customers: int, found: Found) -> str:
    rows = {row.measured.program: row for row in found.sizes[customers]}
    ours, natural = rows.get(ALL_FIGURES), rows.get(NATURAL)
    here = [each for each in found.changed if each.measured.customers == customers]
    changed = {each.measured.program.removeprefix(CHANGED): each for each in here}
    cells = [
        today,
        kind,
        f"{customers:,}",
        _cell(natural and natural.to_numpy),
        _cell(natural and natural.to_wakeup),
        _cell(ours and ours.to_numpy),
        *(_cell(changed[name].to_numpy if name in changed else None) for name in HISTORY_CHANGED),
        _cell(ours and ours.measured.peak_bytes and ours.measured.peak_bytes / customers),
    ]
    return "| " + " | ".join(cells) + " |"


HISTORY_CHANGED: Final = (SLACK, "running dry")


def _cell(number: float | None) -> str:
    if number is None:
        return "–"
    return f"{number:,.0f}" if number >= 100 else f"{number:.3g}"
