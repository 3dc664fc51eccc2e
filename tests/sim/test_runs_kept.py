"""Finished replications are kept: a run that was cut short goes on to the same bits, and no run takes another's."""

import errno
import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from attrs import evolve, fields
from tests.sim.runs import CAMPAIGN, PEOPLE, SCENARIOS, Interrupting, bits, run

from wakeup.behaviour import DefaultBehaviour
from wakeup.customers import synthetic
from wakeup.diagnostics import WakeupError
from wakeup.figures.totals import Totals
from wakeup.sim.jobs import Done, Job, Setting, tally
from wakeup.sim.kept import Kept, run_id
from wakeup.sim.replications import Interrupted
from wakeup.sim.task import Played

SETTING = Setting(CAMPAIGN, PEOPLE, DefaultBehaviour(), 1, "reference")


def kept_after(folder: Path, accident: Path, **options: Any) -> Interrupted:
    """Interrupt a run at its third replication and return what it told."""
    with Kept(folder) as kept, pytest.raises(Interrupted) as caught:
        run(kept=kept, behaviour=Interrupting(accident), **options)
    return caught.value


def test_an_interrupt_gives_the_figures_of_the_first_replications(tmp_path: Path) -> None:
    with pytest.raises(Interrupted) as caught:
        run(replications=5, behaviour=Interrupting(tmp_path), scenarios=["storm"])
    partial = caught.value.result
    assert (partial.partial, partial.replications, partial.stopped.because) == (True, 2, "interrupted")
    assert (partial.stopped.most, partial.stopped.scenarios) == (5, {"storm": 0})
    assert partial.scenarios == {}
    assert partial.figures == run(replications=2, behaviour=Interrupting(tmp_path)).figures


def test_an_interrupt_in_a_scenario_tells_how_many_it_has(tmp_path: Path) -> None:
    class Late(Interrupting):
        def model(self, plan: Any, population: Any, seed: int, replication: int, scenario: Any) -> Any:
            if scenario is None:
                return DefaultBehaviour().model(plan, population, seed, replication, scenario)
            return super().model(plan, population, seed, replication, scenario)

    with pytest.raises(Interrupted) as caught:
        run(behaviour=Late(tmp_path), scenarios=["storm", "outage"])
    partial = caught.value.result
    assert (partial.replications, partial.stopped.scenarios) == (4, {"storm": 2, "outage": 0})
    assert list(partial.scenarios) == ["storm"]


def test_an_interrupt_before_the_first_replication_is_a_plain_one(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt) as caught:
        run(behaviour=Interrupting(tmp_path, 1))
    assert not isinstance(caught.value, Interrupted)


def test_a_run_goes_on_to_the_same_bits(tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    kept_after(folder, tmp_path, scenarios=["outage"])
    assert sorted(each.name for each in folder.iterdir()) == ["0-000001.npz", "0-000002.npz", "run.json"]
    seen: list[tuple[int, int]] = []
    behaviour = Interrupting(tmp_path)
    with Kept(folder) as kept:
        progress = {"progress": lambda *step: seen.append(step)}
        found = run(kept=kept, behaviour=behaviour, scenarios=["outage"], **progress)
        kept.discard()
    assert seen == [(number, 8) for number in range(2, 9)]
    assert found.timing.kept == 2
    assert bits(found) == bits(run(behaviour=behaviour, scenarios=["outage"]))
    assert not folder.exists(), "a complete run leaves nothing"


def test_a_later_run_may_want_more_or_fewer_replications_and_other_workers(tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    with Kept(folder) as kept:
        run(kept=kept, replications=3)
    for replications in (2, 5):
        with Kept(folder) as kept:
            found = run(kept=kept, replications=replications, workers=2)
        assert bits(found) == bits(run(replications=replications))


def test_scenarios_are_kept_apart(tmp_path: Path) -> None:
    with Kept(tmp_path / "kept") as kept:
        run(kept=kept, scenarios=["storm"], replications=2)
        found = run(kept=kept, scenarios=["outage"], replications=2)
    assert found.timing.kept == 2
    assert bits(found) == bits(run(scenarios=["outage"], replications=2))


@pytest.mark.parametrize(
    "other",
    [
        {"seed": 2},
        {"engine": "array"},
        {"behaviour": Interrupting(Path("elsewhere"))},
        {"plan": evolve(CAMPAIGN, holdout="0.3")},
        {"population": synthetic(20, seed=4, as_of=PEOPLE.as_of)},
    ],
    ids=lambda each: next(iter(each)),
)
def test_another_run_is_refused(tmp_path: Path, other: dict[str, Any]) -> None:
    assert run_id(evolve(SETTING, **other)) != run_id(SETTING)
    with Kept(tmp_path / "kept") as kept:
        kept.bind(SETTING)
        kept.keep(Job(1), tally(SETTING, Job(1)))
    with Kept(tmp_path / "kept") as kept:
        kept.bind(SETTING)
    with Kept(tmp_path / "kept") as kept, pytest.raises(WakeupError, match="WK5116"):
        kept.bind(evolve(SETTING, **other))
    with Kept(tmp_path / "kept", anew=True) as kept:
        kept.bind(evolve(SETTING, **other))
        assert kept.done(Job(1)) is None


def test_another_version_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Kept(tmp_path / "kept") as kept:
        kept.bind(SETTING)
        kept.keep(Job(1), tally(SETTING, Job(1)))
    monkeypatch.setattr("wakeup.sim.kept.VERSION", "0.0.9")
    with Kept(tmp_path / "kept") as kept, pytest.raises(WakeupError, match="WK5116"):
        kept.bind(SETTING)


def test_what_is_kept_comes_back_whole(tmp_path: Path) -> None:
    done = Done(tally(SETTING, Job(2, SCENARIOS[0])).totals, Played(1_234, "budget promotion"))
    with Kept(tmp_path / "kept") as kept:
        kept.bind(SETTING)
        kept.keep(Job(2, SCENARIOS[0]), done)
        found = kept.done(Job(2, SCENARIOS[0]))
        assert kept.done(Job(2)) is None
        assert kept.done(Job(2, SCENARIOS[1])) is None
    assert found is not None
    assert found.played == done.played
    for name in (each.name for each in fields(Totals)):
        one, two = getattr(done.totals, name), getattr(found.totals, name)
        if isinstance(one, np.ndarray):
            assert (one.dtype, one.shape) == (two.dtype, two.shape), name
            assert (one == two).all(), name
        else:
            assert one == two, name


def test_a_damaged_file_is_played_again(tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    with Kept(folder) as kept:
        run(kept=kept, replications=3)
    (folder / "0-000001.npz").write_bytes((folder / "0-000001.npz").read_bytes()[:-20])
    (folder / "0-000002.npz").write_bytes(b"")
    with Kept(folder) as kept:
        found = run(kept=kept, replications=3)
    assert found.timing.kept == 1
    assert bits(found) == bits(run(replications=3))


def test_one_run_at_a_time(tmp_path: Path) -> None:
    with Kept(tmp_path / "kept"), pytest.raises(WakeupError, match="WK5118"), Kept(tmp_path / "kept"):
        pass
    assert not (tmp_path / "kept").exists(), "nothing was kept"
    with Kept(tmp_path / "kept"):
        pass


def test_a_folder_of_other_things_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(WakeupError, match="WK5115"), Kept(tmp_path):
        pass
    assert [each.name for each in tmp_path.iterdir()] == ["notes.txt"]
    with pytest.raises(WakeupError, match="WK5115"), Kept(tmp_path / "notes.txt"):
        pass


def test_what_a_killed_run_left_goes_with_the_rest(tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    folder.mkdir()
    (folder / ".0-000001.npz.x1.part").write_bytes(b"half")
    (folder / "lock").touch()
    with Kept(folder) as kept:
        run(kept=kept, replications=1)
        kept.discard()
    assert not folder.exists()


def test_a_full_disk_stops_the_keeping_not_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, "full")

    with Kept(tmp_path / "kept") as kept:
        monkeypatch.setattr(np, "savez_compressed", full)
        found = run(kept=kept)
    assert bits(found) == bits(run())
    assert kept.trouble is not None
    assert (kept.trouble.code, kept.trouble.severity.value) == ("WK5117", "warning")
    assert "no space left" in kept.trouble.message
    assert not (tmp_path / "kept").exists(), "nothing half done is left"


def test_the_folder_says_which_run_it_is_of(tmp_path: Path) -> None:
    with Kept(tmp_path / "kept") as kept:
        run(kept=kept, replications=1)
    tree = json.loads((tmp_path / "kept" / "run.json").read_bytes())
    assert tree["run"] == run_id(SETTING)
    assert tree["format_version"] == 1


def test_from_python(tmp_path: Path) -> None:
    import wakeup

    folder = tmp_path / "kept"
    options: dict[str, Any] = {"engine": "reference", "replications": 3, "behaviour": Interrupting(tmp_path)}
    with pytest.raises(wakeup.Interrupted) as caught:
        wakeup.simulate(CAMPAIGN, PEOPLE, resume=folder, **options)
    assert isinstance(caught.value.result, wakeup.Forecast)
    assert caught.value.result.partial
    assert folder.exists()
    found = wakeup.simulate(CAMPAIGN, PEOPLE, resume=folder, **options)
    assert found.timing.kept == 2
    assert bits(found) == bits(wakeup.simulate(CAMPAIGN, PEOPLE, **options))
    assert not os.path.lexists(folder)
