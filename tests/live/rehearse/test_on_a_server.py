"""The same rehearsals on PostgreSQL: the rules do not know which database keeps their state."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.live.rehearse.playing import told_of
from tests.live.rehearse.test_rehearse import BAD, task_of
from tests.live.store.places import ServerPlace
from tests.sim.comparing import difference, told
from tests.sql.conftest import postgres_socket

from wakeup.live.rehearse.drive import Script, rehearse
from wakeup.live.store.protocol import Store
from wakeup.sim import reference

__all__ = ["postgres_socket"]


@pytest.fixture
def server(postgres_socket: str, tmp_path: Path) -> Iterator[Store]:
    import psycopg

    with psycopg.connect(f"host={postgres_socket} user=tester dbname=postgres", autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS rehearsals")
        connection.execute("CREATE DATABASE rehearsals")
    store = ServerPlace(postgres_socket, "rehearsals", tmp_path).open(durable=False)
    yield store
    store.close()


def test_a_rehearsal_on_a_server_is_the_simulation_too(server: Store) -> None:
    task = task_of("starter/winback.wake", 30)
    found = rehearse(task.plan, task.people, task.behaviour, server, Script(task.seed, task.replication))
    apart = difference(told(task, reference), told_of(task, found))
    assert apart is None, apart.text


def test_limits_hold_on_a_server_with_two_executors_and_faults(server: Store) -> None:
    task = task_of("starter/winback.wake", 60)
    found = rehearse(task.plan, task.people, task.behaviour, server, Script(7, executors=2, faults=BAD))
    assert {each.name: each.broken for each in found.limits if each.broken} == {}
    assert sum(found.sends.values()) > 30
