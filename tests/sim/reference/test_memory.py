"""A run gives back its memory before the next begins."""

import gc

from tests.sim.plans import campaign, journey, send, wait
from tests.sim.reference.runs import ANN, BEN, simulate
from tests.sim.scripted import Life

from wakeup.sim.reference.customer import Customer


def test_nobody_is_left_after_a_run() -> None:
    plan = campaign(journey(send(), wait(60, "click")))
    simulate(plan, {"ann": Life()}, ANN, BEN)
    assert not [each for each in gc.get_objects() if isinstance(each, Customer)]
