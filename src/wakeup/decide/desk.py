"""Who serves a send, and until when it may wait for them (rule 72)."""

from wakeup.plan.model import Channel, Message


def staff_of(message: Message, channel: Channel) -> str:
    """Return the staff that serve a send of the message over its channel: the message's own first; "" for nobody."""
    return message.staff or channel.staff


def deadline(first_due: int, expires: int, end: int) -> int:
    """Return when a send that waits in line leaves it: the run ends, or it is not wanted any more."""
    return min(end, first_due + expires)
