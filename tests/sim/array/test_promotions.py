"""What counts for a promotion: events strictly between the assignment and the end of the window."""

import numpy as np
import pytest
from tests.sim.people import Person, key_of, population
from tests.sim.plans import DAY, ENTRY, HOUR, START, at, campaign, journey, wait
from tests.sim.recorder import Recorder
from tests.sim.scripted import Life, Scripted

from wakeup.draws import share
from wakeup.plan.model import Arm, Promotion, Split
from wakeup.sim import array, reference
from wakeup.sim.task import Task

SPLIT = Split("test", "salt", (Arm("a", "0", "0.5", 1), Arm("b", "0.5", "1", 1)))


def ids_per_arm() -> tuple[str, str]:
    """One person for each arm."""
    places = {f"p{n}": share(np.array([key_of(f"p{n}")], np.uint64), "salt")[0] for n in range(20)}
    return min(places, key=places.__getitem__), max(places, key=places.__getitem__)


@pytest.mark.parametrize("engine", [array, reference])
@pytest.mark.parametrize(
    ("ordered", "winner"),
    [(ENTRY, ""), (ENTRY + 1, "a"), (ENTRY + 6 * HOUR - 1, "a"), (ENTRY + 6 * HOUR, "")],
)
def test_an_order_in_the_second_of_the_assignment_or_at_the_end_of_the_window_does_not_count(
    engine: object, ordered: int, winner: str
) -> None:
    first, second = ids_per_arm()
    promotion = Promotion("wake", "test", "conversion", DAY, "0.8", 6 * HOUR)
    plan = campaign(journey(SPLIT, wait(9), goal=""), promotions=(promotion,))
    crowd = population(START, [Person(first, last_order=at(1, year=2025)), Person(second, last_order=at(1, year=2025))])
    recorder = Recorder()
    engine.run(Task(plan, crowd, Scripted({first: Life(first=ordered)}), 1, 0), recorder)  # type: ignore[attr-defined]
    assert recorder.closing is not None
    assert recorder.closing.promoted == (("wake/test", winner),)
