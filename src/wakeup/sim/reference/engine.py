"""One replication from the first second to the horizon; who runs it sees all its phases here."""

import gc
from functools import partial

import numpy as np

from wakeup.customers.population import Population
from wakeup.figures.events import Closing, Orders, Sink, one_part
from wakeup.plan.model import FixedCost
from wakeup.sim.reference import opening, orders, outcomes, permissions
from wakeup.sim.reference.asking import One
from wakeup.sim.reference.clock import Clock, Phase
from wakeup.sim.reference.customer import Customer
from wakeup.sim.reference.desk import Desk
from wakeup.sim.reference.journey import walk
from wakeup.sim.reference.people import People
from wakeup.sim.reference.shared import Debit, Ledger, Rate
from wakeup.sim.reference.trace import Entry, batches
from wakeup.sim.reference.watch import Watch
from wakeup.sim.reference.world import World
from wakeup.sim.task import Task
from wakeup.terms.lists import Reason, Row


def run(task: Task, sink: Sink) -> None:
    """Run one replication and hand over one part with everybody, and the closing.

    Args:
        task: the plan, the people, the behaviour, seed and replication, the scenario.
        sink: takes what happened; it is asked only from this thread.
    """
    population = task.people
    world = _build(task, population)
    people, model = world.people, world.model
    spells = opening.live_up_to_start(task.plan, people, model)
    customers, membership = opening.admit(task.plan, people)
    sink.begin()

    twin: list[tuple[int, int, int]] = []
    control: list[Entry] = []
    for customer in customers:
        spell = spells[customer.who]
        own = opening.untouched(model, customer.who, spell, world.horizon)
        twin += [(customer.who, t, value) for t, value in own]
        if customer.held_out:
            control += [Entry(customer.who, t, Row.ORDERED, amount=value) for t, value in own]
        else:
            _treat(world, customer, spell)

    watch = Watch(world)
    watch.start()
    reserved = _end_at(world)
    world.clock.run()

    rows = batches(control + world.trace)
    sink.add(one_part(population, membership, rows, _columns(twin)))
    sink.close(Closing(tuple(reserved), _promoted(world, watch), tuple(watch.tripped)))
    _forget(world)


def _build(task: Task, population: Population) -> World:
    """Make the world of the first second: nobody in it yet."""
    plan = task.plan
    horizon = plan.end + plan.follow_up
    clock = Clock(plan.start, horizon)
    return World(
        plan=plan,
        people=People(population, plan),
        model=One(task.behaviour.model(plan, population, task.seed, task.replication, task.scenario)),
        clock=clock,
        horizon=horizon,
        scenario=task.scenario,
        ledger=Ledger(plan.budget, plan.minor_digits),
        desks={staff.name: Desk(staff, plan.zone, clock) for staff in plan.staff},
        rates=tuple(Rate(channel) for channel in plan.channels),
    )


def _treat(world: World, customer: Customer, spell: opening.Spell) -> None:
    """Let a treated customer live: organic orders from now on, and the journey if its wave enters before the end."""
    world.customers[customer.who] = customer
    customer.spell = spell.orders
    customer.permissions = permissions.at_start(world.plan, world.people, customer.who)
    orders.expect(world, customer, spell.following, organic=True)
    if customer.entry < world.plan.end:
        customer.process = world.clock.environment.process(walk(world, customer))


def _end_at(world: World) -> list[tuple[str, int]]:
    """Book the fixed costs and end the run in their seconds; return what will be reserved at the end."""
    reserved: list[tuple[str, int]] = []

    def book(cost: FixedCost) -> None:
        debit = Debit(world.now, "fixed_cost", cost.amount * world.ledger.unit)
        world.ledger.spend(debit, cost.line)

    def end() -> None:
        reserved.extend(world.ledger.reserved())
        for _, customer in sorted(world.customers.items()):
            if customer.inside:
                outcomes.leave(world, customer, Row.ENDED, Reason.ENDED)
            elif customer.entry >= world.plan.end:
                world.trace.append(Entry(customer.who, world.now, Row.NOT_ENTERED, reason=Reason.NOT_ENTERED))

    for cost in world.plan.costs:
        world.clock.at(max(cost.on, world.plan.start), Phase.TURN, partial(book, cost))
    world.clock.at(world.plan.end, Phase.TURN, end)
    return reserved


def _promoted(world: World, watch: Watch) -> tuple[tuple[str, str], ...]:
    """Return the winner of every promotion, "" where none was sure."""
    names = [(each.journey, each.split) for each in world.plan.promotions]
    return tuple((f"{journey}/{split}", watch.promoted.get((journey, split), "")) for journey, split in names)


def _columns(twin: list[tuple[int, int, int]]) -> Orders:
    """Return the twins' orders in columns: person, instant, value."""
    who, t, value = ([each[column] for each in twin] for column in range(3))
    return np.array(who, dtype=np.int32), np.array(t, dtype=np.int64), np.array(value, dtype=np.int64)


def _forget(world: World) -> None:
    """Break the cycles between customers and their processes: a run's memory is free before the next begins."""
    for customer in world.customers.values():
        customer.process = customer.bell = None
    world.customers.clear()
    gc.collect()
