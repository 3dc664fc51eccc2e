"""One replication: SimPy keeps the calendar of what does not belong to one person; people move in blocks between."""

from collections.abc import Generator, Sequence
from typing import Any

import numpy as np
import simpy

from wakeup.figures.events import Closing, Orders, Sink, one_part
from wakeup.plan.model import FixedCost
from wakeup.sim.array.block import Stage
from wakeup.sim.array.book import Book
from wakeup.sim.array.codes import DAY, I64, Phase, position
from wakeup.sim.array.columns import Columns, Layout, starting_columns
from wakeup.sim.array.engine import Act, Engine
from wakeup.sim.array.guards import Guards
from wakeup.sim.array.people import Cast, cast
from wakeup.sim.array.promotions import Promotions
from wakeup.sim.array.shared import shared_at_start
from wakeup.sim.array.stage import permissions, set_stage
from wakeup.sim.array.trouble import cut, cuts
from wakeup.sim.array.twins import live_untouched
from wakeup.sim.task import Task

Process = Generator[simpy.Event, Any, None]


def run(task: Task, sink: Sink, *, bucket: int = DAY) -> None:
    """Run one replication and hand over one part with everybody, and the closing.

    Args:
        task: the plan, the people, the behaviour, seed and replication, the scenario.
        sink: takes what happened; it is asked only from this thread.
        bucket: seconds between two looks at the calendar; no bucket changes a row.
    """
    sink.begin()
    players, engine, twins, reserved = _played(task, bucket)
    sink.add(one_part(players.roll.given, players.membership, engine.acts[0].log.batches(), twins))
    sink.close(_closing(engine, reserved))


def held(tasks: Sequence[Task]) -> object:
    """Play a task, and return all that is kept of its people until the end."""
    players, engine, twins, _ = _played(tasks[0], DAY)
    return players, twins, engine.held()


def _played(task: Task, bucket: int) -> tuple[Cast, Engine, Orders, tuple[tuple[str, int], ...]]:
    """Play everybody from the start to the horizon; return who they are, where they stand at the end, the orders of
    their twins, and what is reserved per line at the end of the run."""
    plan, people = task.plan, task.people
    model = task.behaviour.model(plan, people, task.seed, task.replication, task.scenario)
    players = cast(plan, people, model)
    layout = Layout(Book(plan, task.scenario))
    stage = set_stage(layout, players, model)
    engine = _engine(stage, starting_columns(layout, players, permissions(stage), stage.who))
    twins = live_untouched(players, model, stage.horizon, engine.acts[0].log, task.scenario)
    return players, engine, twins, _play(engine, bucket)


def _engine(stage: Stage, columns: Columns) -> Engine:
    def span(desk: int, people: I64, turns: I64) -> I64:
        return stage.model.handling(stage.who[people], desk, turns.astype(np.int32))

    engine = Engine(
        acts=[Act(stage, columns, shared_at_start(stage.book, span), Guards(stage.book), Promotions(stage))],
        following=np.zeros(0, np.int64),
        here=position(stage.plan.start, Phase.FREED),
    )
    engine.look()
    return engine


def _play(engine: Engine, bucket: int) -> tuple[tuple[str, int], ...]:
    """Play the run and what follows it; return what is reserved per line at the end of the run."""
    reserved: list[tuple[str, int]] = []
    environment = simpy.Environment(initial_time=engine.acts[0].stage.plan.start)
    environment.process(_life(environment, engine, bucket, reserved))
    for cost in engine.acts[0].stage.plan.costs:
        environment.process(_book(environment, engine, cost))
    for t, micros in cuts(engine.acts[0].stage.book, engine.acts[0].stage.horizon):
        environment.process(_cut(environment, engine, t, micros))
    environment.run()
    engine.lapse_the_rest()
    return tuple(reserved)


def _life(environment: simpy.Environment, engine: Engine, bucket: int, reserved: list[tuple[str, int]]) -> Process:
    """Move people from bucket to bucket, end the run, and let orders go on to the horizon."""
    plan, now = engine.acts[0].stage.plan, engine.acts[0].stage.plan.start
    while now < plan.end:
        then = engine.reach(now, plan.end, bucket)
        yield environment.timeout(then - now)
        engine.advance(position(then, Phase.FREED))
        now = then
    minor = engine.acts[0].stage.book.minor
    reserved += [(line, micros // minor) for line, micros in engine.acts[0].shared.reserved.items()]
    engine.finish()
    yield environment.timeout(engine.acts[0].stage.horizon - now)
    engine.advance(position(engine.acts[0].stage.horizon, Phase.FREED))


def _book(environment: simpy.Environment, engine: Engine, cost: FixedCost) -> Process:
    """Book a fixed cost first thing in its second."""
    start = engine.acts[0].stage.plan.start
    yield environment.timeout(max(cost.on, start) - start)
    if environment.now < engine.acts[0].stage.horizon:
        engine.book(cost, int(environment.now))


def _cut(environment: simpy.Environment, engine: Engine, t: int, micros: dict[str, int]) -> Process:
    """Let a scenario take of the budget, or give back, first thing in its second."""
    yield environment.timeout(t - engine.acts[0].stage.plan.start)
    engine.advance(position(t, Phase.FREED))
    cut(engine.acts[0].shared, t, micros)


def _closing(engine: Engine, reserved: tuple[tuple[str, int], ...]) -> Closing:
    names = [f"{each.journey}/{each.split}" for each in engine.acts[0].stage.plan.promotions]
    won = tuple((name, engine.acts[0].promotions.won.get(number, "")) for number, name in enumerate(names))
    return Closing(reserved, won, tuple(engine.acts[0].guards.tripped))
