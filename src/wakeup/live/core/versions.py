"""A new version of the plan while people are under way (SEMANTICS 16)."""

from attrs import evolve

from wakeup.live.core.person import Person
from wakeup.live.core.world import Terms, World
from wakeup.plan.model import Activity, Grant, Instruction, Send


def adopt(world: World, person: Person, new: str) -> bool:
    """Let a person take the wording of version `new`, if it changes nothing else for them; return whether they do.

    Wording: texts of messages, of their variants, what the texts need and cost. The journey's steps, the channels and
    incentives of its messages have to be the same; who waits for a claimed send stays as they are.
    """
    if person.version == new:
        return False
    if not adoptable(world.plans[person.version], world.plans[new], person):
        return False
    person.version = new
    return True


def adoptable(own: Terms, other: Terms, person: Person) -> bool:
    """Return whether a person under `own` may go on under `other`: both under the limits of the newest plan."""
    return not person.sending and same_steps(own, other, person.journey)


def same_steps(own: Terms, other: Terms, journey: str) -> bool:
    """Return whether a journey has the same program in two versions, over the same channels, with the same terms."""
    if journey not in own.journeys or journey not in other.journeys:
        return False
    program = own.journeys[journey].program
    if evolve(own.journeys[journey], match=other.journeys[journey].match) != other.journeys[journey]:
        return False
    return all(
        _unworded(own, name) == _unworded(other, name) for each in program for name in _messages(own, each)
    ) and all(own.incentives.get(name) == other.incentives.get(name) for each in program for name in _shown(own, each))


def _messages(terms: Terms, instruction: Instruction) -> list[str]:
    """Return the messages of an instruction, with their fallbacks."""
    names: list[str] = []
    name = instruction.message if isinstance(instruction, Send) else ""
    while name:
        names.append(name)
        name = terms.messages[name].fallback
    return names


def _shown(terms: Terms, instruction: Instruction) -> list[str]:
    """Return the incentives of an instruction, with their rewards."""
    names: list[str] = []
    for name in instruction.incentives if isinstance(instruction, Send | Grant) else ():
        while name:
            names.append(name)
            incentive = terms.incentives[name]
            name = incentive.reward if isinstance(incentive, Activity) else ""
    return names


def _unworded(terms: Terms, name: str) -> object:
    """Return what a message is apart from its wording."""
    message = terms.messages.get(name)
    return None if message is None else (message.channel, message.fallback, message.staff, len(message.variants))
