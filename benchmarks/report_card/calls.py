"""Calls of a bank: what a further call still brings, and whether calls as long as these make other queues."""

import heapq
from pathlib import Path

import duckdb
import numpy as np
from numpy.typing import NDArray

from benchmarks.report_card.card import Check, Picture, Section, band, holding, opened, percent
from benchmarks.report_card.pictures import Span, spans
from wakeup.draws import uniform
from wakeup.stats import erlang_c_wait, normal_quantile
from wakeup.terms.behaviour import parameters

Floats = NDArray[np.float64]

FILE = "bank_marketing/bank-full.csv.gz"
CALLS = 8
DESKS = ((5, 0.8), (10, 0.8), (10, 0.9), (20, 0.9))
"""Staff, and how busy they are."""

ARRIVALS = 200_000
SCATTER = "calls scatter other than exponentially: the wait grows with their variance, and less with many staff"
CLOSE = 0.1
"""The wait may be off by so much."""


FURTHER = (
    "A bank called clients until they subscribed or it gave up. Success at the k-th call, of those still called, is"
    " held against the first call's times what `fatigue` leaves: (A^d - 1) / (A - 1) with A = `advertising` of a call"
    " and d = exp(-`fatigue` · (k - 1)), the calls close together. The grey band holds the 90 % range of `fatigue`"
    " and the scatter of so many clients."
)
QUEUE = (
    "Staff take an exponential time in wakeup. The bank's calls {about}. The table holds the wait that Erlang C gives"
    " for exponential calls against that times what calls of the bank's lengths change, by playing both with the same"
    " arrivals."
)
_REACHED = "SELECT campaign, CAST(y AS INTEGER) AS y, count(*) AS n FROM bank GROUP BY ALL"
_SECONDS = "SELECT duration FROM bank WHERE duration > 0 ORDER BY duration"


def called(folder: Path) -> Section:
    """Hold the bank's calls against fatigue and against exponential handling times."""
    bank = opened(folder, {"bank": FILE})
    further, further_rows, further_picture = _further(bank)
    queue, queue_rows, about = _queue(bank)
    return Section(
        "Calls: a further one, and how long they take",
        (FURTHER, QUEUE.format(about=about)),
        [("what", "seen", "expected", "band", "of", ""), *further_rows, *queue_rows],
        [*further, *queue],
        [Picture("calls", "Success at the k-th call against the first call's less fatigue", further_picture)],
    )


def _further(bank: duckdb.DuckDBPyConnection) -> tuple[list[Check], list[tuple[str, ...]], str]:
    found = bank.execute(_REACHED).fetchnumpy()
    call, won, people = (np.asarray(found[name], np.int64) for name in ("campaign", "y", "n"))
    reached = [int(people[call >= k].sum()) for k in range(1, CALLS + 1)]
    success = [int(people[(call == k) & (won == 1)].sum()) for k in range(1, CALLS + 1)]
    fatigue = parameters()["fatigue"].priors[0]
    ads = next(prior for prior in parameters()["advertising"].priors if prior.scope == "kind:phone").median
    z = normal_quantile(0.95)
    tired = [fatigue.median * float(np.exp(fatigue.sd * at)) for at in (z, 0.0, -z)]
    first = success[0] / reached[0]
    rows, picture, failed = [], [], []
    for k in range(1, CALLS):
        low, middle, high = (first * (ads ** float(np.exp(-each * k)) - 1.0) / (ads - 1.0) for each in tired)
        low, high = band(low, reached[k])[0], band(high, reached[k])[1]
        seen = success[k] / reached[k]
        holds = low <= seen <= high
        if not holds:
            failed.append(str(k + 1))
        name = f"call {k + 1}"
        between = f"{percent(low, 2)} to {percent(high, 2)}"
        seen_and_expected = (f"success at {name}", percent(seen, 2), percent(middle, 2))
        rows.append((*seen_and_expected, between, f"{reached[k]:,}", holding(holds)))
        picture.append(Span(name, low, high, seen))
    ratio = float(np.exp(np.polyfit(np.arange(CALLS), np.log(np.array(success) / np.array(reached)), 1)[0]))
    check = Check(
        f"success falls from call to call as `fatigue` has it (calls 2 to {CALLS})",
        "bank",
        f"×{ratio:.2f} a call; " + (f"outside at call {', '.join(failed)}" if failed else "every call within its band"),
        not failed,
        "who is still called after many calls was harder to win from the start; `fatigue` alone does not say that",
    )
    return [check], rows, spans(picture, "success of those still called; grey: what is assumed", 0.08)


def _queue(bank: duckdb.DuckDBPyConnection) -> tuple[list[Check], list[tuple[str, ...]], str]:
    seconds = np.asarray(bank.execute(_SECONDS).fetchnumpy()["duration"], np.float64)
    logs = np.log(seconds)
    mean, cv = float(seconds.mean()), float(seconds.std() / seconds.mean())
    about = (
        f"({len(seconds):,}) are lognormal, mu {logs.mean():.2f}, sigma {logs.std():.2f}, median"
        f" {np.median(seconds):.0f} s, mean {mean:.0f} s, standard deviation {cv:.2f} of the mean (exponential: 1)"
    )
    checks, rows = [], []
    for servers, busy in DESKS:
        closed = erlang_c_wait(servers, busy * servers, mean)
        ratio = wait(seconds, servers, busy) / wait(_exponential(seconds), servers, busy)
        holds = abs(ratio - 1.0) <= CLOSE
        what = f"mean wait, {servers} callers, {percent(busy, 0)} busy"
        seen, expected = f"{ratio * closed:.0f} s", f"{closed:.0f} s"
        found = f"{seen} with the bank's calls, {expected} by Erlang C (×{ratio:.2f})"
        checks.append(Check(f"{what}: within {percent(CLOSE, 0)} of Erlang C", "bank", found, holds, SCATTER))
        rows.append((what, seen, expected, f"±{percent(CLOSE, 0)}", f"{ARRIVALS:,}", holding(holds)))
    return checks, rows, about


def wait(lengths: Floats, servers: int, busy: float) -> float:
    """Return the mean wait when calls as long as these (ascending) come at random, first come first served.

    The same arrivals and the same places among the lengths whatever these are: two waits differ by the lengths alone.
    """
    keys = np.arange(ARRIVALS, dtype=np.uint64)
    between = float(lengths.mean()) / (busy * servers)
    gaps = -np.log(uniform(1, servers, keys, f"card:gap:{busy}")) * between
    drawn = lengths[(uniform(1, servers, keys, f"card:call:{busy}") * len(lengths)).astype(np.int64)]
    free = [0.0] * servers
    now = waited = 0.0
    for gap, length in zip(gaps.tolist(), drawn.tolist(), strict=True):
        now += gap
        start = max(now, free[0])
        heapq.heapreplace(free, start + length)
        waited += start - now
    return waited / ARRIVALS


def _exponential(lengths: Floats) -> Floats:
    """Return exponential lengths with the same mean, as many and ascending."""
    middle = (np.arange(len(lengths)) + 0.5) / len(lengths)
    made = -np.log1p(-middle)
    return np.asarray(made * (lengths.mean() / made.mean()))
