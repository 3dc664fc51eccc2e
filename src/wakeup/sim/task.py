"""What one replication of one scenario needs; the same for both simulators."""

from attrs import frozen

from wakeup.behaviour.protocol import Behaviour
from wakeup.customers.population import Population
from wakeup.plan.model import Plan, Scenario


@frozen(eq=False)
class Task:
    """One replication: the plan, the people, how they behave, the seed (>= 0), the replication (0 = medians), the
    scenario (None: nothing happens)."""

    plan: Plan
    population: Population
    behaviour: Behaviour
    seed: int
    replication: int
    scenario: Scenario | None = None
