"""`wakeup run`: the plan that was simulated, run for real."""

import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from attrs import evolve, frozen

from wakeup.channels.protocol import Adapter, Answer
from wakeup.channels.settings import Bound
from wakeup.cli import exits
from wakeup.cli.campaign import campaign
from wakeup.cli.data import DataOptions
from wakeup.cli.live.approve import approve, changed, launch_of
from wakeup.cli.live.codes import check_codes
from wakeup.cli.live.control import who
from wakeup.cli.live.ingest import public_address, settings_of
from wakeup.cli.live.project import bound_channels, carried, opened
from wakeup.cli.live.watch import line, watching
from wakeup.cli.messages import worded
from wakeup.cli.record import project_root
from wakeup.customers import Population, instant_from
from wakeup.diagnostics import Count, Say, WakeupError, diagnostic
from wakeup.face import prepared
from wakeup.live.answering import take_in
from wakeup.live.begin import Approval, admitted, begin, list_codes, take_up
from wakeup.live.clock import Clock, WallClock
from wakeup.live.core.enrol import Admission
from wakeup.live.executor.settings import Conduct, Settings
from wakeup.live.executor.step import Executor
from wakeup.live.keys import token_of
from wakeup.live.polling import Poller
from wakeup.live.requests import Renderer
from wakeup.live.seal import Keys
from wakeup.live.store.opening import open_store
from wakeup.live.store.protocol import Store
from wakeup.live.versions import Versions
from wakeup.plan.fingerprint import fingerprints
from wakeup.plan.json import plan_from_json
from wakeup.plan.model import Plan
from wakeup.plan.wording import Wording


@frozen
class Request:
    """What the user asked for. approve: the short id, None to be asked. until: ISO time, None for the end. once: do
    what is due and leave."""

    file: Path
    store: str
    key: str | None
    data: DataOptions
    approve: str | None
    unsimulated: bool
    adopt: bool
    public: str
    until: str | None
    once: bool
    codes: Mapping[str, Sequence[str]]


def run(request: Request) -> int:
    """Begin the campaign, take up a new version of it, or go on with it; then do what is due until it is over.

    Raises:
        WakeupError: what is wrong with the file, the channels, the customers, the store; or nobody approved.
    """
    plan = campaign(request.file)
    root, clock = project_root(request.file), WallClock()
    until = None if request.until is None else instant_from(request.until, plan.zone)
    request = evolve(request, public=_public(request, root))
    check_codes(request.codes, plan)
    bound = bound_channels(root, plan, _earlier(request, plan))
    with opened(bound, root, clock) as adapters, closing(_taken_up(request, plan, bound, adapters, clock)) as store:
        _list(request, plan, store, clock)
        left = _execute(request, plan, store, bound, adapters, clock, until)
        print(line(store, plan, clock))
    if left:
        print(worded(Say("left; the same command goes on with it")), file=sys.stderr)
        return exits.INTERRUPTED
    return exits.FINE


def _taken_up(
    request: Request, plan: Plan, bound: Mapping[str, Bound], adapters: Mapping[str, Adapter], clock: Clock
) -> Store:
    """Return the open store, which has this version of the campaign, approved; a new one is made after the approval."""
    store = _existing(request)
    if store is not None:
        with store.read() as read:
            known = read.versions(plan.name)
        if known:
            if known[-1].version != fingerprints(plan).conduct:
                _new_version(request, plan, plan_from_json(known[-1].plan.encode()), store, clock)
            return store
    if plan.end <= clock.now():
        raise WakeupError([diagnostic("WK7143", name=plan.name, end=Wording(plan).last_day(plan.end))])
    admission, people, addresses = _admitted(request, plan, bound)
    launch = launch_of(request.file, plan, admission, people, addresses, bound, carried(bound, adapters), clock.now())
    approve(launch, request.approve, unsimulated=request.unsimulated)
    store = store or open_store(request.store, request.key)
    begin(store, plan, admission, people, addresses, Approval(who(), clock.now()))
    return store


def _list(request: Request, plan: Plan, store: Store, clock: Clock) -> None:
    """Take the shop's codes into the store, and say how many are new."""
    if not request.codes:
        return
    new = list_codes(store, plan.name, request.codes, Approval(who(), clock.now()))
    for name, count in new.items():
        print(worded(Say("codes of {name}: {count} new", name=name, count=count)))


def _public(request: Request, root: Path) -> str:
    """Where people reach the service: as the command line says, else as `wakeup.toml` does."""
    if request.public:
        return public_address(request.public, "--public")
    return public_address(str(settings_of(root).get("public", "")), "public")


def _earlier(request: Request, plan: Plan) -> list[Plan]:
    """The versions of the campaign that the store has: an empty list where it has none, or there is no store."""
    store = _existing(request)
    if store is None:
        return []
    with closing(store), store.read() as read:
        return [plan_from_json(each.plan.encode()) for each in read.versions(plan.name)]


def _existing(request: Request) -> Store | None:
    try:
        return open_store(request.store, request.key, make=False)
    except WakeupError as error:
        if error.diagnostics[0].code == "WK7021":
            return None
        raise


def _new_version(request: Request, plan: Plan, old: Plan, store: Store, clock: Clock) -> None:
    changed(request.file, plan, old, request.approve, unsimulated=request.unsimulated)
    took = take_up(store, plan, Approval(who(), clock.now()), adopt=request.adopt)
    told = Say("a new version; {people} of those under way take its wording", people=Count(took, "customer"))
    print(worded(told))


def _admitted(
    request: Request, plan: Plan, bound: Mapping[str, Bound]
) -> tuple[Admission, Population, Mapping[str, Mapping[str, str]]]:
    """Read the customers, and say who takes part.

    Raises:
        WakeupError: WK7151 no customers are given, WK7152 nobody would be contacted.
    """
    if request.data.customers is None:
        raise WakeupError([diagnostic("WK7151", name=plan.name)])
    source = request.data.source(start=plan.start, zone=plan.zone, minor_digits=plan.minor_digits)
    _, population = prepared(plan, source, ())
    people = population if isinstance(population, Population) else population.whole()
    admission = admitted(plan, people, [str(each.messages) for each in bound.values()])
    if all(each.held_out for each in admission.people):
        raise WakeupError([diagnostic("WK7152", name=plan.name, people=Count(len(people), "customer"))])
    return admission, people, _addresses(request.data, bound)


def _execute(
    request: Request,
    plan: Plan,
    store: Store,
    bound: Mapping[str, Bound],
    adapters: Mapping[str, Adapter],
    clock: Clock,
    until: int | None,
) -> bool:
    """Do what is due until the end; return whether somebody interrupted it."""
    versions = Versions(store, plan.name)
    settings = Settings(
        holder=_holder(),
        conduct={name: Conduct("resend" if each.on_doubt == "resend" else "unknown") for name, each in bound.items()},
    )
    render = Renderer(versions.terms, carried(bound, adapters), store.keys, unsubscribe(store.keys, request.public))
    executor = Executor(store, plan.name, adapters, clock, settings, keys=store.keys, render=render)

    def take(answers: Sequence[Answer]) -> int:
        return take_in(store, answers)

    with _interruptible(executor) as interrupted, Poller(adapters, take, clock), watching(store, plan, clock):
        try:
            if request.once:
                executor.catch_up()
            else:
                executor.run(until)
        finally:
            executor.close()
    return interrupted.is_set()


def _addresses(data: DataOptions, bound: Mapping[str, Bound]) -> dict[str, Mapping[str, str]]:
    """Read the addresses from the table, else from the customers themselves."""
    from wakeup.customers.addresses import read_addresses

    path = data.table or data.customers
    if path is None or path.is_dir():
        return {}
    return dict(read_addresses(path, [each.address for each in bound.values() if each.address]))


@contextmanager
def _interruptible(executor: Executor) -> Iterator[threading.Event]:
    """Let Ctrl-C and a polite kill end the run after the present transaction, and give what says so; a second one ends
    it at once."""
    interrupted = threading.Event()

    def leave(_number: int, _frame: object) -> None:
        interrupted.set()
        executor.stop()
        for each in before:
            signal.signal(each, before[each])

    before = {each: signal.signal(each, leave) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield interrupted
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def unsubscribe(keys: Keys, public: str) -> Callable[[str], str]:
    """Return what makes the one-click address of a send; "" where nobody can reach the service."""
    secret, base = keys.derive("unsubscribe"), public.rstrip("/")
    return lambda ref: f"{base}/u/{token_of(secret, ref)}" if base else ""


def adopting(what: str | None) -> bool:
    """Read `--adopt`.

    Raises:
        WakeupError: WK7150, only `copy` can be adopted.
    """
    if what not in (None, "copy"):
        raise WakeupError([diagnostic("WK7150", given=what)])
    return what is not None


def _holder() -> str:
    return f"{socket.gethostname()}:{os.getpid()}"
