"""People on disk: each worker reads the files itself, nothing of them is shipped, and the bits are the same."""

import copy
import pickle
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from pathlib import Path

import numpy as np
import pytest
from attrs import evolve
from tests.sim.runs import CAMPAIGN, PEOPLE, bits, run
from tests.sim.test_runs_executors import Elsewhere

from wakeup.behaviour import DefaultBehaviour
from wakeup.customers import Field, Shards, pieces, save_shards, synthetic
from wakeup.diagnostics import WakeupError
from wakeup.plan.predicates import Compare
from wakeup.sim.jobs import Setting
from wakeup.sim.kept import Kept, run_id
from wakeup.sim.needs import require


@pytest.fixture
def shards(tmp_path: Path) -> Shards:
    save_shards((people for _, people in pieces(PEOPLE, 7)), tmp_path / "people")
    return Shards.open(tmp_path / "people")


def setting(people: Shards) -> Setting:
    return Setting(CAMPAIGN, people, DefaultBehaviour(), 1, "reference")


def test_the_bits_are_those_of_the_same_people_in_memory(shards: Shards) -> None:
    alone = bits(run(replications=2))
    assert bits(run(people=shards, replications=2)) == alone
    assert bits(run(people=shards, replications=2, workers=2)) == alone
    with ThreadPoolExecutor(2) as executor:
        assert bits(run(people=shards, replications=2, executor=executor)) == alone
    assert bits(run(people=shards, replications=2, executor=Elsewhere(2))) == alone


def test_only_the_place_is_shipped(shards: Shards) -> None:
    many = setting(shards)
    assert len(many.people) == 20
    small = len(pickle.dumps(many))
    assert small < len(pickle.dumps(evolve(many, population=synthetic(2_000, seed=1, as_of=CAMPAIGN.start)))) / 5
    there = copy.copy(many)  # by what pickle takes, too
    assert isinstance(there.population, Shards)
    assert (there.people.key == PEOPLE.key).all()


def test_a_field_that_is_blank_for_everybody_is_told_of_people_on_disk_too(tmp_path: Path) -> None:
    plan = evolve(CAMPAIGN, audience=Compare("shoe_size", "==", "dry", "text"))
    for values, fails in ((-1, True), (0, False)):
        column = np.full(len(PEOPLE), -1, np.int32)
        column[-1] = values
        people = evolve(PEOPLE, fields={"shoe_size": Field("text", column, ("dry",))})
        save_shards((part for _, part in pieces(people, 7)), tmp_path / f"people{values}")
        with pytest.raises(WakeupError, match="WK5103") if fails else nullcontext():
            require(plan, Shards.open(tmp_path / f"people{values}"))


def test_the_people_are_read_once(shards: Shards, monkeypatch: pytest.MonkeyPatch) -> None:
    many = setting(shards)
    first = many.people
    monkeypatch.setattr(Shards, "whole", None)
    assert many.people is first


def test_a_run_goes_on_with_the_same_people_wherever_they_are(shards: Shards, tmp_path: Path) -> None:
    assert run_id(setting(shards)) == run_id(evolve(setting(shards), population=PEOPLE))
    with Kept(tmp_path / "kept") as kept:
        run(kept=kept, replications=1)
        assert run(people=shards, kept=kept, replications=1).timing.kept == 1
