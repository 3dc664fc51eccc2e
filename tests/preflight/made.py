"""Plans and people whose figures can be worked out by hand."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from attrs import evolve
from tests.sim.plans import DAY as DAY
from tests.sim.plans import START, campaign, journey, nudge, send, sms, wait

from wakeup.customers import Population, anchored, synthetic
from wakeup.diagnostics import Diagnostic, Piece
from wakeup.plan.model import Assumption, Instruction, Journey, Plan
from wakeup.plan.places import Places
from wakeup.preflight import check
from wakeup.preflight.facts import Facts, gathered
from wakeup.terms.behaviour import parameters

CERTAIN = {
    "reach": 1.0,
    "delivered": 1.0,
    "seen": 1.0,
    "open_delay": 0.1,
    "open_delay_spread": 0.0,
    "take_up": 1.0,
    "take_delay": 1.0,
    "take_delay_spread": 0.0,
    "opt_out": 0.0,
    "complaint": 0.0,
}
"""All are reached, see every message six minutes later and take what it offers an hour after that; nobody minds."""

ASLEEP = {"organic_level": -40.0, "advertising": 1.0, "perceived_value": 1.0, "offer_response": 0.0}
"""Nobody orders, neither by themselves nor because of a message."""


def assumed(values: Mapping[str, float]) -> tuple[Assumption, ...]:
    """Values held for certain, for everybody."""
    rows = ((parameters()[name], value) for name, value in values.items())
    return tuple(Assumption(row.name, "", value, 0.0, row.link, "a test", "given") for row, value in rows)


def people(n: int, **columns: Any) -> Population:
    """`n` made-up customers as of the run's start; `columns` replace theirs."""
    return evolve(anchored(synthetic(n, seed=3), START), **columns)


def dormant(n: int, days: float, orders: int = 1) -> Population:
    """`n` customers who ordered `orders` times, last `days` days before the run."""
    last = np.full(n, START - int(days * DAY), np.int64)
    return people(n, first_order=last, last_order=last, last_interaction=last, orders=np.full(n, orders, np.int32))


def certain(*journeys: Journey, **changes: Any) -> Plan:
    """A campaign in which nothing is left to chance: messages arrive, offers are taken, nobody orders."""
    base: dict[str, Any] = {"channels": (sms(),), "messages": (nudge(),), "assumptions": assumed(CERTAIN | ASLEEP)}
    return campaign(*journeys, **base | changes)


def facts(plan: Plan, population: Population) -> Facts:
    """What the checks look at."""
    return gathered(plan, population, Places({}, {}))


def found(plan: Plan, population: Population) -> dict[str, list[Diagnostic]]:
    """Everything found, by code."""
    told: dict[str, list[Diagnostic]] = {}
    for each in check(plan, population):
        told.setdefault(each.code, []).append(each)
    return told


def fields(plan: Plan, population: Population, code: str) -> dict[str, object]:
    """The values in the only message of a code."""
    (one,) = found(plan, population)[code]
    return {name: str(value) if isinstance(value, Piece) else value for name, value in one.said.fields.items()}


def simple(*program: Instruction, **changes: Any) -> Journey:
    """A journey for everybody: one send, unless a program is given."""
    return journey(*(program or (send(), wait(3))), **changes)


def log_logistic(level: float, dormancy: float, orders: float, shape: float, at: tuple[float, int, float]) -> float:
    """The organic law written out: probability of an order within `days` for (dormant days, orders, days)."""
    dormant_days, ordered, days = at
    odds = math.exp(level + dormancy * math.log(dormant_days) + orders * math.log(ordered)) * (days / 90.0) ** shape
    return odds / (1.0 + odds)
