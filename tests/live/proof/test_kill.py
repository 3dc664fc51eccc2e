"""Kill loops: an executor process is killed again and again; the provider, another process, keeps the only true log."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from tests.live.proof.__main__ import cases
from tests.live.proof.killing import Case, Outcome, run
from tests.live.proof.places import place

ALIVE = 0.3
SHORT = (
    Case("sqlite", "key", 400, 30, ALIVE, 0.002, seed=1),
    Case("sqlite", "look-up", 400, 30, ALIVE, 0.002, seed=2),
    Case("sqlite", "none", 400, 30, ALIVE, 0.002, seed=3),
    Case("postgres", "key", 400, 30, ALIVE, 0.002, seed=5, executors=2),
)


@pytest.fixture(scope="module")
def outcomes(request: pytest.FixtureRequest) -> Iterator[dict[str, "Future[Outcome]"]]:
    """All short cases at once: most of their time is waiting."""
    try:
        socket = request.getfixturevalue("postgres_socket")
    except pytest.skip.Exception:
        socket = ""
    cases = [each for each in SHORT if socket or each.store == "sqlite"]
    with TemporaryDirectory() as folder, ThreadPoolExecutor(len(cases)) as pool:
        yield {str(each): pool.submit(_run, each, Path(folder), socket) for each in cases}


def _run(case: Case, folder: Path, socket: str) -> Outcome:
    own = folder / str(case).replace(", ", "-").replace(" ", "-")
    own.mkdir()
    return run(case, *place(case.store, own, socket), own)


@pytest.mark.parametrize("case", SHORT, ids=str)
def test_the_log_of_the_provider(case: Case, outcomes: dict[str, "Future[Outcome]"]) -> None:
    if str(case) not in outcomes:
        pytest.skip("NO POSTGRESQL: initdb and pg_ctl are not on the path")
    outcome = outcomes[str(case)].result()
    told = outcome.sentence
    assert not told.faults, f"{case}: {outcome.kills} kills: {told}"
    assert told.decided == case.messages
    assert outcome.kills >= case.kills // 2
    if case.policy != "none":
        assert (told.duplicates, told.never, told.unknown) == (0, 0, 0)
    else:
        assert told.duplicates == 0
        assert told.never <= told.unknown


@pytest.mark.proof
@pytest.mark.timeout(660)
@pytest.mark.parametrize("case", cases(4_000, 150), ids=str)
def test_thousands_of_messages_and_hundreds_of_kills(
    case: Case, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    socket = request.getfixturevalue("postgres_socket") if case.store == "postgres" else ""
    outcome = run(case, *place(case.store, tmp_path, socket), tmp_path)
    assert bool(outcome.sentence.faults) is case.contrast, f"{outcome.kills} kills: {outcome.sentence}"
