"""The comparison with the reference sees what is planted in the live rules: else it would prove nothing."""

from collections.abc import Callable
from typing import Any

import pytest
from tests.live.rehearse.direct import directly
from tests.live.rehearse.playing import calm
from tests.sim.comparing import Told, difference, told
from tests.sim.strategies import trial_of
from tests.sim.test_equivalence import some_case

from wakeup.live.core import answers, benefits, desk, ending, grants, journey, outcomes, sending, watch
from wakeup.live.core.person import About, Person
from wakeup.live.core.shared import Rate, Tallies
from wakeup.sim import reference
from wakeup.sim.task import Task


def nothing(*_: Any, **__: Any) -> None:
    """Do nothing."""


def later(as_it_is: Callable[..., int]) -> Callable[..., int]:
    """A second later."""
    return lambda *given: as_it_is(*given) + 1


PLANTED: dict[str, tuple[object, str, Any]] = {
    "an opt-out does not suppress": (answers, "_suppress", nothing),
    "a completion does not count": (benefits, "complete", nothing),
    "a grant of a message is not known": (sending, "_known", nothing),
    "a bond does not hold": (grants, "tie", nothing),
    "a use is not counted": (grants, "use", nothing),
    "a cost falls due on no line": (grants, "due", nothing),
    "a wait is a second too long": (journey, "add_period", later(journey.add_period)),
    "staff are never free again": (desk, "handled", nothing),
    "who was kept for nothing stays so": (desk, "let_go", nothing),
    "the goal is not seen": (outcomes, "note", nothing),
    "fixed costs are not booked": (ending, "_book", nothing),
    "nobody leaves at the end": (ending, "finish", nothing),
    "guards do not act": (watch, "_act", nothing),
    "a reward is not given": (benefits, "_reward", nothing),
    "orders move no attribute": (About, "ordered", nothing),
    "a place in a rate is not spent": (Rate, "take", nothing),
    "a guard counts nothing": (Tallies, "add", nothing),
    "memberships do not matter": (Person, "bonded", lambda *_: False),
}


@pytest.fixture(scope="module")
def expected() -> list[tuple[Task, Told]]:
    tasks = [calm(trial_of(some_case(seed))).task() for seed in range(30)]
    return [(task, told(task, reference)) for task in tasks]


@pytest.mark.proof
@pytest.mark.parametrize("fault", PLANTED)
def test_a_planted_fault_is_seen(
    fault: str, expected: list[tuple[Task, Told]], monkeypatch: pytest.MonkeyPatch
) -> None:
    where, name, wrong = PLANTED[fault]
    monkeypatch.setattr(where, name, wrong)

    def seen(task: Task, right: Told) -> bool:
        try:
            return difference(right, directly(task, durable=False)) is not None
        except Exception:  # noqa: BLE001 - a fault may break more than a rule
            return True

    assert any(seen(task, right) for task, right in expected)
