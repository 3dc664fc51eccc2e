"""What one replication of one scenario needs, and how it was played; the same for both simulators."""

from attrs import frozen

from wakeup.behaviour.protocol import Behaviour
from wakeup.customers.population import Population
from wakeup.customers.shards import Shards
from wakeup.plan.model import Plan, Scenario


@frozen(eq=False)
class Task:
    """One replication: the plan, the people, how they behave, the seed (>= 0), the replication (0 = medians), the
    scenario (None: nothing happens). known: that people have to be played in one order, where that is known before."""

    plan: Plan
    population: Population | Shards
    behaviour: Behaviour
    seed: int
    replication: int
    scenario: Scenario | None = None
    known: "Played | None" = None

    @property
    def people(self) -> Population:
        """The people in memory.

        Raises:
            WakeupError: what reading them from disk raises.
        """
        return self.population.whole() if isinstance(self.population, Shards) else self.population


@frozen
class Played:
    """How the array simulator played a replication.

    ordered_from: the instant (seconds UTC) from which on people were played in one order, because something that they
    share acted; None: never, everybody was played freely. because: what acted first ("" where nothing did).
    """

    ordered_from: int | None = None
    because: str = ""
