"""What `wakeup.toml` says of channels, and open adapters for those that a plan uses."""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from wakeup.channels.protocol import Adapter, Setup
from wakeup.channels.registry import open_channel
from wakeup.channels.settings import Bound, read_channels, resolve, unbound, unset
from wakeup.cli.record import PROJECT_FILE
from wakeup.diagnostics import Say, WakeupError, diagnostic
from wakeup.files import read
from wakeup.live.clock import Clock
from wakeup.live.requests import Carried
from wakeup.plan.model import Plan
from wakeup.source import Source


def bound_channels(root: Path, plan: Plan, earlier: Sequence[Plan] = ()) -> Mapping[str, Bound]:
    """Return how the channels of a plan are carried, and those of its earlier versions: people under way keep theirs.

    Raises:
        WakeupError: what is wrong in `wakeup.toml` (WK7060 to WK7068), a channel that has no adapter (WK7061), or
            a message of which its adapter wants to know more (WK7064).
    """
    source = project_file(root)
    bound = {} if source is None else read_channels(source)
    plans = (plan, *earlier)
    channels = list(dict.fromkeys(channel.name for each in plans for channel in each.channels))
    if missing := unbound(channels, bound, PROJECT_FILE):
        raise WakeupError(missing)
    own = {name: bound[name] for name in channels}
    messages = dict.fromkeys((message.channel, message.name) for each in plans for message in each.messages)
    if wrong := unset(messages, own):
        raise WakeupError(wrong)
    return own


def project_file(root: Path) -> Source | None:
    """Return `wakeup.toml`, None if there is none.

    Raises:
        WakeupError: WK1008 it cannot be read, WK7060 it is not UTF-8.
    """
    file = root / PROJECT_FILE
    if not file.is_file():
        return None
    try:
        return Source(PROJECT_FILE, read(file).decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise WakeupError([diagnostic("WK7060", file=PROJECT_FILE, problem=Say("it is not UTF-8"))]) from None


SORTS: Final[Mapping[str, str]] = {"external_userid": "wecom", "token": "push"}
"""Kinds of address of adapters that customer tables know by another name."""


@contextmanager
def opened(bound: Mapping[str, Bound], root: Path, clock: Clock) -> Iterator[Mapping[str, Adapter]]:
    """Open the adapters, and close them at the end.

    Raises:
        WakeupError: WK7067 a reference leads nowhere, WK7069 a setting cannot be.
    """
    with ExitStack() as stack:
        adapters = {}
        for name, each in bound.items():
            setup = Setup(name, resolve(each, root, os.environ), clock.fraction, str(root))
            adapter = open_channel(each.adapter, setup)
            stack.callback(adapter.close)
            adapters[name] = adapter
        yield adapters


def carried(bound: Mapping[str, Bound], adapters: Mapping[str, Adapter]) -> Mapping[str, Carried]:
    """Return what a renderer has to know of each channel."""
    return {
        name: Carried(each.address or _sort(adapters[name].capabilities.address), each.messages)
        for name, each in bound.items()
    }


def _sort(kind: str) -> str:
    return SORTS.get(kind, kind)
