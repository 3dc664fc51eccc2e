"""The id of the people hangs on every column, and not on where they are kept or how they are cut."""

from pathlib import Path

import numpy as np
import pytest
from attrs import evolve
from tests.customers.crowd import bare, crowd

from wakeup.customers import Population, Shards, data_id, pieces, save_shards
from wakeup.customers.storage import CORE

PEOPLE = crowd(40)


def altered(people: Population, name: str) -> Population:  # noqa: PLR0911  # a kind of column each
    """Change one value of one column."""

    def changed(column: np.ndarray) -> np.ndarray:
        other = column.copy()
        other[17] = ~other[17] if other.dtype == np.bool_ else other[17] + 1
        return other

    past = people.touches
    assert past is not None
    match name.split(":"):
        case ["key"] | ["zones"]:
            return evolve(people, **{name: changed(getattr(people, name))})
        case ["as_of"]:
            return evolve(people, as_of=people.as_of + 1)
        case ["zone_names"]:
            return evolve(people, zone_names=("Asia/Tokyo", "Europe/Rome"))
        case ["field", field, "labels"]:
            own = people.fields[field]
            return evolve(people, fields={**people.fields, field: evolve(own, labels=own.labels[::-1])})
        case ["field", field]:
            own = people.fields[field]
            return evolve(people, fields={**people.fields, field: evolve(own, values=changed(own.values))})
        case ["touches", "offset"]:
            rows = past.offset.copy()
            place = int(np.flatnonzero(np.diff(rows))[0])
            rows[place + 1] -= 1
            return evolve(people, touches=evolve(past, offset=rows))
        case ["touches", "channels"]:
            return evolve(people, touches=evolve(past, channels=("email", "phone")))
        case ["touches", column]:
            return evolve(people, touches=evolve(past, **{column: changed(getattr(past, column))}))
        case [group, column]:
            columns = getattr(people, group)
            return evolve(people, **{group: {**columns, column: changed(columns[column])}})
        case _:
            return evolve(people, **{name: changed(getattr(people, name))})


@pytest.mark.parametrize(
    "name",
    [
        "key", "as_of", "zones", "zone_names", "consents:sms", "tags:employee", "field:points", "field:skin_type",
        "field:skin_type:labels", "categories:care", "touches:offset", "touches:t", "touches:channel",
        "touches:channels", *(each for each in CORE if each != "gap"),
    ],
)  # fmt: skip
def test_every_column_counts(name: str) -> None:
    people = evolve(PEOPLE, fields={**PEOPLE.fields, "points": evolve(PEOPLE.fields["points"], values=np.arange(40.0))})
    assert data_id(altered(people, name)) != data_id(people)


@pytest.mark.parametrize("parts", [1, 3, 40])
@pytest.mark.parametrize("people", [PEOPLE, bare(40)], ids=["every column", "core columns"])
def test_files_do_not(tmp_path: Path, people: Population, parts: int) -> None:
    save_shards([part for _, part in pieces(people, -(-40 // parts))], tmp_path / "people")
    assert data_id(Shards.open(tmp_path / "people")) == data_id(people)


def test_pieces_do_not(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = data_id(PEOPLE)
    monkeypatch.setitem(data_id.__globals__, "_PIECE", 7)
    assert data_id(PEOPLE) == whole
