"""A process of its own that works on a store until somebody kills it: `python writer.py KIND ADDRESS KEY [NAME]`.

count: raises the shared number by one per transaction and writes as many rows, a person and a send beside; prints each
number once its commit is back. raise: raises it as often as NAME says, once it is told to go. decide: asks for the
right to decide, prints what it is told, waits. hold: begins a transaction, writes, prints, waits.
"""

import sys
import time

from tests.live.store.places import CAMPAIGN, outgoing, person

from wakeup.diagnostics import WakeupError
from wakeup.live.rows import Entry
from wakeup.live.store import open_store
from wakeup.live.store.protocol import Store, Switch
from wakeup.terms.lists import Row


def count(store: Store) -> None:
    while True:
        with store.work(CAMPAIGN) as work:
            number = int(work.shared(CAMPAIGN) or 0) + 1
            work.enrol([person(number)])
            work.decide(outgoing(number, payload=b"x" * (number * 37 % 3000)))
            work.write([Entry(CAMPAIGN, number, number, Row.ENTERED)])
            work.note(number, "writer", "counted")
            work.keep_shared(CAMPAIGN, str(number))
        print(number, flush=True)


def raise_it(store: Store, times: int) -> None:
    print("ready", flush=True)
    sys.stdin.readline()
    for _ in range(times):
        with store.work(CAMPAIGN) as work:
            number = int(work.shared(CAMPAIGN) or 0)
            work.keep_shared(CAMPAIGN, str(number + 1))


def decide(store: Store) -> None:
    try:
        with store.work() as work:
            print(work.lease_of("writer", 0, 60), flush=True)
    except WakeupError as error:
        print(error.diagnostics[0].code, error.diagnostics[0].message, flush=True)
    # Whoever does not decide may still look, take answers in and pause.
    with store.read() as reader:
        reader.count(CAMPAIGN)
    with store.work() as work:
        work.order(CAMPAIGN, Switch.PAUSED, 1, "writer")
    print("paused", flush=True)
    time.sleep(60)


def hold(store: Store) -> None:
    with store.work(CAMPAIGN) as work:
        work.enrol([person(77)])
        print("inside", flush=True)
        time.sleep(60)


def main() -> None:
    kind, address, key, *more = sys.argv[1:]
    store = open_store(address, key or None)
    if kind == "raise":
        raise_it(store, int(more[0]))
    else:
        {"count": count, "decide": decide, "hold": hold}[kind](store)


if __name__ == "__main__":
    main()
