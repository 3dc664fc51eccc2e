"""A mismatch comes out small: with a fault in the array simulator, what is printed is next to nothing."""

import pytest
from attrs import evolve
from tests.sim.comparing import mismatch
from tests.sim.faults import FAULTS
from tests.sim.motifs.every import MOTIFS
from tests.sim.planting import StaleFaultError, planted
from tests.sim.shrinking import MismatchError, assert_agree, shrink, smaller
from tests.sim.trials import Trial

LATE_NIGHT = next(each for each in FAULTS if each.name == "quiet hours end a second late")
BY_NAME = {each.name: each for each in MOTIFS}


def large() -> Trial:
    """A plan with much in it that has nothing to do with the fault."""
    return BY_NAME["quiet fallback at release"].drawn(0)


def test_without_a_fault_nothing_is_said() -> None:
    assert_agree(large())


def test_a_mismatch_prints_the_smallest_plan_and_customer() -> None:
    trial = large()
    assert (len(trial.people), len(trial.plan.journeys[0].program), len(trial.plan.channels)) == (27, 4, 3)
    with planted(LATE_NIGHT), pytest.raises(MismatchError) as caught:
        assert_agree(trial)
    text = str(caught.value)
    print(text)
    assert text.count("last_order") <= 1
    assert "--- reference" in text
    assert "--- array" in text
    assert "'quiet'" in text
    for gone in ("own.email", "own.push", "hello", "letter", "gift5", "scenarios", "incentives", "Ann"):
        assert gone not in text


def test_nothing_more_can_be_taken_away() -> None:
    with planted(LATE_NIGHT):
        found = mismatch(large())
        assert found is not None
        least = shrink(large(), found)
        assert least.complete
        assert (len(least.trial.people), len(least.trial.plan.journeys[0].program)) == (1, 1)
        for trial in smaller(least.trial):
            try:
                again = mismatch(trial)
            except Exception:  # noqa: BLE001 - the reference cannot play it
                continue
            assert again is None or again.kind != found.kind
    assert mismatch(least.trial) is None


def test_what_an_array_simulator_raises_is_a_mismatch_too() -> None:
    raises = evolve(LATE_NIGHT, new="Reason.QUIET, end + nothing if quiet.delay else None")
    with planted(raises), pytest.raises(MismatchError, match="NameError"):
        assert_agree(large())


def test_a_fault_whose_text_is_gone_is_told() -> None:
    with (
        pytest.raises(StaleFaultError, match="0 times in asking"),
        planted(evolve(LATE_NIGHT, old="there is no such text")),
    ):
        pass
