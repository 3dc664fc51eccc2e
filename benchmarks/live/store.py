"""What the store alone can do: `python -m benchmarks.live.store [--people N] [--batch N] [--store ADDRESS --key REF]`.

Batches as an executor has them: read who is due, decide and claim a send for each, write a row for each, commit; then
settle them, write again, commit. Both commits are on the disk before the next statement.
"""

import argparse
import json
import tempfile
import time
from pathlib import Path

from wakeup.live.keys import ref_of
from wakeup.live.rows import Enrolment, Entry, Outgoing, SendState
from wakeup.live.store import open_store
from wakeup.live.store.protocol import Store
from wakeup.terms.lists import Row

CAMPAIGN = "bench"
STATE = json.dumps({"attributes": {"last_order": 1_700_000_000, "orders": 7}, "touches": [["sms", "nudge", 1]] * 12})
"""About as long as the state of a person in the middle of a journey."""


def fill(store: Store, people: int) -> None:
    """Enrol people who are due, their keys in no order."""
    keys = [(number * 0x9E3779B97F4A7C15) % 2**64 for number in range(1, people + 1)]
    with store.work() as work:
        work.enrol([Enrolment(CAMPAIGN, key, 0, "v1", "short", False, "planned", 100, None, STATE) for key in keys])


def run(store: Store, batch: int) -> dict[str, float]:
    """Send to everybody who is due; return how many a second, and microseconds a send by what they are for."""
    spent = dict.fromkeys(("read", "decide", "commit", "settle", "commit_again"), 0.0)
    sent = 0
    with store.work() as work:
        epoch = work.lease_of("bench", 0, 60)

    def lap(name: str, since: float) -> float:
        now = time.perf_counter()
        spent[name] += now - since
        return now

    begin = time.perf_counter()
    while True:
        at = time.perf_counter()
        with store.work(CAMPAIGN) as work:
            work.shared(CAMPAIGN)
            people = work.due(CAMPAIGN, "due", 100, batch)
            at = lap("read", at)
            if not people:
                break
            sends = [outgoing(each.customer, epoch) for each in people]
            for each in people:
                each.status, each.due = "sending", None
            work.keep(people)
            work.decide_all(sends)
            work.write([Entry(CAMPAIGN, each.customer, 100, Row.ENTERED) for each in people])
            work.keep_shared(CAMPAIGN, STATE)
            at = lap("decide", at)
        at = lap("commit", at)
        with store.work(CAMPAIGN) as work:
            for send in sends:
                send.state, send.settled, send.payload = SendState.SENT, 101, b""
            assert all(work.settle_all(sends, epoch))
            for each in people:
                each.status, each.due = "inside", 1_000
            work.keep(people)
            work.write([Entry(CAMPAIGN, each.customer, 100, Row.SENT) for each in people])
            work.keep_shared(CAMPAIGN, STATE)
            at = lap("settle", at)
        lap("commit_again", at)
        sent += len(people)
    seconds = time.perf_counter() - begin
    return {"sends_per_s": round(sent / seconds)} | {name: round(1e6 * each / sent, 1) for name, each in spent.items()}


def outgoing(customer: int, epoch: int) -> Outgoing:
    """Return a send that goes out at once."""
    ref = ref_of(CAMPAIGN, customer, 0, "short", "s1", 0)
    send = Outgoing(ref, CAMPAIGN, customer, 0, "short", "s1", 0, "nudge", "sms", -1, 100, 900)
    send.state, send.attempt, send.first_attempt, send.lease, send.epoch = SendState.INFLIGHT, 1, 100, 130, epoch
    send.payload, send.fingerprint = b"x" * 300, "f" * 64
    return send


def main() -> None:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--batch", type=int, default=100)
    parser.add_argument("--store")
    parser.add_argument("--key")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(given.store or str(Path(folder) / "bench.db"), given.key)
        fill(store, given.people)
        print(json.dumps(run(store, given.batch)))
        store.close()


if __name__ == "__main__":
    main()
