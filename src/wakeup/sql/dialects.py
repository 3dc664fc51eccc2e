"""The databases that a query is written for."""

from enum import StrEnum


class Dialect(StrEnum):
    """A database, by the name that sqlglot gives its dialect."""

    DUCKDB = "duckdb"
    POSTGRES = "postgres"

    @property
    def written_name(self) -> str:
        """Its name as people write it."""
        return "DuckDB" if self is Dialect.DUCKDB else "PostgreSQL"
