"""A service that is killed at any instant: what it confirmed is there, and what is sent again counts once."""

import os
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import httpx
import numpy as np
import pytest
from tests.live.store.places import CAMPAIGN, FilePlace, person
from tests.service.conftest import KEYS, LI, body_of

from wakeup.live.sealed import sealed_customer

ROOT = Path(__file__).parents[2]
CALLS, PER_CALL = 45, 5


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def client(port: int) -> httpx.Client:
    return httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=10, verify=False)  # no certificates to load


def start(place: FilePlace, port: int) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.service.listening", place.address, "", str(port)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])},
    )
    with client(port) as caller:
        while True:
            try:
                caller.get("/health")
                return process
            except httpx.TransportError:
                assert process.poll() is None
                time.sleep(0.02)


def call(number: int) -> bytes:
    now = int(time.time())
    told = [
        {"id": f"{number}-{each}", "kind": "ordered", "time": now, "customer": LI, "amount": 1}
        for each in range(PER_CALL)
    ]
    return body_of(told)


def tell(port: int, numbers: list[int], confirmed: set[int]) -> None:
    with client(port) as caller:
        for number in numbers:
            body = call(number)
            headers = KEYS.headers(f"call-{number}", int(time.time()), body)
            try:
                answer = caller.post("/events", content=body, headers=headers)
            except httpx.TransportError:
                return
            assert answer.status_code == 200
            confirmed.add(number)


def kept(place: FilePlace) -> list[str]:
    store = place.open()
    try:
        assert store.check() == []
        with store.read() as reader:
            return [each.answer.event_id for each in reader.waiting(CAMPAIGN, int(time.time()) + 9, 10_000)]
    finally:
        store.close()


@pytest.mark.parametrize("kills", [3, pytest.param(60, marks=pytest.mark.proof)])
def test_confirmed_is_kept_and_told_again_counts_once(tmp_path: Path, kills: int) -> None:
    place = FilePlace(tmp_path)
    store = place.open()
    with store.work() as work:
        work.add_customers([sealed_customer(store.keys, 7, LI, {})])
        work.enrol([person(7)])
    store.close()
    port = free_port()
    confirmed: set[int] = set()
    for instant in np.random.default_rng(3).uniform(0.02, 0.2, kills):
        process = start(place, port)
        left = [number for number in range(CALLS) if number not in confirmed]
        threads = [threading.Thread(target=tell, args=(port, left[at::3], confirmed)) for at in range(3)]
        for each in threads:
            each.start()
        time.sleep(instant)
        process.kill()
        process.wait()
        for each in threads:
            each.join()
        there = kept(place)
        assert len(there) == len(set(there))
        assert {f"{number}-{each}" for number in confirmed for each in range(PER_CALL)} <= set(there)
        numbers = [event.partition("-")[0] for event in there]
        assert all(numbers.count(each) == PER_CALL for each in set(numbers)), "a call is whole or not there"
    process = start(place, port)
    confirmed.clear()
    tell(port, list(range(CALLS)), confirmed)
    process.terminate()
    process.wait()
    assert len(confirmed) == CALLS
    assert sorted(kept(place)) == sorted(f"{number}-{each}" for number in range(CALLS) for each in range(PER_CALL))
