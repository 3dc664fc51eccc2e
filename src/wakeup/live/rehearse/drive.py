"""A rehearsal: the live executor on a fast clock, against simulated customers, from the first second to the horizon."""

import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Final

import numpy as np
from attrs import evolve, frozen

from wakeup.behaviour.arrival import Arrival, arrive
from wakeup.behaviour.one import One
from wakeup.behaviour.protocol import Behaviour, Model
from wakeup.channels.protocol import Request, Secret
from wakeup.customers.population import Population
from wakeup.decide.calendar import DAY
from wakeup.decide.caps import Contact, past_contact
from wakeup.diagnostics import WakeupError, diagnostic
from wakeup.figures.events import Closing, Part, named
from wakeup.live.begin import Approval, begin
from wakeup.live.clock import FastClock
from wakeup.live.core.enrol import admit
from wakeup.live.core.person import Person, load
from wakeup.live.core.shared import Shared, read
from wakeup.live.core.world import Decided
from wakeup.live.executor.settings import Settings
from wakeup.live.executor.step import Executor
from wakeup.live.figures import Places, closing_of, held, part_of
from wakeup.live.rehearse.customers import Customers, Letter
from wakeup.live.rehearse.faults import NO_FAULTS, Faults
from wakeup.live.rehearse.limits import Evidence, Limit, judged
from wakeup.live.rehearse.people import untouched, with_addresses
from wakeup.live.rehearse.provider import Provider
from wakeup.live.rehearse.stage import Stage
from wakeup.live.rows import Enrolment, Entry, SendState
from wakeup.live.store.protocol import Reader, Store, Work
from wakeup.plan.model import Plan

HOLDER: Final = "rehearsal"
"""The name of a rehearsal's executors in leases and in the audit log."""

LIVE_BATCH: Final = 100
"""People in a transaction where a rehearsal is not held against the simulation."""

_LONGEST_PAUSE: Final = 60
"""Seconds after which a rehearsal looks again at what a resting provider holds up."""

_PAGE: Final = 5_000
"""Rows that are read from a store at a time."""


@frozen
class Script:
    """How a rehearsal is played.

    seed: of all draws. replication: whose parameters (`behaviour.protocol`). executors: how many share the work.
    latency: seconds that a call takes. faults: what goes wrong. With one executor, no latency and no faults people are
    worked off one by one, and the trace is that of the simulation.
    """

    seed: int = 1
    replication: int = 1
    executors: int = 1
    latency: int = 0
    faults: Faults = NO_FAULTS

    @property
    def exact(self) -> bool:
        """Whether the trace has to be that of the simulation."""
        return self.executors == 1 and not self.latency and not self.faults.any


@frozen(eq=False)
class Rehearsed:
    """What a rehearsal came to.

    part, closing: as a simulator hands them to a sink (`wakeup.figures.events`). limits: what had to hold. sends: how
    many per state.
    """

    part: Part
    closing: Closing
    limits: tuple[Limit, ...]
    sends: dict[str, int]


def rehearse(
    plan: Plan,
    population: Population,
    behaviour: Behaviour,
    store: Store,
    script: Script,
    progress: Callable[[int, int], None] | None = None,
) -> Rehearsed:
    """Run a plan on simulated customers.

    Args:
        plan: the campaign.
        population: everybody in the data.
        behaviour: how they behave.
        store: one that has no campaign of this name; it keeps everything that a real run would keep.
        script: how it is played.
        progress: called with (days that are over, days in all) of the run and its follow-up.

    Raises:
        WakeupError: the store has a campaign of this name (WK7001), or what the store raises.
    """
    with store.read() as reader:
        if plan.name in reader.campaigns():
            raise WakeupError([diagnostic("WK7001", name=plan.name, store=store.address)])
    model = behaviour.model(plan, population, script.seed, script.replication, None)
    arrival = arrive(plan.start, population, model)
    admission = admit(plan, plan.name, with_addresses(plan, arrival.people, model))
    begin(store, plan, admission, population, {}, Approval(HOLDER, plan.start))

    def account(customer: int) -> Person:
        with store.read() as reader:
            found = reader.person(plan.name, customer)
        assert found is not None
        return load(found)

    customers = Customers(plan, One(model), arrival, account)
    customers.enrol(load(each) for each in admission.people)
    clock = FastClock(plan.start)
    stage = Stage(store, customers, clock, one_by_one=script.exact)
    provider = Provider(customers, clock, script.faults, script.seed, script.latency, 1 if script.exact else LIVE_BATCH)
    executors = [_executor(stage, plan, provider, clock, script, number) for number in range(script.executors)]
    _play(plan, executors, customers, provider, clock, progress)
    with store.read() as reader:
        return _ended(plan, population, arrival, model, reader, provider, stage)


def _executor(stage: Stage, plan: Plan, provider: Provider, clock: FastClock, script: Script, number: int) -> Executor:
    messages = {each.name: place for place, each in enumerate(plan.messages)}

    def render(work: Work, person: Person, decided: Decided) -> Request:
        """Note what is written to whom; nobody reads the text."""
        send = decided.outgoing
        letter = Letter(send.ref, send.customer, messages[send.message], decided.offers, decided.matched)
        provider.customers.post(letter)
        return Request(
            ref=send.ref, attempt=send.attempt, campaign=plan.name, message=send.message, address=Secret(""),
            text=decided.wording.text, offers=decided.offers, deadline=send.deadline,
        )  # fmt: skip

    return Executor(
        stage,
        plan.name,
        {each.name: provider for each in plan.channels},
        clock,
        Settings(
            f"{HOLDER}-{number + 1}",
            batch=1 if script.exact else LIVE_BATCH,
            threads=False,
            pause_after=sys.maxsize,  # nobody is there who would resume it
        ),
        keys=stage.keys,
        render=render,
    )


def _play(
    plan: Plan,
    executors: Sequence[Executor],
    customers: Customers,
    provider: Provider,
    clock: FastClock,
    progress: Callable[[int, int], None] | None,
) -> None:
    """Let everything happen in its second."""
    horizon, told, pause, calls = plan.end + plan.follow_up, -1, 1, 0
    while (now := clock.now()) < horizon:
        if progress is not None and (now - plan.start) // DAY > told:
            told = (now - plan.start) // DAY
            progress(told, (horizon - plan.start) // DAY)
        following = [executor.step() for executor in executors]
        acts = customers.agenda.next_instant()
        later = [each for each in (*following, acts) if each is not None]
        if not later:
            break
        # What an executor has left undone waits for a provider that rests: it is looked at again, ever less often.
        pause = 1 if provider.calls > calls or min(later) > now else min(2 * pause, _LONGEST_PAUSE)
        calls = provider.calls
        if acts is None or acts > now:
            soon = now + pause if acts is None else min(now + pause, acts)
            clock.wait(max(min(later), soon), lambda _: False)


def _ended(
    plan: Plan,
    population: Population,
    arrival: Arrival,
    model: Model,
    reader: Reader,
    provider: Provider,
    stage: Stage,
) -> Rehearsed:
    """Put together what a rehearsal has left in its store and in the provider's log, and judge it."""
    people = [load(each) for each in _everybody(reader, plan.name)]
    rows = list(_rows(reader, plan.name))
    shared = read(reader.shared(plan.name), plan)
    states = Counter[str]()
    for (_, state), count in reader.send_counts(plan.name).items():
        states[state] += count
    evidence = Evidence(
        plan=plan,
        people={each.customer: each for each in people},
        past=_past(plan, population),
        rows=list(held(rows)),
        letters=provider.customers.letters,
        log=provider.log,
        settled=[each.ref for each in reader.sends(plan.name, (SendState.SENT,), limit=sys.maxsize)],
        withdrawn=stage.heard,
    )
    return Rehearsed(
        part=_part(plan, population, arrival, model, people, rows, shared),
        closing=closing_of(plan, shared),
        limits=judged(evidence),
        sends=dict(states),
    )


def _everybody(reader: Reader, campaign: str) -> Iterator[Enrolment]:
    after = -1
    while found := reader.people(campaign, None, after, _PAGE):
        yield from found
        after = found[-1].customer


def _rows(reader: Reader, campaign: str) -> Iterator[Entry]:
    after = 0
    while found := reader.entries(campaign, after, _PAGE):
        for seq, entry in found:
            after = seq
            yield entry


def _past(plan: Plan, population: Population) -> dict[int, list[Contact]]:
    """Return the contacts of the data by customer."""
    past = population.touches
    if past is None:
        return {}
    found: dict[int, list[Contact]] = {}
    for who, key in enumerate(population.key.tolist()):
        rows = range(int(past.offset[who]), int(past.offset[who + 1]))
        if rows:
            found[key] = [
                past_contact(int(past.t[row]), past.channels[int(past.channel[row])], plan.channels) for row in rows
            ]
    return found


def _part(
    plan: Plan,
    population: Population,
    arrival: Arrival,
    model: Model,
    people: Sequence[Person],
    rows: Sequence[Entry],
    shared: Shared,
) -> Part:
    """Put everything into one part as a simulator would: people by their row of the population, with their twins."""
    places = Places(plan)
    part = part_of(places, [places.member(each) for each in people], rows, shared.eligible, shared.no_journey)
    who = np.searchsorted(population.key, part.key)
    place = np.full(len(population), -1, np.int32)
    place[who] = np.arange(len(who), dtype=np.int32)
    twins = untouched(arrival, model, who, plan.end + plan.follow_up)
    return evolve(
        part, people=who.astype(np.int32), named=named(population.ids[who]), twins=(place[twins[0]], *twins[1:])
    )
