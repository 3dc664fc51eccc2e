"""The rungs of a search, its space and its frontier."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from wakeup.sim.tuning.rungs import FACTOR, LEAST, efficient, rungs
from wakeup.sim.tuning.space import Space


@given(st.integers(1, 5_000), st.integers(1, 200))
def test_rungs_lead_from_all_to_the_few_that_are_played_to_the_end(variants: int, replications: int) -> None:
    found = rungs(variants, replications)
    assert found[0].variants == variants
    assert found[-1].replications == replications
    for one, next_one in itertools.pairwise(found):
        assert next_one.variants == -(-one.variants // FACTOR) or next_one.variants < one.variants
        assert one.replications < next_one.replications
        assert one.replications >= LEAST
    # No more than a full search, far fewer where there are many.
    played = sum(
        rung.variants * (rung.replications - (found[n - 1].replications if n else 0)) for n, rung in enumerate(found)
    )
    assert played <= variants * replications
    if variants >= 27 and replications >= 18:
        assert played < variants * replications / 2


def test_sixty_variants_of_twenty_replications() -> None:
    assert [(each.variants, each.replications) for each in rungs(60, 20)] == [(60, 3), (20, 7), (7, 20)]


@given(st.lists(st.tuples(st.integers(-5, 5), st.integers(-5, 5)), min_size=1, max_size=12))
def test_the_frontier_is_what_nothing_beats_in_both(points: list[tuple[int, int]]) -> None:
    floats = [(float(x), float(y)) for x, y in points]
    edge = efficient(floats)
    for n, (x, y) in enumerate(points):
        beaten = any(a >= x and b >= y and (a, b) != (x, y) for a, b in points)
        if n in edge:
            assert not beaten
        elif not beaten:
            assert any(points[m] == (x, y) for m in edge)  # of equals one stands for all


@given(st.lists(st.integers(2, 5), min_size=1, max_size=4))
def test_every_choice_is_numbered_once(sizes: list[int]) -> None:
    space = Space(tuple(sizes))
    found = [space.picks(index) for index in range(len(space))]
    assert len(set(found)) == len(found) == len(space)
    assert found[0] == (0,) * len(sizes)
    assert all(pick < size for picks in found for pick, size in zip(picks, sizes, strict=True))


def test_of_a_great_space_some_are_drawn_the_first_among_them() -> None:
    space = Space((100, 100, 100))
    drawn = space.candidates(500, seed=3)
    assert len(drawn) == len(set(drawn)) == 500
    assert drawn[0] == 0
    assert drawn == space.candidates(500, seed=3) != space.candidates(500, seed=4)
    halves = sum(index < 500_000 for index in drawn)
    assert 180 < halves < 320  # binomial, six standard deviations
    assert space.candidates(10**6, seed=3) == tuple(range(10**6))
