"""`wakeup pause`, `resume`, `stop`: what a person orders. Every executor sees it before its next byte."""

from contextlib import closing
from getpass import getuser

from wakeup.cli import exits
from wakeup.cli.messages import worded
from wakeup.diagnostics import Listed, Say, WakeupError, diagnostic
from wakeup.live.clock import WallClock
from wakeup.live.store.opening import open_store
from wakeup.live.store.protocol import Reader, Switch

SAID = {
    Switch.PAUSED: Say("paused: nothing is sent until `wakeup resume`; answers are still taken"),
    Switch.RUNNING: Say("resumed"),
    Switch.STOPPED: Say("stopped for good: everybody leaves, nothing is sent any more; answers are still taken"),
}


def order(store: str, key: str | None, campaign: str | None, switch: Switch) -> int:
    """Order it, durably and audited, and say so.

    Raises:
        WakeupError: which campaign is not clear (WK7144, WK7145), it was stopped for good (WK7146), or the store's own.
    """
    with closing(open_store(store, key, make=False)) as kept:
        with kept.read() as read:
            name = chosen(read, campaign)
            if read.switch(name) is Switch.STOPPED and switch is not Switch.STOPPED:
                raise WakeupError([diagnostic("WK7146", name=name)])
        with kept.work() as work:
            work.order(name, switch, WallClock().now(), who())
    print(f"{name}: {worded(SAID[switch])}")
    return exits.FINE


def chosen(read: Reader, campaign: str | None) -> str:
    """Return the campaign that is meant: the one that was named, else the only one.

    Raises:
        WakeupError: WK7144 there are several, WK7145 there is none of that name, WK7156 there is none.
    """
    known = read.campaigns()
    if not known:
        raise WakeupError([diagnostic("WK7156")])
    if campaign is None and len(known) == 1:
        return known[0]
    if campaign is None:
        raise WakeupError([diagnostic("WK7144", known=Listed(known))])
    if campaign not in known:
        raise WakeupError([diagnostic("WK7145", name=campaign, known=Listed(known))])
    return campaign


def who() -> str:
    """Return who gives the order, for the audit log: the account of this machine."""
    try:
        return getuser()
    except (KeyError, OSError):
        return "unknown"
