"""A PostgreSQL server for the kill loops, where the machine has one to start."""

from tests.sql.conftest import postgres_socket  # noqa: F401 (the fixture)
