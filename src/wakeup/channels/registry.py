"""Which adapters are installed, and how one is opened.

An adapter is found by name in the entry point group `wakeup.channels`, whichever package brings it. The name of a
shipped adapter cannot be taken over by another package.
"""

import re
import sys
from collections.abc import Mapping
from importlib.metadata import Distribution, EntryPoint, distributions
from typing import Final

from attrs import frozen

from wakeup.channels.protocol import ENTRY_POINTS, PROTOCOL_VERSION, Adapter, Opener, Setup
from wakeup.channels.setting import Setting, SettingError
from wakeup.diagnostics import Key, Listed, Say, Text, WakeupError, diagnostic, suggest

OURS: Final = "wakeup"
_EXTRA: Final = re.compile(r"""^\s*([A-Za-z0-9._-]+).*extra\s*==\s*["']([^"']+)["']""")


@frozen
class Installed:
    """An adapter that a package brings: its name, the package, where it stands."""

    name: str
    package: str
    point: EntryPoint
    distribution: Distribution


@frozen
class Loaded:
    """An adapter's opener with the settings that it declares; None where it declares none and takes anything."""

    name: str
    package: str
    opener: Opener
    settings: tuple[Setting, ...] | None
    message_settings: tuple[Setting, ...] | None


def installed() -> Mapping[str, Installed]:
    """Return the installed adapters by name, sorted."""
    found: dict[str, Installed] = {}
    for each in distributions():
        package = each.metadata["Name"]
        for point in each.entry_points.select(group=ENTRY_POINTS):
            if point.name not in found or package == OURS:
                found[point.name] = Installed(point.name, package, point, each)
    return dict(sorted(found.items()))


def load(name: str) -> Loaded:
    """Return the adapter of that name.

    Raises:
        WakeupError: WK7062 there is none, WK7068 it cannot be imported (what to install is told).
    """
    known = installed()
    if name not in known:
        near = suggest(name, known)
        help_text = Say("did you mean {candidates}?", candidates=Listed(near, "or")) if near else None
        raise WakeupError([diagnostic("WK7062", name=name, adapters=Listed(tuple(known), most=30), help=help_text)])
    one = known[name]
    try:
        opener: Opener = one.point.load()
    except (ImportError, AttributeError) as error:
        missing = (error.name if isinstance(error, ModuleNotFoundError) else None) or one.point.value
        package = _what_to_install(one.distribution, missing)
        raise WakeupError([diagnostic("WK7068", name=name, module=missing, package=package)]) from None
    module = sys.modules[one.point.module]
    return Loaded(
        name,
        one.package,
        opener,
        getattr(module, "SETTINGS", None),
        getattr(module, "MESSAGE_SETTINGS", None),
    )


def open_channel(adapter: Loaded, setup: Setup) -> Adapter:
    """Open a channel; no network yet.

    Raises:
        WakeupError: WK7069 a setting is wrong, WK7070 the adapter is written for another version of the protocol.
    """
    try:
        opened = adapter.opener(setup)
    except ValueError as error:
        refused = diagnostic("WK7069", channel=setup.channel, name=adapter.name, problem=_problem(error))
        raise WakeupError([refused]) from None
    theirs = opened.capabilities.protocol
    if theirs != PROTOCOL_VERSION:
        opened.close()
        other = diagnostic("WK7070", name=adapter.name, theirs=theirs, ours=PROTOCOL_VERSION, package=adapter.package)
        raise WakeupError([other])
    return opened


def _problem(error: ValueError) -> Text:
    if isinstance(error, SettingError):
        return Say("`{key}`: {problem}", key=Key(error.name), problem=error.problem)
    return str(error)


def _what_to_install(distribution: Distribution, module: str) -> str:
    """The package with the extra of it that brings a module, as `pip install` takes it."""
    wanted, package = _plain(module.partition(".")[0]), str(distribution.metadata["Name"])
    for requirement in distribution.requires or ():
        found = _EXTRA.match(requirement)
        if found is not None and _plain(found[1]) == wanted:
            return f"{package}[{found[2]}]"
    return package


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
