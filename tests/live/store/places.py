"""What the tests of the store share: where stores are made, and the rows that go in."""

from pathlib import Path
from typing import Any, Protocol

from attrs import evolve, frozen

from wakeup.live.keys import ref_of
from wakeup.live.rows import Enrolment, Outgoing
from wakeup.live.seal import make_key_file
from wakeup.live.store import open_store
from wakeup.live.store.protocol import Store

CAMPAIGN = "autumn"
HIGH = 2**64 - 1


class Place(Protocol):
    """A place for one store: an address and a key, the same for every process."""

    address: str
    key: str | None

    def open(self, **more: Any) -> Store: ...

    def empty(self) -> None: ...


@frozen
class FilePlace:
    folder: Path
    key: None = None

    @property
    def address(self) -> str:
        return str(self.folder / "shop.db")

    def open(self, **more: Any) -> Store:
        return open_store(self.address, self.key, **more)

    def empty(self) -> None:
        for each in self.folder.glob("shop.db*"):
            each.unlink()


@frozen
class ServerPlace:
    socket: str
    database: str
    folder: Path

    @property
    def address(self) -> str:
        return f"postgresql://tester@/{self.database}?host={self.socket}"

    @property
    def key(self) -> str:
        path = self.folder / "server.key"
        if not path.exists():
            make_key_file(path)
        return f"file:{path}"

    def open(self, **more: Any) -> Store:
        return open_store(self.address, self.key, **more)

    def empty(self) -> None:
        import psycopg

        with psycopg.connect(self.address, autocommit=True) as connection:
            connection.execute("SET client_min_messages TO warning")
            connection.execute("DROP SCHEMA IF EXISTS wakeup CASCADE")


def person(customer: int, **more: Any) -> Enrolment:
    plain = Enrolment(CAMPAIGN, customer, 0, "v1", "short", False, "planned", None, None, '{"a":1}')
    return evolve(plain, **more)


def outgoing(customer: int, nth: int = 0, **more: Any) -> Outgoing:
    ref = ref_of(CAMPAIGN, customer, 0, "short", "s1", nth)
    plain = Outgoing(ref, CAMPAIGN, customer, 0, "short", "s1", nth, "nudge", "sms", -1, 100, 900)
    return evolve(plain, **more)
