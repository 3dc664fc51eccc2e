"""One replication from the first second to the horizon; who runs it sees all its phases here.

One campaign, or several over the same people on one clock (docs/semantics/together.md): then each opens at its own
start, and the tasks are in the order of their priority.
"""

import gc
from collections.abc import Hashable, Sequence
from functools import partial

import numpy as np
from attrs import define, field

from wakeup.behaviour.one import One
from wakeup.decide.ledger import held_back
from wakeup.figures.entries import Entry, batches
from wakeup.figures.events import Closing, Membership, Orders, Sink, one_part
from wakeup.plan.model import FixedCost
from wakeup.sim.reference import opening, orders, outcomes, permissions
from wakeup.sim.reference.clock import Clock, Phase
from wakeup.sim.reference.customer import Customer, Person
from wakeup.sim.reference.desk import Desk
from wakeup.sim.reference.journey import walk
from wakeup.sim.reference.people import People
from wakeup.sim.reference.shared import Debit, Ledger, Rate
from wakeup.sim.reference.watch import Watch
from wakeup.sim.reference.world import Life, World
from wakeup.sim.sharing import alike, desk_of, latest, rate_of
from wakeup.sim.task import Task
from wakeup.terms.lists import Reason, Row


@define(eq=False)
class _Run:
    """A campaign in its replication: what it is played from and what comes out."""

    task: Task
    world: World
    watch: Watch
    customers: list[Customer] = field(factory=list)
    membership: Membership | None = None
    reserved: list[tuple[str, int]] = field(factory=list)


def run(task: Task, sink: Sink) -> None:
    """Run one replication and hand over one part with everybody, and the closing.

    Args:
        task: the plan, the people, the behaviour, seed and replication, the scenario.
        sink: takes what happened; it is asked only from this thread.
    """
    together([task], [sink])


def together(tasks: Sequence[Task], sinks: Sequence[Sink]) -> None:
    """Run one replication of several campaigns over the same people on one clock.

    Args:
        tasks: of the campaigns, in the order of priority; their people are the same, row by row, but for what each
            campaign declares of them.
        sinks: one per campaign.
    """
    runs = _build(tasks)
    life, first = runs[0].world.life, min(task.plan.start for task in tasks)
    channels = [channel for task in tasks for channel in task.plan.channels]
    crowd = opening.everybody(life, channels)
    for each in runs:
        start = each.task.plan.start
        if start > first:
            each.world.clock.at(start, Phase.OPEN, partial(_open, each, runs, crowd))
    for each in runs:
        if each.task.plan.start == first:
            _open(each, runs, crowd)
    life.clock.run()
    for each, sink in zip(runs, sinks, strict=True):
        _hand_over(each, sink)
    _forget(runs, crowd)


def _build(tasks: Sequence[Task]) -> list[_Run]:
    """Make the worlds of the first second: nobody in them yet."""
    horizons = [task.plan.end + task.plan.follow_up for task in tasks]
    clock = Clock(min(task.plan.start for task in tasks), max(horizons))
    models = [
        One(task.behaviour.model(task.plan, task.people, task.seed, task.replication, task.scenario)) for task in tasks
    ]
    seen = People(tasks[0].people, tasks[0].plan)
    scenario = next((task.scenario for task in tasks if task.scenario is not None), None)
    life = Life(models[latest([task.plan for task in tasks])], seen, clock, scenario)
    desks: dict[Hashable, Desk] = {}
    rates: dict[Hashable, Rate] = {}
    runs = []
    for number, (task, model, horizon) in enumerate(zip(tasks, models, horizons, strict=True)):
        plan = task.plan
        world = World(
            plan=plan,
            people=seen if number == 0 else People(task.people, plan, seen),
            model=model,
            clock=clock.part(number, horizon),
            life=life,
            scenario=task.scenario,
            ledger=Ledger(plan.budget, plan.minor_digits),
            desks={
                staff.name: desks.setdefault(desk_of(plan, staff), Desk(staff, plan.zone, clock))
                for staff in plan.staff
            },
            rates=tuple(rates.setdefault(rate_of(plan, channel), Rate(channel)) for channel in plan.channels),
            alike=alike([each.plan for each in tasks], plan),
            number=number,
        )
        runs.append(_Run(task, world, Watch(world)))
    return runs


def _open(run: _Run, runs: Sequence[_Run], crowd: Sequence[Person]) -> None:
    """Begin a campaign: who is not treated yet lives up to its start; then everybody is sorted, and it runs."""
    world = run.world
    life = world.life
    for person in crowd:
        if not person.treated:
            orders.live_until(life, person, world.plan.start)
    run.customers, run.membership = opening.admit(world, crowd)
    for customer in run.customers:
        if customer.person.untouched is None:
            customer.person.untouched = opening.untouched(life, customer.person)
        if customer.held_out:
            customer.person.held_out.append(world)
        else:
            _treat(world, customer, [each.world for each in runs])
    run.watch.start()
    _end_at(run)


def _treat(world: World, customer: Customer, worlds: Sequence[World]) -> None:
    """Let a treated customer live: organic orders from now on, and the journey if its wave enters before the end."""
    person = customer.person
    world.customers[person.who] = customer
    if not person.treated:
        for each in worlds:
            permissions.at_start(each, person)
        orders.expect(world.life, person, person.following, organic=True)
    person.treated.append((world, customer))
    person.treated.sort(key=lambda each: each[0].number)
    if customer.entry < world.plan.end:
        customer.process = world.clock.environment.process(walk(world, customer))


def _end_at(run: _Run) -> None:
    """Book the fixed costs and end the run in their seconds; note what will be reserved at the end."""
    world = run.world

    def book(cost: FixedCost) -> None:
        debit = Debit(world.now, "fixed_cost", cost.amount * world.ledger.unit)
        world.ledger.spend(debit, cost.line)

    def end() -> None:
        run.reserved.extend(world.ledger.reserved())
        for _, customer in sorted(world.customers.items()):
            if customer.inside:
                outcomes.leave(world, customer, Row.ENDED, Reason.ENDED)
            elif customer.entry >= world.plan.end:
                world.trace.append(Entry(customer.who, world.now, Row.NOT_ENTERED, reason=Reason.NOT_ENTERED))

    cut = held_back(world.plan.budget, world.scenario, world.ledger.unit)
    if cut and world.scenario is not None:
        begin = max(world.scenario.start, world.plan.start)
        world.clock.at(begin, Phase.TURN, partial(world.ledger.hold_back, cut))
        world.clock.at(world.scenario.end, Phase.TURN, partial(world.ledger.hold_back, {}))
    for cost in world.plan.costs:
        world.clock.at(max(cost.on, world.plan.start), Phase.TURN, partial(book, cost))
    world.clock.at(world.plan.end, Phase.TURN, end)


def _hand_over(run: _Run, sink: Sink) -> None:
    """Give a campaign's sink what happened, once nothing is left to happen."""
    world = run.world
    plan, horizon = world.plan, world.clock.horizon
    assert run.membership is not None
    for customer in run.customers:
        if not customer.person.treated:
            orders.live_until(world.life, customer.person, world.life.clock.horizon)
    twin = [
        (each.who, t, value)
        for each in run.customers
        for t, value in each.person.untouched or ()
        if plan.start <= t < horizon
    ]
    sink.begin()
    sink.add(one_part(run.task.people, run.membership, batches(world.control + world.trace), _columns(twin)))
    sink.close(Closing(tuple(run.reserved), _promoted(run), tuple(run.watch.tripped)))


def _promoted(run: _Run) -> tuple[tuple[str, str], ...]:
    """Return the winner of every promotion, "" where none was sure."""
    names = [(each.journey, each.split) for each in run.world.plan.promotions]
    return tuple((f"{journey}/{split}", run.watch.promoted.get((journey, split), "")) for journey, split in names)


def _columns(twin: list[tuple[int, int, int]]) -> Orders:
    """Return the twins' orders in columns: person, instant, value."""
    who, t, value = ([each[column] for each in twin] for column in range(3))
    return np.array(who, dtype=np.int32), np.array(t, dtype=np.int64), np.array(value, dtype=np.int64)


def _forget(runs: Sequence[_Run], crowd: Sequence[Person]) -> None:
    """Break the cycles between customers and their processes: a run's memory is free before the next begins."""
    for each in runs:
        for customer in each.world.customers.values():
            customer.process = customer.bell = None
        each.world.customers.clear()
    for person in crowd:
        person.treated.clear()
        person.held_out.clear()
    gc.collect()
