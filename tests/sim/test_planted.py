"""Faults planted by hand in the array simulator: each one turns the motifs red."""

from functools import cache

import pytest
from tests.sim.comparing import Told, against, told
from tests.sim.faults import FAULTS
from tests.sim.motifs.every import MOTIFS
from tests.sim.planting import Fault, planted

from wakeup.sim import reference

BY_NAME = {each.name: each for each in MOTIFS}
LEAST = 20


@cache
def expected(motif: str, number: int) -> Told:
    """What the reference tells of a trial; it has no faults planted."""
    return told(BY_NAME[motif].drawn(number).task(), reference)


def first_mismatch(fault: Fault) -> str | None:
    """Return the kind of the first mismatch that the fault brings about in the motifs made for it."""
    for motif in fault.shown_by:
        for number in range(BY_NAME[motif].trials):
            told_of_it = expected(motif, number)
            with planted(fault):
                found = against(BY_NAME[motif].drawn(number).task(), told_of_it)
            if found is not None:
                return found.kind
    return None


def test_there_are_enough_faults() -> None:
    assert len({each.name for each in FAULTS}) == len(FAULTS) >= LEAST
    assert all(each.shown_by for each in FAULTS)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda each: each.name)
def test_a_planted_fault_turns_the_motifs_red(fault: Fault) -> None:
    """By a wrong trace: an exception would be found without any comparison."""
    kind = first_mismatch(fault)
    assert kind is not None
    assert kind.removeprefix("in order ") in {"rows", "closing", "twins", "membership", "people"}
