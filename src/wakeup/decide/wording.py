"""The wording of a message for a person: the first variant that matches, else its own text (rule 68)."""

from attrs import evolve

from wakeup.decide.predicates import Facts, holds
from wakeup.plan.model import Message


def worded(message: Message, facts: Facts) -> tuple[int, Message]:
    """Return the index of the variant, -1 for none, and the message with its text, cost, parts and fields."""
    for index, each in enumerate(message.variants):
        if holds(each.match, facts) is True:
            changed = evolve(
                message, text=each.text, cost_micros=each.cost_micros, parts=each.parts, fields=each.fields
            )
            return index, changed
    return -1, message
