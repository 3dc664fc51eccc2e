"""`wakeup erase CUSTOMER`: forget a person, on their wish."""

from contextlib import closing

from wakeup.cli import exits
from wakeup.cli.live.control import who
from wakeup.cli.messages import worded
from wakeup.diagnostics import Say, WakeupError, diagnostic
from wakeup.live.clock import WallClock
from wakeup.live.store.opening import open_store


def run(customer: str, store: str, key: str | None) -> int:
    """Forget a person: id, addresses, attributes, what was sent in words; the counts stay.

    Raises:
        WakeupError: WK7147 nobody has that id, or the store's own.
    """
    with closing(open_store(store, key, make=False)) as kept, kept.work() as work:
        found = work.find(kept.keys.lookup(customer))
        if found is None or not work.erase(found, WallClock().now(), who()):
            raise WakeupError([diagnostic("WK7147")])
    print(worded(Say("forgotten: what was kept of this person is gone; counts and costs stay")))
    return exits.FINE
