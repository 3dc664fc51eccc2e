"""Parts of a replication from arrays over everybody."""

import numpy as np
from attrs import evolve
from tests.figures.small import BATCHES, CLOSING, MEMBERS, PEOPLE, PLAN, TWINS, N, part

from wakeup.figures.events import one_part
from wakeup.figures.tally import Tally


def test_a_part_has_those_with_a_journey_and_counts_the_others() -> None:
    found = part()
    assert found.people.tolist() == [0, 1, 2, 3, 4]
    assert found.key.tolist() == [1, 2, 3, 4, 5]
    assert found.ids.tolist() == ["c0", "c1", "c2", "c3", "c4"]
    assert found.membership.journey.tolist() == [0, 0, 0, 1, 0]
    assert found.membership.bands[0].tolist() == [0, 0, 1, -1, 1]
    assert (found.membership.eligible, found.membership.no_journey) == (6, 1)


def test_rows_name_people_by_their_place_in_the_part() -> None:
    # Of people 1 to 4 only: everybody's place is one less.
    late = evolve(MEMBERS, journey=np.array([-1, 0, 0, 1, 0, -1], np.int16))
    batches = [batch for batch in BATCHES if 0 not in batch.who]
    twins = np.array([who for who, _, _ in TWINS if who], np.int32)
    found = one_part(PEOPLE, late, batches, (twins, twins.astype(np.int64), twins.astype(np.int64)))
    assert found.people.tolist() == [1, 2, 3, 4]
    for before, after in zip(batches, found.batches, strict=True):
        assert after.who.tolist() == (before.who - 1).tolist()
        assert after.t is before.t
    assert found.twins[0].tolist() == (twins - 1).tolist()


def test_rows_of_people_without_a_journey_are_left_out() -> None:
    late = evolve(MEMBERS, journey=np.array([-1, 0, 0, 1, 0, -1], np.int16))
    found = one_part(PEOPLE, late, BATCHES, part().twins)
    for before, after in zip(BATCHES, found.batches, strict=True):
        stays = (before.who > 0) & (before.who < 5)
        assert after.who.tolist() == (before.who[stays] - 1).tolist()
        assert after.t.tolist() == before.t[stays].tolist()


def test_sums_ask_for_nobodys_id() -> None:
    class Nobody:
        def __getitem__(self, place: object) -> None:
            raise AssertionError("somebody is named")

    sink = Tally(PLAN)
    for _ in range(2):  # small parts are put together first
        sink.add(evolve(part(), named=[(Nobody(), np.arange(1))]))
    sink.close(CLOSING)
    assert sink.totals().total("people") == 2 * (N - 2)  # one has no journey, one is held out


def test_where_everybody_has_a_journey_nothing_is_copied() -> None:
    members = evolve(MEMBERS, journey=np.zeros(N, np.int16))
    found = one_part(PEOPLE, members, BATCHES, part().twins)
    assert found.people.tolist() == list(range(N))
    assert found.membership is members
    assert list(found.batches) == list(BATCHES)
