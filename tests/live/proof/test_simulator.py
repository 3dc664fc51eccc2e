"""The seeded simulator: the process dies at every durable change and every call in turn; the judge finds nothing."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Literal

import pytest
from tests.live.proof.lossy import draw
from tests.live.proof.simulator import Counted, Run

from wakeup.live.store.opening import open_store

POLICIES = ("key", "look-up", "none")
STRIDE = 16
"""Of the points of a run the suite takes every so-manieth, another first one for each policy; `make proof` all."""


@cache
def points(seed: int, policy: str) -> int:
    """How many points a run has at which it may die."""
    return len(Run(seed, policy).go().fates.names)


def check(
    seed: int, policy: str, deadly: Callable[[int], bool], on_doubt: Literal["unknown", "resend"] = "unknown"
) -> Run:
    run = Run(seed, policy, deadly, on_doubt=on_doubt).go()
    sentence = run.sentence()
    assert not sentence.faults, f"seed {seed}, {policy}, died at {run.died}: {sentence}"
    return run


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("seed", range(4))
def test_a_run_in_which_nobody_dies(seed: int, policy: str) -> None:
    run = check(seed, policy, lambda _: False)
    assert run.sentence().delivered > 10


@pytest.mark.parametrize("policy", POLICIES)
def test_dying_at_every_point_in_turn(policy: str) -> None:
    for point in range(1 + POLICIES.index(policy), points(0, policy) + 1, STRIDE):
        assert check(0, policy, lambda n, point=point: n == point).deaths == 1


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("seed", range(6))
def test_dying_again_and_again(seed: int, policy: str) -> None:
    assert check(seed, policy, lambda n: draw("dies", seed, n) < 0.06).deaths > 4


@pytest.mark.parametrize(("seed", "policy"), [(0, "key"), (1, "look-up"), (0, "look-up")])
def test_dying_for_longer_than_a_day(seed: int, policy: str) -> None:
    """Every fifth death takes three hours: keys are forgotten; a look-up is made however late."""
    assert check(seed, policy, lambda n: draw("often", seed, n) < 0.15).deaths > 50


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("seed", range(3))
def test_one_dies_and_another_goes_on(seed: int, policy: str) -> None:
    run = Run(seed, policy, lambda n: draw("two", seed, n) < 0.06, executors=2).go()
    sentence = run.sentence()
    assert not sentence.faults, f"died at {run.died}: {sentence}"
    assert run.deaths > 4


@pytest.mark.parametrize(("seed", "policy"), [(1, "key"), (2, "look-up"), (4, "none")])
def test_dying_again_and_again_over_a_real_store(seed: int, policy: str, tmp_path: Path) -> None:
    store = open_store(str(tmp_path / "shop.db"), durable=False)
    run = Run(seed, policy, lambda n: draw("dies", seed, n) < 0.06, store=Counted(store)).go()
    sentence = run.sentence()
    assert not sentence.faults, f"died at {run.died}: {sentence}"
    assert not store.check()
    assert run.deaths > 4
    store.close()


def test_what_is_in_doubt_may_be_ordered_to_go_out_again() -> None:
    sentences = [
        check(seed, "none", lambda n, seed=seed: draw("dies", seed, n) < 0.04, "resend").sentence() for seed in range(4)
    ]
    assert sum(each.duplicates for each in sentences) > 0
    assert sum(each.never for each in sentences) <= sum(each.unknown for each in sentences)


def test_the_same_seed_and_points_give_the_same_run() -> None:
    def again() -> tuple[object, ...]:
        run = Run(3, "look-up", lambda n: n % 17 == 0).go()
        return (run.truth.effects, run.sends, run.fates.names)

    first, second = again(), again()
    assert first[0] == second[0]
    assert first[2] == second[2]
    assert [(each.ref, each.state, each.settled) for each in first[1]] == [
        (each.ref, each.state, each.settled) for each in second[1]
    ]


@pytest.mark.proof
@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("seed", range(6))
def test_dying_at_every_single_point(seed: int, policy: str) -> None:
    for point in range(1, points(seed, policy) + 1):
        check(seed, policy, lambda n, point=point: n == point)


@pytest.mark.proof
@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("seed", range(60))
def test_dying_at_many_points(seed: int, policy: str) -> None:
    for often in (0.01, 0.05, 0.15):
        check(seed, policy, lambda n, often=often: draw("often", seed, n) < often)
