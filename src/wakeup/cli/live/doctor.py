"""`wakeup doctor`: is everything there that a run needs? Nothing is sent."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from attrs import frozen

from wakeup.channels.faults import told
from wakeup.channels.settings import Bound, read_channels
from wakeup.cli import exits
from wakeup.cli.live.project import opened, project_file
from wakeup.cli.live.watch import SWITCHED
from wakeup.cli.messages import language, worded
from wakeup.cli.record import PROJECT_FILE, project_root
from wakeup.diagnostics import Count, Diagnostic, Say, Text, WakeupError, in_language
from wakeup.live.clock import WallClock
from wakeup.live.store.opening import open_store
from wakeup.live.store.protocol import Store

LEAST_ROOM = 1 << 30
"""Bytes that should be free where a store is: a million people with their sends take about that."""


@frozen
class Finding:
    """One thing that was looked at. wrong: what is the matter, None if nothing is."""

    what: Text
    wrong: Text | None = None


def run(folder: Path, store: str | None, key: str | None) -> int:
    """Look at the channels of the project and at the store; print a line each; 1 if anything is wrong."""
    found = [*_channels(project_root(folder / "x")), *([] if store is None else _store(store, key))]
    for each in found:
        mark = worded(Say("ok   ") if each.wrong is None else Say("WRONG"))
        print(f"{mark} {worded(each.what)}" + ("" if each.wrong is None else f": {worded(each.wrong)}"))
    return exits.FINE if all(each.wrong is None for each in found) else exits.WRONG_INPUT


def _channels(root: Path) -> Iterator[Finding]:
    try:
        source = project_file(root)
        bound = {} if source is None else read_channels(source)
    except WakeupError as error:
        yield from (Finding(Say("channels"), _told(each)) for each in error.diagnostics)
        return
    if source is None:
        yield Finding(Say("channels"), Say("there is no {file} in this folder or above", file=PROJECT_FILE))
    elif not bound:
        yield Finding(Say("channels"), Say("{file} gives no channel an adapter", file=PROJECT_FILE))
    for name, each in bound.items():
        yield _channel(root, name, each)


def _channel(root: Path, name: str, bound: Bound) -> Finding:
    what = Say("channel {name} by {adapter}", name=name, adapter=bound.adapter.name)
    try:
        with opened({name: bound}, root, WallClock()) as adapters:
            wrong = told(adapters[name].check())
    except WakeupError as error:
        return Finding(what, _told(error.diagnostics[0]))
    return Finding(what, wrong or None)


def _store(address: str, key: str | None) -> Iterator[Finding]:
    what = Say("store")
    try:
        with closing(open_store(address, key, make=False)) as store:
            wrong = store.check()
            yield from (Finding(what, _told(each)) for each in wrong)
            if not wrong:
                yield Finding(Say("store {address}: sound, and its audit log unbroken", address=store.address))
            yield from _campaigns(store)
    except WakeupError as error:
        yield from (Finding(what, _told(each)) for each in error.diagnostics)
        return
    if "://" not in address:
        free = shutil.disk_usage(Path(address).resolve().parent).free
        told = Say("disk: {free} GB free", free=f"{free / 1e9:.1f}")
        yield Finding(told, None if free >= LEAST_ROOM else Say("a run needs about {need} GB", need="1"))


def _campaigns(store: Store) -> Iterator[Finding]:
    now = WallClock().now()
    with store.read() as reader:
        for name in reader.campaigns():
            people = sum(reader.count(name).values())
            told = Say("campaign {name}: {people}, {switch}", name=name, people=Count(people, "customer"),
                       switch=SWITCHED[reader.switch(name)])  # fmt: skip
            yield Finding(told)
        waiting = reader.inbox_length()
        oldest = reader.inbox_oldest()
        late = 0 if oldest is None else max(0, now - oldest)
        told = Say("answers that no executor has taken yet: {number}", number=waiting)
        yield Finding(told, Say("the oldest waits for {minutes} minutes: is `wakeup run` running?",
                                minutes=late // 60) if late > 600 else None)  # fmt: skip


def _told(each: Diagnostic) -> str:
    said = in_language(each, language())
    return f"{said.code}: {said.message}" + (f"; {said.help}" if said.help else "")
