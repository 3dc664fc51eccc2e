"""What tuning found: on a terminal, as JSON, and the frontier of profit against wake rate."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.text import Text

from wakeup.diagnostics import Count
from wakeup.forms import as_json
from wakeup.plan.model import Plan
from wakeup.report.numbers import NOTHING
from wakeup.report.prose import Prose
from wakeup.report.speech import Speech
from wakeup.report.terminal import plain, table
from wakeup.sim.tuning import Best, Found, Open, Trial, told
from wakeup.stats import interval
from wakeup.terms.language import Language

FORMAT_VERSION: Final = "1.0"
_UNBROKEN: Final = "\N{NO-BREAK SPACE}"
MOST_ROWS: Final = 12
"""Variants that a terminal shows."""


def show(found: Found, numbers: Sequence[Open], plan: Plan, console: Console, lang: Language = "en") -> None:
    """Print what was tried, the best variants, and how good the best one is with draws that the search never saw."""
    s = Speech(lang)
    head = (*("" for _ in numbers), s.say("+ profit"), s.say("Against the best"), s.say("Wake rate"), "")
    rows = [_row(found, each, numbers, plan, s) for each in _finalists(found)]
    made = table(_title(found, plan, s), head, rows, words=0)
    for column in made.columns:
        column.no_wrap = False
    for column, each in zip(made.columns, numbers, strict=False):
        column.header, column.justify = Text("\n").join(map(plain, each.label.split(": "))), "left"
    made.columns[-1].justify = "left"
    console.print(made)
    for line in _sentences(found, numbers, plan, s):
        console.print(Prose(line))


def record(found: Found, numbers: Sequence[Open], plan: Plan) -> bytes:
    """Return what was found as UTF-8 JSON; see docs/schema/tuning.schema.json."""
    best = found.best
    form: dict[str, Any] = {
        "format_version": FORMAT_VERSION,
        "campaign": plan.name,
        "currency": plan.currency,
        "numbers": [{"where": each.label, "values": list(each.values)} for each in numbers],
        "variants": {"all": found.space, "tried": len(found.trials), "invalid": found.invalid},
        "replications": found.replications,
        "trials": [_trial(each, numbers) | {"frontier": each in found.frontier} for each in found.trials],
        "best": {
            "values": list(told(numbers, best.picks)),
            "failed_expectations": best.broken,
            "profit": _figure(best.again),
            "against_first": _figure(best.gain_again),
            "against_first_in_search": _figure(best.gain),
            "flattered": _flattered(best),
        },
    }
    return as_json(form)


def _trial(trial: Trial, numbers: Sequence[Open]) -> dict[str, Any]:
    return {
        "values": list(told(numbers, trial.picks)),
        "replications": len(trial.profit),
        "incremental_profit": _figure(trial.profit),
        "wake_rate": _figure(trial.wake_rate),
        "failed_expectations": trial.broken,
    }


def _figure(values: NDArray[np.float64]) -> dict[str, float | None]:
    known = values[~np.isnan(values)]
    low, high = interval(known) or (None, None)
    return {"value": float(known.mean()) if len(known) else None, "low": low, "high": high}


def _flattered(best: Best) -> float | None:
    seen, again = _figure(best.gain)["value"], _figure(best.gain_again)["value"]
    return None if seen is None or again is None else seen - again


# --- on a terminal ---------------------------------------------------------------------------------------------------


def _finalists(found: Found) -> list[Trial]:
    """Return the variants that were played for all replications, best first."""
    return [each for each in found.trials if len(each.profit) == found.replications][:MOST_ROWS]


def _title(found: Found, plan: Plan, s: Speech) -> str:
    far = sum(len(each.profit) == found.replications for each in found.trials)
    if len(found.trials) == found.space:
        told = s.say("all {all} variants tried", all=found.space)
    else:
        told = s.say("{tried} of {all} variants tried", tried=len(found.trials), all=found.space)
    if far == len(found.trials):
        return s.say(
            "{name}: {told}, {replications} times each", name=plan.name, told=told, replications=found.replications
        )
    return s.say(
        "{name}: {told}, the best {far} of them {replications} times",
        name=plan.name,
        told=told,
        far=far,
        replications=found.replications,
    )


def _row(found: Found, trial: Trial, numbers: Sequence[Open], plan: Plan, s: Speech) -> tuple[str, ...]:
    profit, wake = _figure(trial.profit)["value"], _figure(trial.wake_rate)["value"]
    against = _figure(trial.profit - found.best.found)
    is_best = trial.picks == found.best.picks
    notes = [s.say("best")] if is_best else []
    notes += [s.say("on the frontier")] if trial in found.frontier and not is_best else []
    notes += [s.say("fails {count} expectations", count=trial.broken)] if trial.broken else []
    cells = (
        *told(numbers, trial.picks),
        s.quantity(profit, "count", change=True),
        NOTHING if is_best else s.interval(against["low"], against["high"], "count", change=True),
        s.quantity(wake, "share"),
    )
    return (*(cell.replace(" ", _UNBROKEN) for cell in cells), s.say(", ").join(notes))


def _sentences(found: Found, numbers: Sequence[Open], plan: Plan, s: Speech) -> Iterator[str]:
    best = found.best
    yield s.say(
        "Profit is what the campaign adds, in {currency}. On the frontier: none has more of both profit and wake rate.",
        currency=s.unit(plan.currency),
    )
    if best.gain.any():
        yield from _gained(found, numbers, plan, s)
    else:
        yield s.say("The best values are the first ones: nothing gains on them.")
    again = _figure(best.again)
    yield s.say(
        "With fresh draws the profit of the best one is {profit} ({interval}). These are other draws than the "
        "table's: do not subtract the two.",
        profit=s.quantity(again["value"], plan.currency, change=True),
        interval=s.interval(again["low"], again["high"], "count", change=True),
    )
    if best.broken:
        yield s.say("No variant meets all expectations; the best one fails {count}.", count=best.broken)
    if found.invalid:
        yield s.say(
            "Left out, because their values contradict each other: {variants}.",
            variants=Count(found.invalid, "variant"),
        )


def _gained(found: Found, numbers: Sequence[Open], plan: Plan, s: Speech) -> Iterator[str]:
    """Say what the best values gain on the first ones, by fresh draws and by those of the search."""
    gain, seen = _figure(found.best.gain_again), _figure(found.best.gain)
    first = min(each.picks for each in found.trials)
    yield s.say(
        "Against the first values ({first}), with fresh draws that the search never saw: {gain} ({interval}).",
        first=s.say(", ").join(told(numbers, first)),
        gain=s.quantity(gain["value"], plan.currency, change=True),
        interval=s.interval(gain["low"], gain["high"], "count", change=True),
    )
    yield s.say(
        "The search itself had said {seen}: picking the best of many flattered it by {by}.",
        seen=s.quantity(seen["value"], plan.currency, change=True),
        by=s.quantity(_shown_gap(seen["value"], gain["value"]), plan.currency, change=True),
    )
    if gain["low"] is None or gain["low"] <= 0.0:
        yield s.say("That is not told apart from no gain: the numbers may as well stay as they are.")


def _shown_gap(seen: float | None, again: float | None) -> float | None:
    """Return the difference of two amounts as they are shown: from 1,000 on without decimals, so that it adds up."""
    if seen is None or again is None:
        return None
    seen, again = (float(round(each, 0 if abs(each) >= 1000.0 else 2)) for each in (seen, again))
    return seen - again
