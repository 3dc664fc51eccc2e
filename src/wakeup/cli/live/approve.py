"""Approval: the screen before the first send, and the short id that somebody types under it."""

import json
import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from wakeup.channels.settings import Bound
from wakeup.cli.messages import language, worded
from wakeup.cli.record import project_root
from wakeup.customers import Population, data_id
from wakeup.diagnostics import RefusedError, Say, diagnostic
from wakeup.live.core.enrol import Admission
from wakeup.live.core.person import load
from wakeup.live.requests import Carried
from wakeup.plan.diff import changes_text, diff
from wakeup.plan.fingerprint import fingerprints
from wakeup.plan.model import Plan
from wakeup.report.launch import SHORT, Launch, Way, lines

RUNS = Path(".wakeup") / "runs"


def launch_of(
    file: Path,
    plan: Plan,
    admission: Admission,
    people: Population,
    addresses: Mapping[str, Mapping[str, str]],
    bound: Mapping[str, Bound],
    carry: Mapping[str, Carried],
    now: int,
) -> Launch:
    """Gather what the screen says."""
    treated = {int(each.customer) for each in admission.people if not each.held_out}
    counts = {each.name: [0, 0] for each in plan.journeys}
    for each in admission.people:
        counts[each.journey][each.held_out] += 1
    simulated, same = _simulated(file, plan, people)
    return Launch(
        plan=plan,
        version=fingerprints(plan).conduct,
        eligible=admission.eligible,
        no_journey=admission.no_journey,
        journeys=[(name, targeted, held) for name, (targeted, held) in counts.items()],
        ways=[
            Way(each.name, bound[each.name].adapter.name, _reached(each.name, each.channel_kind, admission, people,
                addresses, carry[each.name].address, treated))
            for each in plan.channels
        ],
        simulated=simulated,
        same_people=same,
        late=max(0, now - plan.start),
    )  # fmt: skip


def approve(launch: Launch, given: str | None, *, unsimulated: bool) -> None:
    """Show the screen, and let somebody type the short id, unless it was given.

    Raises:
        RefusedError: WK7140 never simulated, WK7141 another id was typed or given, WK7142 nobody is there to type.
    """
    for line in lines(launch, language()):
        print(line)
    if not launch.simulated and not unsimulated:
        raise RefusedError([diagnostic("WK7140", name=launch.plan.name)])
    _typed(launch.plan, launch.version, given)


def _typed(plan: Plan, version: str, given: str | None) -> None:
    short = version[:SHORT]
    if given is None:
        if not sys.stdin.isatty():
            raise RefusedError([diagnostic("WK7142", id=short)])
        print(worded(Say("Type {id} to start {name}: ", id=short, name=plan.name)), end="", flush=True)
        given = sys.stdin.readline().strip()
    if given not in (short, version):
        raise RefusedError([diagnostic("WK7141", given=given, id=short)])


def _reached(
    channel: str,
    kind: str,
    admission: Admission,
    people: Population,
    addresses: Mapping[str, Mapping[str, str]],
    sort: str,
    treated: set[int],
) -> int:
    """How many of the targeted have agreed to the channel, and have an address for it."""
    ids = dict(zip(people.key.tolist(), people.ids.tolist(), strict=True))
    found = 0
    for each in admission.people:
        if each.customer not in treated:
            continue
        consents = load(each).about.consents
        agreed = consents.get(channel, consents.get(kind)) == "yes"
        found += agreed and (not sort or bool(addresses.get(str(ids[each.customer]), {}).get(sort)))
    return found


def _simulated(file: Path, plan: Plan, people: Population) -> tuple[str, bool]:
    """When this conduct was simulated last, and whether on these customers; "" for never."""
    found, data = _runs(file, plan), data_id(people)
    last = ""
    for each in found:
        try:
            last = max(last, str(json.loads(each.read_bytes())["time"]))
        except (OSError, ValueError, KeyError, TypeError):
            continue
    told = f"{datetime.fromisoformat(last):%Y-%m-%d %H:%M}" if last else ""
    return told, any(each.stem.endswith(f"-{data}") for each in found)


def _runs(file: Path, plan: Plan) -> list[Path]:
    """The records of simulations of this conduct."""
    return sorted((project_root(file) / RUNS).glob(f"{fingerprints(plan).conduct}-*.json"))


def changed(file: Path, plan: Plan, old: Plan, given: str | None, *, unsimulated: bool) -> None:
    """Show what a new version changes, and let somebody type its short id, unless it was given.

    Raises:
        RefusedError: as `approve`.
    """
    print(changes_text(diff(old, plan, language()), language()), end="")
    if not unsimulated and not _runs(file, plan):
        raise RefusedError([diagnostic("WK7140", name=plan.name)])
    _typed(plan, fingerprints(plan).conduct, given)
