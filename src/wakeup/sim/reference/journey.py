"""A customer's way through a journey: one SimPy process each (docs/semantics, section 4)."""

from collections.abc import Generator
from typing import Any

import numpy as np
import simpy

from wakeup.decide.assignment import arm_of
from wakeup.decide.calendar import add_period
from wakeup.decide.desk import deadline
from wakeup.decide.eligibility import eligible
from wakeup.decide.predicates import holds
from wakeup.draws import share
from wakeup.figures.entries import Entry
from wakeup.plan.model import Branch, Exit, Grant, Jump, Send, Split, Wait
from wakeup.sim.reference import grants, line
from wakeup.sim.reference.clock import Phase
from wakeup.sim.reference.customer import Customer
from wakeup.sim.reference.sending import attempt
from wakeup.sim.reference.world import World
from wakeup.terms.lists import Reason, Row

Steps = Generator[simpy.Event, Any, None]


def walk(world: World, customer: Customer) -> Steps:
    """Enter at the planned instant and do one instruction after the other until the journey ends or is ended."""
    yield world.clock.when(customer.entry, Phase.DUE, customer.who)
    if world.stopped or not eligible(world.plan, world.facts(customer)):
        world.trace.append(Entry(customer.who, world.now, Row.NOT_ENTERED, reason=Reason.NOT_ENTERED))
        return
    world.trace.append(Entry(customer.who, world.now, Row.ENTERED))
    customer.inside = True
    try:
        yield from _program(world, customer)
    except simpy.Interrupt:
        return  # the goal, a guard or the end of the run ended the journey and wrote its row
    customer.inside = False
    world.trace.append(Entry(customer.who, world.now, Row.EXITED))


def _program(world: World, customer: Customer) -> Steps:
    program, at = customer.journey.program, 0
    while at < len(program):
        match program[at]:
            case Send() as send:
                yield from _send(world, customer, at, send)
                at += 1
            case Wait() as wait:
                yield from _wait(world, customer, wait)
                at += 1
            case Branch(predicate, otherwise):
                at = at + 1 if holds(predicate, world.facts(customer)) is True else otherwise
            case Jump(target):
                at = target
            case Split() as split:
                at = _assign(world, customer, at, split)
            case Grant(incentives=names):
                grants.put_in_account(world, customer, at, names)
                at += 1
            case Exit():
                return


def _send(world: World, customer: Customer, step: int, send: Send) -> Steps:
    """Decide the send, again at every release, until it is sent or refused for good."""
    first_due, expired = world.now, ""
    while (outcome := attempt(world, customer, step, send, first_due, expired)).until is not None:
        if outcome.reason is Reason.CAPACITY:
            until = deadline(first_due, send.expires, world.plan.end)
            called = line.stand(world, customer, outcome.message, until)
            yield world.clock.when(until, Phase.DUE, customer.who) | called
            line.leave(world, customer)
            expired = "" if customer.kept else outcome.message
        else:
            yield world.clock.when(outcome.until, Phase.DUE, customer.who)
            expired = ""
        customer.held = None


def _wait(world: World, customer: Customer, wait: Wait) -> Steps:
    """Wait for the time, or for the outcome up to then; over at once if it happened or no time is left."""
    end = add_period(world.now, wait.length, world.plan.zone)
    if end <= world.now or customer.happened & set(wait.outcomes):
        return
    customer.awaited = frozenset(wait.outcomes)
    customer.bell = world.clock.environment.event()
    yield world.clock.when(end, Phase.DUE, customer.who) | customer.bell
    customer.bell = None


def _assign(world: World, customer: Customer, step: int, split: Split) -> int:
    """Assign by the hash, or the promoted winner; return where the arm starts."""
    name = (customer.journey.name, split.name)
    winner = world.winners.get(name)
    place = float(share(np.array([customer.person.key], dtype=np.uint64), split.salt)[0])
    arm = arm_of(split, place, winner)
    if winner is None:
        world.assigned.setdefault(name, []).append((world.now, customer.who, arm))
    world.trace.append(Entry(customer.who, world.now, Row.ASSIGNED, step=step, arm=arm))
    return split.arms[arm].target
