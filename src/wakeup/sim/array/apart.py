"""How far a person's questions to the rates of channels lie apart, by the program of their journey alone."""

from collections.abc import Sequence

from wakeup.plan.model import Branch, Elapsed, Exit, Instruction, Journey, Jump, Months, Send, Split, Wait
from wakeup.sim.array.book import Book
from wakeup.sim.array.codes import DAY, FAR

_SHORTEST_MONTH = 28 * DAY


def apart(book: Book) -> list[list[int]]:
    """Return how many seconds after a question to a rate a person comes, at the earliest, to a later step that may ask
    another: by the numbers of both rates; FAR if never."""
    found = [[FAR] * len(book.rated) for _ in book.rated]
    for journey in book.plan.journeys:
        for number in range(len(book.rated)):
            for asked, seconds in _before(book, journey, number):
                found[asked][number] = min(found[asked][number], seconds)
    return found


def _before(book: Book, journey: Journey, number: int) -> list[tuple[int, int]]:
    """Return, for each rate that a step may ask, its number and the least time from there to a later step that may ask
    rate `number`. Jumps lead forward, so it is found from the end on."""
    found: list[tuple[int, int]] = []
    left = [FAR] * (len(journey.program) + 1)
    for place in range(len(journey.program) - 1, -1, -1):
        step = journey.program[place]
        rest = min([left[each] for each in _following(step, place)], default=FAR)
        if isinstance(step, Wait):
            rest = min(rest + _shortest(step, journey.goal), FAR)
        asked = _asked(book, step)
        found += [(each, rest) for each in asked]
        left[place] = 0 if number in asked else rest
    return found


def _asked(book: Book, step: Instruction) -> set[int]:
    """Return the numbers of the rates that a step may ask."""
    if not isinstance(step, Send):
        return set()
    channels = {book.channel_of[message] for message in book.chain(book.message[step.message])}
    return {book.rated[each] for each in channels & book.rated.keys()}


def _following(step: Instruction, place: int) -> Sequence[int]:
    """Return where a person may go on after a step."""
    match step:
        case Exit():
            return ()
        case Jump():
            return (step.target,)
        case Branch():
            return place + 1, step.otherwise
        case Split():
            return [arm.target for arm in step.arms]
    return (place + 1,)


def _shortest(wait: Wait, goal: str) -> int:
    """Return how long a wait takes at least; the goal ends the journey, another outcome ends the wait."""
    if any(outcome != goal for outcome in wait.outcomes):
        return 0
    match wait.length:
        case Elapsed(seconds):
            return seconds
        case Months(months):
            return months * _SHORTEST_MONTH
    return 0
