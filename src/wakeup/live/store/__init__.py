"""The store: everything that must survive, in SQLite (one machine) or PostgreSQL (many executors); one schema."""

from wakeup.live.store.opening import open_store

__all__ = ["open_store"]
