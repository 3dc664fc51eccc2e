"""The array simulator against laws that can be written down: queues, shares, answers, challenges, orders, caps.

Seeds are fixed, so each test passes always or never. The bounds say how often a right simulator would fail with other
seeds: a count within 4 standard deviations of a binomial fails once in 15,000, a mean within 5 standard errors of 12
runs (Student, 11 degrees of freedom) once in 2,500, a chi-square beyond its bound once in 1,000.
"""

import math
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from attrs import frozen
from numpy.typing import NDArray
from tests.sim.lively import Lively, LivelyModel
from tests.sim.people import Person, population
from tests.sim.plans import DAY, ENTRY, START, campaign, journey, nudge, send, sms, wait, window
from tests.sim.recorder import Recorder

from wakeup.behaviour import DefaultBehaviour
from wakeup.behaviour.protocol import NEVER_AGAIN, Answers, Instants, Offer, State, Who
from wakeup.customers.population import Population
from wakeup.draws import uniform
from wakeup.plan.model import (
    Activity,
    Arm,
    Assumption,
    Cadence,
    Calendar,
    Cap,
    Elapsed,
    Plan,
    Rolling,
    Scenario,
    Service,
    Split,
    Staff,
)
from wakeup.sim import array
from wakeup.sim.task import Task
from wakeup.stats.queues import erlang_c, erlang_c_wait
from wakeup.terms.behaviour import parameters
from wakeup.terms.lists import Reason, Row

MANY = 6_000


def people(count: int, **columns: Any) -> Population:
    """People whose last order is 100 days old."""
    return population(START, [Person(f"c{number}", START - 100 * DAY, **columns) for number in range(count)])


def rows(plan: Plan, whom: Population, behaviour: Any, row: Row, *names: str, seed: int = 1) -> list[NDArray[Any]]:
    """Play replication 0 of a plan and return columns of all rows of a kind."""
    recorder = Recorder()
    array.run(Task(plan, whom, behaviour, seed, 0), recorder)
    batches = [each for each in recorder.batches if each.row == row]
    return [np.concatenate([getattr(each, name) for each in batches] or [np.zeros(0, np.int64)]) for name in names]


def count(plan: Plan, whom: Population, behaviour: Any, *kinds: Row, seed: int = 1) -> dict[Row, int]:
    """Play replication 0 of a plan and count its rows."""
    recorder = Recorder()
    array.run(Task(plan, whom, behaviour, seed, 0), recorder)
    met = Counter[int]()
    for each in recorder.batches:
        met[each.row] += len(each.who)
    return {kind: met[kind] for kind in kinds}


def given(**medians: float) -> tuple[Assumption, ...]:
    """Parameters of the default behaviour that are certain; `kind__parameter` for channels and incentives of a kind."""
    found = []
    for name, median in medians.items():
        kind, _, parameter = name.rpartition("__")
        scope = f"kind:{kind}" if kind else ""
        found.append(Assumption(parameter, scope, median, 0.0, parameters()[parameter].link, "", "given"))
    return tuple(found)


def assert_binomial(found: int, tries: int, chance: float) -> None:
    """A count lies within 4 standard deviations of what it should be."""
    deviation = math.sqrt(tries * chance * (1 - chance))
    assert abs(found - tries * chance) <= 4 * deviation, (found, tries * chance, deviation)


# --- a desk of staff: M/M/c ------------------------------------------------------------------------------------------

MEAN = 600
"""Seconds of handling."""


@frozen
class Callers:
    """Everybody claims once, at a moment evenly spread over `over` seconds; handling is exponential."""

    over: int

    def model(
        self, plan: Plan, population: Population, seed: int, replication: int, scenario: Scenario | None
    ) -> "CallersModel":
        lively = Lively().model(plan, population, seed, replication, scenario)
        return CallersModel(plan, population, seed, 0.8, 1.0, lively.chances, self.over)


@frozen(eq=False)
class CallersModel(LivelyModel):
    """See Callers."""

    over: int

    def first_order(self, who: Who) -> Instants:
        return np.full(len(who), NEVER_AGAIN)

    def reach(self, channel: int, who: Who) -> NDArray[np.bool_]:
        return np.ones(len(who), np.bool_)

    def touch(
        self, who: Who, at: Instants, message: int, offers: Sequence[Offer], occurrence: NDArray[np.int32], state: State
    ) -> Answers:
        never, all_of_them = np.full(len(who), NEVER_AGAIN), np.ones(len(who), np.bool_)
        claimed = at + 1 + (uniform(self.seed, 0, self.population.key[who], "claims") * self.over).astype(np.int64)
        return Answers(all_of_them, never, never, (claimed,), never, never, never)

    def prompt(
        self, who: Who, at: Instants, incentive: int, offer: Offer | None, occurrence: NDArray[np.int32], state: State
    ) -> Instants:
        return np.full(len(who), NEVER_AGAIN)

    def handling(self, who: Who, staff: int, occurrence: NDArray[np.int32]) -> NDArray[np.int64]:
        seconds = -np.log1p(-uniform(self.seed, 0, self.population.key[who], "handles")) * MEAN
        return np.maximum(np.round(seconds), 1.0).astype(np.int64)


def waits(servers: int, load: float, seed: int, whom: Population) -> NDArray[np.int64]:
    """Seconds from the claim to the service of all but the first and the last twentieth of the callers."""
    over = int(len(whom) * MEAN / load)
    end = START + (over // DAY + 3) * DAY
    plan = campaign(
        journey(send("nudge", "advice"), wait(0), goal=""),
        incentives=(Service("advice", "", 0, Elapsed(end - START), staff="desk"),),
        staff=(Staff("desk", servers, MEAN, window(0, 24)),),
        end=end,
        follow_up=DAY,
    )
    recorder = Recorder()
    array.run(Task(plan, whom, Callers(over), seed, 0), recorder)
    at = {}
    for row in (Row.CLAIMED, Row.SERVED):
        batches = [each for each in recorder.batches if each.row == row]
        who, t = (np.concatenate([getattr(each, name) for each in batches]) for name in ("who", "t"))
        at[row] = t[np.argsort(who)]
    assert len(at[Row.CLAIMED]) == len(at[Row.SERVED]) == len(whom)
    order = np.argsort(at[Row.CLAIMED])
    found: NDArray[np.int64] = (at[Row.SERVED] - at[Row.CLAIMED])[order]
    return found[len(whom) // 20 : -len(whom) // 20]


@pytest.mark.parametrize(("servers", "load"), [(1, 0.6), (3, 2.1), (8, 6.4)])
def test_a_desk_is_erlang_s(servers: int, load: float) -> None:
    """Callers evenly spread over a time come like a Poisson stream, once it is long against their waits."""
    whom = people(3_000)
    runs = [waits(servers, load, seed, whom) for seed in range(12)]
    for expected, found in (
        (erlang_c_wait(servers, load, MEAN), [each.mean() for each in runs]),
        (erlang_c(servers, load), [(each > 0).mean() for each in runs]),
    ):
        error = np.std(found, ddof=1) / math.sqrt(len(found))
        assert error < 0.05 * expected  # sharp enough to tell a wrong queue
        assert abs(np.mean(found) - expected) < 5 * error, (np.mean(found), expected, error)


# --- shares -----------------------------------------------------------------------------------------------------------


def test_arms_and_holdout_have_their_shares() -> None:
    bounds = (("0", "0.15"), ("0.15", "0.65"), ("0.65", "1"))
    split = Split("arms", "a salt", tuple(Arm(f"a{n}", low, high, 1) for n, (low, high) in enumerate(bounds)))
    plan = campaign(journey(split, send("nudge")), holdout="0.25", end=START + 2 * DAY, follow_up=DAY)
    whom = people(MANY)
    (arm,) = rows(plan, whom, Lively(), Row.ASSIGNED, "arm")
    assert_binomial(MANY - len(arm), MANY, 0.25)
    for number, (low, high) in enumerate(bounds):
        assert_binomial(int((arm == number).sum()), len(arm), float(high) - float(low))


def test_reach_and_consent() -> None:
    """Where the data say so, consent decides; else as many are reached as the behaviour says."""
    whom = population(
        START,
        [Person(f"c{n}", START - DAY, consents={"email": ("yes", "no", "")[n % 3]}) for n in range(MANY)],
    )
    plan = campaign(
        journey(send("nudge", step="one"), send("letter", step="two")),
        end=START + 2 * DAY,
        follow_up=DAY,
        assumptions=given(sms__reach=0.7),
    )
    reason, message = rows(plan, whom, DefaultBehaviour(), Row.REFUSED, "reason", "message")
    by_sms = reason[message == 0]
    assert set(by_sms.tolist()) == {Reason.UNREACHABLE}
    assert_binomial(len(by_sms), MANY, 0.3)
    by_email = Counter(reason[message == 1].tolist())
    assert by_email == {Reason.NO_CONSENT: MANY // 3, Reason.UNREACHABLE: MANY // 3}


# --- answers ----------------------------------------------------------------------------------------------------------


def test_answers_come_with_their_chances() -> None:
    chances = {"sms__reach": 1.0, "sms__delivered": 0.9, "sms__seen": 0.6, "sms__clicked": 0.25, "sms__opt_out": 0.05}
    plan = campaign(journey(send("nudge"), goal=""), end=START + 30 * DAY, assumptions=given(**chances))
    found = count(
        plan, people(MANY), DefaultBehaviour(), Row.SENT, Row.DELIVERED, Row.OPENED, Row.CLICKED, Row.OPTED_OUT
    )
    assert found[Row.SENT] == MANY
    assert_binomial(found[Row.DELIVERED], MANY, 0.9)
    assert_binomial(found[Row.OPENED], found[Row.DELIVERED], 0.6)
    assert_binomial(found[Row.CLICKED], found[Row.OPENED], 0.25)
    assert_binomial(found[Row.OPTED_OUT], found[Row.DELIVERED], 0.05)


@pytest.mark.parametrize("days", [1, 2, 4, 7])
def test_a_challenge_is_kept_up_day_by_day(days: int) -> None:
    """Each day but the first is kept up with the same probability."""
    chances = {"sms__reach": 1.0, "sms__delivered": 1.0, "sms__seen": 1.0, "keeps_up": 0.8, "challenge__take_up": 0.7}
    plan = campaign(
        journey(send("nudge", "run"), goal=""),
        incentives=(Activity("run", "", "", days, "", Elapsed(20 * DAY)),),
        end=START + 40 * DAY,
        assumptions=given(**chances),
    )
    whom = people(MANY)
    joined_by, joined_at = rows(plan, whom, DefaultBehaviour(), Row.JOINED, "who", "t")
    done_by, done_at = rows(plan, whom, DefaultBehaviour(), Row.COMPLETED, "who", "t")
    assert_binomial(len(joined_by), MANY, 0.7)
    assert_binomial(len(done_by), len(joined_by), 0.8 ** (days - 1))
    joined = dict(zip(joined_by.tolist(), joined_at.tolist(), strict=True))
    assert {t - joined[who] for who, t in zip(done_by.tolist(), done_at.tolist(), strict=True)} == {(days - 1) * DAY}


# --- orders -----------------------------------------------------------------------------------------------------------

GAP, LAPSE, LEVEL, SHAPE = 3.0, 0.3, 0.5, 0.8
SOON = given(
    organic_level=LEVEL, organic_dormancy=0.0, organic_orders=0.0, organic_shape=SHAPE, usual_gap=GAP, lapse=LAPSE
)


def orders(days: int) -> tuple[NDArray[Any], NDArray[Any]]:
    """Who orders when in so many days, without any contact."""
    plan = campaign(journey(wait(1), goal=""), end=START + days * DAY, follow_up=0, assumptions=SOON)
    who, t = rows(plan, people(MANY), DefaultBehaviour(), Row.ORDERED, "who", "t")
    order = np.lexsort((t, who))
    return who[order], (t[order] - START) / DAY


def test_first_orders_follow_their_law() -> None:
    """odds(order within t) = exp(level) (t / 90 days)^shape: a log-logistic time."""
    who, t = orders(200)
    _, first = np.unique(who, return_index=True)
    for days in (1, 5, 20, 90, 180):
        odds = math.exp(LEVEL) * (days / 90) ** SHAPE
        assert_binomial(int((t[first] <= days).sum()), MANY, odds / (1 + odds))


def test_the_number_of_orders_is_geometric() -> None:
    """After each order a person lapses with one probability: n orders in all have (1 - lapse)^(n - 1) lapse."""
    who, t = orders(400)
    _, first, number = np.unique(who, return_index=True, return_counts=True)
    number = number[t[first] < 100]  # whom 100 mean gaps are left: nobody is cut off
    people_, most = len(number), 8
    expected = (
        np.array([(1 - LAPSE) ** (n - 1) * LAPSE for n in range(1, most)] + [(1 - LAPSE) ** (most - 1)]) * people_
    )
    found = np.bincount(np.minimum(number, most), minlength=most + 1)[1:]
    chi_square = float(((found - expected) ** 2 / expected).sum())
    assert chi_square < 24.3, (found, expected)  # 0.999 quantile of chi-square with 7 degrees of freedom


def test_orders_come_in_time() -> None:
    """Of a process that dies at each order, so many come in T days: (1 - l) / l (1 - exp(-l T / gap))."""
    who, t = orders(12)
    _, first, number = np.unique(who, return_index=True, return_counts=True)
    left = 12 - t[first]
    expected = (1 - LAPSE) / LAPSE * (1 - np.exp(-LAPSE * left / GAP))
    difference = (number - 1) - expected
    error = difference.std(ddof=1) / math.sqrt(len(difference))
    assert abs(difference.mean()) < 4 * error, (difference.mean(), error)


# --- caps -------------------------------------------------------------------------------------------------------------

REACHED = {"reach": 1.0, "out": 0.0, "complain": 0.0, "first": 0.0, "order": 0.0, "open": 0.0}


@pytest.mark.parametrize(
    ("cap", "sent"),
    [
        (Cap(2, Rolling(7 * DAY)), (0, 1, 7, 8, 14, 15)),  # the send of a week ago counts no longer
        (Cap(2, Rolling(7 * DAY + 1)), (0, 1, 8, 9, 16, 17)),
        (Cap(3, Calendar("week")), (0, 1, 2, 3, 4, 5, 10, 11, 12, 17, 18, 19)),  # 1 May 2026 was a Friday
        (Cap(4, Calendar("month")), (0, 1, 2, 3)),
        (Cap(1, Calendar("day")), tuple(range(20))),
        (Cap(5, Rolling(30 * DAY), channel="sms"), (0, 1, 2, 3, 4)),
        (Cap(0, Rolling(DAY)), ()),
    ],
    ids=["two in 7 days", "and a second", "three a week", "four a month", "one a day", "five by sms", "none"],
)
def test_caps_refuse_as_counted_by_hand(cap: Cap, sent: tuple[int, ...]) -> None:
    """Everybody is asked once a day for 20 days."""
    steps = [step for day in range(20) for step in (send("nudge", step=f"d{day}"), wait(1))]
    plan = campaign(
        journey(*steps, goal=""), cadence=Cadence((cap,)), channels=(sms(),), messages=(nudge(),), follow_up=DAY
    )
    whom = people(2_000)
    (t,) = rows(plan, whom, Lively(chances=REACHED), Row.SENT, "t")
    assert Counter(t.tolist()) == {ENTRY + day * DAY: 2_000 for day in sent}
    refused, reason = rows(plan, whom, Lively(chances=REACHED), Row.REFUSED, "t", "reason")
    assert Counter(refused.tolist()) == {ENTRY + day * DAY: 2_000 for day in range(20) if day not in sent}
    assert set(reason.tolist()) <= {Reason.CAP}
