"""Every test of the store runs on both databases; the server is started for the tests, or they skip loudly."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.live.store.places import FilePlace, Place, ServerPlace
from tests.sql.conftest import postgres_socket  # noqa: F401 - the fixture

from wakeup.live.store.protocol import Store


@pytest.fixture(scope="session")
def server(postgres_socket: str) -> str:  # noqa: F811 - the fixture
    import psycopg

    with psycopg.connect(f"host={postgres_socket} user=tester dbname=postgres", autocommit=True) as connection:
        connection.execute("CREATE DATABASE live_store")
    return postgres_socket


@pytest.fixture(params=["sqlite", "postgres"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    if request.param == "sqlite":
        return FilePlace(tmp_path)
    found = ServerPlace(request.getfixturevalue("server"), "live_store", tmp_path)
    found.empty()
    return found


@pytest.fixture
def store(place: Place) -> Iterator[Store]:
    opened = place.open()
    yield opened
    opened.close()
