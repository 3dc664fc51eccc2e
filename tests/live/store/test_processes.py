"""Several processes on one store, and processes that die: SIGKILL at any instant, with the rest still there."""

import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from tests.live.store.places import CAMPAIGN, FilePlace, Place, ServerPlace, outgoing, person

from wakeup.channels.protocol import Answer, AnswerKind
from wakeup.diagnostics import WakeupError
from wakeup.live.store import postgres, sqlite
from wakeup.live.store.protocol import Store, Switch

ROOT = Path(__file__).parents[3]
KILLS = 6


def start(kind: str, place: Place, *more: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.live.store.writer", kind, place.address, place.key or "", *more],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])},
    )


def line_of(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def end(process: subprocess.Popen[str]) -> list[str]:
    """Kill it; return what it said since the last line that was read (`communicate` would miss what is read ahead)."""
    process.kill()
    assert process.stdout is not None
    assert process.stdin is not None
    said = process.stdout.read().split()
    process.wait()
    process.stdout.close()
    process.stdin.close()
    return said


def test_two_processes_never_decide_on_the_same_state(place: Place) -> None:
    place.open().close()
    both = [start("raise", place, "60") for _ in range(2)]
    for each in both:
        assert line_of(each) == "ready"
    for each in both:
        assert each.stdin is not None
        each.stdin.write("go\n")
        each.stdin.flush()
    for each in both:
        each.communicate(timeout=60)
        assert each.returncode == 0
    store = place.open()
    with store.read() as reader:
        assert reader.shared(CAMPAIGN) == "120"
    store.close()


def assert_whole(store: Store, told: int) -> None:
    """All that was said to be durable is there, at most one transaction more, and each whole."""
    with store.read() as reader:
        number = int(reader.shared(CAMPAIGN) or 0)
        assert told <= number <= told + 1
        people = reader.people(CAMPAIGN, limit=100_000)
        assert [each.customer for each in people] == list(range(1, number + 1))
        assert [each.t for _, each in reader.entries(CAMPAIGN, limit=100_000)] == list(range(1, number + 1))
        for each in range(max(1, number - 50), number + 1):
            found = reader.outgoing(outgoing(each).ref)
            assert found is not None
            assert found.payload == b"x" * (each * 37 % 3000)
    assert store.check() == []


@pytest.mark.parametrize("kills", [KILLS, pytest.param(100, marks=pytest.mark.proof)])
def test_killed_at_any_instant_it_goes_on_where_it_was(place: Place, kills: int) -> None:
    place.open().close()
    instants = np.random.default_rng(7).uniform(0.0, 0.1, kills)
    told = 0
    for instant in instants:
        process = start("count", place)
        first = line_of(process)  # it runs; the interpreter's own start is no part of the test
        time.sleep(instant)
        said = [first, *end(process)]
        told = max(told, int(said[-1]))
        store = place.open()
        assert_whole(store, told)
        store.close()
    assert told >= kills


def test_killed_inside_a_transaction_nothing_of_it_is_left(place: Place) -> None:
    place.open().close()
    process = start("hold", place)
    assert line_of(process) == "inside"
    end(process)
    store = place.open()
    with store.work(CAMPAIGN) as work:  # nobody holds the right any more
        assert work.people(CAMPAIGN) == []
    store.close()


def test_on_a_file_one_process_decides_and_others_do_the_rest(tmp_path: Path) -> None:
    place = FilePlace(tmp_path)
    store = place.open()
    with store.work() as work:
        work.enrol([person(1)])
    first = start("decide", place)
    assert int(line_of(first)) > 0
    with pytest.raises(WakeupError) as told, store.work() as work:
        work.lease_of("me", 0, 60)
    assert told.value.diagnostics[0].code == "WK7022"
    assert str(first.pid) in told.value.diagnostics[0].message
    assert line_of(first) == "paused"
    with store.work() as work:
        work.receive([(Answer("shop", "e", AnswerKind.ORDERED, 1, campaign=CAMPAIGN), 1)])
        assert work.switch(CAMPAIGN) is Switch.PAUSED
    end(first)
    with store.work() as work:  # the right died with it
        mine = work.lease_of("me", 0, 60)
    second = start("decide", place)
    assert line_of(second) == f"WK7022 process {os.getpid()} runs the campaigns of {place.address} already"
    assert line_of(second) == "paused"
    end(second)
    store.close()
    third = start("decide", place)
    assert int(line_of(third)) > mine
    end(third)


def test_on_a_server_both_decide_in_turn(server: str, tmp_path: Path) -> None:
    place = ServerPlace(server, "live_store", tmp_path)
    place.empty()
    store = place.open()
    with store.work() as work:
        work.enrol([person(1)])
        mine = work.lease_of("me", 0, 60)
    other = start("decide", place)
    assert int(line_of(other)) > mine
    assert line_of(other) == "paused"
    end(other)
    store.close()


def test_a_writer_that_takes_too_long_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "PATIENCE", 0)
    place = FilePlace(tmp_path)
    one, two = place.open(), place.open()
    with one.work(), pytest.raises(WakeupError) as told, two.work():
        pass
    assert told.value.diagnostics[0].code == "WK7023"
    with two.work() as work:  # and later it works
        work.enrol([person(1)])
    one.close()
    two.close()


def test_on_a_server_the_right_is_not_waited_for_without_end(
    server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "PATIENCE", 0.05)
    place = ServerPlace(server, "live_store", tmp_path)
    place.empty()
    one, two = place.open(), place.open()
    with one.work(CAMPAIGN), pytest.raises(WakeupError) as told, two.work(CAMPAIGN):
        pass
    assert told.value.diagnostics[0].code == "WK7023"
    with one.work(CAMPAIGN), two.work("other") as work:  # another campaign is another right
        work.keep_shared("other", "x")
    one.close()
    two.close()


def test_a_server_that_was_away_is_found_again(server: str, tmp_path: Path) -> None:
    import psycopg

    place = ServerPlace(server, "live_store", tmp_path)
    place.empty()
    store = place.open()
    with store.read(), store.read(), store.work() as work:  # three connections
        work.enrol([person(1)])
    with psycopg.connect(place.address, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
    with pytest.raises(WakeupError) as told, store.work() as work:
        work.enrol([person(2)])
    assert told.value.diagnostics[0].code == "WK7030"
    with store.work() as work:
        assert work.people(CAMPAIGN) == [person(1)]
    with store.read() as reader:
        assert reader.people(CAMPAIGN) == [person(1)]
    store.close()
