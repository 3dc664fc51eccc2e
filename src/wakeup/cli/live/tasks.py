"""`wakeup tasks`: the work of callers and shop staff, as lists for who has no software for it."""

import os
from contextlib import closing
from pathlib import Path
from typing import Final

from attrs import frozen

from wakeup.channels.protocol import Setup
from wakeup.channels.queue import Desk, Rules, rules_of
from wakeup.channels.registry import open_channel
from wakeup.channels.settings import read_channels, resolve
from wakeup.cli import exits
from wakeup.cli.live.project import project_file
from wakeup.cli.messages import say, worded
from wakeup.cli.record import PROJECT_FILE, project_root
from wakeup.diagnostics import Count, Listed, Say, WakeupError, diagnostic
from wakeup.files import check_writable, read, write
from wakeup.live.clock import WallClock
from wakeup.live.store.opening import open_store
from wakeup.live.tasks import StoreTasks

ADAPTER: Final = "queue"
HOUR: Final = 3_600
MOST_COUNTED: Final = 10_000


@frozen
class Request:
    """What the user asked for. out: take tasks and write a list; back: take a list back; neither: count them."""

    channel: str
    store: str
    key: str | None
    out: Path | None
    back: Path | None
    most: int
    hours: int
    folder: Path


def run(request: Request) -> int:
    """Take a list back, write one, or say how many tasks can be taken; 1 if rows of a list are not understood.

    Raises:
        WakeupError: what is wrong with the store, the list, `wakeup.toml`; WK7076 the channel is no queue.
    """
    check_writable(request.out, inputs=(request.back,))
    rules = _rules(project_root(request.folder / PROJECT_FILE), request.channel)
    now = WallClock().now()
    with closing(open_store(request.store, request.key, make=False)) as store:
        tasks = StoreTasks(store, request.channel)
        desk = Desk(tasks, request.channel, rules)
        code = exits.FINE
        if request.back is not None:
            count, problems = desk.take_back(read(request.back), str(request.back), now)
            say(problems)
            print(worded(Say("{count} taken back", count=Count(count, "task"))))
            code = exits.WRONG_INPUT if problems else exits.FINE
        if request.out is not None:
            data, count = desk.hand_out(now, request.most, request.hours * HOUR)
            write(request.out, data)
            print(worded(Say("{count} to {file}", count=Count(count, "task"), file=str(request.out))))
        elif request.back is None:
            free = len(tasks.free(now, MOST_COUNTED))
            print(worded(Say("{count} can be taken", count=Count(free, "task"))))
        return code


def _rules(root: Path, channel: str) -> Rules:
    source = project_file(root)
    bound = {} if source is None else read_channels(source)
    queues = [name for name, each in bound.items() if each.adapter.name == ADAPTER]
    if channel not in queues:
        carrier = bound[channel].adapter.name if channel in bound else Say("nobody")
        none = None if queues else Say('write `adapter = "queue"` below a channel')
        wrong = diagnostic("WK7076", help=none, channel=channel, adapter=carrier, channels=Listed(queues))
        raise WakeupError([wrong])
    one = bound[channel]
    settings = resolve(one, root, os.environ)
    open_channel(one.adapter, Setup(channel, settings, WallClock().fraction)).close()
    return rules_of(settings)
