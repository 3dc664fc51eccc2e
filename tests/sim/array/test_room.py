"""More people than fit in memory, where they have to be played in one order."""

import tracemalloc
from pathlib import Path

import pytest
from attrs import evolve
from tests.sim.plans import START, campaign, journey, send
from tests.sim.recorder import Recorder

import wakeup
from wakeup import memory
from wakeup.behaviour import DefaultBehaviour
from wakeup.customers import Shards, pieces, save_shards, synthetic
from wakeup.diagnostics import WakeupError, tell
from wakeup.figures.tally import Tally
from wakeup.plan.model import Plan
from wakeup.sim import array
from wakeup.sim.array import calendar, room
from wakeup.sim.task import Played, Task

W = wakeup.load(Path(__file__).parents[3] / "benchmarks" / "workload_w.wake")
PEOPLE = synthetic(9_000, seed=1, as_of=W.start)
CROWD = synthetic(20_000, seed=1, as_of=W.start)
SCARCE = evolve(W, incentives=tuple(evolve(each, stock=5) if hasattr(each, "stock") else each for each in W.incentives))


def task(plan: Plan, people: object = PEOPLE) -> Task:
    assert isinstance(people, Shards | type(PEOPLE))
    return Task(plan, people, DefaultBehaviour(), 1, 0)


def pretend(monkeypatch: pytest.MonkeyPatch, there: int | None) -> None:
    monkeypatch.setattr(memory, "obtainable", lambda: there)


def test_what_is_told_is_less_than_the_peak_and_no_small_part_of_it() -> None:
    """So nobody is refused who fits, and what is asked for is of use. Of so few people a larger part is on its way at
    once than of many, whose peak is a half more than what is told."""
    some = task(SCARCE, CROWD)
    told = room._bytes_each([some], calendar.held) * len(CROWD)
    given = room._bytes(CROWD, set())
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        calendar.run(some, Tally(some.plan, None))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert 0.4 * (given + peak - before) < told < 0.8 * (given + peak - before)


def test_people_on_disk_count_as_they_will_in_memory(tmp_path: Path) -> None:
    save_shards((some for _, some in pieces(PEOPLE, 2_500)), tmp_path / "people")
    told = [
        room._bytes_each([task(SCARCE, each)], calendar.held) for each in (PEOPLE, Shards.open(tmp_path / "people"))
    ]
    assert told[1] == pytest.approx(told[0], rel=0.05)


def test_who_does_not_fit_is_told_before_anything_is_played_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calendar, "run", lambda *_, **__: pytest.fail("it is played"))
    pretend(monkeypatch, 3_000_000)
    with pytest.raises(WakeupError) as refused:
        array.run(task(SCARCE), Recorder())
    (told,) = refused.value.diagnostics
    assert told.code == "WK5142"
    assert "all 9,000 customers have to be in memory at once" in told.message
    assert "(the stock of `" in told.message
    assert told.message.endswith("and there are 0.0 GB")
    fitting = 3_000_000 // (2 * room._bytes_each([task(SCARCE)], calendar.held))
    assert f"some {fitting // 100 * 100:,} customers" in str(told.help)


def test_who_fits_is_played_and_so_is_everybody_where_nobody_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    need = room._bytes_each([task(SCARCE)], calendar.held) * len(PEOPLE)
    for there in (None, need, 10**12):
        pretend(monkeypatch, there)
        assert array.run(task(SCARCE), Recorder()).ordered_from is not None
    pretend(monkeypatch, need - 1)
    with pytest.raises(WakeupError, match="WK5142"):
        array.run(task(SCARCE), Recorder())


def test_few_people_fit_anywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    pretend(monkeypatch, 1_000)
    few = synthetic(200, seed=1, as_of=W.start)
    assert array.run(task(SCARCE, few), Recorder()).ordered_from is not None


def test_who_lives_alone_needs_no_room(monkeypatch: pytest.MonkeyPatch) -> None:
    pretend(monkeypatch, 1_000)
    plan = campaign(journey(send()))
    people = synthetic(9_000, seed=1, as_of=START)
    assert array.run(Task(plan, people, DefaultBehaviour(), 1, 0), Recorder()) == Played()


def test_several_campaigns_need_room_too(monkeypatch: pytest.MonkeyPatch) -> None:
    tasks = [task(W), task(evolve(W, name="again"))]
    pretend(monkeypatch, 3_000_000)
    with pytest.raises(WakeupError, match=r"WK5142.*several campaigns run together"):
        array.together(tasks, [Recorder(), Recorder()])
    alone = room._bytes_each(tasks[:1], calendar.held) * len(PEOPLE)
    pretend(monkeypatch, 3 * alone)
    assert array.together(tasks, [Recorder(), Recorder()]).because == "several campaigns"


@pytest.mark.parametrize(
    "because",
    [
        "staff", "promotion", "guard", "waiting", "budget", "several campaigns", "stock of x", "codes of x",
        "places of x", "prizes of x", "budget line x", "rate of x", "staff x",
    ],
)  # fmt: skip
def test_whatever_makes_an_order_necessary_can_be_told(because: str) -> None:
    told = room._told(because)
    assert ("x" in tell(told, "zh")) == because.endswith("x")
    assert tell(told, "en") != tell(told, "zh")
