"""`python -m tests.live.proof [short]`: the kill loops on both stores, with their counts.

Needs initdb and pg_ctl for PostgreSQL. Exit code 1 if the judge found anything, or nothing where the grace is left out.
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.live.proof.killing import Case, run
from tests.live.proof.places import place
from tests.sql.conftest import postgres_socket

ALIVE = 0.65


def cases(messages: int, kills: int) -> list[Case]:
    """Every policy on both stores; behind each durable change; two executors."""
    pause = 0.01
    both = [
        Case(store, policy, messages, kills, ALIVE, pause, on_doubt, seed=seed)
        for seed, store in enumerate(("sqlite", "postgres"))
        for policy, on_doubt in (("key", "unknown"), ("look-up", "unknown"), ("none", "unknown"), ("none", "resend"))
    ]
    return [
        *both,
        Case("sqlite", "key", messages, kills, ALIVE, pause, by_number=True),
        Case("sqlite", "look-up", messages, kills, ALIVE, pause, by_number=True),
        Case("postgres", "look-up", messages, kills, ALIVE, pause, by_number=True),
        Case("sqlite", "look-up at once", messages, kills, ALIVE, pause, contrast=True),
        Case("postgres", "key", messages, kills, ALIVE, pause, executors=2),
        Case("postgres", "look-up", messages, kills, ALIVE, pause, executors=2),
    ]


def main(short: bool) -> int:
    """Run them one after the other and print a line each."""
    print(f"{'store, provider':<44}{'kills':>6}{'sent':>7}{'never':>7}{'twice':>7}{'unknown':>9}{'seconds':>9}")
    server = postgres_socket.__wrapped__()  # type: ignore[attr-defined]  # a fixture's function
    socket, wrong = next(server), 0
    try:
        for case in cases(*((400, 30) if short else (4_000, 150))):
            with TemporaryDirectory() as folder:
                outcome = run(case, *place(case.store, Path(folder), socket), Path(folder))
            told = outcome.sentence
            print(
                f"{case!s:<44}{outcome.kills:>6}{told.delivered:>7}{told.never:>7}{told.duplicates:>7}"
                f"{told.unknown:>9}{outcome.seconds:>9.1f}",
                flush=True,
            )
            if case.contrast:
                wrong += not told.faults
                continue
            for fault in told.faults:
                print(f"    {fault}")
            wrong += len(told.faults)
    finally:
        server.close()
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main("short" in sys.argv[1:]))
