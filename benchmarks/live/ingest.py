"""How many events a second the service takes in, in signed bodies, each confirmed only when it is on the disk:
`python -m benchmarks.live.ingest [--events N] [--per-call N] [--store ADDRESS --key REFERENCE]`.

A service in a process of its own, a store with 50,000 people, a few connections that send as fast as they are answered.
"""

import argparse
import asyncio
import base64
import json
import multiprocessing
import socket
import tempfile
import time
from pathlib import Path

import httpx

from wakeup.channels.protocol import Secret
from wakeup.channels.signing import signing_keys
from wakeup.live.rows import Enrolment
from wakeup.live.sealed import sealed_customer
from wakeup.live.store import open_store
from wakeup.live.store.protocol import Store

PEOPLE = 50_000
CONNECTIONS = 4
SECRET = Secret("whsec_" + base64.b64encode(b"b" * 32).decode())


def fill(store: Store) -> None:
    """Enrol people who can be told about."""
    for start in range(0, PEOPLE, 5_000):
        keys = range(start + 1, start + 5_001)
        with store.work() as work:
            work.add_customers([sealed_customer(store.keys, key, f"customer-{key}", {}) for key in keys])
            work.enrol([Enrolment("bench", key, 0, "v1", "short", False, "inside", None, None, "{}") for key in keys])


def listen(address: str, key: str | None, port: int) -> None:
    """Serve until killed."""
    from wakeup.service.serving import serve
    from wakeup.service.settings import Settings

    serve(open_store(address, key), {}, Settings(keys=signing_keys([SECRET]), most_waiting=10**9), port=port)


def bodies(events: int, per_call: int) -> list[bytes]:
    """Return bodies of orders."""
    now = int(time.time())
    made = []
    for start in range(0, events, per_call):
        some = [
            {
                "id": f"order-{number}",
                "kind": "ordered",
                "time": now,
                "customer": f"customer-{number * 7919 % PEOPLE + 1}",
                "amount": "128.50",
            }
            for number in range(start, min(start + per_call, events))
        ]
        made.append(json.dumps({"events": some}).encode())
    return made


async def tell(port: int, calls: list[bytes]) -> list[float]:
    """Send the calls over a few connections; return how long each took, in seconds."""
    keys = signing_keys([SECRET])
    left = iter(enumerate(calls))
    took: list[float] = []

    async def send(client: httpx.AsyncClient) -> None:
        for number, body in left:
            start = time.perf_counter()
            headers = keys.headers(f"call-{number}", int(time.time()), body)
            answer = await client.post("/events", content=body, headers=headers)
            assert answer.status_code == 200, answer.text
            took.append(time.perf_counter() - start)

    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
        await asyncio.gather(*(send(client) for _ in range(CONNECTIONS)))
    return took


def measure(address: str, key: str | None, events: int, per_call: int) -> dict[str, float]:
    """Measure once; events a second, and the time of a call in milliseconds: half of them, all but 1 in 100."""
    store = open_store(address, key)
    fill(store)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = multiprocessing.get_context("spawn").Process(target=listen, args=(address, key, port), daemon=True)
    process.start()
    try:
        while True:
            try:
                httpx.get(f"http://127.0.0.1:{port}/health")
                break
            except httpx.ConnectError:
                time.sleep(0.05)
        calls = bodies(events, per_call)
        start = time.perf_counter()
        took = sorted(asyncio.run(tell(port, calls)))
        seconds = time.perf_counter() - start
    finally:
        process.terminate()
        process.join()
    with store.read() as reader:
        assert reader.inbox_length() == events
    store.close()
    return {
        "events_per_s": round(events / seconds),
        "call_ms_median": round(1000 * took[len(took) // 2], 1),
        "call_ms_99": round(1000 * took[len(took) * 99 // 100], 1),
    }


def main() -> None:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=20_000)
    parser.add_argument("--per-call", type=int, default=100)
    parser.add_argument("--store")
    parser.add_argument("--key")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        address = given.store or str(Path(folder) / "bench.db")
        print(json.dumps(measure(address, given.key, given.events, given.per_call)))


if __name__ == "__main__":
    main()
