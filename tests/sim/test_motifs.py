"""Every motif: both simulators agree on each of its trials, and together the trials meet what the motif is for.

What was never met was never compared. So everything in `WANTED` is promised by a motif, a motif draws trials until it
has met all that it promises 20 times (in the long form 50), and fails with the names of what is short.
"""

from collections import Counter
from functools import cache

import pytest
from tests.sim.comparing import Told, against, told_by
from tests.sim.encounters import encounters
from tests.sim.motifs.every import MOTIFS, NO_REFUSAL, WANTED
from tests.sim.motifs.holds import DELAYS, ENDS, IMPOSSIBLE
from tests.sim.motifs.motif import Motif
from tests.sim.recorder import Recorder
from tests.sim.shrinking import MismatchError, shrink
from tests.sim.trials import Trial
from tests.sim.watching import watched

from wakeup.figures.events import Closing, Part
from wakeup.sim import array, reference
from wakeup.terms.lists import Reason

ENOUGH = 20
"""How often a motif meets what it promises; the long form asks for `OFTEN`."""
OFTEN = 50
LEAST = 2
"""Trials that a motif draws at least."""
LONG = 60
"""Trials of the long form, others than those of the short one."""


def played(trial: Trial) -> tuple[Told, Counter[str]]:
    """Play a trial on the reference and return what it told and what it met."""
    task, recorder = trial.task(), Recorder()
    with watched() as seen:
        reference.run(task, recorder)
    told = told_by(task, recorder)
    return told, encounters(task, seen, told)


def short(motif: Motif, met: Counter[str], enough: int = ENOUGH) -> dict[str, int]:
    """Return what a motif promises and has not met often enough."""
    return {name: met[name] for name in sorted(motif.meets) if met[name] < enough}


@pytest.mark.parametrize("motif", MOTIFS, ids=lambda each: each.name)
def test_a_motif_meets_what_it_is_for_and_both_simulators_agree(motif: Motif) -> None:
    met: Counter[str] = Counter()
    for number in range(motif.trials):
        if number >= LEAST and not short(motif, met):
            break
        trial = motif.drawn(number)
        told, more = played(trial)
        met += more
        found = against(trial.task(), told)
        if found is not None:
            raise MismatchError(str(shrink(trial, found)))
    assert short(motif, met) == {}


def test_everything_that_can_be_met_is_promised_by_a_motif() -> None:
    promised = frozenset[str]().union(*(each.meets for each in MOTIFS))
    assert WANTED - promised == set()
    assert len({each.name for each in MOTIFS}) == len(MOTIFS)


def test_what_cannot_be_met_says_by_which_rule() -> None:
    assert all(rule.startswith("rule") for rule in IMPOSSIBLE.values())
    assert all(pair[0] in DELAYS and pair[1] in ENDS for pair in IMPOSSIBLE)
    assert all(rule.startswith("rule") for reason, rule in NO_REFUSAL.items() if reason is not Reason.NONE)


@cache
def met_first(name: str) -> Counter[str]:
    """Return what the first trial of a motif meets."""
    (motif,) = (each for each in MOTIFS if each.name == name)
    return played(motif.drawn(0))[1]


@pytest.mark.parametrize(("delay", "ending"), IMPOSSIBLE)
def test_what_the_rules_exclude_is_never_met(delay: str, ending: str) -> None:
    """If it were, it would be no exception and needed a motif."""
    met: Counter[str] = Counter()
    for motif in (each for each in MOTIFS if each.name.startswith((delay.lower(), "chained"))):
        met += met_first(motif.name)
    assert met[f"held {delay}"] > 0
    assert met[f"{delay}: {ending}"] == 0


class Deaf:
    """A sink that keeps nothing."""

    def begin(self) -> None: ...
    def add(self, part: Part) -> None: ...
    def close(self, closing: Closing) -> None: ...


def test_both_ways_of_the_array_simulator_are_compared() -> None:
    """People who can live alone, and people who are played in order because something that they share acts."""
    courses = [array.run(each.drawn(0).task(), Deaf(), chunk=7) for each in MOTIFS[::2]]
    alone = sum(each.ordered_from is None for each in courses)
    assert alone >= 15
    assert len(courses) - alone >= 15


@pytest.mark.proof
@pytest.mark.parametrize("motif", MOTIFS, ids=lambda each: each.name)
def test_a_motif_for_long(motif: Motif) -> None:
    met: Counter[str] = Counter()
    for number in range(motif.trials, motif.trials + LONG):
        trial = motif.drawn(number)
        told, more = played(trial)
        met += more
        found = against(trial.task(), told)
        if found is not None:
            raise MismatchError(str(shrink(trial, found)))
    assert short(motif, met, OFTEN) == {}
