"""One replication of several campaigns over the same people on one clock (docs/semantics/together.md).

Everybody is played in order, as in `calendar.py`. The columns hold whom any campaign treats; a person has one row in
each campaign's columns, and what people carry from one to the other is one array for all (`columns.CARRIED`). Who is
treated by none yet lives beside the columns (`lives.py`), until a campaign that opens takes them on.
"""

from collections.abc import Callable, Hashable, Sequence
from functools import partial

import numpy as np
from attrs import define, evolve, field

from wakeup.behaviour.arrival import Arrival
from wakeup.behaviour.protocol import Model
from wakeup.figures.events import Closing, Orders, Sink, one_part
from wakeup.plan.model import FixedCost, Plan
from wakeup.sim.array import room
from wakeup.sim.array.block import Stage
from wakeup.sim.array.book import Book
from wakeup.sim.array.codes import DAY, I64, MOST_PEOPLE, Bools, Index, Phase, position
from wakeup.sim.array.columns import CARRIED, Columns, Layout, events_of, starting_columns
from wakeup.sim.array.common import in_common
from wakeup.sim.array.desk import Desk
from wakeup.sim.array.engine import Act, Engine
from wakeup.sim.array.guards import Guards
from wakeup.sim.array.lives import Lives
from wakeup.sim.array.people import Cast, Roll, edges_of, enrol, in_waves, waves_of
from wakeup.sim.array.promotions import Promotions
from wakeup.sim.array.rate import Rate
from wakeup.sim.array.rows import Rows
from wakeup.sim.array.shared import Shared, shared_at_start
from wakeup.sim.array.stage import permissions, set_stage
from wakeup.sim.array.trouble import cut, cuts
from wakeup.sim.array.turns import Hours, Line
from wakeup.sim.sharing import desk_of, latest, rate_of
from wakeup.sim.task import Played, Task
from wakeup.terms.lists import Row

BECAUSE = "several campaigns"
"""What `Played` gives as the reason why people were played in one order."""

Milestone = tuple[int, int, int, Callable[[], None]]
"""An instant, the order in its second, the campaign, and what is done first thing then."""


def together(tasks: Sequence[Task], sinks: Sequence[Sink], *, bucket: int = DAY) -> Played:
    """Run one replication of campaigns, in the order of priority.

    Args:
        tasks: of the campaigns; their people are the same, row by row, but for what each declares of them.
        sinks: one per campaign.
        bucket: seconds between two looks at the calendar; no bucket changes a row.

    Raises:
        ValueError: more people than positions can number.
        WakeupError: so many do not fit in memory (WK5142).
    """
    room.require(tasks, BECAUSE, _held)
    company = _Company(tasks)
    for each in sinks:
        each.begin()
    company.play(bucket)
    for number, sink in enumerate(sinks):
        company.hand_over(number, sink)
    return Played(company.first, BECAUSE)


def _held(tasks: Sequence[Task]) -> object:
    """Play campaigns, and return all that is kept of their people until the end."""
    company = _Company(tasks)
    company.play(DAY)
    return company.casts, company.lives, company.engine.held()


@define(eq=False)
class _Company:
    """The campaigns and their people. casts: who takes part in each, nobody before it opens; treated: whom any of them
    treats, ascending. reserved: per campaign that has ended."""

    tasks: Sequence[Task]
    models: list[Model] = field(init=False)
    layouts: list[Layout] = field(init=False)
    lives: Lives = field(init=False)
    casts: list[Cast] = field(init=False)
    engine: Engine = field(init=False)
    treated: Index = field(factory=lambda: np.zeros(0, np.intp))
    reserved: dict[int, tuple[tuple[str, int], ...]] = field(factory=dict)

    def __attrs_post_init__(self) -> None:
        if self.span * len(self.tasks) >= MOST_PEOPLE:
            raise ValueError(f"{self.span} people are more than {len(self.tasks)} campaigns can number")
        self.models = [
            task.behaviour.model(task.plan, task.people, task.seed, task.replication, task.scenario)
            for task in self.tasks
        ]
        self.layouts = _layouts(self.tasks)
        scenario = next((task.scenario for task in self.tasks if task.scenario is not None), None)
        self.lives = Lives.of(self.tasks[0].people, self.living, self.first, self.horizon, scenario)
        self.casts = [_nobody(task.plan, self.lives.arrival(task.people)) for task in self.tasks]
        stages = self._stages()
        columns = _starting(stages, self.casts, self.treated)
        self.engine = Engine(
            acts=[
                Act(stage, mine, shared, Guards(stage.book), Promotions(stage), apart=number * self.span)
                for number, (stage, mine, shared) in enumerate(zip(stages, columns, self._shared(), strict=True))
            ],
            following=np.zeros(0, np.int64),
            here=position(self.first, Phase.FREED),
        )

    @property
    def plans(self) -> list[Plan]:
        """The plans, in the order of priority."""
        return [task.plan for task in self.tasks]

    @property
    def living(self) -> Model:
        """The model that tells orders and baskets."""
        return self.models[latest(self.plans)]

    @property
    def span(self) -> int:
        """How many people there are; so far apart the numbers of two campaigns begin."""
        return len(self.tasks[0].people)

    @property
    def first(self) -> int:
        """The first start."""
        return min(plan.start for plan in self.plans)

    @property
    def horizon(self) -> int:
        """First instant at which nothing happens any more to anybody."""
        return max(plan.end + plan.follow_up for plan in self.plans)

    # --- the course --------------------------------------------------------------------------------------------------

    def play(self, bucket: int) -> None:
        """Play all campaigns, from the first start to the last horizon."""
        now, last = self.first, max(plan.end for plan in self.plans)
        for t, _, _, action in sorted(self._milestones(), key=lambda each: each[:3]):
            while now < t:
                now = self.engine.reach(now, t, bucket) if now < last else t
                self.engine.advance(position(now, Phase.FREED))
            action()
        self.lives.live_until(self.horizon, self.lives.known)

    def _milestones(self) -> list[Milestone]:
        """Return what belongs to no single person: starts, budget cuts, fixed costs, ends, horizons."""
        found: list[Milestone] = []
        for number, (plan, layout) in enumerate(zip(self.plans, self.layouts, strict=True)):
            horizon = plan.end + plan.follow_up
            found.append((plan.start, 0, number, partial(self._open, number)))
            found += [(t, 1, number, partial(self._cut, number, t, micros)) for t, micros in cuts(layout.book, horizon)]
            for cost in plan.costs:
                t = max(cost.on, plan.start)
                if t < horizon:
                    found.append((t, 2, number, partial(self._book, number, cost, t)))
            found.append((plan.end, 3, number, partial(self._end, number)))
            found.append((horizon, 4, number, partial(self._leave, number)))
        return found

    def _act(self, number: int) -> Act:
        return self.engine.acts[number]

    def _cut(self, number: int, t: int, micros: dict[str, int]) -> None:
        cut(self._act(number).shared, t, micros)

    def _book(self, number: int, cost: FixedCost, t: int) -> None:
        self.engine.book(cost, t, self._act(number))

    def _leave(self, number: int) -> None:
        self.engine.leave(self._act(number))

    def _end(self, number: int) -> None:
        act = self._act(number)
        minor = act.stage.book.minor
        self.reserved[number] = tuple((line, micros // minor) for line, micros in act.shared.reserved.items())
        self.engine.finish(act)

    def _open(self, number: int) -> None:
        """Begin a campaign: everybody is sorted as they are now, and those whom it treats come into the columns."""
        plan, engine, lives = self.plans[number], self.engine, self.lives
        lives.follow(self.treated, engine.acts[0].columns, self.layouts[0])
        lives.live_until(plan.start)
        arrival = lives.arrival(self.tasks[number].people)
        roll = enrol(plan, arrival.given, arrival, edges_of(plan, [arrival.people]))
        cast = in_waves(plan, roll, arrival, waves_of(plan, [roll]))
        lives.take_on(cast.simulated)
        lives.treated[cast.treated] = True
        self.casts[number] = cast
        before, self.treated = self.treated, np.union1d(self.treated, cast.treated)
        stages = self._stages()
        columns = _starting(stages, self._present(), self.treated)
        _keep(
            columns, [act.columns for act in engine.acts], np.searchsorted(self.treated, before), self.layouts[number]
        )
        for act, stage, mine in zip(engine.acts, stages, columns, strict=True):
            act.stage, act.columns, act.promotions.stage = stage, mine, stage
        engine.look()

    def _present(self) -> list[Cast]:
        """Return who takes part in each campaign, as everybody is now."""
        return [
            evolve(cast, arrival=self.lives.arrival(task.people))
            for cast, task in zip(self.casts, self.tasks, strict=True)
        ]

    def _stages(self) -> list[Stage]:
        return [
            set_stage(layout, cast, model, self.treated, who=self.treated, life=self.living)
            for layout, cast, model in zip(self.layouts, self.casts, self.models, strict=True)
        ]

    # --- what campaigns share ----------------------------------------------------------------------------------------

    def _shared(self) -> list[Shared]:
        """Return the limits of every campaign; rates and staff that several have are one thing."""
        found = [shared_at_start(each.book, _unasked) for each in self.layouts]
        rates: dict[Hashable, Rate] = {}
        desks: dict[Hashable, Desk] = {}
        for plan, each, layout in zip(self.plans, found, self.layouts, strict=True):
            channels = [plan.channels[index] for index in layout.book.rated]
            each.rates = [
                rates.setdefault(rate_of(plan, channel), rate)
                for channel, rate in zip(channels, each.rates, strict=True)
            ]
            each.desks = [
                desks.setdefault(desk_of(plan, staff), self._desk(desk_of(plan, staff))) for staff in plan.staff
            ]
        return found

    def _desk(self, which: Hashable) -> Desk:
        """Return a desk, which may be that of several campaigns."""
        having = {
            number: index
            for number, plan in enumerate(self.plans)
            for index, staff in enumerate(plan.staff)
            if desk_of(plan, staff) == which
        }
        number, index = next(iter(having.items()))
        staff = self.plans[number].staff[index]

        def span(callers: I64, turns: I64) -> I64:
            found = np.zeros(len(callers), np.int64)
            for each, place in having.items():
                mine = callers // self.span == each
                who = (callers[mine] - each * self.span).astype(np.int32)
                found[mine] = self.models[each].handling(who, place, turns[mine].astype(np.int32))
            return found

        end = max(self.plans[each].end for each in having)
        return Desk(Hours(staff.hours, self.plans[number].zone), end, span, Line([0] * staff.people))

    # --- what came of it ---------------------------------------------------------------------------------------------

    def hand_over(self, number: int, sink: Sink) -> None:
        """Give a campaign's sink what happened, once everything has."""
        plan, act, cast = self.plans[number], self._act(number), self.casts[number]
        held_out = cast.membership.held_out
        who, t, amount = _joined([*self.lives.made, *self.engine.made])
        control = held_out[who] & (t >= plan.start) & (t < plan.end + plan.follow_up)
        act.log.add(Rows(Row.ORDERED, who[control], t[control], amount=amount[control]))
        who, t, amount = _joined(self.lives.twins)
        own = (cast.membership.journey[who] >= 0) & (t >= plan.start) & (t < plan.end + plan.follow_up)
        people = self.tasks[number].people
        sink.add(one_part(people, cast.membership, act.log.batches(), (who[own], t[own], amount[own])))
        names = [f"{each.journey}/{each.split}" for each in plan.promotions]
        won = tuple((name, act.promotions.won.get(place, "")) for place, name in enumerate(names))
        sink.close(Closing(self.reserved[number], won, tuple(act.guards.tripped)))


def _layouts(tasks: Sequence[Task]) -> list[Layout]:
    bare = [Book(task.plan, task.scenario) for task in tasks]
    clicks, bonds = sum(book.own_clicks for book in bare), any(book.own_bonds for book in bare)
    common = in_common([task.plan for task in tasks], clicks, bonds=bonds)
    books = [evolve(book, common=each) for book, each in zip(bare, common, strict=True)]
    every = events_of(books)
    return [Layout(book, number, every) for number, book in enumerate(books)]


def _nobody(plan: Plan, arrival: Arrival) -> Cast:
    """Return a campaign in which nobody takes part."""
    n = len(arrival.people)
    bands = {tier.name: np.full(n, -1, np.int8) for tier in plan.tiers}
    roll = Roll(arrival.given, arrival, {}, bands, np.full(n, -1, np.int16), np.zeros(n, np.bool_), 0, 0)
    return in_waves(plan, roll, arrival, waves_of(plan, [roll]))


def _starting(stages: Sequence[Stage], casts: Sequence[Cast], who: Index) -> list[Columns]:
    """Return people's columns in each campaign as if nothing had happened, what they carry in common."""
    permitted = _permitted(stages)
    columns = [starting_columns(stage.layout, cast, permitted, who) for stage, cast in zip(stages, casts, strict=True)]
    first = columns[0]
    for stage, each in zip(stages[1:], columns[1:], strict=True):
        first.when[stage.layout.due] = each.when[stage.layout.due]
    return [first, *(evolve(each, **{name: getattr(first, name) for name in CARRIED}) for each in columns[1:])]


def _keep(columns: Sequence[Columns], old: Sequence[Columns], kept: Index, opening: Layout) -> None:
    """Let what has happened to people stand; of a campaign that opens, only what others have sent them."""
    due = columns[0].when[opening.due].copy()
    for number, (each, was) in enumerate(zip(columns, old, strict=True)):
        if number == opening.number:
            each.recent[:, kept] = was.recent
        else:
            each.put(kept, was, carried=False)
    carried = columns[0]
    for name in CARRIED:
        if getattr(carried, name).size:
            getattr(carried, name)[..., kept] = getattr(old[0], name)
    carried.when[opening.due] = due


def _permitted(stages: Sequence[Stage]) -> I64:
    """Return how many sends people have permitted on each channel that asks for it, as the first campaign that has the
    channel says (rule T5)."""
    found = permissions(stages[0])
    told: Bools = np.zeros(len(found), np.bool_)
    for stage in stages:
        own, mine = permissions(stage), np.zeros(len(found), np.bool_)
        mine[list(stage.book.permitted.values())] = True
        fresh = mine & ~told
        found[fresh] = own[fresh]
        told |= mine
    return found


def _unasked(desk: int, people: I64, turns: I64) -> I64:
    raise AssertionError(f"desk {desk} of a campaign alone is asked")


def _joined(orders: Sequence[Orders]) -> Orders:
    who = np.concatenate([each[0] for each in orders] or [np.zeros(0, np.int32)])
    t = np.concatenate([each[1] for each in orders] or [np.zeros(0, np.int64)])
    amount = np.concatenate([each[2] for each in orders] or [np.zeros(0, np.int64)])
    return who, t, amount
