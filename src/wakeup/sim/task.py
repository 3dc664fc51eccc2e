"""What one replication of one scenario needs, and how it was played; the same for both simulators."""

from typing import TYPE_CHECKING

from attrs import frozen

from wakeup.behaviour.protocol import Behaviour
from wakeup.customers.population import Population
from wakeup.customers.shards import Shards
from wakeup.plan.model import Plan, Scenario

if TYPE_CHECKING:
    from wakeup.sim.experience import Experience


@frozen(eq=False)
class Task:
    """One replication: the plan, the people, how they behave, the seed (>= 0), the replication (0 = medians), the
    scenario (None: nothing happens). known: that people have to be played in one order, where that is known before.
    experience: with other replications of the same (None: there are none)."""

    plan: Plan
    population: Population | Shards
    behaviour: Behaviour
    seed: int
    replication: int
    scenario: Scenario | None = None
    known: "Played | None" = None
    experience: "Experience | None" = None

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

    ordered_from: the instant (seconds UTC) from which on people were played in one order, since something that they
    share acted, or was expected to, or was cheaper to settle so; None: never, everybody was played freely. because:
    what it was ("" where nothing was). rounds: how often people went on or lived again, because more was known.
    """

    ordered_from: int | None = None
    because: str = ""
    rounds: int = 0
