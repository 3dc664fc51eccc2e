"""What a run is doing, on a terminal: one line that is renewed every second; elsewhere nothing."""

import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.live import Live
from rich.text import Text

from wakeup.cli.messages import worded
from wakeup.diagnostics import Say
from wakeup.live.clock import Clock
from wakeup.live.rows import SendState
from wakeup.live.store.protocol import Store, Switch
from wakeup.plan.model import Plan
from wakeup.plan.wording import Wording

SWITCHED = {
    Switch.RUNNING: Say("running"),
    Switch.PAUSED: Say("paused"),
    Switch.STOPPED: Say("stopped"),
}
"""What a campaign's switch is called."""


@contextmanager
def watching(store: Store, plan: Plan, clock: Clock) -> Iterator[None]:
    """Show how many sends are where while the context is open."""
    if not sys.stderr.isatty():
        yield
        return
    over = threading.Event()
    with Live(console=Console(stderr=True), transient=True, auto_refresh=False) as live:

        def tell() -> None:
            while not over.wait(1.0):
                live.update(Text(line(store, plan, clock)), refresh=True)

        teller = threading.Thread(target=tell, daemon=True)
        teller.start()
        try:
            yield
        finally:
            over.set()
            teller.join(timeout=2.0)


def line(store: Store, plan: Plan, clock: Clock) -> str:
    """Return the line: how many sends are in which state, and when something is due next."""
    with store.read() as read:
        states = Counter[str]()
        for (_, state), count in read.send_counts(plan.name).items():
            states[state] += count
        following = read.next_instant(plan.name)
        switch = read.switch(plan.name)
    waiting = states[SendState.READY] + states[SendState.INFLIGHT] + states[SendState.WAITING]
    said = Say(
        "{name}: {switch}; sent {sent}, under way {waiting}, in doubt {doubt}, refused {refused}",
        name=plan.name,
        switch=SWITCHED[switch],
        sent=states[SendState.SENT],
        waiting=waiting,
        doubt=states[SendState.DOUBT] + states[SendState.UNKNOWN],
        refused=states[SendState.REFUSED],
    )
    if following is None or following <= clock.now():
        return worded(said)
    return worded(said) + worded(Say("; next at {time}", time=Wording(plan).moment(following)))
