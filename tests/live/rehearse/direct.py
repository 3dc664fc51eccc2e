"""The deterministic core driven without a store: the smallest executor there is, for comparing rules fast."""

from heapq import heappop, heappush

import numpy as np
from attrs import evolve
from tests.sim.comparing import Told, told_by
from tests.sim.recorder import Recorder

from wakeup.behaviour.arrival import arrive
from wakeup.behaviour.one import One
from wakeup.channels.protocol import Report, Verdict
from wakeup.figures.events import Part, named
from wakeup.live.core import answers, desk, ending, grants, instants, journey, sending, watch
from wakeup.live.core.enrol import admit
from wakeup.live.core.person import Person, load, save
from wakeup.live.core.shared import read, to_json
from wakeup.live.core.world import World, terms
from wakeup.live.figures import Places, closing_of, part_of
from wakeup.live.rehearse.customers import Customers, Letter
from wakeup.live.rehearse.people import untouched, with_addresses
from wakeup.live.rows import Entry
from wakeup.sim.task import Task


class Direct:
    """One executor, everything in memory, one person at a time. durable: everybody is written and read at each step."""

    def __init__(self, task: Task, *, durable: bool = True) -> None:
        plan, population = task.plan, task.people
        assert task.scenario is None
        model = task.behaviour.model(plan, population, task.seed, task.replication, None)
        self.plan, self.population, self.durable = plan, population, durable
        arrival = arrive(plan.start, population, model)
        self.admission = admit(plan, plan.name, with_addresses(plan, arrival.people, model))
        self.people: dict[int, Person] = {each.customer: load(each) for each in self.admission.people}
        self.shared = read("", plan)
        self.shared.eligible, self.shared.no_journey = self.admission.eligible, self.admission.no_journey
        self.terms = terms(plan)
        self.customers = Customers(plan, One(model), arrival, self.people.__getitem__)
        self.customers.enrol(self.people.values())
        self.rows: list[Entry] = []
        self.codes = self.at = self.again = 0
        self.due: list[tuple[int, int]] = []
        self.lapses: list[tuple[int, int]] = []
        row = {int(key): who for who, key in enumerate(population.key)}
        who = np.array([row[key] for key in self.people], np.intp)
        self.index = np.sort(who)
        self.twins = untouched(arrival, model, self.index, self.horizon)
        for person in self.people.values():
            self._plan_for(person)

    @property
    def horizon(self) -> int:
        return self.plan.end + self.plan.follow_up

    def run(self) -> None:
        now = self.plan.start
        while now < self.horizon:
            self._second(now)
            assert self._stuck(now) < 50, "time stands still"
            world = self._world(now)
            following = [instants.next_instant(world), self.customers.agenda.next_instant()]
            following += [each[0][0] for each in (self.due, self.lapses) if each]
            later = [each for each in following if each is not None]
            if not later:
                return
            now = max(min(later), now)

    def _stuck(self, now: int) -> int:
        """Say how often this second has come in a row."""
        self.again = self.again + 1 if self.at == now else 0
        self.at = now
        return self.again

    def _world(self, now: int) -> World:
        if self.durable:
            self.shared = read(to_json(self.shared), self.plan)
        return World(
            self.plan.name, {self.terms.version: self.terms}, self.terms, now, self.shared, self.people.__getitem__,
            self._code, consents=None,
        )  # fmt: skip

    def _code(self, incentive: str, customer: int) -> str:
        self.codes += 1
        return f"{incentive}-{self.codes}"

    def _second(self, now: int) -> None:
        world = self._world(now)
        ending.turn(world)
        self._done(world)
        self._finish(now)
        while (told := self.customers.agenda.act(now)) is not None:
            for answer, customer in told:
                world = self._world(now)
                answers.take(world, world.person(customer), answer)
                self._done(world)
        while self.lapses and self.lapses[0][0] <= now:
            _, key = heappop(self.lapses)
            world = self._world(now)
            grants.lapse(world, world.person(key))
            self._done(world)
        world = self._world(now)
        watch.judge(world, self.people.values)
        self._done(world)
        self._finish(now)
        world = self._world(now)
        desk.serve(world)
        self._done(world)
        while self.due and self.due[0][0] <= now:
            _, key = heappop(self.due)
            person = self.people[key]
            while person.due is not None and person.due <= now:
                world = self._world(now)
                journey.go_on(world, world.person(key))
                self._done(world)
                self._send(world)
                person = self.people[key]

    def _finish(self, now: int) -> None:
        if self.shared.closing is None:
            return
        for key in sorted(self.people):
            world = self._world(now)
            ending.finish(world, world.person(key))
            self._done(world)
        world = self._world(now)
        ending.finished(world)
        self._done(world)

    def _send(self, world: World) -> None:
        for decided in world.decided:
            send = decided.outgoing
            message = [each.name for each in self.plan.messages].index(send.message)
            self.customers.post(Letter(send.ref, send.customer, message, decided.offers, decided.matched))
            delivered = self.customers.receive(send.ref, world.now)
            later = self._world(world.now)
            report = Report(send.ref, Verdict.ACCEPTED, delivered=delivered)
            sending.settled(later, later.person(send.customer), send, report)
            self._done(later)

    def _done(self, world: World) -> None:
        self.rows += world.rows
        self.shared = world.shared
        for key, person in world.people.items():
            self.people[key] = load(save(person)) if self.durable else person
            self._plan_for(self.people[key])
        self.customers.saw(world.rows, world.now)

    def _plan_for(self, person: Person) -> None:
        if person.due is not None:
            heappush(self.due, (person.due, person.customer))
        if (lapse := person.lapse) is not None:
            heappush(self.lapses, (lapse, person.customer))

    def part(self) -> Part:
        places = Places(self.plan)
        members = [places.member(self.people[key]) for key in sorted(self.people)]
        part = part_of(places, members, self.rows, self.admission.eligible, self.admission.no_journey)
        place = np.full(len(self.population), -1, np.int32)
        place[self.index] = np.arange(len(self.index), dtype=np.int32)
        return evolve(
            part,
            people=self.index.astype(np.int32),
            named=named(self.population.ids[self.index]),
            twins=(place[self.twins[0]], *self.twins[1:]),
        )


def directly(task: Task, *, durable: bool = True) -> Told:
    """Play a task on the core and return what it told."""
    direct, recorder = Direct(task, durable=durable), Recorder()
    direct.run()
    recorder.begin()
    recorder.add(direct.part())
    recorder.close(closing_of(task.plan, direct.shared))
    return told_by(task, recorder)
